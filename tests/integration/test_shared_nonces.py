"""Two replicas of a node and a real PostgreSQL between them."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from gateway.access.errors import NonceReusedError, NoncesAwayError
from gateway.clock import ManualClock
from gateway.node.nonces import FORGET_S, open_nonces
from seeds.ports import reserve_port

ROUNDS = 20
BANK, NONCE, DIGEST = "KAZ/persons", b"\x01" * 16, b"\x0a" * 32
pytestmark = pytest.mark.servers


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
async def database(postgres):
    """An empty database."""
    connection = await asyncpg.connect(postgres.url("postgres"))
    await connection.execute("DROP DATABASE IF EXISTS nonces WITH (FORCE)")
    await connection.execute("CREATE DATABASE nonces")
    await connection.close()
    return postgres.url("nonces")


@pytest.fixture
async def open_store(tmp_path, clock):
    """Open a store; each is closed at the end."""
    opened = []

    def open_it(url):
        opened.append(open_nonces(url, tmp_path, clock))
        return opened[-1]

    yield open_it
    for store in opened:
        await store.close()


async def test_of_many_at_once_at_two_replicas_one_is_accepted(database, open_store, clock):
    stores = [open_store(database) for _ in range(2)]
    tries = [stores[n % 2].admit(BANK, NONCE, bytes([n]) * 32, clock.now()) for n in range(40)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(e) for e in ended if e is not None] == [NonceReusedError] * 39
    won = bytes([ended.index(None)]) * 32
    for store in stores:
        await store.admit(BANK, NONCE, won, clock.now())


async def test_replicas_that_open_at_the_same_moment_all_have_it(database, open_store, clock):
    """PostgreSQL has three words for a table that another is just making."""
    connection = await asyncpg.connect(database)
    for _ in range(ROUNDS):
        stores = [open_store(database) for _ in range(8)]
        await asyncio.gather(*(each.admit(BANK, NONCE, DIGEST, clock.now()) for each in stores))
        for each in stores:
            await each.close()
        await connection.execute("DROP TABLE kalkan_nonces")
    await connection.close()


async def test_user_who_may_make_no_table_leaves_no_connection(database, open_store, clock):
    connection = await asyncpg.connect(database)
    await connection.execute(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN;"
        " REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    )
    store = open_store(database.replace("postgres@", "reader@"))
    with pytest.raises(NoncesAwayError):
        await store.admit(BANK, NONCE, DIGEST, clock.now())
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'"
    async with asyncio.timeout(60):
        while await connection.fetchval(count):  # noqa: ASYNC110 - a server's state
            await asyncio.sleep(0.02)
    await connection.execute("DROP ROLE reader")
    await connection.close()


async def test_what_is_over_is_forgotten(database, open_store, clock):
    store = open_store(database)
    await store.admit(BANK, NONCE, DIGEST, clock.now())
    clock.advance(210 + FORGET_S)
    await store.admit(BANK, b"\x02" * 16, DIGEST, clock.now())
    await store._forgetting
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM kalkan_nonces") == 1
    await connection.close()


async def test_server_that_is_not_there_admits_nothing(open_store, clock):
    store = open_store(f"postgresql://kaz@127.0.0.1:{reserve_port()}/nonces")
    with pytest.raises(NoncesAwayError):
        await store.admit(BANK, NONCE, DIGEST, clock.now())


async def test_server_that_ended_the_connections_is_asked_again(database, open_store, clock):
    store = open_store(database)
    await store.admit(BANK, NONCE, DIGEST, clock.now())
    connection = await asyncpg.connect(database)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND datname = 'nonces'"
    )
    await connection.close()
    for _ in range(8):  # each broken connection of the pool is met at most once
        try:
            await store.admit(BANK, NONCE, DIGEST, clock.now())
            break
        except NoncesAwayError:
            continue
    else:
        pytest.fail("the store does not come back")
    with pytest.raises(NonceReusedError):
        await store.admit(BANK, NONCE, b"\x0b" * 32, clock.now())
