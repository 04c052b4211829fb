"""The limits of the files that operators write: each is met at both sides, and no part changes."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.access.cases import Case, Found
from gateway.access.federation import Custodian, Federation, Hub, Member, Office, Project
from gateway.access.signatures import SigningKey
from gateway.access.witnesses import ForeignWitness, Witnessing
from tests.kit.witnesses import make_cosigner

PARTS = (
    Alarms, Budgets, Case, Custodian, Federation, ForeignWitness, Found, Hub, Limit, Member,
    Office, Project, Witnessing,
)  # fmt: skip
KEY = SigningKey.generate(kid="k").public_jwk()
POINT = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
VKEY = str(make_cosigner().vkey)
FOREIGN = {"url": "https://w.example/x", "vkey": VKEY}


def holds(model: type[BaseModel], name: str, value: object) -> bool:
    """Whether a part may have a value at one of its keys."""
    field = model.model_fields[name]
    form = Annotated[field.annotation, *field.metadata]
    try:
        TypeAdapter(form).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("model", "name", "least", "most"),
    [
        (Limit, "limit", 1, 1_000_000_000),
        (Alarms, "block_minutes", 0, 10_080),
        (Alarms, "steps", 4, 1_000),
        (Alarms, "block", 4, 1_000),
        (Alarms, "alphabet", 8, 1_000),
        (Alarms, "dates", 4, 1_000),
        (Budgets, "repeat_hours", 0, 24),
        (Member, "retention_days", 31, 36_525),
        (Witnessing, "count", 1, 16),
        (Witnessing, "quorum", 1, 32),
        (Witnessing, "patience_s", 5, 86_400),
    ],
)
def test_number_is_held_to_its_limits(model, name, least, most):
    numbers = (least - 1, least, most, most + 1)
    assert [holds(model, name, n) for n in numbers] == [False, True, True, False]


@pytest.mark.parametrize(
    ("model", "name", "longest"),
    [
        (Office, "office", "o" * 100),
        (Office, "phone", "0" * 40),
        (Office, "email", "e" * 100),
        (Project, "name", "a" + "b" * 63),
        (Project, "title", "t" * 100),
        (Custodian, "name", "a" + "b" * 63),
        (Member, "title", "t" * 100),
        (Member, "code", "KAZ"),
        (Member, "issuer", "urn:" + "i" * 196),
        (Member, "node", "n" * 255 + ":7443"),
        (Member, "node_name", "n" * 253),
        (Member, "jwks_url", "https://a.example/" + "j" * 482),
        (Hub, "name", "h" * 253),
        (Federation, "id", "a" + "b" * 63),
        (Limit, "name", "a" + "b" * 39),
        (ForeignWitness, "url", "https://" + "w" * 192),
    ],
)
def test_text_is_as_long_as_it_may_be_and_no_longer(model, name, longest):
    assert holds(model, name, longest)
    assert not holds(model, name, longest + longest[-1])


@pytest.mark.parametrize(
    ("model", "name", "one", "most"),
    [
        (Member, "token_keys", KEY, 16),
        (Member, "answer_keys", KEY, 16),
        (Member, "banks", "KAZ/persons", 64),
        (Member, "banks", "KAZ/" + "p" * 64, 64),
        (Member, "custodians", {"name": "desk", "key": POINT}, 16),
        (Hub, "receipt_keys", KEY, 16),
        (Hub, "oversight", "KAZ", 16),
        (Witnessing, "foreign", FOREIGN, 16),
    ],
)
def test_list_is_as_long_as_it_may_be_and_no_longer(model, name, one, most):
    assert holds(model, name, (one,) * most)
    assert not holds(model, name, (one,) * (most + 1))


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (Office, "office", ""),
        (Office, "office", "a\n"),
        (Project, "title", ""),
        (Project, "members", ()),
        (Member, "answer_keys", ()),
        (Member, "banks", ("KAZ/" + "p" * 65,)),
        (Member, "banks", ("KAZ/persons\n",)),
        (Member, "issuer", "http://a.example"),
        (Member, "node", "localhost:0"),
        (Member, "node", "localhost:65536"),
        (Member, "jwks_url", "http://a.example/"),
        (Limit, "purposes", ("p" * 41,)),
        (Limit, "purposes", ("",)),
        (Limit, "members", ("kaz",)),
    ],
)
def test_value_of_another_form_is_refused(model, name, value):
    assert not holds(model, name, value)


def test_node_listens_on_a_port_that_there_is():
    assert holds(Member, "node", "localhost:1")
    assert holds(Member, "node", "localhost:65535")
    assert holds(Limit, "purposes", ("p" * 40,))


@pytest.mark.parametrize("part", PARTS)
def test_part_of_a_file_is_read_strictly_and_never_changes(part):
    assert part.model_config["frozen"]
    assert part.model_config["extra"] == "forbid"


def test_what_a_file_leaves_out_is_as_written_in_the_documents():
    alarms, budgets, witnessing = Alarms(), Budgets(), Witnessing()
    assert (alarms.steps, alarms.block, alarms.alphabet, alarms.dates) == (12, 30, 20, 12)
    assert (alarms.block_minutes, alarms.blocks) == (0, ("officer", "unit"))
    assert (budgets.repeat_hours, budgets.limit) == (24, ())
    assert (witnessing.count, witnessing.quorum, witnessing.patience_s) == (3, 2, 600)
    assert (witnessing.witnesses, witnessing.foreign) == ((), ())
    office = Office(office="Bureau")
    assert (office.phone, office.email) == ("", "")
    told = {
        name: field.default
        for name, field in Member.model_fields.items()
        if not field.is_required()
    }
    assert told == {
        "token_keys": (), "jwks_url": "", "jwks_ca": None, "ca": "", "banks": (), "custodians": (),
        "ledger_vkey": "", "retention_days": 1_096, "witness_vkey": "", "witnessing": None,
        "notices": "required",
    }  # fmt: skip
    hub = {n: field.default for n, field in Hub.model_fields.items() if not field.is_required()}
    assert hub == {"ledger_vkey": "", "oversight": (), "witnessing": None}


def test_case_says_little_where_the_rest_is_as_mostly():
    assert Found(expect="released").model_dump() == {
        "kind": "wanted", "tlp": "amber", "europol": (), "confirm_first": False,
        "has_warning": False, "age_years": None, "expect": "released", "rule": "", "fields": {},
    }  # fmt: skip
    told = {n: field.default for n, field in Case.model_fields.items() if not field.is_required()}
    assert told == {
        "unit": "", "fields": None, "granularity": "record", "category": None, "aim": None,
        "case": True, "offence": True, "rule": "", "record": (),
    }  # fmt: skip
