"""Nothing of a shadow's records is in any byte of an answer, a description, a ledger or a log.

Promise 5: what is not released leaves no sign. The shadow holds a record that the live bank has
not; it is asked for in every way that would find it.
"""

import asyncio
import logging
import shutil
import sqlite3
from contextlib import closing

import pytest

from gateway.node.shadow import Shadow
from gateway.probe import document, identifier, person
from tests.kit.world import ask, build_world

NEW = ("KZ-SECRET-9", "Зульфикар Тайный", "1961-09-12", "M", "S99887766", "77099887766", "")
PROBES = {
    "name": person("Зульфикар Тайный"),
    "latin name": person("Zulfikar Tainyi", birth="1961-09-12"),
    "document": document(number="S99887766"),
    "phone": identifier("phone", "+77099887766"),
    "shared": person("Рустам Каримов"),
}
ASKED = ("exists", "count", "reference", "record")
MARKS = tuple(text for text in NEW if len(text) > 1)


@pytest.fixture
async def world(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(Shadow, "start", lambda *about: started.append(about))
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    folder = world.home / "nodes" / "KAZ"
    shutil.copytree(folder / "banks" / "persons", folder / "banks" / "new")
    with closing(sqlite3.connect(folder / "banks/new/people.sqlite")) as connection, connection:
        connection.execute("INSERT INTO people VALUES (?,?,?,?,?,?,?)", NEW)
    with (folder / "node.toml").open("a", encoding="utf-8") as file:
        file.write('[[shadow]]\nmapping = "banks/new/mapping.toml"\nof = "persons"\n')
    await world.start()
    for shadow, index, secret in started:
        await shadow.prepare(index, secret)
    world.shadows = [shadow for shadow, *_ in started]
    yield world
    await world.stop()


def told(thing):
    """All that a message or an event holds, as its bytes and as people see it."""
    answer = getattr(thing, "answer", None)
    sent = answer.SerializeToString() if answer is not None else b""
    return repr(thing).encode() + sent


def require_nothing(data, asked=()):
    found = [m for m in MARKS if m not in asked and m.encode() in data]
    assert found == []
    assert b"shadow" not in data.lower()


@pytest.mark.parametrize("granularity", ASKED)
@pytest.mark.parametrize("name", PROBES)
async def test_answer_holds_nothing_of_a_shadow(world, name, granularity):
    client = await world.client()
    question = ask("", "KAZ", probe=PROBES[name], granularity=granularity)
    events = await client.search_once(question)
    require_nothing(b"".join(map(told, events)))
    await asyncio.gather(*(task for shadow in world.shadows for task in shadow._running))
    reports = [e for e in world.entries("KAZ") if getattr(e, "action", "") == "shadow"]
    found = {s.bank: s.hits for s in reports[0].states}
    assert found["shadow:KAZ/new"] > 0, "the shadow did not find what it has"
    assert found["shadow:KAZ/new"] == found["KAZ/persons"] + (name != "shared")


async def test_description_ledger_and_log_hold_nothing_of_a_shadow(world, caplog):
    caplog.set_level(logging.DEBUG)
    client = await world.client()
    require_nothing(told(await client.federation()))
    for probe in PROBES.values():
        await client.search_once(ask("", "KAZ", probe=probe))
    await asyncio.gather(*(task for shadow in world.shadows for task in shadow._running))
    await world.stop()  # files of a ledger come and go while it is written
    inside = [p for p in world.home.rglob("*") if p.is_file()]
    kept = [p for p in inside if "ledger" in p.relative_to(world.home).parts]
    assert kept
    stored = b"".join(path.read_bytes() for path in kept)
    assert [mark for mark in MARKS if mark.encode() in stored] == []
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "asyncio")
    assert [mark for mark in MARKS if mark in logged] == []
