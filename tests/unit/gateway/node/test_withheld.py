"""The answer of a node with a hidden record is that of a node without the record."""

from __future__ import annotations

import pytest

from adapters.contract import (
    EuropolCode,
    Field,
    FieldName,
    Handling,
    PartialDate,
    PersonName,
    Record,
    RecordKind,
    Result,
    Sex,
    Tlp,
    Warn,
)
from gateway.access.policy import Policy, Texts
from gateway.ledger.kinds import Kind
from gateway.node.bank import CANDIDATES
from gateway.node.look import MOST_CANDIDATES
from gateway.probe import person
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.node.conftest import POLICY

RELEASE = """
@id("kaz.release.all")
permit (principal, action, resource);

@id("kaz.release.red")
forbid (principal, action, resource is Kalkan::Record)
when { resource.tlp == Kalkan::Tlp::"red" };

@id("kaz.release.births")
@fields("birth_date:masked sex:withheld")
permit (principal, action, resource);
"""
BORN = PartialDate(1984, 5, 1)
NAME = Field(FieldName.NAME, PersonName(full="Рустам Каримов"))
BIRTH = Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 1), Handling(Tlp.AMBER_STRICT))


def record(reference, tlp=Tlp.AMBER, **known) -> Record:
    handling = Handling(tlp, (EuropolCode.H1,), confirm_first=True)
    return Record(reference, RecordKind.WANTED, (NAME, BIRTH), handling, **known)


@pytest.fixture
def owner(country):
    country.node._parts.policy = Policy.build(Texts(POLICY, RELEASE), "kaz")
    return country


async def ask(owner, records, nonce=1, **changes):
    """Ask a bank that gives at most what it is asked for."""

    async def search(probe, limits):
        owner.register.limits.append(limits)
        return Result(tuple(records[: limits.rows]), truncated=len(records) > limits.rows)

    owner.register.search = search
    return await owner.ask(owner.desk.compose(nonce=bytes([nonce]) * 16, **changes))


def same(*answers):
    for answer in answers:
        answer.ClearField("query_sha256")
    return all(answer.SerializeToString() == answers[0].SerializeToString() for answer in answers)


@pytest.mark.parametrize("granularity", model.Granularity.values()[1:])
@pytest.mark.parametrize("limit", [1, 2, 20])
async def test_hidden_record_leaves_no_sign_at_any_granularity(owner, granularity, limit):
    seen = [record("R1", warnings=(Warn.ARMED,)), record("R2")]
    hidden = [record("A1", Tlp.RED, warnings=(Warn.ARMED,)), record("Z9", Tlp.RED)]
    with_, without = [hidden[0], *seen, hidden[1]], seen
    changes = {"granularity": granularity, "limit": limit}
    answers = [await ask(owner, with_, 1, **changes), await ask(owner, without, 2, **changes)]
    assert answers[0].state == model.BANK_STATE_ANSWERED
    assert same(*answers)
    outcomes = [e for e in owner.entries() if e.kind is Kind.OUTCOME]
    told = [e.as_json() for e in outcomes]
    for each in told:
        for name in ("search_id", "query_sha256", "nonce", "answer_sha256", "time"):
            each.pop(name)
    assert told[0] == told[1]


async def test_only_a_hidden_record_is_no_hit(owner):
    answers = [await ask(owner, [record("R1", Tlp.RED)], 1), await ask(owner, [], 2)]
    assert answers[0].state == model.BANK_STATE_NO_HIT
    assert same(*answers)


async def test_hidden_candidates_use_up_no_places_and_cut_nothing_off(owner):
    hidden = [record(f"A{n:03}", Tlp.RED) for n in range(CANDIDATES + 50)]
    seen = [record("R1"), record("R2")]
    answers = [await ask(owner, [*hidden, *seen], 1), await ask(owner, seen, 2)]
    assert [hit.record.reference for hit in answers[0].hits] == ["R1", "R2"]
    assert not answers[0].truncated
    assert same(*answers)
    rows = [limits.rows for limits in owner.register.limits]
    assert rows == [CANDIDATES, MOST_CANDIDATES, CANDIDATES]


async def test_what_is_left_out_of_what_is_seen_is_flagged_with_and_without_hidden_ones(owner):
    seen = [record(f"R{n:03}") for n in range(CANDIDATES + 30)]
    hidden = [record(f"A{n:03}", Tlp.RED) for n in range(70)]
    changes = {"limit": 20}
    answers = [await ask(owner, [*hidden, *seen], 1, **changes)]
    answers += [await ask(owner, seen, 2, **changes)]
    assert answers[0].truncated
    assert same(*answers)


async def test_without_a_rule_for_records_a_bank_is_asked_once_and_its_own_word_counts(country):
    for number, more in ((1, 0), (2, 1)):
        many = [record(f"R{n:03}") for n in range(CANDIDATES + more)]
        answer = await ask(country, many, number, granularity=model.GRANULARITY_COUNT)
        assert answer.truncated == bool(more)
    assert [limits.rows for limits in country.register.limits] == [CANDIDATES] * 2


async def test_how_much_is_asked_for_does_not_depend_on_what_is_withheld(owner):
    seen = [record(f"R{n:03}") for n in range(CANDIDATES)]
    await ask(owner, seen, 1)
    await ask(owner, [*seen[1:], record("Z9", Tlp.RED)], 2)
    rows = [limits.rows for limits in owner.register.limits]
    assert rows == [CANDIDATES, MOST_CANDIDATES] * 2


async def test_masked_field_is_marked_and_keeps_its_labels(owner):
    (hit,) = (await ask(owner, [record("R1")])).hits
    birth = next(f for f in hit.record.fields if f.field == model.FIELD_NAME_BIRTH_DATE)
    assert birth.masked
    assert (birth.date.year, birth.date.month, birth.date.day) == (1984, 0, 0)
    assert birth.handling.tlp == model.TLP_AMBER_STRICT
    name = next(f for f in hit.record.fields if f.field == model.FIELD_NAME_NAME)
    assert not name.masked
    reason = next(r for r in hit.reasons if r.field == model.FIELD_NAME_BIRTH_DATE)
    assert reason.verdict != model.VERDICT_EXACT


async def test_reference_is_all_that_leaves_where_the_owner_says_so(country):
    text = '@id("kaz.release.r")\n@granularity("reference")\npermit (principal, action, resource);'
    country.node._parts.policy = Policy.build(Texts(POLICY, text), "kaz")
    (hit,) = (await ask(country, [record("R1")])).hits
    assert hit.record.reference == "R1"
    assert not hit.record.fields
    assert not hit.reasons


async def test_owner_alone_knows_what_was_withheld(owner):
    call = owner.call()
    owner.register.result = Result((record("R1"), record("SECRET-7", Tlp.RED)))
    await owner.ask(call=call)
    assert call.facts["personal"]["KAZ"]["owner"]["withheld"] == ["SECRET-7"]
    assert "SECRET-7" not in repr([e.as_json() for e in owner.entries()])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("birth_date:masked sex:withheld", (None, None, ("KAZ",), "Almaty")),
        ("birth_place:withheld nationality:withheld", (BORN, Sex.MALE, (), "")),
        ("address:withheld", (BORN, Sex.MALE, ("KAZ",), "Almaty")),
    ],
)
async def test_bank_does_not_choose_by_what_some_rule_reduces(country, fields, told):
    """A service that drops who was born on another day would tell the day that is withheld."""
    release = f'@id("kaz.release.some")\n@fields("{fields}")\npermit (principal, action, resource);'
    country.node._parts.policy = Policy.build(Texts(POLICY, release), "kaz")
    asked = []

    async def search(probe, limits):
        asked.append((probe.birth, probe.sex, probe.nationalities, probe.place))
        return Result(())

    country.register.search = search
    probe = person("Рустам Каримов", birth="1984-05-01", sex="m", nationality="KAZ", place="Almaty")
    await country.ask(country.desk.compose(probes=[probe]))
    assert asked == [told]


@pytest.mark.parametrize("text", ["1984-05-01", "1984-05-02"])
async def test_score_of_a_reference_is_the_least_of_its_band(country, text):
    """Its digits would tell how near a birth date is that is not released."""
    country.register.result = Result((record("R1"),))
    probes = [person("Рустам Каримов", birth=text)]
    answer = await country.ask(
        country.desk.compose(probes=probes, granularity=model.GRANULARITY_REFERENCE)
    )
    (hit,) = answer.hits
    assert (hit.score, hit.band) == (0.95, model.SCORE_BAND_STRONG)
