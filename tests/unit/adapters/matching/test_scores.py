"""One score from all fields: adapters/matching/scores.py."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.dates import DateSpan, PartialDate
from adapters.matching.names import MATCH_THRESHOLD, score
from adapters.matching.scores import PersonFacts, PersonQuery, score_person

BIRTH = PartialDate(1975, 4, 3)
QUERY = PersonQuery(("Гүлнара Каримова",), birth=BIRTH, sex="F", nationality="UZB")
NAMES = ("Gulnora Karimova",)
births = st.builds(PartialDate, st.integers(1900, 2020), st.integers(1, 12) | st.none())
names = st.lists(st.text("abeж کमგ ", max_size=12), max_size=2).map(tuple)


def _score(**facts) -> float:
    return score_person(QUERY, PersonFacts(**{"names": NAMES, **facts})).score


def test_score_person_is_the_name_score_when_nothing_else_is_known():
    assert _score() == score(QUERY.names[0], NAMES[0])


def test_score_person_takes_the_best_pair_of_names():
    many = score_person(QUERY, PersonFacts(("Kamal Sharma", *NAMES, "")))
    assert many.score == _score()


def test_score_person_rises_with_agreement_and_falls_with_contradiction():
    assert _score(births=(BIRTH,)) > _score(births=(PartialDate(1975),)) > _score()
    assert _score(births=(PartialDate(1991, 1, 1),)) < _score() - 0.2
    assert _score(sex="M") < _score() < _score(sex="F")
    assert _score(nationalities=("KAZ",)) < _score() < _score(nationalities=("KAZ", "UZB"))


def test_score_person_falls_below_the_threshold_when_date_and_sex_contradict():
    assert _score(births=(PartialDate(1991, 1, 1),), sex="M") < MATCH_THRESHOLD


def test_score_person_takes_the_best_of_several_births():
    assert _score(births=(PartialDate(1991), BIRTH)) == _score(births=(BIRTH,))


def test_score_person_does_not_let_a_date_replace_a_name():
    facts = PersonFacts(("Kamal Sharma",), births=(BIRTH,), sex="F", nationalities=("UZB",))
    assert score_person(QUERY, facts).score < 0.2


@pytest.mark.parametrize("names", [(), ("",), ("123",)])
def test_score_person_is_zero_when_the_record_has_no_readable_name(names):
    result = score_person(QUERY, PersonFacts(names, births=(BIRTH,)))
    assert result.score == 0.0
    assert [reason.verdict for reason in result.reasons] == ["omitted"]


def test_score_person_lets_other_fields_decide_when_no_name_was_asked():
    asked = PersonQuery((), birth=BIRTH)
    right = score_person(asked, PersonFacts(NAMES, births=(BIRTH,)))
    wrong = score_person(asked, PersonFacts(NAMES, births=(PartialDate(1991),)))
    assert right.score > 0.5 > wrong.score
    assert [reason.field for reason in right.reasons] == ["birth"]


@pytest.mark.parametrize(
    ("facts", "verdicts"),
    [
        ({}, ["transliterated", "omitted", "omitted", "omitted"]),
        ({"births": (BIRTH,), "sex": "F"}, ["transliterated", "exact", "exact", "omitted"]),
        ({"names": ("Гүлнара Каримова",)}, ["exact", "omitted", "omitted", "omitted"]),
        ({"names": ("Gulnora Rustamovna Karimova",)}, ["partial", "omitted", "omitted", "omitted"]),
        (
            {"births": (PartialDate(1975),), "nationalities": ("KAZ",)},
            ["transliterated", "compatible", "omitted", "contradicts"],
        ),
        (
            {"births": (PartialDate(1975, 3, 4),)},
            ["transliterated", "near", "omitted", "omitted"],
        ),
    ],
)
def test_reasons_name_each_field_that_was_asked(facts, verdicts):
    reasons = score_person(QUERY, PersonFacts(**{"names": NAMES, **facts})).reasons
    assert [reason.field for reason in reasons] == ["name", "birth", "sex", "nationality"]
    assert [reason.verdict for reason in reasons] == verdicts


def test_reasons_say_scripts_and_never_a_value():
    facts = PersonFacts(NAMES, births=(PartialDate(1975, 3, 4),), sex="F")
    reasons = score_person(QUERY, facts).reasons
    assert reasons[0].detail == "Cyrl to Latn, 2 of 2 parts"
    details = " ".join(reason.detail for reason in reasons).lower()
    for value in ("karim", "gulnor", "карим", "1975"):
        assert value not in details


def test_place_is_compared_as_names_are():
    query = PersonQuery(NAMES, place="Самарканд")
    near = score_person(query, PersonFacts(NAMES, places=("Samarqand",)))
    far = score_person(query, PersonFacts(NAMES, places=("Herat",)))
    assert near.reasons[1].verdict == "spelling"
    assert far.reasons[1].verdict == "contradicts"
    assert near.score > far.score


@given(
    st.builds(
        PersonQuery,
        names,
        births | st.just(DateSpan(date(1979, 3, 21), date(1980, 3, 20))) | st.none(),
        st.sampled_from(["M", "F", None]),
    ),
    st.builds(PersonFacts, names, st.lists(births, max_size=2).map(tuple), st.just("M")),
)
def test_score_person_is_bounded_and_its_reasons_are(query, facts):
    result = score_person(query, facts)
    assert 0.0 <= result.score <= 1.0
    assert all(0.0 <= reason.score <= 1.0 for reason in result.reasons)
    assert len({reason.field for reason in result.reasons}) == len(result.reasons)
