"""The long tail of engines, tried on SQLite through SQLAlchemy: their servers cannot run here."""

import asyncio

import pytest
import sqlalchemy
from sqlalchemy import types

from adapters.banks.sql.adapter import SqlAdapter
from adapters.banks.sql.alchemy import AlchemyEngine, Tail, _Job, _read_type
from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    Limits,
    MappingError,
)
from adapters.mapping.read import read_mapping

LIMITS = Limits(rows=10, timeout_s=20)
LITE = Tail("sqlite", "lite")
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


def connect(path, tail=LITE, pool=2):
    return AlchemyEngine(sqlalchemy.URL.create("sqlite", database=str(path)), tail, pool)


@pytest.fixture
async def engine(big):
    opened = connect(big / "big.sqlite")
    yield opened
    await opened.close()


async def test_bank_is_searched_and_scanned(big):
    adapter = SqlAdapter(read_mapping(big / "bank.toml"), connect(big / "big.sqlite"))
    try:
        await adapter.check(20)
        found = await adapter.search(DocumentProbe("A1000004"), LIMITS)
        many = await adapter.search(DocumentProbe("SAME1"), LIMITS)
        fetched = await adapter.fetch(["P00001", "2", "'; DROP TABLE person; --"], LIMITS)
        named = [named async for named in adapter.names()]
    finally:
        await adapter.close()
    assert adapter.capability.engine == "sql lite"
    assert len(found.records) == 1
    assert (len(many.records), many.truncated) == (10, True)
    assert [record.reference for record in fetched.records] == ["P00001"]
    assert len(named) == len({one.reference for one in named}) > 1000


async def test_wrong_column_is_told(big, tmp_path):
    text = (big / "bank.toml").read_text(encoding="utf-8").replace("paper.number", "paper.numbr")
    (tmp_path / "bank.toml").write_text(text, encoding="utf-8")
    adapter = SqlAdapter(read_mapping(tmp_path / "bank.toml"), connect(big / "big.sqlite"))
    try:
        with pytest.raises(MappingError, match="no column 'numbr'; did you mean number"):
            await adapter.check(20)
    finally:
        await adapter.close()


async def test_values_are_bound_by_name_where_the_driver_wants_it(big):
    engine = connect(big / "big.sqlite", Tail("sqlite", "lite", named=True))
    try:
        assert await engine.rows("SELECT :p2, :p1", ("a", "b"), 60) == [("b", "a")]
    finally:
        await engine.close()


async def test_words_before_a_statement_are_said_each_time(big):
    engine = connect(big / "big.sqlite", Tail("sqlite", "lite", ("PRAGMA query_only = ON",)))
    try:
        for _ in range(3):
            with pytest.raises((BankFaultError, BankUnavailableError)):
                await engine.rows("DELETE FROM person", (), 60)
        assert await engine.rows("SELECT COUNT(*) > 1 FROM person", (), 60) == [(1,)]
    finally:
        await engine.close()


async def begun(engine, count):
    """Wait until so many statements run: their connections are known then."""
    running = 0
    while running < count:
        await asyncio.sleep(0)
        running = sum(job._driver is not None for job in engine._jobs)


async def test_cancelled_statement_is_stopped_and_the_next_goes_on(engine):
    for _ in range(3):
        tasks = [asyncio.create_task(engine.rows(SLOW, (), 300)) for _ in range(2)]
        await begun(engine, 2)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in ended)
        assert await engine.rows("SELECT 1", (), 20) == [(1,)]


async def test_late_statement_is_given_up(engine):
    with pytest.raises(BankTimeoutError):
        await engine.rows(SLOW, (), 0.1)
    assert await engine.rows("SELECT 1", (), 20) == [(1,)]


async def test_waiting_for_a_connection_ends_in_time(engine):
    tasks = [asyncio.create_task(engine.rows(SLOW, (), 300)) for _ in range(2)]
    await begun(engine, 2)
    with pytest.raises(BankTimeoutError):
        await engine.rows("SELECT 1", (), 0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_closing_stops_what_runs(big):
    engine = connect(big / "big.sqlite")
    task = asyncio.create_task(engine.rows(SLOW, (), 300))
    await begun(engine, 1)
    await engine.close()
    await engine.close()
    with pytest.raises(BankTimeoutError):
        await task
    with pytest.raises(BankUnavailableError):
        await engine.rows("SELECT 1", (), 60)


async def test_connection_that_died_while_it_was_idle_costs_no_answer(engine):
    def die(connection, _record):
        connection.close()

    sqlalchemy.event.listen(engine._engine, "checkin", die, once=True)
    for _ in range(2):
        assert await engine.rows("SELECT 1", (), 20) == [(1,)]


async def test_server_that_breaks_off_each_time_is_unavailable(engine):
    sqlalchemy.event.listen(engine._engine, "checkout", lambda driver, *_: driver.close())
    with pytest.raises(BankUnavailableError):
        await engine.rows("SELECT 1", (), 20)


@pytest.mark.parametrize("text", ["SELECT nothing FROM nowhere", "SELEC 1"])
async def test_words_of_the_driver_do_not_come_through(engine, text):
    with pytest.raises((BankFaultError, BankUnavailableError)) as caught:
        await engine.rows(text, (), 60)
    assert "nowhere" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def test_bank_that_is_not_there_is_unavailable(tmp_path):
    engine = connect(tmp_path / "none" / "none.sqlite")
    try:
        with pytest.raises(BankUnavailableError):
            await engine.rows("SELECT 1", (), 60)
    finally:
        await engine.close()


async def test_tables_and_columns_are_told(engine):
    assert {"person", "paper"} <= set(await engine.tables(60))
    assert set(await engine.columns("paper", 60)) == {"person", "number"}
    assert await engine.columns("nowhere", 60) == {}
    assert await engine.stamp() == ""


async def test_names_of_oracle_are_capitals_again(big):
    engine = connect(big / "big.sqlite", Tail("oracle", "oracle"))
    try:
        assert set(await engine.columns("paper", 60)) == {"PERSON", "NUMBER"}
        assert "PERSON" in await engine.tables(60)
    finally:
        await engine.close()


@pytest.mark.parametrize(
    ("declared", "family", "bits"),
    [
        (types.SmallInteger(), "integer", 16),
        (types.BigInteger(), "integer", 64),
        (types.Numeric(10, 2), "number", 64),
        (types.DateTime(), "instant", 64),
        (types.Date(), "date", 64),
        (types.Boolean(), "boolean", 64),
        (types.Uuid(), "uuid", 64),
        (types.Unicode(20), "text", 64),
        (types.NullType(), "text", 64),
    ],
)
def test_type_of_a_column_is_read(declared, family, bits):
    found = _read_type(declared)
    assert (found.family, found.bits) == (family, bits)


def test_statement_that_was_stopped_before_it_began_does_not_run():
    job = _Job()
    job.stop()
    with pytest.raises(BankTimeoutError), job.on(object()):
        pytest.fail("it ran")
