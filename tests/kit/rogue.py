"""A node that misbehaves, in a process of its own: `python -m tests.kit.rogue FOLDER BEHAVIOUR`.

It has the member's real certificate and answer key, so that only its behaviour is wrong. It prints
"ready" when it listens. With a third argument, "stream", it serves SearchStream too.
"""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import grpc

from gateway.access.federation import read_federation
from gateway.access.keys import read_secret
from gateway.access.signatures import Domain, SigningKey
from gateway.settings import NodeSettings, read_settings
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire


@asynccontextmanager
async def rogue_node(world, member, behaviour, *more):
    """Run a rogue in the place of a member's node, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.rogue", str(world.home / "nodes" / member)),
        *(behaviour, *more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


class Rogue:
    """Answers wrongly in one way."""

    def __init__(self, settings: NodeSettings, behaviour: str, *, streams: bool) -> None:
        self.settings = settings
        self.streams = streams
        self.behaviour = behaviour
        self.federation = read_federation(settings.at(settings.federation))
        member = self.federation.member(settings.member)
        self.kid = member.answer_keys[0].kid
        self.key = SigningKey.load(settings.at(settings.answer_key), self.kid)

    async def search(self, data: bytes, context) -> bytes:
        request = wire.NodeServiceSearchRequest.FromString(data)
        return await getattr(self, self.behaviour)(request, context)

    async def search_stream(self, requests, context):
        async for data in requests:
            frame = wire.SearchStreamRequest.FromString(data)
            if frame.search:
                response = await self.search(frame.search, context)
                answer = wire.SearchStreamResponse(call_id=frame.call_id, response=response)
                yield answer.SerializeToString()

    async def hangs(self, request, context) -> bytes:
        await asyncio.Event().wait()
        return b""

    async def dies(self, request, context) -> bytes:
        os._exit(9)

    async def garbage(self, request, context) -> bytes:
        return b"\xff\xff\xff\xff"

    async def garbage_answer(self, request, context) -> bytes:
        return self.respond(b"\xff\xff\xff\xff")

    async def huge(self, request, context) -> bytes:
        return self.respond(b"\x00" * 5_000_000)

    async def wrong_key(self, request, context) -> bytes:
        answer = self.answer(request).SerializeToString()
        other = SigningKey.generate(kid=self.kid)
        return self.respond(answer, other.sign(Domain.ANSWER, answer))

    async def wrong_domain(self, request, context) -> bytes:
        answer = self.answer(request).SerializeToString()
        return self.respond(answer, self.key.sign(Domain.RECEIPT, answer))

    async def altered(self, request, context) -> bytes:
        answer = self.answer(request).SerializeToString()
        return self.respond(answer + b"\x40\x01", self.key.sign(Domain.ANSWER, answer))

    async def foreign_owner(self, request, context) -> bytes:
        answer = self.answer(request, hits=1)
        answer.hits[0].record.owner = "XXX"
        return self.respond(answer.SerializeToString())

    async def no_labels(self, request, context) -> bytes:
        answer = self.answer(request, hits=1)
        answer.hits[0].record.ClearField("handling")
        return self.respond(answer.SerializeToString())

    async def other_question(self, request, context) -> bytes:
        answer = self.answer(request, hits=1)
        answer.query_sha256 = b"\x01" * 32
        return self.respond(answer.SerializeToString())

    async def too_many(self, request, context) -> bytes:
        return self.respond(self.answer(request, hits=101).SerializeToString())

    async def hub_state(self, request, context) -> bytes:
        answer = self.answer(request)
        answer.state = model.BANK_STATE_SUSPENDED
        return self.respond(answer.SerializeToString())

    async def drips(self, request, context) -> bytes:
        answer = self.answer(request, hits=20)
        for hit in answer.hits:
            hit.record.reference = os.urandom(500).hex()
        return self.respond(answer.SerializeToString())

    async def raises(self, request, context) -> bytes:
        raise RuntimeError("SELECT secret FROM passwords")

    def answer(self, request, hits: int = 0) -> model.Answer:
        import hashlib

        member = self.settings.member
        answer = model.Answer(
            federation_id=self.federation.id,
            member=member,
            bank=request.bank,
            query_sha256=hashlib.sha256(request.query).digest(),
            state=model.BANK_STATE_ANSWERED if hits else model.BANK_STATE_NO_HIT,
            granularity=model.GRANULARITY_RECORD,
        )
        for number in range(hits):
            record = model.Record(owner=member, bank=request.bank, reference=f"R{number}")
            record.handling.tlp = model.TLP_GREEN
            answer.hits.add(record=record, score=0.9)
        return answer

    def respond(self, answer: bytes, signature: str = "") -> bytes:
        signature = signature or self.key.sign(Domain.ANSWER, answer)
        return wire.NodeServiceSearchResponse(
            answer=answer, signature=signature
        ).SerializeToString()

    async def describe(self, data: bytes, context) -> bytes:
        member = self.settings.member
        response = wire.DescribeResponse(member=member, search_stream=self.streams)
        response.banks.add(bank=f"{member}/persons", probes=[1, 2, 5], available=True)
        return response.SerializeToString()


async def serve(folder: Path, behaviour: str, *, streams: bool) -> None:
    settings = read_settings(NodeSettings, folder / "node.toml")
    rogue = Rogue(settings, behaviour, streams=streams)
    key = read_secret(settings.at(settings.key))
    chain = settings.at(settings.certificate).read_bytes()
    credentials = grpc.ssl_server_credentials(
        [(key, chain)], rogue.federation.ca.read_bytes(), require_client_auth=True
    )
    server = grpc.aio.server(options=[("grpc.max_send_message_length", -1)])
    methods = {
        "Search": grpc.unary_unary_rpc_method_handler(rogue.search),
        "SearchStream": grpc.stream_stream_rpc_method_handler(rogue.search_stream),
        "Describe": grpc.unary_unary_rpc_method_handler(rogue.describe),
    }
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("kalkan.v1.NodeService", methods)]
    )
    if behaviour == "drips":
        port = server.add_secure_port("127.0.0.1:0", credentials)
        await drip(settings.listen, port)
    else:
        server.add_secure_port(settings.listen, credentials)
    await server.start()
    print("ready", flush=True)
    await server.wait_for_termination()


async def drip(address: str, port: int) -> None:
    """Stand before a server: let the handshake through, then send one byte now and then."""

    async def accept(reader, writer) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        inward = asyncio.create_task(pump(reader, inner_writer, 1 << 40))
        await pump(inner_reader, writer, 8_192)
        await inward

    host, _, outer = address.rpartition(":")
    await asyncio.start_server(accept, host, int(outer))


async def pump(reader, writer, budget: int) -> None:
    """Copy `budget` bytes at full speed and the rest by drops."""
    while data := await reader.read(4_096):
        quick, slow = data[:budget], data[budget:]
        budget -= len(quick)
        writer.write(quick)
        for byte in slow:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)
        await writer.drain()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], streams="stream" in sys.argv[3:]))
