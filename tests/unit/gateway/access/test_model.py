"""The baseline and an owner's policy against a small model in Python, written from their texts.

Cedar and the model decide the same random questions; where they differ, one of the two does not say
what people think it says.
"""

from __future__ import annotations

import random
from dataclasses import replace

from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES
from gateway.access.policy import Policy, PolicyRequest
from gateway.access.rules import GRANULARITIES, read_text

QUESTIONS = 10_000
CRIMES = {"terrorism", "organised_crime", "serious_crime", "arrest_warrant"}
SEARCHERS = {"investigator", "analyst", "border", "contact_officer", "system"}
CATEGORIES = (
    "unspecified", "suspect", "convicted", "victim", "witness", "missing", "remains", "traveller",
)  # fmt: skip
AIMS = ("unspecified", "identify", "learn_more", "locate")
FIELDS = ("name", "full_name", "birth_date", "sex", "number", "mrz", "plate")
BANKS = ("XPO/registry", "TUR/persons", "KAZ/vehicles")


def draw(source: random.Random) -> PolicyRequest:
    bank = source.choice(BANKS)
    return PolicyRequest(
        requester_member=source.choice(("KAZ", "UZB", "GEO")),
        roles=frozenset(source.sample(sorted(ROLES), source.choice((0, 1, 1, 2)))),
        unit="",
        purpose=source.choice(list(PURPOSES)),
        owner=bank[:3],
        bank=bank,
        probe=source.choice(list(PROBES)),
        granularity=source.choice(GRANULARITIES),
        fields=frozenset(source.sample(FIELDS, source.randint(0, 4))),
        has_case=source.random() < 0.9,
        has_offence=source.random() < 0.9,
        has_justification=source.random() < 0.7,
        person_category=source.choice(CATEGORIES),
        aim=source.choice(AIMS),
    )


def baseline(asked: PolicyRequest, *, waived: bool) -> str:
    """The rule of the baseline that refuses, or nothing; the first that applies is named."""
    person = asked.probe in {"person", "biometric"}
    grave = asked.has_justification and asked.purpose in CRIMES
    things = {"document", "vehicle", "identifier"}
    rules = {
        "case": not asked.has_case,
        "offence": asked.purpose in CRIMES and not asked.has_offence,
        "category": person and asked.person_category == "unspecified",
        "aim": person and asked.aim == "unspecified",
        "auditor": "auditor" in asked.roles,
        "role": not asked.roles & SEARCHERS,
        "border": asked.purpose == "border_control" and not at_border(asked),
        "property": asked.purpose == "stolen_property" and asked.probe not in things,
        "biometric": asked.probe == "biometric"
        and not (asked.purpose == "identification" or grave),
        "single_name": asked.probe == "person" and not (two_parts(asked) or waived),
    }
    return next((rule for rule, refuses in rules.items() if refuses), "")


def at_border(asked: PolicyRequest) -> bool:
    officers = asked.roles & {"border", "investigator", "system"}
    return asked.probe in {"document", "person"} and bool(officers)


def two_parts(asked: PolicyRequest) -> bool:
    return bool(asked.fields & {"full_name", "birth_date"})


def owner(asked: PolicyRequest) -> tuple[str, str]:
    """The rule of the example policy that decides, and the granularity that it lets out."""
    if asked.probe == "vehicle":
        return "vehicles", ""
    if asked.bank == "XPO/registry" and asked.requester_member not in {"KAZ", "UZB"}:
        return "registry", ""
    if asked.purpose in {"terrorism", "arrest_warrant"}:
        return "serious", "record"
    if border(asked):
        return "border", "reference"
    return "default", ""


def border(asked: PolicyRequest) -> bool:
    return asked.purpose == "border_control" and "border" in asked.roles


def waives(asked: PolicyRequest) -> bool:
    return border(asked) and owner(asked)[1] != ""


def test_cedar_and_the_model_decide_alike():
    source = random.Random(4)
    policy = Policy.load(read_text("example.cedar"), "example")
    told = set()
    for _ in range(QUESTIONS):
        asked = draw(source)
        decision = policy.decide(asked)
        refuses = baseline(asked, waived=waives(asked))
        rule, most = owner(asked)
        expected = f"baseline.{refuses}" if refuses else f"example.{rule}"
        assert decision.rule == expected, asked
        assert decision.permitted == (not refuses and most != "")
        if decision.permitted:
            least = min(most, asked.granularity, key=GRANULARITIES.index)
            assert decision.granularity == least
        told.add(decision.rule)
    assert len(told) == 15  # ten rules of the baseline and five ends of the example were met


def test_what_is_remembered_is_what_is_decided():
    source = random.Random(5)
    policy = Policy.load(read_text("example.cedar"), "example")
    for _ in range(300):
        asked = draw(source)
        fresh = Policy.load(read_text("example.cedar"), "example") if _ % 100 == 0 else policy
        assert fresh.decide(asked) == policy.decide(replace(asked))
