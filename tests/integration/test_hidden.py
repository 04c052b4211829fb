"""A hidden bank in a running federation: its hits are another's, or it leaves no sign at all."""

from __future__ import annotations

import pytest

from gateway.client import BankEnd
from tests.kit.hidden import hide_bank
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


async def search(world, name="Рустам Каримов"):
    client = await world.client()
    events = await client.search_once(ask(name))
    return {event.bank: event for event in events if isinstance(event, BankEnd)}, events


async def test_hit_of_a_hidden_bank_is_one_of_the_visible_bank(world):
    hide_bank(world, "KAZ", withheld=False)
    await world.start()
    ends, _ = await search(world)
    assert [hit.record.reference for hit in ends["KAZ/persons"].answer.hits] == ["KZ-1"]
    assert {hit.record.bank for hit in ends["KAZ/persons"].answer.hits} == {"KAZ/persons"}


async def test_withheld_hidden_bank_is_in_no_message_ledger_or_file_but_its_owners(world):
    hide_bank(world, "KAZ", withheld=True)
    await world.start()
    ends, events = await search(world)
    assert ends["KAZ/persons"].state == "no_hit"
    assert ends["KAZ/persons"].answer.ByteSize() == 1_024
    client = await world.client()
    told = await client.federation()
    for text in (repr(events), repr(told), repr(world.entries()), repr(world.entries("KAZ"))):
        assert "special" not in text
    await world.stop()  # files of a ledger come and go while it is written
    for path in (world.home / "hub").rglob("*"):
        assert not path.is_file() or b"special" not in path.read_bytes()
