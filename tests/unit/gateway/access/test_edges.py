"""Policies at their very edge: the last character, the second rule, the other flag."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import metadata

import pytest

from gateway.access.budgets import FACTORS
from gateway.access.domain import EUROPOL, SINGLE_NAME, Space, compare_releases, compare_searches
from gateway.access.errors import (
    PolicyFileError,
)
from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy, Texts
from gateway.access.request import RecordFacts
from gateway.access.rules import GRANULARITIES, RELEASE, read_rules, read_text
from gateway.access.shown import FIELDS, MASKABLE, Shown

OPEN = '@id("own.open")\npermit (principal, action, resource);\n'
OPEN_KAZ = OPEN.replace("own.", "kaz.")
ASKED = likely_question(
    "KAZ",
    bank="TUR/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)


def forbidding(text="no", contact="desk", name="own.no"):
    words = f'@id("{name}")\n@text("{text}")\n@contact("{contact}")\n'
    return f"{words}forbid (principal, action, resource);"


def test_permission_comes_with_no_words_and_nobody_to_ask():
    decision = Policy.build(Texts(OPEN, None, None), "own").decide(ASKED)
    assert decision.permitted
    assert (decision.rule, decision.text, decision.contact) == ("own.open", "", "")


def test_permission_by_several_rules_is_told_by_the_first():
    rules = OPEN + OPEN.replace("own.open", "own.also")
    assert Policy.build(Texts(rules), "own").decide(ASKED).rule == "own.open"


def test_digest_of_a_policy_is_that_of_its_texts_each_after_its_length():
    policy = Policy.build(Texts(OPEN, None, None), "own")
    digest = hashlib.sha256()
    engine = f"cedarpy {metadata.version('cedarpy')}"
    for text in (
        read_text("schema.cedarschema"),
        read_text("baseline.cedar"),
        OPEN,
        "",
        "",
        engine,
    ):
        digest.update(len(text.encode()).to_bytes(8, "big") + text.encode())
    assert policy.sha256 == digest.hexdigest()
    assert policy.epoch == digest.hexdigest()[:16]


@pytest.mark.parametrize("flag", ["confirm_first", "has_warning"])
@pytest.mark.parametrize("told", ["yes", "no"])
def test_release_that_turns_on_a_flag_is_told_by_the_flag(flag, told):
    all_ = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
    flagged = (
        '@id("kaz.release.no")\n@text("x")\n'
        "forbid (principal, action, resource is Kalkan::Record) "
        f"when {{ resource.{flag} == {'true' if told == 'yes' else 'false'} }};\n"
    )
    space = Space("KAZ", ("KAZ", "UZB"), ("KAZ/persons",))
    old, new = (Policy.build(Texts(OPEN_KAZ, text, None), "kaz") for text in (all_, all_ + flagged))
    (change,) = compare_releases(old, new, space).changes
    assert (change.before, change.after) == ("released", "withheld")
    assert change.where == {flag: (told,)}


@pytest.mark.parametrize("code", EUROPOL[1:])
def test_release_that_turns_on_a_handling_code_is_told_by_the_code(code):
    all_ = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
    coded = (
        '@id("kaz.release.no")\n@text("x")\n'
        "forbid (principal, action, resource is Kalkan::Record) "
        f'when {{ resource.europol.contains(Kalkan::Europol::"{code}") }};\n'
    )
    space = Space("KAZ", ("KAZ",), ("KAZ/persons",))
    old, new = (Policy.build(Texts(OPEN_KAZ, text, None), "kaz") for text in (all_, all_ + coded))
    (change,) = compare_releases(old, new, space).changes
    assert change.where == {"europol": (code,)}


def test_search_by_one_name_is_told_apart():
    alone = (
        '@id("kaz.alone")\n@text("x")\nforbid (principal, action, resource) '
        'when { context.probe == Kalkan::Probe::"person" '
        '&& !context.fields.contains(Kalkan::Field::"birth_date") };\n'
    )
    space = Space("KAZ", ("KAZ",), ("KAZ/persons",))
    old, new = (Policy.build(Texts(text), "kaz") for text in (OPEN_KAZ, OPEN_KAZ + alone))
    (change,) = compare_searches(old, new, space).changes
    assert (change.after, change.where) == ("refused: kaz.alone", {"probe": (SINGLE_NAME,)})


def test_reference_is_told_without_the_fields_that_it_has_not():
    all_ = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
    reference = all_.replace("permit", '@granularity("reference")\n@fields("name:masked")\npermit')
    space = Space("KAZ", ("KAZ",), ("KAZ/persons",))
    old, new = (Policy.build(Texts(OPEN_KAZ, text), "kaz") for text in (all_, reference))
    (change,) = compare_releases(old, new, space).changes
    assert (change.before, change.after) == ("released", "reference")


def test_record_that_several_rules_release_is_told_by_the_first():
    rules = "".join(
        f'@id("own.release.{name}")\npermit (principal, action, resource);\n' for name in "ab"
    )
    shown = Policy.build(Texts(OPEN, rules, None), "own").release(ASKED, RecordFacts(kind="wanted"))
    assert shown.rule == "own.release.a"


@pytest.mark.parametrize(
    ("most", "more"),
    [
        (forbidding(text="t" * 300), forbidding(text="t" * 301)),
        (forbidding(contact="c" * 100), forbidding(contact="c" * 101)),
        (forbidding(name="own." + "n" * 96), forbidding(name="own." + "n" * 97)),
    ],
)
def test_words_of_a_rule_are_as_long_as_they_may_be_and_no_longer(most, more):
    assert len(read_rules(most, "own").rules) == 1
    with pytest.raises(PolicyFileError):
        read_rules(more, "own")


@pytest.mark.parametrize(
    ("granularity", "may"),
    [("exists", False), ("count", False), ("reference", True), ("record", True)],
)
def test_record_is_released_as_a_reference_or_whole(granularity, may):
    text = f'@id("own.a")\n@granularity("{granularity}")\npermit (principal, action, resource);'
    if may:
        assert len(read_rules(text, "own", RELEASE).rules) == 1
    else:
        with pytest.raises(PolicyFileError, match="granularity"):
            read_rules(text, "own", RELEASE)


def test_treatments_can_be_remembered_by_what_they_hold():
    one, same = (Shown(rule="a", fields={"name": "masked"}) for _ in range(2))
    assert len({one, same, replace(one, rule="b")}) == 2


def test_words_of_the_schema_are_those_of_the_contract():
    assert GRANULARITIES == ("exists", "count", "reference", "record")
    assert {
        "investigator", "analyst", "border", "contact_officer", "supervisor", "auditor", "system",
    } == ROLES  # fmt: skip
    assert {
        "name", "birth_date", "loss_date", "document", "identifier", "plate", "vin",
        "registration_number",
    } == MASKABLE  # fmt: skip
    assert {
        "birth_place", "sex", "nationality", "vehicle", "organisation", "address", "offence",
        "country", "remark",
    } == FIELDS - MASKABLE  # fmt: skip
    assert set(PURPOSES) == {
        "terrorism", "organised_crime", "serious_crime", "arrest_warrant", "border_control",
        "missing_person", "identification", "stolen_property",
    }  # fmt: skip
    assert {
        "person": {"name", "full_name", "birth_date"},
        "document": {"number", "issuer"},
        "vehicle": {"plate"},
        "organisation": {"name"},
        "identifier": {"identifier"},
        "biometric": {"sample"},
    } == PROBES
    assert FACTORS == {"officer": 1, "unit": 3, "member": 10}
