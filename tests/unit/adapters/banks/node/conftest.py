"""A node over gRPC with mutual TLS that does what a test says, and a mapping for it."""

import weakref
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest

from adapters.banks.node import adapter
from gateway.access.authority import Authority
from gateway.clock import SystemClock
from kalkan.v1 import node_service_pb2 as wire
from seeds.ports import release, reserve_port
from tests.kit.signed import ID, key_of, make_answer, seal

BANK = "KAZ/persons"


async def answer_well(request, _context):
    """Answer any question with two hits."""
    import hashlib

    digest = hashlib.sha256(request.query).digest()
    data, signature = seal(_labelled(make_answer(BANK, hits=2, query_sha256=digest)))
    return wire.NodeServiceSearchResponse(answer=data, signature=signature)


def _labelled(answer):
    for hit in answer.hits:
        hit.record.kind = 1
    return answer


@dataclass
class Behind:
    """A node that does what `act` says."""

    act: object = answer_well
    asked: list = field(default_factory=list)
    banks: tuple[str, ...] = (BANK,)
    available: bool = True
    port: int = field(default_factory=reserve_port)

    def __post_init__(self):
        weakref.finalize(self, release, (self.port,))

    async def search(self, data, context):
        request = wire.NodeServiceSearchRequest.FromString(data)
        self.asked.append(request)
        answer = await self.act(request, context)
        return answer if isinstance(answer, bytes) else answer.SerializeToString()

    async def describe(self, _data, _context):
        told = wire.DescribeResponse(member="KAZ", software="a node", policy_epoch="1")
        for bank in self.banks:
            about = told.banks.add(bank=bank, title="Region", available=self.available)
            about.probes.extend((wire.PROBE_KIND_PERSON, wire.PROBE_KIND_DOCUMENT))
            about.kinds.append(1)
            about.fields.append(1)
            about.as_of_time.seconds = 1_780_000_000
        return told.SerializeToString()


@dataclass
class Place:
    """Where the files of a bank of kind node are."""

    folder: Path
    authority: Authority

    def write(self, port, key=None):
        """Write the mapping; the node is at `port`."""
        pinned = "\n".join(f'{k} = "{v}"' for k, v in (key or key_of("KAZ")).public_jwk().items())
        path = self.folder / "mapping.toml"
        path.write_text(
            'version = 1\n[bank]\nid = "persons"\ntitle = "Region"\nkind = "node"\n'
            f'[node]\naddress = "127.0.0.1:{port}"\nname = "localhost"\nca_file = "ca.pem"\n'
            'certificate = "front.pem"\nkey = "front.key"\n'
            f"[[node.answer_key]]\n{pinned}\n",
            encoding="utf-8",
        )
        return path

    @asynccontextmanager
    async def serve(self, behind):
        """Run a node at its port, which stays its own while it is away."""
        issued = self.authority.issue_node("KAZ")
        credentials = grpc.ssl_server_credentials(
            [(issued.key, issued.certificate)],
            self.authority.certificate,
            require_client_auth=True,
        )
        methods = {
            "Search": grpc.unary_unary_rpc_method_handler(behind.search),
            "Describe": grpc.unary_unary_rpc_method_handler(behind.describe),
        }
        server = grpc.aio.server()
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler("kalkan.v1.NodeService", methods)]
        )
        server.add_secure_port(f"127.0.0.1:{behind.port}", credentials)
        await server.start()
        try:
            yield behind
        finally:
            await server.stop(0)


@pytest.fixture(autouse=True)
def no_haste(monkeypatch):
    """A first connection to a node may take seconds; what it tells at the start is waited for."""
    monkeypatch.setattr(adapter, "_DESCRIBE_S", 60.0)


@pytest.fixture
def place(tmp_path):
    authority = Authority.create(ID, SystemClock())
    (tmp_path / "ca.pem").write_bytes(authority.certificate)
    authority.issue_node("KAZ").save(tmp_path, "front")
    return Place(tmp_path, authority)


@pytest.fixture
async def behind(place):
    async with place.serve(Behind()) as running:
        yield running
