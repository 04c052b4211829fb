from __future__ import annotations

import hashlib
from contextlib import aclosing
from datetime import UTC, datetime

import grpc
import pytest

from gateway.access.errors import SignatureInvalidError
from gateway.access.signatures import Domain, SigningKey, verify_query
from gateway.client import Accepted, Ask, BankEnd, Client, Ended, Groups, target
from gateway.clock import ManualClock
from gateway.errors import InputError, UnreachableError, UntrustedError
from gateway.probe import document, person
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.world import MEMBERS, build_world

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A federation that is not started: the client needs only its files."""
    return build_world(tmp_path_factory.mktemp("client") / "home")


@pytest.fixture
async def client(world, monkeypatch):
    monkeypatch.setattr("gateway.client.LOOKUP_S", 60.0)  # a busy machine is no hub that is away
    async with Client(world.settings(), ManualClock(NOW)) as client:
        yield client


def make_ask(*targets, **changes) -> Ask:
    values = {"purpose": "terrorism", "case": "T-1", "probe": person("Рустам Каримов")}
    return Ask(targets or ("trio",), **{**values, "deadline_s": 25.0, **changes})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kalkan", model.Target(project="kalkan")),
        ("KAZ", model.Target(member="KAZ")),
        ("KAZ/persons", model.Target(bank="KAZ/persons")),
        ("kaz", model.Target(project="kaz")),
        ("KAZA", model.Target(project="KAZA")),
        ("ӘІҢ", model.Target(project="ӘІҢ")),
        ("K2Z", model.Target(member="K2Z")),
        ("", model.Target(project="")),
    ],
)
def test_target_is_read_as_people_write_it(text, expected):
    assert target(text) == expected


async def test_query_says_what_was_asked_for(client):
    ask = make_ask("KAZ", "TUR/persons", granularity="count", limit=7, offence="robbery")
    query = client.compose(ask, [ask.probe])
    assert [t.WhichOneof("target") for t in query.targets] == ["member", "bank"]
    assert query.purpose == model.PURPOSE_TERRORISM
    assert (query.case_reference, query.justification.offence) == ("T-1", "robbery")
    assert (query.granularity, query.limit) == (model.GRANULARITY_COUNT, 7)
    assert query.probes[0] == ask.probe
    assert query.time.ToDatetime(tzinfo=UTC) == NOW


async def test_query_is_within_the_limits_of_the_contract(client, world):
    ask = make_ask(deadline_s=2.5)
    question = read_question(client.compose(ask, [ask.probe]).SerializeToString())
    assert question.deadline_s == 2.5
    assert question.query.federation_id == world.federation.id
    token = (world.home / "clients/officer/token").read_bytes()
    assert question.query.token_sha256 == hashlib.sha256(token).digest()


async def test_each_query_has_its_own_nonce(client):
    nonces = {bytes(client.compose(make_ask(), []).nonce) for _ in range(20)}
    assert len(nonces) == 20
    assert {len(nonce) for nonce in nonces} == {16}


@pytest.mark.parametrize("word", ["organised_crime", "organised-crime", "ORGANISED_CRIME"])
async def test_word_is_read_in_any_of_its_forms(client, word):
    query = client.compose(make_ask(purpose=word), [])
    assert query.purpose == model.PURPOSE_ORGANISED_CRIME


@pytest.mark.parametrize("word", ["curiosity", "", "unspecified", "PURPOSE_TERRORISM"])
async def test_unknown_purpose_is_refused_with_those_that_are(client, word):
    with pytest.raises(InputError, match="purpose: choose one of terrorism, organised_crime"):
        client.compose(make_ask(purpose=word), [])


@pytest.mark.parametrize("word", ["everything", "unspecified"])
async def test_unknown_granularity_is_refused_with_those_that_are(client, word):
    with pytest.raises(InputError, match="exists, count, reference, record") as caught:
        client.compose(make_ask(granularity=word), [])
    assert caught.value.metadata == {"field": "granularity"}


async def test_unknown_kind_of_probe_is_refused_before_the_hub_is_asked(client):
    with pytest.raises(InputError, match="person, document"):
        await client.explain(["trio"], "terrorism", "aircraft")


async def test_signature_holds_over_the_bytes_that_are_sent(client):
    request = client.sign(client.compose(make_ask(), [make_ask().probe]))
    verify_query(request.query, request.signature, request.public_key)
    with pytest.raises(SignatureInvalidError):
        verify_query(request.query + b"\x00", request.signature, request.public_key)
    assert request.token


async def test_client_knows_which_banks_its_targets_mean(client):
    def banks_of(*targets):
        return client._banks_of(client.compose(make_ask(*targets), []))

    assert banks_of("trio") == tuple(sorted(f"{m}/persons" for m in MEMBERS))
    assert banks_of("KAZ", "TUR/persons") == ("KAZ/persons", "TUR/persons")
    assert banks_of("trio", "nowhere") == ()


async def test_reader_expects_answers_to_this_query(client):
    probes = [document(number="N1000"), document(number="N2000")]
    query = client.compose(make_ask(limit=3), probes)
    request = client.sign(query)
    expected = client._reader(query, request)._expected
    assert expected.digest == hashlib.sha256(request.query).digest()
    assert (expected.limit, expected.probes) == (3, 2)
    assert expected.granularity == model.GRANULARITY_RECORD
    assert set(expected.keys) == set(MEMBERS)


async def test_hub_that_is_away_is_unreachable_whatever_is_asked(client):
    calls = (
        client.search_once(make_ask()),
        client.check_documents(make_ask(), [document(number="N1000")]),
        client.federation(),
        client.explain(["trio"], "terrorism", "person"),
        client.entries(),
    )
    for call in calls:
        with pytest.raises(UnreachableError, match="check the address"):
            await call


async def test_client_can_be_closed_twice(world):
    client = Client(world.settings())
    await client.close()
    await client.close()


class Hub:
    """A hub whose banks found nothing: true, until a test makes it lie."""

    def __init__(self, world) -> None:
        self.world = world
        self.keys = {
            m.code: SigningKey.load(world.home / f"nodes/{m.code}/answer.key", m.answer_keys[0].kid)
            for m in world.federation.members
        }
        kid = world.federation.hub.receipt_keys[0].kid
        self.key = SigningKey.load(world.home / "hub/receipt.key", kid)
        self.members = MEMBERS
        self.complete = True

    def end_of(self, member: str, digest: bytes) -> wire.BankEnded:
        bank = f"{member}/persons"
        answer = model.Answer(
            federation_id=self.world.federation.id,
            member=member,
            bank=bank,
            query_sha256=digest,
            state=model.BANK_STATE_NO_HIT,
        ).SerializeToString()
        signature = self.keys[member].sign(Domain.ANSWER, answer)
        state = model.BANK_STATE_NO_HIT
        return wire.BankEnded(bank=bank, state=state, answer=answer, answer_signature=signature)

    def ended(self, ends, digest: bytes) -> wire.Ended:
        receipt = wire.Receipt(
            federation_id=self.world.federation.id,
            search_id=digest[:16].hex(),
            query_sha256=digest,
            complete=True,
        )
        for end in ends:
            sha = hashlib.sha256(end.answer).digest()
            receipt.coverage.add(bank=end.bank, state=end.state, answer_sha256=sha)
        data = receipt.SerializeToString()
        return wire.Ended(receipt=data, receipt_signature=self.key.sign(Domain.RECEIPT, data))

    async def search(self, request: bytes, context):
        del context
        digest = hashlib.sha256(wire.SearchRequest.FromString(request).query).digest()
        ends = [self.end_of(member, digest) for member in self.members]
        asked = [end.bank for end in ends]
        accepted = wire.Accepted(search_id=digest[:16].hex(), asked=asked)
        events = [
            wire.SearchEvent(accepted=accepted),
            *(wire.SearchEvent(bank_ended=end) for end in ends),
            wire.SearchEvent(groups=wire.Groups()),
            wire.SearchEvent(ended=self.ended(ends, digest)),
        ]
        for event in events if self.complete else events[:-1]:
            yield event.SerializeToString()

    async def check(self, request: bytes, context) -> bytes:
        del context
        asked = wire.CheckDocumentsRequest.FromString(request).request
        digest = hashlib.sha256(asked.query).digest()
        ends = [self.end_of(member, digest) for member in self.members]
        response = wire.CheckDocumentsResponse(banks=ends, ended=self.ended(ends, digest))
        for index in range(2):
            response.outcomes.add(probe_index=index, complete=self.complete)
        return response.SerializeToString()


@pytest.fixture
async def hub(world):
    hub = Hub(world)
    pair = [(world.home / f"hub/certificate.{kind}").read_bytes() for kind in ("key", "pem")]
    handlers = {
        "Search": grpc.unary_stream_rpc_method_handler(hub.search),
        "CheckDocuments": grpc.unary_unary_rpc_method_handler(hub.check),
    }
    server = grpc.aio.server()
    service = grpc.method_handlers_generic_handler("kalkan.v1.SearchService", handlers)
    server.add_generic_rpc_handlers((service,))
    ca = (world.home / "ca.pem").read_bytes()
    credentials = grpc.ssl_server_credentials([tuple(pair)], ca, require_client_auth=True)
    server.add_secure_port(f"127.0.0.1:{world.ports['HUB']}", credentials)
    await server.start()
    yield hub
    await server.stop(0)


DOCUMENTS = [document(number="N1000"), document(number="N2000")]


async def test_true_hub_is_believed(hub, client):
    events = await client.search_once(make_ask())
    assert [type(event) for event in events] == [Accepted, BankEnd, BankEnd, BankEnd, Groups, Ended]
    checked = await client.check_documents(make_ask(), DOCUMENTS)
    assert [outcome.complete for outcome in checked.outcomes] == [True, True]
    assert {end.state for end in checked.banks} == {"no_hit"}
    assert checked.ended.complete


async def test_hub_that_leaves_out_a_bank_of_the_targets_is_not_believed(hub, client):
    hub.members = MEMBERS[:2]
    for call in (client.search_once(make_ask()), client.check_documents(make_ask(), DOCUMENTS)):
        with pytest.raises(UntrustedError, match="left out a bank"):
            await call


async def test_hub_that_ends_without_a_receipt_is_not_believed(hub, client):
    hub.complete = False
    with pytest.raises(UntrustedError, match="without a receipt"):
        await client.search_once(make_ask())


async def test_hub_that_changes_an_outcome_is_not_believed(hub, client):
    hub.complete = False
    with pytest.raises(UntrustedError, match="completeness"):
        await client.check_documents(make_ask(), DOCUMENTS)


async def test_client_that_leaves_early_hears_no_more(hub, client):
    async with aclosing(client.search(make_ask())) as events:
        assert isinstance(await anext(events), Accepted)
    assert len(await client.search_once(make_ask())) == 6
