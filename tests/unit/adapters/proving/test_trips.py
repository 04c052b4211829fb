"""What a record is looked for by."""

import pytest

from adapters.contract import (
    Document,
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    VehicleProbe,
)
from adapters.proving.trips import find_probe

NAME = PersonName("Айгүл")
PHONE = Identifier(IdentifierKind.PHONE, "+7 701")
MAIL = Identifier(IdentifierKind.EMAIL, "a.b@c.example")
PROBES = {
    "name": (Field(FieldName.NAME, NAME), PersonProbe((NAME,))),
    "document": (Field(FieldName.DOCUMENT, Document("n 12-3")), DocumentProbe("N123")),
    "no number": (Field(FieldName.DOCUMENT, Document("--")), None),
    "phone": (
        Field(FieldName.IDENTIFIER, PHONE),
        IdentifierProbe(Identifier(IdentifierKind.PHONE, "7701")),
    ),
    "mail": (Field(FieldName.IDENTIFIER, MAIL), IdentifierProbe(MAIL)),
    "plate": (Field(FieldName.PLATE, "12-ab"), VehicleProbe(plate="12AB")),
    "firm": (Field(FieldName.ORGANISATION, "Tulpar"), OrganisationProbe("Tulpar")),
    "birth": (Field(FieldName.BIRTH_DATE, PartialDate(1985)), None),
    "place": (Field(FieldName.BIRTH_PLACE, "Алматы"), None),
}


@pytest.mark.parametrize("name", PROBES)
def test_probe_of(name):
    field, wanted = PROBES[name]
    assert find_probe(field) == wanted
