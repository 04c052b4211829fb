"""What is personal in both ledgers opens for its authority alone, and for nobody once destroyed."""

from __future__ import annotations

from base64 import b64decode

import pytest

from gateway.access.keys import read_key
from gateway.ledger.custody import KeyFolder, unwrap_key
from gateway.ledger.errors import KeyUnavailableError
from gateway.ledger.kinds import Kind
from gateway.ledger.read import check_chain
from gateway.ledger.seal import Place, key_id_of, sealed_part, unseal
from kalkan.v1 import model_pb2 as model
from tests.kit.world import ask, build_world

SECRETS = ("Рустам", "Каримов", "CASE-31")


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
async def searched(world):
    """A world in which one question was asked."""
    client = await world.client()
    await client.search_once(ask("Рустам Каримов", case="CASE-31"))
    return world


def ledger_of(world, side):
    return world.home / ("hub" if side == "HUB" else f"nodes/{side}") / "ledger"


def entry_of(world, side, kind):
    return next(entry for entry in world.entries(side) if entry.kind is kind)


def open_as(world, side, entry, authority):
    """What the duty custodian of an authority reads in an entry."""
    ledger = ledger_of(world, side)
    part, folder = sealed_part(entry, authority, ledger), KeyFolder(ledger)
    named = next(each for each in folder.present(authority) if each[2] == key_id_of(part))
    private = read_key(world.home / "custodians" / authority / "duty.key")
    return unseal(part, unwrap_key(folder.read(*named), "duty", private), Place.of(entry))


@pytest.mark.parametrize("side", ["HUB", "TUR"])
async def test_requesters_authority_reads_the_question_at_hub_and_node(searched, side):
    intent = entry_of(searched, side, Kind.INTENT)
    assert set(intent.sealed) == {"KAZ"}
    query = model.Query.FromString(b64decode(open_as(searched, side, intent, "KAZ")["query"]))
    assert query.case_reference == "CASE-31"
    assert query.probes[0].person.names[0].full == "Рустам Каримов"


async def test_owner_reads_it_on_a_hit_at_its_own_node(searched):
    outcome = entry_of(searched, "TUR", Kind.OUTCOME)
    assert set(outcome.sealed) == {"TUR"}
    part = open_as(searched, "TUR", outcome, "TUR")
    (candidate,) = part["owner"]["candidates"]
    assert (candidate["count"], candidate["withheld"]) == (1, False)
    query = model.Query.FromString(b64decode(part["query"]))
    assert query.case_reference == "CASE-31"


async def test_owner_reads_nothing_where_there_was_no_hit(world):
    client = await world.client()
    await client.search_once(ask("Nobody Atall", "TUR"))
    part = open_as(world, "TUR", entry_of(world, "TUR", Kind.OUTCOME), "TUR")
    assert part == {"owner": {"candidates": [], "withheld": []}}


async def test_question_that_a_node_refuses_is_sealed_too(world):
    client = await world.client()
    await client.search_once(ask("Рустам Каримов", "TUR", purpose="organised_crime"))
    refusal = entry_of(world, "TUR", Kind.REFUSAL)
    assert open_as(world, "TUR", refusal, "KAZ")["query"]


@pytest.mark.parametrize("side", ["HUB", "KAZ", "TUR", "GEO"])
async def test_nothing_personal_is_in_clear_anywhere_on_disk(searched, side):
    await searched.stop()  # files of a ledger come and go while it is written
    stored = b"".join(p.read_bytes() for p in ledger_of(searched, side).rglob("*") if p.is_file())
    assert stored
    for secret in SECRETS:
        for form in (secret.encode(), secret.encode("unicode_escape")):
            assert form not in stored


async def test_each_key_is_an_entry_before_it_is_used(searched):
    entries = searched.entries("TUR")
    made = {e.key_id: n for n, e in enumerate(entries) if e.kind is Kind.KEY}
    assert {e.authority for e in entries if e.kind is Kind.KEY} == {"KAZ", "TUR"}
    for number, entry in enumerate(entries):
        for part in entry.sealed.values():
            assert made[key_id_of(part)] < number


async def test_destroyed_key_leaves_a_ledger_that_verifies_and_tells_nothing(searched):
    intent = entry_of(searched, "HUB", Kind.INTENT)
    assert KeyFolder(ledger_of(searched, "HUB")).destroy("KAZ", "9999-01")
    with pytest.raises(StopIteration):
        open_as(searched, "HUB", intent, "KAZ")
    await searched.stop_hub()
    assert check_chain(ledger_of(searched, "HUB")) > 0


async def test_another_authority_does_not_open_it(searched):
    intent = entry_of(searched, "HUB", Kind.INTENT)
    ledger = ledger_of(searched, "HUB")
    folder = KeyFolder(ledger)
    (named,) = folder.present("KAZ")
    private = read_key(searched.home / "custodians" / "TUR" / "duty.key")
    with pytest.raises(KeyUnavailableError):
        unwrap_key(folder.read(*named), "duty", private)
    with pytest.raises(KeyUnavailableError):
        sealed_part(intent, "TUR", ledger)
