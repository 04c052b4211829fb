"""Compile each `[[field]]` block into one small function from a row to a value.

Blocks are looked at once, when a mapping is loaded; what is left for each record is a few look-ups.
A reader gives None where there is no value; a broken value is counted, and is no value either.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from adapters.contract import (
    DateSpan,
    Document,
    DocumentKind,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
    Sex,
    Value,
)
from adapters.mapping.block import Source
from adapters.mapping.fields import (
    CodedField,
    DateField,
    DocumentField,
    FieldBlock,
    IdentifierField,
    NameField,
    TextField,
)
from adapters.mapping.scalars import Scalar, read_day, read_parts, read_text

__all__ = ["Reader", "Row", "Words", "compile_field", "compile_source", "read_word"]

Row = Mapping[str, Scalar]
"""One row: a column as the mapping writes it, to its value."""

Reader = Callable[[Row], Value | None]
"""Reads one value from a row; None where there is none."""

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Words:
    """What readers share.

    Attributes:
        codes: The code tables of the mapping: the bank's word to ours.
        faults: Counts broken values by column.
    """

    codes: Mapping[str, Mapping[str, str]]
    faults: Counter[str]

    def text(self, row: Row, column: str | None) -> str:
        """Read a column as text; empty where there is no value or a broken one."""
        if column is None:
            return ""
        value = row.get(column)
        if isinstance(value, str):
            return value.strip()
        try:
            return read_text(value)
        except ValueError:
            self.faults[column] += 1
            return ""


def compile_source(
    source: Source, words: Words, convert: Callable[[str], _T]
) -> Callable[[Row], _T | None]:
    """Compile where one word comes from.

    Args:
        source: The constant or the column.
        words: The code tables, and the counter of broken values.
        convert: Turns one of our words into a value; raises ValueError where it is none of ours.
    """
    if source.column is None:
        fixed = convert(source.const or "")
        return lambda _row: fixed
    if source.codes is None:
        return _compile_lookup(source.column, words, convert)
    table = {word: convert(ours) for word, ours in words.codes[source.codes].items()}
    return _compile_lookup(source.column, words, table.__getitem__)


def _compile_lookup(
    column: str, words: Words, convert: Callable[[str], _T]
) -> Callable[[Row], _T | None]:
    def read(row: Row) -> _T | None:
        text = words.text(row, column)
        if not text:
            return None
        try:
            return convert(text)
        except (KeyError, ValueError):
            words.faults[column] += 1
            return None

    return read


def read_country(text: str) -> str:
    """Take a country as ISO 3166-1 alpha-3 or an ICAO code of 1 to 3 letters.

    Raises:
        ValueError: It is neither.
    """
    upper = text.upper()
    if re.fullmatch("[A-Z]{1,3}", upper) is None:
        raise ValueError("not a country")
    return upper


def read_word(kind: type[_Word]) -> Callable[[str], _Word]:
    """Return the reader of a word of ours, in any case."""
    return lambda text: kind(text.lower())


def _compile_name(block: NameField, words: Words) -> Reader:
    kind = compile_source(block.kind, words, read_word(NameKind))
    strip = _compile_strip(block.strip)

    def text(row: Row, column: str | None) -> str:
        found = words.text(row, column)
        return strip(found) if strip is not None else found

    def read(row: Row) -> Value | None:
        full, given = text(row, block.full), text(row, block.given)
        family, patronymic = text(row, block.family), text(row, block.patronymic)
        if not (full or given or family or patronymic):
            return None
        return PersonName(full, given, family, patronymic, kind(row) or NameKind.PRIMARY)

    return read


def _compile_strip(words: tuple[str, ...]) -> Callable[[str], str] | None:
    """Return a function that drops whole words, in any case, with or without a full stop."""
    if not words:
        return None
    longest = sorted((word.rstrip(".") for word in words), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest))})\.?(?!\S)", re.IGNORECASE)
    return lambda text: " ".join(pattern.sub(" ", text).split())


def _compile_date(block: DateField, words: Words) -> Reader:
    if block.first is not None and block.last is not None:
        return _compile_span(block, words)
    if block.year is not None:
        return _compile_parts(block, words)
    column, formats, calendar = str(block.column), block.format, block.calendar

    def read(row: Row) -> Value | None:
        try:
            return read_day(row.get(column), formats, calendar)
        except ValueError:
            words.faults[column] += 1
            return None

    return read


def _compile_parts(block: DateField, words: Words) -> Reader:
    year, month, day = block.year or "", block.month or "", block.day or ""
    calendar = block.calendar

    def read(row: Row) -> Value | None:
        try:
            return read_parts((row.get(year), row.get(month), row.get(day)), calendar)
        except ValueError:
            words.faults[year] += 1
            return None

    return read


def _compile_span(block: DateField, words: Words) -> Reader:
    """Compile a span; where only one end is known, that end is the date."""
    first, last = block.first or "", block.last or ""

    def read(row: Row) -> Value | None:
        try:
            begin = read_day(row.get(first), block.format, block.calendar)
            end = read_day(row.get(last), block.format, block.calendar)
            if begin is None or end is None or begin == end:
                return begin or end
            return DateSpan(_ends(begin).first, _ends(end).last)
        except ValueError:
            words.faults[first] += 1
            return None

    return read


def _ends(day: PartialDate | DateSpan) -> DateSpan:
    """Return the first and the last day that a date may be."""
    if isinstance(day, DateSpan):
        return day
    month = day.month or 12
    end = day.day or monthrange(day.year, month)[1]
    first = date(day.year, day.month or 1, day.day or 1)
    return DateSpan(first, date(day.year, month, end))


def _compile_coded(block: CodedField, words: Words) -> Reader:
    source = Source(const=block.const, column=block.column, codes=block.codes)
    convert: Callable[[str], Any] = read_word(Sex) if block.field == "sex" else read_country
    return compile_source(source, words, convert)


def _compile_document(block: DocumentField, words: Words) -> Reader:
    kind = _compile_optional(block.document_kind, words, read_word(DocumentKind))
    issuer = _compile_optional(block.issuer, words, read_country)
    number, series = block.number, block.series

    def read(row: Row) -> Value | None:
        text = words.text(row, number)
        if not text:
            return None
        if series is not None:
            text = f"{words.text(row, series)} {text}".lstrip()
        return Document(text, kind(row), issuer(row) or "")

    return read


def _compile_optional(
    source: Source | None, words: Words, convert: Callable[[str], _T]
) -> Callable[[Row], _T | None]:
    if source is None:
        return lambda _row: None
    return compile_source(source, words, convert)


def _compile_identifier(block: IdentifierField, words: Words) -> Reader:
    kind = compile_source(block.identifier_kind, words, read_word(IdentifierKind))
    column = block.column

    def read(row: Row) -> Value | None:
        text = words.text(row, column)
        found = kind(row) if text else None
        return Identifier(found, text) if found is not None else None

    return read


def _compile_text(block: TextField, words: Words) -> Reader:
    if not block.columns:
        source = Source(const=block.const, column=block.column, codes=block.codes)
        return compile_source(source, words, str)
    columns, separator = block.columns, block.separator

    def read(row: Row) -> Value | None:
        parts = [words.text(row, column) for column in columns]
        return separator.join(part for part in parts if part) or None

    return read


_COMPILERS: Final[dict[type[Any], Callable[[Any, Words], Reader]]] = {
    NameField: _compile_name,
    DateField: _compile_date,
    CodedField: _compile_coded,
    DocumentField: _compile_document,
    IdentifierField: _compile_identifier,
    TextField: _compile_text,
}


def compile_field(block: FieldBlock, words: Words) -> Reader:
    """Compile one `[[field]]` block."""
    return _COMPILERS[type(block)](block, words)
