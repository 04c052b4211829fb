"""What a bank wants to be filled in is told before the question is sent."""

from __future__ import annotations

import pytest

from gateway.cli.lacking import advise, find_lacking, list_filled
from gateway.probe import document, person
from kalkan.v1 import directory_service_pb2 as wire

TWO = wire.QueryFields(needed=["full_name", "name"], optional=["birth_date", "sex"])
BORN = wire.QueryFields(needed=["birth_date", "name"], optional=["full_name", "sex"])
STRICT = wire.QueryFields(needed=["birth_date", "full_name", "name", "nationality"])


def access(**banks):
    told = wire.ExplainAccessResponse()
    for name, ways in banks.items():
        fits = {"permitted": bool(ways), "capable": True, "fields": ways}
        told.banks.append(wire.BankAccess(bank=f"{name}/persons", **fits))
    return told


def fill(*names):
    return frozenset({"name", *names})


@pytest.mark.parametrize(
    ("ways", "fields", "said"),
    [
        ([TWO, BORN], fill(), "add a second part of the name, or add birth date"),
        ([TWO], fill("place"), "add a second part of the name and leave out place"),
        ([STRICT], fill("full_name"), "add birth date and nationality"),
        ([TWO], fill("full_name", "place"), "leave out place"),
        ([STRICT, TWO], fill("sex"), "add a second part of the name"),
        ([STRICT], fill("sex", "full_name"), "add birth date and nationality and leave out sex"),
    ],
)
def test_least_that_has_to_change_is_said(ways, fields, said):
    assert advise(ways, fields) == said


def test_only_banks_that_refuse_what_is_filled_in_are_named():
    told = access(KAZ=[TWO, BORN], TUR=[STRICT], GEO=[], AZE=[TWO])
    assert find_lacking(told, fill("full_name")) == {
        "TUR/persons": "add birth date and nationality"
    }
    assert find_lacking(told, fill("birth_date", "full_name", "nationality")).keys() == {
        "KAZ/persons",
        "AZE/persons",
    }
    told.banks[1].capable = False
    assert find_lacking(told, fill("full_name")) == {}
    assert find_lacking(told, frozenset()) == {}


def test_hub_that_does_not_tell_fields_says_nothing():
    told = wire.ExplainAccessResponse(banks=[wire.BankAccess(bank="KAZ/persons", permitted=True)])
    told.banks[0].capable = True
    assert find_lacking(told, fill()) == {}


def test_what_is_filled_in_is_said_in_the_words_of_policies():
    assert list_filled([person("Aylin")]) == fill()
    assert list_filled([person("Aylin Demir", birth="1985")]) == fill("full_name", "birth_date")
    batch = [document(number="N1000001"), document(number="N1000002", issuer="KAZ")]
    assert list_filled(batch) == {"number", "issuer"}


def test_what_a_server_will_refuse_is_left_to_the_server():
    assert list_filled([person("12345")]) == frozenset()
