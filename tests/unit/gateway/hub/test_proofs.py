"""Whose proofs are given to whom. Over the wire: tests/integration/test_witnesses.py."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from gateway.hub.proofs import _is_own
from gateway.ledger.entry import Entry, Kind, Side

ID = "0123456789abcdef" * 2
OFFICER = SimpleNamespace(officer="officer-1", member="KAZ")


def entry(kind: Kind = Kind.OUTCOME, **changes) -> Entry:
    values = {
        "search_id": ID,
        "who": "officer-1",
        "requester_member": "KAZ",
        **changes,
    }
    return Entry(
        kind=kind, time=datetime(2026, 11, 21, tzinfo=UTC), side=Side.HUB, member="HUB", **values
    )


def test_the_end_of_ones_own_search_is_given():
    assert _is_own(entry(), ID, OFFICER)


@pytest.mark.parametrize(
    "other",
    [
        entry(Kind.INTENT),
        entry(Kind.ADMIN),
        entry(who="officer-2"),
        entry(requester_member="TUR"),
        entry(search_id="f" * 32),
        entry(Kind.REFUSAL, search_id=""),
    ],
)
def test_nothing_else_is(other):
    assert not _is_own(other, ID, OFFICER)


def test_an_entry_without_a_search_is_nobodys():
    assert not _is_own(entry(Kind.REFUSAL, search_id=""), "", OFFICER)
