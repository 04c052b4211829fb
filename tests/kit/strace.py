"""Make the n-th system call of a writer fail, be cut short or be the last, through strace.

What is injected: an error instead of the call (the call is not made), or SIGKILL as it begins.
`retval=` is not used for short writes: strace then skips the call and claims that bytes were
written. A limit to the size of files makes the kernel itself write short, and then refuse.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from gateway.settings import in_ci
from seeds.servers import ServerError, install
from tests.kit.scribe import read_notes

CALLS = (
    "openat,read,write,pwrite64,fdatasync,fsync,rename,ftruncate,mkdir,unlink,rmdir,close,flock,"
    "lseek,link,renameat,renameat2,linkat,mkdirat,unlinkat"
)
_LINE = re.compile(r"(?:\[pid +\d+\] )?(?:\d+ +)?(\w+)\(")


@dataclass(frozen=True)
class Call:
    """The n-th call of a name, from 1.

    Attributes:
        name: As "openat".
        nth: Counted over all files.
        about: The path of its file in the folder, with N for numbers; or "to read".
    """

    name: str
    nth: int
    about: str


@dataclass(frozen=True)
class Life:
    """How a life of the writer ended.

    Attributes:
        status: The status of its process; minus the signal that ended it.
        notes: What it was told.
        lines: What strace saw.
    """

    status: int
    notes: list[list]
    lines: list[str]

    @property
    def acknowledged(self) -> dict[int, tuple[str, str]]:
        """Search and kind of the entries that were acknowledged."""
        return {note[1]: (note[2], note[3]) for note in self.notes if note[0] == "acknowledged"}

    @property
    def checkpoints(self) -> list[bytes]:
        return [note[1].encode() for note in self.notes if note[0] == "covered"]

    def said(self, what: str) -> bool:
        return any(note[0] == what for note in self.notes)


def require_strace() -> None:
    """Have strace, or skip; in CI fail."""
    if shutil.which("strace") is None:
        try:
            install(["strace"])
        except ServerError as error:
            if in_ci():
                raise
            pytest.skip(str(error))


class Scribe:
    """Forks writers; use as a context manager."""

    def __enter__(self) -> Self:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.kit.scribe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()

    def live(self, folder: Path, *inject: str, limit: int = 0) -> Life:
        """Let a writer live in a folder under strace; return how it ended."""
        notes, out = folder.with_name("notes"), folder.with_name("strace")
        order = {"folder": str(folder), "notes": str(notes), "limit": limit}
        pid = self._ask(json.dumps(order))
        tracing = subprocess.Popen(
            ["strace", "-y", "-e", f"trace={CALLS}", *inject, "-o", out, "-p", pid],
            stderr=subprocess.PIPE,
            text=True,
        )
        with tracing:
            said = tracing.stderr.readline()
            assert "attached" in said, said
            status = int(self._ask("go"))
        return Life(status, read_notes(notes), out.read_text("utf-8", "replace").splitlines())

    def _ask(self, line: str) -> str:
        self.child.stdin.write(f"{line}\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()


def list_calls(life: Life, folder: Path) -> list[Call]:
    """The calls of a life that are about the folder; the n is counted over all."""
    counts: Counter[str] = Counter()
    calls = []
    for line in life.lines:
        found = _LINE.match(line)
        if found:
            counts[found[1]] += 1
            paths = re.findall(re.escape(str(folder)) + r'([^">]*)', line)
            if paths:
                reads = "O_RDONLY" in line
                about = "to read" if reads else re.sub(r"\d+", "N", paths[-1])
                calls.append(Call(found[1], counts[found[1]], about))
    return calls
