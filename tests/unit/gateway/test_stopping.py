"""Stops come into force at once, are recorded, and survive a file that is wrong."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from gateway.access.errors import StopFileError
from gateway.access.stops import Asking, change_stops, read_stop
from gateway.clock import ManualClock
from gateway.errors import StoppedError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.recorder import Recorder
from gateway.stopping import TEXT, StopFile, StopList
from tests.kit.signed import make_federation

ASKING = Asking(member="KAZ", officer="k-17", unit="border", purpose="terrorism")


def stop_it(path, text):
    stop = read_stop(text, "because of secret things")
    change_stops(path, lambda stops: stops.update({(stop.kind, stop.value): stop}))


@pytest.fixture
async def recorder(tmp_path):
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path / "ledger", clock)
    yield Recorder(ledger, Side.NODE, "TUR", clock)
    await ledger.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "stops.toml"


async def test_change_of_the_file_is_in_force_and_recorded(recorder, path, tmp_path):
    stops = StopList(make_federation(), "TUR")
    file = StopFile(path, stops, recorder)
    stops.require(ASKING)
    stop_it(path, "officer=KAZ/k-17")
    await file.watch.look()
    with pytest.raises(StoppedError) as caught:
        stops.require(ASKING)
    assert caught.value.text == TEXT
    assert caught.value.metadata["rule"] == "tur.stopped"
    change_stops(path, lambda stops: stops.clear())
    await file.watch.look()
    stops.require(ASKING)
    entries = [entry for _, entry in read_entries(tmp_path / "ledger")]
    assert [(e.kind, e.action, e.targets) for e in entries] == [
        (Kind.ADMIN, "stop", ("officer=KAZ/k-17",)),
        (Kind.ADMIN, "lift", ("officer=KAZ/k-17",)),
    ]
    assert "secret" not in repr(entries)


async def test_file_that_becomes_wrong_changes_nothing(recorder, path):
    stop_it(path, "member=KAZ")
    stops = StopList(make_federation())
    file = StopFile(path, stops, recorder)
    path.write_text("[[stop")
    await file.watch.look()
    with pytest.raises(StoppedError):
        stops.require(ASKING)


async def test_server_does_not_start_with_a_file_that_is_wrong(recorder, path):
    path.write_text("[[stop")
    with pytest.raises(StopFileError):
        StopFile(path, StopList(), recorder)


@pytest.mark.parametrize(
    ("owner", "what", "office"),
    [
        ("", "bank=TUR/persons", "TUR"),
        ("", "officer=KAZ/k-17", "KAZ"),
        ("GEO", "officer=KAZ/k-17", "GEO"),
    ],
)
async def test_refusal_names_whom_to_ask(recorder, path, owner, what, office):
    stop_it(path, what)
    federation = make_federation()
    stops = StopList(federation, owner)
    StopFile(path, stops, recorder)
    refusal = stops.find(ASKING, "TUR/persons")
    assert refusal.metadata["contact"] == federation.member(office).contact.office


async def test_who_waits_is_woken_by_a_change(recorder, path):
    stops = StopList()
    file = StopFile(path, stops, recorder)
    work = asyncio.ensure_future(asyncio.Event().wait())
    waits = [asyncio.create_task(stops.wait_beside(work)) for _ in range(2)]
    await asyncio.sleep(0)
    stop_it(path, "member=KAZ")
    await file.watch.look()
    await asyncio.gather(*waits)
    assert not work.done()
    work.cancel()
