"""The floor: a hub that only fans out, `python -m tests.bench.bare_hub HOME PORT`.

It passes the client's bytes to every node and streams what comes back: no token, no signature, no
policy, no ledger, no merge. What Kalkan's hub costs is measured beside it.
"""

import asyncio
import sys
from pathlib import Path

import grpc

from gateway.access.federation import read_federation
from gateway.access.keys import read_secret
from kalkan.v1 import node_service_pb2 as node
from kalkan.v1 import search_service_pb2 as wire


class BareHub:
    """Passes bytes to every node and back."""

    def __init__(self, home: Path) -> None:
        self.federation = read_federation(home / "federation.toml")
        self.key = read_secret(home / "hub" / "certificate.key")
        self.chain = (home / "hub" / "certificate.pem").read_bytes()
        self.ca = self.federation.ca.read_bytes()
        credentials = grpc.ssl_channel_credentials(self.ca, self.key, self.chain)
        options = [("grpc.ssl_target_name_override", "localhost")]
        self.calls = {
            f"{m.code}/persons": grpc.aio.secure_channel(
                m.node, credentials, options=options
            ).unary_unary("/kalkan.v1.NodeService/Search")
            for m in self.federation.members
        }

    async def ask(self, bank: str, request: wire.SearchRequest, queue: asyncio.Queue) -> None:
        message = node.NodeServiceSearchRequest(
            bank=bank,
            query=request.query,
            token=request.token,
            signature=request.signature,
            public_key=request.public_key,
        )
        data = await self.calls[bank](message.SerializeToString())
        response = node.NodeServiceSearchResponse.FromString(data)
        queue.put_nowait(
            wire.BankEnded(bank=bank, answer=response.answer, answer_signature=response.signature)
        )

    async def search(self, data: bytes, context):
        request = wire.SearchRequest.FromString(data)
        queue: asyncio.Queue = asyncio.Queue()
        tasks = [asyncio.create_task(self.ask(bank, request, queue)) for bank in self.calls]
        yield wire.SearchEvent(accepted=wire.Accepted()).SerializeToString()
        for _ in tasks:
            yield wire.SearchEvent(bank_ended=await queue.get()).SerializeToString()
        yield wire.SearchEvent(groups=wire.Groups()).SerializeToString()
        yield wire.SearchEvent(ended=wire.Ended()).SerializeToString()


async def main(home: Path, port: int) -> None:
    hub = BareHub(home)
    server = grpc.aio.server()
    handlers = {"Search": grpc.unary_stream_rpc_method_handler(hub.search)}
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("kalkan.v1.SearchService", handlers)]
    )
    credentials = grpc.ssl_server_credentials(
        [(hub.key, hub.chain)], hub.ca, require_client_auth=True
    )
    server.add_secure_port(f"127.0.0.1:{port}", credentials)
    await server.start()
    print("ready", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
