"""Parts of nodes are read strictly; the whole runs in tests/integration/test_comparison.py."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, timedelta

import pytest

from gateway.hub import compare
from gateway.hub.compare import MAX_ALARMS, MAX_PAGES, PATIENCE, SETTLED, SKEW, Comparison, _read
from gateway.hub.link import LinkError
from gateway.ledger.kinds import Kind
from gateway.ledger.twin import Finding
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


class Told:
    """A node that tells pages, or fails, and remembers what it was asked."""

    def __init__(self, *pages, error=None):
        self.pages = pages
        self.error = error
        self.asked = []

    async def comparable(self, request, timeout_s):
        self.asked.append((request.start_index, request.start_time.ToDatetime(tzinfo=UTC)))
        if self.error is not None:
            raise self.error
        entries = self.pages[request.start_index : request.start_index + 1]
        following = min(request.start_index + 1, len(self.pages))
        return audit.ListComparableResponse(entries=entries, next_index=following)


def compare_with(hub, node):
    hub.directory.links = {"KAZ": node}
    return Comparison(hub.directory, hub.recorder, hub.folder, hub.clock)


def test_figures_are_those_that_the_pages_tell():
    assert (timedelta(minutes=10), timedelta(seconds=10)) == (PATIENCE, SETTLED - SKEW)
    assert (MAX_ALARMS, MAX_PAGES) == (64, 100)


async def test_node_is_read_to_its_end_from_where_the_hub_began(hub):
    parts = [json.dumps({**PART, "search_id": f"{n:032x}"}).encode() for n in range(3)]
    node = Told(*parts)
    comparison = compare_with(hub, node)
    began = hub.clock.now()
    hub.clock.advance(1)
    await comparison.look()
    await comparison.look()
    assert [index for index, _ in node.asked] == [0, 1, 2, 3, 3]
    assert {time for _, time in node.asked} == {began}
    assert comparison.alarms.maxlen == 64


@pytest.mark.parametrize("state", [model.BANK_STATE_REFUSED, model.BANK_STATE_FAULTY])
async def test_node_that_declines_is_told_once_and_asked_no_more(hub, state):
    node = Told(error=LinkError(state))
    comparison = compare_with(hub, node)
    await comparison.look()
    await comparison.look()
    (alarm,) = comparison.alarms
    assert (alarm.alarm, alarm.member, alarm.bank) == ("declined", "KAZ", "")
    assert alarm.time.ToDatetime(tzinfo=UTC) == hub.clock.now()
    assert len(node.asked) == 1


@pytest.mark.parametrize("part", [b"", b"[]", b'{"kind": "INTENT"}'])
async def test_node_that_tells_nonsense_is_told_once_and_asked_no_more(hub, part):
    node = Told(part)
    comparison = compare_with(hub, node)
    await comparison.look()
    await comparison.look()
    assert [alarm.alarm for alarm in comparison.alarms] == ["unreadable"]
    assert len(node.asked) == 1


async def test_alarm_about_what_cannot_be_written_is_written_without_it(hub):
    comparison = compare_with(hub, Empty())
    finding = Finding("hub_missing", "no id", "KAZ/persons", "text")
    await comparison._raise_alarm(finding, hub.clock.now())
    (entry,) = hub.entries()
    assert (entry.action, entry.search_id, entry.banks) == ("alarm_hub_missing", "", ())
    assert [alarm.bank for alarm in comparison.alarms] == ["KAZ/persons"]


async def test_fault_ends_one_round_and_not_the_comparison(hub, monkeypatch, caplog):
    monkeypatch.setattr(compare, "EVERY_S", 0)
    comparison = compare_with(hub, Empty())
    rounds, third = [], asyncio.Event()

    async def look():
        rounds.append(len(rounds))
        if len(rounds) == 3:
            third.set()
        raise OSError("a path with a name")

    monkeypatch.setattr(comparison, "look", look)
    running = asyncio.create_task(comparison.run())
    await asyncio.wait_for(third.wait(), 60)
    running.cancel()
    await asyncio.wait([running])
    assert "could not be compared: OSError" in caplog.text
    assert "a path" not in caplog.text
