"""Rows of an export: plain columns, no formulas, and until when they may be kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.access.federation import Federation
from gateway.cli.exporting import COLUMNS, flatten, guard_cell, keep_until
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from tests.kit.signed import make_federation

ENTRY = Entry(
    kind=Kind.OUTCOME,
    time=datetime(2026, 11, 21, tzinfo=UTC),
    side=Side.HUB,
    member="HUB",
    search_id="ab" * 16,
    requester_member="KAZ",
    banks=("KAZ/persons", "TUR/persons"),
    states=(BankOutcome(bank="KAZ/persons", state="no_hit"),),
)


def test_lists_become_words_and_structures_become_json():
    row = flatten({"index": 3, **ENTRY.as_json()})
    assert tuple(row) == COLUMNS
    assert row["banks"] == "KAZ/persons TUR/persons"
    assert '"state": "no_hit"' in row["states"]
    assert (row["index"], row["opened"]) == (3, None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_text_is_never_a_formula(text):
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["plain", 7, None, ""])
def test_what_is_no_formula_stays_as_it_is(value):
    assert guard_cell(value) == value


def test_entry_is_kept_as_long_as_its_requesters_member_says():
    federation = make_federation()
    assert keep_until(ENTRY, federation) == ENTRY.time + timedelta(days=1_096 + 31)
    members = tuple(m.model_copy(update={"retention_days": 31}) for m in federation.members)
    hub = federation.hub
    short = Federation(id=federation.id, ca=federation.ca, hub=hub, members=members)
    assert keep_until(ENTRY, short) == ENTRY.time + timedelta(days=62)
