"""What the policies of this project say, written again by hand in Python: a model for comparison.

Written from the policies' texts by reading, sharing nothing with Cedar or with `gateway.access`. A
rule is a line: its id, whether it permits, and a function of the request. Change a policy, and this
model must be changed by hand too: that is what it is for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PURPOSES = {
    "terrorism", "organised_crime", "serious_crime", "border_control", "missing_person",
    "identification", "stolen_property", "arrest_warrant",
}  # fmt: skip
PROBES = {"person", "document", "vehicle", "organisation", "identifier", "biometric"}
STEPS = ["exists", "count", "reference", "record"]
CATEGORIES = {
    "unspecified", "suspect", "convicted", "victim", "witness", "missing", "remains", "traveller",
}  # fmt: skip
AIMS = {"unspecified", "identify", "learn_more", "locate"}
FIELDS = {
    "name", "full_name", "birth_date", "sex", "nationality", "place", "number", "mrz", "kind",
    "issuer", "plate", "vin", "country", "identifier", "sample",
}  # fmt: skip
CRIMES = {"terrorism", "organised_crime", "serious_crime", "arrest_warrant"}

Facts = Mapping[str, Any]
"""A request by the names of its fields, and "waived"."""


@dataclass(frozen=True)
class Line:
    """A rule: what it is called, whether it permits, when it holds."""

    id: str
    permits: bool
    holds: Callable[[Facts], bool]
    most: str = "record"
    waives: frozenset[str] = frozenset()


def permit(name: str, holds, most: str = "record", waives: str = "") -> Line:
    """A permit, the most that it gives, and what it does without."""
    return Line(name, permits=True, holds=holds, most=most, waives=frozenset(waives.split()))


def forbid(name: str, holds) -> Line:
    """A forbid."""
    return Line(name, permits=False, holds=holds)


def names_enough(f: Facts) -> bool:
    """Whether a person is described by more than one name part, or the owner does without."""
    return bool(f["fields"] & {"full_name", "birth_date"}) or "single_name" in f["waived"]


def border_is_proper(f: Facts) -> bool:
    """Whether a search at a border looks for the right thing by the right people."""
    people = f["roles"] & {"border", "investigator", "system"}
    return f["probe"] in {"document", "person"} and bool(people)


def biometric_is_proper(f: Facts) -> bool:
    """Whether a sample is searched for a purpose that allows it."""
    return f["purpose"] == "identification" or (f["has_justification"] and f["purpose"] in CRIMES)


def always(_: Facts) -> bool:
    """Whatever is asked."""
    return True


WORKING = {"investigator", "analyst", "border", "contact_officer", "system"}
ABOUT_PEOPLE = {"person", "biometric"}

BASELINE = [
    permit("baseline.purposes", lambda f: f["purpose"] in PURPOSES),
    forbid("baseline.case", lambda f: not f["has_case"]),
    forbid("baseline.offence", lambda f: f["purpose"] in CRIMES and not f["has_offence"]),
    forbid(
        "baseline.category",
        lambda f: f["probe"] in ABOUT_PEOPLE and f["person_category"] == "unspecified",
    ),
    forbid("baseline.aim", lambda f: f["probe"] in ABOUT_PEOPLE and f["aim"] == "unspecified"),
    forbid("baseline.auditor", lambda f: "auditor" in f["roles"]),
    forbid("baseline.role", lambda f: not f["roles"] & WORKING),
    forbid(
        "baseline.border", lambda f: f["purpose"] == "border_control" and not border_is_proper(f)
    ),
    forbid(
        "baseline.property",
        lambda f: (
            f["purpose"] == "stolen_property"
            and f["probe"] not in {"document", "vehicle", "identifier"}
        ),
    ),
    forbid(
        "baseline.biometric", lambda f: f["probe"] == "biometric" and not biometric_is_proper(f)
    ),
    forbid("baseline.single_name", lambda f: f["probe"] == "person" and not names_enough(f)),
]

OWNERS = {
    "hub": [permit("hub.open", always, waives="single_name")],
    "example": [
        permit("example.serious", lambda f: f["purpose"] in {"terrorism", "arrest_warrant"}),
        permit(
            "example.border",
            lambda f: f["purpose"] == "border_control" and "border" in f["roles"],
            most="reference",
            waives="single_name",
        ),
        forbid("example.vehicles", lambda f: f["probe"] == "vehicle"),
        forbid(
            "example.registry",
            lambda f: f["bank"] == "XPO/registry" and f["requester_member"] not in {"KAZ", "UZB"},
        ),
    ],
    "afg": [
        permit("afg.terrorism", lambda f: f["purpose"] == "terrorism"),
        permit(
            "afg.serious",
            lambda f: f["purpose"] in {"arrest_warrant", "serious_crime", "border_control"},
            most="reference",
        ),
        forbid("afg.organised-crime", lambda f: f["purpose"] == "organised_crime"),
    ],
    "kaz": [
        permit("kaz.serious", lambda f: f["purpose"] in CRIMES),
        permit(
            "kaz.border",
            lambda f: f["purpose"] == "border_control" and "border" in f["roles"],
            waives="single_name",
        ),
        permit(
            "kaz.border-systems",
            lambda f: f["purpose"] == "border_control" and f["probe"] == "document",
        ),
        permit("kaz.property", lambda f: f["purpose"] == "stolen_property"),
        permit(
            "kaz.humanitarian",
            lambda f: f["purpose"] in {"missing_person", "identification"},
            most="reference",
        ),
    ],
    "tur": [
        permit("tur.serious", lambda f: f["purpose"] in CRIMES),
        permit("tur.border", lambda f: f["purpose"] == "border_control"),
        permit("tur.property", lambda f: f["purpose"] == "stolen_property"),
        permit(
            "tur.missing",
            lambda f: f["purpose"] in {"missing_person", "identification"},
            most="reference",
        ),
        forbid("tur.analysts", lambda f: "analyst" in f["roles"]),
    ],
    "rcc": [
        permit("rcc.serious", lambda f: f["purpose"] in CRIMES),
        permit("rcc.border", lambda f: f["purpose"] == "border_control"),
        permit(
            "rcc.directory",
            lambda f: (
                f["purpose"] in {"missing_person", "identification", "stolen_property"}
                and f["bank"] == "RCC/officers"
            ),
        ),
        permit(
            "rcc.vehicles",
            lambda f: f["purpose"] == "stolen_property" and f["bank"] == "RCC/organised",
        ),
        forbid(
            "rcc.suspects",
            lambda f: (
                f["bank"] == "RCC/suspects" and f["purpose"] not in CRIMES | {"border_control"}
            ),
        ),
    ],
}

ASKING = {
    "geo.asking": [
        permit("geo.asking.all", always),
        forbid(
            "geo.asking.victims",
            lambda f: (
                f["person_category"] in {"victim", "witness"}
                and f["owner"] not in {"GEO", "TUR", "AZE"}
            ),
        ),
    ],
}


def can_be_said(f: Facts) -> bool:
    """Whether all words of a request are among those that there are."""
    return (
        f["purpose"] in PURPOSES
        and f["probe"] in PROBES
        and f["granularity"] in STEPS
        and f["person_category"] in CATEGORIES
        and f["aim"] in AIMS
        and f["fields"] <= FIELDS
        and all(type(f[name]) is bool for name in ("has_case", "has_offence", "has_justification"))
        and all(type(f[name]) is str for name in ("unit", "requester_member", "owner", "bank"))
    )


def deciding(lines: list[Line], facts: Facts) -> list[Line]:
    """The forbids that hold; without one the permits that do."""
    holding = [line for line in lines if line.holds(facts)]
    return [line for line in holding if not line.permits] or holding


def decide(owner: str, facts: Facts, asking: str = "") -> tuple[bool, str, str]:
    """Whether it is permitted, the rule that says so, and the most that a reply holds.

    `asking` names what the requester's own member says, where that says something.
    """
    if not can_be_said(facts):
        return False, "error", ""
    own = deciding(OWNERS[owner], {**facts, "waived": frozenset()})
    waived = frozenset().union(*(line.waives for line in own))
    layers = [("baseline", deciding(BASELINE, {**facts, "waived": waived}))]
    if asking and facts["requester_member"].lower() == asking.partition(".")[0]:
        layers.append((asking, deciding(ASKING[asking], {**facts, "waived": frozenset()})))
    most = STEPS.index(facts["granularity"])
    for name, lines in [*layers, (owner, own)]:
        if not lines or not lines[0].permits:
            return False, lines[0].id if lines else f"{name}.default", ""
        most = min(most, max(STEPS.index(line.most) for line in lines))
    return True, own[0].id, STEPS[most]
