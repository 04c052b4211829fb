"""What a masked field shows: initials, a year, the end of a number. Pure: field in, field out.

A mask has one length whatever it hides, so that not even the length of a value is told.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Final

from adapters.contract import (
    DateSpan,
    Document,
    Field,
    Identifier,
    PartialDate,
    PersonName,
    Value,
)

HIDDEN: Final = "…"
SHOWN: Final = 2
"""How many characters of the end of a number are shown."""
LEAST: Final = 6
"""A number that is shorter shows nothing: two characters would be too much of it."""


def mask_field(field: Field) -> Field:
    """Show a part of a field's value; its handling codes stay."""
    return replace(field, value=_mask(field.value))


def _mask(value: Value) -> Value:
    match value:
        case PersonName():
            return PersonName(full=_initials(value.text), kind=value.kind)
        case PartialDate():
            return PartialDate(value.year)
        case DateSpan():
            return DateSpan(date(value.first.year, 1, 1), date(value.last.year, 12, 31))
        case Document():
            return replace(value, number=_end_of(value.number))
        case Identifier():
            return replace(value, value=_end_of(value.value))
        case _:
            return _end_of(str(value))


def _initials(text: str) -> str:
    """The first letter of each part of a name, with the signs that belong to it."""
    return " ".join(f"{_first_letter(word)}." for word in text.split())


def _first_letter(word: str) -> str:
    signs = word[1:]
    for length, sign in enumerate(signs):
        if not unicodedata.category(sign).startswith("M"):
            return word[: length + 1]
    return word[:1]


def _end_of(text: str) -> str:
    return HIDDEN + (text[-SHOWN:] if len(text) >= LEAST else "")
