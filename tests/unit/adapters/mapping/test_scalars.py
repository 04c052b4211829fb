from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import DateSpan, PartialDate
from adapters.mapping.scalars import can_send, read_day, read_instant, read_parts, read_text
from adapters.matching.calendars import gregorian_to_bikram_sambat, gregorian_to_solar_hijri


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  a b ", "a b"),
        (1234.0, "1234"),
        (12.5, "12.5"),
        (float("nan"), "nan"),
        (1e22, "10000000000000000000000"),
        (Decimal("7.00"), "7"),
        (True, "true"),
        (7, "7"),
        (b" \xd0\x90 ", "А"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3, tzinfo=UTC), "2020-01-02T03:00:00+00:00"),
    ],
)
def test_read_text_writes_what_a_clerk_would_read(value, text):
    assert read_text(value) == text


@pytest.mark.parametrize("value", [b"\xff", object()])
def test_read_text_refuses_what_is_no_text(value):
    with pytest.raises(ValueError, match=r"not a single value|codec"):
        read_text(value)


@pytest.mark.parametrize(
    ("value", "formats", "calendar", "found"),
    [
        (None, ("iso",), "gregorian", None),
        (" ", ("iso",), "gregorian", None),
        (date(1980, 2, 3), ("DD.MM.YYYY",), "solar_hijri", PartialDate(1980, 2, 3)),
        ("1980-02-03 00:00:00", ("iso",), "gregorian", PartialDate(1980, 2, 3)),
        ("03.02.1980", ("DD.MM.YYYY",), "gregorian", PartialDate(1980, 2, 3)),
        ("1980", ("YYYY",), "gregorian", PartialDate(1980)),
        (1980.0, ("YYYY",), "gregorian", PartialDate(1980)),
        ("19800203", ("iso", "YYYYMMDD"), "gregorian", PartialDate(1980, 2, 3)),
        ("۱۳۶۱/۰۲/۳۱", ("YYYY/MM/DD",), "solar_hijri", PartialDate(1982, 5, 21)),
        ("13610231", ("YYYYMMDD",), "solar_hijri", PartialDate(1982, 5, 21)),
        (
            "۱۳۶۵/۰۴",
            ("YYYY/MM/DD",),
            "solar_hijri",
            DateSpan(date(1986, 6, 22), date(1986, 7, 22)),
        ),
        (
            "०८.२०५६",
            ("DD.MM.YYYY",),
            "bikram_sambat",
            DateSpan(date(1999, 11, 17), date(1999, 12, 15)),
        ),
        (
            "1361",
            ("YYYY/MM/DD",),
            "solar_hijri",
            DateSpan(date(1982, 3, 21), date(1983, 3, 20)),
        ),
        ("२०३९-०१-०१", ("YYYY-MM-DD",), "bikram_sambat", PartialDate(1982, 4, 14)),
    ],
)
def test_read_day_reads(value, formats, calendar, found):
    assert read_day(value, formats, calendar) == found


@pytest.mark.parametrize("text", ["32.01.1980", "nonsense", "1361/13/01", "0000-00-00"])
@pytest.mark.parametrize("calendar", ["gregorian", "solar_hijri", "bikram_sambat"])
def test_read_day_refuses_what_is_no_date(text, calendar):
    with pytest.raises(ValueError, match=r"date|month|year|day"):
        read_day(text, ("iso", "DD.MM.YYYY", "YYYY/MM/DD"), calendar)


@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)))
def test_read_day_converts_other_calendars_to_the_same_day(day):
    whole = PartialDate(day.year, day.month, day.day)
    for calendar, convert in (
        ("solar_hijri", gregorian_to_solar_hijri),
        ("bikram_sambat", gregorian_to_bikram_sambat),
    ):
        year, month, of_month = convert(day)
        assert read_day(f"{of_month:02}.{month:02}.{year}", ("DD.MM.YYYY",), calendar) == whole
        assert read_parts((year, str(month), float(of_month)), calendar) == whole


def test_read_parts_takes_zero_and_nothing_as_unknown():
    assert read_parts((1980, 0, None), "gregorian") == PartialDate(1980)
    assert read_parts((1980, None, 5), "gregorian") == PartialDate(1980)
    assert read_parts(("", 5, 5), "gregorian") is None


def test_read_instant_is_always_aware():
    tashkent = timezone(timedelta(hours=5))
    assert read_instant("2026-01-02T03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read_instant("2026-01-02T03:04:05+05:00").tzinfo == tashkent
    assert read_instant(date(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)
    assert read_instant(None) is None


@pytest.mark.parametrize(("text", "sent"), [("Айгүл", True), ("", True), ("\ud800", False)])
def test_half_a_surrogate_pair_cannot_be_sent(text, sent):
    assert can_send(text) is sent
