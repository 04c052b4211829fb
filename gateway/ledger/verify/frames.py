"""Read the segments: frames in a chain, each with its index and a checksum.

    magic FF 4B 4C 31 | length 4 | index 8 | position 4 | SHA-256 of the frame before 32 |
    CRC-32 of all of it but itself 4 | entry

All numbers are big-endian. What is not whole at the very end may be a writer in the middle of its
work; the caller says how long to wait for it.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from gateway.ledger.errors import LedgerCorruptError

_HEAD: Final = struct.Struct(">4sIQI32sI")
_MAGIC: Final = b"\xffKL1"
_CRC_AT: Final = _HEAD.size - 4
_MARK: Final = struct.Struct(">4sQI")
_MARK_MAGIC: Final = b"KLM1"

Settle = Callable[[Callable[[], bool]], bool]
"""Waits until a condition holds, or until it has waited long enough; returns whether it holds."""


class Segments:
    """The entries of a folder's segments in their order; iterate it once.

    Args:
        folder: The log's folder.
        settle: Waits for a writer.

    Attributes:
        count: How many entries were read.

    Raises:
        LedgerCorruptError: While iterating: a frame is not as it must be; names file and offset.
    """

    def __init__(self, folder: Path, settle: Settle) -> None:
        self.count = 0
        self._folder = folder
        self._settle = settle
        self._before = bytes(hashlib.sha256().digest_size)

    @property
    def exist(self) -> bool:
        """Whether there are segments; a copy for others has none."""
        return any(self._folder.glob("*.log"))

    def __iter__(self) -> Iterator[bytes]:
        numbers = {path.name for path in self._folder.glob("*.log")}
        for number in range(len(numbers)):
            if self._path(number).name not in numbers:
                raise LedgerCorruptError(f"{self._path(number)}: the segment is missing")
            yield from self._read(self._path(number), is_last=number == len(numbers) - 1)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.log"

    def _read(self, path: Path, *, is_last: bool) -> Iterator[bytes]:
        data = path.read_bytes()
        at = 0
        while at < len(data):
            end = self._end_of(data, at)
            if not end and is_last and self._settle(lambda: path.stat().st_size > len(data)):
                return  # a writer goes on; what it writes now is for the next look
            if not end:
                raise LedgerCorruptError(f"{path}, offset {at}: entry {self.count} is damaged")
            yield data[at + _HEAD.size : end]
            at = end

    def _end_of(self, data: bytes, at: int) -> int:
        """Return where a sound frame ends and note it; 0 if it is none, or not the next one."""
        begin = at + _HEAD.size
        if begin > len(data):
            return 0
        magic, length, index, _, before, crc = _HEAD.unpack_from(data, at)
        end: int = begin + length
        if magic != _MAGIC or not length or end > len(data):
            return 0
        head = data[at : at + _CRC_AT]
        if zlib.crc32(data[begin:end], zlib.crc32(head)) != crc:
            return 0
        if index != self.count or before != self._before:
            return 0
        self.count += 1
        self._before = hashlib.sha256(data[at:end]).digest()
        return end


def count_claimed(folder: Path) -> int:
    """Return how many entries the writer says are durable; 0 without a mark.

    Raises:
        LedgerCorruptError: The mark is damaged.
    """
    path = folder / "mark"
    data = path.read_bytes() if path.exists() else b""
    if not data:
        return 0
    if len(data) == _MARK.size:
        magic, count, crc = _MARK.unpack(data)
        if magic == _MARK_MAGIC and zlib.crc32(data[:-4]) == crc:
            return int(count)
    raise LedgerCorruptError(f"{path}: the mark is damaged")
