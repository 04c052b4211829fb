"""Copies of the tree in which planted faults run, and what is measured of it without one."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.kit.forked import Forked, Outcome, Run
from tests.kit.mutants import Mutant
from tests.kit.reach import Reach

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("gateway", "adapters", "proto", "seeds", "docs", "tests", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__")
QUICK = """
from hypothesis import Phase
settings.register_profile(
    "mutants", settings.get_profile("kalkan"),
    phases=(Phase.explicit, Phase.generate), derandomize=True, database=None,
)
settings.load_profile("mutants")
"""
"""Ends the copy's `conftest.py`: the same examples for each mutant, no search for a small one."""
LATER_S = 3600


def copy_tree(folder: Path) -> None:
    """Copy the tree to a new folder."""
    folder.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=LEFT_OUT)
        else:
            shutil.copy2(ROOT / name, folder / name)
    with (folder / "tests/conftest.py").open("a", encoding="utf-8") as file:
        file.write(QUICK)


def tests_of(package: str) -> list[str]:
    """Return where a package's tests are: its unit tests, and the attacks on it."""
    attacks = ROOT.glob(f"tests/attack/test_{package.rpartition('/')[2]}_*.py")
    return [f"tests/unit/{package}", *sorted(str(path.relative_to(ROOT)) for path in attacks)]


def measure(package: str, kept: Path, folder: Path) -> Reach:
    """Return which tests run which lines of a package.

    Args:
        package: Its folder from the root, "gateway/ledger".
        kept: The file where this is kept.
        folder: Where a copy for the measurement may be made.
    """
    if not kept.exists():
        copy_tree(folder)
        environment = os.pathsep.join((str(folder), str(folder / "proto")))
        done = subprocess.run(
            [sys.executable, "-m", "tests.kit.reach", package, "reach.json", *tests_of(package)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": environment},
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit("tests fail without a fault")
        shutil.copy2(folder / "reach.json", kept)
    return Reach.load(kept)


def digest_tree() -> str:
    """Return 12 hexadecimal digits that change with any file of the tree."""
    return hashlib.sha256("".join(_digests()).encode()).hexdigest()[:12]


def _digests() -> Iterator[str]:
    for name in COPIED:
        paths = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"))
        for path in paths:
            if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts):
                yield f"{path}{hashlib.sha256(path.read_bytes()).hexdigest()}"


class Copy:
    """A copy of the tree in which one mutant at a time runs. Entered, it is ready."""

    def __init__(self, folder: Path, libraries: Sequence[str]) -> None:
        self.folder = folder
        self._libraries = libraries

    def __enter__(self) -> Self:
        copy_tree(self.folder)
        self._forked = Forked(self.folder, self._libraries)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._forked.close()

    def require_passed(self, run: Run) -> None:
        """Run tests without a fault; what is compiled for it stays.

        Raises:
            SystemExit: One failed, so it could find no fault.
        """
        outcome = self._forked.run(replace(run, compiled=True))
        if outcome.result != "passed":
            log = (self.folder / "log.txt").read_text(errors="replace")[-3000:]
            raise SystemExit(f"without a fault {outcome.test} is {outcome.result}\n{log}")

    def run(self, run: Run, mutant: Mutant) -> Outcome:
        """Run tests on a mutant.

        Its file is younger than what is compiled, which then is not used, and as old afterwards.
        """
        path = self.folder / mutant.path
        source, times = path.read_bytes(), path.stat()
        path.write_bytes(mutant.apply(source))
        os.utime(path, (times.st_atime, times.st_mtime + LATER_S))
        try:
            return self._forked.run(run)
        finally:
            path.write_bytes(source)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
