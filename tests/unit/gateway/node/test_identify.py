"""A node lets in what is the officer's own, fresh, asked once and meant for this bank."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
from gateway.errors import BankUnknownError, FieldInvalidError, MalformedError
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.signed import key_of

BANK = "KAZ/persons"


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "client"},
        {"role": "node", "member": "TUR"},
        {"role": "node", "federation": "another"},
        {"role": "hub", "federation": "another"},
        {"role": "client", "member": ""},
        {"role": "node", "expires": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
async def test_node_serves_nobody_else(country, changes):
    call = country.call()
    call = replace(call, peer=replace(call.peer, **changes))
    with pytest.raises(PeerForbiddenError):
        await country.ask(call=call)
    with pytest.raises(PeerForbiddenError):
        await country.node.describe(wire.DescribeRequest(), call)


@pytest.mark.parametrize("role", ["hub", "node"])
async def test_node_serves_the_hub_and_nodes_of_its_member(country, role):
    assert (await country.ask(call=country.call(role))).hits
    told = await country.node.describe(wire.DescribeRequest(), country.call(role))
    assert told.member == "KAZ"


async def test_bank_gets_the_question_as_it_came(country):
    request = country.request()
    await country.node.search(request, country.call())
    [limits] = country.register.limits
    kept = limits.question
    assert (kept.query, kept.token, kept.signature, kept.public_key, kept.bank) == (
        *(request.query, request.token, request.signature),
        *(request.public_key, BANK),
    )
    told = repr(limits) + str(limits)
    assert not any(secret in told for secret in (request.token, request.signature, str(kept.query)))


async def test_each_probe_of_a_batch_has_its_number_and_the_same_question(country):
    probes = [document(number=f"N1000000{n}") for n in range(3)]
    await country.ask(country.desk.compose(probes=probes))
    assert [limits.index for limits in country.register.limits] == [0, 1, 2]
    assert len({limits.question for limits in country.register.limits}) == 1


async def test_bank_is_told_who_handed_the_question_on(country):
    request = country.request()
    request.via.extend(["a", "b" * 64])
    await country.node.search(request, country.call("node"))
    assert country.register.limits[0].question.via == ("a", "b" * 64)


@pytest.mark.parametrize("via", [[""], ["c" * 65], ["d"] * 9])
async def test_marks_against_their_limits_are_refused(country, via):
    request = country.request()
    request.via.extend(via)
    with pytest.raises(FieldInvalidError) as caught:
        await country.node.search(request, country.call("node"))
    assert caught.value.metadata["field"] == "via"
    assert country.register.limits == []


async def test_bank_that_is_not_here_is_unknown(country):
    with pytest.raises(BankUnknownError):
        await country.node.search(country.request(bank="KAZ/vehicles"), country.call())


def swap_query(request):
    query = model.Query.FromString(request.query)
    query.probes[0].person.names[0].full = "Somebody Else"
    request.query = query.SerializeToString()


def spoil_query(request):
    request.query = b"\xff\xff\xff"


@pytest.mark.parametrize(
    ("change", "error"), [(swap_query, SignatureInvalidError), (spoil_query, MalformedError)]
)
async def test_question_that_the_hub_changed_is_refused(country, change, error):
    request = country.request()
    change(request)
    with pytest.raises(error):
        await country.node.search(request, country.call())
    assert country.register.limits == []


async def test_key_of_another_is_refused(country):
    request = country.request()
    request.public_key = json.dumps(key_of("stranger").public_jwk()).encode()
    with pytest.raises(TokenUnboundError):
        await country.node.search(request, country.call())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"federation_id": "another"}, FederationWrongError),
        ({"token_sha256": b"\x07" * 32}, TokenUnboundError),
        ({"targets": [model.Target(member="TUR")]}, TargetUnknownError),
        ({"targets": [model.Target(bank="TUR/persons")]}, TargetUnknownError),
        ({"targets": [model.Target(bank="KAZ/vehicles")]}, TargetUnknownError),
        ({"targets": [model.Target(project="everybody")]}, TargetUnknownError),
    ],
)
async def test_question_that_is_not_for_this_bank_is_refused(country, changes, error):
    call = country.call()
    with pytest.raises(error):
        await country.ask(country.desk.compose(**changes), call)
    assert call.facts["who"] == "officer"
    assert country.register.limits == []


@pytest.mark.parametrize(
    "target",
    [
        model.Target(project="trio"),
        model.Target(project="pair"),
        model.Target(member="KAZ"),
        model.Target(bank=BANK),
    ],
)
async def test_question_may_name_bank_member_or_project_beside_others(country, target):
    query = country.desk.compose(model.Target(member="TUR"), target)
    assert (await country.ask(query)).state == model.BANK_STATE_ANSWERED


@pytest.mark.parametrize("seconds", [-121, 31])
async def test_question_outside_its_window_is_refused(country, seconds):
    query = country.desk.compose()
    query.time.FromDatetime(country.clock.now() + timedelta(seconds=seconds))
    with pytest.raises(QueryStaleError):
        await country.ask(query)


async def test_nonce_is_taken_once_and_the_same_bytes_again(country):
    query = country.desk.compose()
    first, second = await country.ask(query), await country.ask(query)
    assert first.query_sha256 == second.query_sha256
    query.limit = 7
    with pytest.raises(NonceReusedError):
        await country.ask(query)
