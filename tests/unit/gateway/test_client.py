from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from gateway.access.errors import SignatureInvalidError
from gateway.access.signatures import verify_query
from gateway.client import Ask, Client, target
from gateway.clock import ManualClock
from gateway.errors import InputError, UnreachableError
from gateway.probe import document, person
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model
from tests.kit.world import MEMBERS, build_world

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A federation that is not started: the client needs only its files."""
    return build_world(tmp_path_factory.mktemp("client") / "home")


@pytest.fixture
async def client(world):
    async with Client(world.settings(), ManualClock(NOW)) as client:
        yield client


def make_ask(*targets, **changes) -> Ask:
    values = {"purpose": "terrorism", "case": "T-1", "probe": person("Рустам Каримов")}
    return Ask(targets or ("trio",), **{**values, **changes})


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
