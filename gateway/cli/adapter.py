"""`kalkan adapter`: begin the adapter of a bank that no mapping can describe.

What is written is not a text kept here but the smallest adapter of this project and its own
conformance, under another name: so it works, and goes on to work when the contract grows.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway import __version__
from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import takes

app = typer.Typer(
    help="Write an adapter, for a bank that no mapping fits.",
    no_args_is_help=True,
    add_completion=False,
)

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

_PYPROJECT: Final = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "kalkan-{name}"
version = "0.1.0"
description = "A Kalkan adapter for {name}"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["kalkan>={version}"]

[project.optional-dependencies]
test = ["kalkan[conformance]"]

[project.entry-points."kalkan.adapters"]
{name} = "{package}.adapter"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""

_README: Final = """\
# kalkan-{name}

Makes one bank searchable for a Kalkan node.

1. `{package}/adapter.py` works, with a bank in memory. Put what speaks to your bank in the
   place of `Memory`, and its records into the words of `adapters.contract`.
2. `tests/test_conformance.py` says what is known of the bank. Put records of yours there.
3. `pip install -e '.[test]'`, then `python -m pytest -m clause -v`: each test is a clause of the
   contract, and `CLAUSES.md` in `adapters/conformance` says what each means.

At a node: install the package, allow it in `node.toml`, and write a mapping.

```toml
plugins = ["{name}"]                    # node.toml
```

```toml
version = 1                             # banks/{name}/mapping.toml

[bank]
id = "{name}"
title = "What people are told"
kind = "plugin:{name}"

[plugin]                                # handed to open_adapter as it is
```
"""


@app.callback()
def _group() -> None:
    """Write an adapter, for a bank that no mapping fits."""


@dataclass(frozen=True, kw_only=True)
class _New:
    """What is begun, and where."""

    name: Annotated[str, typer.Argument(help="The plug-in's name: a-z, 0-9 and -.")]
    to: Annotated[Path, typer.Option(help="The folder that the package's folder is made in.")] = (
        Path()
    )


@app.command()
@takes(_New)
def new(options: _New) -> Exit:
    """Write a package with an adapter that works, its conformance, entry point and README."""
    if not _NAME.fullmatch(options.name):
        raise CommandError(f"{options.name}: write a name of a-z, 0-9 and -, such as harbour")
    folder = options.to / f"kalkan-{options.name}"
    if folder.exists():
        raise CommandError(f"{folder} is there already; take another name or folder")
    for path, text in _write_package(options.name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    print(f"wrote {folder}; its tests are green: cd {folder} && python -m pytest")
    return Exit.HIT


def _write_package(name: str) -> dict[str, str]:
    """Return the files of the package by their paths."""
    package = f"kalkan_{name.replace('-', '_')}"
    told = {"name": name, "package": package, "version": __version__}
    return {
        "pyproject.toml": _PYPROJECT.format(**told),
        "README.md": _README.format(**told),
        f"{package}/__init__.py": f'"""A Kalkan adapter for {name}."""\n',
        f"{package}/adapter.py": _copy_adapter(name),
        "tests/test_conformance.py": _copy_conformance(name, package),
    }


def _copy_adapter(name: str) -> str:
    source = (files("adapters.banks") / "memory.py").read_text(encoding="utf-8")
    text = _retell(
        source, f"Makes {name} searchable. Replace `Memory` by what speaks to your bank."
    )
    text = text.replace("MemoryAdapter", f"{_camel(name)}Adapter")
    return text.replace('engine="memory"', f'engine="{name}"')


def _copy_conformance(name: str, package: str) -> str:
    source = (files("adapters.conformance") / "example.py").read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(source)) or ""
    text = _retell(source, f"The adapter keeps its contract.\n\n{_replaced(doc)}\n")
    text = text.replace("from adapters.banks.memory import", f"from {package}.adapter import")
    text = text.replace("MemoryConformance", f"Test{_camel(name)}")
    return text.replace("MemoryAdapter", f"{_camel(name)}Adapter")


def _replaced(doc: str) -> str:
    """Return the part of the documentation that tells an author what to replace."""
    return doc[doc.index("Replace what is known") :]


def _retell(source: str, doc: str) -> str:
    """Put another docstring at the head of a module."""
    first = ast.parse(source).body[0]
    rest = source.splitlines(keepends=True)[first.end_lineno :]
    return f'"""{doc}"""\n{"".join(rest)}'


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
