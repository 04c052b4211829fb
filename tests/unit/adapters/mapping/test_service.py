"""Ask a real server that does each wrong thing that a service can do."""

import asyncio
import gzip
import traceback

import pytest
from aiohttp import web

from adapters.contract import BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping import service as service_module
from adapters.mapping.service import Call, Patience, Service
from adapters.mapping.session import POOL, open_session

SECRET = "hidden-number-7"
CALL = Call("GET", "/asnad", {"shomare": SECRET})


@pytest.fixture
async def connect(make_mapping, start, tmp_path):
    """Return a function that starts a server and returns the service, and its waits so far."""
    opened = []

    async def run(handler, more=""):
        url = handler if isinstance(handler, str) else await start(handler)
        http = make_mapping(url, more).http
        waits = []

        async def pause(seconds):
            waits.append(round(seconds))
            opened[-1]._quiet_until = 0.0

        opened.append(Service(open_session(http, tmp_path), http, pause=pause))
        return opened[-1], waits

    yield run
    for service in opened:
        await service.close()


def patience(seconds=50.0, retries=1):
    return Patience(asyncio.get_running_loop().time() + seconds, retries)


async def ask(service, told=None):
    return await service.ask("/asnad", {"shomare": SECRET}, patience=told or patience())


def answer(**options):
    async def handle(_request):
        return web.Response(**options)

    return handle


def verify_silent(error):
    """Require that neither the error nor what is printed with it tells the question."""
    assert SECRET not in "".join(traceback.format_exception(error))
    assert "127.0.0.1" not in str(error)


async def test_ask_sends_the_parameters_and_decodes_the_answer(connect):
    async def handle(request):
        return web.json_response({"path": request.path, "told": request.query["shomare"]})

    service, _ = await connect(handle)
    assert await ask(service) == {"path": "/asnad", "told": SECRET}


async def test_ask_keeps_an_encoded_path_as_it_is(connect):
    async def handle(request):
        return web.json_response(request.raw_path)

    service, _ = await connect(handle)
    assert await service.ask("/a/%2E%2E%2F%41%3F", {}, patience=patience()) == "/a/%2E%2E%2F%41%3F"


async def test_ask_finds_nothing_when_the_service_says_so(connect):
    service, _ = await connect(answer(status=404, text="no"))
    assert await ask(service) is None


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"status": 401}, BankFaultError),
        ({"status": 302, "headers": {"Location": "/elsewhere"}}, BankFaultError),
        ({"status": 204}, BankFaultError),
        ({"status": 400, "text": '{"khata": {"kod": "X"}}'}, BankFaultError),
        ({"status": 500, "text": SECRET}, BankUnavailableError),
        ({"text": '{"khata": {"kod": "hidden-number-7"}}'}, BankUnavailableError),
        ({"text": "<html>"}, BankFaultError),
        ({"text": ""}, BankFaultError),
        ({"body": b'"\xff"'}, BankFaultError),
        ({"text": "[" * 60_000}, BankFaultError),
        ({"text": "[" * 90_000}, BankFaultError),
        ({"text": "9" * 9_000}, BankFaultError),
        ({"body": gzip.compress(b"{}"), "headers": {"Content-Encoding": "gzip"}}, BankFaultError),
        ({"text": "{}", "headers": {"X": "y" * 9_000}}, BankUnavailableError),
    ],
)
async def test_ask_turns_a_bad_answer_into_an_error_that_tells_nothing(connect, options, error):
    service, _ = await connect(answer(**options))
    with pytest.raises(error) as caught:
        await ask(service)
    verify_silent(caught.value)


async def test_ask_stops_reading_an_answer_that_is_too_large(connect, monkeypatch):
    monkeypatch.setattr(service_module, "ANSWER_LIMIT", 100_000)
    stopped = asyncio.Event()

    async def handle(request):
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 50_000)
        finally:
            stopped.set()

    service, _ = await connect(handle)
    with pytest.raises(BankFaultError, match="100000 bytes"):
        await ask(service)
    await stopped.wait()


async def test_ask_gives_up_when_the_answer_breaks_off(connect):
    async def handle(request):
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"natayej"')
        request.transport.close()
        return response

    service, _ = await connect(handle)
    with pytest.raises(BankUnavailableError) as caught:
        await ask(service)
    verify_silent(caught.value)


async def test_ask_gives_up_when_nobody_listens(connect):
    service, _ = await connect("http://127.0.0.1:9")
    with pytest.raises(BankUnavailableError) as caught:
        await ask(service)
    verify_silent(caught.value)


async def test_ask_gives_up_on_a_silent_service_at_the_deadline(connect):
    service, _ = await connect(lambda _request: asyncio.Event().wait())
    with pytest.raises(BankTimeoutError) as caught:
        await ask(service, patience(0.05))
    verify_silent(caught.value)


async def test_ask_gives_up_on_a_dripping_service_at_the_deadline(connect):
    async def handle(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.005)

    service, _ = await connect(handle)
    with pytest.raises(BankTimeoutError):
        await ask(service, patience(0.1))


async def test_ask_gives_up_at_the_time_of_the_mapping_when_that_is_earlier(connect):
    service, _ = await connect(lambda _request: asyncio.Event().wait())
    service._web = service._web.model_copy(update={"timeout_s": 0.05})
    with pytest.raises(BankTimeoutError):
        await ask(service, patience(1_000))


async def test_ask_closes_the_request_when_it_is_cancelled(connect):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def handle(_request):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    service, _ = await connect(handle)
    task = asyncio.create_task(ask(service))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ended.wait()


def busy(times, status=429, **headers):
    """Answer busy so many times, then well."""
    left = [times]

    async def handle(_request):
        left[0] -= 1
        if left[0] < 0:
            return web.json_response("well")
        return web.Response(status=status, headers=headers)

    return handle


@pytest.mark.parametrize("status", [429, 503])
async def test_ask_waits_as_long_as_the_service_asks_for(connect, status):
    service, waits = await connect(busy(1, status, **{"Retry-After": "7"}))
    assert await ask(service) == "well"
    assert waits == [7]


async def test_ask_reads_a_date_against_the_clock_of_the_service(connect):
    later, now = "Sun, 01 Nov 2026 08:00:09 GMT", "Sun, 01 Nov 2026 08:00:00 GMT"
    service, waits = await connect(busy(1, Date=now, **{"Retry-After": later}))
    assert await ask(service) == "well"
    assert waits == [9]


@pytest.mark.parametrize("told", ["soon", "-5", "Sun, 99 Nov 2026 08:00:09 GMT"])
async def test_ask_waits_shortly_when_the_wait_cannot_be_read(connect, told):
    service, waits = await connect(busy(1, **{"Retry-After": told}))
    assert await ask(service) == "well"
    assert len(waits) == 1
    assert waits[0] <= 1


async def test_ask_does_not_wait_longer_than_the_deadline(connect):
    service, waits = await connect(busy(1, **{"Retry-After": "600"}))
    with pytest.raises(BankUnavailableError, match="busy"):
        await ask(service)
    with pytest.raises(BankUnavailableError, match="busy"):
        await ask(service)
    assert waits == []


async def test_ask_gives_up_after_the_declared_retries(connect):
    service, waits = await connect(busy(3, **{"Retry-After": "2"}))
    with pytest.raises(BankUnavailableError, match="busy"):
        await ask(service, patience(retries=2))
    assert waits == [2, 2]


async def test_ask_keeps_to_the_pool_when_many_ask(connect):
    now, most, full = [0], [0], asyncio.Event()

    async def handle(_request):
        now[0] += 1
        most[0] = max(most[0], now[0])
        if now[0] == POOL:
            full.set()
        await full.wait()
        now[0] -= 1
        return web.json_response(0)

    service, _ = await connect(handle)
    await asyncio.gather(*(ask(service) for _ in range(5 * POOL)))
    assert most[0] == POOL


def link(*told):
    """A server whose answers have these Link headers, each answer the next one."""
    asked = []

    async def handle(request):
        asked.append((request.path_qs, request.headers.get("Authorization")))
        return web.json_response({}, headers=[("Link", line) for line in told[len(asked) - 1]])

    return handle, asked


LINKS = {
    "relative": (['</asnad?after=2>; rel="next"'], "/asnad?after=2"),
    "beside": (["<?after=%D0%B6%20c>; rel=next"], "/asnad?after=%D0%B6%20c"),
    "several": (['</a>; rel="first", </b?x=1,2>; title="a, b"; rel="next"'], "/b?x=1,2"),
    "several lines": (['</a>; rel="prev"', '</b>; rel="next"'], "/b"),
    "several relations": (['</b>; rel="last NEXT"'], "/b"),
    "fragment": (['</b?x=1#y>; rel="next"'], "/b?x=1"),
    "none": ([], ""),
    "no next": (['</a>; rel="last"'], ""),
    "of another": (['</a>; rel="next"; anchor="/other"'], ""),
    "no link": (["nonsense; rel=next"], ""),
}


@pytest.mark.parametrize("name", LINKS)
async def test_turn_tells_the_next_page_by_the_link_of_the_answer(connect, name):
    told, path = LINKS[name]
    handle, asked = link(told, [])
    service, _ = await connect(handle)
    said, after = await service.turn(CALL, patience())
    assert said == {}
    assert after.removeprefix(service._web.url) == path
    if path:
        assert await service.turn(CALL, patience(), after) == ({}, "")
        assert asked[1][0] == path  # as it was told, without parameters of ours


@pytest.mark.parametrize(
    "told", ["http://127.0.0.1:9/b", "//other.example/b", "https:/b", "mailto:a@b", "http://[/"]
)
async def test_turn_goes_to_no_other_server(connect, told):
    handle, _ = link([f'<{told}>; rel="next"'])
    service, _ = await connect(handle)
    with pytest.raises(BankFaultError) as caught:
        await service.turn(CALL, patience())
    verify_silent(caught.value)


async def test_turn_takes_no_name_from_an_address(connect, tmp_path):
    (tmp_path / "token").write_text("ours")
    lines = []
    handle, asked = link(lines, [])
    service, _ = await connect(handle, 'token_file = "token"')
    lines.append(f"<{service._web.url.replace('//', '//a:b@')}/b>; rel=next")
    _, after = await service.turn(CALL, patience())
    await service.turn(CALL, patience(), after)
    assert asked[1] == ("/b", "Bearer ours")


async def test_turn_finds_nothing_when_the_service_says_so(connect):
    service, _ = await connect(answer(status=404))
    assert await service.turn(CALL, patience()) == (None, "")
