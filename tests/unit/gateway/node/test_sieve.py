"""A withheld record is as if it were not there, and so is a withheld field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import (
    Document,
    DocumentProbe,
    EuropolCode,
    Field,
    FieldName,
    Handling,
    Identifier,
    IdentifierKind,
    PartialDate,
    PersonName,
    PersonProbe,
    Record,
    RecordKind,
    Sex,
    Tlp,
    Warn,
)
from gateway.access.likely import likely_question
from gateway.access.policy import Policy, Texts
from gateway.access.request import RecordFacts
from gateway.node.release import floor_of
from gateway.node.sieve import Considered, Sieve, facts_of, owner_facts

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEARCH = '@id("kaz.open")\npermit (principal, action, resource);'
ALL = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
RED = (
    '@id("kaz.release.red")\nforbid (principal, action, resource is Kalkan::Record) '
    'when { resource.tlp == Kalkan::Tlp::"red" };\n'
)
ASKED = likely_question(
    "UZB",
    bank="KAZ/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)
SPECIAL = "KAZ/special"
PROBE = PersonProbe((PersonName(full="Рустам Каримов"),), PartialDate(1984, 5, 1))
NAME = Field(FieldName.NAME, PersonName(full="Рустам Каримов"))
BIRTH = Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 1))
OTHER_BIRTH = Field(FieldName.BIRTH_DATE, PartialDate(1984, 9, 9))
NUMBER = Field(FieldName.DOCUMENT, Document("N10000058"))
PHONE = Field(FieldName.IDENTIFIER, Identifier(IdentifierKind.PHONE, "77010000001"))


@cache
def sieve(text) -> Sieve:
    return Sieve(Policy.build(Texts(SEARCH, text), "kaz"), ASKED, NOW)


def permit(fields, extra="") -> str:
    notes = f'@fields("{fields}")\n' if fields else ""
    return f'@id("kaz.release.some")\n{notes}{extra}permit (principal, action, resource);\n'


def record(reference="R1", *fields, **known) -> Record:
    return Record(reference, RecordKind.WANTED, fields or (NAME, BIRTH), **known)


def hidden(reference) -> Record:
    return record(reference, handling=Handling(Tlp.RED))


def judge(text, *records, probe=PROBE, most=200, behind=()):
    return sieve(text).judge(probe, records, most, behind)


def test_without_a_policy_all_is_as_it_is():
    judged = judge(None, record("R1"), hidden("R2"))
    assert [m.record.reference for m in judged.matches] == ["R1", "R2"]
    assert judged.matches == judged.found
    assert not judged.more


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([BIRTH, OTHER_BIRTH])), max_size=12),
    st.integers(1, 6),
)
@settings(max_examples=60, deadline=None)
def test_withheld_record_is_as_if_it_were_not_there(kinds, most):
    records = [
        record(f"R{n:02}", NAME, birth, handling=Handling(Tlp.RED if red else Tlp.AMBER))
        for n, (red, birth) in enumerate(kinds)
    ]
    absent = [r for r in records if r.handling.tlp != Tlp.RED]
    one, other = judge(ALL + RED, *records, most=most), judge(ALL + RED, *absent, most=most)
    assert one.matches == other.matches
    assert one.more == other.more


def test_withheld_records_take_no_place_among_the_first():
    records = [*(hidden(f"H{n}") for n in range(5)), record("R1"), record("R2")]
    judged = judge(ALL + RED, *records, most=2)
    assert [m.record.reference for m in judged.matches] == ["R1", "R2"]
    assert not judged.more


def test_records_of_a_hidden_bank_take_no_places_and_are_no_more():
    behind = [(SPECIAL, record("S1")), (SPECIAL, hidden("S2"))]
    judged = judge(ALL + RED, record("R1"), record("R2"), record("R3"), most=2, behind=behind)
    assert [m.record.reference for m in judged.matches] == ["R1", "R2", "S1"]
    assert judged.more
    judged = judge(ALL + RED, record("R1"), record("R2"), hidden("R3"), most=2, behind=behind)
    assert not judged.more
    assert [c.reference for c in judged.considered if c.withheld] == ["R3", "S2"]


@pytest.mark.parametrize("secret_is_own", [True, False])
@pytest.mark.parametrize(("birth", "other"), [(BIRTH, OTHER_BIRTH), (OTHER_BIRTH, BIRTH)])
@pytest.mark.parametrize("text", [ALL + RED, permit("document:masked") + RED])
def test_records_of_one_reference_are_decided_each_by_itself(text, birth, other, secret_is_own):
    """As of a bank and a hidden one behind it that count their records alike."""
    secret = record("1", NAME, birth, handling=Handling(Tlp.RED))
    open_one = record("1", NAME, other)
    own, behind = (secret, open_one) if secret_is_own else (open_one, secret)
    judged = judge(text, own, record("2"), behind=[(SPECIAL, behind)])
    (alone,) = judge(text, open_one).matches
    assert alone in judged.matches
    assert sorted(m.record.reference for m in judged.matches) == ["1", "2"]
    assert {m.record.handling.tlp for m in judged.matches} == {Tlp.AMBER}
    told = {(c.reference, c.facts.tlp, c.withheld) for c in judged.considered}
    assert told == {("1", "red", True), ("1", "amber", False), ("2", "amber", False)}


@pytest.mark.parametrize(
    ("name", "own", "behind"),
    [("KAZ/persons", [], []), (SPECIAL, ["R1"], []), ("KAZ/other", ["R1"], ["S1"])],
)
def test_record_of_a_hidden_bank_is_withheld_by_either_name(name, own, behind):
    rule = (
        '@id("kaz.release.named")\nforbid (principal, action, resource is Kalkan::Record) '
        f'when {{ resource.name == "{name}" }};\n'
    )
    judged = judge(ALL + rule, record("R1"), behind=[(SPECIAL, record("S1"))])
    assert [m.record.reference for m in judged.matches] == [*own, *behind]
    told = {(c.reference, c.bank, c.withheld) for c in judged.considered}
    assert told == {("R1", "", not own), ("S1", SPECIAL, not behind)}


def test_field_of_a_hidden_bank_is_masked_by_its_own_name():
    masks = permit("document:masked").replace(
        "resource);", 'resource is Kalkan::Record) when { resource.name == "KAZ/special" };'
    )
    judged = judge(
        ALL + masks,
        record("R1", NUMBER),
        probe=DocumentProbe("N10000058"),
        behind=[(SPECIAL, record("S1", NUMBER))],
    )
    treated = {m.record.reference: m.shown.treat("document") for m in judged.matches}
    assert treated == {"R1": "released", "S1": "masked"}


@pytest.mark.parametrize("birth", [BIRTH, OTHER_BIRTH])
def test_withheld_field_has_no_part_in_a_match_or_its_score(birth):
    (match,) = judge(permit("birth_date:withheld"), record("R1", NAME, birth)).matches
    (bare,) = judge(None, record("R1", NAME)).matches
    assert match.score == bare.score
    assert match.reasons == bare.reasons
    assert match.record.fields == (NAME,)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, False),
        (ALL, False),
        (permit("document:withheld"), False),
        (permit("birth_date:withheld"), True),
    ],
)
def test_date_that_decides_is_the_one_that_is_shown(text, kept):
    """A date that is withheld decides nothing: who asks day after day would learn it."""
    strict = replace(sieve(text), strict=frozenset({FieldName.BIRTH_DATE}))
    matches = strict.judge(PROBE, [record("R1", NAME, OTHER_BIRTH)], 200).matches
    assert bool(matches) is kept
    assert len(strict.judge(PROBE, [record("R1", NAME, BIRTH)], 200).matches) == 1


def test_year_of_a_masked_date_decides_nothing():
    strict = replace(sieve(permit("birth_date:masked")), strict=frozenset({FieldName.BIRTH_DATE}))
    for birth in (BIRTH, OTHER_BIRTH):
        assert len(strict.judge(PROBE, [record("R1", NAME, birth)], 200).matches) == 1


def test_record_is_found_by_a_withheld_field_no_more():
    probe = DocumentProbe("N10000058")
    stolen = record("R1", NUMBER)
    assert judge(permit("document:withheld"), stolen, probe=probe).matches == ()
    assert len(judge(ALL, stolen, probe=probe).matches) == 1


@pytest.mark.parametrize("birth", [BIRTH, OTHER_BIRTH])
def test_masked_date_is_compared_by_its_year_alone(birth):
    (match,) = judge(permit("birth_date:masked"), record("R1", NAME, birth)).matches
    assert match.record.fields[1].value == PartialDate(1984)
    (same,) = judge(permit("birth_date:masked"), record("R1", NAME, BIRTH)).matches
    assert (match.score, match.reasons) == (same.score, same.reasons)


def test_masked_number_is_told_by_its_band():
    (match,) = judge(
        permit("document:masked"), record("R1", NUMBER), probe=DocumentProbe("N10000058")
    ).matches
    assert match.score == floor_of(1.0) == 0.95
    (reason,) = match.reasons
    assert (reason.field, reason.verdict, reason.detail) == ("document", "compatible", "")
    assert match.shown.treat("document") == "masked"


def test_masked_name_tells_neither_score_nor_spelling():
    (match,) = judge(permit("name:masked birth_date:withheld"), record()).matches
    assert match.score in {0.7, 0.8, 0.95}
    assert all(r.detail == "" for r in match.reasons if r.field == "name")


def test_matches_are_in_order_after_masking():
    records = [record(f"R{n}", NAME, b) for n, b in enumerate((BIRTH, OTHER_BIRTH, BIRTH))]
    scores = [m.score for m in judge(permit("name:masked"), *records).matches]
    assert scores == sorted(scores, reverse=True)


@given(st.floats(0, 1))
def test_floor_is_never_above_its_score(score):
    assert floor_of(score) <= score


def test_fault_withholds_the_record():
    broken = record(handling=Handling("nonsense"))  # no word of the contract
    object.__setattr__(broken.handling, "tlp", Sex.MALE)
    judged = judge(ALL, broken, record("R2"))
    assert [m.record.reference for m in judged.matches] == ["R2"]


def test_facts_tell_what_kind_of_record_it_is_and_no_value():
    known = facts_of(
        record(
            handling=Handling(Tlp.RED, (EuropolCode.H2,), confirm_first=True),
            warnings=(Warn.ARMED,),
            as_of=datetime(2020, 11, 1, tzinfo=UTC),
        ),
        NOW,
    )
    assert known == RecordFacts(
        kind="wanted",
        tlp="red",
        europol=frozenset({"H2"}),
        confirm_first=True,
        has_warning=True,
        age_years=6,
    )
    assert facts_of(record(as_of=datetime(2027, 1, 1, tzinfo=UTC)), NOW).age_years == 0
    assert "Рустам" not in repr(known)


def test_owner_is_told_what_was_found_and_what_withheld():
    judged = judge(ALL + RED, record("R1"), hidden("R2"), hidden("R3"), record("R4", PHONE))
    told = owner_facts(judged.considered)
    assert told["withheld"] == ["R2", "R3"]
    groups = {(g["tlp"], g["withheld"]): g for g in told["candidates"]}
    assert groups["red", True]["count"] == 2
    assert groups["red", True]["rule"] == "kaz.release.red"
    assert groups["amber", False]["references"] == ["R1"]
    assert "Рустам" not in repr(told)


def test_owner_is_told_nothing_of_nothing():
    assert owner_facts(()) == {"candidates": [], "withheld": []}
    facts = RecordFacts(kind="wanted", age_years=3)
    (group,) = owner_facts([Considered("R1", facts, "", withheld=False)])["candidates"]
    assert group["age_years"] == 3


def test_each_record_is_judged_by_itself_where_two_have_one_reference():
    """A hidden bank counts its records as the visible one does: neither speaks for the other."""
    shown = judge(ALL + RED, record("17"), behind=[(SPECIAL, hidden("17"))])
    assert [m.record.handling.tlp for m in shown.matches] == [Tlp.AMBER]
    turned = judge(ALL + RED, hidden("17"), behind=[(SPECIAL, record("17"))])
    assert [m.record.handling.tlp for m in turned.matches] == [Tlp.AMBER]
    both = judge(ALL + RED, record("17"), hidden("17"), record("17"))
    assert [m.record.handling.tlp for m in both.matches] == [Tlp.AMBER] * 2
    assert [c.withheld for c in both.considered] == [False, True, False]


def test_score_is_the_records_own_where_two_have_one_reference():
    near = record("17", Field(FieldName.NAME, PersonName(full="Рустам Керимов")), BIRTH)
    (first, second) = judge(ALL, record("17"), behind=[(SPECIAL, near)]).matches
    assert (first.score, first.record.fields) == (1.0, (NAME, BIRTH))
    assert second.score < 1.0
    assert second.record == near


def test_owner_is_told_of_each_record_that_is_reduced():
    judged = judge(permit("birth_date:withheld"), record("17"), record("18", OTHER_BIRTH, NAME))
    assert {c.reference for c in judged.considered} == {"17", "18"}


OLD = (
    '@id("kaz.release.old")\nforbid (principal, action, resource is Kalkan::Record) '
    "when { resource has age_years && resource.age_years > 10 };\n"
)


def test_rule_for_old_records_holds_for_those_of_a_hidden_bank():
    old = record("S1", as_of=datetime(2010, 1, 1, tzinfo=UTC))
    assert judge(ALL + OLD, behind=[(SPECIAL, old)]).matches == ()
    assert [c.withheld for c in judge(ALL + OLD, behind=[(SPECIAL, old)]).considered] == [True]


@pytest.mark.parametrize("dated", [True, False])
def test_record_of_a_hidden_bank_has_a_date_where_the_visible_ones_have(dated):
    new = record("S1", as_of=datetime(2026, 1, 1, tzinfo=UTC))
    own = record("R1", as_of=NOW)
    of = replace(sieve(ALL), dated=dated)
    found = of.judge(PROBE, [own], 200, [(SPECIAL, new)]).matches
    assert [match.record.as_of for match in found] == [NOW, new.as_of if dated else None]
