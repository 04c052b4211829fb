"""Read dates as banks write them, whole or in part, and say how two of them differ.

A birth date is often known by its year alone, typed with day and month exchanged, or wrong by one
digit. Each of these says something else about whether two records speak of one person, so a
comparison answers with a word and a factor, never with yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from adapters.contract import DateSpan, PartialDate
from adapters.matching.scripts import fold_digits

__all__ = [
    "FORMATS",
    "DateSpan",
    "DateVerdict",
    "PartialDate",
    "compare_dates",
    "parse_date",
    "rules_out",
]

DateVerdict = Literal["equal", "compatible", "swapped", "near", "contradicts"]

FACTORS: Final[dict[DateVerdict, float]] = {
    "equal": 1.0,
    "compatible": 0.8,
    "swapped": 0.7,
    "near": 0.6,
    "contradicts": 0.0,
}
"""How far each verdict speaks for one person, 0 to 1."""


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANUARY", "FEB FEBRUARY", "MAR MARCH", "APR APRIL", "MAY", "JUN JUNE",
            "JUL JULY", "AUG AUGUST", "SEP SEPT SEPTEMBER", "OCT OCTOBER", "NOV NOVEMBER",
            "DEC DECEMBER",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_YEAR, _MONTH, _DAY = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_PATTERNS: Final = {
    "YYYY-MM-DD": rf"{_YEAR}(?:[-/.]{_MONTH}(?:[-/.]{_DAY})?)?",
    "YYYY/MM/DD": rf"{_YEAR}(?:[-/.]{_MONTH}(?:[-/.]{_DAY})?)?",
    "DD.MM.YYYY": rf"(?:(?:{_DAY}[-/. ])?{_MONTH}[-/. ])?{_YEAR}",
    "DD/MM/YYYY": rf"(?:(?:{_DAY}[-/. ])?{_MONTH}[-/. ])?{_YEAR}",
    "DD-MM-YYYY": rf"(?:(?:{_DAY}[-/. ])?{_MONTH}[-/. ])?{_YEAR}",
    "MM/DD/YYYY": rf"(?:{_MONTH}[-/. ](?:{_DAY}[-/. ])?)?{_YEAR}",
    "YYYYMMDD": rf"{_YEAR}(?:(?P<m>\d\d)(?P<d>\d\d)?)?",
    "DDMMYYYY": rf"(?P<d>\d\d)(?P<m>\d\d){_YEAR}",
    "YYYY-MM": rf"{_YEAR}(?:[-/.]{_MONTH})?",
    "YYYY": _YEAR,
    "DD MON YYYY": rf"(?:(?:{_DAY}[- ./])?(?P<m>[A-Za-z]{{3,9}}|00)[- ./])?{_YEAR}",
}
_COMPILED: Final = {name: re.compile(pattern, re.ASCII) for name, pattern in _PATTERNS.items()}
FORMATS: Final = frozenset(_PATTERNS)
"""The formats a mapping may declare; each also reads its own dates with parts left out."""

_LONGEST: Final = 32


@lru_cache(maxsize=16_384)
def parse_date(text: str, fmt: str) -> PartialDate:
    """Read a date in a declared format; digits may be of any script, zero parts are unknown.

    A time of day after the date ("T00:00:00" or after a space) is ignored.

    Raises:
        ValueError: The format is not one of FORMATS, the text does not follow it, or a field is
            out of range. The message never repeats the text.
    """
    pattern = _COMPILED.get(fmt)
    if pattern is None:
        raise ValueError(f"date format must be one of {', '.join(sorted(FORMATS))}")
    found = pattern.fullmatch(_strip_time(fold_digits(text[:_LONGEST]).strip()))
    if found is None or len(text) > _LONGEST:
        raise ValueError(f"date does not follow {fmt}")
    parts = found.groupdict()
    month, day = _read_month(parts.get("m")), int(parts.get("d") or 0)
    return PartialDate(int(parts["y"]), month or None, day or None if month else None)


def _strip_time(text: str) -> str:
    return re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text)


def _read_month(text: str | None) -> int:
    """Read a month by number or English name; 0 where there is none."""
    if not text:
        return 0
    if text.isdigit():
        return int(text)
    month = _MONTHS.get(text.upper())
    if month is None:
        raise ValueError("month must be 1..12 or an English month name")
    return month


def compare_dates(
    query: PartialDate | DateSpan, value: PartialDate | DateSpan
) -> tuple[DateVerdict, float]:
    """Say how a date that was asked for and a date on record stand to each other.

    Returns:
        The verdict and its factor, 0 to 1: "equal" when both are whole and the same, "compatible"
        when nothing known differs, "swapped" with day and month exchanged, "near" when one digit
        differs or the year by one, else "contradicts".
    """
    verdict = _judge(query, value)
    return verdict, FACTORS[verdict]


def rules_out(
    asked: PartialDate | DateSpan | None, known: Iterable[PartialDate | DateSpan]
) -> bool:
    """Tell whether every date on record is a whole day, and none of the days asked for.

    What is not known, or in part, rules nothing out. Unlike a comparison this allows no slip.
    """
    spans = [each.span for each in known]
    if asked is None or not spans:
        return False
    days = asked.span
    return all(span.first == span.last and not days.overlaps(span) for span in spans)


def _judge(query: PartialDate | DateSpan, value: PartialDate | DateSpan) -> DateVerdict:
    if isinstance(value, DateSpan):
        # Both ways are alike: a span holds days, whichever side it is on.
        return "compatible" if query.span.overlaps(value) else _judge_years(query, value)
    if isinstance(query, DateSpan):
        return _judge_span(query, value)
    if query == value and query.day is not None:
        return "equal"
    if _agree(query, value):
        return "compatible"
    if _swapped(query, value):
        return "swapped"
    return "near" if _near(query, value) else "contradicts"


def _judge_span(query: DateSpan, value: PartialDate) -> DateVerdict:
    if query.first == query.last:
        day = query.first
        return _judge(PartialDate(day.year, day.month, day.day), value)
    if query.overlaps(value.span):
        return "compatible"
    years = range(query.first.year - 1, query.last.year + 2)
    return "near" if value.year in years and value.day is None else "contradicts"


def _judge_years(query: PartialDate | DateSpan, value: DateSpan) -> DateVerdict:
    """Tell whether a date lies within a year of a span."""
    span = query.span
    near = value.first.year - 1 <= span.last.year and span.first.year <= value.last.year + 1
    return "near" if near else "contradicts"


def _agree(one: PartialDate, other: PartialDate) -> bool:
    """Tell whether all parts that both know are the same."""
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(a is None or b is None or a == b for a, b in pairs)


def _swapped(one: PartialDate, other: PartialDate) -> bool:
    whole = one.day is not None and other.day is not None
    exchanged = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return whole and exchanged


def _near(one: PartialDate, other: PartialDate) -> bool:
    """Tell whether one digit differs, or the year by one and nothing else."""
    rest = _agree(PartialDate(1, one.month), PartialDate(1, other.month)) and (
        one.day is None or other.day is None or one.day == other.day
    )
    if one.year != other.year:
        digits = sum(a != b for a, b in zip(f"{one.year:04}", f"{other.year:04}", strict=True))
        return rest and (abs(one.year - other.year) == 1 or digits == 1)
    return _typed_wrong(one, other)


def _typed_wrong(one: PartialDate, other: PartialDate) -> bool:
    """Compare the digits of month and day where both dates are whole."""
    if one.day is None or other.day is None or one.month is None or other.month is None:
        return False
    left, right = f"{one.month:02}{one.day:02}", f"{other.month:02}{other.day:02}"
    return sum(a != b for a, b in zip(left, right, strict=True)) == 1
