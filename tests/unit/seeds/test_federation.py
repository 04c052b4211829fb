"""The members, their projects and their policies."""

from dataclasses import replace

import pytest

from gateway.access.likely import PROBES, likely_question
from gateway.access.policy import Decision, Policy, PolicyRequest, RecordFacts, Texts
from seeds.banks.registry import BANKS
from seeds.countries import MEMBERS as COUNTRIES
from seeds.federation import MEMBERS, PROJECTS, find_member
from seeds.make import find_mapping

POLICIES = find_mapping(BANKS[0]).parent.parent / "policies"
PURPOSES = (
    "terrorism", "organised_crime", "serious_crime", "border_control", "missing_person",
    "identification", "stolen_property", "arrest_warrant",
)  # fmt: skip


def load(member: str) -> Policy:
    text = (POLICIES / f"{member}.cedar").read_text(encoding="utf-8")
    return Policy.load(text, member.lower())


def ask(member: str, purpose: str, **changes) -> Decision:
    words = {
        "requester_member": "KAZ",
        "roles": frozenset({"investigator"}),
        "unit": "",
        "purpose": purpose,
        "owner": member,
        "bank": find_member(member).banks[0],
        "probe": "person",
        "granularity": "record",
        "fields": frozenset({"name", "full_name"}),
        "has_case": True,
        "has_offence": True,
        "has_justification": True,
        "person_category": "suspect",
        "aim": "identify",
    }
    return load(member).decide(PolicyRequest(**(words | changes)))


def test_members_are_the_countries_and_two_organisations_in_order() -> None:
    assert [member.code for member in MEMBERS] == [*COUNTRIES, "RCC", "XPO"]
    assert [member.order for member in MEMBERS] == list(range(1, 18))
    assert {bank for member in MEMBERS for bank in member.banks} == {bank.name for bank in BANKS}


def test_engines_of_members_are_those_of_the_design() -> None:
    engines = {member.code: member.engine for member in MEMBERS if member.engine}
    assert engines == {
        "AZE": "postgres", "BGD": "mariadb", "GEO": "postgres", "KAZ": "postgres",
        "NPL": "mariadb", "PAK": "ldap", "TUR": "postgres",
    }  # fmt: skip


def test_projects_are_circles_of_members() -> None:
    codes = {member.code for member in MEMBERS}
    assert set(PROJECTS["kalkan"][1]) == codes
    assert len(PROJECTS) >= 3
    assert all(set(members) <= codes for _, members in PROJECTS.values())


def test_every_member_has_a_policy_that_can_be_loaded() -> None:
    assert {path.stem for path in POLICIES.glob("*.cedar")} == {member.code for member in MEMBERS}
    for member in MEMBERS:
        assert len(load(member.code).epoch) == 16


@pytest.mark.parametrize("member", [member.code for member in MEMBERS])
def test_terrorism_is_permitted_by_every_member(member: str) -> None:
    assert ask(member, "terrorism").permitted


def test_terrorism_is_answered_with_records_by_most_members() -> None:
    lowered = {m.code: ask(m.code, "terrorism").granularity for m in MEMBERS}
    assert {code: word for code, word in lowered.items() if word != "record"} == {
        "PAK": "reference",
        "LKA": "exists",
    }


def test_organised_crime_is_refused_by_four_members_with_rule_and_contact() -> None:
    refused = {m.code: d for m in MEMBERS if not (d := ask(m.code, "organised_crime")).permitted}
    assert {code: decision.rule for code, decision in refused.items()} == {
        "AFG": "afg.organised-crime",
        "IRN": "irn.purposes",
        "MDV": "mdv.organised-crime",
        "NPL": "npl.organised-crime",
    }
    for code, decision in refused.items():
        assert decision.text.endswith(".")
        assert decision.contact == find_member(code).office


@pytest.mark.parametrize(
    ("member", "purpose", "changes", "rule"),
    [
        ("IND", "border_control", {}, "ind.border-names"),
        ("TUR", "terrorism", {"roles": frozenset({"analyst"})}, "tur.analysts"),
        ("GEO", "serious_crime", {"has_justification": False}, "geo.justification"),
        ("IRN", "stolen_property", {"probe": "document"}, "irn.purposes"),
        ("KGZ", "terrorism", {"probe": "identifier", "has_justification": False}, "kgz.telephones"),
        ("LKA", "terrorism", {"probe": "identifier"}, "lka.identifiers"),
        ("RCC", "missing_person", {"bank": "RCC/suspects"}, "rcc.suspects"),
    ],
)
def test_refusal_names_its_rule(member, purpose, changes, rule) -> None:
    decision = ask(member, purpose, **changes)
    assert not decision.permitted
    assert decision.rule == rule


@pytest.mark.parametrize(
    ("member", "purpose", "changes", "granularity"),
    [
        ("IRN", "border_control", {"probe": "document", "fields": frozenset({"mrz"})}, "record"),
        ("IND", "border_control", {"probe": "document", "fields": frozenset({"mrz"})}, "record"),
        ("AZE", "border_control", {}, "count"),
        ("BGD", "serious_crime", {}, "reference"),
        ("BGD", "serious_crime", {"requester_member": "IND"}, "record"),
        ("RCC", "missing_person", {"bank": "RCC/officers"}, "record"),
        (
            "KAZ",
            "border_control",
            {"roles": frozenset({"border"}), "fields": frozenset({"name"})},
            "record",
        ),
    ],
)
def test_permission_lowers_what_a_reply_holds(member, purpose, changes, granularity) -> None:
    decision = ask(member, purpose, **changes)
    assert decision.permitted
    assert decision.granularity == granularity


@pytest.mark.parametrize("member", [member.code for member in MEMBERS])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_decision_ends_in_an_error(member: str, purpose: str) -> None:
    decision = ask(member, purpose)
    assert decision.rule.startswith((f"{member.lower()}.", "baseline."))
    assert not decision.rule.endswith(".error")


RECORDS = tuple(
    RecordFacts(kind=kind, tlp=tlp, europol=frozenset({code}))
    for kind in ("wanted", "missing", "stolen_document")
    for tlp in ("amber", "red")
    for code in ("H1", "H3")
)


def build(member: str) -> Policy:
    texts = {}
    for kind in ("release", "asking"):
        path = POLICIES / kind / f"{member}.cedar"
        texts[kind] = path.read_text(encoding="utf-8") if path.exists() else None
    search = (POLICIES / f"{member}.cedar").read_text(encoding="utf-8")
    return Policy.build(Texts(search, **texts), member.lower())


@pytest.mark.parametrize("kind", ["release", "asking"])
def test_policies_for_records_and_own_officers_are_of_members(kind: str) -> None:
    found = {path.stem for path in (POLICIES / kind).iterdir()}
    assert found
    assert found < {member.code for member in MEMBERS}


@pytest.mark.parametrize("member", ["KAZ", "TUR", "RCC", "GEO"])
@pytest.mark.parametrize("role", ["investigator", "border"])
def test_no_release_ends_in_an_error(member: str, role: str) -> None:
    policy = build(member)
    for purpose in PURPOSES:
        for probe in PROBES:
            asked = likely_question(
                "UZB",
                bank=find_member(member).banks[0],
                purpose=purpose,
                probe=probe,
                roles=frozenset({role}),
            )
            assert not policy.decide(asked).rule.endswith(".error")
            shown = [policy.release(asked, record) for record in RECORDS]
            assert not any(each.rule.endswith(".error") for each in shown)


def test_missing_persons_and_telephones_are_kept_from_border_officers() -> None:
    asked = likely_question(
        "UZB",
        bank="KAZ/persons",
        purpose="border_control",
        probe="person",
        roles=frozenset({"border"}),
    )
    assert build("KAZ").release(asked, RecordFacts(kind="missing")).withheld
    wanted = build("KAZ").release(asked, RecordFacts(kind="wanted"))
    assert (wanted.treat("identifier"), wanted.treat("birth_place")) == ("masked", "withheld")
    rcc = replace(asked, owner="RCC", bank="RCC/suspects")
    assert build("RCC").release(rcc, RecordFacts(kind="wanted")).treat("identifier") == "withheld"
