"""Mask personal data: an engineer sees that a value is there and how it is built, not whose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from adapters.contract import (
    DateSpan,
    Document,
    Field,
    FieldName,
    Identifier,
    PartialDate,
    PersonName,
    Value,
)

__all__ = ["mask_field", "mask_number", "mask_text"]

_DOT: Final = "•"
_SHORT: Final = 3
_MOST: Final = 60
_PARTS: Final = ("full", "given", "family", "patronymic")


def mask_text(text: str) -> str:
    """Keep the first letter of each longer word; a dot for each other letter or digit."""
    return re.sub(r"\w+", _mask_word, _drop_marks(text[:_MOST]))


def _drop_marks(text: str) -> str:
    """Leave out what stands above and below letters: vowels of many scripts are such signs."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] != "M")


def _mask_word(found: re.Match[str]) -> str:
    word = found.group()
    first = word[0] if len(word) > _SHORT and word.isalpha() else _DOT
    return first + _DOT * (len(word) - 1)


def mask_number(text: str) -> str:
    """Write the shape of a number: 9 for each digit, A for each letter, signs as they are."""
    return "".join(map(_mask_sign, _drop_marks(text[:_MOST])))


def _mask_sign(sign: str) -> str:
    if sign.isdecimal():
        return "9"
    return "A" if sign.isalnum() else sign


def mask_field(field: Field) -> str:
    """Write one field of a record with its personal data masked."""
    return f"{field.name.value} {_mask_value(field.value, field)}"


def _mask_value(value: Value, field: Field) -> str:
    match value:
        case PersonName():
            return _mask_name(value)
        case PartialDate():
            return _mask_date(value)
        case DateSpan():
            return f"{value.first.year}..{value.last.year}"
        case Document():
            words = (value.kind or "", mask_number(value.number), value.issuer)
            return " ".join(word for word in words if word)
        case Identifier():
            return f"{value.kind.value} {mask_number(value.value)}"
        case _:
            return _MASKS.get(field.name, mask_text)(value)


_MASKS: Final[dict[FieldName, Callable[[str], str]]] = {
    FieldName.NATIONALITY: str,  # a code of ours, which is nobody's in particular
    FieldName.COUNTRY: str,
    FieldName.SEX: str,
    FieldName.PLATE: mask_number,
    FieldName.VIN: mask_number,
    FieldName.REGISTRATION_NUMBER: mask_number,
}


def _mask_name(name: PersonName) -> str:
    told = ((part, getattr(name, part)) for part in _PARTS)
    masked = " ".join(f"{part}={mask_text(text)}" for part, text in told if text)
    return f"{masked} ({name.kind.value})"


def _mask_date(value: PartialDate) -> str:
    known = (value.month is not None) + (value.day is not None)
    return f"{value.year:04d}" + f"-{_DOT * 2}" * known
