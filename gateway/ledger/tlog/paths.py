"""Where the parts of a log lie and what is in them. Source: C2SP tlog-tiles.

A tile holds up to 256 hashes, a bundle up to 256 entries. The last of a level is partial: it lies
under the width that it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.lines import HASH_BYTES

CHECKPOINT: Final = "checkpoint"
FOLDER: Final = "tile"
WIDTH: Final = 256
_LENGTH_BYTES: Final = 2
_GROUP: Final = 1_000
_MAX_LEVEL: Final = 63
_PATH: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)


class Part(NamedTuple):
    """A tile or a bundle.

    Attributes:
        level: 0 to 63, or None for a bundle of entries.
        number: Its place in the level, from 0.
        width: How many hashes or entries it has, 1 to 256.
    """

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies, below the log's folder."""
        level = "entries" if self.level is None else str(self.level)
        suffix = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{FOLDER}/{level}/{_write_number(self.number)}{suffix}"


def parse_path(path: str) -> Part:
    """Return the part that lies at a path.

    Raises:
        NoteRejectedError: Nothing lies there, or the path is in another form than its one.
    """
    found = _PATH.fullmatch(path)
    if not found:
        raise NoteRejectedError("not the path of a tile")
    level, groups, last, width = found.groups()
    number = int(groups.replace("x", "").replace("/", "") + last)
    part = Part(None if level == "entries" else int(level), number, int(width or WIDTH))
    if part.path != path or (part.level or 0) > _MAX_LEVEL:
        raise NoteRejectedError("not the path of a tile")
    return part


def _write_number(number: int) -> str:
    rest, last = divmod(number, _GROUP)
    text = f"{last:03d}"
    while rest:
        rest, group = divmod(rest, _GROUP)
        text = f"x{group:03d}/{text}"
    return text


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries of at most 65,535 bytes, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES) + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the entries of a bundle of this width.

    Raises:
        NoteRejectedError: It has another width, or ends in the middle of an entry.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < width:
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(data[at:begin])
        entries.append(data[begin:at])
    if at != len(data) or len(entries) != width:
        raise NoteRejectedError(f"not a bundle of {width} entries")
    return tuple(entries)


def decode_tile(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the hashes of a tile of this width.

    Raises:
        NoteRejectedError: It has another width.
    """
    if len(data) != width * HASH_BYTES:
        raise NoteRejectedError(f"not a tile of {width} hashes")
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
