"""Copy a ledger beside its running writer, and put a copy back.

A copy is the ledger as its newest checkpoint says it is: so many entries, their tiles, the mark,
the checkpoint, and what lies beside (wrapped keys and blobs). It holds no key in clear. It can be
verified by itself.

Putting back a copy that has fewer entries than the ledger is known to have had would be a
rollback: what others hold proofs of would be gone. That is refused, unless the loss is accepted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.ledger.blobs import BLOBS_FOLDER
from gateway.ledger.custody import KEYS_FOLDER, KeyFolder
from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerCorruptError, RollbackError
from gateway.ledger.lock import acquire_lock, release_lock
from gateway.ledger.mark import Mark, read_mark
from gateway.ledger.segments import START, Position, Walk, list_segments, segment_path
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.paths import FOLDER, WIDTH, Part
from gateway.ledger.tlog.vkey import Vkey

CHECKPOINT: Final = "checkpoint"
_TRIES: Final = 10


def back_up(folder: Path, key: Vkey, target: Path) -> int:
    """Copy a ledger into a new folder; return how many entries the copy has.

    Raises:
        LedgerCorruptError: The ledger does not hold, or grew faster than it could be copied.
        NoteRejectedError, SignatureRejectedError: The checkpoint is not of this key.
        OSError: Something cannot be read or written, or the target is there already.
    """
    target.mkdir(mode=0o700, parents=True)
    for _ in range(_TRIES):
        note = (folder / CHECKPOINT).read_bytes()
        size = open_checkpoint(note, key).size
        try:
            _copy_tiles(folder, target, size)
        except FileNotFoundError:  # a tile became whole in this moment: take the next checkpoint
            shutil.rmtree(target / FOLDER, ignore_errors=True)
            continue
        _copy_segments(folder, target, _find_end(folder, size))
        _write(target / CHECKPOINT, note)
        _copy_beside(folder, target)
        _write_mark(target, size)
        _sync(target)
        return size
    raise LedgerCorruptError(f"{folder}: its tiles do not stay long enough to be copied")


def _copy_tiles(folder: Path, target: Path, size: int) -> None:
    """Copy what a log of this size consists of: a list of what is there would hide a gap.

    Raises:
        FileNotFoundError: A partial file is gone: the full one has taken its place.
    """
    for part in _list_parts(size):
        _copy(folder / part.path, target / part.path)


def _list_parts(size: int) -> Iterator[Part]:
    """Yield the bundles and tiles of a log of this many entries."""
    yield from _list_level(None, size)
    level = 0
    while count := size // WIDTH**level:
        yield from _list_level(level, count)
        level += 1


def _list_level(level: int | None, count: int) -> Iterator[Part]:
    full, rest = divmod(count, WIDTH)
    yield from (Part(level, number) for number in range(full))
    if rest:
        yield Part(level, full, rest)


def _find_end(folder: Path, size: int) -> Position:
    """Where the entries of a checkpoint end in the segments."""
    walk = Walk(folder)
    for frame in walk:
        if frame.index == size - 1:
            return walk.position
    if size:
        raise LedgerCorruptError(f"{folder}: ends before its checkpoint")
    return START


def _copy_segments(folder: Path, target: Path, end: Position) -> None:
    for number in list_segments(folder):
        path = segment_path(folder, number)
        if number < end.segment:
            _copy(path, segment_path(target, number))
        elif number == end.segment:
            with path.open("rb") as file:
                _write(segment_path(target, number), file.read(end.offset))


def _copy_beside(folder: Path, target: Path) -> None:
    for name in (KEYS_FOLDER, BLOBS_FOLDER):
        for path in sorted((folder / name).glob("*")):
            try:
                _copy(path, target / name / path.name)
            except FileNotFoundError:
                continue  # destroyed in this moment, and recorded so


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)


def _write(target: Path, data: bytes) -> None:
    target.write_bytes(data)
    target.chmod(0o600)


def _write_mark(target: Path, size: int) -> None:
    mark = Mark(target, Disk())
    mark.write(size)
    mark.sync()
    mark.close()


def _sync(folder: Path) -> None:
    """Wait until a folder and all that is in it is on the medium, its own name last."""
    disk = Disk()
    for path in sorted(folder.rglob("*"), reverse=True):  # what is inside before what it is in
        if path.is_dir():
            disk.fsync_dir(path)
        else:
            fd = disk.open(path, os.O_RDONLY)
            try:
                disk.fdatasync(fd)
            finally:
                disk.close(fd)
    disk.fsync_dir(folder)
    disk.fsync_dir(folder.parent)


def put_back(source: Path, folder: Path, key: Vkey, *, accept_loss: bool = False) -> int:
    """Put a copy in a ledger's place; what was there is moved aside. Return how much was lost.

    Raises:
        RollbackError: The ledger is known to have had more, or other, entries.
        LedgerLockedError: Its server runs.
        LedgerError, OSError: The copy does not hold, or something cannot be written.
    """
    size = open_checkpoint((source / CHECKPOINT).read_bytes(), key).size
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = acquire_lock(folder)
    try:
        lost = max(0, _count_known(folder, key) - size)
        if not accept_loss:
            if lost:
                raise RollbackError(f"{folder}: {lost} entries that are known would be lost")
            _require_same(source, folder)
        aside = _free_name(folder)
        folder.rename(aside)
    finally:
        release_lock(lock)
    shutil.copytree(source, folder)
    folder.chmod(0o700)
    _drop_destroyed(folder, aside)
    _sync(folder)
    return lost


def _count_known(folder: Path, key: Vkey) -> int:
    """How many entries the ledger is known to have had, by its mark and its checkpoint."""
    known = read_mark(folder)
    try:
        note = (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return known
    return max(known, open_checkpoint(note, key).size)


def _require_same(source: Path, folder: Path) -> None:
    """Check that what can be read of the old entries is the beginning of the copy.

    Raises:
        RollbackError: They are others.
    """
    copied = iter(Walk(source))
    try:
        for old in Walk(folder):
            new = next(copied, None)
            if new is None or new.digest != old.digest:
                raise RollbackError(f"{folder}: entry {old.index} is not that of the copy")
    except LedgerCorruptError:
        return  # the old one is damaged: that is why a copy is put back


def _drop_destroyed(folder: Path, aside: Path) -> None:
    """What was destroyed after the copy was made does not come back."""
    if not (aside / KEYS_FOLDER).is_dir():
        return
    kept = set(KeyFolder(aside).present())
    for key in list(KeyFolder(folder).present()):
        if key not in kept:
            KeyFolder(folder).remove(*key)


def _free_name(folder: Path) -> Path:
    number = 1
    while (path := folder.with_name(f"{folder.name}-before-{number}")).exists():
        number += 1
    return path
