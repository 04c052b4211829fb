"""A statement that is cancelled or late is stopped at the bank, and the bank serves on."""

import asyncio
import sqlite3

import asyncmy
import asyncpg
import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    Limits,
)

SLOW = {
    "postgres": "SELECT 1 FROM pg_sleep(300)",
    "mariadb": "SELECT SLEEP(300) AS kalkan_slow",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT COUNT(*) FROM n",
}
RUNNING = {
    "postgres": "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)'"
    " AND state = 'active'",
    "mariadb": "SELECT COUNT(*) FROM information_schema.processlist"
    " WHERE info LIKE '%AS kalkan_slow' AND info LIKE 'SELECT SLEEP%'",
}
CONNECTED = {
    "postgres": "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1",
    "mariadb": "SELECT COUNT(*) FROM information_schema.processlist WHERE db = ?",
}
POOL = 2


@pytest.fixture
async def engine(bank):
    opened = bank.connect()
    yield opened
    await opened.close()


async def wait_until(engine, bank, wanted):
    """Ask the server over a second engine until it says so; the test's own limit ends it."""
    if bank.server is None:
        for _ in range(10):  # there is no server to ask; the threads have begun by then or later
            await asyncio.sleep(0)
        return
    watcher = bank.connect()
    try:
        running = -1
        while running != wanted:
            ((running,),) = await watcher.rows(RUNNING[bank.engine], (), 60)
    finally:
        await watcher.close()


async def test_cancelled_statement_disappears_from_the_server(engine, bank):
    task = asyncio.create_task(engine.rows(SLOW[bank.engine], (), 300))
    await wait_until(engine, bank, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await wait_until(engine, bank, 0)


async def test_cancelled_statements_free_their_connections(engine, bank):
    for _ in range(3):
        tasks = [asyncio.create_task(engine.rows(SLOW[bank.engine], (), 300)) for _ in range(2)]
        await wait_until(engine, bank, 2)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(result, asyncio.CancelledError)
            for result in await asyncio.gather(*tasks, return_exceptions=True)
        )
        assert await engine.rows("SELECT 1", (), 60) == [(1,)]
        await wait_until(engine, bank, 0)


async def test_late_statement_is_stopped_at_the_server(engine, bank):
    with pytest.raises(BankTimeoutError):
        await engine.rows(SLOW[bank.engine], (), 0.2)
    await wait_until(engine, bank, 0)
    assert await engine.rows("SELECT 1", (), 60) == [(1,)]


async def test_waiting_for_a_connection_ends_in_time(engine, bank):
    holders = [asyncio.create_task(engine.rows(SLOW[bank.engine], (), 300)) for _ in range(2)]
    await wait_until(engine, bank, 2)
    with pytest.raises(BankTimeoutError):
        await engine.rows("SELECT 1", (), 0.1)
    for holder in holders:
        holder.cancel()
    await asyncio.gather(*holders, return_exceptions=True)


async def test_bank_is_asked_by_no_more_at_once_than_its_pool(engine, bank):
    tasks = [asyncio.create_task(engine.rows(SLOW[bank.engine], (), 300)) for _ in range(6)]
    await wait_until(engine, bank, POOL)
    if bank.server is not None:
        watcher = bank.connect()
        counted = 0
        while counted != POOL + 1:  # the watcher's own beside; those of earlier tests may linger
            ((counted,),) = await watcher.rows(CONNECTED[bank.engine], (bank.database,), 60)
        await watcher.close()
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert await engine.rows("SELECT 1", (), 60) == [(1,)]


async def test_server_has_a_limit_of_its_own(server_bank):
    engine = server_bank.connect()
    text = {
        "postgres": "SELECT current_setting('statement_timeout')",
        "mariadb": "SELECT @@max_statement_time",
    }[server_bank.engine]
    try:
        limits = [(await engine.rows(text, (), seconds))[0][0] for seconds in (0.5, 2, 9, 25)]
    finally:
        await engine.close()
    assert [str(limit).rstrip("s").split(".")[0] for limit in limits] == ["1", "3", "10", "30"]


async def test_statement_over_the_servers_own_limit_is_timed_out(server_bank, monkeypatch):
    monkeypatch.setattr(f"adapters.banks.sql.{server_bank.engine}.choose_limit", lambda *_: 1)
    engine = server_bank.connect()
    try:
        with pytest.raises(BankTimeoutError):
            await engine.rows(LONG[server_bank.engine], (), 100)
    finally:
        await engine.close()


LONG = {
    "postgres": SLOW["postgres"],
    # SLEEP answers 1 when it is interrupted; a join without end is an error
    "mariadb": "SELECT COUNT(*) FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b WHERE"
    " a.seq * b.seq % 7 = 3",
}

WRITES = (
    "INSERT INTO tripwire VALUES (2, 'torn')",
    "UPDATE tripwire SET word = 'torn'",
    "DELETE FROM tripwire",
    "DROP TABLE tripwire",
    "CREATE TABLE torn (id INTEGER)",
)
IN_A_READ = {
    "sqlite": ("CREATE TEMPORARY TABLE torn (id INTEGER)", "PRAGMA user_version = 7"),
    "postgres": (
        "WITH gone AS (DELETE FROM tripwire RETURNING word) SELECT word FROM gone",
        "SELECT word INTO torn FROM tripwire",
        "SELECT id FROM tripwire FOR UPDATE",
    ),
    "mariadb": ("TRUNCATE TABLE tripwire", "REPLACE INTO tripwire VALUES (1, 'torn')"),
}


@pytest.mark.parametrize("text", WRITES)
async def test_write_is_refused(engine, bank, text):
    with pytest.raises(BankFaultError) as caught:
        await engine.rows(text, (), 60)
    assert "tripwire" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert await engine.rows("SELECT word FROM tripwire", (), 60) == [("whole",)]


async def test_write_in_disguise_is_refused_on_the_connection_of_a_search(bank):
    adapter = await open_bank(bank.path, bank.folder)
    try:
        for text in IN_A_READ[bank.engine]:
            found = await adapter.search(DocumentProbe("N1234567"), Limits(10, 60))
            assert [record.reference for record in found.records] == ["1"]
            with pytest.raises(BankFaultError):
                await adapter._engine.rows(text, (), 60)
        assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]
    finally:
        await adapter.close()


async def test_second_statement_in_one_text_is_refused(engine):
    with pytest.raises(BankFaultError):
        await engine.rows("SELECT 1; DELETE FROM tripwire", (), 60)
    assert await engine.rows("SELECT word FROM tripwire", (), 60) == [("whole",)]


async def test_closed_engine_is_unavailable(server_bank):
    engine = server_bank.connect()
    await engine.rows("SELECT 1", (), 60)
    await engine.close()
    await engine.close()
    with pytest.raises(BankUnavailableError):
        await engine.rows("SELECT 1", (), 60)


DRIVERS = (sqlite3.Error, asyncpg.PostgresError, asyncmy.errors.MySQLError)


@pytest.mark.parametrize("text", ["SELECT nothing FROM nowhere", "SELEC 1", "SELECT 1 +"])
async def test_drivers_error_does_not_come_through(engine, text):
    with pytest.raises(BankFaultError) as caught:
        await engine.rows(text, (), 60)
    assert not isinstance(caught.value, DRIVERS)
    assert caught.value.__suppress_context__
    assert "nowhere" not in str(caught.value)
