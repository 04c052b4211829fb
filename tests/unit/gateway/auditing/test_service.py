"""The methods over a real ledger; tests/integration/test_auditing.py runs them over the wire."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.auditing.reader import Readers
from gateway.auditing.service import AuditMethods
from gateway.clock import ManualClock
from gateway.errors import FieldInvalidError
from gateway.ledger.entry import parse_entry
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.recorder import Recorder
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.signed import make_federation


@pytest.fixture
async def parts(tmp_path):
    clock, federation = ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)), make_federation()
    ledger = await Ledger.open(tmp_path, clock)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock)
    methods = AuditMethods(Readers(federation, clock, owner="KAZ"), recorder, tmp_path)
    yield methods, recorder, Desk(federation, clock, roles=("auditor",))
    await ledger.close()


async def read(methods, desk, **request):
    stream = methods.list_entries(wire.ListEntriesRequest(**request), desk.call())
    return [(sent.index, parse_entry(sent.entry)) async for sent in stream]


async def test_access_is_recorded_before_anything_is_given(parts):
    methods, recorder, desk = parts
    await recorder.write(Kind.START, {})
    entries = await read(methods, desk)
    assert [(e.kind, e.action) for _, e in entries] == [("START", ""), ("ADMIN", "list_entries")]


@pytest.mark.parametrize("newest", [False, True])
async def test_entries_are_read_over_chunks_up_to_a_limit(parts, newest, monkeypatch):
    monkeypatch.setattr("gateway.auditing.service._CHUNK", 7)
    methods, recorder, desk = parts
    for number in range(50):
        await recorder.write(Kind.INTENT, {"search_id": f"{number % 2:032x}", "count": number})
    wanted = wire.EntryFilter(search_id=f"{1:032x}")
    entries = await read(methods, desk, filter=wanted, limit=20, newest_first=newest)
    odd = list(range(1, 50, 2))
    assert [index for index, _ in entries] == (odd[::-1] if newest else odd)[:20]


async def test_without_a_limit_a_hundred_are_given(parts):
    methods, recorder, desk = parts
    await recorder.write_all(Kind.START, [{}] * 120)
    assert len(await read(methods, desk)) == 100


async def test_nothing_is_given_where_nothing_is_sealed(parts):
    methods, recorder, desk = parts
    await recorder.write(Kind.START, {})
    with pytest.raises(FieldInvalidError):
        await methods.get_part(wire.GetPartRequest(index=0), desk.call())
    assert not (await methods.list_keys(wire.ListKeysRequest(), desk.call())).keys
    assert {m.name for m in methods.methods()} == {
        "ListEntries",
        "GetEntry",
        "ListKeys",
        "OpenKey",
        "GetPart",
    }
