import asyncio
import dataclasses

import pytest
from aiohttp import web

from adapters.banks.opensearch import adapter as adapter_module
from adapters.banks.opensearch.adapter import open_opensearch
from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    MappingError,
    OrganisationProbe,
    PersonName,
    PersonProbe,
    QueryRejectedError,
    VehicleProbe,
)
from tests.kit.opensearch import tell_error

LIMITS = Limits(rows=20, timeout_s=20.0)
NUMBER = IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "820503400123"))


@pytest.fixture
async def connect(make_mapping, small, tmp_path, monkeypatch):
    """Return a function that opens the bank against the small server."""
    opened = []
    for bound in ("_CHECK_S", "_GOODBYE_S"):  # what is shown here needs no haste
        monkeypatch.setattr(adapter_module, bound, 60.0)

    async def open_bank(more="timeout_s = 20.0", change=("", "")):
        opened.append(await open_opensearch(make_mapping(small.url, more, change), tmp_path))
        return opened[-1]

    yield open_bank
    for adapter in opened:
        await adapter.close()


def references(result):
    return [record.reference for record in result.records]


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        (DocumentProbe("N1234567"), ["1", "2"]),
        (DocumentProbe("N7777777"), ["1", "2"]),
        (DocumentProbe("N9999999"), []),
        (NUMBER, []),
        (IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "751231300456")), ["2"]),
        (VehicleProbe(plate="123ABC02"), ["3"]),
    ],
)
async def test_search_finds_by_number_what_is_there_for_us(connect, probe, found):
    assert references(await (await connect()).search(probe, LIMITS)) == found


async def test_search_finds_a_number_in_the_shape_of_the_bank(connect):
    change = ('column = "jsn"', 'column = "jsn"\nshapes = ["######-######"]')
    assert references(await (await connect(change=change)).search(NUMBER, LIMITS)) == ["1"]


async def test_search_finds_likely_names_where_the_index_does(connect):
    adapter = await connect("timeout_s = 20.0\nfuzzy = true")
    found = await adapter.search(PersonProbe((PersonName(full="Айгул"),)), LIMITS)
    assert references(found) == ["1", "2"]
    assert references(await adapter.search(OrganisationProbe(name="тулпар"), LIMITS)) == ["3"]


async def test_search_rejects_a_name_where_the_index_finds_none(connect):
    adapter = await connect()
    with pytest.raises(QueryRejectedError):
        await adapter.search(PersonProbe((PersonName(full="Айгүл"),)), LIMITS)


async def test_search_tells_that_there_are_more(connect):
    adapter = await connect()
    found = await adapter.search(DocumentProbe("N1234567"), Limits(1, 20.0))
    assert (references(found), found.truncated) == (["1"], True)


async def test_record_that_does_not_hold_the_number_is_left_out(connect, small):
    adapter = await connect()
    hit = {"_id": "a", "_source": dict(small.documents["a"])}
    small.trouble = lambda _request: web.json_response(
        {"timed_out": False, "_shards": {"failed": 0}, "hits": {"hits": [hit]}}
    )
    assert references(await adapter.search(VehicleProbe(plate="999ZZZ99"), LIMITS)) == []


async def test_search_is_sent_with_a_name_and_the_time_that_it_has(connect, small):
    adapter = await connect("timeout_s = 30.0")
    await adapter.search(NUMBER, Limits(20, 21.25))
    method, path, parameters, headers = small.seen[-1]
    assert (method, path) == ("POST", "/persons/_search")
    assert parameters == {"cancel_after_time_interval": "21250ms"}
    assert headers["X-Opaque-Id"] == "kalkan-persons"
    assert small.asked[-1]["timeout"] == "21250ms"


async def test_fetch_leaves_out_what_is_unknown_gone_or_cannot_be_asked(connect):
    adapter = await connect()
    asked = ["2", "1", "9", "8", "1", "404", "", "x" * 101, "\ud800"]
    assert references(await adapter.fetch(asked, LIMITS)) == ["1", "2"]
    assert references(await adapter.fetch(["\ud800"], LIMITS)) == []
    with pytest.raises(QueryRejectedError):
        await adapter.fetch(["1"] * 1001, LIMITS)


async def test_id_of_the_document_may_be_the_reference(connect):
    adapter = await connect(change=('key = "id"', 'key = "_id"'))
    assert references(await adapter.search(DocumentProbe("N1234567"), LIMITS)) == ["a", "b"]
    assert references(await adapter.fetch(["b", "gone"], LIMITS)) == ["b"]
    assert [named.reference async for named in adapter.names()] == ["a", "b", "c"]


async def test_names_are_read_at_one_point_in_time_that_is_given_back(connect, small):
    adapter = await connect()
    found = {}
    async for named in adapter.names():
        small.documents.clear()
        found[named.reference] = named.names
    assert found["1"] == ("Айгүл Нұрланова", "Ақбота")
    assert found["3"] == ("Тұлпар Сауда",)
    assert len(found) == 3
    assert small.points == {}
    assert small.asked[-1]["search_after"] == ["2"]


async def test_point_in_time_is_given_back_when_nobody_reads_on(connect, small):
    names = (await connect()).names()
    await anext(names)
    assert len(small.points) == 1
    await names.aclose()
    assert small.points == {}


async def test_names_stop_when_the_point_in_time_is_lost(connect, small):
    names = (await connect("timeout_s = 20.0", ("page = 2", "page = 1"))).names()
    await anext(names)
    small.points.clear()
    with pytest.raises(BankUnavailableError, match="point in time"):
        await anext(names)


async def test_state_is_the_newest_of_the_records_that_are_there(connect, small):
    adapter = await connect()
    assert await adapter.watermark() == "2026-01-03T00:00:00.000Z"
    assert (await adapter.as_of()).isoformat() == "2026-01-03T00:00:00+00:00"
    small.documents.clear()
    assert await adapter.watermark() == ""
    assert await adapter.as_of() is None


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "parsing_exception", BankFaultError),
        (403, "security_exception", BankFaultError),
        (404, "index_not_found_exception", BankFaultError),
        (429, "circuit_breaking_exception", BankUnavailableError),
        (500, "task_cancelled_exception", BankUnavailableError),
        (503, "cluster_block_exception", BankUnavailableError),
    ],
)
async def test_error_of_the_server_is_one_of_ours_without_its_text(
    connect, small, status, kind, error
):
    adapter = await connect("timeout_s = 20.0\nretries = 0")
    small.trouble = lambda _request: tell_error(status, kind)
    with pytest.raises(error) as failed:
        await adapter.search(NUMBER, LIMITS)
    assert "Айгүл" not in str(failed.value)
    assert "820503400123" not in str(failed.value)


async def test_busy_server_is_asked_again(connect, small):
    adapter = await connect("timeout_s = 20.0\nretries = 1")
    busy = [tell_error(429, "rejected_execution_exception", headers={"Retry-After": "0"})]
    small.trouble = lambda _request: busy.pop() if busy else None
    assert references(await adapter.search(DocumentProbe("N1234567"), LIMITS)) == ["1", "2"]


@pytest.mark.parametrize(
    ("fault", "error"), [("timed_out", BankTimeoutError), ("failed", BankUnavailableError)]
)
async def test_part_of_the_records_is_no_answer(connect, small, fault, error):
    adapter = await connect()
    setattr(small, fault, type(getattr(small, fault))(1))
    with pytest.raises(error):
        await adapter.search(NUMBER, LIMITS)


async def test_search_that_is_given_up_closes_its_connection(connect, small):
    adapter = await connect()
    started, ended = asyncio.Event(), asyncio.Event()

    async def hang(request):
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    original = small._route
    small._route = hang
    task = asyncio.ensure_future(adapter.search(NUMBER, LIMITS))
    await asyncio.wait_for(started.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(ended.wait(), 20)
    small._route = original
    assert references(await adapter.search(DocumentProbe("N1234567"), LIMITS)) == ["1", "2"]


async def test_bank_with_a_field_that_cannot_be_searched_does_not_open(connect, small):
    small.types["bsn"] = "text"
    with pytest.raises(MappingError, match="'bsn' is of type text"):
        await connect()


async def test_bank_that_is_down_may_come_and_is_checked_before_its_first_answer(connect, small):
    small.trouble = lambda _request: tell_error(503, "cluster_block_exception")
    adapter = await connect("timeout_s = 20.0\nretries = 0")
    small.trouble = None
    assert references(await adapter.search(DocumentProbe("N1234567"), LIMITS)) == ["1", "2"]


async def test_bank_that_comes_with_other_fields_answers_nothing(connect, small):
    small.trouble = lambda _request: tell_error(503, "cluster_block_exception")
    adapter = await connect()
    small.trouble, small.types["bsn"] = None, "text"
    for ask in (adapter.search(NUMBER, LIMITS), anext(adapter.names())):
        with pytest.raises(BankFaultError, match="do not fit the mapping"):
            await ask


async def test_wrong_password_is_a_fault(connect, small):
    small.login = "Basic other"
    adapter = await connect()
    with pytest.raises(BankFaultError, match="refuses"):
        await adapter.search(NUMBER, LIMITS)


async def test_capability_is_what_the_mapping_makes_of_it(connect):
    plain, fuzzy = (await connect()).capability, (await connect("fuzzy = true")).capability
    assert plain.engine == "opensearch"
    assert dataclasses.replace(plain, fuzzy=True) == fuzzy
    assert not plain.fuzzy
