"""Turn a text into the value that a column of a bank is compared with.

Drivers bind values by type: PostgreSQL refuses a text where a number belongs, MariaDB takes it and
compares wrongly ('12abc' equals 12 there). A text that a column cannot hold gives no value at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from adapters.mapping.scalars import Scalar

__all__ = ["ColumnType", "Family", "convert", "read_declared"]

Family = Literal["text", "integer", "number", "date", "instant", "uuid", "boolean", "any"]
"""What a column holds; `any` is a column of SQLite that may hold texts and numbers."""

_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_BITS: Final = {"smallint": 16, "integer": 32, "int": 32, "mediumint": 32, "tinyint": 16}
_FAMILIES: Final[dict[str, Family]] = {
    **dict.fromkeys(("smallint", "integer", "bigint", "int", "mediumint", "tinyint"), "integer"),
    **dict.fromkeys(("numeric", "decimal", "real", "double precision", "double"), "number"),
    "float": "number",
    "date": "date",
    **dict.fromkeys(("timestamp without time zone", "timestamp with time zone"), "instant"),
    **dict.fromkeys(("datetime", "timestamp"), "instant"),
    "uuid": "uuid",
    "boolean": "boolean",
}


_NARROW: Final = "narrow"
"""Unicode without what lies beyond its first 65,536 places."""

_CODECS: Final = {
    "ascii": "ascii",
    **dict.fromkeys(("latin1", "win1252"), "cp1252"),
    **dict.fromkeys(("latin5", "iso_8859_9"), "iso8859_9"),
    **{f"iso_8859_{n}": f"iso8859_{n}" for n in (5, 6, 7, 8)},
    **{f"win{n}": f"cp{n}" for n in (866, 874, *range(1250, 1259))},
    **{f"cp{n}": f"cp{n}" for n in (850, 852, 866, 1250, 1251, 1256, 1257)},
    "latin2": "iso8859_2",
    "greek": "iso8859_7",
    "hebrew": "iso8859_8",
    **dict.fromkeys(("utf8mb3", "utf8", "ucs2"), _NARROW),
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "tis620": "iso8859_11",
}
"""What servers call the code pages of their texts, to Python's names."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column.

    Attributes:
        bits: The width of an integer.
        codec: Python's name of the code page that a text is kept in, or `narrow`; empty where it
            is all of Unicode.
    """

    family: Family
    bits: int = 64
    codec: str = ""


def read_declared(declared: str) -> ColumnType:
    """Read a type as information_schema of PostgreSQL or MariaDB tells it; others are text.

    Args:
        declared: The type, and behind a bar the code page of its texts where there is one.
    """
    word, _, page = declared.lower().partition("|")
    return ColumnType(_FAMILIES.get(word, "text"), _BITS.get(word, 64), _CODECS.get(page, ""))


def convert(text: str, kind: ColumnType) -> tuple[Scalar, ...]:
    """Return the values that a text may be in a column of this type; none where it cannot be."""
    if _broken(text) or not _holds(kind.codec, text):
        return ()
    with suppress(ValueError):
        return _CONVERTERS[kind.family](text, kind.bits)
    return ()


def _broken(text: str) -> bool:
    """Tell whether a text holds what no column can: a NUL, or half a surrogate pair."""
    if "\x00" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _holds(codec: str, text: str) -> bool:
    """Tell whether a code page has all letters of a text: servers refuse to compare it else."""
    if codec == _NARROW:
        return max(text, default="") <= "\uffff"
    try:
        text.encode(codec or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _read_whole(text: str, bits: int) -> tuple[Scalar, ...]:
    if _WHOLE.fullmatch(text) is None:
        return ()
    number, edge = int(text), 1 << (bits - 1)
    return (number,) if -edge <= number < edge else ()


def _read_number(text: str, _bits: int) -> tuple[Scalar, ...]:
    return (Decimal(text),) if _NUMBER.fullmatch(text) else ()


def _read_boolean(text: str, _bits: int) -> tuple[Scalar, ...]:
    return (text == "true",) if text in {"true", "false"} else ()


_CONVERTERS: Final[dict[Family, Callable[[str, int], tuple[Scalar, ...]]]] = {
    "text": lambda text, _: (text,),
    "any": lambda text, bits: (text, *_read_whole(text, bits)),
    "integer": _read_whole,
    "number": _read_number,
    "date": lambda text, _: (date.fromisoformat(text),),
    "instant": lambda text, _: (datetime.fromisoformat(text),),
    "uuid": lambda text, _: (str(UUID(text)),),
    "boolean": _read_boolean,
}
