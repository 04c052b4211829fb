"""Disks that fail at their n-th call, and one that forgets what was not synced."""

import errno
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from gateway.ledger.disk import Disk

SECTOR = 512


class NthDisk(Disk):
    """A disk whose n-th call does something else; calls are counted from 1."""

    def __init__(self, nth: int = 0) -> None:
        self.nth = nth
        self.calls = 0
        self.after: list[str] = []
        self.failed = False

    def fail(self, name: str, *arguments: object) -> None:
        raise NotImplementedError

    def step(self, name: str, *arguments: object) -> None:
        if self.failed:
            self.after.append(name)
        self.calls += 1
        if self.calls == self.nth:
            self.failed = True
            self.fail(name, *arguments)

    def open(self, path, flags):
        self.step("open")
        return super().open(path, flags)

    def write(self, fd, data):
        self.step("write", fd, data)
        return super().write(fd, data)

    def pwrite(self, fd, data, offset):
        self.step("pwrite")
        return super().pwrite(fd, data, offset)

    def truncate(self, fd, size_bytes):
        self.step("truncate")
        super().truncate(fd, size_bytes)

    def fdatasync(self, fd):
        self.step("fdatasync")  # the machine's own power stays on: nothing waits for its disk

    def fsync_dir(self, directory):
        self.step("fsync_dir")

    def mkdir(self, directory):
        self.step("mkdir")
        super().mkdir(directory)

    def rename(self, source, target):
        self.step("rename")
        super().rename(source, target)

    def remove(self, path):
        self.step("remove")
        super().remove(path)

    def rmdir(self, directory):
        self.step("rmdir")
        super().rmdir(directory)


class ErrorDisk(NthDisk):
    """A disk whose n-th call fails."""

    def __init__(self, nth: int, code: int) -> None:
        super().__init__(nth)
        self.code = code

    def fail(self, _name, *_arguments):
        raise OSError(self.code, os.strerror(self.code))


class ShortDisk(ErrorDisk):
    """A disk whose n-th call, if it writes, puts down a part before it fails."""

    def fail(self, name, *arguments):
        if name == "write":
            fd, data = arguments
            os.write(fd, data[: len(data) // 2])
        super().fail(name, *arguments)


class PowerDisk(NthDisk):
    """A disk that knows what was synced, and goes dark at its n-th call.

    A file is what it was opened as, whatever its name became; a name counts when its folder and
    those above were synced.
    """

    def __init__(self, nth: int = 0) -> None:
        super().__init__(nth)
        self.numbers = count()
        self.files: dict[Path, int] = {}
        self.opened: dict[int, Path] = {}
        self.stable: dict[int, bytes] = {}
        self.named: dict[Path, int] = {}
        self.folders: set[Path] = set()

    def adopt(self, directory: Path) -> None:
        """Take everything that is there as synced."""
        self.folders.add(directory)
        for path in directory.rglob("*"):
            if path.is_dir():
                self.folders.add(path)
            elif path.name != "lock":
                self.files[path] = self.named[path] = number = next(self.numbers)
                self.stable[number] = path.read_bytes()

    def fail(self, name, *arguments):
        if name == "write":  # the power may go in the middle of it
            os.write(*arguments)
        raise OSError(errno.EIO, "dark")

    def step(self, name, *arguments):
        if self.failed:
            raise OSError(errno.EIO, "dark")
        super().step(name, *arguments)

    def open(self, path, flags):
        fd = super().open(path, flags)
        self.opened[fd] = path
        if path not in self.files:
            self.files[path] = next(self.numbers)
        return fd

    def fdatasync(self, fd):
        super().fdatasync(fd)
        path = self.opened[fd]
        self.stable[self.files[path]] = path.read_bytes()

    def fsync_dir(self, directory):
        super().fsync_dir(directory)
        inside = {path for path in self.files if path.parent == directory}
        self.named = {p: n for p, n in self.named.items() if p.parent != directory}
        self.named.update((path, self.files[path]) for path in inside)
        self.folders.update(path for path in directory.iterdir() if path.is_dir())

    def rename(self, source, target):
        super().rename(source, target)
        self.files[target] = self.files.pop(source)

    def remove(self, path):
        super().remove(path)
        del self.files[path]

    def lose(
        self, directory: Path, keep: Callable[[bytes, bytes], bytes], *, names: bool = False
    ) -> None:
        """Leave of each file what was synced, and of the rest what `keep` says.

        Names that were not synced are forgotten, new ones and removed ones alike; with `names` all
        are as they were last, as a journal may have them that was written just before.
        """
        now = {number: path.read_bytes() for path, number in self.files.items()}
        left = self.files if names else self._list_synced(directory)
        for path in self.files:
            path.unlink()
        for path, number in left.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            stable = self.stable.get(number, b"")
            path.write_bytes(keep(stable, now.get(number, stable)))

    def _list_synced(self, directory: Path) -> dict[Path, int]:
        """The names that were synced, and all folders above them too."""
        return {
            path: number
            for path, number in self.named.items()
            if {p for p in path.parents if p.is_relative_to(directory)} - {directory}
            <= self.folders
        }


@contextmanager
def full_for(database: Path, room: int = 256 << 10) -> Iterator[None]:
    """Let a SQLite file in WAL mode grow no more, as on a full disk; files below `room` still do.

    The system itself refuses the write, to root too. Another process of its owner holds the file
    open meanwhile, so that what is written goes to the end of a log that is long already.
    """
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("CREATE TABLE filler (some BLOB)")
        other.execute("INSERT INTO filler VALUES (zeroblob(?))", (2 * room,))
        assert Path(f"{database}-wal").stat().st_size > room
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, kept[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def keep_nothing(stable: bytes, now: bytes) -> bytes:
    return stable


def keep_everything(stable: bytes, now: bytes) -> bytes:
    return now


def keep_half(stable: bytes, now: bytes) -> bytes:
    return now[: len(stable) + (len(now) - len(stable)) // 2] if len(now) > len(stable) else now


def keep_all_but_a_sector(stable: bytes, now: bytes) -> bytes:
    """Lose the first sector that lies beyond what was synced, and keep what comes after it."""
    new = now[len(stable) :]
    return stable + bytes(min(SECTOR, len(new))) + new[SECTOR:] if new else stable


LOSSES = [
    pytest.param(keep_nothing, False, id="nothing stays"),
    pytest.param(keep_nothing, True, id="names stay"),
    pytest.param(keep_half, False, id="half stays"),
    pytest.param(keep_half, True, id="names and half stay"),
    pytest.param(keep_everything, False, id="bytes stay"),
    pytest.param(keep_all_but_a_sector, False, id="bytes stay but for a sector"),
]
"""What the power's end may leave of what was not synced, and whether of names too."""
