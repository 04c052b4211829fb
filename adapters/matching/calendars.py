"""Convert the calendars that banks of the region keep: Solar Hijri and Bikram Sambat.

Registers of Iran and Afghanistan count in Solar Hijri years, registers of Nepal in Bikram Sambat.
Both begin in spring, so a bare year covers two Gregorian ones: partial dates become spans.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from adapters.matching.dates import DateSpan

__all__ = [
    "BIKRAM_SAMBAT_YEARS",
    "SOLAR_HIJRI_YEARS",
    "bikram_sambat_span",
    "bikram_sambat_to_gregorian",
    "gregorian_to_bikram_sambat",
    "gregorian_to_solar_hijri",
    "solar_hijri_span",
    "solar_hijri_to_gregorian",
]

SOLAR_HIJRI_YEARS: Final = range(1178, 1634)
"""Years in which the arithmetic rule of 33 years gives the same as the sun does at Tehran."""

_SH_CYCLE: Final = 33
_SH_LEAPS: Final = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_SH_DAYS: Final = (31,) * 6 + (30,) * 5 + (29,)
_SH_ANCHOR: Final = (1400, date(2021, 3, 21))

BIKRAM_SAMBAT_YEARS: Final = range(1970, 2101)
"""Years of the table; those after 2082 are forecasts, the almanac is published yearly."""

_BS_ANCHOR: Final = (2000, date(1943, 4, 14))
_BS_LENGTHS: Final = {"9": 29, "0": 30, "1": 31, "2": 32}
_BS_TABLE: Final = (
    "112111090900 112120090900 121210009901 021210009091 112111090900 112210090900 121210009901 "
    "021210009091 112111090900 112210090900 121210009901 111211900900 112111090900 112210090900 "
    "121210009901 111211900900 112111090900 121210090900 121210009901 111211900900 112111090900 "
    "121210009900 121210009091 112111090900 112111090900 121210009900 121210009091 112111090900 "
    "112111090900 121210009901 021210009091 112111090900 112210090900 121210009901 021210009091 "
    "112111090900 112210090900 121210009901 111211900991 112111090900 112210090900 121210009901 "
    "111211900900 112111090900 112210090900 121210009901 111211900900 112111090900 121210090900 "
    "121210009091 111211090900 112111090900 121210009900 121210009091 111211090900 112111090900 "
    "121210009901 021210009091 112111090900 112120090900 121210009901 021210009091 112111090900 "
    "112210090900 121210009901 021211900991 112111090900 112210090900 121210009901 111211900900 "
    "112111090900 112210090900 121210009901 111211900900 112111090900 121210090900 121210009901 "
    "111211090900 112111090900 121210009900 121210009091 111211090900 112111090900 121210009900 "
    "121210009091 112111090900 112120090900 121210009901 021210009091 112111090900 112210090900 "
    "121210009901 111211909091 112111090900 112210090900 121210009901 111211900991 112111090900 "
    "112210090900 121210009901 111211900900 112111090900 121210090900 121210009901 111211090900 "
    "112111090900 121210009900 121210009091 111211090900 112111090900 121210009900 121210009091 "
    "112111090900 112111090900 112110009000 121201009000 021210009000 112111090000 012201009000 "
    "021210009000 021210009000 112111009000 012210009000 021210009000 112110009000 112111090000 "
    "112210090900 121210009000 112111909091 112111099000 121201090900 "
)
"""Twelve signs a year from 1970, one a month: 9 is 29 days, 0 is 30, 1 is 31, 2 is 32."""


def _read_table() -> dict[int, tuple[int, ...]]:
    years = zip(BIKRAM_SAMBAT_YEARS, _BS_TABLE.split(), strict=True)
    return {year: tuple(_BS_LENGTHS[sign] for sign in signs) for year, signs in years}


_BS_DAYS: Final = _read_table()


def _sh_months(year: int) -> tuple[int, ...]:
    """Return the lengths of the months; Esfand has 30 days in a leap year."""
    return (*_SH_DAYS[:11], 30) if year % _SH_CYCLE in _SH_LEAPS else _SH_DAYS


def _year_starts(
    years: range, months: Callable[[int], tuple[int, ...]], anchor: tuple[int, date]
) -> tuple[date, ...]:
    """Return the first day of each year and of the one after the last."""
    lengths = [sum(months(year)) for year in years]
    before = sum(lengths[: anchor[0] - years.start])
    first = anchor[1] - timedelta(days=before)
    return tuple(first + timedelta(days=days) for days in accumulate(lengths, initial=0))


_SH_STARTS: Final = _year_starts(SOLAR_HIJRI_YEARS, _sh_months, _SH_ANCHOR)
_BS_STARTS: Final = _year_starts(BIKRAM_SAMBAT_YEARS, _BS_DAYS.__getitem__, _BS_ANCHOR)


def solar_hijri_to_gregorian(year: int, month: int, day: int) -> date:
    """Convert a Solar Hijri date.

    Raises:
        ValueError: Year outside 1178..1633, month outside 1..12 or day outside its month.
    """
    _require_year(year, SOLAR_HIJRI_YEARS)
    start = _SH_STARTS[year - SOLAR_HIJRI_YEARS.start]
    return _add(start, _sh_months(year), month, day)


def gregorian_to_solar_hijri(day: date) -> tuple[int, int, int]:
    """Return year, month and day in Solar Hijri.

    Raises:
        ValueError: The day is outside the years that can be converted.
    """
    year, rest = _find_year(day, _SH_STARTS, SOLAR_HIJRI_YEARS)
    return (year, *_find_month(rest, _sh_months(year)))


def bikram_sambat_to_gregorian(year: int, month: int, day: int) -> date:
    """Convert a Bikram Sambat date of Nepal.

    Raises:
        ValueError: Year outside 1970..2100, month outside 1..12 or day outside its month.
    """
    _require_year(year, BIKRAM_SAMBAT_YEARS)
    start = _BS_STARTS[year - BIKRAM_SAMBAT_YEARS.start]
    return _add(start, _BS_DAYS[year], month, day)


def gregorian_to_bikram_sambat(day: date) -> tuple[int, int, int]:
    """Return year, month and day in Bikram Sambat.

    Raises:
        ValueError: The day is outside the years of the table.
    """
    year, rest = _find_year(day, _BS_STARTS, BIKRAM_SAMBAT_YEARS)
    return (year, *_find_month(rest, _BS_DAYS[year]))


def solar_hijri_span(year: int, month: int | None = None, day: int | None = None) -> DateSpan:
    """Return the Gregorian days of a Solar Hijri year, month or day.

    Raises:
        ValueError: A field is out of range, or a day is given without a month.
    """
    _require_year(year, SOLAR_HIJRI_YEARS)
    return _span(solar_hijri_to_gregorian, _sh_months(year), (year, month, day))


def bikram_sambat_span(year: int, month: int | None = None, day: int | None = None) -> DateSpan:
    """Return the Gregorian days of a Bikram Sambat year, month or day.

    Raises:
        ValueError: A field is out of range, or a day is given without a month.
    """
    _require_year(year, BIKRAM_SAMBAT_YEARS)
    return _span(bikram_sambat_to_gregorian, _BS_DAYS[year], (year, month, day))


def _span(
    convert: Callable[[int, int, int], date],
    lengths: tuple[int, ...],
    parts: tuple[int, int | None, int | None],
) -> DateSpan:
    year, month, day = parts
    if month is None and day is not None:
        raise ValueError("day is given without a month")
    if day is not None and month is not None:
        whole = convert(year, month, day)
        return DateSpan(whole, whole)
    _require_between("month", 1 if month is None else month, len(lengths))
    last = month or len(lengths)
    return DateSpan(convert(year, month or 1, 1), convert(year, last, lengths[last - 1]))


def _require_year(year: int, years: range) -> None:
    if year not in years:
        raise ValueError(f"year must be {years.start}..{years.stop - 1}")


def _require_between(field: str, value: int, last: int) -> None:
    if not 1 <= value <= last:
        raise ValueError(f"{field} must be 1..{last}")


def _add(start: date, lengths: tuple[int, ...], month: int, day: int) -> date:
    """Go from the first day of a year to a month and day of it."""
    _require_between("month", month, len(lengths))
    _require_between("day", day, lengths[month - 1])
    return start + timedelta(days=sum(lengths[: month - 1]) + day - 1)


def _find_year(day: date, starts: tuple[date, ...], years: range) -> tuple[int, int]:
    """Return the year that a day falls in, and the days since its first."""
    if not starts[0] <= day < starts[-1]:
        raise ValueError(f"day must be {starts[0]}..{starts[-1] - timedelta(days=1)}")
    place = bisect_right(starts, day) - 1
    return years.start + place, (day - starts[place]).days


def _find_month(rest: int, lengths: tuple[int, ...]) -> tuple[int, int]:
    """Return month and day for a number of days since the first of the year."""
    ends = tuple(accumulate(lengths))
    place = bisect_right(ends, rest)
    return place + 1, rest - (ends[place - 1] if place else 0) + 1
