"""What a node opens at its start: its banks one after the other, and shadows that it waits for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from types import SimpleNamespace

import pytest

from adapters.contract import MappingError
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from gateway.node.hosting import Shared, open_banks, prepare_bank, start_shadows
from gateway.running import Stopper
from gateway.settings import NodeSettings, ShadowSettings, read_settings
from tests.kit.world import build_world


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
