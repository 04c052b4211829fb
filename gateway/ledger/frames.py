"""Decide how an entry lies in a file.

A frame is a header of 56 bytes (big-endian) and the entry's stored bytes:

    offset  bytes  content
         0      4  magic FF 4B 4C 31: begins with a byte that never occurs in UTF-8
         4      4  length of the entry, 1 to 65,535
         8      8  index of the entry in the ledger, from 0
        16      4  position of the entry in the batch that was written with it, from 0
        20     32  SHA-256 of the whole frame before this one; zeros for index 0
        52      4  CRC-32 (zlib's) of the 52 bytes above and of the entry
        56    ...  the entry

The CRC finds a frame that was torn or damaged, the index and the chain find one that was removed,
moved or exchanged. The position says which frames were written together: a batch is written only
after the one before it was acknowledged, so a valid frame of a later batch proves that a damaged
one before it was not simply torn by a crash.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from zlib import crc32

from gateway.ledger.entry import MAX_ENTRY_BYTES

MAGIC: Final = b"\xffKL1"
NO_FRAME: Final = bytes(32)
"""What the first frame of a ledger has as the digest of the frame before it."""

_CHECKED: Final = struct.Struct(">4sIQI32s")
_HEADER: Final = struct.Struct(">4sIQI32sI")
HEADER_BYTES: Final = _HEADER.size


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was read.

    Attributes:
        index: Number of the entry in the ledger, from 0.
        position: Number of the entry in its batch, from 0.
        previous: SHA-256 of the frame before, 32 bytes.
        digest: SHA-256 of this frame, 32 bytes.
        entry: The stored bytes of the entry.
    """

    index: int
    position: int
    previous: bytes
    digest: bytes
    entry: bytes

    @property
    def size_bytes(self) -> int:
        """The bytes that the frame takes in the file."""
        return HEADER_BYTES + len(self.entry)


def encode_frame(entry: bytes, index: int, *, position: int, previous: bytes) -> bytes:
    """Return the frame of an entry of 1 to 65,535 bytes.

    Raises:
        ValueError: The entry is empty or too large.
    """
    if not 0 < len(entry) <= MAX_ENTRY_BYTES:
        raise ValueError(f"a frame holds 1 to {MAX_ENTRY_BYTES} bytes, not {len(entry)}")
    checked = _CHECKED.pack(MAGIC, len(entry), index, position, previous)
    return b"".join((checked, crc32(entry, crc32(checked)).to_bytes(4), entry))


def decode_frame(data: bytes, offset: int) -> Frame | None:
    """Return the frame that begins at an offset, or None if there is no whole and sound one."""
    if len(data) - offset < HEADER_BYTES:
        return None
    magic, length, index, position, previous, crc = _HEADER.unpack_from(data, offset)
    begin = offset + HEADER_BYTES
    if magic != MAGIC or not 0 < length <= min(MAX_ENTRY_BYTES, len(data) - begin):
        return None
    entry = data[begin : begin + length]
    if crc32(entry, crc32(data[offset : offset + _CHECKED.size])) != crc:
        return None
    return Frame(index, position, previous, frame_digest(data[offset : begin + length]), entry)


def frame_digest(frame: bytes) -> bytes:
    """Return the SHA-256 that the next frame carries."""
    return sha256(frame).digest()


def is_followed(data: bytes, offset: int, *, index: int) -> bool:
    """Tell whether a sound frame after a bad one proves that the bad one was acknowledged.

    Args:
        data: The last segment.
        offset: Where the bad frame begins.
        index: The index that the bad frame should have.

    Returns:
        False if nothing sound follows, or only frames of the same batch: of a batch that was
        interrupted, the disk may have kept a later part and lost an earlier one.
    """
    at = data.find(MAGIC, offset + 1)
    while at >= 0:
        frame = decode_frame(data, at)
        if frame is not None and not 0 <= frame.index - frame.position <= index < frame.index:
            return True
        at = data.find(MAGIC, at + 1)
    return False
