from __future__ import annotations

import pytest
from aiohttp import web

from gateway.ledger.witness.state import Verdict
from gateway.witnessing.ways import VERDICTS, AwayError, HttpWay


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
