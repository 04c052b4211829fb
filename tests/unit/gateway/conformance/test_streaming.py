"""A node whose stream is not its Search breaks the clause of that."""

import asyncio
from contextlib import suppress

import grpc

from gateway.node import describe, lanes
from gateway.node.lanes import _Stream


async def test_node_without_a_stream_keeps_the_clause(monkeypatch, verdicts):
    build = describe.describe_node
    monkeypatch.setattr("gateway.node.node.describe_node", lambda parts: without(build(parts)))
    (verdict,) = await verdicts("N23")
    assert verdict.state == "kept"


def without(response):
    response.search_stream = False
    return response


async def test_node_with_a_stream_keeps_the_clause(broken):
    assert await broken("N23") == set()


async def test_node_that_mixes_searches_up_breaks_the_clause(monkeypatch, broken):
    first = []
    serve = _Stream._serve

    async def mixed(self, request):
        first.append(request.search)
        request.search = first[0]
        await serve(self, request)

    monkeypatch.setattr(_Stream, "_serve", mixed)
    assert await broken("N23") == {"N23"}


async def test_node_whose_stream_ends_with_a_refusal_breaks_the_clause(monkeypatch, broken):
    async def fragile(self, *args, **kwargs):
        with suppress(grpc.aio.AbortError):
            await self._stream.abort(grpc.StatusCode.ABORTED, "one ends all")
        await asyncio.Event().wait()

    monkeypatch.setattr(lanes.Lane, "abort", fragile)
    assert await broken("N23") == {"N23"}


async def test_node_that_says_nothing_breaks_the_clause(monkeypatch, broken, subject):
    monkeypatch.setattr(_Stream, "_take", lambda *_: None)
    monkeypatch.setattr("gateway.conformance.streaming.DEFAULT_DEADLINE_S", 0.01)
    object.__setattr__(subject, "patience_s", 0.01)
    assert await broken("N23") == {"N23"}
