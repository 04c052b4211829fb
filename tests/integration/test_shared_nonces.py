"""Two replicas of a node and a real PostgreSQL between them."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from gateway.access.errors import NonceReusedError, NoncesAwayError
from gateway.clock import ManualClock
from gateway.node.nonces import FORGET_S, open_nonces
from seeds.ports import reserve_port

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


async def test_of_many_at_once_at_two_replicas_one_is_accepted(database, tmp_path, clock):
    stores = [open_nonces(database, tmp_path, clock) for _ in range(2)]
    tries = [stores[n % 2].admit(BANK, NONCE, bytes([n]) * 32, clock.now()) for n in range(40)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(e) for e in ended if e is not None] == [NonceReusedError] * 39
    won = bytes([ended.index(None)]) * 32
    for store in stores:
        await store.admit(BANK, NONCE, won, clock.now())
        await store.close()


async def test_what_is_over_is_forgotten(database, tmp_path, clock):
    store = open_nonces(database, tmp_path, clock)
    await store.admit(BANK, NONCE, DIGEST, clock.now())
    clock.advance(210 + FORGET_S)
    await store.admit(BANK, b"\x02" * 16, DIGEST, clock.now())
    await store._forgetting
    await store.close()
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM kalkan_nonces") == 1
    await connection.close()


async def test_server_that_is_not_there_admits_nothing(tmp_path, clock):
    store = open_nonces(f"postgresql://kaz@127.0.0.1:{reserve_port()}/nonces", tmp_path, clock)
    with pytest.raises(NoncesAwayError):
        await store.admit(BANK, NONCE, DIGEST, clock.now())
    await store.close()


async def test_server_that_ended_the_connections_is_asked_again(database, tmp_path, clock):
    store = open_nonces(database, tmp_path, clock)
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
    await store.close()
