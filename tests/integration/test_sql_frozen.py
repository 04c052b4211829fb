"""A server that answers nothing any more: the wait ends at the deadline, and later all is well."""

import asyncio
import signal
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from adapters.banks.registry import open_bank
from adapters.contract import BankTimeoutError, DocumentProbe, Limits

PROBE = DocumentProbe("N1234567")
PATIENT = Limits(rows=10, timeout_s=30)
SHORT = Limits(rows=10, timeout_s=0.3)
PID = {"postgres": "postmaster.pid", "mariadb": "pid"}


def is_stopped(pid):
    """Whether every thread of a process has come to a stop, or to its end."""
    stats = []
    for path in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            stats.append(path.read_text().rpartition(") ")[2])
    return all(stat.startswith(("T", "t", "Z", "X")) for stat in stats)


def send(processes, number):
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # that of a connection may end at any time
            process.send_signal(number)


def stop(processes):
    send(processes, signal.SIGSTOP)
    while not all(is_stopped(process.pid) for process in processes):
        pass  # a thread that runs on another core may still answer


@contextmanager
def frozen(server):
    """Stop all processes of a server, as a machine that hangs does; its port stays open."""
    first = (server.folder / PID[server.engine]).read_text(encoding="ascii").split()[0]
    parent = psutil.Process(int(first))
    stop([parent])  # first: it starts no other then
    children = parent.children(recursive=True)
    stop(children)
    try:
        yield
    finally:
        send([*children, parent], signal.SIGCONT)


@pytest.fixture
async def adapter(server_bank):
    opened = await open_bank(server_bank.path, server_bank.folder)
    yield opened
    await opened.close()


async def test_wait_for_a_frozen_server_is_given_up_and_the_next_search_answers(
    adapter, server_bank
):
    assert len((await adapter.search(PROBE, PATIENT)).records) == 1
    with frozen(server_bank.server):
        for _ in range(3):  # first on a connection that was used, then on new ones
            with pytest.raises(BankTimeoutError):
                await adapter.search(PROBE, SHORT)
    assert len((await adapter.search(PROBE, PATIENT)).records) == 1


async def test_frozen_server_holds_up_no_other_bank(adapter, server_bank, tmp_path, make_bank):
    other = make_bank("sqlite", tmp_path, None)
    second = await open_bank(other.path, other.folder)
    await adapter.search(PROBE, PATIENT)
    with frozen(server_bank.server):
        waiting = asyncio.create_task(adapter.search(PROBE, PATIENT))
        assert len((await second.search(PROBE, PATIENT)).records) == 1
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await second.close()


async def test_adapter_closes_while_its_server_is_frozen(server_bank):
    opened = await open_bank(server_bank.path, server_bank.folder)
    await opened.search(PROBE, PATIENT)
    with frozen(server_bank.server):
        waiting = asyncio.create_task(opened.search(PROBE, PATIENT))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await opened.close()
