"""Parts of nodes are read strictly; the whole runs in tests/integration/test_comparison.py."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from gateway.hub.compare import PATIENCE, Comparison, _read
from gateway.hub.link import LinkError
from gateway.ledger.kinds import Kind
from kalkan.v1 import audit_service_pb2 as audit
from kalkan.v1 import model_pb2 as model

PART = {"kind": "INTENT", "time": "2026-11-21T08:00:00.000000Z", "banks": ["KAZ/persons"]}


def test_node_speaks_for_itself_whatever_it_says():
    read = _read(json.dumps({**PART, "member": "TUR", "side": "hub"}).encode(), "KAZ")
    assert (read["member"], read["side"]) == ("KAZ", "node")


@pytest.mark.parametrize(
    "part", [b"", b"[]", b"7", b'{"kind": "INTENT"}', json.dumps({**PART, "time": 7}).encode()]
)
def test_what_is_no_part_is_refused(part):
    with pytest.raises((ValueError, TypeError, KeyError)):
        _read(part, "KAZ")
    with pytest.raises(ValueError, match="another"):
        _read(json.dumps(PART).encode(), "TUR")


class Away:
    """A node that cannot be reached."""

    async def comparable(self, request, timeout_s):
        raise LinkError(model.BANK_STATE_UNAVAILABLE)


class Empty:
    """A node that has nothing."""

    async def comparable(self, request, timeout_s):
        return audit.ListComparableResponse()


async def test_node_that_is_away_is_waited_for_and_no_longer(hub):
    hub.directory.links = {"GEO": Empty(), "KAZ": Away(), "TUR": Empty()}
    comparison = Comparison(hub.directory, hub.recorder, hub.folder, hub.clock)
    hub.clock.advance(60)
    for bank in ("KAZ/persons", "TUR/persons"):
        facts = {"search_id": f"{len(bank):032x}", "banks": (bank,)}
        facts["search_id"] = bank.encode().hex().ljust(32, "0")[:32]
        await hub.recorder.write(Kind.INTENT, facts)
    hub.clock.advance(60)
    await comparison.look()
    assert [a.member for a in comparison.alarms] == [""]  # TUR's search alone: never ended
    hub.clock.advance((PATIENCE + timedelta(seconds=1)).total_seconds())
    await comparison.look()
    assert [a.alarm for a in comparison.alarms] == ["unfinished", "unfinished"]
    assert [e.action for e in hub.entries() if e.kind is Kind.ADMIN] == ["alarm_unfinished"] * 2
