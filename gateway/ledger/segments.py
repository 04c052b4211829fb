"""Walk the files of a ledger from the first frame to the last.

A ledger is a directory of segments `00000000.log`, `00000001.log`, ... Only the last one is
written to, and a new one begins only when the one before is synced. So an unsound frame is
a crash's torn end in one place alone: at the end of the last segment, with nothing after it that
was acknowledged. Everywhere else it is damage, and the walk stops with an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.frames import NO_FRAME, Frame, decode_frame, is_followed
from gateway.ledger.mark import read_mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX: Final = ".log"
_FIRST_READ_BYTES: Final = 1 << 17
"""Enough for the largest frame."""


class Position(NamedTuple):
    """A place between two frames.

    Attributes:
        segment: Number of the segment, from 0.
        offset: Bytes from the beginning of the segment.
        next_index: Index of the next entry.
        previous: Digest of the frame before, 32 bytes.
    """

    segment: int
    offset: int
    next_index: int
    previous: bytes


START: Final = Position(0, 0, 0, NO_FRAME)


def segment_path(directory: Path, number: int) -> Path:
    """Return the path of a segment."""
    return directory / f"{number:08d}{_SUFFIX}"


def list_segments(directory: Path) -> range:
    """Return the numbers of the segments, 0 and up.

    Raises:
        LedgerCorruptError: A segment is missing.
    """
    numbers = sorted(int(p.stem) for p in directory.glob(f"*{_SUFFIX}") if p.stem.isdecimal())
    for expected, number in enumerate(numbers):
        if number != expected:
            raise LedgerCorruptError(f"{segment_path(directory, expected)}: the segment is missing")
    return range(len(numbers))


@dataclass(slots=True)
class Walk:
    """One pass over the frames; iterate it once.

    Safe beside a running writer: what is half written is a tail like any other.

    Attributes:
        directory: Where the ledger is.
        position: Where the walk stands: after the last frame that it gave.
        durable: How many entries the writer had acknowledged when the walk began.
        tail: Unsound bytes that the last segment ends with.

    Raises:
        LedgerCorruptError: While iterating: an unsound frame that is no torn end, a frame out of
            its order, a missing segment, or an end before the mark. Names file and offset.
    """

    directory: Path
    position: Position = START
    durable: int = 0
    tail: bytes = b""

    def __iter__(self) -> Iterator[Frame]:
        # The mark is read before the files: what it claims must be found in them.
        self.durable = read_mark(self.directory)
        is_last = False
        while not is_last:
            # Judged before the segment is read: if a later one exists, this one is complete.
            is_last = self.position.segment + 1 not in list_segments(self.directory)
            yield from self._walk_segment(is_last=is_last)
            if not is_last:
                self.position = self.position._replace(segment=self.position.segment + 1, offset=0)
        if self.position.next_index < self.durable:
            raise self._corrupt(f"ends at entry {self.position.next_index} of {self.durable}")

    def _walk_segment(self, *, is_last: bool) -> Iterator[Frame]:
        data = _read_from(segment_path(self.directory, self.position.segment), self.position.offset)
        base = self.position.offset
        at = 0
        while at < len(data):
            frame = decode_frame(data, at)
            if frame is None:
                self._take_tail(data, at, is_last=is_last)
                return
            self._require_next(frame)
            at += frame.size_bytes
            self.position = Position(
                self.position.segment, base + at, frame.index + 1, frame.digest
            )
            yield frame

    def _take_tail(self, data: bytes, at: int, *, is_last: bool) -> None:
        if not is_last or is_followed(data, at, index=self.position.next_index):
            raise self._corrupt(f"the frame of entry {self.position.next_index} is damaged")
        self.tail = data[at:]

    def _require_next(self, frame: Frame) -> None:
        if frame.index != self.position.next_index:
            raise self._corrupt(f"entry {frame.index} where {self.position.next_index} belongs")
        if frame.previous != self.position.previous:
            raise self._corrupt(f"entry {frame.index} does not follow from the one before")

    def _corrupt(self, what: str) -> LedgerCorruptError:
        path = segment_path(self.directory, self.position.segment)
        return LedgerCorruptError(f"{path}, offset {self.position.offset}: {what}")


def find_position(directory: Path, start: int) -> Position:
    """Return the beginning of the segment that holds an entry, or the first that may.

    The digest before the segment is taken from its first frame: `check_chain` checks it.

    Raises:
        LedgerCorruptError: A segment is missing.
    """
    for number in reversed(list_segments(directory)):
        begin = segment_start(directory, number)
        if begin.next_index <= start and begin != START:
            return begin
    return START


def segment_start(directory: Path, number: int) -> Position:
    """Return the beginning of a segment; where it has no sound frame, the beginning of the log."""
    head = _read_from(segment_path(directory, number), 0, size_bytes=_FIRST_READ_BYTES)
    frame = decode_frame(head, 0)
    if frame is None or number == 0:
        return START
    return Position(number, 0, frame.index, frame.previous)


def _read_from(path: Path, offset: int, *, size_bytes: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(size_bytes)
    except FileNotFoundError:  # the ledger is new; gaps were found by list_segments
        return b""
