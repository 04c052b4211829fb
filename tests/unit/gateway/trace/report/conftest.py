"""A month with something of everything."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from gateway.ledger.statistics import Month, count_month


def outcome(number):
    states = (
        BankOutcome(bank="KAZ/persons", state="answered", hits=1, elapsed_ms=20 + number),
        BankOutcome(bank="TUR/persons", state="no_hit", elapsed_ms=30),
        BankOutcome(bank="GEO/persons", state="refused", rule="geo.purpose"),
        BankOutcome(bank="NPL/persons", state="unavailable"),
    )
    return Entry(
        kind=Kind.OUTCOME,
        time=datetime(2026, 2, 1 + number, tzinfo=UTC),
        side=Side.HUB,
        member="HUB",
        search_id=f"{number:032x}",
        purpose="border_control",
        probe="person",
        requester_member="KAZ",
        who="kaz-0417",
        states=states,
    )


@pytest.fixture
def statistics():
    refused = Entry(
        kind=Kind.REFUSAL,
        time=datetime(2026, 2, 3, tzinfo=UTC),
        side=Side.HUB,
        member="HUB",
        reason="TOKEN_EXPIRED",
    )
    return count_month([*map(outcome, range(28)), refused], Month(2026, 2))
