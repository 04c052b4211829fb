"""Three layers decide: the federation's baseline, the requester's own member, the owner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.access import policy as policy_module
from gateway.access.errors import PolicyFileError
from gateway.access.evaluate import evaluate
from gateway.access.likely import PURPOSES, likely_question
from gateway.access.policy import MAX_PUBLISHED, Policy, Texts, read_asking
from gateway.access.request import RecordFacts
from gateway.access.rules import leave_out_banks, read_rules, read_text
from kalkan.v1 import model_pb2 as model

ASKED = likely_question(
    "KAZ",
    bank="TUR/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)
OPEN = '@id("tur.open")\npermit (principal, action, resource);\n'
ASKING = (
    '@id("kaz.asking.all")\npermit (principal, action, resource);\n'
    '@id("kaz.asking.victims")\n@text("Not abroad.")\n@contact("Desk")\n'
    "forbid (principal, action, resource) "
    'when { context.person_category == Kalkan::PersonCategory::"victim" };\n'
)
VICTIM = replace(ASKED, person_category="victim")
WANTED = RecordFacts(kind="wanted")


def of(owner=OPEN, asking=ASKING) -> Policy:
    return Policy.of_files(read_rules(owner, "tur"), read_asking(asking, "kaz"))


def test_the_requesters_own_member_refuses_with_its_own_rule():
    decision = of().decide(VICTIM)
    assert not decision.permitted
    assert (decision.rule, decision.text) == ("kaz.asking.victims", "Not abroad.")
    assert decision.contact == "Desk"
    assert of().decide(ASKED).rule == "tur.open"


def test_each_layer_can_refuse_and_none_can_be_outvoted():
    assert of(owner="").decide(ASKED).rule == "tur.default"
    assert of().decide(replace(ASKED, has_case=False)).rule == "baseline.case"
    nothing = '@id("kaz.asking.x")\npermit (principal, action, resource) when { false };'
    assert of(asking=nothing).decide(ASKED).rule == "kaz.asking.default"


def test_an_asking_policy_binds_the_officers_of_its_member_alone():
    assert of().decide(replace(VICTIM, requester_member="GEO")).permitted


def test_the_layers_are_named_in_order_and_each_says_its_own():
    told = of().explain(replace(VICTIM, has_offence=False))
    assert [name for name, _ in told] == ["baseline", "kaz.asking", "tur"]
    assert [decision.permitted for _, decision in told] == [False, False, True]
    broken = of().explain(replace(ASKED, purpose="political"))
    assert [decision.permitted for _, decision in broken] == [False]


@pytest.mark.parametrize("kind", ["release", "asking"])
@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_file_is_no_policy_that_permits_everything(kind, text):
    with pytest.raises(PolicyFileError, match="is empty"):
        Policy.build(Texts(OPEN, **{kind: text}), "tur")


def test_asking_policy_that_is_too_long_to_publish_is_refused():
    with pytest.raises(PolicyFileError, match="larger"):
        read_asking(ASKING + "//" + "x" * MAX_PUBLISHED, "kaz")


@pytest.mark.parametrize(
    ("action", "kind"), [("search", "asking"), ("ask", "release"), ("release", "asking")]
)
def test_a_rule_about_another_action_would_never_apply_and_is_refused(action, kind):
    text = (
        f'@id("tur.{kind}.x")\npermit (principal, action == Kalkan::Action::"{action}", resource);'
    )
    with pytest.raises(PolicyFileError, match="another action"):
        Policy.build(Texts(OPEN, **{kind: text}), "tur")


def test_every_text_changes_the_epoch():
    release = '@id("tur.release.all")\npermit (principal, action, resource);'
    asking = '@id("tur.asking.all")\npermit (principal, action, resource);'
    texts = [Texts(OPEN), Texts(OPEN, release), Texts(OPEN, None, asking), Texts(OPEN + " ")]
    texts += [Texts(OPEN, release, asking)]
    epochs = {Policy.build(each, "tur").epoch for each in texts}
    assert len(epochs) == len(texts)
    assert Policy.build(texts[-1], "tur").sha256.startswith(Policy.build(texts[-1], "tur").epoch)


@pytest.mark.parametrize(
    "purpose", ["terrorism", "organised_crime", "serious_crime", "arrest_warrant"]
)
def test_a_crime_needs_its_offence(purpose):
    asked = replace(ASKED, purpose=purpose, has_offence=False)
    assert of().decide(asked).rule == "baseline.offence"


@pytest.mark.parametrize("purpose", [p for p in PURPOSES if p != "stolen_property"])
def test_a_person_is_asked_for_with_category_and_aim(purpose):
    asked = replace(ASKED, purpose=purpose)
    assert of().decide(replace(asked, person_category="unspecified")).rule == "baseline.category"
    assert of().decide(replace(asked, aim="unspecified")).rule == "baseline.aim"
    assert of().decide(asked).permitted


def test_a_document_is_asked_for_without_a_category():
    asked = replace(ASKED, probe="document", fields=frozenset({"number"}))
    asked = replace(asked, person_category="unspecified", aim="unspecified")
    assert of().decide(asked).permitted


FORBIDDEN = ("politic", "milit", "relig", "rac", "ethnic", "opinion", "belief")


def test_purposes_of_a_forbidden_character_cannot_be_put_into_words():
    words = [name.lower() for name, _ in model.Purpose.items()]
    assert set(PURPOSES) == {w.removeprefix("purpose_") for w in words} - {"unspecified"}
    schema = read_text("schema.cedarschema")
    declared = schema[schema.index("entity Purpose enum") :]
    declared = declared[: declared.index("]")].lower()
    for word in FORBIDDEN:
        assert not any(word in purpose for purpose in words)
        assert word not in declared
    for word in ("political", "military", "religious", "racial"):
        assert of().decide(replace(ASKED, purpose=word)).rule.endswith(".error")


def release(text, request=ASKED, record=WANTED):
    return Policy.build(Texts(OPEN, text), "tur").release(request, record)


ALL = '@id("tur.release.all")\npermit (principal, action, resource);\n'


def test_without_a_policy_for_records_each_is_released_as_it_is():
    policy = Policy.build(Texts(OPEN), "tur")
    assert policy.release(ASKED, WANTED).open
    assert policy.releases_all


def test_what_no_rule_permits_is_withheld():
    other = '@id("tur.release.x")\npermit (principal, action, resource) when { false };'
    shown = release(other)
    assert (shown.withheld, shown.rule) == (True, "tur.release.default")


def test_a_forbid_withholds_whatever_is_permitted_and_needs_no_text():
    forbid = (
        '@id("tur.release.old")\nforbid (principal, action, resource is Kalkan::Record) '
        "when { resource has age_years && resource.age_years > 5 };"
    )
    assert not release(ALL + forbid).withheld
    shown = release(ALL + forbid, record=RecordFacts(kind="wanted", age_years=6))
    assert (shown.withheld, shown.rule) == (True, "tur.release.old")


def test_permits_together_show_the_least():
    one = '@id("tur.release.a")\n@fields("name:masked")\npermit (principal, action, resource);\n'
    two = (
        '@id("tur.release.b")\n@fields("*:withheld name:released")\n@granularity("reference")\n'
        "permit (principal, action, resource);\n"
    )
    shown = release(ALL + one + two)
    assert not shown.whole
    assert (shown.treat("name"), shown.treat("sex")) == ("masked", "withheld")


@pytest.mark.parametrize(
    ("request_", "record"),
    [
        (ASKED, RecordFacts(kind="heretic")),
        (ASKED, RecordFacts(kind="wanted", age_years="six")),
        (replace(ASKED, purpose="political"), WANTED),
        (replace(ASKED, fields={"x"}), WANTED),
    ],
)
def test_any_fault_withholds(request_, record):
    shown = release(ALL, request_, record)
    assert (shown.withheld, shown.rule) == (True, "tur.release.error")


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ('@fields("adress:masked")', "@fields"),
        ('@granularity("count")', "reference or record"),
        ('@allows("single_name")', "@allows"),
    ],
)
def test_annotations_of_a_release_are_checked(notes, told):
    text = f'@id("tur.release.a")\n{notes}\npermit (principal, action, resource);'
    with pytest.raises(PolicyFileError, match=told):
        release(text)
    with pytest.raises(PolicyFileError, match="@fields"):
        read_rules(
            '@id("tur.a")\n@fields("name:masked")\npermit (principal, action, resource);', "tur"
        )


PROFILE = """
// Border officers may look for passports in one bank, and learn where they were lost.
@id("tur.border")
@granularity("record")
permit (principal, action == Kalkan::Action::"search", resource)
when {
  principal.roles.contains(Kalkan::Role::"border") &&
  context.purpose == Kalkan::Purpose::"border_control" &&
  resource.name == "TUR/documents" &&
  context.fields.containsAny([Kalkan::Field::"number", Kalkan::Field::"mrz"])
};

// Analysts may count, by birth date and name, never by name alone.
@id("tur.analysts")
@granularity("count")
permit (principal, action == Kalkan::Action::"search", resource)
when {
  principal.roles.contains(Kalkan::Role::"analyst") &&
  context.purpose == Kalkan::Purpose::"terrorism" &&
  resource.name == "TUR/persons" &&
  context.fields.contains(Kalkan::Field::"birth_date")
};
"""
PROFILE_RECORDS = """
@id("tur.release.border")
@fields("*:withheld document:released country:released")
permit (principal, action == Kalkan::Action::"release", resource)
when {
  principal.roles.contains(Kalkan::Role::"border") &&
  [
    Kalkan::RecordKind::"stolen_document", Kalkan::RecordKind::"lost_document"
  ].contains(resource.kind)
};

@id("tur.release.analysts")
permit (principal, action == Kalkan::Action::"release", resource)
when { principal.roles.contains(Kalkan::Role::"analyst") };
"""


def ask(role, purpose, bank, fields, probe="person"):
    asked = likely_question("KAZ", bank=bank, purpose=purpose, probe=probe, roles=frozenset({role}))
    return replace(asked, fields=frozenset(fields))


def test_a_profile_is_fields_banks_kinds_and_granularity_for_a_purpose_and_a_role():
    policy = Policy.build(Texts(PROFILE, PROFILE_RECORDS), "tur")
    border = ask("border", "border_control", "TUR/documents", {"number"}, "document")
    analyst = ask("analyst", "terrorism", "TUR/persons", {"full_name", "birth_date"})
    assert policy.decide(border).granularity == "record"
    assert policy.decide(analyst).granularity == "count"
    for other in (
        replace(border, bank="TUR/persons"),
        replace(border, fields=frozenset({"kind"})),
        replace(border, roles=frozenset({"investigator"})),
        replace(analyst, purpose="serious_crime"),
        replace(analyst, fields=frozenset({"full_name"})),
    ):
        assert policy.decide(other).rule == "tur.default"
    lost = policy.release(border, RecordFacts(kind="lost_document"))
    assert (lost.treat("document"), lost.treat("name")) == ("released", "withheld")
    assert policy.release(border, RecordFacts(kind="wanted")).withheld
    assert not policy.release(analyst, RecordFacts(kind="wanted")).withheld


@pytest.mark.parametrize(
    ("rule", "looks"),
    [
        ("permit (principal, action, resource)", False),
        ('permit (principal, action, resource) when { "resource" != "x" }', False),
        ('permit (principal, action, resource == Kalkan::Bank::"TUR/x")', True),
        ("permit (principal, action, resource is Kalkan::Bank)", True),
        ('permit (principal, action, resource) when { resource.name == "TUR/x" }', True),
        (
            'permit (principal, action, resource) unless { !(["TUR"].contains(resource.owner)) }',
            True,
        ),
    ],
)
def test_it_is_seen_whether_a_file_looks_at_the_bank(rule, looks):
    assert read_rules(f'@id("tur.a")\n{rule};', "tur").looks_at_resource is looks


def test_baseline_is_evaluated_once_for_all_banks_and_an_owner_for_each(monkeypatch):
    asked = []

    def count(file, *rest):
        asked.append(file.name)
        return evaluate(file, *rest)

    monkeypatch.setattr(policy_module, "evaluate", count)
    monkeypatch.setattr(policy_module, "_EVALUATED", {})
    text = OPEN + '@id("tur.x")\n@text("x")\nforbid (principal, action, resource) '
    policy = of(owner=text + 'when { resource.name == "TUR/secret" };')
    banks = ("TUR/persons", "TUR/secret", "TUR/persons")
    decided = [policy.decide(replace(ASKED, bank=bank)).permitted for bank in banks]
    assert decided == [True, False, True]
    assert sorted(asked) == ["baseline", "kaz.asking", "tur", "tur"]
    geo = Policy.load('@id("geo.open")\npermit (principal, action, resource);', "geo")
    assert geo.decide(replace(ASKED, owner="GEO", bank="GEO/persons")).permitted
    assert asked[4:] == ["geo"], "the baseline is the same for another owner"


def test_memory_of_evaluations_has_an_end_and_changes_no_decision(monkeypatch):
    monkeypatch.setattr(policy_module, "REMEMBERED", 3)
    monkeypatch.setattr(policy_module, "_EVALUATED", {})
    policy = of()
    units = [f"unit {number}" for number in range(8)] * 2
    decided = [policy.decide(replace(VICTIM, unit=unit)).rule for unit in units]
    assert decided == ["kaz.asking.victims"] * len(units)
    assert 1 <= len(policy_module._EVALUATED) <= 3
    assert 1 <= len(policy._evaluated) <= 3


def test_file_that_does_not_look_at_fields_is_evaluated_once_for_all(monkeypatch):
    asked = []

    def count(file, *rest):
        asked.append(file.name)
        return evaluate(file, *rest)

    monkeypatch.setattr(policy_module, "evaluate", count)
    looks = '@id("tur.x")\n@text("x")\nforbid (principal, action, resource) '
    looks += 'when { context.fields.contains(Kalkan::Field::"sex") };'
    for text, times in ((OPEN, 1), (OPEN + looks, 2)):
        policy = of(owner=text)
        asked.clear()
        filled = (ASKED.fields, ASKED.fields | {"sex"})
        decided = [policy.decide(replace(ASKED, fields=fields)).permitted for fields in filled]
        assert decided == [True, times == 1]
        assert asked.count("tur") == times


@pytest.mark.parametrize(
    ("condition", "looks"),
    [
        ("", False),
        ('when { context.purpose == Kalkan::Purpose::"terrorism" && context.has_case }', False),
        ('when { context.fields.contains(Kalkan::Field::"mrz") }', True),
        ('unless { !([Kalkan::Field::"mrz"].containsAny(context.fields)) }', True),
        ("when { {a: context} == {a: context} }", True),
    ],
)
def test_it_is_seen_whether_a_file_looks_at_the_fields(condition, looks):
    scope = '(principal, action == Kalkan::Action::"search", resource)'
    rule = f'@id("tur.a")\npermit {scope} {condition};'
    assert read_rules(rule, "tur").looks_at_fields is looks


def test_rule_that_names_a_hidden_bank_is_not_published():
    secret = '@id("tur.x")\npermit (principal, action, resource == Kalkan::Bank::"TUR/secret");'
    text = f"// TUR/secret is hidden\n{OPEN}{secret}"
    published = leave_out_banks(text, "TUR", {"TUR/persons"})
    assert "secret" not in published
    assert [rule.id for rule in read_rules(published, "tur").rules.values()] == ["tur.open"]
    assert "TUR/secret" in leave_out_banks(text, "TUR", {"TUR/persons", "TUR/secret"})
    for name in ('like "*Secret"', 'like "TUR*et"', '== "TUR/s\\u{65}cret"', '== "T\\u{55}R/s"'):
        rule = (
            f'@id("tur.x")\npermit (principal, action, resource) when {{ resource.name {name} }};'
        )
        assert leave_out_banks(OPEN + rule, "TUR", {"TUR/persons"}, {"TUR/secret"}) == OPEN.strip()


@pytest.mark.parametrize(
    ("fields", "reduced"),
    [
        ("birth_date:masked", {"birth_date"}),
        ("birth_date:withheld sex:withheld", {"birth_date", "sex"}),
        ("*:withheld name:released", {"birth_date", "sex", "nationality"}),
        ("*:released", set()),
        ("", set()),
    ],
)
def test_policy_tells_which_fields_some_rule_reduces(fields, reduced):
    note = f'@fields("{fields}")\n' if fields else ""
    rule = "permit (principal, action, resource) when { false };"
    release = f'@id("tur.release.some")\n{note}{rule}'
    policy = Policy.build(Texts(OPEN, release), "tur")
    names = ("name", "birth_date", "sex", "nationality")
    assert {name for name in names if policy.reduces(name)} == reduced
    assert not Policy.build(Texts(OPEN), "tur").reduces("birth_date")
