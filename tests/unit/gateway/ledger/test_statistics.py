"""A month of a ledger in numbers, counted by hand beside it."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from gateway.ledger.statistics import BankCount, Month, count_month

NOVEMBER = Month(2026, 11)
START = datetime(2026, 11, 3, 12, tzinfo=UTC)


def entry(kind=Kind.OUTCOME, time=START, **facts):
    facts.setdefault("search_id", "a" * 32)
    facts.setdefault("requester_member", "KAZ")
    if kind is Kind.OUTCOME:
        facts = {"purpose": "terrorism", "probe": "person", **facts}
    return Entry(kind=kind, time=time, side=Side.HUB, member="HUB", **facts)


def ended(bank, state, hits=0, ms=10, rule=""):
    return BankOutcome(bank=bank, state=state, hits=hits, elapsed_ms=ms, rule=rule)


def test_searches_are_counted_by_who_why_and_when():
    entries = [
        entry(states=(ended("KAZ/a", "answered", 2), ended("TUR/a", "no_hit"))),
        entry(requester_member="TUR", purpose="border_control", time=START + timedelta(days=1)),
        entry(states=(ended("KAZ/a", "timed_out"),)),
        entry(Kind.INTENT),
    ]
    counted = count_month(entries, NOVEMBER)
    assert (counted.searches, counted.found, counted.incomplete) == (3, 1, 1)
    assert counted.members == {"KAZ": 2, "TUR": 1}
    assert counted.purposes == {"terrorism": 2, "border_control": 1}
    assert counted.days == {date(2026, 11, 3): 2, date(2026, 11, 4): 1}
    assert (counted.side, counted.member) == ("hub", "HUB")


def test_batch_is_one_search_with_many_probes():
    states = (ended("XPO/documents", "answered", 1),)
    batch = [entry(probe="document", probe_index=n, states=states) for n in range(3)]
    counted = count_month(batch, NOVEMBER)
    assert (counted.searches, counted.probes, counted.kinds["document"]) == (1, 3, 3)
    assert counted.banks["XPO/documents"].states == {"answered": 1}


def test_other_months_do_not_count():
    edges = [datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)]
    assert count_month([entry(time=time) for time in edges], NOVEMBER).searches == 0


def test_refusals_are_counted_by_rule_and_by_reason():
    entries = [
        entry(states=(ended("KAZ/a", "refused", rule="kaz.purpose"),)),
        entry(Kind.REFUSAL, reason="TOKEN_EXPIRED"),
        entry(Kind.REFUSAL, reason="POLICY_REFUSED", rule="hub.auditor"),
        entry(Kind.REFUSAL, states=(ended("KAZ/a", "refused", rule="kaz.purpose"),)),
    ]
    counted = count_month(entries, NOVEMBER)
    assert counted.rules == {"kaz.purpose": 2, "hub.auditor": 1}
    assert counted.refused == {"TOKEN_EXPIRED": 1, "POLICY_REFUSED": 1}


def test_troubles_are_counted_by_kind():
    kinds = (Kind.MALFORMED, Kind.MALFORMED, Kind.OVERSIZED, Kind.CANCELLED, Kind.RECOVERED)
    counted = count_month([entry(kind) for kind in kinds], NOVEMBER)
    assert counted.troubles == {"malformed": 2, "oversized": 1, "cancelled": 1, "recovered": 1}


def test_bank_is_available_where_it_searched_when_it_was_to():
    count = BankCount()
    for state in ("answered", "no_hit", "no_hit", "refused", "not_capable", "faulty"):
        count.add(ended("KAZ/a", state, ms=40))
    assert (count.searched, count.hit_rate, count.availability) == (3, 1 / 3, 3 / 4)


def test_bank_that_was_never_to_search_has_no_shares():
    count = BankCount()
    count.add(ended("KAZ/a", "refused"))
    assert (count.hit_rate, count.availability, count.quantiles_ms) == (None, None, None)


@given(st.lists(st.integers(0, 30_000), min_size=1))
def test_times_are_those_of_searches_alone_and_in_order(times):
    count = BankCount()
    for ms in times:
        count.add(ended("KAZ/a", "no_hit", ms=ms))
        count.add(ended("KAZ/a", "timed_out", ms=99_999))
    median, high = count.quantiles_ms
    assert min(times) <= median <= high <= max(times)


def test_median_and_95th_centile_are_those_of_the_times():
    count = BankCount()
    for ms in range(101):
        count.add(ended("KAZ/a", "answered", hits=2, ms=ms))
    assert count.quantiles_ms == (50, 95)
    assert count.hits == 202


@given(st.integers(1, 9998), st.integers(1, 12))
def test_month_has_its_days_and_no_other(year, number):
    month = Month(year, number)
    assert len(month.days) == monthrange(year, number)[1]
    assert all((day.year, day.month) == (year, number) for day in month.days)
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("text", ["2026", "2026-13", "11-2026", "2026-11-01", "", "٢٠٢٦-11x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the library says
        Month.parse(text)
