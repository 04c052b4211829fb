"""A node does not take the hub's word: it identifies, permits, records and signs by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    Document,
    Field,
    FieldName,
    PersonName,
    QueryRejectedError,
    Record,
    RecordKind,
    Result,
)
from gateway.access.errors import (
    FederationWrongError,
    NonceReusedError,
    PeerForbiddenError,
    QueryStaleError,
    SignatureInvalidError,
    TargetUnknownError,
    TokenUnboundError,
)
from gateway.errors import BankUnknownError, DeadlineOverError, MalformedError
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.node.node import MARGIN_S
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.signed import key_of

BANK = "KAZ/persons"
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)
OTHER = Record("R2", RecordKind.WANTED, (Field(FieldName.NAME, PersonName(full="Айгүл Серікова")),))


async def test_hit_is_scored_released_and_signed(country):
    answer = await country.ask()
    (hit,) = answer.hits
    assert answer.state == model.BANK_STATE_ANSWERED
    assert hit.record.reference == "R1"
    assert hit.record.fields[0].name.full == "Рустам Каримов"
    assert answer.granularity == model.GRANULARITY_RECORD
    assert answer.as_of_time.ToDatetime(tzinfo=UTC) == AS_OF
    assert answer.time.ToDatetime(tzinfo=UTC) == country.clock.now()
    assert len(answer.policy_epoch) == 16


async def test_candidate_that_does_not_match_is_no_hit(country):
    country.register.result = Result((OTHER,))
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_NO_HIT
    country.register.result = Result(())
    other = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    for one in (answer, other):
        one.ClearField("query_sha256")
    assert answer == other  # what is withheld leaves no sign


async def test_intent_is_durable_before_the_bank_is_asked(country):
    seen = []
    search = country.register.search

    async def look(probe, limits):
        seen.extend(entry.kind for entry in country.entries())
        return await search(probe, limits)

    country.register.search = look
    await country.ask()
    assert seen == [Kind.INTENT]
    intent, outcome = country.entries()
    assert outcome.kind is Kind.OUTCOME
    assert intent.banks == outcome.banks == (BANK,)
    assert (intent.who, intent.rule) == ("officer", "kaz.all")
    assert (outcome.count, outcome.states[0].state) == (1, "answered")
    assert len(outcome.answer_sha256) == 64


async def test_bank_is_not_asked_where_the_ledger_cannot_write(country):
    await country.ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await country.ask()
    assert country.register.limits == []


async def test_refusal_names_rule_text_and_contact_and_asks_nobody(country):
    answer = await country.ask(country.desk.compose(purpose=model.PURPOSE_ORGANISED_CRIME))
    assert answer.state == model.BANK_STATE_REFUSED
    assert answer.refusal.rule == "kaz.property"
    assert (answer.refusal.text, answer.refusal.contact.office) == ("Ask another.", "Office")
    assert country.register.limits == []
    (entry,) = country.entries()
    assert (entry.kind, entry.rule) == (Kind.REFUSAL, "kaz.property")


@pytest.mark.parametrize(
    ("granularity", "hits", "tallies"),
    [
        (model.GRANULARITY_EXISTS, 0, 1),
        (model.GRANULARITY_COUNT, 0, 1),
        (model.GRANULARITY_REFERENCE, 1, 0),
        (model.GRANULARITY_RECORD, 1, 0),
        (model.GRANULARITY_UNSPECIFIED, 1, 0),
    ],
)
async def test_reply_holds_what_was_asked_for(country, granularity, hits, tallies):
    answer = await country.ask(country.desk.compose(granularity=granularity))
    assert (len(answer.hits), len(answer.tallies)) == (hits, tallies)
    assert answer.granularity == granularity or not granularity


@pytest.mark.parametrize("granularity", [model.GRANULARITY_RECORD, model.GRANULARITY_EXISTS])
async def test_owner_lowers_what_a_reply_holds_and_never_raises_it(country, granularity):
    query = country.desk.compose(purpose=model.PURPOSE_MISSING_PERSON, granularity=granularity)
    answer = await country.ask(query)
    assert answer.granularity == min(granularity, model.GRANULARITY_REFERENCE)
    assert not any(hit.record.fields for hit in answer.hits)


@pytest.mark.parametrize(
    ("error", "state", "available"),
    [
        (BankUnavailableError("SELECT secret"), "UNAVAILABLE", False),
        (BankFaultError("SELECT secret"), "UNAVAILABLE", False),
        (BankTimeoutError("SELECT secret"), "TIMED_OUT", True),
        (TimeoutError("SELECT secret"), "TIMED_OUT", True),
        (QueryRejectedError("SELECT secret"), "NOT_CAPABLE", True),
    ],
)
async def test_trouble_of_the_bank_becomes_its_state(country, error, state, available):
    country.register.error = error
    answer = await country.ask()
    assert answer.state == model.BankState.Value(f"BANK_STATE_{state}")
    assert country.bank.available is available
    assert b"secret" not in answer.SerializeToString()
    assert "secret" not in repr(country.entries())
    country.register.error = None
    await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    assert country.bank.available


async def test_fault_of_the_adapter_ends_the_call(country):
    country.register.error = KeyError("secret")
    call = country.call()
    with pytest.raises(KeyError):
        await country.ask(call=call)
    assert call.open  # so that the door records it as the end of this search


async def test_bank_that_hangs_is_cancelled_when_its_time_is_over(country):
    country.register.hangs = True
    answer = await country.ask(call=country.call(seconds=MARGIN_S + 0.01))
    assert answer.state == model.BANK_STATE_TIMED_OUT
    assert country.register.cancelled


@pytest.mark.parametrize(
    ("deadline", "left", "seconds"), [(2.0, None, 1.95), (2.0, 9.0, 1.95), (9.0, 1.0, 0.95)]
)
async def test_bank_has_the_earlier_deadline_less_the_margin(country, deadline, left, seconds):
    query = country.desk.compose()
    query.deadline.FromNanoseconds(int(deadline * 1e9))
    await country.ask(query, country.call(seconds=left))
    assert country.register.limits[0].timeout_s == pytest.approx(seconds)


async def test_call_without_time_is_refused(country):
    with pytest.raises(DeadlineOverError):
        await country.ask(call=country.call(seconds=MARGIN_S))


async def test_what_the_bank_left_out_is_flagged(country):
    country.register.result = Result(country.register.result.records, truncated=True)
    assert (await country.ask()).truncated
    query = country.desk.compose(nonce=b"\x02" * 16, granularity=model.GRANULARITY_EXISTS)
    assert not (await country.ask(query)).truncated


async def test_each_document_of_a_batch_is_looked_for(country):
    probes = [document(number=f"N1000000{n}") for n in range(3)]
    answer = await country.ask(country.desk.compose(probes=probes))
    assert answer.state == model.BANK_STATE_NO_HIT
    assert len(country.register.limits) == 3
    outcomes = [entry for entry in country.entries() if entry.kind is Kind.OUTCOME]
    assert [entry.probe_index for entry in outcomes] == [0, 1, 2]


@pytest.mark.parametrize("granularity", [model.GRANULARITY_COUNT, model.GRANULARITY_RECORD])
async def test_batch_that_fails_in_the_middle_has_no_hits_at_all(country, granularity):
    stolen = Field(FieldName.DOCUMENT, Document("N10000001"))
    records = tuple(Record(f"R{n}", RecordKind.STOLEN_DOCUMENT, (stolen,)) for n in range(3))
    numbers = []

    async def fail_at_second(probe, limits):
        numbers.append(probe.number)
        if len(numbers) == 2:
            raise BankUnavailableError("away")
        return Result(records, truncated=True)

    country.register.search = fail_at_second
    probes = [document(number="N10000001"), document(number="N10000002")]
    query = country.desk.compose(probes=probes, granularity=granularity, limit=2)
    answer = await country.ask(query)
    assert numbers == ["N10000001", "N10000002"]
    assert answer.state == model.BANK_STATE_UNAVAILABLE
    assert not answer.hits
    assert not answer.tallies
    assert not answer.truncated


@pytest.mark.parametrize("kind", ["vehicle", "sample"])
async def test_probe_that_the_bank_does_not_take_is_not_capable(country, kind):
    sample = model.BiometricProbe(
        kind=model.BIOMETRIC_KIND_FACE, media_type="image/png", sample=b"\x00"
    )
    probes = {
        "vehicle": model.Probe(vehicle=model.VehicleProbe(plate="123ABC")),
        "sample": model.Probe(biometric=sample),
    }
    query = country.desk.compose(probes=[probes[kind]], purpose=model.PURPOSE_IDENTIFICATION)
    assert (await country.ask(query)).state == model.BANK_STATE_NOT_CAPABLE
    assert country.register.limits == []


@pytest.mark.parametrize("role", ["client", "node"])
async def test_node_serves_the_hub_alone(country, role):
    with pytest.raises(PeerForbiddenError):
        await country.ask(call=country.call(role))
    with pytest.raises(PeerForbiddenError):
        await country.node.describe(wire.DescribeRequest(), country.call(role))


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


async def test_no_value_of_question_or_record_is_in_the_ledger(country):
    await country.ask(country.desk.compose(probes=[person("Рустам Каримов", birth="1984")]))
    stored = b"".join(entry.encode() for entry in country.entries()).decode()
    for value in ("Рустам", "1984", "R1"):
        assert value not in stored


async def test_node_describes_its_banks(country):
    described = await country.node.describe(wire.DescribeRequest(), country.call())
    assert described.member == country.node.member == "KAZ"
    (bank,) = described.banks
    assert (bank.bank, bank.title, bank.engine) == (BANK, "A bank", "memory")
    assert list(bank.probes) == [wire.PROBE_KIND_PERSON, wire.PROBE_KIND_DOCUMENT]
    assert list(bank.kinds) == [model.RECORD_KIND_WANTED]
    assert list(bank.fields) == [model.FIELD_NAME_NAME]
    assert (bank.contact.office, list(bank.scripts)) == ("Office", ["Cyrl"])
    assert bank.as_of_time.ToDatetime(tzinfo=UTC) == AS_OF
    assert bank.available
    country.bank.available = False
    country.bank._as_of = None
    (bank,) = (await country.node.describe(wire.DescribeRequest(), country.call())).banks
    assert not bank.available
    assert not bank.HasField("as_of_time")
