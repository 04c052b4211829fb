"""A bank whose query takes for ever delays nobody, is stopped on time, and is free again."""

import asyncio
import sqlite3

import pytest

from gateway.client import BankEnd
from gateway.ledger.kinds import Kind
from gateway.probe import document
from tests.kit.world import ask, build_world

# Only the column of passports is slow: the index is made of names, quickly.
SLOW_VIEW = """
ALTER TABLE people RENAME TO people_quick;
CREATE VIEW people AS SELECT id, name, birth, sex, phone, warnings,
  (WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 1000000000)
   SELECT passport || substr(max(n), 1, 0) FROM count) AS passport
FROM people_quick;
"""


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    path = world.home / "nodes" / "TUR" / "banks" / "persons" / "people.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SLOW_VIEW)
    connection.close()
    yield world
    await world.stop()


def passport(**changes):
    probe = document(number="N10000001", issuer="KAZ")
    return ask("x", purpose="terrorism", probe=probe, **changes)


async def test_blocking_query_of_one_bank_delays_no_other_in_the_same_process(world):
    await world.start()
    client = await world.client()
    for deadline_s in (2.0, 15.0):  # once more, where the whole machine stood still meanwhile
        events = await client.search_once(passport(deadline_s=deadline_s))
        ends = [(event.bank, event.state) for event in events if isinstance(event, BankEnd)]
        others = dict(ends[:2])
        if others == {"KAZ/persons": "answered", "GEO/persons": "no_hit"}:
            break
    assert others == {"KAZ/persons": "answered", "GEO/persons": "no_hit"}
    assert ends[2:] == [("TUR/persons", "timed_out")]


async def test_bank_answers_again_after_its_query_was_stopped(world):
    await world.start()
    client = await world.client()
    await client.search_once(passport(deadline_s=2.0))
    path = world.home / "nodes" / "TUR" / "banks" / "persons" / "people.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("DROP VIEW people; ALTER TABLE people_quick RENAME TO people;")
    connection.close()
    probe = document(number="U20000001", issuer="TUR")
    events = await client.search_once(ask("x", "TUR", purpose="terrorism", probe=probe))
    assert [e.state for e in events if isinstance(e, BankEnd)] == ["answered"]


async def test_query_of_a_client_that_went_away_is_stopped_in_the_bank(world):
    await world.start()
    client = await world.client()
    events = client.search(passport(deadline_s=30.0))
    async for event in events:
        if isinstance(event, BankEnd):
            break
    while Kind.INTENT not in {entry.kind for entry in world.entries("TUR")}:  # noqa: ASYNC110 - in a file
        await asyncio.sleep(0)  # the others may have ended before it has begun
    await events.aclose()
    await world.stop_node("TUR")  # drains: it ends only when the stopped query has ended
    kinds = [entry.kind for entry in world.entries("TUR")]
    assert kinds[-2:] == [Kind.CANCELLED, Kind.STOP]
