from datetime import UTC, datetime

import pytest

from gateway.clock import ManualClock
from gateway.ledger.entry import Entry, Kind, Side


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


@pytest.fixture
def make_entry(clock):
    """Make an entry of the search with a given number."""

    def make(number: int = 0, kind: Kind = Kind.ADMIN, **fields: object) -> Entry:
        values = {"search_id": f"{number:032x}", "time": clock.now(), "side": Side.HUB}
        return Entry(kind=kind, **{"member": "KAZ", **values, **fields})

    return make
