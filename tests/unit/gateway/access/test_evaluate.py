from __future__ import annotations

import pytest

from adapters.contract import EuropolCode, RecordKind, Tlp
from gateway.access.domain import KINDS, TLPS
from gateway.access.evaluate import EvaluationError, evaluate, read_entities
from gateway.access.likely import likely_question
from gateway.access.request import RecordFacts
from gateway.access.rules import ASK, RELEASE, read_rules

ASKED = likely_question(
    "KAZ",
    bank="TUR/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)


def decide(text, action, record=None):
    file = read_rules(text, "own", action)
    return [rule.id for rule in evaluate(file, ASKED, read_entities(ASKED, record))]


def test_each_file_is_asked_for_its_own_action():
    text = '@id("own.a")\npermit (principal, action == Kalkan::Action::"ask", resource);'
    assert decide(text, ASK) == ["own.a"]
    open_text = '@id("own.a")\npermit (principal, action, resource);'
    assert decide(open_text, RELEASE, RecordFacts(kind="wanted")) == ["own.a"]


@pytest.mark.parametrize(
    ("condition", "record"),
    [
        ('resource.kind == Kalkan::RecordKind::"missing"', {"kind": "missing"}),
        ('resource.tlp == Kalkan::Tlp::"red"', {"tlp": "red"}),
        ('resource.europol.contains(Kalkan::Europol::"H3")', {"europol": frozenset({"H3"})}),
        ("resource.confirm_first", {"confirm_first": True}),
        ("resource.has_warning", {"has_warning": True}),
        ("resource has age_years && resource.age_years > 5", {"age_years": 6}),
    ],
)
def test_a_rule_can_speak_of_everything_that_is_known_of_a_record(condition, record):
    scope = "principal, action, resource is Kalkan::Record"
    text = f'@id("own.a")\npermit ({scope}) when {{ {condition} }};'
    known = {"kind": "wanted", **record}
    assert decide(text, RELEASE, RecordFacts(**known)) == ["own.a"]
    assert decide(text, RELEASE, RecordFacts(kind="wanted")) == []


def test_every_word_of_the_contract_of_adapters_can_be_decided_on():
    assert {kind.value for kind in RecordKind} == set(KINDS)
    assert {tlp.value for tlp in Tlp} == set(TLPS)
    text = '@id("own.a")\npermit (principal, action, resource);'
    for kind in RecordKind:
        for tlp in Tlp:
            codes = frozenset(code.value for code in EuropolCode)
            assert decide(text, RELEASE, RecordFacts(kind=kind, tlp=tlp, europol=codes))


def test_a_record_that_the_schema_does_not_know_is_an_error():
    with pytest.raises(ValueError, match="schema"):
        read_entities(ASKED, RecordFacts(kind="heretic"))


def test_a_fault_of_the_evaluation_is_raised():
    text = (
        '@id("own.a")\npermit (principal, action, resource);\n'
        '@id("own.b")\n@text("x")\nforbid (principal, action, resource) '
        "when { 9223372036854775807 + 1 > 0 };"
    )
    with pytest.raises(EvaluationError, match="own"):
        decide(text, "search")
