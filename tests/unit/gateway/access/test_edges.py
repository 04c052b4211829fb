"""Each at its very edge: what the last character, the second fault, the other flag comes to."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from importlib import metadata

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID
from pydantic import ValidationError

from gateway.access.authority import AUTHORITY_LIFETIME, Authority
from gateway.access.budgets import FACTORS, parse_budgets
from gateway.access.cases import read_cases
from gateway.access.claims import read_claims
from gateway.access.domain import Space, compare_releases
from gateway.access.errors import (
    BudgetFileError,
    FederationFileError,
    PolicyFileError,
    StopFileError,
    TokenInvalidError,
)
from gateway.access.evaluate import ROLES
from gateway.access.federation import Federation, read_federation, write_federation
from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy, Texts
from gateway.access.request import RecordFacts
from gateway.access.revocation import TOKEN_LIFE, RevokedKind, undo
from gateway.access.rules import read_rules, read_text
from gateway.access.shown import FIELDS, MASKABLE, Shown
from gateway.access.signatures import Domain
from gateway.access.stops import KINDS, read_stops
from gateway.access.toml import line_of
from tests.unit.gateway.access.test_claims import GOOD

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
    ("name", "most"),
    [("sub", 64), ("client_id", 64), ("jti", 64), ("unit", 100), ("roles", 32)],
)
def test_claim_is_as_long_as_it_may_be_and_no_longer(name, most):
    def claim(length):
        return {**GOOD, name: ["r" * length] if name == "roles" else "x" * length}

    read_claims(claim(most), "kalkan-test")
    with pytest.raises(TokenInvalidError) as caught:
        read_claims(claim(most + 1), "kalkan-test")
    assert caught.value.metadata == {"claim": name}


def test_the_first_of_two_faults_is_named():
    with pytest.raises(BudgetFileError, match=r"alarms\.steps"):
        parse_budgets(b"[alarms]\nsteps = 1\nblock = 1\n", "budgets.toml")


def test_the_first_of_two_faults_of_an_example_is_named():
    text = (
        '[[case]]\nname = "a"\nmember = "UZB"\nroles = []\npurpose = "terrorism"\n'
        'bank = "KAZ/persons"\nprobe = 1\nexpect = "all"\n'
    )
    with pytest.raises(PolicyFileError) as caught:
        read_cases(text, "cases.toml")
    assert caught.value.key == "case.0.probe"


@pytest.mark.parametrize("kind", KINDS)
def test_stop_of_another_form_is_told_how_it_is_written(kind, tmp_path):
    path = tmp_path / "stops.toml"
    path.write_text(f'[[stop]]\nkind = "{kind}"\nvalue = "%"\n')
    with pytest.raises(StopFileError, match=f"{kind} must be "):
        read_stops(path)


def test_line_that_is_no_toml_is_named(world, tmp_path):
    path = tmp_path / "federation.toml"
    write_federation(world.federation, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "wrong", *lines[3:]]))
    with pytest.raises(FederationFileError) as caught:
        read_federation(path)
    assert caught.value.line == 4


@pytest.mark.parametrize("ring", ["token_keys", "answer_keys"])
def test_key_that_another_ring_has_is_named_where_it_is(world, ring):
    update = {ring: (world.receipt_key.public_key,)}
    first, second = world.federation.members
    members = (first, second.model_copy(update=update))
    with pytest.raises(ValidationError) as caught:
        Federation.model_validate({**dict(world.federation), "members": members})
    (fault,) = caught.value.errors()
    assert fault["ctx"]["error"].place[:3] == ("members", 1, ring)


def test_names_in_quotes_and_letters_at_their_ends_are_found():
    assert line_of("[x]\nx = 1\n[box.taxx]\nbox = 2\n", ("box", "taxx", "box")) == 4
    assert line_of("[\"a\"]\n'x' = 1\n", ("a", "x")) == 2


def test_what_was_not_on_the_list_is_told_as_such(world, tmp_path):
    assert undo(tmp_path / "revoked.toml", RevokedKind.OFFICER, "k-17", world.clock) is False


def test_token_can_live_for_a_shift_and_two_clocks():
    assert timedelta(hours=12, minutes=1) == TOKEN_LIFE


@pytest.fixture
def authority(world):
    return Authority.create("kalkan-test", world.clock)


def test_issued_certificate_says_what_must_be_understood(authority):
    issued = authority.issue_client("KAZ", "officer")
    extensions = x509.load_pem_x509_certificate(issued.certificate).extensions
    told = {each.oid: each.critical for each in extensions}
    assert told == {
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME: False,
        ExtensionOID.BASIC_CONSTRAINTS: True,
        ExtensionOID.KEY_USAGE: True,
        ExtensionOID.EXTENDED_KEY_USAGE: False,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER: False,
    }


def test_authority_lives_for_five_years(authority):
    root = x509.load_pem_x509_certificate(authority.certificate)
    lives = root.not_valid_after_utc - root.not_valid_before_utc
    assert timedelta(days=1826) == AUTHORITY_LIFETIME
    assert lives - timedelta(days=1826) in {timedelta(0), timedelta(minutes=5)}


def test_treatments_can_be_remembered_by_what_they_hold():
    one, same = (Shown(rule="a", fields={"name": "masked"}) for _ in range(2))
    assert len({one, same, replace(one, rule="b")}) == 2


def test_words_of_the_schema_are_those_of_the_contract():
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


def test_types_of_signatures_are_those_of_the_contract():
    assert [str(domain) for domain in Domain] == [
        f"kalkan-{name}+jws" for name in ("query", "answer", "receipt", "notice", "attestation")
    ]


def test_token_names_the_software_where_nobody_says(world):
    assert world.verifier.verify(world.token()).client_id == "kalkan-client"
