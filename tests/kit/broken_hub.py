"""A hub that was broken into: the real certificate and receipt key, links to real nodes, no honour.

It serves SearchService at the hub's own address. `bend` may change the events of an honest search
before a client gets them; `ask` sends whatever it likes to a node.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import grpc

from gateway.access.signatures import Domain, SigningKey
from gateway.hub.link import Address, GrpcLink
from gateway.hub.merge import merge
from gateway.running import channel_credentials
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.world import World

CLEAN = frozenset(
    {model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT, model.BANK_STATE_NOT_CAPABLE}
)
Events = list[wire.SearchEvent]
LONG_S = 30.0
"""What a node is asked here has an answer: nothing is measured."""


@dataclass
class BrokenHub:
    """The hub of a small world, in the hands of somebody else.

    Attributes:
        world: The world; its own hub does not run.
        bend: Changes the events of a search, which are true before.
        seen: The searches so far: each request with its true events.
    """

    world: World
    bend: Callable[["BrokenHub", Events], Events] = lambda _, events: events
    seen: list[tuple[wire.SearchRequest, Events]] = field(default_factory=list)

    def __post_init__(self) -> None:
        folder, federation = self.world.home / "hub", self.world.federation
        certificate, key = folder / "certificate.pem", folder / "certificate.key"
        credentials = channel_credentials(certificate, key, federation.ca)
        self.links = {
            m.code: GrpcLink(Address(m.node, m.node_name), credentials) for m in federation.members
        }
        kid = federation.hub.receipt_keys[0].kid
        self.receipt_key = SigningKey.load(folder / "receipt.key", kid)
        self.server = grpc.aio.server()
        search = grpc.unary_stream_rpc_method_handler(self.search)
        self.server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler("kalkan.v1.SearchService", {"Search": search})]
        )
        chain = [(key.read_bytes(), certificate.read_bytes())]
        self.server.add_secure_port(
            federation.hub.address,
            grpc.ssl_server_credentials(
                chain, federation.ca.read_bytes(), require_client_auth=True
            ),
        )

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.server.stop(None)
        del self.server  # one that is collected after its loop has closed cannot end itself
        for link in self.links.values():
            await link.close()

    async def search(self, data: bytes, context):
        request = wire.SearchRequest.FromString(data)
        events = await self.run(request)
        self.seen.append((request, events))
        copies = [wire.SearchEvent.FromString(event.SerializeToString()) for event in events]
        for event in self.bend(self, copies):
            yield event.SerializeToString()

    async def run(self, request: wire.SearchRequest) -> Events:
        """Search as a true hub does."""
        search_id = hashlib.sha256(request.query).digest()[:16].hex()
        banks = sorted(bank for m in self.world.federation.members for bank in m.banks)
        events = [wire.SearchEvent(accepted=wire.Accepted(search_id=search_id, asked=banks))]
        answers = []
        for bank in banks:
            response = await self.ask(bank, request)
            answer = model.Answer.FromString(response.answer)
            answers.append(answer)
            end = wire.BankEnded(
                bank=bank,
                state=answer.state,
                answer=response.answer,
                answer_signature=response.signature,
            )
            events.append(wire.SearchEvent(bank_ended=end))
        events.append(wire.SearchEvent(groups=wire.Groups(groups=merge(answers))))
        return [*events, self.end(request, events)]

    async def notice_of(self, member: str) -> tuple[bytes, str]:
        """The newest notice of a member."""
        said = await self.links[member].describe(LONG_S)
        return said.notice, said.notice_signature

    async def ask(
        self, bank: str, request, notice=None, **changes
    ) -> node.NodeServiceSearchResponse:
        """Ask a node; `changes` are fields of its request. Raises LinkError."""
        data, signature = notice or await self.notice_of("KAZ")
        values = {
            "bank": bank,
            "query": request.query,
            "token": request.token,
            "signature": request.signature,
            "public_key": request.public_key,
            "notice": data,
            "notice_signature": signature,
        }
        asked = node.NodeServiceSearchRequest(**{**values, **changes})
        return await self.links[bank[:3]].search(asked.SerializeToString(), LONG_S)

    def end(self, request, events: Events, **changes) -> wire.SearchEvent:
        """The receipt of these events, signed with the hub's own key; `changes` are its fields."""
        digest = hashlib.sha256(request.query).digest()
        receipt = wire.Receipt(
            federation_id=self.world.federation.id,
            search_id=digest[:16].hex(),
            query_sha256=digest,
        )
        ends = [event.bank_ended for event in events if event.HasField("bank_ended")]
        for end in ends:
            sha = hashlib.sha256(end.answer).digest() if end.answer else b""
            receipt.coverage.add(bank=end.bank, state=end.state, answer_sha256=sha)
        receipt.complete = all(end.state in CLEAN for end in ends)
        for name, value in changes.items():
            setattr(receipt, name, value)
        return self.seal(receipt)

    def seal(self, receipt: wire.Receipt, key: SigningKey | None = None) -> wire.SearchEvent:
        """Sign a receipt, with the hub's key or another."""
        data = receipt.SerializeToString()
        signature = (key or self.receipt_key).sign(Domain.RECEIPT, data)
        return wire.SearchEvent(ended=wire.Ended(receipt=data, receipt_signature=signature))
