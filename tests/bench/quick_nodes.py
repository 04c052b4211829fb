"""Fifteen nodes that only sign: `python -m tests.bench.quick_nodes HOME`.

They do the least that the contract asks of a node, so that what is measured is the hub. Both hubs
of the bench ask the same nodes, with the same bytes, and get the same bytes.
"""

import asyncio
import hashlib
import sys
from pathlib import Path

import grpc

from gateway.access.federation import Member, read_federation
from gateway.access.keys import read_secret
from gateway.access.signatures import Domain, SigningKey
from gateway.clock import SystemClock
from gateway.node.revoking import Revoking
from gateway.settings import NodeSettings, read_settings
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

HITS = 2


class QuickNode:
    """Answers every question with two hits."""

    def __init__(self, federation_id: str, member: Member, key: SigningKey) -> None:
        self.key = key
        self.revoking = Revoking(federation_id, member.code, key, SystemClock(), None)
        self.bank = f"{member.code}/persons"
        self.answer = model.Answer(
            federation_id=federation_id,
            member=member.code,
            bank=self.bank,
            state=model.BANK_STATE_ANSWERED,
            granularity=model.GRANULARITY_RECORD,
            policy_epoch="0" * 16,
        )
        for number in range(HITS):
            self.answer.hits.append(make_hit(member.code, self.bank, number))

    async def search(self, data: bytes, context) -> bytes:
        request = wire.NodeServiceSearchRequest.FromString(data)
        self.answer.query_sha256 = hashlib.sha256(request.query).digest()
        answer = self.answer.SerializeToString()
        response = wire.NodeServiceSearchResponse(
            answer=answer, signature=self.key.sign(Domain.ANSWER, answer)
        )
        return response.SerializeToString()

    async def search_stream(self, requests, context):
        async for data in requests:
            request = wire.SearchStreamRequest.FromString(data)
            if request.search:
                response = await self.search(request.search, context)
                yield wire.SearchStreamResponse(
                    call_id=request.call_id, response=response
                ).SerializeToString()

    async def describe(self, data: bytes, context) -> bytes:
        notice, signature = self.revoking.notice()
        response = wire.DescribeResponse(
            member=self.bank[:3],
            notice=notice,
            notice_signature=signature,
            search_stream=True,
        )
        response.banks.add(bank=self.bank, probes=[1], available=True)
        return response.SerializeToString()


def make_hit(member: str, bank: str, number: int) -> model.Hit:
    """A hit as a national bank gives it: a name, a birth date, a document."""
    handling = model.Handling(tlp=model.TLP_AMBER, europol=[model.EUROPOL_CODE_H1])
    record = model.Record(
        owner=member, bank=bank, reference=f"R-{number}", kind=model.RECORD_KIND_WANTED
    )
    record.handling.CopyFrom(handling)
    record.contact.office = "National Contact Point"
    name = model.PersonName(given="Rustam", family=f"Karimov{number}", script="Latn")
    record.fields.add(field=model.FIELD_NAME_NAME, name=name, handling=handling)
    birth = model.PartialDate(year=1984 + number, month=5, day=1)
    record.fields.add(field=model.FIELD_NAME_BIRTH_DATE, date=birth, handling=handling)
    paper = model.Document(number=f"{member}{number}", issuer=member)
    record.fields.add(field=model.FIELD_NAME_DOCUMENT, document=paper, handling=handling)
    hit = model.Hit(record=record, score=0.97, band=model.SCORE_BAND_STRONG)
    hit.reasons.add(field=model.FIELD_NAME_NAME, verdict=model.VERDICT_EXACT, score=1.0)
    return hit


async def main(home: Path) -> None:
    federation = read_federation(home / "federation.toml")
    servers = []
    for member in federation.members:
        settings = read_settings(NodeSettings, home / "nodes" / member.code / "node.toml")
        key = SigningKey.load(settings.at(settings.answer_key), member.answer_keys[0].kid)
        node = QuickNode(federation.id, member, key)
        credentials = grpc.ssl_server_credentials(
            [
                (
                    read_secret(settings.at(settings.key)),
                    settings.at(settings.certificate).read_bytes(),
                )
            ],
            federation.ca.read_bytes(),
            require_client_auth=True,
        )
        server = grpc.aio.server()
        methods = {
            "Search": grpc.unary_unary_rpc_method_handler(node.search),
            "SearchStream": grpc.stream_stream_rpc_method_handler(node.search_stream),
            "Describe": grpc.unary_unary_rpc_method_handler(node.describe),
        }
        handler = grpc.method_handlers_generic_handler("kalkan.v1.NodeService", methods)
        server.add_generic_rpc_handlers([handler])
        server.add_secure_port(settings.listen, credentials)
        await server.start()
        servers.append(server)
    print("ready", flush=True)
    await servers[0].wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
