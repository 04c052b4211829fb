"""Partial dates: adapters/matching/dates.py."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.dates import (
    FORMATS,
    DateSpan,
    PartialDate,
    compare_dates,
    parse_date,
    rules_out,
)

days = st.dates().map(lambda d: PartialDate(d.year, d.month, d.day))
partial = st.one_of(
    days,
    st.builds(PartialDate, st.integers(1, 9999)),
    st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12)),
)
WRITTEN = {
    "YYYY-MM-DD": "{0:04}-{1:02}-{2:02}",
    "YYYY/MM/DD": "{0:04}/{1:02}/{2:02}",
    "DD.MM.YYYY": "{2:02}.{1:02}.{0:04}",
    "DD/MM/YYYY": "{2:02}/{1:02}/{0:04}",
    "DD-MM-YYYY": "{2:02}-{1:02}-{0:04}",
    "MM/DD/YYYY": "{1:02}/{2:02}/{0:04}",
    "YYYYMMDD": "{0:04}{1:02}{2:02}",
    "DDMMYYYY": "{2:02}{1:02}{0:04}",
}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((0, None, None), r"year must be 1\.\.9999"),
        ((10_000, None, None), r"year must be 1\.\.9999"),
        ((1980, 13, None), r"month must be 1\.\.12"),
        ((1980, 0, None), r"month must be 1\.\.12"),
        ((1981, 2, 29), r"day must be 1\.\.28"),
        ((1980, None, 3), "day is given without a month"),
    ],
)
def test_partial_date_names_field_and_range_when_one_is_wrong(parts, message):
    with pytest.raises(ValueError, match=message):
        PartialDate(*parts)


def test_date_span_refuses_an_end_before_its_start():
    with pytest.raises(ValueError, match="before its first"):
        DateSpan(date(1980, 1, 2), date(1980, 1, 1))


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        (PartialDate(1980), date(1980, 1, 1), date(1980, 12, 31)),
        (PartialDate(1980, 2), date(1980, 2, 1), date(1980, 2, 29)),
        (PartialDate(1980, 2, 3), date(1980, 2, 3), date(1980, 2, 3)),
    ],
)
def test_span_covers_what_is_unknown(value, first, last):
    assert value.span == DateSpan(first, last)


@given(st.dates())
@pytest.mark.parametrize("fmt", sorted(WRITTEN))
def test_parse_date_reads_whole_dates_back(fmt, day):
    text = WRITTEN[fmt].format(day.year, day.month, day.day)
    assert parse_date(text, fmt) == PartialDate(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("text", "fmt", "value"),
    [
        ("1975", "YYYY-MM-DD", PartialDate(1975)),
        ("1975-04", "YYYY-MM-DD", PartialDate(1975, 4)),
        ("1975-00-00", "YYYY-MM-DD", PartialDate(1975)),
        ("00.00.1975", "DD.MM.YYYY", PartialDate(1975)),
        ("00.04.1975", "DD.MM.YYYY", PartialDate(1975, 4)),
        ("15.00.1975", "DD.MM.YYYY", PartialDate(1975)),
        ("4.1975", "DD.MM.YYYY", PartialDate(1975, 4)),
        ("19750400", "YYYYMMDD", PartialDate(1975, 4)),
        ("1975", "YYYY", PartialDate(1975)),
        ("3 apr 1975", "DD MON YYYY", PartialDate(1975, 4, 3)),
        ("03-April-1975", "DD MON YYYY", PartialDate(1975, 4, 3)),
        ("APR 1975", "DD MON YYYY", PartialDate(1975, 4)),
        ("۱۳۵۸-۰۱-۰۱", "YYYY-MM-DD", PartialDate(1358, 1, 1)),
        ("०३/०४/१९७५", "DD/MM/YYYY", PartialDate(1975, 4, 3)),
        (" 1975-04-03T00:00:00Z", "YYYY-MM-DD", PartialDate(1975, 4, 3)),
        ("1975-04-03 10:20", "YYYY-MM-DD", PartialDate(1975, 4, 3)),
    ],
)
def test_parse_date_reads_partial_dates_in_any_digits(text, fmt, value):
    assert parse_date(text, fmt) == value


@pytest.mark.parametrize("text", ["", "x", "1975-1-1-1", "19750403 ", "31.02.1975", "\x00", "²⁰²⁰"])
def test_parse_date_refuses_other_texts_without_repeating_them(text):
    with pytest.raises(ValueError, match=r"date does not follow|must be") as caught:
        parse_date(text, "DD.MM.YYYY")
    assert not text.strip() or text not in str(caught.value)


def test_parse_date_refuses_a_format_that_is_not_declared():
    with pytest.raises(ValueError, match="date format must be one of"):
        parse_date("1975", "%Y")


@given(st.text(max_size=40), st.sampled_from(sorted(FORMATS)))
def test_parse_date_raises_nothing_but_value_error(text, fmt):
    with suppress(ValueError):
        assert isinstance(parse_date(text, fmt), PartialDate)


@pytest.mark.parametrize(
    ("query", "value", "verdict"),
    [
        (PartialDate(1975, 4, 3), PartialDate(1975, 4, 3), "equal"),
        (PartialDate(1975), PartialDate(1975, 4, 3), "compatible"),
        (PartialDate(1975, 4), PartialDate(1975), "compatible"),
        (PartialDate(1975), PartialDate(1975), "compatible"),
        (PartialDate(1975, 4, 3), PartialDate(1975, 3, 4), "swapped"),
        (PartialDate(1975, 4, 3), PartialDate(1975, 4, 8), "near"),
        (PartialDate(1975, 4, 3), PartialDate(1976, 4, 3), "near"),
        (PartialDate(1975, 4, 3), PartialDate(1985, 4, 3), "near"),
        (PartialDate(1979), PartialDate(1980, 5, 6), "near"),
        (PartialDate(1975, 4, 3), PartialDate(1985, 4, 8), "contradicts"),
        (PartialDate(1975, 4), PartialDate(1975, 6), "contradicts"),
        (PartialDate(1975), PartialDate(1991), "contradicts"),
        (DateSpan(date(1979, 3, 21), date(1980, 3, 20)), PartialDate(1980), "compatible"),
        (DateSpan(date(1979, 3, 21), date(1980, 3, 20)), PartialDate(1980, 3, 1), "compatible"),
        (DateSpan(date(1979, 3, 21), date(1980, 3, 20)), PartialDate(1978), "near"),
        (DateSpan(date(1979, 3, 21), date(1980, 3, 20)), PartialDate(1980, 4, 1), "contradicts"),
        (DateSpan(date(1975, 4, 3), date(1975, 4, 3)), PartialDate(1975, 4, 3), "equal"),
    ],
)
def test_compare_dates_tells_the_ways_of_differing_apart(query, value, verdict):
    assert compare_dates(query, value)[0] == verdict


@given(partial, partial)
def test_compare_dates_is_symmetric_and_bounded(one, other):
    verdict, factor = compare_dates(one, other)
    assert compare_dates(other, one) == (verdict, factor)
    assert 0.0 <= factor <= 1.0


@given(partial)
def test_compare_dates_never_contradicts_itself_or_its_span(value):
    assert compare_dates(value, value)[0] in {"equal", "compatible"}
    assert compare_dates(value.span, value)[0] in {"equal", "compatible"}


def test_compare_dates_orders_its_factors():
    query = PartialDate(1975, 4, 3)
    others = [query, PartialDate(1975), PartialDate(1975, 3, 4), PartialDate(1975, 4, 8)]
    factors = [compare_dates(query, other)[1] for other in [*others, PartialDate(1990)]]
    assert factors == sorted(factors, reverse=True)
    assert len(set(factors)) == len(factors)


@given(st.one_of(days, partial), st.lists(st.one_of(days, partial), max_size=4))
def test_date_rules_out_where_all_are_whole_and_others(asked, known):
    whole = all(day.day is not None for day in known)
    inside = any(asked.span.first <= day.span.first <= asked.span.last for day in known)
    assert rules_out(asked, known) is (bool(known) and whole and not inside)
    assert not rules_out(None, known)


@given(days, partial)
def test_whom_a_comparison_does_not_contradict_only_a_slip_rules_out(asked, known):
    verdict, _ = compare_dates(asked, known)
    if rules_out(asked, [known]):
        assert verdict in {"contradicts", "near", "swapped"}
    else:
        assert known.day is None or verdict == "equal"
