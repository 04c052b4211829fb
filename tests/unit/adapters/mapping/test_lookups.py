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
    PersonName,
    PersonProbe,
    ProbeKind,
    Record,
    RecordKind,
    VehicleProbe,
)
from adapters.mapping.lookups import ask, find_lookups, find_probes, matches


def record(*fields):
    return Record("1", RecordKind.WANTED, tuple(Field(name, value) for name, value in fields))


DOCUMENT = record((FieldName.DOCUMENT, Document("n 123-4567")))
PHONE = record((FieldName.IDENTIFIER, Identifier(IdentifierKind.PHONE, "+7 (701) 123")))
EMAIL = record((FieldName.IDENTIFIER, Identifier(IdentifierKind.EMAIL, "A.b@Example.org")))
CAR = record((FieldName.PLATE, "01 KG 123"), (FieldName.VIN, "X1"))
EMPTY = record((FieldName.DOCUMENT, Document("---")))


def by(kind, value):
    return IdentifierProbe(Identifier(kind, value))


@pytest.mark.parametrize(
    ("found", "probe", "same"),
    [
        (DOCUMENT, DocumentProbe("N1234567"), True),
        (DOCUMENT, DocumentProbe("N1234568"), False),
        (EMPTY, DocumentProbe("---"), False),
        (PHONE, by(IdentifierKind.PHONE, "7701123"), True),
        (PHONE, by(IdentifierKind.IMEI, "7701123"), False),
        (EMAIL, by(IdentifierKind.EMAIL, "a.b@example.org"), True),
        (EMAIL, by(IdentifierKind.EMAIL, "ab@example.org"), False),
        (CAR, VehicleProbe(plate="01KG123"), True),
        (CAR, VehicleProbe(plate="nothing", vin="X1"), True),
        (CAR, VehicleProbe(vin="01KG123"), False),
        (CAR, OrganisationProbe(number="X1"), False),
        (CAR, PersonProbe((PersonName("X1"),)), False),
    ],
)
def test_matches_compares_normalised_values_of_the_field_asked_for(found, probe, same):
    assert matches(found, probe) is same


FIELDS = """
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "t.phone"
[[field]]
field = "identifier"
identifier_kind = { column = "t.k" }
column = "t.any"
[[field]]
field = "document"
number = "t.released"
search = false
"""


def test_ask_leaves_out_other_kinds_and_what_is_not_searched(small):
    lookups = find_lookups(small(FIELDS))
    assert [lookup.column for lookup in lookups] == ["t.phone", "t.any"]
    phone = ask(by(IdentifierKind.PHONE, "+7701"), lookups, ())
    imei = ask(by(IdentifierKind.IMEI, "35"), lookups, ())
    assert [question.lookup.column for question in phone] == ["t.phone", "t.any"]
    assert {"+7701", "7701"} <= set(phone[0].values)
    assert [question.lookup.column for question in imei] == ["t.any"]
    assert ask(DocumentProbe("A1"), lookups, ()) == []
    assert ask(OrganisationProbe(name="X"), lookups, ()) == []


def test_probes_are_those_of_searched_fields(small):
    assert find_probes(small(FIELDS)) == {ProbeKind.IDENTIFIER}
    named = '[[field]]\nfield = "{}"\n{} = "t.n"\nsearch = {}'
    person = small(named.format("name", "full", "true"))
    hidden = small(named.format("name", "full", "false"))
    company = small(named.format("organisation", "column", "true"))
    assert find_probes(person) == {ProbeKind.PERSON}
    assert find_probes(hidden) == frozenset()
    assert find_probes(company) == {ProbeKind.ORGANISATION}
