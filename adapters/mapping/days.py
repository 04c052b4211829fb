"""Invert how a bank writes a birth date, so that its own query leaves out whom the date rules out.

Only where the owner has said that a birth date decides (`strict`). What is left out is certain to
be read as a whole day that is none of those asked for; all else comes, and is compared when it has
been read: dates known in part, texts in another form than the first that is declared, whatever
cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Final, Literal

from adapters.contract import DateSpan, FieldName, PartialDate
from adapters.mapping.fields import Calendar, DateField
from adapters.mapping.model import Mapping, columns_of
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect
from adapters.matching.calendars import (
    BIKRAM_SAMBAT_YEARS,
    SOLAR_HIJRI_YEARS,
    bikram_sambat_span,
    gregorian_to_bikram_sambat,
    gregorian_to_solar_hijri,
    solar_hijri_span,
)

__all__ = ["Born", "Form", "Layout", "find_born", "list_doubtful"]

Form = Literal["text", "day", "date", "instant"]
"""What the columns hold: `text` the layout's own; `day` a native date whose text begins with the
day; `date` and `instant` native dates that are compared as such."""

_ISO: Final = "YYYY-MM-DD"
_DIALECTS: Final = frozenset(("sqlite", "postgres", "mysql"))
_TEXTS: Final = frozenset(("text", "integer", "any"))
_NATIVE: Final = frozenset(("date", "instant"))
_DAY: Final = timedelta(days=1)
_SURE_YEARS: Final = range(2, 9999)
"""Years that may be asked for: an engine's own dates end, or are endless, beyond them."""

_GREGORIAN: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS: Final[dict[Calendar, range]] = {
    "gregorian": range(1, 10_000),
    "solar_hijri": SOLAR_HIJRI_YEARS,
    "bikram_sambat": BIKRAM_SAMBAT_YEARS,
}
_CONVERTERS: Final[dict[Calendar, Callable[[date], tuple[int, int, int]]]] = {
    "gregorian": lambda day: (day.year, day.month, day.day),
    "solar_hijri": gregorian_to_solar_hijri,
    "bikram_sambat": gregorian_to_bikram_sambat,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How whole days are written.

    Attributes:
        written: Such as `DD.MM.YYYY`, in one column; empty where there are three.
        calendar: The calendar of the text.
    """

    written: str
    calendar: Calendar

    @property
    def years(self) -> tuple[str, str]:
        """The first and the last year that is read, in four digits."""
        years = _YEARS[self.calendar]
        return f"{years[0]:04}", f"{years[-1]:04}"


@dataclass(frozen=True, slots=True)
class Born:
    """The one birth date of a record, in its own row.

    Attributes:
        columns: One column, or those of year, month and day.
        layout: How the mapping says that it is written; None where no text is a whole day.
        computed: Whether the bank computes a column, so that its type is not known.
    """

    columns: tuple[str, ...]
    layout: Layout | None
    computed: bool

    def find_form(self, families: Sequence[str], dialect: Dialect) -> Form | None:
        """Tell what the columns hold, by the families of their types; None where that is unsure."""
        if dialect not in _DIALECTS:
            return None
        if self.computed:
            return "text" if self._is_plain(dialect) else None
        if len(families) == 1 and families[0] in _NATIVE:
            # MariaDB's may be 0000-00-00, or known in part: its text tells, a comparison does not.
            return "day" if dialect == "mysql" else _read_native(families[0])
        return "text" if self.layout is not None and _TEXTS.issuperset(families) else None

    def _is_plain(self, dialect: Dialect) -> bool:
        """Tell whether what is computed is a text, or as a text of that form means the same."""
        if self.layout is None or dialect == "sqlite":
            return self.layout is not None
        return self.layout.calendar == "gregorian" and self.layout.written.startswith("YYYY")

    def lay(self, form: Form) -> Layout:
        """Return how the texts of a form are written."""
        if form == "text" and self.layout is not None:
            return self.layout
        return Layout(_ISO, "gregorian")

    def bound(self, asked: PartialDate | DateSpan, form: Form) -> tuple[Scalar, Scalar] | None:
        """Return the least and the greatest value that is a day asked for.

        None where that cannot be said for certain; then nothing is left out.
        """
        first, last = asked.span.first, asked.span.last
        if first.year not in _SURE_YEARS or last.year not in _SURE_YEARS:
            return None
        if form == "date":
            return first, last
        if form == "instant":
            # A point in time is the day of its zone; no zone is further than a day away.
            return first - _DAY, last + 2 * _DAY
        convert = _CONVERTERS[self.lay(form).calendar]
        try:
            return _join(convert(first)), _join(convert(last))
        except ValueError:
            return None


def _read_native(family: str) -> Form:
    return "date" if family == "date" else "instant"


def _join(parts: tuple[int, int, int]) -> str:
    return f"{parts[0]:04}{parts[1]:02}{parts[2]:02}"


def find_born(mapping: Mapping) -> Born | None:
    """Return by which columns the bank can leave out whom a birth date rules out.

    None where the owner has not said that it decides, or where a row does not tell all: a record
    with several dates is kept for any of them, and the two ends of a span say less than a day.
    """
    if FieldName.BIRTH_DATE not in mapping.strict or not mapping.has_tables:
        return None
    blocks = [block for block in mapping.fields if isinstance(block, DateField)]
    blocks = [block for block in blocks if block.name is FieldName.BIRTH_DATE]
    if len(blocks) != 1 or not _is_sure(mapping, blocks[0]):
        return None
    (block,) = blocks
    columns = columns_of(block)
    computed = any(column in mapping.computed for column in columns)
    return Born(columns, _find_layout(block), computed)


def _is_sure(mapping: Mapping, block: DateField) -> bool:
    """Tell whether one row has the whole date, and the record has room for it before others."""
    before = mapping.fields[: mapping.fields.index(block) + 1]
    homes = {mapping.child_of(column) for other in before for column in columns_of(other)}
    parts = (block.year, block.month, block.day)
    return homes == {None} and (block.column is not None or all(parts))


def _find_layout(block: DateField) -> Layout | None:
    """A text that follows the first format is never read by another."""
    if block.column is None:
        return Layout("", block.calendar)
    written = _ISO if block.format[0] == "iso" else block.format[0]
    whole = all(written.count(part) == 1 for part in ("YYYY", "MM", "DD"))
    return Layout(written, block.calendar) if whole else None


@cache
def list_doubtful(calendar: Calendar) -> tuple[str, ...]:
    """Return the days, MMDD up to day 31, that not every year of a calendar has.

    A day 32 of Bikram Sambat is not among them: it is none that a bank decides by in any year.
    """
    shortest = _GREGORIAN if calendar == "gregorian" else _measure(calendar)
    days = product(range(1, 13), range(1, 32))
    return tuple(f"{month:02}{day:02}" for month, day in days if day > shortest[month - 1])


def _measure(calendar: Calendar) -> tuple[int, ...]:
    """Return the days that each month has at least."""
    span = solar_hijri_span if calendar == "solar_hijri" else bikram_sambat_span
    spans = ([span(year, month) for year in _YEARS[calendar]] for month in range(1, 13))
    return tuple(min((each.last - each.first).days + 1 for each in month) for month in spans)
