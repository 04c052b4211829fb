"""Guess the code page of a text: the one in which its letters stand beside letters of their kind.

Bytes decode in almost any code page. Read in a wrong one, Cyrillic becomes Latin letters with
accents that no word has beside each other, or small letters before capitals.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Final

__all__ = ["guess_codepage"]

_PAGES: Final = ("cp1251", "cp1256", "koi8-r", "cp866", "cp1252")
"""Tried in this order; the first of equals is taken."""

_TURKISH: Final = frozenset(b"\xd0\xdd\xde\xf0\xfd\xfe")
"""Bytes that are Turkish letters in cp1254, and letters of Iceland in cp1252."""

_LONG: Final = 20_000
_ASCII: Final = 128


def guess_codepage(data: bytes) -> str:
    """Return a code page that the beginning of a file may be written in; utf-8 where it decodes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as exc:
        if exc.end < len(data) or exc.reason != "unexpected end of data":
            return _guess(data[:_LONG])
    return "utf-8"


def _guess(data: bytes) -> str:
    best = max(_PAGES, key=lambda page: _weigh(data.decode(page, "replace")))
    return "cp1254" if best == "cp1252" and _TURKISH.intersection(data) else best


def _weigh(text: str) -> int:
    """Count the neighbours of letters that are no ASCII: those that fit less those that do not."""
    return sum(
        _judge(left, right)
        for left, right in pairwise(text)
        if ord(left) >= _ASCII or ord(right) >= _ASCII
    )


def _judge(left: str, right: str) -> int:
    if "\ufffd" in (left, right):
        return -3
    if not (left.isalpha() and right.isalpha()):
        return 0 if (left.isalpha() or right.isalpha()) else -1
    first, second = _alphabet(left), _alphabet(right)
    if first != second or (left.islower() and right.isupper()):
        return -2
    # Letters with accents stand among plain ones; two beside each other are rare in Latin words.
    return -1 if first == "LATIN" and ord(left) >= _ASCII and ord(right) >= _ASCII else 1


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
