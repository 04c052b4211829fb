"""What only shows in a bank with more rows than one page, in a real SQLite file."""

import asyncio
import threading

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankTimeoutError,
    DocumentProbe,
    FieldName,
    Limits,
    ProbeKind,
    QueryRejectedError,
    RecordKind,
    VehicleProbe,
)
from adapters.mapping.records import MANY_ROWS, RecordBuilder

LIMITS = Limits(rows=1000, timeout_s=60)


@pytest.fixture
async def adapter(big):
    opened = await open_bank(big / "bank.toml", big)
    yield opened
    await opened.close()


async def test_names_reads_every_page_once(adapter):
    found = [named.reference async for named in adapter.names()]
    assert len(found) == len(set(found)) == 2500


async def test_fetch_takes_a_thousand_references_with_their_child_rows(adapter):
    references = [f"P{n:05}" if n % 2 else str(n) for n in range(1, 1001)]
    result = await adapter.fetch(references, LIMITS)
    assert {record.reference for record in result.records} == set(references)
    assert all(len(record.values(FieldName.DOCUMENT)) == 4 for record in result.records)
    assert not result.truncated


async def test_search_says_when_the_bank_has_more(adapter):
    result = await adapter.search(DocumentProbe("SAME1"), Limits(rows=10, timeout_s=60))
    assert len(result.records) == 10
    assert result.truncated


async def test_search_gives_the_same_order_each_time(adapter):
    limits = Limits(rows=50, timeout_s=60)
    first = await adapter.search(DocumentProbe("SAME1"), limits)
    again = await adapter.search(DocumentProbe("SAME1"), limits)
    assert first == again


@pytest.mark.parametrize(("rows", "builds_here"), [(MANY_ROWS - 1, True), (MANY_ROWS, False)])
async def test_many_records_are_built_off_the_loop(adapter, monkeypatch, rows, builds_here):
    threads = set()  # one row more than wanted is read, to see whether there is more
    build = RecordBuilder.build

    def note(self, row, children):
        threads.add(threading.current_thread())
        return build(self, row, children)

    monkeypatch.setattr(RecordBuilder, "build", note)
    result = await adapter.search(DocumentProbe("SAME1"), Limits(rows=rows, timeout_s=60))
    assert len(result.records) == rows
    assert (threads == {threading.main_thread()}) is builds_here


async def test_search_rejects_a_probe_without_a_value_or_a_field(adapter):
    for probe in (DocumentProbe(""), VehicleProbe(plate="A1")):
        with pytest.raises(QueryRejectedError):
            await adapter.search(probe, LIMITS)


async def test_call_without_time_ends_at_once(adapter):
    with pytest.raises(BankTimeoutError):
        await adapter.fetch(["2"], Limits(rows=1, timeout_s=0))


async def test_many_calls_at_the_same_time_get_their_own_answers(adapter):
    numbers = [f"A1{n:06}" for n in range(100)]
    results = await asyncio.gather(*(adapter.search(DocumentProbe(n), LIMITS) for n in numbers))
    for number, result in zip(numbers, results, strict=True):
        (record,) = result.records
        assert number in {document.number for document in record.values(FieldName.DOCUMENT)}


async def test_watermark_changes_when_the_file_is_written(adapter, big):
    before = await adapter.watermark()
    assert before == await adapter.watermark()
    (big / "big.sqlite").touch()
    assert before != await adapter.watermark()


async def test_capability_and_as_of_are_the_mappings(adapter):
    assert adapter.capability.engine == "sql sqlite"
    assert adapter.capability.probes == {ProbeKind.PERSON, ProbeKind.DOCUMENT}
    assert adapter.capability.kinds == {RecordKind.REGISTERED}
    assert (await adapter.as_of()).isoformat() == "2026-01-01T00:00:00+00:00"


async def test_broken_values_are_counted_by_column(adapter):
    await adapter.fetch(["2"], LIMITS)
    assert adapter.faults == {}


async def test_close_is_safe_twice_and_stops_what_runs(big):
    adapter = await open_bank(big / "bank.toml", big)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n"
    task = asyncio.create_task(adapter._engine.rows(f"SELECT COUNT(*) FROM ({endless})", (), 60))
    for _ in range(10):
        await asyncio.sleep(0)
    await adapter.close()
    await adapter.close()
    with pytest.raises(BankTimeoutError):
        await task
