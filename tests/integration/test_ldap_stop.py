"""A search that is cancelled or late ends at the directory; a bank is back after an outage."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankTimeoutError,
    BankUnavailableError,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
)
from seeds.servers import run_ldap
from tests.kit.directory import make_directory, start_directory, write_bank

LIMITS = Limits(rows=10, timeout_s=60)
PROBE = IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "3520212345671"))


def references(result):
    return [record.reference for record in result.records]


@pytest.fixture(scope="module")
def server():
    with start_directory(make_directory()) as running:
        yield running


class Gate:
    """Stands between the adapter and the directory, and holds back what the directory says."""

    def __init__(self, port):
        self.port, self.shut, self.asked, self.gone = port, False, asyncio.Event(), asyncio.Event()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        self.url = f"ldap://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def carry(self, reader, writer):
        there, here = await asyncio.open_connection("127.0.0.1", self.port)
        back = asyncio.create_task(self.pour(there, writer))
        try:
            while data := await reader.read(65536):
                here.write(data)
                if self.shut:
                    self.asked.set()
        finally:
            if self.shut:
                self.gone.set()
            back.cancel()
            here.close()
            writer.close()

    async def pour(self, there, writer):
        while data := await there.read(65536):
            if not self.shut:
                writer.write(data)


@pytest.fixture
async def gate(server):
    async with Gate(server.port) as opened:
        yield opened


async def test_cancelled_search_ends_at_the_directory_and_the_next_is_not_delayed(gate, tmp_path):
    adapter = await open_bank(write_bank(tmp_path, gate.url), tmp_path)
    try:
        for _ in range(3):
            gate.shut = True
            tasks = [asyncio.create_task(adapter.fetch(["1"], Limits(5, 60))) for _ in range(2)]
            await gate.asked.wait()
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in ended)
            await gate.gone.wait()
            gate.shut = False
            gate.asked.clear()
            gate.gone.clear()
            assert references(await adapter.fetch(["1"], LIMITS)) == ["1"]
    finally:
        await adapter.close()


async def test_late_search_is_given_up_and_its_connection_ends(gate, tmp_path):
    adapter = await open_bank(write_bank(tmp_path, gate.url), tmp_path)
    try:
        gate.shut = True
        with pytest.raises(BankTimeoutError):
            await adapter.search(PROBE, Limits(5, 0.2))
        await gate.gone.wait()
        gate.shut = False
        assert references(await adapter.search(PROBE, LIMITS)) == ["1"]
    finally:
        await adapter.close()


async def test_scan_that_nobody_reads_on_ends_at_the_directory(gate, tmp_path):
    adapter = await open_bank(write_bank(tmp_path, gate.url, ("page = 2", "page = 1")), tmp_path)
    try:
        names = adapter.names()
        await anext(names)
        gate.shut = True
        await names.aclose()
        await gate.gone.wait()
    finally:
        await adapter.close()


@pytest.fixture
def restartable():
    """A directory of its own that a test can stop and start."""
    directory = make_directory()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kalkan-")))
        folder.chmod(0o711)
        outage = Outage(directory, folder / "data")
        stack.callback(outage.stop)
        outage.start()
        yield outage


class Outage:
    def __init__(self, directory, folder):
        self.directory, self.folder, self.port = directory, folder, None

    def start(self):
        self.running = ExitStack()
        server = self.running.enter_context(run_ldap(self.folder, self.directory, port=self.port))
        self.port, self.url = server.port, server.url("")

    def stop(self):
        self.running.close()


async def test_bank_is_unavailable_while_down_and_answers_when_back(server, restartable, tmp_path):
    adapter = await open_bank(write_bank(tmp_path, restartable.url), tmp_path)
    try:
        assert references(await adapter.fetch(["1"], LIMITS)) == ["1"]
        await asyncio.to_thread(restartable.stop)
        for _ in range(3):
            with pytest.raises(BankUnavailableError):
                await adapter.fetch(["1"], LIMITS)
        await asyncio.to_thread(restartable.start)
        found = await asyncio.gather(*(adapter.fetch(["1"], LIMITS) for _ in range(6)))
        assert all(references(result) == ["1"] for result in found)
    finally:
        await adapter.close()


async def test_connection_that_died_while_idle_is_replaced_at_once(server, restartable, tmp_path):
    adapter = await open_bank(write_bank(tmp_path, restartable.url), tmp_path)
    try:
        await asyncio.gather(*(adapter.fetch(["1"], LIMITS) for _ in range(3)))
        await asyncio.to_thread(restartable.stop)
        await asyncio.to_thread(restartable.start)
        assert references(await adapter.fetch(["1"], LIMITS)) == ["1"]
    finally:
        await adapter.close()


async def test_bank_that_is_down_at_start_opens_and_answers_later(server, restartable, tmp_path):
    await asyncio.to_thread(restartable.stop)
    adapter = await open_bank(write_bank(tmp_path, restartable.url), tmp_path)
    try:
        with pytest.raises(BankUnavailableError):
            await adapter.fetch(["1"], LIMITS)
        await asyncio.to_thread(restartable.start)
        assert references(await adapter.fetch(["1"], LIMITS)) == ["1"]
    finally:
        await adapter.close()
