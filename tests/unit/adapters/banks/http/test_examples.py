"""A probe becomes the example of an entity; what is not said is not in it."""

from datetime import date

import pytest

from adapters.banks.http.examples import write_example
from adapters.contract import (
    DateSpan,
    DocumentKind,
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    Sex,
    VehicleProbe,
)

NAME = PersonName(given="Айгүл", family="Нұрланова")


def test_person_is_told_whole():
    probe = PersonProbe(
        (NAME, PersonName(full="Aigul")),
        PartialDate(1982, 5),
        Sex.FEMALE,
        ("KAZ", "RUS", "XXA"),
        "Алматы",
    )
    assert write_example(probe) == {
        "schema": "Person",
        "properties": {
            "name": ["Айгүл Нұрланова", "Aigul"],
            "birthDate": ["1982-05"],
            "birthPlace": ["Алматы"],
            "gender": ["female"],
            "nationality": ["kz", "ru"],
        },
    }


@pytest.mark.parametrize(
    ("birth", "told"),
    [
        (PartialDate(1982), ["1982"]),
        (PartialDate(1982, 5, 3), ["1982-05-03"]),
        (DateSpan(date(1982, 3, 21), date(1982, 4, 20)), ["1982"]),
        (DateSpan(date(1982, 3, 21), date(1983, 3, 20)), None),
        (None, None),
    ],
)
def test_birth_is_told_as_far_as_it_is_known(birth, told):
    assert write_example(PersonProbe((NAME,), birth))["properties"].get("birthDate") == told


def test_organisation_is_told_by_name_and_number():
    example = write_example(OrganisationProbe("Tulpar Trading", "BIN990140", "KAZ"))
    assert example["schema"] == "Organization"
    assert example["properties"]["name"] == ["Tulpar Trading"]
    assert example["properties"]["country"] == ["kz"]
    assert "BIN 990140" in example["properties"]["registrationNumber"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (None, {"passportNumber", "idNumber"}),
        (DocumentKind.PASSPORT, {"passportNumber"}),
        (DocumentKind.IDENTITY_CARD, {"idNumber"}),
    ],
)
def test_document_is_looked_for_where_its_kind_is_kept(kind, properties):
    example = write_example(DocumentProbe("N1234567", kind))
    assert set(example["properties"]) == properties
    for values in example["properties"].values():
        assert {"N1234567", "N 1234567"} <= set(values)
        assert len(values) <= 16


@pytest.mark.parametrize(
    "probe",
    [
        DocumentProbe("N1234567", DocumentKind.VISA),
        VehicleProbe(plate="123ABC02"),
        IdentifierProbe(Identifier(IdentifierKind.PHONE, "+77010000000")),
        OrganisationProbe(country="KAZ"),
    ],
)
def test_what_such_entities_are_not_found_by_has_no_example(probe):
    assert write_example(probe) is None


def test_country_has_its_present_code():
    probe = PersonProbe((NAME,), nationalities=("GEO", "XKX", "SUN"))
    assert write_example(probe)["properties"]["nationality"] == ["ge", "xk", "su"]
