from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from gateway.auditing.follow import Following
from gateway.clock import ManualClock
from gateway.errors import OverloadedError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.recorder import Recorder

LONG_S = 60.0


@pytest.fixture
async def recorder(tmp_path):
    clock = ManualClock(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path, clock)
    yield Recorder(ledger, Side.HUB, "HUB", clock)
    await ledger.close()


@pytest.fixture
def draining():
    return asyncio.Event()


@pytest.fixture
def following(tmp_path, draining, recorder):
    return Following(tmp_path, draining, most=1)


def is_start(stored):
    return stored["kind"] == "START"


async def following_indices(found, count):
    indices = []
    async with asyncio.timeout(LONG_S):
        while len(indices) < count:
            one = await anext(found)
            if one is not None:
                indices.append(one[0])
    return indices


async def test_what_is_there_and_what_comes_is_given_once(following, recorder):
    await recorder.write_all(Kind.START, [{}] * 3)
    async with aclosing(following.entries(is_start, 1)) as found:
        assert await following_indices(found, 2) == [1, 2]
        assert await anext(found) is None
        await recorder.write(Kind.STOP, {})
        await recorder.write_all(Kind.START, [{}] * 2)
        assert await following_indices(found, 2) == [4, 5]


async def test_more_than_a_chunk_at_a_time_is_given_in_order(following, recorder, monkeypatch):
    monkeypatch.setattr("gateway.auditing.follow._CHUNK", 7)
    await recorder.write_all(Kind.START, [{}] * 30)
    async with aclosing(following.entries(is_start, 0)) as found:
        assert await following_indices(found, 30) == list(range(30))


async def test_it_ends_when_the_server_stops(following, recorder, draining):
    await recorder.write(Kind.START, {})
    seen = []
    async with asyncio.timeout(LONG_S):
        async for one in following.entries(is_start, 0):
            seen.append(one)
            if one is None:
                draining.set()
    assert [one and one[0] for one in seen] == [0, None]


def test_places_are_few_and_given_back(following):
    with following.place(), pytest.raises(OverloadedError), following.place():
        pass
    with following.place():
        pass
