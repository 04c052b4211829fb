"""Read the single values of a bank's row: as text, as a date.

Each driver has its own idea of a number or a day; spreadsheets make every number floating. Here
they become the text that the bank's own clerks would read.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Final

from adapters.contract import DateSpan, PartialDate
from adapters.mapping.fields import Calendar
from adapters.matching.calendars import bikram_sambat_span, solar_hijri_span
from adapters.matching.dates import parse_date
from adapters.matching.scripts import fold_digits

__all__ = [
    "Scalar",
    "can_send",
    "read_day",
    "read_instant",
    "read_parts",
    "read_stored_day",
    "read_text",
]

Scalar = str | int | float | bool | bytes | Decimal | date | datetime | PartialDate | None
"""A single value as drivers and files give it; native dates of MariaDB may be known in part."""

_ISO: Final = "YYYY-MM-DD"
_LONGEST_DATE: Final = 32
_Day = PartialDate | DateSpan


def can_send(text: str) -> bool:
    """Tell whether a text has a form in UTF-8: half a surrogate pair has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_text(value: object) -> str:
    """Return a value as stripped text; no value is the empty text, `1234.0` is `1234`.

    Raises:
        ValueError: Bytes that are not UTF-8, or a type that is no single value.
    """
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _read_other(value)


def _read_other(value: object) -> str:
    if isinstance(value, float | Decimal):
        whole = isfinite(value) and value == int(value)
        return str(int(value)) if whole else str(value)
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8").strip()
    if isinstance(value, int) or type(value).__str__ is not object.__str__:
        return str(value).strip()
    raise ValueError("not a single value")


def read_day(value: object, formats: tuple[str, ...], calendar: Calendar) -> _Day | None:
    """Return a date in the Gregorian calendar, or None where there is no value.

    Args:
        value: A native date, or a text in one of the formats.
        formats: Tried in order; "iso" is YYYY-MM-DD.
        calendar: The calendar that texts are in; native dates are always Gregorian.

    Raises:
        ValueError: The value is a date in none of the formats.
    """
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    text = read_text(value)
    return _parse_day(text, formats, calendar) if text else None


@lru_cache(maxsize=16_384)
def _parse_day(text: str, formats: tuple[str, ...], calendar: Calendar) -> _Day:
    for number, written in enumerate(formats):
        try:
            return _parse_one(text, _ISO if written == "iso" else written, calendar)
        except ValueError:
            if number == len(formats) - 1:
                raise
    raise ValueError("no format is declared")


def _parse_one(text: str, written: str, calendar: Calendar) -> _Day:
    if calendar == "gregorian":
        found = parse_date(text, written)
        return PartialDate(found.year, found.month, found.day)
    digits = fold_digits(text[:_LONGEST_DATE])
    shorter = (written, re.sub("[-/. ]?DD[-/. ]?", "", written), "YYYY")
    found_parts = next((m for f in shorter if (m := _pattern(f).fullmatch(digits))), None)
    if found_parts is None:
        raise ValueError(f"date does not follow {written}")
    parts = {name: int(part) for name, part in found_parts.groupdict().items()}
    return _convert((parts["y"], parts.get("m", 0), parts.get("d", 0)), calendar)


@lru_cache(maxsize=64)
def _pattern(written: str) -> re.Pattern[str]:
    """Turn a format of digits into a pattern; separators may differ.

    The months of other calendars are longer than ours, so the reader of Gregorian dates cannot
    be asked.
    """
    marks = {"YYYY": r"(?P<y>\d{4})", "MM": r"(?P<m>\d{1,2})", "DD": r"(?P<d>\d{1,2})"}
    if re.search("[-/. ]", written) is None:
        marks |= {"MM": r"(?P<m>\d\d)", "DD": r"(?P<d>\d\d)"}
    body = re.sub("YYYY|MM|DD|[-/. ]", lambda m: marks.get(m.group(), "[-/. ]"), written)
    return re.compile(body, re.ASCII)


def read_parts(values: tuple[object, object, object], calendar: Calendar) -> _Day | None:
    """Return a date from year, month and day; None without a year, zero parts are unknown.

    Raises:
        ValueError: A part is no number or out of range.
    """
    year, month, day = (int(fold_digits(read_text(value)) or 0) for value in values)
    return _convert((year, month, day if month else 0), calendar) if year else None


def _convert(parts: tuple[int, int, int], calendar: Calendar) -> _Day:
    year, month, day = parts[0], parts[1] or None, parts[2] or None
    if calendar == "gregorian":
        return PartialDate(year, month, day)
    span = solar_hijri_span if calendar == "solar_hijri" else bikram_sambat_span
    found = span(year, month, day)
    if found.first == found.last:
        return PartialDate(found.first.year, found.first.month, found.first.day)
    return DateSpan(found.first, found.last)


def read_stored_day(text: str) -> PartialDate | None:
    """Return the day of a date as MariaDB writes one: its parts may be zero.

    None without a year, and for a day that is in no calendar, which it may be made to store, too.
    """
    try:
        return parse_date(text, _ISO)
    except ValueError:
        return None


def read_instant(value: object) -> datetime | None:
    """Return a point in time, aware; without a zone it is UTC. None where there is no value.

    Raises:
        ValueError: The value is neither a date nor a text in ISO 8601.
    """
    if isinstance(value, date):
        found = (
            value if isinstance(value, datetime) else datetime(*value.timetuple()[:3], tzinfo=UTC)
        )
    else:
        text = read_text(value)
        if not text:
            return None
        found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
