"""Look at the files of a log that its checkpoint does not need.

Old partial tiles are kept until the full one is there; each must be its beginning. What goes beyond
the checkpoint may be a writer at work, or what somebody wants to slip in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.verify.stored import BUNDLE, HASH, TILE, Stored, place, split

_NAME: Final = re.compile(r"(entries|[0-9]+)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]+))?", re.ASCII)


class _File(NamedTuple):
    kind: str
    number: int
    width: int


class Strangers:
    """The files under `tile` that are not at the size of the checkpoint.

    Args:
        stored: The files, at that size.

    Attributes:
        beyond: Files that have more than the checkpoint covers.
    """

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._folder = stored.folder / "tile"
        self.beyond: list[Path] = []

    def check(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        for path in sorted(_list(self._folder)):
            if not path.is_symlink() and not path.exists():
                continue  # a writer at work has removed it since it was listed
            file = self._parse(path)
            if file is None:
                yield f"{path}: does not belong to the log"
            elif file.width > self._width(file):
                self.beyond.append(path)
            elif not self._is_beginning(path, file):
                yield f"{path}: is not the beginning of what it became"

    def _parse(self, path: Path) -> _File | None:
        found = _NAME.fullmatch(path.relative_to(self._folder).as_posix())
        if not found or path.is_symlink():
            return None
        kind, name, width = found.groups()
        number = int(name.replace("x", "").replace("/", ""))
        file = _File(kind, number, int(width or TILE))
        full = self._folder / str(kind if kind == BUNDLE else int(kind)) / place(number)
        partial = full.with_name(f"{full.name}.p") / str(file.width)
        is_width = 0 < file.width < TILE if width else True
        return file if is_width and path == (partial if width else full) else None

    def _width(self, file: _File) -> int:
        level = 0 if file.kind == BUNDLE else int(file.kind)
        return min(TILE, self._stored.count(level) - file.number * TILE)

    def _is_beginning(self, path: Path, file: _File) -> bool:
        if file.width == self._width(file):
            return True  # checked with the tree
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return True  # the full one has taken its place
        try:
            if file.kind == BUNDLE:
                return split(path, data) == self._stored.entries(file.number)[: file.width]
            hashes = self._stored.hashes(int(file.kind), file.number)[: file.width]
        except LedgerCorruptError:
            return False
        return len(data) == HASH * file.width and data == b"".join(hashes)


def _list(folder: Path) -> Iterator[Path]:
    """Yield all below a folder but its folders; a writer at work may remove some meanwhile."""
    for above, folders, files in os.walk(folder, onerror=_require_gone):
        yield from (Path(above, name) for name in files)
        yield from (path for name in folders if (path := Path(above, name)).is_symlink())


def _require_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error  # what cannot be listed cannot be called sound
