"""Bad input gets a clear error with its reason, and an entry in the ledger; nobody is asked."""

import asyncio
import hashlib
import json
from datetime import timedelta

import grpc
import pytest

from gateway.access.signatures import Domain, SigningKey
from gateway.client import Client
from gateway.clock import ManualClock, SystemClock
from gateway.errors import RefusedError, UnreachableError
from gateway.ledger.kinds import Kind
from gateway.refusals import translate
from gateway.settings import ClientSettings
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.world import ask, build_world, public_jwk

RLO = "\u202e"
GOOD_MRZ = (
    "P<KAZKARIMOV<<RUSTAM<<<<<<<<<<<<<<<<<<<<<<<<",
    "N100000014KAZ8405017M3001019<<<<<<<<<<<<<<06",
)


def clear_targets(query):
    query.ClearField("targets")


def everybody(query):
    query.targets[0].project = "everybody"


def no_purpose(query):
    query.ClearField("purpose")


def strange_purpose(query):
    query.purpose = 77


def no_case(query):
    query.case_reference = ""


def no_probe(query):
    query.ClearField("probes")


def empty_probe(query):
    query.probes[0].ClearField("person")


def empty_person(query):
    query.probes[0].person.ClearField("names")


def long_name(query):
    query.probes[0].person.names[0].full = "Карим " * 2_000


def bidi_name(query):
    query.probes[0].person.names[0].full = f"Karim{RLO}ov"


def nul_name(query):
    query.probes[0].person.names[0].full = "Karim\x00ov"


def no_letters(query):
    query.probes[0].person.names[0].full = "12345"


def impossible_date(query):
    query.probes[0].person.birth.date.year = 1984
    query.probes[0].person.birth.date.month = 2
    query.probes[0].person.birth.date.day = 31


def backward_range(query):
    query.probes[0].person.birth.range.first.year = 1990
    query.probes[0].person.birth.range.last.year = 1980


def wrong_check_digit(query):
    line = GOOD_MRZ[1]
    digit = "1" if line[9] != "1" else "2"
    query.probes[0].document.mrz.extend([GOOD_MRZ[0], line[:9] + digit + line[10:]])


def zero_deadline(query):
    query.deadline.FromNanoseconds(0)


def hour_deadline(query):
    query.deadline.FromTimedelta(timedelta(hours=1))


def huge_limit(query):
    query.limit = 101


def short_nonce(query):
    query.nonce = b"\x01" * 15


def other_federation(query):
    query.federation_id = "another"


def other_token(query):
    query.token_sha256 = b"\x07" * 32


def old_query(query):
    query.time.seconds -= 600


def future_query(query):
    query.time.seconds += 600


MUTATIONS = {
    clear_targets: ("TARGETS_MISSING", "targets"),
    everybody: ("TARGET_UNKNOWN", "targets[0]"),
    no_purpose: ("PURPOSE_MISSING", "purpose"),
    strange_purpose: ("FIELD_INVALID", "purpose"),
    no_case: ("FIELD_INVALID", "case_reference"),
    no_probe: ("FIELD_INVALID", "probes"),
    empty_probe: ("FIELD_INVALID", "probes[0]"),
    empty_person: ("FIELD_INVALID", "probes[0].person.names"),
    long_name: ("FIELD_INVALID", "probes[0].person.names[0].full"),
    bidi_name: ("FIELD_INVALID", "probes[0].person.names[0].full"),
    nul_name: ("FIELD_INVALID", "probes[0].person.names[0].full"),
    no_letters: ("FIELD_INVALID", "probes[0].person.names[0]"),
    impossible_date: ("FIELD_INVALID", "probes[0].person.birth.date"),
    backward_range: ("FIELD_INVALID", "probes[0].person.birth.range"),
    wrong_check_digit: ("MRZ_INVALID", "probes[0].document.mrz"),
    zero_deadline: ("DEADLINE_INVALID", "deadline"),
    hour_deadline: ("DEADLINE_INVALID", "deadline"),
    huge_limit: ("FIELD_INVALID", "limit"),
    short_nonce: ("FIELD_INVALID", "nonce"),
    other_federation: ("FEDERATION_WRONG", None),
    other_token: ("TOKEN_UNBOUND", None),
    old_query: ("QUERY_STALE", None),
    future_query: ("QUERY_STALE", None),
}


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    await world.start()
    yield world
    await world.stop()


async def send(client: Client, request: wire.SearchRequest) -> None:
    """Send a request as it is."""
    try:
        async for _ in client._search.Search(request, timeout=60):
            pass
    except grpc.aio.AioRpcError as exc:
        raise translate(exc) from None


async def refusal_of(client: Client, request: wire.SearchRequest) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        await send(client, request)
    return caught.value


def newest(world, side="HUB"):
    return world.entries(side)[-1]


async def test_each_bad_query_is_refused_by_its_reason_and_recorded(world):
    client = await world.client()
    for mutate, (reason, field) in MUTATIONS.items():
        query = client.compose(ask(), [ask().probe])
        mutate(query)
        error = await refusal_of(client, client.sign(query))
        assert (error.reason, mutate.__name__) == (reason, mutate.__name__)
        assert field is None or error.metadata["field"] == field, mutate.__name__
        entry = newest(world)
        assert (entry.kind, entry.reason) == (Kind.REFUSAL, reason), mutate.__name__
        assert entry.who == "officer"
    for member in ("KAZ", "TUR", "GEO"):
        assert {e.kind for e in world.entries(member)} == {Kind.START, Kind.POLICY}


async def test_malformed_empty_and_oversized_messages_are_recorded(world):
    client = await world.client()
    call = client._channel.unary_stream("/kalkan.v1.SearchService/Search")
    cases = {
        b"\xff\xff\xff": ("MALFORMED", Kind.MALFORMED),
        b"": ("TOKEN_INVALID", Kind.REFUSAL),
        b"\x0a\x80\x80\x20" + b"\x00" * 524_288: ("OVERSIZED", Kind.OVERSIZED),
    }
    for data, (reason, kind) in cases.items():
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            async for _ in call(data, timeout=60):
                pass
        error = translate(caught.value)
        assert error.reason == reason
        assert (newest(world).kind, newest(world).reason) == (kind, reason)


async def test_message_above_grpcs_own_limit_is_recorded(world):
    settings = world.settings()
    channel = open_wide_channel(settings, world)
    call = channel.unary_stream("/kalkan.v1.SearchService/Search")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in call(b"\x00" * 2_000_000, timeout=60):
            pass
    await channel.close()
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    while newest(world).kind is not Kind.OVERSIZED:  # noqa: ASYNC110 - gRPC answers before we know of it
        await asyncio.sleep(0)


def open_wide_channel(settings: ClientSettings, world) -> grpc.aio.Channel:
    from gateway.running import channel_credentials

    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), world.home / "ca.pem"
    )
    options = [
        ("grpc.max_send_message_length", -1),
        ("grpc.ssl_target_name_override", "localhost"),
    ]
    return grpc.aio.secure_channel(world.federation.hub.address, credentials, options=options)


async def test_malformed_query_bytes_are_malformed(world):
    client = await world.client()
    data = b"\xff\xff\xff\xff"
    request = wire.SearchRequest(
        query=data,
        token=client._token,
        signature=client._key.sign(Domain.QUERY, data),
        public_key=public_jwk(client._key),
    )
    assert (await refusal_of(client, request)).reason == "MALFORMED"
    assert newest(world).kind is Kind.MALFORMED


async def test_altered_query_is_refused(world):
    client = await world.client()
    request = client.sign(client.compose(ask(), [ask().probe]))
    altered = model.Query.FromString(request.query)
    altered.purpose = model.PURPOSE_BORDER_CONTROL
    request.query = altered.SerializeToString()
    assert (await refusal_of(client, request)).reason == "SIGNATURE_INVALID"


async def test_query_signed_by_another_key_is_refused(world):
    client = await world.client()
    request = client.sign(client.compose(ask(), [ask().probe]))
    thief = SigningKey.generate()
    request.signature = thief.sign(Domain.QUERY, request.query)
    request.public_key = json.dumps(thief.public_jwk()).encode()
    assert (await refusal_of(client, request)).reason == "TOKEN_UNBOUND"


async def test_repeated_nonce_with_other_bytes_is_refused_and_same_bytes_are_the_same_search(world):
    client = await world.client()
    query = client.compose(ask(), [ask().probe])
    request = client.sign(query)
    await send(client, request)
    await send(client, request)
    query.case_reference = "T-2"
    assert (await refusal_of(client, client.sign(query))).reason == "NONCE_REUSED"


async def test_nonce_is_remembered_after_a_restart(world):
    client = await world.client()
    query = client.compose(ask(), [ask().probe])
    await send(client, client.sign(query))
    await world.stop_hub()
    await world.start_hub()
    again = await world.client()
    query.case_reference = "T-2"
    assert (await refusal_of(again, again.sign(query))).reason == "NONCE_REUSED"


async def test_expired_and_foreign_tokens_are_refused(world):
    client = await world.client()
    pem = (world.home / "clients/officer/certificate.pem").read_bytes()
    key = client._key
    expired = world.issue(
        *("KAZ", ["investigator"], pem, key),
        clock=ManualClock(SystemClock().now() - timedelta(hours=10)),
    )
    stranger = build_stranger_token(world, pem, key)
    other_audience = world.issue("KAZ", ["investigator"], pem, key, audience="another")
    cases = {
        expired: "TOKEN_EXPIRED",
        stranger: "TOKEN_FOREIGN",
        other_audience: "TOKEN_INVALID",
        "not.a.token": "TOKEN_INVALID",
    }
    for token, reason in cases.items():
        client._token = token
        query = client.compose(ask(), [ask().probe])
        assert query.token_sha256 == hashlib.sha256(token.encode()).digest()
        error = await refusal_of(client, client.sign(query))
        assert error.reason == reason
        assert newest(world).reason == reason


def build_stranger_token(world, pem, key) -> str:
    """A token by a key that no member has."""
    from gateway.access.issue import TokenIssuer
    from tests.kit.world import ID, thumbprint

    issuer = TokenIssuer(
        "XXX", SigningKey.generate(kid="x"), "https://id.xxx.example", SystemClock()
    )
    return issuer.issue(
        "officer",
        ["investigator"],
        audience=ID,
        certificate_sha256=thumbprint(pem),
        key_thumbprint=key.thumbprint,
    )


async def test_token_with_another_certificate_is_refused(world):
    world.add_client("thief", "TUR", ("investigator",))
    thief = await world.client("thief")
    officer = await world.client()
    thief._token, thief._key = officer._token, officer._key
    error = await refusal_of(thief, thief.sign(thief.compose(ask(), [ask().probe])))
    assert error.reason == "TOKEN_UNBOUND"


async def test_auditor_may_not_search(world):
    client = await world.client("auditor")
    events = await client.search_once(ask())
    states = {e.state for e in events if hasattr(e, "state")}
    assert states == {"refused"}


async def test_unknown_method_is_refused_and_recorded(world):
    client = await world.client()
    call = client._channel.unary_unary("/kalkan.v1.SearchService/Delete")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"", timeout=60)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert newest(world).reason == "METHOD_UNKNOWN"


async def test_connection_without_certificate_never_becomes_a_request_and_is_counted(world):
    before = (await (await world.client()).federation()).tls_refused_count
    entries = len(world.entries())
    credentials = grpc.ssl_channel_credentials((world.home / "ca.pem").read_bytes())
    options = [("grpc.ssl_target_name_override", "localhost")]
    address = world.federation.hub.address
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        call = channel.unary_unary("/kalkan.v1.SearchService/SearchOnce")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(b"", timeout=60)
    assert isinstance(translate(caught.value), UnreachableError)
    assert len(world.entries()) == entries
    client = await world.client()
    while (await client.federation()).tls_refused_count <= before:  # noqa: ASYNC110 - the client knows first
        await asyncio.sleep(0)


async def test_node_refuses_everybody_but_the_hub(world):
    settings = world.settings()
    from gateway.running import channel_credentials

    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), world.home / "ca.pem"
    )
    options = [("grpc.ssl_target_name_override", "localhost")]
    address = world.federation.member("KAZ").node
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        call = channel.unary_unary("/kalkan.v1.NodeService/Search")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(b"", timeout=60)
    assert translate(caught.value).reason == "PEER_FORBIDDEN"
    assert newest(world, "KAZ").reason == "PEER_FORBIDDEN"


async def test_no_value_of_a_query_reaches_an_entry(world):
    client = await world.client()
    await client.search_once(ask("Рустам Каримов"))
    query = client.compose(ask("Рустам Каримов", "nowhere"), [ask("Рустам Каримов").probe])
    await refusal_of(client, client.sign(query))
    for side in ("HUB", "KAZ"):
        text = b"".join(e.encode() for e in world.entries(side)).decode()
        assert "Рустам" not in text
        assert "Каримов" not in text
