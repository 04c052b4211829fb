"""What a node opens at its start: its banks one after the other, and shadows that it waits for."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, closing
from types import SimpleNamespace

import pytest

from adapters.banks.sql.adapter import SqlAdapter
from adapters.contract import Limits, MappingError, PersonName, PersonProbe
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from gateway.node.hosting import Shared, open_banks, prepare_bank, start_shadows
from gateway.running import Stopper
from gateway.settings import NodeSettings, ShadowSettings, read_settings
from tests.kit.world import build_world

LIMITS = Limits(rows=10, timeout_s=20.0)


@pytest.fixture
def settings(tmp_path):
    build_world(tmp_path / "home", ("KAZ",))
    return read_settings(NodeSettings, tmp_path / "home" / "nodes" / "KAZ" / "node.toml")


@pytest.fixture
async def shared():
    with ThreadPoolExecutor(1) as workers:
        async with AsyncExitStack() as stack:
            yield Shared(stack, workers, SystemClock(), Stopper(), ExitStack())


async def test_banks_are_open_named_and_indexed(settings, shared):
    banks = await open_banks(settings, shared)
    assert list(banks) == ["KAZ/persons"]
    assert banks["KAZ/persons"].available
    assert (settings.at(settings.index) / "persons.sqlite").exists()


async def find_newcomer(settings, bank):
    """Put somebody into the bank, and wait until the search finds her."""
    probe = PersonProbe((PersonName(full="Жаңа Адамова"),))
    assert (await bank.find(probe, LIMITS)).records == ()
    file = settings.at(settings.banks[0]).with_name("people.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO people (id, name) VALUES ('KZ-9', 'Жаңа Адамова')")
        connection.commit()
    while not (found := (await bank.find(probe, LIMITS)).records):
        pass
    assert [record.reference for record in found] == ["KZ-9"]


async def test_changes_of_a_bank_are_followed(settings, shared, monkeypatch):
    monkeypatch.setattr("gateway.node.hosting.REFRESH_S", 0.0)
    banks = await open_banks(settings, shared)
    await find_newcomer(settings, banks["KAZ/persons"])


async def test_adapter_that_breaks_its_contract_once_is_followed_again(
    settings, shared, monkeypatch, caplog
):
    monkeypatch.setattr("gateway.node.hosting.REFRESH_S", 0.0)
    bank = (await open_banks(settings, shared))["KAZ/persons"]
    watermark, broken = SqlAdapter.watermark, asyncio.Event()

    async def fail_once(self):
        if broken.is_set():
            return await watermark(self)
        broken.set()
        raise KeyError("Каримов")

    monkeypatch.setattr(SqlAdapter, "watermark", fail_once)
    await broken.wait()
    await find_newcomer(settings, bank)
    assert bank.available
    assert "KAZ/persons cannot be prepared: KeyError" in caplog.text
    assert "Каримов" not in caplog.text


async def test_mapping_that_does_not_fit_is_named_by_its_whole_path(settings, shared):
    path = settings.at(settings.banks[0])
    path.write_text(path.read_text().replace("[bank]", "[blank]"))
    with pytest.raises(MappingError, match=str(path)):
        await open_banks(settings, shared)


async def test_banks_are_closed_with_the_process(settings, monkeypatch):
    closed = []

    async def told(self):
        closed.append(self.name)

    with ThreadPoolExecutor(1) as workers:
        async with AsyncExitStack() as stack:
            shared = Shared(stack, workers, SystemClock(), Stopper(), ExitStack())
            bank = await prepare_bank(settings, settings.banks[0], {}, b"k" * 32, shared)
            stack.push_async_callback(bank.close)  # the test's own, so that nothing stays open
            monkeypatch.setattr("gateway.node.hosting.Bank.close", told)
            other = await prepare_bank(settings, settings.banks[0], {}, b"k" * 32, shared)
            assert closed == []
    assert closed == [other.name]


async def test_shadow_of_a_bank_that_is_not_here_is_refused(settings, shared):
    shadow = ShadowSettings(of="nothing", mapping=settings.banks[0])
    settings = settings.model_copy(update={"shadow": (shadow,)})
    parts = SimpleNamespace(banks=await open_banks(settings, shared), recorder=None)
    with pytest.raises(SettingsError, match="nothing is not a bank of this node"):
        await start_shadows(settings, parts, shared)


async def test_no_shadow_takes_no_threads(settings, shared):
    assert await start_shadows(settings, SimpleNamespace(banks={}), shared) == {}
