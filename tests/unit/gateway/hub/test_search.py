from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from gateway.access.errors import (
    FederationWrongError,
    NonceReusedError,
    PeerForbiddenError,
    QueryStaleError,
    SignatureInvalidError,
    TargetUnknownError,
    TokenUnboundError,
)
from gateway.access.signatures import Domain
from gateway.errors import DeadlineOverError, PurposeMissingError
from gateway.hub import search as search_module
from gateway.hub.search import MARGIN_S, hits_per_probe
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.links import finds_nothing, hangs, is_away
from tests.kit.signed import key_of


async def begin(hub, query=None, *, batch=False, call=None):
    request = hub.desk.sign(query or hub.desk.compose())
    return await hub.searcher.begin(request, call or hub.desk.call(), batch=batch)


async def run_whole(hub, query, *, batch=False):
    request, call = hub.desk.sign(query), hub.desk.call()
    search = await hub.searcher.begin(request, call, batch=batch)
    ends = [end async for end in hub.searcher.run(request, search)]
    return search, ends, await hub.searcher.finish(search, call)


async def test_intent_is_written_before_any_bank_is_asked(hub):
    call = hub.desk.call()
    search = await begin(hub, call=call)
    (entry,) = hub.entries()
    assert entry.kind is Kind.INTENT
    assert entry.search_id == search.question.search_id
    assert (entry.who, entry.requester_member) == ("officer", "KAZ")
    assert entry.banks == search.plan.asked
    assert entry.purpose == "terrorism"
    assert call.open
    assert not any(node.requests for node in hub.nodes.values())


async def test_outcome_is_written_before_the_receipt_is_signed(hub):
    hub.nodes["TUR"].act = is_away
    search, ends, ended = await run_whole(hub, hub.desk.compose())
    receipt = wire.Receipt.FromString(ended.receipt)
    outcome = hub.entries()[receipt.ledger_index]
    assert outcome.kind is Kind.OUTCOME
    assert outcome.search_id == search.question.search_id
    assert {s.bank: s.state for s in outcome.states} == {
        "GEO/persons": "answered",
        "KAZ/persons": "answered",
        "KAZ/vehicles": "answered",
        "TUR/persons": "unavailable",
    }
    assert outcome.count == 3
    assert len(ends) == 4
    assert not receipt.complete


async def test_no_value_of_the_question_is_in_the_ledger(hub):
    await run_whole(hub, hub.desk.compose())
    stored = b"".join(entry.encode() for entry in hub.entries()).decode()
    for value in ("Рустам", "Каримов", "1984-05", hub.desk.token):
        assert value not in stored


async def test_nothing_is_asked_where_the_ledger_cannot_write(hub):
    await hub.ledger.close()
    call = hub.desk.call()
    with pytest.raises(LedgerUnavailableError):
        await begin(hub, call=call)
    assert not call.open
    assert not any(node.requests for node in hub.nodes.values())


async def test_nothing_is_signed_where_the_ledger_cannot_write_the_outcome(hub):
    call = hub.desk.call()
    search = await begin(hub, call=call)
    await hub.ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await hub.searcher.finish(search, call)
    assert call.open


async def test_nodes_get_the_clients_bytes_unchanged(hub):
    request = hub.desk.sign(hub.desk.compose())
    search = await hub.searcher.begin(request, hub.desk.call(), batch=False)
    async for _ in hub.searcher.run(request, search):
        pass
    (asked,) = hub.nodes["TUR"].requests
    assert asked.query == request.query
    assert (asked.token, asked.signature) == (request.token, request.signature)
    assert asked.public_key == request.public_key


async def test_accepted_names_banks_and_times(hub):
    search = await begin(hub, hub.desk.compose(model.Target(member="TUR"), deadline=None))
    hub.clock.advance(1)
    event = hub.searcher.accepted(search)
    assert event.search_id == search.question.search_id
    assert list(event.asked) == ["TUR/persons"]
    assert list(event.not_asked) == ["GEO/persons", "KAZ/persons", "KAZ/vehicles"]
    took = event.end_time.ToNanoseconds() - event.time.ToNanoseconds()
    assert took == pytest.approx((3.0 - MARGIN_S) * 1e9)


@pytest.mark.parametrize(
    ("deadline", "left", "seconds"), [(2.0, None, 1.9), (2.0, 5.0, 1.9), (5.0, 1.0, 0.9)]
)
async def test_search_ends_at_the_earlier_deadline_less_the_margin(hub, deadline, left, seconds):
    query = hub.desk.compose()
    query.deadline.FromNanoseconds(int(deadline * 1e9))
    search = await begin(hub, query, call=hub.desk.call(seconds=left))
    assert search.ends_at - hub.clock.monotonic() == pytest.approx(seconds)


@pytest.mark.parametrize("left", [MARGIN_S, 0.0, -1.0])
async def test_call_without_time_is_refused_before_anything_is_written(hub, left):
    with pytest.raises(DeadlineOverError):
        await begin(hub, call=hub.desk.call(seconds=left))
    assert hub.entries() == []


@pytest.mark.parametrize("role", ["node", "hub"])
async def test_search_is_for_clients(hub, role):
    with pytest.raises(PeerForbiddenError):
        await begin(hub, call=hub.desk.call(role))


async def test_certificate_that_has_expired_since_is_refused(hub):
    call = hub.desk.call()
    hub.clock.advance(86_400)
    with pytest.raises(PeerForbiddenError):
        await begin(hub, call=call)


def replace_signature(request):
    request.signature = key_of("stranger").sign(Domain.QUERY, request.query)


def replace_query(request):
    query = model.Query.FromString(request.query)
    query.limit = 7
    request.query = query.SerializeToString()


@pytest.mark.parametrize("change", [replace_signature, replace_query])
async def test_question_that_is_not_the_officers_is_refused(hub, change):
    request = hub.desk.sign(hub.desk.compose())
    change(request)
    call = hub.desk.call()
    with pytest.raises(SignatureInvalidError):
        await hub.searcher.begin(request, call, batch=False)
    assert call.facts["who"] == "officer"  # whoever tries it is known


async def test_key_that_the_token_does_not_name_is_refused(hub):
    request = hub.desk.sign(hub.desk.compose())
    request.public_key = json.dumps(key_of("stranger").public_jwk()).encode()
    with pytest.raises(TokenUnboundError):
        await hub.searcher.begin(request, hub.desk.call(), batch=False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"federation_id": "another"}, FederationWrongError),
        ({"token_sha256": b"\x07" * 32}, TokenUnboundError),
        ({"purpose": 0}, PurposeMissingError),
        ({"targets": [model.Target(project="everybody")]}, TargetUnknownError),
    ],
)
async def test_question_that_does_not_hold_is_refused_with_what_is_known(hub, changes, error):
    call = hub.desk.call()
    with pytest.raises(error):
        await begin(hub, hub.desk.compose(**changes), call=call)
    assert call.facts["who"] == "officer"
    assert hub.entries() == []


@pytest.mark.parametrize("seconds", [-121, 31])
async def test_question_outside_its_window_is_refused(hub, seconds):
    query = hub.desk.compose()
    query.time.FromDatetime(hub.clock.now() + timedelta(seconds=seconds))
    with pytest.raises(QueryStaleError):
        await begin(hub, query)


async def test_same_bytes_again_are_the_same_search_and_others_are_refused(hub):
    query = hub.desk.compose()
    first, second = await begin(hub, query), await begin(hub, query)
    assert first.question.search_id == second.question.search_id
    query.limit = 7
    with pytest.raises(NonceReusedError):
        await begin(hub, query)


async def test_banks_that_need_no_call_end_first(hub):
    query = hub.desk.compose(purpose=model.PURPOSE_STOLEN_PROPERTY)
    search, ends, ended = await run_whole(hub, query)
    assert {end.state for end in ends} == {model.BANK_STATE_REFUSED}
    assert len(ends) == 4
    assert search.plan.legs == ()
    assert not wire.Receipt.FromString(ended.receipt).complete


async def test_leaving_a_running_search_cancels_the_banks(hub):
    hub.nodes["TUR"].act = hangs
    request = hub.desk.sign(hub.desk.compose(model.Target(member="TUR")))
    search = await hub.searcher.begin(request, hub.desk.call(), batch=False)
    ends = hub.searcher.run(request, search)
    task = asyncio.create_task(anext(ends))
    await hub.nodes["TUR"].asked.wait()
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert hub.nodes["TUR"].cancelled == 1


async def test_hits_are_grouped(hub):
    search, _, _ = await run_whole(hub, hub.desk.compose())
    assert [len(group.hits) for group in hub.searcher.groups(search)] == [1] * 4


async def test_each_document_of_a_batch_has_its_own_outcome(hub):
    probes = [document(number=f"N1000000{n}") for n in range(3)]
    search, _, _ = await run_whole(hub, hub.desk.compose(probes=probes), batch=True)
    assert hits_per_probe(search) == [4, 0, 0]
    outcomes = [entry for entry in hub.entries() if entry.kind is Kind.OUTCOME]
    assert [(entry.probe_index, entry.count) for entry in outcomes] == [(0, 4), (1, 0), (2, 0)]


async def test_answer_must_be_to_this_question(hub):
    async def answers_another(asked):
        asked.query += b"\x00"
        return await finds_nothing(asked)

    hub.nodes["TUR"].act = answers_another
    _, ends, _ = await run_whole(hub, hub.desk.compose(model.Target(member="TUR")))
    assert [end.state for end in ends] == [model.BANK_STATE_FAULTY]


async def test_end_of_a_search_closes_it_and_is_counted(hub, monkeypatch):
    counted = []
    monkeypatch.setattr(search_module, "_measure", counted.append)
    query = hub.desk.compose()
    request, call = hub.desk.sign(query), hub.desk.call()
    search = await hub.searcher.begin(request, call, batch=False)
    assert call.open  # until then the door records how it ended
    async for _ in hub.searcher.run(request, search):
        pass
    await hub.searcher.finish(search, call)
    assert not call.open
    assert counted == [search]
