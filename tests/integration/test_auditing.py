"""Auditors and custodians at hub and node, over the wire: what they may see; that it is seen."""

from __future__ import annotations

import grpc
import pytest

from gateway.access.federation import write_federation
from gateway.access.keys import read_key
from gateway.errors import RefusedError
from gateway.inspector import Inspector
from gateway.ledger.custody import unwrap_key
from gateway.ledger.entry import parse_entry
from gateway.ledger.filter import Filter
from gateway.ledger.kinds import Kind
from gateway.ledger.seal import MAX_INLINE, Place, key_id_of, unseal
from gateway.probe import document
from gateway.running import channel_credentials
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    hub = world.federation.hub.model_copy(update={"oversight": ("GEO",)})
    world.federation = world.federation.model_copy(update={"hub": hub})
    write_federation(world.federation, world.home / "federation.toml")
    for name, member in (("turk", "TUR"), ("overseer", "GEO")):
        world.add_client(name, member, ("auditor", "investigator"))
    world.add_client("keeper", "KAZ", ("custodian",))
    await world.start()
    await (await world.client()).search_once(ask("Рустам Каримов", case="CASE-31"))
    world.add_client("other", "TUR", ("investigator",))
    await (await world.client("other")).search_once(ask("Nobody Atall", "TUR"))
    yield world
    await world.stop()


async def read(world, name, at="hub", *, newest_first=False, limit=None, **wanted):
    async with Inspector(world.settings(name), at) as inspector:
        entries = inspector.entries(Filter(**wanted), limit, newest_first=newest_first)
        return [(index, parse_entry(data)) async for index, data in entries]


def kinds(entries):
    return [entry.kind.value for _, entry in entries]


async def refused(world, name, call, at="hub"):
    async with Inspector(world.settings(name), at) as inspector:
        with pytest.raises(RefusedError) as caught:
            await call(inspector)
    return caught.value


async def test_auditor_sees_its_own_members_entries_and_nobodys(world):
    entries = await read(world, "auditor")
    assert kinds(entries) == ["START", "POLICY", "KEY", "INTENT", "OUTCOME", "ADMIN"]
    assert {e.requester_member for _, e in entries} == {"", "KAZ"}
    assert {e.authority for _, e in entries} == {"", "KAZ"}
    entries = await read(world, "turk")
    assert kinds(entries) == ["START", "POLICY", "KEY", "INTENT", "OUTCOME", "ADMIN"]
    assert {e.requester_member for _, e in entries} == {"", "TUR"}


async def test_oversight_sees_all(world):
    entries = await read(world, "overseer")
    assert [index for index, _ in entries] == list(range(len(world.entries())))
    assert {e.requester_member for _, e in entries} == {"", "KAZ", "TUR", "GEO"}


async def test_filters_hold_and_pages_go_on_in_both_orders(world, monkeypatch):
    assert kinds(await read(world, "auditor", kind="OUTCOME", bank="GEO/persons")) == ["OUTCOME"]
    assert not await read(world, "auditor", state="timed_out")
    monkeypatch.setattr("gateway.inspector.PAGE", 2)
    forth = await read(world, "overseer", purpose="terrorism")
    back = await read(world, "overseer", purpose="terrorism", newest_first=True)
    assert kinds(forth) == ["INTENT", "OUTCOME"] * 2
    assert back == forth[::-1]
    assert await read(world, "overseer", purpose="terrorism", limit=3) == forth[:3]


async def test_each_access_is_an_entry_with_names_and_without_values(world):
    await read(world, "auditor", who="officer", state="answered")
    entry = world.entries()[-1]
    assert (entry.kind, entry.action, entry.who) == (Kind.ADMIN, "list_entries", "auditor")
    assert entry.probe_fields == ("who", "state")
    assert b"answered" not in entry.encode()


async def test_node_serves_its_own_member_alone(world):
    entries = await read(world, "turk", "TUR")
    assert {e.requester_member for _, e in entries} == {"", "KAZ", "TUR"}
    assert world.entries("TUR")[-1].action == "list_entries"
    for name in ("auditor", "overseer"):
        error = await refused(world, name, lambda i: anext(i.entries(Filter())), "TUR")
        assert error.reason == "POLICY_REFUSED"
        assert error.metadata["rule"] == "ledger.own_member"
        assert world.entries("TUR")[-1].kind is Kind.REFUSAL


async def test_roles_are_held(world):
    error = await refused(world, "officer", lambda i: anext(i.entries(Filter())))
    assert error.metadata["rule"] == "ledger.auditor"
    error = await refused(world, "keeper", lambda i: i.entry(0))
    assert error.metadata["rule"] == "ledger.auditor"
    assert world.entries()[-1].who == "keeper"


async def test_entry_that_is_not_for_the_reader_looks_as_if_it_were_not_there(world):
    foreign = next(i for i, e in enumerate(world.entries()) if e.requester_member == "TUR")
    errors = []
    for index in (foreign, 10**6):
        for call in (lambda i, n=index: i.entry(n), lambda i, n=index: i.part(n)):
            error = await refused(world, "auditor", call)
            errors.append((error.reason, error.text, tuple(error.metadata.items())))
    assert len(set(errors)) == 1


async def test_custodian_opens_a_question_and_the_opening_is_an_entry_first(world):
    index, intent = (await read(world, "auditor", kind="INTENT"))[0]
    async with Inspector(world.settings("keeper")) as inspector:
        sealed = await inspector.part(index)
        key = next(k for k in await inspector.keys() if k[2] == key_id_of(sealed))
        wrapped = await inspector.wrapped(key, "complaint of the person concerned")
    opened = world.entries()[-1]
    assert (opened.kind, opened.action, opened.who) == (Kind.KEY, "opened", "keeper")
    assert (opened.authority, opened.period, opened.key_id) == key
    assert b"complaint" not in opened.encode()
    assert set(opened.sealed) == {"KAZ"}
    private = read_key(world.home / "custodians" / "KAZ" / "duty.key")
    unwrapped = unwrap_key(wrapped, "duty", private)
    assert unseal(sealed, unwrapped, Place.of(intent))["query"]
    told = unseal(opened.sealed["KAZ"], unwrapped, Place.of(opened))
    assert told == {"reason": "complaint of the person concerned"}


async def test_key_is_for_its_own_member_with_a_reason(world):
    async with Inspector(world.settings("auditor")) as inspector:
        keys = await inspector.keys()
    assert {key[0] for key in keys} == {"KAZ"}
    error = await refused(world, "overseer", lambda i: i.wrapped(keys[0], "curious"))
    assert error.metadata["rule"] == "ledger.own_key"
    for key, reason, field in (
        (keys[0], "", "reason"),
        (keys[0], "x" * 201, "reason"),
        (("KAZ", "2020-01", "0" * 16), "why", "key"),
        (("KAZ", "../../x", "0" * 16), "why", "key"),
    ):
        error = await refused(world, "keeper", lambda i, k=key, r=reason: i.wrapped(k, r))
        assert (error.reason, error.metadata["field"]) == ("FIELD_INVALID", field)
        entry = world.entries()[-1]
        assert (entry.kind, entry.reason, entry.who) == (Kind.REFUSAL, "FIELD_INVALID", "keeper")
    assert not [e for e in world.entries() if e.action == "opened"]


async def test_large_part_comes_from_beside_the_ledger(world):
    client = await world.client()
    question = ask(purpose="border_control")
    checked = await client.check_documents(
        question, [document(number=f"Z{n:024}", issuer="KAZ") for n in range(200)]
    )
    index, entry = (await read(world, "auditor", search_id=checked.search_id, kind="INTENT"))[0]
    assert entry.sealed["KAZ"][:5] == "blob:"
    async with Inspector(world.settings("keeper")) as inspector:
        assert len(await inspector.part(index)) > MAX_INLINE


async def test_malformed_request_of_an_auditor_is_audited(world):
    folder = world.home / "clients" / "auditor"
    credentials = channel_credentials(
        folder / "certificate.pem", folder / "certificate.key", world.home / "ca.pem"
    )
    async with grpc.aio.secure_channel(
        world.federation.hub.address,
        credentials,
        options=[("grpc.ssl_target_name_override", "localhost")],
    ) as channel:
        call = channel.unary_stream(
            "/kalkan.v1.AuditService/ListEntries",
            response_deserializer=wire.ListEntriesResponse.FromString,
        )
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await anext(aiter(call(b"\xff\xff", timeout=60)))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert world.entries()[-1].kind is Kind.MALFORMED
