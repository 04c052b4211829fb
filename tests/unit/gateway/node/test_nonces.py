"""Replicas that share a store accept a nonce once, whichever of them is asked, and when."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from gateway.access.errors import NonceReusedError, NoncesAwayError
from gateway.errors import SettingsError
from gateway.node import nonces as module
from gateway.node.node import Node
from gateway.node.nonces import FORGET_S, SharedNonces, open_nonces
from kalkan.v1 import model_pb2 as model

BANK, OTHER = "KAZ/persons", "KAZ/vehicles"
NONCE, DIGEST = b"\x01" * 16, b"\x0a" * 32


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A store is not away because the machine is busy."""
    monkeypatch.setattr(module, "PATIENCE_S", 60.0)


@pytest.fixture
async def open_store(tmp_path, clock, stack):
    """Open the store of a replica."""

    def make(url="sqlite:///nonces.sqlite"):
        store = open_nonces(url, tmp_path, clock)
        stack.push_async_callback(store.close)
        return store

    return make


async def test_nonce_is_accepted_once_by_all_replicas_and_the_same_bytes_again(open_store, clock):
    one, other = open_store(), open_store()
    await one.admit(BANK, NONCE, DIGEST, clock.now())
    await other.admit(BANK, NONCE, DIGEST, clock.now())
    for store in (one, other):
        with pytest.raises(NonceReusedError):
            await store.admit(BANK, NONCE, b"\x0b" * 32, clock.now())
    await other.admit(BANK, NONCE, DIGEST, clock.now())
    await other.admit(OTHER, NONCE, b"\x0b" * 32, clock.now())


async def test_of_many_at_once_exactly_one_is_accepted(open_store, clock):
    stores = [open_store(), open_store()]
    tries = [stores[n % 2].admit(BANK, NONCE, bytes([n]) * 32, clock.now()) for n in range(40)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(e) for e in ended if e is not None] == [NonceReusedError] * 39


async def test_nonce_is_known_after_a_restart(tmp_path, open_store, clock):
    store = open_nonces("sqlite:///nonces.sqlite", tmp_path, clock)
    await store.admit(BANK, NONCE, DIGEST, clock.now())
    await store.close()
    with pytest.raises(NonceReusedError):
        await open_store().admit(BANK, NONCE, b"\x0b" * 32, clock.now())


async def test_what_is_over_is_forgotten_and_what_is_not_stays(tmp_path, open_store, clock):
    store = open_store()
    await store.admit(BANK, NONCE, DIGEST, clock.now())
    clock.advance(200)
    await store.admit(BANK, b"\x02" * 16, DIGEST, clock.now())
    clock.advance(FORGET_S)
    await store.admit(BANK, b"\x03" * 16, DIGEST, clock.now())
    await store._forgetting
    with closing(sqlite3.connect(tmp_path / "nonces.sqlite")) as file:
        kept = [row[0] for row in file.execute("SELECT nonce FROM kalkan_nonces ORDER BY nonce")]
    assert kept == [b"\x02" * 16, b"\x03" * 16]


async def test_store_that_is_away_admits_nothing_and_comes_back(tmp_path, open_store, clock):
    (tmp_path / "nonces.sqlite").mkdir()
    store = open_store()
    with pytest.raises(NoncesAwayError) as away:
        await store.admit(BANK, NONCE, DIGEST, clock.now())
    assert str(tmp_path) not in str(away.value)
    (tmp_path / "nonces.sqlite").rmdir()
    await store.admit(BANK, NONCE, DIGEST, clock.now())


async def test_store_that_hangs_is_away(clock, monkeypatch):
    class Hanging:
        async def put(self, row):
            await asyncio.Event().wait()

    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    with pytest.raises(NoncesAwayError):
        await SharedNonces(Hanging(), clock).admit(BANK, NONCE, DIGEST, clock.now())


async def test_table_of_something_else_is_a_store_that_is_away(tmp_path, open_store, clock):
    with closing(sqlite3.connect(tmp_path / "nonces.sqlite")) as file:
        file.execute("CREATE TABLE kalkan_nonces (bank TEXT)")
    with pytest.raises(NoncesAwayError):
        await open_store().admit(BANK, NONCE, DIGEST, clock.now())


@pytest.mark.parametrize(
    "url",
    ["nonces.sqlite", "sqlite:", "sqlite:///", "sqlite://host/x", "mysql://h/d", "postgresql:///d"],
)
def test_address_of_another_kind_is_refused(tmp_path, clock, url):
    with pytest.raises(SettingsError, match="nonces: write"):
        open_nonces(url, tmp_path, clock)


def test_password_in_an_address_is_refused_and_not_repeated(tmp_path, clock):
    with pytest.raises(SettingsError, match="password") as caught:
        open_nonces("postgresql://kaz:hunter2@db/nonces", tmp_path, clock)
    assert "hunter2" not in str(caught.value)


def test_no_address_is_no_store(tmp_path, clock):
    assert open_nonces("", tmp_path, clock) is None


async def test_two_replicas_of_a_node_search_once_for_a_nonce(country, open_store):
    parts = country.node._parts
    replicas = [Node(replace(parts, nonces=open_store())) for _ in range(2)]
    query = country.desk.compose()
    for country.node in replicas:
        assert (await country.ask(query)).state == model.BANK_STATE_ANSWERED
    query.limit = 7
    for country.node in reversed(replicas):
        with pytest.raises(NonceReusedError):
            await country.ask(query)


async def test_replica_that_cannot_ask_the_store_answers_unavailable(country, open_store, tmp_path):
    (tmp_path / "nonces.sqlite").mkdir()
    country.node = Node(replace(country.node._parts, nonces=open_store()))
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_UNAVAILABLE
    assert country.register.limits == []
    assert [e.reason for e in country.entries() if e.reason] == ["NONCES_AWAY"]
