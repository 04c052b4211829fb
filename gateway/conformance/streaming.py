"""Clause N23: the stream of a node that has one carries the same searches."""

from __future__ import annotations

import asyncio
from typing import Final

from google.protobuf.message import DecodeError

from gateway.conformance.asker import Asker
from gateway.conformance.clause import BrokenError, clause, require
from gateway.conformance.forms import nobody
from gateway.errors import StreamEndedError
from gateway.question import DEFAULT_DEADLINE_S
from gateway.stream import SearchStream
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

AT_ONCE: Final = 16


@clause("N23")
async def stream_is_search(asker: Asker) -> None:
    """Serves SearchStream as Search, if it describes it: kept apart, refused and given up alone."""
    if not asker.description.search_stream:
        return
    stream = SearchStream(asker.stream_method())
    form = await asker.find_absent()
    queries = [asker.compose(form(nobody())) for _ in range(AT_ONCE)]
    wrong = asker.sign(queries[0], token="x")  # noqa: S106 - no token, on purpose
    leaving = asyncio.create_task(_send(asker, stream, asker.sign(asker.compose(form(nobody())))))
    try:
        refused, answers = await asyncio.gather(
            _send(asker, stream, wrong),
            asyncio.gather(*(_ask(asker, stream, query) for query in queries)),
        )
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await _ask(asker, stream, asker.compose(form(nobody())))
    finally:
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await stream.close()
    require(refused.status and not refused.response, "a wrong question was answered")
    ends = {answer.state for answer in answers}
    require(ends == {model.BANK_STATE_NO_HIT}, "a question was given another's answer")


async def _send(
    asker: Asker, stream: SearchStream, request: wire.NodeServiceSearchRequest
) -> wire.SearchStreamResponse:
    """Send a request over the stream.

    Raises:
        BrokenError: It does not end, or the stream ends first.
    """
    seconds = DEFAULT_DEADLINE_S + asker.subject.patience_s
    try:
        return await stream.ask(request.SerializeToString(), seconds)
    except StreamEndedError:
        raise BrokenError("the stream ended before its searches") from None
    except TimeoutError:
        raise BrokenError("a search of the stream does not end") from None


async def _ask(asker: Asker, stream: SearchStream, query: model.Query) -> model.Answer:
    """Ask a right question over the stream; return the answer, verified.

    Raises:
        BrokenError: There is no answer, or it does not hold.
    """
    request = asker.sign(query)
    ended = await _send(asker, stream, request)
    require(not ended.status, "a right question of the stream was refused")
    try:
        response = wire.NodeServiceSearchResponse.FromString(ended.response)
    except DecodeError:
        raise BrokenError("the response is not a NodeServiceSearchResponse") from None
    return asker.verify(query, request, response)
