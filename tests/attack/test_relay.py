"""A node that has another node as its bank gains nothing that the owner behind does not give.

Promise 3: the owner behind decides by the officer's own token and signature, whoever calls; and
what comes back is the owner's word or it is nothing.
"""

from contextlib import asynccontextmanager
from dataclasses import replace

import grpc
import pytest

from adapters.banks.node.channel import Channel
from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    Limits,
    MappingError,
    PersonName,
    PersonProbe,
)
from gateway.access.authority import Authority
from gateway.access.signatures import SigningKey
from gateway.client import BankEnd, Client
from gateway.clock import SystemClock
from gateway.ledger.kinds import Kind
from gateway.probe import person
from gateway.wire import error_info
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.relay import BANK, BEHIND, Officer, build_relay, write_front
from tests.kit.rogue import rogue_node
from tests.kit.world import ID, ask

PROBE = PersonProbe((PersonName(full="Рустам Каримов"),))


@pytest.fixture
async def world(tmp_path):
    world = build_relay(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


@asynccontextmanager
async def front(world):
    """The bank in front, opened as its node opens it, and an officer."""
    path = world.home / "nodes" / "KAZ" / "banks" / "persons" / "mapping.toml"
    adapter = await open_bank(path, path.parent)
    try:
        async with Client(world.settings()) as client:
            yield adapter, Officer(client)
    finally:
        await adapter.close()


def limits(question):
    return Limits(100, 60.0, question)


def pair_of(world, folder):
    path = world.home / folder
    return (path / "certificate.key").read_bytes(), (path / "certificate.pem").read_bytes()


def stranger(world):
    """The certificate of a node of the same member, of an authority that calls itself the same."""
    issued = Authority.create(ID, SystemClock()).issue_node("KAZ")
    return issued.key, issued.certificate


def other_federation(world):
    """The certificate of a node of the same member in another federation, of the same authority."""
    authority = Authority.load(world.home, "another-federation", SystemClock())
    issued = authority.issue_node("KAZ")
    return issued.key, issued.certificate


async def call_behind(world, key, certificate, method, request):
    """Call the node behind with a certificate of one's own choice."""
    credentials = grpc.ssl_channel_credentials(world.authority.certificate, key, certificate)
    options = [("grpc.ssl_target_name_override", "localhost")]
    address = f"127.0.0.1:{world.ports[BEHIND]}"
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        call = channel.unary_unary(f"/kalkan.v1.NodeService/{method}")
        return await call(request.SerializeToString(), timeout=60)


@pytest.mark.parametrize("method", ["Search", "Describe"])
@pytest.mark.parametrize(
    "caller",
    [
        lambda world: pair_of(world, "nodes/TUR"),
        lambda world: pair_of(world, "clients/officer"),
        other_federation,
    ],
    ids=["another member's node", "a client of the member", "another federation's node"],
)
async def test_only_nodes_of_the_member_and_the_hub_may_call(world, caller, method):
    await world.start_node(BEHIND)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call_behind(world, *caller(world), method, wire.DescribeRequest())
    assert error_info(caught.value).reason == "PEER_FORBIDDEN"
    assert Kind.INTENT not in {entry.kind for entry in world.entries(BEHIND)}


async def test_certificate_of_a_stranger_never_becomes_a_call(world):
    await world.start_node(BEHIND)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call_behind(world, *stranger(world), "Describe", wire.DescribeRequest())
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_node_of_the_member_and_the_hub_are_served(world):
    await world.start_node(BEHIND)
    for folder in ("nodes/KAZ", "hub"):
        told = await call_behind(world, *pair_of(world, folder), "Describe", wire.DescribeRequest())
        assert wire.DescribeResponse.FromString(told).member == "KAZ"


async def test_node_may_not_call_the_hub(world):
    """Its certificate can call now; what it may call is still the nodes of its member alone."""
    await world.start(BEHIND, "KAZ")
    key, certificate = pair_of(world, "nodes/KAZ")
    credentials = grpc.ssl_channel_credentials(world.authority.certificate, key, certificate)
    options = [("grpc.ssl_target_name_override", "localhost")]
    address = f"127.0.0.1:{world.ports['HUB']}"
    async with Client(world.settings()) as client:
        asked = client.sign(client.compose(ask(), [person("Рустам Каримов")]))
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            async for _ in channel.unary_stream("/kalkan.v1.SearchService/Search")(
                asked.SerializeToString(), timeout=60
            ):
                pass
    assert error_info(caught.value).reason == "PEER_FORBIDDEN"


def alter(question, officer):
    """The front asks for somebody else under the officer's signature."""
    query = model.Query.FromString(question.query)
    query.probes[0].person.names[0].full = "Айгүл Серікова"
    return replace(question, query=query.SerializeToString())


def repurpose(question, officer):
    """The front gives another purpose."""
    query = model.Query.FromString(question.query)
    query.purpose = model.PURPOSE_BORDER_CONTROL
    return replace(question, query=query.SerializeToString())


def sign_itself(question, officer):
    """The front signs the altered question with a key of its own."""
    from gateway.access.signatures import Domain
    from tests.kit.world import public_jwk

    altered, key = alter(question, officer), SigningKey.generate()
    signature = key.sign(Domain.QUERY, altered.query)
    return replace(altered, signature=signature, public_key=public_jwk(key))


def mix(question, officer):
    """The front puts the signature of another question below this one."""
    other = officer.sign(person("Айгүл Серікова"))
    return replace(question, signature=other.signature)


@pytest.mark.parametrize(
    ("attack", "rule"),
    [
        (alter, "node.signature_invalid"),
        (repurpose, "node.signature_invalid"),
        (sign_itself, "node.token_unbound"),
        (mix, "node.signature_invalid"),
    ],
)
async def test_front_that_alters_the_question_gets_nothing(world, attack, rule):
    await world.start_node(BEHIND)
    async with front(world) as (adapter, officer):
        asked = attack(officer.sign(person("Рустам Каримов")), officer)
        with pytest.raises(BankRefusedError) as caught:
            await adapter.search(PROBE, limits(asked))
    assert caught.value.rule == rule
    assert Kind.INTENT not in {entry.kind for entry in world.entries(BEHIND)}


async def test_question_to_another_bank_opens_nothing_here(world):
    await world.start_node(BEHIND)
    async with front(world) as (adapter, officer):
        asked = replace(officer.sign(person("Рустам Каримов"), bank="TUR/persons"), bank=BANK)
        # The owner does not say what it is asked that does not name it: as a wrong question.
        with pytest.raises(Exception, match="does not take this question"):
            await adapter.search(PROBE, limits(asked))
    assert Kind.INTENT not in {entry.kind for entry in world.entries(BEHIND)}


async def test_same_nonce_with_another_question_is_refused_behind(world):
    await world.start_node(BEHIND)
    async with front(world) as (adapter, officer):
        first = officer.sign(person("Рустам Каримов"))
        assert (await adapter.search(PROBE, limits(first))).records
        query = model.Query.FromString(first.query)
        query.case_reference = "T-2"
        client = officer._client
        signed = client.sign(query)
        second = replace(first, query=signed.query, signature=signed.signature)
        with pytest.raises(BankRefusedError) as caught:
            await adapter.search(PROBE, limits(second))
    assert caught.value.rule == "node.nonce_reused"


async def test_answer_to_one_question_is_none_to_another(world, monkeypatch):
    """A replay of the owner's own signed answer, on the way back."""
    await world.start_node(BEHIND)
    answers, search = [], Channel.search

    async def replay(self, request, timeout_s):
        answers.append(await search(self, request, timeout_s))
        return answers[0]

    monkeypatch.setattr(Channel, "search", replay)
    async with front(world) as (adapter, officer):
        first = officer.sign(person("Рустам Каримов"))
        assert (await adapter.search(PROBE, limits(first))).records
        for _ in range(2):
            with pytest.raises(BankFaultError, match="to another question"):
                await adapter.search(PROBE, limits(officer.sign(person("Рустам Каримов"))))


async def test_answer_that_another_key_signed_is_a_fault(world):
    await world.start_node(BEHIND)
    write_front(world, world.ports[BEHIND], SigningKey.generate(kid="KAZ-answer"))
    async with front(world) as (adapter, officer):
        with pytest.raises(BankFaultError, match="does not hold"):
            await adapter.search(PROBE, limits(officer.sign(person("Рустам Каримов"))))


BEHAVIOURS = (
    *("garbage", "garbage_answer", "huge", "wrong_key", "wrong_domain", "altered", "raises"),
    *("foreign_owner", "no_labels", "other_question", "too_many", "hub_state"),
)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_answer_that_does_not_hold_is_a_fault_and_nothing_is_released(world, behaviour):
    async with rogue_node(world, BEHIND, behaviour):
        await world.start("KAZ", "TUR")
        client = await world.client()
        events = await client.search_once(ask())
    ends = {event.bank: event for event in events if isinstance(event, BankEnd)}
    assert ends[BANK].state == "unavailable"
    assert not ends[BANK].answer.hits
    assert ends["TUR/persons"].state == "answered"
    assert {e.reason for e in world.entries("KAZ") if e.kind is Kind.OUTCOME} == {"BANK_FAULT"}


async def test_front_of_another_member_cannot_even_start(world):
    await world.start_node(BEHIND)
    path = world.home / "nodes" / "KAZ" / "banks" / "persons" / "mapping.toml"
    text = path.read_text(encoding="utf-8").replace("../../cert", "../../../TUR/cert")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="does not take our certificate"):
        await open_bank(path, path.parent)
