"""What the hub serves beside searching: batches, one answer at once, health and reflection."""

import sqlite3

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from gateway.client import Ask
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    await world.start()
    yield world
    await world.stop()


def documents(count: int) -> list[model.Probe]:
    """Documents of which the first and the last are known."""
    probes = [document(number=f"Z{number:07}", issuer="KAZ") for number in range(count)]
    probes[0] = document(number="N 10000001", issuer="KAZ")
    probes[-1] = document(number="u20000002", issuer="TUR")
    return probes


async def test_batch_of_two_hundred_documents_is_checked_under_one_signature(world):
    client = await world.client()
    question = Ask(("trio",), "border_control", "B-1", document(number="0000"), deadline_s=30.0)
    checked = await client.check_documents(question, documents(200))
    hits = {o.probe_index: [h.bank for h in o.hits] for o in checked.outcomes if o.hits}
    assert hits == {0: ["KAZ/persons"], 199: ["TUR/persons"]}
    assert len(checked.outcomes) == 200
    assert all(outcome.complete for outcome in checked.outcomes)
    assert checked.ended.complete


async def test_each_document_of_a_batch_has_its_own_entry(world):
    client = await world.client()
    question = Ask(("KAZ",), "border_control", "B-1", document(number="0000"), deadline_s=30.0)
    checked = await client.check_documents(question, documents(3))
    for side in ("HUB", "KAZ"):
        entries = [e for e in world.entries(side) if e.search_id == checked.search_id]
        assert [e.kind for e in entries] == [Kind.INTENT] + [Kind.OUTCOME] * 3
        assert [e.probe_index for e in entries[1:]] == [0, 1, 2]
        assert [e.count for e in entries[1:]] == [1, 0, 0]


async def test_batch_that_finds_more_than_an_answer_holds_keeps_the_best_of_each(tmp_path):
    world = build_world(tmp_path / "home")
    path = world.home / "nodes" / "KAZ" / "banks" / "persons" / "people.sqlite"
    with sqlite3.connect(path) as connection:
        rows = [(f"KZ-{n}", f"Рустам {'а' * 90}{n}", "N10000009", "") for n in range(100, 200)]
        text = "INSERT INTO people (id, name, passport, warnings) VALUES (?, ?, ?, ?)"
        connection.executemany(text, rows)
    connection.close()
    await world.start()
    try:
        client = await world.client()
        probe = document(number="N10000009", issuer="KAZ")
        question = Ask(("KAZ",), "border_control", "B", probe, deadline_s=30.0, limit=100)
        checked = await client.check_documents(question, [probe] * 40)
        (bank,) = checked.banks
        assert bank.state == "answered"
        assert bank.answer.truncated
        counts = [len(outcome.hits) for outcome in checked.outcomes]
        assert 0 < counts[-1] <= counts[0] <= counts[-1] + 1 < 100
    finally:
        await world.stop()


async def test_batch_of_too_many_or_of_persons_is_refused(world):
    client = await world.client()
    question = Ask(("KAZ",), "border_control", "B-1", document(number="0000"), deadline_s=30.0)
    for probes in (documents(201), [person("Rustam Karimov")], []):
        with pytest.raises(RefusedError) as caught:
            await client.check_documents(question, probes)
        assert caught.value.reason == "FIELD_INVALID"


async def test_search_once_returns_everything_decoded(world):
    client = await world.client()
    request = client.sign(client.compose(ask(), [ask().probe]))
    response = await client._search.SearchOnce(wire.SearchOnceRequest(request=request), timeout=60)
    assert {a.bank: a.state for a in response.answers} == dict.fromkeys(
        ("GEO/persons", "KAZ/persons", "TUR/persons"), model.BANK_STATE_ANSWERED
    )
    assert len(response.groups) == 1
    assert response.receipt.complete
    assert wire.Receipt.FromString(response.signed_receipt.receipt) == response.receipt


async def test_machine_readable_zone_finds_the_passport(world):
    client = await world.client()
    zone = ("P<KAZKARIMOV<<RUSTAM<<<<<<<<<<<<<<<<<<<<<<<<", with_digits("N10000001", "KAZ"))
    events = await client.search_once(ask("x", "KAZ", probe=document(mrz=zone)))
    answer = next(e.answer for e in events if getattr(e, "bank", "") == "KAZ/persons")
    assert [hit.record.reference for hit in answer.hits] == ["KZ-1"]


def with_digits(number: str, country: str) -> str:
    """The second line of a passport with its check digits."""
    from adapters.matching.mrz import check_digit

    number, birth, expiry, rest = number.ljust(9, "<"), "840501", "300101", "<" * 14
    parts = [number + check_digit(number), birth + check_digit(birth), expiry + check_digit(expiry)]
    composite = parts[0] + parts[1] + parts[2] + rest + "<"
    line = f"{parts[0]}{country}{parts[1]}M{parts[2]}{rest}<"
    return line + check_digit(composite)


async def test_granularity_is_never_more_than_asked(world):
    client = await world.client()
    for granularity in ("exists", "count", "reference", "record"):
        events = await client.search_once(ask(granularity=granularity))
        for event in events:
            if getattr(event, "answer", None) is None:
                continue
            hits = event.answer.hits
            assert bool(hits) == (granularity in {"reference", "record"})
            assert all(bool(h.record.fields) == (granularity == "record") for h in hits)
            assert bool(event.answer.tallies) == (granularity in {"exists", "count"})


async def test_health_and_reflection_are_served(world):
    client = await world.client()
    health = health_pb2_grpc.HealthStub(client._channel)
    request = health_pb2.HealthCheckRequest(service="kalkan.v1.SearchService")
    assert (await health.Check(request, timeout=60)).status == 1
    reflection = reflection_pb2_grpc.ServerReflectionStub(client._channel)
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    call = reflection.ServerReflectionInfo(timeout=60)
    await call.write(question)
    await call.done_writing()
    names = {s.name for s in (await call.read()).list_services_response.service}
    assert {
        "kalkan.v1.SearchService",
        "kalkan.v1.DirectoryService",
        "kalkan.v1.AuditService",
        "grpc.health.v1.Health",
    } <= names


async def test_directory_tells_banks_and_what_may_be_asked(world):
    client = await world.client()
    federation = await client.federation()
    assert [m.member for m in federation.members] == ["KAZ", "TUR", "GEO"]
    conditions = {b.description.bank: b.condition for b in federation.banks}
    assert conditions == dict.fromkeys(("KAZ/persons", "TUR/persons", "GEO/persons"), 1)
    access = await client.explain(("trio",), "terrorism", "person")
    assert all(bank.permitted and bank.capable for bank in access.banks)
    auditor = await world.client("auditor")
    access = await auditor.explain(("trio",), "terrorism", "person")
    assert {bank.refusal.rule for bank in access.banks} == {"baseline.auditor"}


async def test_ledger_is_read_by_auditors_alone_and_reading_is_recorded(world):
    officer, auditor = await world.client(), await world.client("auditor")
    events = await officer.search_once(ask())
    with pytest.raises(RefusedError):
        await officer.entries()
    entries = await auditor.entries()
    assert any(events[0].search_id.encode() in data for _, data in entries)
    assert [e.action for e in world.entries() if e.kind is Kind.ADMIN] == ["list_entries"]
    with pytest.raises(RefusedError) as caught:
        await auditor.entries(limit=10_001)
    assert caught.value.metadata["field"] == "limit"


async def test_plain_text_connection_is_not_served(world):
    async with grpc.aio.insecure_channel(world.federation.hub.address) as channel:
        call = channel.unary_unary("/kalkan.v1.SearchService/SearchOnce")
        with pytest.raises(grpc.aio.AioRpcError):
            await call(b"", timeout=60)
