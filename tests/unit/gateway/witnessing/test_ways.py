from __future__ import annotations

from types import SimpleNamespace

import grpc
import pytest
from aiohttp import web

from gateway.ledger.witness.state import Verdict
from gateway.witnessing.ways import VERDICTS, AwayError, HttpWay, NodeWay
from kalkan.v1 import witness_service_pb2 as wire
from tests.kit.tls import Authority


@pytest.fixture
async def serve():
    runners = []

    async def start(answer):
        application = web.Application()
        application.router.add_post("/add-checkpoint", answer)
        runner = web.AppRunner(application)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


def test_each_verdict_has_its_number():
    assert set(VERDICTS) == set(Verdict)
    assert len(set(VERDICTS.values())) == len(VERDICTS)
    assert 0 not in VERDICTS.values()


async def test_status_and_body_come_through(serve):
    async def answer(request):
        return web.Response(status=409, body=await request.read())

    way = HttpWay(await serve(answer))
    assert await way.add(b"body", 30.0) == (Verdict.CONFLICT, b"body")
    await way.close()


@pytest.mark.parametrize("status", [204, 302, 500, 503])
async def test_what_is_no_answer_of_a_witness_is_away(serve, status):
    async def answer(request):
        return web.Response(status=status, headers={"Location": "/add-checkpoint"})

    way = HttpWay(await serve(answer))
    with pytest.raises(AwayError):
        await way.add(b"body", 30.0)
    await way.close()


async def test_nobody_there_is_away():
    way = HttpWay("http://127.0.0.1:9")
    with pytest.raises(AwayError):
        await way.add(b"body", 30.0)
    await way.close()
    await HttpWay("http://127.0.0.1:9").close()


@pytest.fixture
async def node(tmp_path):
    """A node behind TLS that answers what it is told to, and the way to it."""
    authority = Authority(tmp_path)
    pairs = [authority.issue(name) for name in ("node", "hub")]
    keys = [(pair.key.read_bytes(), pair.certificate.read_bytes()) for pair in pairs]
    ca = authority.file.read_bytes()
    answers, asked = [], []

    async def add_checkpoint(data, context):
        asked.append(wire.AddCheckpointRequest.FromString(data).body)
        return answers.pop(0)

    handler = grpc.unary_unary_rpc_method_handler(add_checkpoint)
    service = grpc.method_handlers_generic_handler(
        "kalkan.v1.WitnessService", {"AddCheckpoint": handler}
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((service,))
    credentials = grpc.ssl_server_credentials(keys[:1], ca, require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    member = SimpleNamespace(node=f"127.0.0.1:{port}", node_name="127.0.0.1")
    key, certificate = keys[1]
    way = NodeWay(member, grpc.ssl_channel_credentials(ca, key, certificate))
    yield way, answers, asked
    await way.close()
    await server.stop(None)


async def test_verdict_and_body_of_a_node_come_through(node):
    way, answers, asked = node
    for verdict, number in VERDICTS.items():
        answers.append(
            wire.AddCheckpointResponse(verdict=number, body=b"answer").SerializeToString()
        )
        assert await way.add(b"body", 30.0) == (verdict, b"answer")
    assert set(asked) == {b"body"}


async def test_answer_of_a_node_that_is_not_the_contracts_is_away(node):
    way, answers, _ = node
    for wrong in (b"\xff\xff", b"", wire.AddCheckpointResponse(verdict=99).SerializeToString()):
        answers.append(wrong)
        with pytest.raises(AwayError):
            await way.add(b"body", 30.0)
    with pytest.raises(AwayError):  # it fails on its side
        await way.add(b"body", 30.0)
