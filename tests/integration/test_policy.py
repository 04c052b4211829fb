"""Policies over real gRPC: three layers, records released by policy, changes while nodes serve."""

from __future__ import annotations

import asyncio

import pytest

from gateway.client import BankEnd, Ended
from gateway.ledger.kinds import Kind
from kalkan.v1 import model_pb2 as model
from tests.kit.world import ask, build_world

ASKING = """
@id("kaz.asking.all")
permit (principal, action, resource);

@id("kaz.asking.victims")
@text("Victims are not told abroad.")
@contact("National Contact Point")
forbid (principal, action, resource)
when { context.person_category == Kalkan::PersonCategory::"victim" && resource.owner != "KAZ" };
"""
RELEASE = """
@id("tur.release.all")
@fields("birth_date:masked identifier:withheld document:masked")
permit (principal, action, resource);
"""
NOTHING = '@id("tur.release.none")\nforbid (principal, action, resource);\n'
OPEN = '@id("tur.all")\npermit (principal, action, resource);\n'
CLOSED = OPEN + '@id("tur.closed")\n@text("Closed.")\nforbid (principal, action, resource);\n'
LOWERED = '@id("tur.counts")\n@granularity("count")\npermit (principal, action, resource);\n'


def write(world, member, kind, text):
    """Write a policy, and name it in the settings of its node."""
    folder = world.home / "nodes" / member
    new = folder / f"{kind}.new"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / f"{kind}.cedar")  # a node that runs may look at any moment
    settings = (folder / "node.toml").read_text(encoding="utf-8")
    line = f'{kind} = "{kind}.cedar"\n'
    if line not in settings and kind != "policy":
        (folder / "node.toml").write_text(settings + line, encoding="utf-8")


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


async def search(world, *words, **changes):
    client = await world.client()
    events = await client.search_once(ask("Рустам Каримов", *words, **changes))
    ends = {event.bank: event for event in events if isinstance(event, BankEnd)}
    return ends, next(event for event in events if isinstance(event, Ended))


async def until(holds):
    """Wait until a change was seen."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - the change is in a file of another server
            await asyncio.sleep(0.02)


def epochs(world, member):
    return [e.policy_epoch for e in world.entries(member) if e.kind is Kind.POLICY]


async def test_own_member_keeps_its_officers_question_at_home(world):
    write(world, "KAZ", "asking", ASKING)
    await world.start()
    ends, _ = await search(world, category="victim")
    assert ends["TUR/persons"].state == "refused"
    assert ends["TUR/persons"].rule == "kaz.asking.victims"
    assert ends["KAZ/persons"].state == "answered"
    assert not [e for e in world.entries("TUR") if e.kind in {Kind.INTENT, Kind.REFUSAL}]
    ends, _ = await search(world)
    assert {end.state for end in ends.values()} == {"answered"}


async def test_directory_predicts_what_owner_and_own_member_say(world):
    write(world, "KAZ", "asking", ASKING)
    (world.home / "nodes" / "TUR" / "policy.cedar").write_text(LOWERED, encoding="utf-8")
    await world.start()
    client = await world.client()
    told = {b.bank: b for b in (await client.explain(("trio",), "terrorism", "person")).banks}
    assert all(bank.owner_known for bank in told.values())
    assert told["TUR/persons"].granularity == model.GRANULARITY_COUNT
    assert told["GEO/persons"].granularity == model.GRANULARITY_RECORD
    told = {
        b.bank: b for b in (await client.explain(("trio",), "stolen_property", "document")).banks
    }
    assert told["GEO/persons"].refusal.rule == "geo.secret"
    assert told["GEO/persons"].refusal.contact.office == "Office"


async def test_masked_and_withheld_fields_arrive_as_such_with_their_labels(world):
    write(world, "TUR", "release", RELEASE)
    await world.start()
    ends, _ = await search(world, "TUR")
    (hit,) = ends["TUR/persons"].answer.hits
    fields = {field.field: field for field in hit.record.fields}
    assert model.FIELD_NAME_IDENTIFIER not in fields
    birth, document = fields[model.FIELD_NAME_BIRTH_DATE], fields[model.FIELD_NAME_DOCUMENT]
    assert birth.masked
    assert (birth.date.year, birth.date.month) == (1984, 0)
    assert document.masked
    assert document.document.number == "…01"
    assert birth.handling.confirm_first
    assert list(birth.handling.europol) == [model.EUROPOL_CODE_H1]


async def test_change_is_in_force_for_every_search_that_begins_after_it(world):
    write(world, "TUR", "release", NOTHING)
    await world.start()
    ends, first = await search(world, "TUR")
    assert ends["TUR/persons"].state == "no_hit"
    write(world, "TUR", "release", RELEASE)
    await until(lambda: len(epochs(world, "TUR")) == 2)
    ends, second = await search(world, "TUR")
    assert ends["TUR/persons"].state == "answered"
    told = [
        coverage.policy_epoch
        for end in (first, second)
        for coverage in end.receipt.coverage
        if coverage.bank == "TUR/persons"
    ]
    assert told == epochs(world, "TUR")
    write(world, "TUR", "policy", CLOSED)
    await until(lambda: len(epochs(world, "TUR")) == 3)
    ends, _ = await search(world, "TUR")
    assert ends["TUR/persons"].rule == "tur.closed"
    for entry in world.entries("TUR"):
        if entry.search_id:
            assert entry.policy_epoch in epochs(world, "TUR")


async def test_hub_records_each_policy_before_a_search_is_decided_by_it(world):
    """What a member lets its officers ask decides at the hub too, and changes while it serves."""
    await world.start()
    await search(world)
    # A setting that the node was not started with is followed from the next start.
    await world.stop_node("KAZ")
    write(world, "KAZ", "asking", ASKING)
    await world.start_node("KAZ")
    await until(lambda: len(epochs(world, "HUB")) == 2)
    ends, _ = await search(world, category="victim")
    assert ends["TUR/persons"].rule == "kaz.asking.victims"
    write(world, "KAZ", "asking", ASKING.replace("category ==", "category !="))
    await until(lambda: len(epochs(world, "HUB")) == 3)
    ends, _ = await search(world)
    assert ends["TUR/persons"].rule == "kaz.asking.victims"
    entries = world.entries("HUB")
    loaded = [e for e in entries if e.kind is Kind.POLICY]
    assert [e.requester_member for e in loaded] == ["", "KAZ", "KAZ"]
    assert [e.policy_epoch for e in entries if e.kind is Kind.INTENT] == epochs(world, "HUB")


async def test_change_that_does_not_hold_is_recorded_and_answers_go_on(world):
    await world.start()
    write(world, "TUR", "policy", "permit")
    await until(lambda: any(e.kind is Kind.ADMIN for e in world.entries("TUR")))
    refused = next(e for e in world.entries("TUR") if e.kind is Kind.ADMIN)
    assert (refused.action, refused.rule) == ("policy_refused", "tur:1")
    ends, _ = await search(world, "TUR")
    assert ends["TUR/persons"].state == "answered"
    assert len(epochs(world, "TUR")) == 1


async def test_officers_ask_nobody_while_nobody_knows_what_they_may_ask(world):
    world.without_notices("KAZ")
    await world.start("TUR", "GEO")
    ends, _ = await search(world)
    assert {end.rule for end in ends.values()} == {"kaz.asking.unknown"}
    assert not [e for e in world.entries("TUR") if e.search_id]
