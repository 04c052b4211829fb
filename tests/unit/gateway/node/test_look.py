"""A node looks into its banks: on time, off the loop, and their troubles become states."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.banks.sql.adapter import MAX_REFERENCES
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    Document,
    Field,
    FieldName,
    PartialDate,
    PersonName,
    QueryRejectedError,
    Record,
    RecordKind,
    Result,
)
from gateway.access.policy import Policy, Texts
from gateway.errors import DeadlineOverError
from gateway.ledger.kinds import Kind
from gateway.node.bank import CANDIDATES
from gateway.node.look import MARGIN_S, MOST_CANDIDATES
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.node.conftest import FOUND

OTHER = Record("R2", RecordKind.WANTED, (Field(FieldName.NAME, PersonName(full="Айгүл Серікова")),))


async def test_candidate_that_does_not_match_is_no_hit(country):
    country.register.result = Result((OTHER,))
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_NO_HIT
    country.register.result = Result(())
    other = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    for one in (answer, other):
        one.ClearField("query_sha256")
    assert answer == other  # what is withheld leaves no sign


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


def test_no_more_are_read_of_a_bank_than_an_adapter_takes():
    assert CANDIDATES < MOST_CANDIDATES <= MAX_REFERENCES


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


async def test_refusal_of_the_bank_s_owner_is_told_in_the_owner_s_words(country):
    country.register.error = BankRefusedError("region.purpose", "Ask another.", "NCB")
    answer = await country.ask()
    assert answer.state == model.BANK_STATE_REFUSED
    told = answer.refusal
    assert (told.rule, told.text, told.contact.office) == ("region.purpose", "Ask another.", "NCB")
    assert not answer.hits
    assert country.bank.available
    outcome = country.entries()[-1]
    assert outcome.kind is Kind.OUTCOME
    assert [(s.state, s.rule) for s in outcome.states] == [("refused", "region.purpose")]


async def test_refusal_of_the_bank_s_owner_keeps_to_the_limits_of_the_contract(country):
    country.register.error = BankRefusedError("r" * 200, "t" * 400, "c" * 200)
    told = (await country.ask()).refusal
    assert (len(told.rule), len(told.text), len(told.contact.office)) == (100, 300, 100)
    country.register.error = BankRefusedError("")
    answer = await country.ask(country.desk.compose(nonce=b"\x02" * 16))
    assert answer.refusal.rule == "unnamed"


@pytest.mark.parametrize(
    ("strict", "release", "told"),
    [(True, None, True), (False, None, False), (True, "", False)],
)
async def test_bank_decides_by_a_birth_date_where_no_policy_comes_before(
    country, strict, release, told
):
    if strict:
        decides = frozenset({FieldName.BIRTH_DATE})
        country.register.capability = replace(country.register.capability, strict=decides)
    if release is not None:
        search = country.node._parts.policy.texts.search
        permit = '@id("kaz.release.all")\npermit (principal, action, resource);'
        country.node._parts.policy = Policy.build(Texts(search, permit), "kaz")
    other = Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 4))
    found = replace(FOUND.records[0], fields=(*FOUND.records[0].fields, other))
    country.register.result = Result((found,))
    query = country.desk.compose(probes=[person("Рустам Каримов", birth="1984-05-03")])
    answer = await country.ask(query)
    birth = PartialDate(1984, 5, 3) if told else None
    assert [limits.birth for limits in country.register.limits] == [birth]
    assert len(answer.hits) == (0 if strict else 1)
