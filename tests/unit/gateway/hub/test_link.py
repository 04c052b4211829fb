from __future__ import annotations

import asyncio

import grpc
import pytest
from google.rpc import status_pb2

from gateway.hub.link import Address, GrpcLink, LinkError, _link_error
from gateway.wire import MAX_ANSWER, status_for
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

PATIENCE_S = 60.0


def raw_handler(answer):
    """A handler of bytes: `answer` gives the bytes, or aborts the context."""

    async def handle(request, context):
        return await answer(request, context)

    return grpc.unary_unary_rpc_method_handler(handle)


@pytest.fixture
def open_node(certificates, credentials_of, stack):
    """Serve one answer for both methods of a node over TLS; return a link to it."""

    async def open_one(answer, stream=None):
        server = grpc.aio.server(options=[("grpc.max_send_message_length", -1)])
        handlers = {name: raw_handler(answer) for name in ("Search", "Describe")}
        if stream is not None:
            handlers["SearchStream"] = grpc.stream_stream_rpc_method_handler(stream)
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler("kalkan.v1.NodeService", handlers)]
        )
        port = server.add_secure_port("127.0.0.1:0", server_credentials(certificates))
        await server.start()
        stack.push_async_callback(server.stop, 0)
        link = GrpcLink(Address(f"127.0.0.1:{port}", "localhost"), credentials_of("hub"))
        stack.push_async_callback(link.close)
        return link

    return open_one


def server_credentials(certificates) -> grpc.ServerCredentials:
    pair = ((certificates / "node.key").read_bytes(), (certificates / "node.pem").read_bytes())
    return grpc.ssl_server_credentials(
        [pair], (certificates / "ca.pem").read_bytes(), require_client_auth=True
    )


def aborting(code, reason=""):
    """An answer that aborts, with ErrorInfo where a reason is given."""

    async def answer(request, context):
        if reason:
            status = status_for(reason, "SELECT secret", {})
            await context.abort(code, status.details, trailing_metadata=status.trailing_metadata)
        await context.abort(code, "SELECT secret")

    return answer


async def test_bytes_go_and_come_unchanged(open_node):
    seen = []

    async def answer(request, context):
        seen.append(request)
        return wire.NodeServiceSearchResponse(answer=b"\x00\xff", signature="s").SerializeToString()

    link = await open_node(answer)
    response = await link.search(b"\xff\x00 no protobuf", PATIENCE_S)
    assert seen == [b"\xff\x00 no protobuf"]
    assert (response.answer, response.signature) == (b"\x00\xff", "s")


async def test_description_is_decoded(open_node):
    async def answer(request, context):
        return wire.DescribeResponse(member="KAZ").SerializeToString()

    link = await open_node(answer)
    assert (await link.describe(PATIENCE_S)).member == "KAZ"


CODES = [
    (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED", "REFUSED", "node.token_expired"),
    (grpc.StatusCode.PERMISSION_DENIED, "PEER_FORBIDDEN", "REFUSED", "node.peer_forbidden"),
    (grpc.StatusCode.FAILED_PRECONDITION, "QUERY_STALE", "REFUSED", "node.query_stale"),
    (grpc.StatusCode.PERMISSION_DENIED, "", "REFUSED", "node.unnamed"),
    (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_OVER", "TIMED_OUT", ""),
    (grpc.StatusCode.UNAVAILABLE, "LEDGER_UNAVAILABLE", "UNAVAILABLE", ""),
    (grpc.StatusCode.UNAVAILABLE, "", "UNAVAILABLE", ""),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", "UNAVAILABLE", ""),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, "", "FAULTY", ""),
    (grpc.StatusCode.INTERNAL, "INTERNAL", "FAULTY", ""),
    (grpc.StatusCode.UNIMPLEMENTED, "", "FAULTY", ""),
    (grpc.StatusCode.NOT_FOUND, "BANK_UNKNOWN", "FAULTY", ""),
    (grpc.StatusCode.CANCELLED, "", "FAULTY", ""),
]


@pytest.mark.parametrize(("code", "reason", "state", "rule"), CODES)
async def test_status_becomes_the_state_of_the_bank(open_node, code, reason, state, rule):
    link = await open_node(aborting(code, reason))
    for call in (link.search(b"", PATIENCE_S), link.describe(PATIENCE_S)):
        with pytest.raises(LinkError) as caught:
            await call
        assert caught.value.state == model.BankState.Value(f"BANK_STATE_{state}")
        assert caught.value.rule == rule
        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__


def streaming(calls, end):
    """The methods of a node with a stream: each search is noted; `end` tells how it ends there."""

    async def answer(request, context):
        if request:
            calls.append("call")
            return wire.NodeServiceSearchResponse(signature="call").SerializeToString()
        return wire.DescribeResponse(search_stream=True).SerializeToString()

    async def stream(requests, context):
        async for data in requests:
            frame = wire.SearchStreamRequest.FromString(data)
            calls.append("stream")
            response = end(frame)
            if response is None:
                return
            response.call_id = frame.call_id
            yield response.SerializeToString()

    return answer, stream


async def test_search_goes_over_the_stream_of_a_node_that_has_one(open_node):
    def end(frame):
        return wire.SearchStreamResponse(response=frame.search)

    calls = []
    link = await open_node(*streaming(calls, end))
    request = wire.NodeServiceSearchResponse(answer=b"\x00").SerializeToString()
    await link.search(request, PATIENCE_S)
    await link.describe(PATIENCE_S)
    assert (await link.search(request, PATIENCE_S)).answer == b"\x00"
    assert calls == ["call", "stream"]


async def test_stream_that_ends_under_way_is_followed_by_a_call(open_node):
    calls = []
    link = await open_node(*streaming(calls, lambda _: None))
    await link.describe(PATIENCE_S)
    assert (await link.search(b"x", PATIENCE_S)).signature == "call"
    assert calls == ["stream", "call"]


@pytest.mark.parametrize(("code", "reason", "state", "rule"), CODES)
async def test_status_on_a_stream_becomes_the_same_state(open_node, code, reason, state, rule):
    def end(frame):
        metadata = status_for(reason, "SELECT secret", {}).trailing_metadata if reason else ()
        data = dict(metadata).get("grpc-status-details-bin", b"")
        status = status_pb2.Status.FromString(data)
        status.code = code.value[0]
        return wire.SearchStreamResponse(status=status.SerializeToString())

    link = await open_node(*streaming([], end))
    await link.describe(PATIENCE_S)
    with pytest.raises(LinkError) as caught:
        await link.search(b"x", PATIENCE_S)
    assert caught.value.state == model.BankState.Value(f"BANK_STATE_{state}")
    assert caught.value.rule == rule


@pytest.mark.parametrize("part", ["status", "response"])
async def test_garbage_on_a_stream_is_a_fault(open_node, part):
    link = await open_node(
        *streaming([], lambda _: wire.SearchStreamResponse(**{part: b"\xff\xff"}))
    )
    await link.describe(PATIENCE_S)
    with pytest.raises(LinkError, match="FAULTY"):
        await link.search(b"x", PATIENCE_S)


async def test_garbage_is_a_fault(open_node):
    async def answer(request, context):
        return b"\xff\xff\xff"

    link = await open_node(answer)
    for call in (link.search(b"", PATIENCE_S), link.describe(PATIENCE_S)):
        with pytest.raises(LinkError, match="FAULTY"):
            await call


async def test_answer_within_the_limit_arrives_and_a_larger_one_is_a_fault(open_node):
    size = MAX_ANSWER

    async def answer(request, context):
        return wire.NodeServiceSearchResponse(answer=b"\x00" * size).SerializeToString()

    link = await open_node(answer)
    assert len((await link.search(b"", PATIENCE_S)).answer) == MAX_ANSWER
    size += 70_000
    with pytest.raises(LinkError, match="FAULTY"):
        await link.search(b"", PATIENCE_S)


async def test_node_that_is_too_slow_is_timed_out(open_node):
    async def answer(request, context):
        await asyncio.Event().wait()

    link = await open_node(answer)
    with pytest.raises(LinkError, match="TIMED_OUT"):
        await link.search(b"", 0.05)


async def test_node_that_is_away_is_unavailable(credentials_of):
    link = GrpcLink(Address("127.0.0.1:1", "localhost"), credentials_of("hub"))
    with pytest.raises(LinkError, match="UNAVAILABLE"):
        await link.search(b"", PATIENCE_S)
    await link.close()


async def test_node_with_another_name_is_unavailable(certificates, credentials_of, stack):
    server = grpc.aio.server()
    port = server.add_secure_port("127.0.0.1:0", server_credentials(certificates))
    await server.start()
    stack.push_async_callback(server.stop, 0)
    link = GrpcLink(Address(f"127.0.0.1:{port}", "another.example"), credentials_of("hub"))
    stack.push_async_callback(link.close)
    with pytest.raises(LinkError, match="UNAVAILABLE"):
        await link.search(b"", PATIENCE_S)


def test_rule_of_a_refusal_is_within_the_limit_of_the_contract():
    assert LinkError(model.BANK_STATE_FAULTY).rule == ""
    error = _link_error(grpc.StatusCode.PERMISSION_DENIED, "A" * 200)
    assert error.rule == "node." + "a" * 95
    assert _link_error(grpc.StatusCode.PERMISSION_DENIED, "?").rule == "node.unnamed"
