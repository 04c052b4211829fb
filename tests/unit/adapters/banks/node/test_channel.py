"""A failed call is an error of the contract, by the reason that the node tells."""

import asyncio

import pytest

from adapters.banks.node import channel as channel_module
from adapters.banks.node.channel import open_channel
from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    MappingError,
    QueryRejectedError,
)
from adapters.mapping.block import BlockError
from adapters.mapping.read import read_mapping
from gateway.wire import status_for
from kalkan.v1 import node_service_pb2 as wire

REQUEST = wire.NodeServiceSearchRequest(bank="KAZ/persons")
ENDS = {
    "TOKEN_EXPIRED": BankRefusedError,
    "TOKEN_UNBOUND": BankRefusedError,
    "SIGNATURE_INVALID": BankRefusedError,
    "QUERY_STALE": BankRefusedError,
    "NONCE_REUSED": BankRefusedError,
    "POLICY_REFUSED": BankRefusedError,
    "PEER_FORBIDDEN": BankFaultError,
    "BANK_UNKNOWN": BankFaultError,
    "INTERNAL": BankFaultError,
    "METHOD_UNKNOWN": BankFaultError,
    "FIELD_INVALID": QueryRejectedError,
    "TARGET_UNKNOWN": QueryRejectedError,
    "OVERLOADED": BankUnavailableError,
    "DRAINING": BankUnavailableError,
    "LEDGER_UNAVAILABLE": BankUnavailableError,
    "DEADLINE_OVER": BankTimeoutError,
}


@pytest.fixture
async def channel(place, behind):
    opened = open_channel(read_mapping(place.write(behind.port)).node, place.folder)
    yield opened
    await opened.close()


def fail(reason):
    async def act(_request, context):
        await context.abort_with_status(status_for(reason, "SELECT secret", {}))

    return act


@pytest.mark.parametrize(("reason", "error"), ENDS.items())
async def test_reason_of_the_node_becomes_an_error(channel, behind, reason, error):
    behind.act = fail(reason)
    with pytest.raises(error) as caught:
        await channel.search(REQUEST, 60.0)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None
    assert len(behind.asked) == 1  # what the node tells is not asked again
    if error is BankRefusedError:
        assert caught.value.rule == f"node.{reason.lower()}"


async def test_rule_that_the_node_names_is_handed_on(channel, behind):
    async def refuse(_request, context):
        status = status_for("POLICY_REFUSED", "no", {"rule": "kaz.purpose"})
        await context.abort_with_status(status)

    behind.act = refuse
    with pytest.raises(BankRefusedError) as caught:
        await channel.search(REQUEST, 60.0)
    assert caught.value.rule == "kaz.purpose"


async def test_garbage_is_a_fault(channel, behind):
    async def act(_request, _context):
        return b"\xff\xff"

    behind.act = act
    with pytest.raises(BankFaultError):
        await channel.search(REQUEST, 60.0)


async def test_huge_answer_is_a_fault(channel, behind):
    async def act(_request, _context):
        return wire.NodeServiceSearchResponse(answer=b"\x00" * 2_000_000)

    behind.act = act
    with pytest.raises(BankFaultError):
        await channel.search(REQUEST, 60.0)


async def test_late_node_is_given_up(channel, behind):
    async def act(_request, _context):
        await asyncio.Event().wait()

    behind.act = act
    with pytest.raises(BankTimeoutError):
        await channel.search(REQUEST, 0.3)


async def test_lost_connection_is_made_anew(place, channel, behind, monkeypatch):
    assert (await channel.describe(60.0)).member == "KAZ"
    other = type(behind)()
    async with place.serve(other):
        moved = open_channel(read_mapping(place.write(other.port)).node, place.folder)
        await moved.describe(60.0)
    with pytest.raises(BankUnavailableError):
        await moved.describe(60.0)
    monkeypatch.setattr(channel_module, "_AGAIN_S", 30.0)  # a busy machine connects late
    async with place.serve(other):
        assert (await moved.describe(60.0)).member == "KAZ"
    await moved.close()


async def test_closing_ends_a_running_call_as_unavailable_and_not_as_cancelled(channel, behind):
    begun = asyncio.Event()

    async def act(_request, _context):
        begun.set()
        await asyncio.Event().wait()

    behind.act = act
    running = asyncio.create_task(channel.search(REQUEST, 60.0))
    await begun.wait()
    await channel.close()
    with pytest.raises(BankUnavailableError):
        await running
    with pytest.raises(BankUnavailableError):
        await channel.describe(1.0)


async def test_caller_that_is_cancelled_is_cancelled(channel, behind):
    begun = asyncio.Event()

    async def act(_request, _context):
        begun.set()
        await asyncio.Event().wait()

    behind.act = act
    running = asyncio.create_task(channel.search(REQUEST, 60.0))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_key_that_others_may_read_is_refused(place):
    (place.folder / "front.key").chmod(0o640)
    with pytest.raises(BlockError, match="chmod 600") as caught:
        open_channel(read_mapping(place.write(9)).node, place.folder)
    assert caught.value.place == ("key",)


async def test_file_that_is_not_there_is_named(place):
    (place.folder / "ca.pem").unlink()
    with pytest.raises(BlockError, match="cannot be read") as caught:
        open_channel(read_mapping(place.write(9)).node, place.folder)
    assert caught.value.place == ("ca_file",)


async def test_open_bank_tells_where_the_file_is_named(place):
    (place.folder / "ca.pem").unlink()
    path = place.write(9)
    with pytest.raises(MappingError, match=r"^mapping\.toml:\d+:11: node\.ca_file: this file"):
        await open_bank(path, path.parent)
