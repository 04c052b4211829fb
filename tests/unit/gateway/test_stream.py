"""The caller's end of a stream, against a real server over TLS that does what the test says."""

from __future__ import annotations

import asyncio

import grpc
import pytest

from gateway.errors import StreamEndedError
from gateway.stream import SearchStream
from kalkan.v1 import node_service_pb2 as wire

METHOD = "/kalkan.v1.NodeService/SearchStream"
PATIENCE_S = 20.0


@pytest.fixture
def open_stream(certificates, credentials_of, stack):
    """Serve a handler of messages; return a stream to it and how many were opened."""

    async def open_one(handle):
        opened = []

        async def stream(requests, context):
            opened.append(context)
            async for response in handle(messages(requests), context):
                yield response.SerializeToString()

        server = grpc.aio.server()
        handlers = {"SearchStream": grpc.stream_stream_rpc_method_handler(stream)}
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler("kalkan.v1.NodeService", handlers)]
        )
        pair = tuple((certificates / f"node.{end}").read_bytes() for end in ("key", "pem"))
        port = server.add_secure_port(
            "127.0.0.1:0",
            grpc.ssl_server_credentials([pair], (certificates / "ca.pem").read_bytes()),
        )
        await server.start()
        stack.push_async_callback(server.stop, 0)
        channel = grpc.aio.secure_channel(
            f"127.0.0.1:{port}",
            credentials_of("hub"),
            options=[("grpc.ssl_target_name_override", "localhost")],
        )
        stack.push_async_callback(channel.close)
        stream = SearchStream(channel.stream_stream(METHOD))
        stack.push_async_callback(stream.close)
        return stream, opened

    return open_one


async def messages(requests):
    async for data in requests:
        yield wire.SearchStreamRequest.FromString(data)


def echo(request):
    return wire.SearchStreamResponse(call_id=request.call_id, response=request.search)


async def echo_all(requests, context):
    async for request in requests:
        if request.search:
            yield echo(request)


async def test_many_searches_share_one_call(open_stream):
    stream, opened = await open_stream(echo_all)
    asked = [f"search {n}".encode() for n in range(40)]
    answers = await asyncio.gather(*(stream.ask(data, PATIENCE_S) for data in asked))
    assert [answer.response for answer in answers] == asked
    assert len(opened) == 1


async def test_answers_may_come_in_any_order(open_stream):
    async def backwards(requests, context):
        held = [await anext(requests) for _ in range(3)]
        for request in reversed(held):
            yield echo(request)

    stream, _ = await open_stream(backwards)
    answers = await asyncio.gather(*(stream.ask(data, PATIENCE_S) for data in (b"a", b"b", b"c")))
    assert [answer.response for answer in answers] == [b"a", b"b", b"c"]


async def test_request_carries_time_and_trace(open_stream):
    seen = []

    async def keep(requests, context):
        async for request in requests:
            seen.append(request)
            yield echo(request)

    stream, _ = await open_stream(keep)
    await stream.ask(b"x", PATIENCE_S + 0.5, {"traceparent": "00-a-b-01", "tracestate": "k=v"})
    assert seen[0].timeout.ToNanoseconds() == (PATIENCE_S + 0.5) * 1e9
    assert (seen[0].traceparent, seen[0].tracestate) == ("00-a-b-01", "k=v")


async def test_search_out_of_time_is_given_up_and_others_go_on(open_stream):
    given_up: asyncio.Queue = asyncio.Queue()

    async def slow(requests, context):
        async for request in requests:
            if not request.search:
                given_up.put_nowait(request.call_id)
            elif request.search != b"slow":
                yield echo(request)

    stream, opened = await open_stream(slow)
    with pytest.raises(TimeoutError):
        await stream.ask(b"slow", 0.05)
    assert await given_up.get() == 1
    assert (await stream.ask(b"next", PATIENCE_S)).response == b"next"
    assert len(opened) == 1


async def test_cancelled_search_is_given_up_and_others_go_on(open_stream):
    arrived, given_up = asyncio.Event(), asyncio.Event()

    async def hang(requests, context):
        async for request in requests:
            if not request.search:
                given_up.set()
            elif request.search == b"hang":
                arrived.set()
            else:
                yield echo(request)

    stream, opened = await open_stream(hang)
    asking = asyncio.create_task(stream.ask(b"hang", PATIENCE_S))
    await arrived.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await given_up.wait()
    assert (await stream.ask(b"next", PATIENCE_S)).response == b"next"
    assert len(opened) == 1


async def test_cancelled_at_once_does_not_end_the_stream(open_stream):
    # gRPC ends a call when the task that writes is cancelled: the asker must not be that task.
    stream, opened = await open_stream(echo_all)
    await stream.ask(b"first", PATIENCE_S)
    for _ in range(20):
        asking = asyncio.create_task(stream.ask(b"x", PATIENCE_S))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert (await stream.ask(b"last", PATIENCE_S)).response == b"last"
    assert len(opened) == 1


async def ends(requests, context):
    await anext(requests)
    return
    yield


async def fails(requests, context):
    await anext(requests)
    await context.abort(grpc.StatusCode.INTERNAL, "SELECT secret")
    yield


async def nonsense(requests, context):
    await anext(requests)
    await context.write(b"\xff\xff\xff")
    await asyncio.Event().wait()
    yield


@pytest.mark.parametrize("handle", [ends, fails, nonsense])
async def test_who_waits_is_told_when_the_stream_ends(open_stream, handle):
    stream, opened = await open_stream(handle)
    for count in (1, 2):  # and it opens again
        with pytest.raises(StreamEndedError):
            await stream.ask(b"x", PATIENCE_S)
        assert len(opened) == count


async def test_node_that_is_not_there_ends_the_stream(credentials_of, stack):
    channel = grpc.aio.secure_channel("127.0.0.1:1", credentials_of("hub"))
    stack.push_async_callback(channel.close)
    stream = SearchStream(channel.stream_stream(METHOD))
    stack.push_async_callback(stream.close)
    with pytest.raises(StreamEndedError):
        await stream.ask(b"x", PATIENCE_S)


async def test_unknown_and_repeated_answers_are_nobodys(open_stream):
    async def doubled(requests, context):
        async for request in requests:
            yield wire.SearchStreamResponse(call_id=10_000, response=b"forged")
            yield echo(request)
            yield wire.SearchStreamResponse(call_id=request.call_id, response=b"again")

    stream, _ = await open_stream(doubled)
    for data in (b"a", b"b"):
        assert (await stream.ask(data, PATIENCE_S)).response == data


async def test_closing_tells_who_waits(open_stream):
    arrived = asyncio.Event()

    async def hang(requests, context):
        await anext(requests)
        arrived.set()
        await asyncio.Event().wait()
        yield

    stream, _ = await open_stream(hang)
    asking = asyncio.create_task(stream.ask(b"x", PATIENCE_S))
    await arrived.wait()
    await stream.close()
    with pytest.raises(StreamEndedError):
        await asking


async def test_closing_what_was_never_open_is_nothing(credentials_of):
    channel = grpc.aio.secure_channel("127.0.0.1:1", credentials_of("hub"))
    await SearchStream(channel.stream_stream(METHOD)).close()
    await channel.close()
