"""The owner is told over a real https service and in a file; nobody waits for it."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import stat

import pytest
from aiohttp import web

from gateway.node import notify
from gateway.node.notify import MAX_WAITING, PAUSE_S, Notifier

NOTICE = {"member": "KAZ", "state": "no_hit", "hits": 0}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """No try is given up and made again because the machine is busy."""
    monkeypatch.setattr(notify, "TIMEOUT_S", 60.0)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(notify, "PAUSE_S", 0.0)


@pytest.fixture
async def service(certificates, stack):
    """A web service that answers by a list of statuses, the last for ever."""
    seen, statuses = [], [200]

    async def take(request):
        seen.append(json.loads(await request.text()))
        return web.Response(status=statuses.pop(0) if len(statuses) > 1 else statuses[0])

    app = web.Application()
    app.router.add_post("/notices", take)
    runner = web.AppRunner(app)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificates / "node.pem", certificates / "node.key")
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    return f"https://localhost:{port}/notices", seen, statuses


def trust(certificates):
    return ssl.create_default_context(cafile=certificates / "ca.pem")


async def tell(notifier, *notices):
    notifier.start()
    for notice in notices:
        notifier.tell(notice)
    await notifier.flush()
    await notifier.close()


async def test_file_gets_one_line_for_each_and_is_its_owners(tmp_path):
    path = tmp_path / "notices.jsonl"
    await tell(Notifier(path), NOTICE, {**NOTICE, "hits": 1})
    assert [json.loads(line)["hits"] for line in path.read_text().splitlines()] == [0, 1]


@pytest.mark.parametrize("first", [NOTICE, {"cannot be written": "\ud800"}])
async def test_file_that_is_made_is_its_owners_whatever_becomes_of_the_first_notice(
    tmp_path, first
):
    path, shared = tmp_path / "notices.jsonl", tmp_path / "shared.jsonl"
    shared.touch()
    shared.chmod(0o640)
    before = os.umask(0)
    try:
        for file in (path, shared):
            await tell(Notifier(file), first, NOTICE)
    finally:
        os.umask(before)
    assert json.loads(path.read_text().splitlines()[-1]) == NOTICE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(shared.stat().st_mode) == 0o640  # as whoever made it has said


async def test_service_gets_each_in_order(service, certificates):
    url, seen, _ = service
    await tell(Notifier(None, url, trust(certificates)), *({"n": n} for n in range(5)))
    assert seen == [{"n": n} for n in range(5)]


async def test_troubled_service_is_tried_again(service, certificates, quick):
    url, seen, statuses = service
    statuses[:] = [500, 503, 200]
    await tell(Notifier(None, url, trust(certificates)), NOTICE)
    assert seen == [NOTICE] * 3


async def test_troubled_service_has_twice_as_long_before_each_further_try(
    service, certificates, monkeypatch
):
    url, _, statuses = service
    statuses[:] = [500]
    pauses, sleep = [], asyncio.sleep

    async def note(seconds):
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    await tell(Notifier(None, url, trust(certificates)), NOTICE)
    assert pauses == [PAUSE_S, 2 * PAUSE_S, 4 * PAUSE_S]


async def test_notice_that_nobody_takes_is_given_up_and_the_next_is_told(
    service, certificates, quick, caplog
):
    url, seen, statuses = service
    statuses[:] = [500] * notify.TRIES + [200]
    await tell(Notifier(None, url, trust(certificates)), {"n": 1}, {"n": 2})
    assert seen[-1] == {"n": 2}
    assert len(seen) == notify.TRIES + 1
    assert "not accepted" in caplog.text


async def test_service_that_is_not_trusted_is_told_nothing(service, quick):
    url, seen, _ = service
    await tell(Notifier(None, url), NOTICE)
    assert seen == []


async def test_folder_that_is_away_ends_nothing(tmp_path, caplog):
    await tell(Notifier(tmp_path / "away" / "notices"), NOTICE, NOTICE)
    assert caplog.text.count("was not told") == 2


async def test_full_queue_drops_and_says_so(tmp_path, caplog):
    notifier = Notifier(tmp_path / "notices")
    for _ in range(MAX_WAITING + 5):
        notifier.tell(NOTICE)
    assert notifier.dropped == 5
    assert caplog.text.count("dropped") == 1
    await notifier.close()  # it never began
