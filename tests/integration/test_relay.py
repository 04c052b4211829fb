"""Client, hub, a node in front, the owner's node behind it: the officer's question goes through.

The owner behind checks the officer, decides, records and signs as if the hub had called it.
"""

import asyncio
from dataclasses import replace

import pytest

from gateway.client import BankEnd
from gateway.ledger.kinds import Kind
from gateway.node.bank import Bank
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from tests.kit.relay import BANK, BEHIND, build_relay
from tests.kit.world import ask


@pytest.fixture
async def world(tmp_path):
    world = build_relay(tmp_path / "home")
    yield world
    await world.stop()


async def start(world):
    await world.start(BEHIND, "KAZ", "TUR")
    return await world.client()


async def search(client, question=None):
    """Ask, and tell how the bank behind ended, with the search's id."""
    events = await client.search_once(question or ask())
    [end] = [event for event in events if isinstance(event, BankEnd) and event.bank == BANK]
    return end, events[0].search_id


async def test_record_of_the_owner_behind_comes_through_whole_and_labelled(world):
    end, _ = await search(await start(world))
    assert end.state == "answered"
    [hit] = end.answer.hits
    record = hit.record
    assert (record.owner, record.bank, record.reference) == ("KAZ", BANK, "KZ-1")
    assert list(record.warnings) == [model.WARNING_ARMED]
    assert record.action == model.ACTION_ARREST
    assert record.handling == model.Handling(
        tlp=model.TLP_AMBER, europol=[model.EUROPOL_CODE_H1], confirm_first=True
    )
    fields = {field.field: field for field in record.fields}
    assert fields[model.FIELD_NAME_NAME].name.full == "Рустам Каримов"
    assert fields[model.FIELD_NAME_BIRTH_DATE].date == model.PartialDate(year=1984, month=5, day=1)
    assert fields[model.FIELD_NAME_IDENTIFIER].handling.tlp == model.TLP_RED
    assert end.answer.as_of_time.ToJsonString() == "2026-11-01T00:00:00Z"
    assert {reason.field for reason in hit.reasons} == {model.FIELD_NAME_NAME}


async def test_officer_of_another_member_is_known_to_the_owner_behind_by_a_notice(world):
    world.add_client("turk", "TUR", ("investigator",))
    await start(world)
    end, _ = await search(await world.client("turk"))
    assert (end.state, len(end.answer.hits)) == ("answered", 1)


async def test_name_in_another_script_finds_the_record_behind(world):
    end, _ = await search(await start(world), ask("Rustam Karimov"))
    assert [hit.record.reference for hit in end.answer.hits] == ["KZ-1"]


async def test_both_ledgers_hold_the_same_search_and_the_same_question(world):
    _, search_id = await search(await start(world))
    told = {}
    for side in ("HUB", "KAZ", BEHIND):
        entries = [entry for entry in world.entries(side) if entry.search_id == search_id]
        assert [entry.kind for entry in entries] == [Kind.INTENT, Kind.OUTCOME], side
        told[side] = {(e.query_sha256, e.nonce) for e in entries}
    assert told["KAZ"] == told[BEHIND] == told["HUB"]
    assert len(told["HUB"]) == 1


async def test_refusal_of_the_owner_behind_reaches_the_officer_in_the_owner_s_words(world):
    client = await start(world)
    probe = document(number="N10000001")
    end, search_id = await search(client, ask(purpose="stolen_property", probe=probe))
    assert end.state == "refused"
    assert (end.rule, end.text) == ("kaz.secret", "This purpose is not served here.")
    assert end.contact == "Office"
    kinds = [e.kind for e in world.entries(BEHIND) if e.search_id == search_id]
    assert kinds == [Kind.REFUSAL]
    [outcome] = [e for e in world.entries("KAZ") if e.search_id == search_id][1:]
    assert [(s.state, s.rule, s.hits) for s in outcome.states] == [("refused", "kaz.secret", 0)]


@pytest.mark.parametrize("granularity", ["exists", "count", "reference"])
@pytest.mark.parametrize("name", ["Рустам Каримов", "Somebody Unheard"])
async def test_less_than_records_is_refused_hit_or_no_hit(world, granularity, name):
    end, _ = await search(await start(world), ask(name, granularity=granularity))
    assert (end.state, end.rule, end.contact) == (
        *("refused", "relay.granularity"),
        "Office in front",
    )
    assert "Ask for records" in end.text


@pytest.mark.parametrize("name", ["Рустам Каримов", "Somebody Unheard"])
async def test_owner_behind_who_gives_less_is_not_told_as_a_hit(world, name):
    path = world.home / "nodes" / BEHIND / "policy.cedar"
    policy = path.read_text(encoding="utf-8")
    path.write_text(policy.replace('@id("kaz.all")', '@id("kaz.all")\n@granularity("count")'))
    end, _ = await search(await start(world), ask(name))
    assert (end.state, end.rule) == ("refused", "relay.granularity")


async def test_owner_behind_who_is_late_is_told_to_be_late(world, monkeypatch):
    client = await start(world)
    find = Bank.search

    async def hang(self, probe, limits):
        if self.capability.engine.startswith("sql"):
            await asyncio.Event().wait()
        return await find(self, probe, limits)

    monkeypatch.setattr(Bank, "search", hang)
    end, _ = await search(client, ask(deadline_s=4.0))
    assert end.state == "timed_out"
    monkeypatch.undo()
    end, _ = await search(client)
    assert end.state == "answered"


async def test_owner_behind_who_is_away_is_unavailable_and_comes_back(world):
    client = await start(world)
    await world.stop_node(BEHIND)
    end, _ = await search(client)
    assert end.state == "unavailable"
    await world.start_node(BEHIND)
    end, _ = await search(client)
    assert end.state == "answered"


async def test_front_starts_without_the_node_behind_and_finds_it_later(world):
    await world.start("KAZ", "TUR")
    client = await world.client()
    end, _ = await search(client)
    assert end.state == "unavailable"
    await world.start_node(BEHIND)
    end, _ = await search(client)
    assert [hit.record.reference for hit in end.answer.hits] == ["KZ-1"]


async def test_batch_is_one_search_behind(world):
    client = await start(world)
    numbers = ("N10000001", "N99999999", "N10000002")
    question = replace(ask(), targets=(BANK,), purpose="border_control")
    checked = await client.check_documents(question, [document(number=n) for n in numbers])
    [end] = checked.banks
    found = [(hit.probe_index, hit.record.reference) for hit in end.answer.hits]
    assert found == [(0, "KZ-1"), (2, "KZ-2")]
    entries = [e for e in world.entries(BEHIND) if e.search_id == checked.search_id]
    assert [entry.kind for entry in entries].count(Kind.INTENT) == 1
