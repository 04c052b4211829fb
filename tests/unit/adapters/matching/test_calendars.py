"""Solar Hijri and Bikram Sambat: adapters/matching/calendars.py."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.calendars import (
    BIKRAM_SAMBAT_YEARS,
    SOLAR_HIJRI_YEARS,
    bikram_sambat_span,
    bikram_sambat_to_gregorian,
    gregorian_to_bikram_sambat,
    gregorian_to_solar_hijri,
    solar_hijri_span,
    solar_hijri_to_gregorian,
)


@pytest.mark.parametrize(
    ("solar", "gregorian"),
    [
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1358, 1, 1), date(1979, 3, 21)),
        ((1300, 1, 1), date(1921, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1357, 11, 22), date(1979, 2, 11)),
    ],
)
def test_solar_hijri_meets_known_days(solar, gregorian):
    assert solar_hijri_to_gregorian(*solar) == gregorian
    assert gregorian_to_solar_hijri(gregorian) == solar


@pytest.mark.parametrize(
    ("sambat", "gregorian"),
    [
        ((1970, 1, 1), date(1913, 4, 13)),
        ((2000, 1, 1), date(1943, 4, 14)),
        ((2080, 1, 1), date(2023, 4, 14)),
        ((2081, 1, 1), date(2024, 4, 13)),
        ((2082, 1, 1), date(2025, 4, 14)),
        ((2072, 1, 12), date(2015, 4, 25)),
        ((2058, 2, 19), date(2001, 6, 1)),
    ],
)
def test_bikram_sambat_meets_known_days(sambat, gregorian):
    assert bikram_sambat_to_gregorian(*sambat) == gregorian
    assert gregorian_to_bikram_sambat(gregorian) == sambat


@given(st.dates(date(1800, 1, 1), date(2250, 1, 1)))
def test_solar_hijri_round_trips(day):
    assert solar_hijri_to_gregorian(*gregorian_to_solar_hijri(day)) == day


@given(st.dates(date(1913, 4, 13), date(2044, 4, 12)))
def test_bikram_sambat_round_trips(day):
    assert bikram_sambat_to_gregorian(*gregorian_to_bikram_sambat(day)) == day


@pytest.mark.parametrize(
    ("span", "years"),
    [(solar_hijri_span, SOLAR_HIJRI_YEARS), (bikram_sambat_span, BIKRAM_SAMBAT_YEARS)],
)
def test_span_of_years_and_months_leaves_no_gap(span, years):
    for year in list(years)[:-1]:
        whole = span(year)
        assert (whole.last - whole.first).days + 1 in {365, 366}
        assert span(year + 1).first == whole.last + timedelta(days=1)
        months = [span(year, month) for month in range(1, 13)]
        assert (months[0].first, months[-1].last) == (whole.first, whole.last)
        for one, following in pairwise(months):
            assert following.first == one.last + timedelta(days=1)
            assert 29 <= (one.last - one.first).days + 1 <= 32


def test_span_of_a_year_covers_two_gregorian_ones():
    assert solar_hijri_span(1358).first.year == 1979
    assert solar_hijri_span(1358).last == date(1980, 3, 20)
    assert solar_hijri_span(1358, 2, 3).first == solar_hijri_to_gregorian(1358, 2, 3)
    assert bikram_sambat_span(2040).first.year + 1 == bikram_sambat_span(2040).last.year


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: solar_hijri_to_gregorian(1177, 1, 1), r"year must be 1178\.\.1633"),
        (lambda: solar_hijri_to_gregorian(1400, 12, 30), r"day must be 1\.\.29"),
        (lambda: solar_hijri_to_gregorian(1400, 13, 1), r"month must be 1\.\.12"),
        (lambda: solar_hijri_span(1400, 0), r"month must be 1\.\.12"),
        (lambda: solar_hijri_span(1400, None, 3), "day is given without a month"),
        (lambda: bikram_sambat_to_gregorian(1969, 1, 1), r"year must be 1970\.\.2100"),
        (lambda: bikram_sambat_to_gregorian(2080, 1, 32), r"day must be 1\.\.31"),
        (lambda: bikram_sambat_span(2080, 13), r"month must be 1\.\.12"),
        (lambda: gregorian_to_bikram_sambat(date(1913, 4, 12)), "day must be 1913-04-13"),
        (lambda: gregorian_to_solar_hijri(date(1600, 1, 1)), "day must be "),
    ],
)
def test_calendars_name_field_and_range_when_one_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
