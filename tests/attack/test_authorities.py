"""A member's own authority lets its own people in, and cannot make itself anybody else."""

from __future__ import annotations

import grpc
import pytest

from gateway.access.authority import Authority
from gateway.access.federation import write_federation
from gateway.client import BankEnd
from gateway.clock import SystemClock
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from gateway.wire import error_info
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.world import ID, ask, build_world


class Own:
    """A federation in which KAZ and TUR have authorities of their own."""

    def __init__(self, home):
        self.world = build_world(home)
        names = {"KAZ": "Kazakhstan", "TUR": "Türkiye"}
        clock = SystemClock()
        self.authorities = {code: Authority.create(ID, clock, names[code]) for code in names}
        pems = {code: each.certificate.decode() for code, each in self.authorities.items()}
        whole = self.world.federation
        members = tuple(m.model_copy(update={"ca": pems.get(m.code, "")}) for m in whole.members)
        self.world.federation = whole.model_copy(update={"members": members})
        write_federation(self.world.federation, home / "federation.toml")

    def add_client(self, signer, member):
        """A client of a member, its certificate by an authority, its token by the member."""
        shared, self.world.authority = self.world.authority, self.authorities[signer]
        self.world.add_client("new", member, ("investigator",))
        self.world.authority = shared

    def sign_node(self, signer, member):
        """Give a member's node a certificate by an authority."""
        folder = self.world.home / "nodes" / member
        for name in ("certificate.pem", "certificate.key"):
            (folder / name).unlink()
        self.authorities[signer].issue_node(member).save(folder, "certificate")

    async def states(self):
        client = await self.world.client()
        events = await client.search_once(ask())
        return {each.bank: each.state for each in events if isinstance(each, BankEnd)}


@pytest.fixture
async def own(tmp_path):
    made = Own(tmp_path / "home")
    yield made
    await made.world.stop()


async def test_officer_with_a_certificate_of_the_members_own_authority_is_answered(own):
    own.add_client("KAZ", "KAZ")
    await own.world.start()
    client = await own.world.client("new")
    events = await client.search_once(ask())
    assert {each.state for each in events if isinstance(each, BankEnd)} == {"answered"}


@pytest.mark.parametrize("victim", ["KAZ", "GEO"])
async def test_authority_of_one_member_lets_nobody_in_for_another(own, victim):
    """Not even with a token that the victim itself has issued for this very certificate."""
    own.add_client("TUR", victim)
    await own.world.start()
    client = await own.world.client("new")
    with pytest.raises(RefusedError) as caught:
        await client.search_once(ask())
    assert caught.value.reason == "PEER_FORBIDDEN"
    last = own.world.entries()[-1]
    assert (last.kind, last.reason) == (Kind.REFUSAL, "PEER_FORBIDDEN")
    assert not any(entry.kind is Kind.INTENT for entry in own.world.entries())


async def test_node_with_a_certificate_of_its_own_authority_is_asked_and_witnesses(own):
    own.sign_node("KAZ", "KAZ")
    await own.world.start()
    assert set((await own.states()).values()) == {"answered"}


async def test_node_with_a_certificate_of_another_members_authority_is_not_reached(own):
    own.sign_node("KAZ", "TUR")
    await own.world.start()
    states = await own.states()
    assert states.pop("TUR/persons") == "unavailable"
    assert set(states.values()) == {"answered"}


@pytest.mark.parametrize("role", ["hub", "node"])
async def test_authority_of_one_member_makes_no_hub_and_no_node_of_another(own, role):
    authority = own.authorities["TUR"]
    issued = authority.issue_hub() if role == "hub" else authority.issue_node("KAZ")
    await own.world.start_node("KAZ")
    roots = own.world.authority.certificate
    credentials = grpc.ssl_channel_credentials(roots, issued.key, issued.certificate)
    options = [("grpc.ssl_target_name_override", "localhost")]
    address = f"127.0.0.1:{own.world.ports['KAZ']}"
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        call = channel.unary_unary("/kalkan.v1.NodeService/Describe")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(wire.DescribeRequest().SerializeToString(), timeout=60)
    assert error_info(caught.value).reason == "PEER_FORBIDDEN"
    assert own.world.entries("KAZ")[-1].reason == "PEER_FORBIDDEN"
