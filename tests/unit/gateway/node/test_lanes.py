"""The node's end of a stream: each search in it is served and recorded as a call of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from google.rpc import status_pb2

from gateway.clock import SystemClock
from gateway.errors import FieldInvalidError, StreamEndedError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.node import lanes
from gateway.node.lanes import STREAM, Lanes
from gateway.recorder import Recorder
from gateway.serving import Gate, Method
from gateway.stream import SearchStream
from gateway.wire import SERVER_OPTIONS, error_info, read_status
from kalkan.v1 import node_service_pb2 as wire

SECRET = "SELECT name FROM people WHERE name = 'Karimov'"
PATIENCE_S = 20.0


@dataclass
class Door:
    """A node's stream whose searches do what the test says."""

    gate: Gate
    folder: Path
    channel: grpc.aio.Channel
    act: object = None
    calls: list = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        self.stream = SearchStream(self.method())

    def method(self):
        return self.channel.stream_stream(STREAM)

    async def search(self, request, call):
        self.calls.append(call)
        self.entered.set()
        try:
            return await self.act(request, call)
        finally:
            self.left.set()

    async def ask(self, bank="KAZ/persons", seconds=PATIENCE_S, **trace):
        request = wire.NodeServiceSearchRequest(bank=bank)
        return await self.stream.ask(request.SerializeToString(), seconds, trace)

    async def refusal(self, **frame) -> tuple[grpc.StatusCode, str]:
        """Send one frame as it is; how the stream ended."""
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.send_raw(wire.SearchStreamRequest(**frame).SerializeToString())
        return caught.value.code(), error_info(caught.value).reason

    async def send_raw(self, data):
        call = self.method()()
        await call.write(data)
        return await call.read()

    def entries(self):
        return [entry for _, entry in read_entries(self.folder)]


@pytest.fixture
async def open_door(tmp_path, stack):
    async def open_one(limit=64) -> Door:
        clock = SystemClock()
        ledger = await Ledger.open(tmp_path / "ledger", clock)
        stack.push_async_callback(ledger.close)
        gate = Gate(Recorder(ledger, Side.NODE, "KAZ", clock), limit=limit)
        server = grpc.aio.server(options=SERVER_OPTIONS)
        port = server.add_insecure_port("127.0.0.1:0")
        channel = grpc.aio.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)]
        )
        door = Door(gate, tmp_path / "ledger", channel)
        search = Method("Search", wire.NodeServiceSearchRequest, unary=door.search)
        service = gate.service(
            "kalkan.v1.NodeService", search, SearchStream=Lanes(gate, search).handler()
        )
        server.add_generic_rpc_handlers((service,))
        await server.start()
        stack.push_async_callback(server.stop, 0)
        stack.push_async_callback(channel.close)
        stack.push_async_callback(door.stream.close)
        return door

    return open_one


@pytest.fixture
async def door(open_door):
    return await open_door()


async def answers(request, call):
    return wire.NodeServiceSearchResponse(answer=request.bank.encode())


async def hangs(request, call):
    await asyncio.Event().wait()


def raising(error):
    async def act(request, call):
        raise error

    return act


def response_of(ended):
    return wire.NodeServiceSearchResponse.FromString(ended.response)


async def test_searches_end_each_with_its_own_answer(door):
    door.act = answers
    banks = [f"KAZ/bank-{n}" for n in range(30)]
    ended = await asyncio.gather(*(door.ask(bank) for bank in banks))
    assert [response_of(one).answer.decode() for one in ended] == banks
    assert door.gate.running == 0


async def test_slow_search_holds_up_no_other(door):
    async def act(request, call):
        return await (hangs if request.bank == "slow" else answers)(request, call)

    door.act = act
    slow = asyncio.create_task(door.ask("slow"))
    await door.entered.wait()
    assert response_of(await door.ask("quick")).answer == b"quick"
    slow.cancel()


async def test_refusal_is_recorded_and_ends_its_search_alone(door):
    door.act = raising(FieldInvalidError("too long", field="query", limit="3 characters"))
    ended = await door.ask()
    assert read_status(ended.status) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
    assert not ended.response
    (entry,) = door.entries()
    assert (entry.kind, entry.reason) == (Kind.REFUSAL, "FIELD_INVALID")
    assert entry.method == "/kalkan.v1.NodeService/Search"
    door.act = answers
    assert response_of(await door.ask()).answer


async def test_fault_tells_nothing_and_ends_its_search_alone(door, caplog):
    door.act = raising(RuntimeError(SECRET))
    ended = await door.ask()
    assert read_status(ended.status) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert b"SELECT" not in ended.status
    assert "SELECT" not in caplog.text


async def test_malformed_search_is_recorded(door):
    ended = await door.stream.ask(b"\xff\xff", PATIENCE_S)
    assert read_status(ended.status) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED")
    assert [entry.kind for entry in door.entries()] == [Kind.MALFORMED]


async def test_oversized_search_is_recorded(door):
    ended = await door.stream.ask(bytes(300_000), PATIENCE_S)
    assert read_status(ended.status)[1] == "OVERSIZED"
    assert [entry.kind for entry in door.entries()] == [Kind.OVERSIZED]


async def test_too_many_at_once_are_refused_and_recorded(open_door):
    door = await open_door(limit=1)
    door.act = hangs
    first = asyncio.create_task(door.ask())
    await door.entered.wait()
    assert read_status((await door.ask()).status)[1] == "OVERLOADED"
    first.cancel()


@pytest.mark.parametrize("how", ["given up", "out of time", "stream closed"])
async def test_open_search_that_nobody_waits_for_is_stopped_and_recorded(door, how, monkeypatch):
    async def act(request, call):
        call.facts.update(search_id="0" * 32)
        call.open = True
        await hangs(request, call)

    door.act = act
    if how == "out of time":
        monkeypatch.setattr(lanes.Lane, "time_remaining", lambda _: 0.0)
    asking = asyncio.create_task(door.ask())
    await door.entered.wait()
    if how == "given up":
        asking.cancel()
    elif how == "stream closed":
        await door.stream.close()
    await door.left.wait()
    await door.gate.idle.wait()
    assert [entry.kind for entry in door.entries()] == [Kind.CANCELLED]
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_cancelled_from_inside_is_a_fault(door):
    door.act = raising(asyncio.CancelledError())
    assert read_status((await door.ask()).status)[1] == "INTERNAL"


async def test_lane_knows_its_time_and_its_trace(door):
    door.act = answers
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    await door.ask(seconds=PATIENCE_S, traceparent=parent)
    (call,) = door.calls
    assert 0 < call.seconds_left() <= PATIENCE_S
    assert dict(call.context.invocation_metadata()) == {"traceparent": parent}


@pytest.mark.parametrize("nanoseconds", [0, -1, 30_000_000_001])
async def test_search_without_a_time_ends_the_stream_and_is_recorded(door, nanoseconds):
    frame = wire.SearchStreamRequest(call_id=1, search=b"x")
    frame.timeout.FromNanoseconds(nanoseconds)
    code, reason = await door.refusal(call_id=1, search=b"x", timeout=frame.timeout)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
    (entry,) = door.entries()
    assert (entry.kind, entry.method) == (Kind.REFUSAL, STREAM)


async def test_frame_that_is_none_ends_the_stream_and_is_recorded(door):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await door.send_raw(b"\xff\xff\xff")
    assert error_info(caught.value).reason == "MALFORMED"
    assert [entry.kind for entry in door.entries()] == [Kind.MALFORMED]


async def test_number_that_is_open_is_not_begun_twice(door):
    all_taken = asyncio.Event()

    async def act(request, call):
        if request.bank == "last":
            all_taken.set()
        await all_taken.wait()
        return await answers(request, call)

    door.act = act
    call = door.method()()
    for number, bank in ((7, "first"), (7, "again"), (8, "last")):
        search = wire.NodeServiceSearchRequest(bank=bank).SerializeToString()
        frame = wire.SearchStreamRequest(call_id=number, search=search)
        frame.timeout.FromSeconds(20)
        await call.write(frame.SerializeToString())
    await call.done_writing()
    read = [await call.read() for _ in range(3)]
    assert read.pop() is grpc.aio.EOF
    assert {wire.SearchStreamResponse.FromString(data).call_id for data in read} == {7, 8}
    assert len(door.calls) == 2


async def test_caller_who_does_not_read_is_not_worked_for_without_end(door, monkeypatch):
    door.act = answers
    await door.ask()
    context = door.calls[0].context._stream
    monkeypatch.setattr(lanes, "MAX_OPEN", 2)
    monkeypatch.setattr(lanes, "MAX_ENDED", 3)

    async def frames():
        frame = wire.SearchStreamRequest()
        frame.search = wire.NodeServiceSearchRequest(bank="b").SerializeToString()
        frame.timeout.FromSeconds(20)
        for number in range(100):
            frame.call_id = number
            yield frame.SerializeToString()

    search = Method("Search", wire.NodeServiceSearchRequest, unary=door.search)
    responses = lanes._Stream(door.gate, search, context).run(frames())
    await anext(responses)
    for _ in range(1_000):  # all that would be done has been done by now
        await asyncio.sleep(0)
    assert len(door.calls) <= 1 + 1 + 2 + 3 + 1
    assert len([response async for response in responses]) == 99


async def test_search_that_is_ended_without_details_tells_code_and_words(door):
    door.act = answers
    await door.ask()
    with pytest.raises(lanes._AbortedError) as ended:
        await door.calls[0].context.abort(grpc.StatusCode.NOT_FOUND, "away")
    told = status_pb2.Status.FromString(ended.value.status)
    assert (told.code, told.message) == (grpc.StatusCode.NOT_FOUND.value[0], "away")


async def test_giving_up_what_is_not_open_is_nothing(door):
    door.act = answers
    call = door.method()()
    await call.write(wire.SearchStreamRequest(call_id=99).SerializeToString())
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF


async def test_closing_gate_lets_open_searches_end_and_takes_no_more(door):
    release = asyncio.Event()

    async def act(request, call):
        await release.wait()
        return await answers(request, call)

    door.act = act
    asking = asyncio.create_task(door.ask())
    await door.entered.wait()
    door.gate.closing.set()
    release.set()
    assert response_of(await asking).answer == b"KAZ/persons"
    with pytest.raises(StreamEndedError):
        await door.ask()
