"""Where an inspector goes, what it sends and what it gives; more servers in tests/integration."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.auditing.request import read_listing
from gateway.errors import InputError, RefusedError, UnreachableError
from gateway.inspector import Inspector, _address_of, _write
from gateway.ledger.custody import KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.filter import Filter
from gateway.ledger.seal import key_id_of
from gateway.settings import ClientSettings
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.signed import make_federation
from tests.kit.world import ask, build_world

PATH = Path("x")
SETTINGS = ClientSettings(federation=PATH, certificate=PATH, key=PATH, query_key=PATH, token=PATH)


def test_hub_and_nodes_are_reached_by_the_federation_file():
    federation = make_federation()
    assert _address_of(federation, SETTINGS, "hub") == (federation.hub.address, "localhost")
    kaz = federation.member("KAZ")
    assert _address_of(federation, SETTINGS, "kaz") == (kaz.node, kaz.node_name)
    with pytest.raises(InputError):
        _address_of(federation, SETTINGS, "XXX")


def test_server_reads_the_filter_that_was_meant():
    time = datetime(2026, 11, 1, tzinfo=UTC)
    texts = {"who": "a", "bank": "KAZ/persons", "purpose": "p", "rule": "r", "state": "no_hit"}
    more = {"search_id": "ab" * 16, "requester_member": "KAZ", "kind": "INTENT", "probe": "person"}
    wanted = Filter(**texts, **more, since=time, until=time)
    assert read_listing(wire.ListEntriesRequest(filter=_write(wanted))).filter == wanted


@pytest.fixture
async def world(tmp_path, monkeypatch):
    """A federation in which one question was asked."""
    monkeypatch.setattr("gateway.inspector.CALL_S", 60.0)
    world = build_world(tmp_path / "home", ("KAZ",))
    await world.start()
    await (await world.client()).search_once(ask())
    yield world
    await world.stop()


async def test_all_pages_are_read_in_both_orders_up_to_a_limit(world, monkeypatch):
    stored = [entry.encode() for entry in world.entries()]
    async with Inspector(world.settings("auditor")) as inspector:
        for page in (1, 2, 3, 100):
            monkeypatch.setattr("gateway.inspector.PAGE", page)
            wanted = Filter(purpose="terrorism")
            forth = [pair async for pair in inspector.entries(wanted)]
            back = [pair async for pair in inspector.entries(wanted, newest_first=True)]
            assert back == forth[::-1]
            assert [data for _, data in forth] == [stored[index] for index, _ in forth]
            assert [parse_entry(data).kind for _, data in forth] == ["INTENT", "OUTCOME"]
            assert [pair async for pair in inspector.entries(wanted, 1)] == forth[:1]
            assert [pair async for pair in inspector.entries(wanted, 0)] == []


async def test_entry_part_and_key_come_as_they_lie(world):
    index = next(i for i, entry in enumerate(world.entries()) if entry.kind == "INTENT")
    async with Inspector(world.settings("auditor"), "hub") as inspector:
        entry = parse_entry(await inspector.entry(index))
        assert entry == world.entries()[index]
        sealed = await inspector.part(index, "TUR")  # another member's cannot be asked for
        assert sealed == entry.sealed["KAZ"]
        key = next(key for key in await inspector.keys() if key[2] == key_id_of(sealed))
        wrapped = await inspector.wrapped(key, "a complaint")
    assert wrapped == KeyFolder(world.home / "hub" / "ledger").read(*key)


async def test_refusal_and_silence_are_told_as_such(world):
    async with Inspector(world.settings("officer"), "KAZ") as inspector:
        for call in (inspector.entry(0), anext(inspector.entries(Filter()))):
            with pytest.raises(RefusedError) as caught:
                await call
            assert caught.value.metadata["rule"] == "ledger.auditor"
    await world.stop_hub()
    async with Inspector(world.settings("auditor")) as inspector:
        for call in (inspector.keys(), anext(inspector.entries(Filter()))):
            with pytest.raises(UnreachableError):
                await call
