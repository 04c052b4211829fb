"""Destroyed keys are entries first; the whole runs in tests/integration/test_cli_keeping.py."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from gateway.auditing.retention import Retention, destroy_keys
from gateway.ledger.custody import KeyFolder, make_key
from gateway.ledger.errors import HoldInvalidError, KeyUnavailableError, LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.ledger.read import read_entries
from gateway.ledger.retention import remove_keys


class Recorder:
    """Writes, or cannot."""

    def __init__(self, folder, *, works=True):
        self.folder, self.works, self.seen = folder, works, []

    async def write_all(self, kind, many):
        if not self.works:
            raise LedgerUnavailableError("no")
        self.seen += [(fact["key_id"], list(KeyFolder(self.folder).present())) for fact in many]


@pytest.fixture
def key(tmp_path):
    made = make_key("KAZ", "2026-01")
    KeyFolder(tmp_path).store(made, [])
    return made.authority, made.period, made.id


async def test_entry_comes_before_the_key_is_gone(tmp_path, key):
    recorder = Recorder(tmp_path)
    await destroy_keys(recorder, tmp_path, [key])
    assert recorder.seen == [(key[2], [key])]
    assert not list(KeyFolder(tmp_path).present())
    with pytest.raises(KeyUnavailableError):
        await destroy_keys(recorder, tmp_path, [key])


async def test_what_cannot_be_recorded_is_not_destroyed(tmp_path, key):
    with pytest.raises(LedgerUnavailableError):
        await destroy_keys(Recorder(tmp_path, works=False), tmp_path, [key])
    assert list(KeyFolder(tmp_path).present()) == [key]
    await destroy_keys(Recorder(tmp_path, works=False), tmp_path, [])


JANUARY_IS_OVER = datetime(2026, 2, 1, tzinfo=UTC)
KEPT = timedelta(days=1_096)
"""What the federation file says of each member where it says nothing."""


@pytest.fixture
def retention(house, tmp_path):
    place = (house.folder, tmp_path / "hold.toml")
    return Retention(house.federation, house.recorder, place, house.clock)


def present(folder):
    return set(KeyFolder(folder).present())


async def test_key_is_destroyed_when_its_time_is_over_and_not_a_moment_before(
    house, retention, key
):
    house.clock.set_now(JANUARY_IS_OVER + KEPT - timedelta(microseconds=1))
    assert await retention.look() == []
    assert present(house.folder) == {key}
    assert list(read_entries(house.folder)) == []
    house.clock.set_now(JANUARY_IS_OVER + KEPT)
    wrapped = KeyFolder(house.folder).read(*key)
    assert await retention.look() == [key]
    assert present(house.folder) == set()
    ((_, entry),) = read_entries(house.folder)
    assert (entry.kind, entry.action, entry.method) == (Kind.KEY, "destroyed", "retention")
    assert (entry.authority, entry.period, entry.key_id) == key
    assert entry.key_sha256 == sha256(wrapped).hexdigest()
    assert await retention.look() == []


async def test_each_member_has_its_own_time(house, tmp_path, key):
    other = make_key("TUR", "2026-01")
    KeyFolder(house.folder).store(other, [])
    members = tuple(
        member.model_copy(update={"retention_days": 31 if member.code == "TUR" else 60})
        for member in house.federation.members
    )
    federation = house.federation.model_copy(update={"members": members})
    house.clock.set_now(JANUARY_IS_OVER + timedelta(days=31))
    place = (house.folder, tmp_path / "hold.toml")
    assert await Retention(federation, house.recorder, place, house.clock).look() == [
        ("TUR", "2026-01", other.id)
    ]
    assert present(house.folder) == {key}


async def test_what_is_held_stays_and_the_rest_goes(house, retention, tmp_path, key):
    other = make_key("TUR", "2026-01")
    KeyFolder(house.folder).store(other, [])
    (tmp_path / "hold.toml").write_text('authorities = ["KAZ"]')
    house.clock.set_now(JANUARY_IS_OVER + KEPT)
    assert await retention.look() == [("TUR", "2026-01", other.id)]
    assert present(house.folder) == {key}


async def test_hold_that_cannot_be_read_destroys_nothing(house, retention, tmp_path, key):
    (tmp_path / "hold.toml").write_text("authorities = KAZ")
    house.clock.set_now(JANUARY_IS_OVER + KEPT)
    with pytest.raises(HoldInvalidError):
        await retention.look()
    assert present(house.folder) == {key}


async def test_server_looks_again_after_a_day_on_which_nothing_could_be_read(
    house, retention, tmp_path, key, monkeypatch
):
    monkeypatch.setattr("gateway.auditing.retention.EVERY_S", 0)
    hold = tmp_path / "hold.toml"
    hold.write_text("authorities = KAZ")
    house.clock.set_now(JANUARY_IS_OVER + KEPT)
    gone, told = asyncio.Event(), []

    class Mending(logging.Handler):
        def emit(self, record):
            told.append(record.getMessage())
            hold.unlink(missing_ok=True)

    def destroy(folder, keys):
        remove_keys(folder, keys)
        loop.call_soon_threadsafe(gone.set)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr("gateway.auditing.retention.remove_keys", destroy)
    handler = Mending()
    logging.getLogger("gateway.auditing.retention").addHandler(handler)
    task = asyncio.create_task(retention.run())
    try:
        await gone.wait()
    finally:
        task.cancel()
        logging.getLogger("gateway.auditing.retention").removeHandler(handler)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["nothing could be destroyed by retention: HoldInvalidError"]
    assert present(house.folder) == set()
