"""The tree as the house rules see it: its files and their syntax."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """One function: where it is, and the class that it belongs to, if any."""

    place: str
    node: FunctionNode
    owner: ast.ClassDef | None

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or 0) - self.node.lineno + 1

    @property
    def parameters(self) -> list[str]:
        args = self.node.args
        names = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        return names[1:] if self.owner and names[:1] in (["self"], ["cls"]) else names


@dataclass(frozen=True)
class Source:
    """One file of Python; `name` is its path from the top of the tree."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        """All functions, the nested ones too."""
        for parent in ast.walk(self.tree):
            owner = parent if isinstance(parent, ast.ClassDef) else None
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, FunctionNode):
                    yield Function(f"{self.name}:{node.lineno} {node.name}", node, owner)


@pytest.fixture(scope="session")
def tree(root: Path) -> list[Path]:
    """All files that are, or would be, committed."""
    git = ["git", "-c", f"safe.directory={root}", "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(git, cwd=root, check=True, capture_output=True).stdout.decode()
    paths = [root / name for name in sorted(set(names.split("\0"))) if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def written(root: Path, tree: list[Path]) -> list[Source]:
    """All Python that people wrote, tests included."""
    sources = [Source(str(p.relative_to(root)), p) for p in tree if p.suffix == ".py"]
    return [s for s in sources if "_pb2" not in s.name]


@pytest.fixture(scope="session")
def sources(written: list[Source]) -> list[Source]:
    """The Python that is run by users: everything but the tests."""
    found = [s for s in written if not s.name.startswith("tests/")]
    assert len(found) > 50, "the tree was not found"
    return found
