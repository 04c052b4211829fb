import asyncio

import pytest
from aiohttp import web

from adapters.banks.http.adapter import open_http
from adapters.contract import (
    BankFaultError,
    BankUnavailableError,
    DocumentProbe,
    Limits,
    MappingError,
    QueryRejectedError,
    VehicleProbe,
)

LIMITS = Limits(rows=10, timeout_s=20.0)


def person(number, paper="A1"):
    return {
        "shenase": f"p{number}",
        "nam": {"aval": "علی", "akhar": f"رضایی {number}"},
        "madarek": [{"noe": "گذرنامه", "shomare": paper}],
    }


class Bank:
    """A service over a list of persons, whose answers a test may bend."""

    def __init__(self, people):
        self.people, self.asked = people, []

    async def __call__(self, request):
        self.asked.append(request.path_qs)
        page, size = (int(request.query.get(word, 1)) for word in ("safhe", "tedad"))
        match request.path.split("/")[1:]:
            case ["vaziat"]:
                return web.json_response({"neshan": 12.0, "be_rooz": "2026-10-01T00:00:00"})
            case ["afrad", reference]:
                found = [p for p in self.people if p["shenase"] == reference]
                return (
                    web.json_response(found[0], status=200) if found else web.Response(status=404)
                )
            case ["asnad" | "afrad"]:
                shown = self.people[(page - 1) * size : page * size]
                answer = {"natayej": {"items": shown, "total": len(self.people)}}
                return web.json_response(answer)
        return web.Response(status=404)


@pytest.fixture
async def connect(make_mapping, start, tmp_path):
    opened = []

    async def run(handler, **options):
        adapter = await open_http(make_mapping(await start(handler), **options), tmp_path)
        opened.append(adapter)
        return adapter

    yield run
    for adapter in opened:
        await adapter.close()
        await adapter.close()


async def test_search_takes_only_records_that_hold_the_number(connect):
    bank = Bank([person(3, "B2"), person(2, "a 1"), person(1, "A-1"), person(4, "A11")])
    adapter = await connect(bank)
    found = await adapter.search(DocumentProbe("A1"), LIMITS)
    assert [record.reference for record in found.records] == ["p1", "p2"]
    assert found.truncated is False
    assert bank.asked[0] == "/asnad?shomare=A1&safhe=1&tedad=2"


async def test_search_stops_at_the_limit_and_says_that_there_is_more(connect):
    bank = Bank([person(number) for number in range(9)])
    found = await (await connect(bank)).search(DocumentProbe("A1"), Limits(3, 20.0))
    assert len(found.records) == 3
    assert found.truncated is True
    assert len(bank.asked) == 2


async def test_search_refuses_what_is_not_declared(connect):
    with pytest.raises(QueryRejectedError):
        await (await connect(Bank([]))).search(VehicleProbe(plate="1"), LIMITS)


async def test_search_leaves_a_record_without_reference_out_and_counts_it(connect):
    adapter = await connect(Bank([person(1), person(2) | {"shenase": None}]))
    assert len((await adapter.search(DocumentProbe("A1"), LIMITS)).records) == 1
    assert adapter.faults == {"shenase": 1}


async def test_fetch_reads_in_the_order_asked_and_leaves_unknown_ones_out(connect):
    bank = Bank([person(number) for number in range(30)])
    adapter = await connect(bank)
    asked = [f"p{number}" for number in range(29, -1, -1)]
    found = await adapter.fetch([*asked, "missing", "", "..", "a/b?c", "x" * 101, "p0"], LIMITS)
    assert [record.reference for record in found.records] == asked[:10]
    assert found.truncated is True
    assert not {"/", "/afrad/", "/afrad/.."} & set(bank.asked)
    with pytest.raises(QueryRejectedError):
        await adapter.fetch(["p0"] * 1_001, LIMITS)


async def test_fetch_writes_a_reference_as_one_part_of_the_path(connect):
    async def handle(request):
        assert request.raw_path == "/afrad/a%2Fb%3Fc%23%20%D8%B9"
        return web.json_response(person(1) | {"shenase": "a/b?c# ع"})

    found = await (await connect(handle)).fetch(["a/b?c# ع"], LIMITS)
    assert len(found.records) == 1


async def test_fetch_refuses_another_record_than_was_asked_for(connect):
    async def handle(_request):
        return web.json_response(person(1))

    with pytest.raises(BankFaultError, match="another record"):
        await (await connect(handle)).fetch(["p2"], LIMITS)


async def test_fetch_fails_whole_when_one_request_fails(connect):
    bank = Bank([person(1)])

    async def handle(request):
        return web.Response(status=500) if request.path == "/afrad/bad" else await bank(request)

    with pytest.raises(BankUnavailableError):
        await (await connect(handle)).fetch(["p1", "bad"], LIMITS)


async def test_fetch_closes_all_requests_when_it_is_cancelled(connect):
    begun, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def handle(_request):
        begun.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.release()

    adapter = await connect(handle)
    task = asyncio.create_task(adapter.fetch(["p1", "p2"], LIMITS))
    for _ in range(2):
        await begun.acquire()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(2):
        await ended.acquire()


async def test_names_reads_all_pages(connect):
    adapter = await connect(Bank([person(number) for number in range(5)]))
    named = [named async for named in adapter.names()]
    assert [one.reference for one in named] == ["p0", "p1", "p2", "p3", "p4"]
    assert named[3].names == ("علی رضایی 3",)


async def test_names_refuses_a_service_without_the_list(connect):
    adapter = await connect(Bank([]), change=('path = "/afrad"', 'path = "/none"'))
    with pytest.raises(BankFaultError, match="no such list"):
        assert [named async for named in adapter.names()]


async def test_watermark_and_as_of_are_read_from_the_state(connect):
    adapter = await connect(Bank([]))
    assert await adapter.watermark() == "12"
    assert (await adapter.as_of()).isoformat() == "2026-10-01T00:00:00+00:00"


async def test_watermark_and_as_of_fall_back_when_no_state_is_declared(connect):
    state = '[http.state]\npath = "/vaziat"\nwatermark = "neshan"\nas_of = "be_rooz"\n'
    bank = Bank([])
    adapter = await connect(bank, change=(state, ""))
    assert await adapter.watermark() == ""
    assert (await adapter.as_of()).year == 2026
    assert bank.asked == []


async def test_as_of_refuses_what_is_no_time(connect):
    adapter = await connect(Bank([]), change=('"be_rooz"', '"neshan"'))
    with pytest.raises(BankFaultError, match="ISO 8601"):
        await adapter.as_of()


async def test_open_http_refuses_a_search_for_what_a_probe_does_not_have(make_mapping, tmp_path):
    with pytest.raises(MappingError, match="colour"):
        await open_http(make_mapping(change=('"number", k', '"colour", k')), tmp_path)


PAGED = 'next = { page = "safhe", from = 1, size = "tedad", rows = 2, total = "natayej.total" }'
LINKED = (PAGED, 'next = { link = true, size = "tedad", rows = 2 }')


class LinkedBank(Bank):
    """The same persons, whose pages follow by the header Link alone."""

    turns = False

    async def __call__(self, request):
        self.asked.append(request.path_qs)
        start, size = int(request.query.get("az", 0)), int(request.query["tedad"])
        after = (start + size) % len(self.people) if self.turns else start + size
        answer = {"natayej": {"items": self.people[start : start + size]}}
        more = f'<{request.rel_url.update_query(az=after)}>; rel="next"'
        headers = {"Link": more} if after < len(self.people) else {}
        return web.json_response(answer, headers=headers)


async def test_pages_follow_by_the_header_link(connect):
    bank = LinkedBank([person(number) for number in range(5)])
    adapter = await connect(bank, change=LINKED)
    assert [named.reference async for named in adapter.names()] == [f"p{n}" for n in range(5)]
    assert bank.asked == [f"/afrad?tedad=2{more}" for more in ("", "&az=2", "&az=4")]
    found = await adapter.search(DocumentProbe("A1"), Limits(3, 20.0))
    assert (len(found.records), found.truncated) == (3, True)
    assert bank.asked[3:] == ["/asnad?shomare=A1&tedad=2", "/asnad?shomare=A1&tedad=2&az=2"]


async def test_pages_that_lead_back_are_a_fault(connect):
    bank = LinkedBank([person(number) for number in range(6)])
    bank.turns = True
    adapter = await connect(bank, change=LINKED)
    with pytest.raises(BankFaultError, match="same mark"):
        [named async for named in adapter.names()]
    assert len(bank.asked) == 4
