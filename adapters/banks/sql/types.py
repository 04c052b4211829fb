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


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column; `bits` is the width of an integer."""

    family: Family
    bits: int = 64


def read_declared(declared: str) -> ColumnType:
    """Read a type as information_schema of PostgreSQL or MariaDB tells it; others are text."""
    word = declared.lower()
    return ColumnType(_FAMILIES.get(word, "text"), _BITS.get(word, 64))


def convert(text: str, kind: ColumnType) -> tuple[Scalar, ...]:
    """Return the values that a text may be in a column of this type; none where it cannot be."""
    if _broken(text):
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
