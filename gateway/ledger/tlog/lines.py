"""Read the few kinds of lines that all formats of a log are made of.

Python's own readers forgive too much: `int` takes " 1_0", "05" and Arabic digits, `splitlines`
splits at eleven characters, and base64 drops what it does not know.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

from gateway.ledger.errors import NoteRejectedError

HASH_BYTES: Final = 32
MAX_NUMBER: Final = (1 << 63) - 1
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_FIRST_PRINTABLE: Final = " "


def read_text(data: bytes, *, limit: int) -> str:
    """Return bytes as text.

    Raises:
        NoteRejectedError: More bytes than the limit, not UTF-8, or a control character other than
            a newline.
    """
    if len(data) > limit:
        raise NoteRejectedError(f"more than {limit} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NoteRejectedError("not UTF-8") from None
    if any(character < _FIRST_PRINTABLE and character != "\n" for character in text):
        raise NoteRejectedError("a control character")
    return text


def read_decimal(text: str) -> int:
    """Return a number of 0 to 2**63 - 1: ASCII digits, no sign, no zero in front.

    Raises:
        NoteRejectedError: It is written in another way, or larger.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_NUMBER:
        raise NoteRejectedError("a number is not in its one form")
    return int(text)


def read_base64(text: str) -> bytes:
    """Return the bytes of standard base64 with padding.

    Raises:
        NoteRejectedError: Another alphabet, bits left over, or no padding.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise NoteRejectedError("not base64") from None
    if write_base64(data) != text:
        raise NoteRejectedError("base64 that is not in its one form")
    return data


def read_hash(text: str) -> bytes:
    """Return a hash of 32 bytes.

    Raises:
        NoteRejectedError: It is no base64, or has another length.
    """
    data = read_base64(text)
    if len(data) != HASH_BYTES:
        raise NoteRejectedError(f"a hash has {HASH_BYTES} bytes")
    return data


def write_base64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return b64encode(data).decode()
