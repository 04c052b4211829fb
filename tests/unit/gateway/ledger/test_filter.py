"""Filters narrow, scopes forbid; both directions of reading give the same entries."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.entry import BankOutcome, parse_entry
from gateway.ledger.filter import Filter, Scope, scan, scan_back
from gateway.ledger.flusher import Limits
from gateway.ledger.kinds import Kind
from gateway.ledger.log import Ledger

SEARCHED = {
    "who": "kaz-1",
    "requester_member": "KAZ",
    "purpose": "terrorism",
    "probe": "person",
    "banks": ("KAZ/persons", "TUR/persons"),
    "states": (
        BankOutcome(bank="KAZ/persons", state="no_hit"),
        BankOutcome(bank="TUR/persons", state="refused", rule="tur.no"),
    ),
}


def stored(entry):
    return json.loads(entry.encode())


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ({}, True),
        ({"search_id": "0" * 8}, True),
        ({"search_id": "1" * 8}, False),
        ({"who": "kaz-1"}, True),
        ({"who": "kaz"}, False),
        ({"requester_member": "TUR"}, False),
        ({"purpose": "terrorism", "probe": "person", "kind": "OUTCOME"}, True),
        ({"kind": "INTENT"}, False),
        ({"bank": "TUR/persons"}, True),
        ({"bank": "GEO/persons"}, False),
        ({"state": "refused"}, True),
        ({"state": "answered"}, False),
        ({"state": "refused", "bank": "KAZ/persons"}, False),
        ({"rule": "tur.no"}, True),
        ({"rule": "tur.no", "bank": "KAZ/persons"}, False),
        ({"rule": "kaz.no"}, False),
    ],
)
def test_filter_keeps_what_holds_in_all_its_fields(make_entry, wanted, kept):
    entry = stored(make_entry(0, Kind.OUTCOME, **SEARCHED))
    assert Filter(**wanted).keeps(entry) is kept
    assert set(Filter(**wanted).names) == set(wanted)


def test_time_range_has_its_beginning_and_not_its_end(make_entry, clock):
    entry, now, later = stored(make_entry()), clock.now(), clock.now() + timedelta(microseconds=1)
    assert Filter(since=now, until=later).keeps(entry)
    assert not Filter(since=later).keeps(entry)
    assert not Filter(until=now).keeps(entry)


@pytest.mark.parametrize(
    ("kind", "facts", "opens"),
    [
        (Kind.INTENT, {"requester_member": "KAZ"}, True),
        (Kind.INTENT, {"requester_member": "TUR"}, False),
        (Kind.START, {}, True),
        (Kind.STOP, {}, True),
        (Kind.POLICY, {}, True),
        (Kind.MALFORMED, {}, False),
        (Kind.ADMIN, {}, False),
        (Kind.KEY, {"authority": "KAZ"}, True),
        (Kind.KEY, {"authority": "TUR"}, False),
    ],
)
def test_scope_opens_ones_own_and_nobodys(make_entry, kind, facts, opens):
    entry = stored(make_entry(0, kind, **facts))
    assert Scope("KAZ").opens(entry) is opens
    assert Scope("GEO", whole=True).opens(entry)


@pytest.fixture
async def folder(tmp_path, clock, make_entry):
    """A ledger of many small segments."""
    ledger = await Ledger.open(tmp_path, clock, limits=Limits(segment_bytes=600))
    for number in range(40):
        await ledger.append(make_entry(number % 4, count=number))
    await ledger.close()
    return tmp_path


def found(scanned):
    return [one for one in scanned if one is not None]


async def test_back_is_the_reverse_of_forth_from_everywhere(folder):
    for start in (0, 1, 13, 39, 40):
        forth = found(scan(folder, lambda _: True, start))
        assert [index for index, _, _ in forth] == list(range(start, 40))
        back = found(scan_back(folder, lambda _: True, start))
        assert [index for index, _, _ in back] == list(reversed(range(start)))
    assert found(scan_back(folder, lambda _: True)) == found(scan(folder, lambda _: True))[::-1]


async def test_what_is_not_kept_is_a_place_to_stop(folder):
    wanted = Filter(search_id=f"{3:032x}")
    scanned = list(scan(folder, wanted.keeps))
    assert len(scanned) == 40
    assert [parse_entry(data).count for _, data, _ in found(scanned)] == list(range(3, 40, 4))


@given(st.text(max_size=12), st.text(max_size=12))
def test_plain_fields_are_compared_exactly(one, other):
    entry = {"kind": "ADMIN", "time": "2026-11-21T08:00:00.000000Z", "who": one}
    assert Filter(who=other).keeps(entry) is (other in {"", one})
