from __future__ import annotations

import asyncio
import hashlib
from contextlib import aclosing

import pytest

from gateway.events import Ended, Reader
from gateway.hub.service import SearchMethods
from gateway.ledger.kinds import Kind
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.links import finds_nothing, hangs, is_away
from tests.kit.signed import expected, key_of

BANKS = ["GEO/persons", "KAZ/persons", "KAZ/vehicles", "TUR/persons"]


@pytest.fixture
def methods(hub):
    return SearchMethods(hub.searcher)


def reader_of(request, probes=1) -> Reader:
    digest = hashlib.sha256(request.query).digest()
    return Reader(expected(digest=digest, probes=probes), [key_of("HUB").public_key], BANKS)


async def test_stream_is_what_a_client_believes(hub, methods):
    hub.nodes["TUR"].act = is_away
    request = hub.desk.sign(hub.desk.compose())
    reader = reader_of(request)
    events = [reader.read(e) async for e in methods.search(request, hub.desk.call())]
    reader.require_ended()
    assert isinstance(events[-1], Ended)
    assert not events[-1].complete
    assert len(events) == 1 + len(BANKS) + 2


async def test_banks_end_in_the_stream_as_they_come(hub, methods):
    gate = asyncio.Event()

    async def waits(asked):
        await gate.wait()
        return await finds_nothing(asked)

    hub.nodes["GEO"].act = waits
    request = hub.desk.sign(hub.desk.compose())
    seen = []
    async with aclosing(methods.search(request, hub.desk.call())) as events:
        async for event in events:
            seen.append(event.bank_ended.bank)
            if len(seen) == len(BANKS):
                assert "GEO/persons" not in seen
                gate.set()
    assert seen[len(BANKS)] == "GEO/persons"


async def test_leaving_the_stream_cancels_the_banks(hub, methods):
    hub.nodes["GEO"].act = hangs
    request = hub.desk.sign(hub.desk.compose())
    async with aclosing(methods.search(request, hub.desk.call())) as events:
        for _ in range(len(BANKS)):
            await anext(events)
    await asyncio.sleep(0)
    assert hub.nodes["GEO"].cancelled == 1
    assert [entry.kind for entry in hub.entries()] == [Kind.INTENT]


async def test_simple_client_gets_all_at_the_end_decoded(hub, methods):
    hub.nodes["TUR"].act = is_away
    request = wire.SearchOnceRequest(request=hub.desk.sign(hub.desk.compose()))
    response = await methods.search_once(request, hub.desk.call())
    states = {answer.bank: answer.state for answer in response.answers}
    assert states == {
        **dict.fromkeys(BANKS, model.BANK_STATE_ANSWERED),
        "TUR/persons": model.BANK_STATE_UNAVAILABLE,
    }
    assert len(response.groups) == 3
    assert response.receipt.search_id == response.search_id
    assert wire.Receipt.FromString(response.signed_receipt.receipt) == response.receipt
    assert hub.entries()[response.receipt.ledger_index].kind is Kind.OUTCOME


async def check(hub, methods, count=2):
    probes = [document(number=f"N1000000{n}") for n in range(count)]
    request = hub.desk.sign(hub.desk.compose(probes=probes))
    batch = wire.CheckDocumentsRequest(request=request)
    return request, await methods.check_documents(batch, hub.desk.call())


async def test_batch_is_what_a_client_believes(hub, methods):
    request, response = await check(hub, methods)
    reader = reader_of(request, probes=2)
    for end in response.banks:
        reader.bank_end(end)
    reader.require_outcomes(response.outcomes)
    assert reader.ended(response.ended).complete
    assert [len(one.hits) for one in response.outcomes] == [len(BANKS), 0]
    assert all(one.complete for one in response.outcomes)


async def test_batch_is_not_complete_where_a_bank_did_not_search(hub, methods):
    hub.nodes["GEO"].act = is_away
    _, response = await check(hub, methods)
    assert not any(one.complete for one in response.outcomes)


async def test_bank_without_documents_does_not_make_a_batch_incomplete(hub, methods):
    hub.directory.banks["GEO/persons"].description = node.BankDescription(
        bank="GEO/persons", probes=[node.PROBE_KIND_PERSON]
    )
    _, response = await check(hub, methods)
    assert all(one.complete for one in response.outcomes)
    assert wire.Receipt.FromString(response.ended.receipt).complete
