"""At the door: whatever a handler does, its caller gets a status and the ledger an entry."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest

from gateway.access.errors import NonceReusedError, TokenExpiredError
from gateway.clock import SystemClock
from gateway.errors import FieldInvalidError
from gateway.ledger.errors import LedgerBusyError, LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.recorder import Recorder
from gateway.serving import NOBODY, Gate, Method
from gateway.wire import MAX_REQUEST, SERVER_OPTIONS, error_info
from kalkan.v1 import node_service_pb2 as wire

SECRET = "SELECT name FROM people WHERE name = 'Karimov'"
SEARCH = {"search_id": "0" * 32}
PATIENCE_S = 20.0


@dataclass
class Door:
    """A server with one unary and one streaming method that do what the test says."""

    gate: Gate
    ledger: Ledger
    folder: Path
    channel: grpc.aio.Channel
    act: object = None
    calls: list = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    full: asyncio.Event = field(default_factory=asyncio.Event)

    async def unary(self, request, call):
        self.calls.append(call)
        self.entered.set()
        try:
            return await self.act(request, call)
        finally:
            self.closed.set()

    async def stream(self, request, call):
        self.calls.append(call)
        try:
            yield wire.DescribeResponse(member="first")
            self.entered.set()  # not before: who leaves while that is on its way ends it there
            yield await self.act(request, call)
        finally:
            self.closed.set()

    async def flood(self, request, call):
        del request
        call.facts.update(SEARCH)
        call.open = True
        try:
            while True:
                yield wire.DescribeResponse(member="x" * 500_000)
        finally:
            self.closed.set()

    def method(self, name):
        kind = self.channel.unary_unary if name == "Unary" else self.channel.unary_stream
        return kind(f"/test.Door/{name}")

    async def ask(self, name="Unary", data=b"", seconds=PATIENCE_S) -> list[bytes]:
        """Call a method of bytes; what it answers."""
        call = self.method(name)(data, timeout=seconds)
        return [await call] if name == "Unary" else [response async for response in call]

    async def refusal(self, name="Unary", data=b"") -> tuple[grpc.StatusCode, str, dict, str]:
        """Call a method that is refused: code, reason, metadata, text."""
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.ask(name, data)
        info = error_info(caught.value)
        return caught.value.code(), info.reason, dict(info.metadata), caught.value.details()

    def entries(self):
        return [entry for _, entry in read_entries(self.folder)]

    async def written(self, count=1):
        """The entries, as soon as there are so many."""
        while len(self.entries()) < count:  # noqa: ASYNC110 - gRPC answers before the handler ends
            await asyncio.sleep(0.001)
        return self.entries()


@pytest.fixture
async def open_door(tmp_path, stack):
    async def open_one(limit=8) -> Door:
        clock = SystemClock()
        ledger = await Ledger.open(tmp_path / "ledger", clock)
        stack.push_async_callback(ledger.close)
        gate = Gate(Recorder(ledger, Side.NODE, "KAZ", clock), limit=limit)
        server = grpc.aio.server(options=SERVER_OPTIONS)
        port = server.add_insecure_port("127.0.0.1:0")
        channel = grpc.aio.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)]
        )
        door = Door(gate, ledger, tmp_path / "ledger", channel)
        service = gate.service(
            "test.Door",
            Method("Unary", wire.DescribeResponse, unary=door.unary),
            Method("Stream", wire.DescribeResponse, stream=door.stream),
            Method("Flood", wire.DescribeResponse, stream=door.flood),
        )
        server.add_generic_rpc_handlers((service, gate.fallback()))
        await server.start()
        stack.push_async_callback(server.stop, 0)
        stack.push_async_callback(channel.close)
        return door

    return open_one


@pytest.fixture
async def door(open_door):
    return await open_door()


async def answers(request, call):
    return wire.DescribeResponse(member=f"heard {request.member}")


def raising(error):
    async def act(request, call):
        raise error

    return act


async def hangs_in_a_search(request, call):
    call.facts.update(SEARCH)
    call.open = True
    await asyncio.Event().wait()


BOTH = pytest.mark.parametrize("name", ["Unary", "Stream"])


@BOTH
async def test_call_is_answered_and_leaves_no_entry(door, name):
    door.act = answers
    request = wire.DescribeResponse(member="you").SerializeToString()
    *_, last = await door.ask(name, request)
    assert wire.DescribeResponse.FromString(last).member == "heard you"
    assert door.entries() == []
    assert door.calls[0].method == f"/test.Door/{name}"


async def test_peer_without_a_certificate_is_nobody(door):
    door.act = answers
    await door.ask()
    assert door.calls[0].peer is NOBODY


async def test_call_knows_its_own_deadline(door):
    left = []

    async def looks(request, call):
        left.append(call.seconds_left())
        return await answers(request, call)

    door.act = looks
    await door.ask()
    await door.ask(seconds=None)
    assert 0 < left[0] < PATIENCE_S + 1  # gRPC rounds up
    assert left[1] is None


REFUSALS = [
    (FieldInvalidError("x must be y", field="x"), "INVALID_ARGUMENT", "FIELD_INVALID"),
    (TokenExpiredError("the token has expired"), "UNAUTHENTICATED", "TOKEN_EXPIRED"),
    (NonceReusedError("used", field="nonce"), "FAILED_PRECONDITION", "NONCE_REUSED"),
    (LedgerUnavailableError("disk of /var"), "UNAVAILABLE", "LEDGER_UNAVAILABLE"),
    (LedgerBusyError("queue"), "RESOURCE_EXHAUSTED", "OVERLOADED"),
]


@BOTH
@pytest.mark.parametrize(("error", "code", "reason"), REFUSALS)
async def test_refusal_is_told_and_recorded_by_its_reason(door, name, error, code, reason):
    door.act = raising(error)
    told = await door.refusal(name)
    assert told[:2] == (grpc.StatusCode[code], reason)
    assert told[2] == getattr(error, "metadata", {})
    (entry,) = door.entries()
    assert (entry.kind, entry.reason, entry.method) == (
        Kind.REFUSAL,
        reason,
        f"/test.Door/{name}",
    )


async def test_text_of_a_ledger_error_is_not_told(door):
    door.act = raising(LedgerUnavailableError("disk of /var"))
    assert "/var" not in (await door.refusal())[3]


@BOTH
async def test_fault_tells_an_incident_and_no_text_of_the_error(door, name, caplog):
    door.act = raising(RuntimeError(SECRET))
    code, reason, metadata, text = await door.refusal(name)
    assert (code, reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert metadata["incident"] in caplog.text
    assert "RuntimeError" in caplog.text
    for told in (text, caplog.text, repr(door.entries())):
        assert "Karimov" not in told
    (entry,) = door.entries()
    assert (entry.kind, entry.reason) == (Kind.REFUSAL, "INTERNAL")


@BOTH
async def test_cancellation_from_inside_is_a_fault_and_not_silence(door, name):
    async def act(request, call):
        call.facts.update(SEARCH)
        call.open = True
        task = asyncio.create_task(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(task.cancel)
        await task

    door.act = act
    code, reason, _, _ = await door.refusal(name)
    assert (code, reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    (entry,) = door.entries()
    assert (entry.kind, entry.search_id) == (Kind.REFUSAL, SEARCH["search_id"])
    assert not door.calls[0].open


@BOTH
async def test_group_of_errors_is_a_fault(door, name, caplog):
    door.act = raising(ExceptionGroup("many", [ValueError(SECRET)]))
    assert (await door.refusal(name))[1] == "INTERNAL"
    assert "Karimov" not in caplog.text


@BOTH
async def test_refusal_is_recorded_with_all_that_is_known(door, name):
    async def act(request, call):
        call.facts.update(SEARCH, who="officer", purpose="terrorism")
        call.open = True
        raise FieldInvalidError("no", field="x")

    door.act = act
    await door.refusal(name)
    (entry,) = door.entries()
    assert (entry.search_id, entry.who) == (SEARCH["search_id"], "officer")
    assert not door.calls[0].open


@BOTH
async def test_fact_that_cannot_be_recorded_does_not_hide_the_refusal(door, name):
    async def act(request, call):
        call.facts["who"] = "a\x00b"
        raise FieldInvalidError("no", field="x")

    door.act = act
    assert (await door.refusal(name))[1] == "FIELD_INVALID"
    (entry,) = door.entries()
    assert (entry.kind, entry.reason, entry.who) == (Kind.REFUSAL, "FIELD_INVALID", "")


@BOTH
async def test_nothing_but_the_ledger_is_blamed_where_it_cannot_write(door, name):
    await door.ledger.close()
    door.act = raising(FieldInvalidError("no", field="x"))
    code, reason, metadata, _ = await door.refusal(name)
    assert (code, reason) == (grpc.StatusCode.UNAVAILABLE, "LEDGER_UNAVAILABLE")
    assert metadata == {}


@BOTH
@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"\xff\xff\xff", grpc.StatusCode.INVALID_ARGUMENT, Kind.MALFORMED),
        (b"\x00" * (MAX_REQUEST + 1), grpc.StatusCode.RESOURCE_EXHAUSTED, Kind.OVERSIZED),
        (b"\x00" * 2_000_000, grpc.StatusCode.RESOURCE_EXHAUSTED, Kind.OVERSIZED),
    ],
)
async def test_message_that_cannot_be_read_is_refused_and_recorded(door, name, data, code, kind):
    door.act = answers
    assert (await door.refusal(name, data))[0] is code
    (entry,) = await door.written()
    assert entry.kind is kind
    assert door.calls == []


async def test_call_without_a_message_is_refused_and_recorded(door):
    call = door.channel.stream_unary("/test.Door/Unary")(iter(()), timeout=PATIENCE_S)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert [entry.kind for entry in door.entries()] == [Kind.OVERSIZED]


@pytest.mark.parametrize("path", ["/test.Door/Other", "/test.Other/Unary", "/x/y"])
async def test_method_that_does_not_exist_is_refused_and_recorded(door, path):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await door.channel.unary_unary(path)(b"", timeout=PATIENCE_S)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    (entry,) = door.entries()
    assert (entry.reason, entry.method) == ("METHOD_UNKNOWN", path)


@BOTH
async def test_caller_that_leaves_a_search_is_recorded(door, name):
    door.act = hangs_in_a_search
    task = asyncio.create_task(door.ask(name))
    await door.entered.wait()
    task.cancel()
    (entry,) = await door.written()
    assert (entry.kind, entry.reason) == (Kind.CANCELLED, "CANCELLED")
    assert entry.search_id == SEARCH["search_id"]
    assert door.closed.is_set()
    await door.gate.idle.wait()


@BOTH
async def test_caller_whose_time_is_over_is_recorded(door, name):
    door.act = hangs_in_a_search
    for seconds in (0.2, 2.0, 20.0):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await door.ask(name, seconds=seconds)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        # Time that is over before the handler has begun leaves no entry: give it more.
        if door.entered.is_set():
            break
    assert {entry.kind for entry in await door.written()} == {Kind.CANCELLED}


@BOTH
async def test_caller_that_leaves_before_the_search_leaves_no_entry(door, name):
    async def hangs(request, call):
        await asyncio.Event().wait()

    door.act = hangs
    task = asyncio.create_task(door.ask(name))
    await door.entered.wait()
    task.cancel()
    await door.closed.wait()
    await door.gate.idle.wait()
    assert door.entries() == []


async def test_caller_that_stops_reading_and_leaves_is_recorded_and_the_handler_closed(door):
    call = door.method("Flood")(b"", timeout=PATIENCE_S)
    await call.read()
    call.cancel()
    await door.closed.wait()
    await door.gate.idle.wait()
    (entry,) = door.entries()
    assert (entry.kind, entry.search_id) == (Kind.CANCELLED, SEARCH["search_id"])


async def test_call_over_the_limit_is_refused_and_recorded_and_others_go_on(open_door):
    door = await open_door(limit=2)
    release = asyncio.Event()

    async def waits(request, call):
        if len(door.calls) == 2:
            door.full.set()
        await release.wait()
        return await answers(request, call)

    door.act = waits
    running = [asyncio.create_task(door.ask(name)) for name in ("Unary", "Stream")]
    await door.full.wait()
    for name in ("Unary", "Stream"):
        code, reason, metadata, _ = await door.refusal(name)
        assert (code, reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED")
        assert metadata == {"limit": "2 calls"}
    release.set()
    for task in running:
        assert await task
    assert [entry.reason for entry in door.entries()] == ["OVERLOADED"] * 2
    assert await door.ask()
    assert door.gate.running == 0


@BOTH
@pytest.mark.parametrize("act", [answers, raising(RuntimeError(SECRET))])
async def test_door_is_idle_when_all_calls_have_ended(door, name, act):
    door.act = act
    assert door.gate.idle.is_set()
    with suppress(grpc.aio.AioRpcError):
        await door.ask(name)
    await door.gate.idle.wait()
    assert door.gate.running == 0
