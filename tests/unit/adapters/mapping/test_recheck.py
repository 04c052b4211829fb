import pytest

from adapters.contract import (
    Document,
    DocumentProbe,
    Field,
    FieldName,
    OrganisationProbe,
    PersonName,
    PersonProbe,
    Record,
    RecordKind,
    VehicleProbe,
)
from adapters.mapping.recheck import is_match

RECORD = Record(
    "1",
    RecordKind.WANTED,
    (
        Field(FieldName.DOCUMENT, Document("۱۲ ab-3")),
        Field(FieldName.PLATE, "01 KG 123"),
        Field(FieldName.REGISTRATION_NUMBER, "77-1"),
    ),
)


@pytest.mark.parametrize(
    ("probe", "matched"),
    [
        (DocumentProbe("12AB3"), True),
        (DocumentProbe("12AB"), False),
        (VehicleProbe(plate="01KG123"), True),
        (VehicleProbe(vin="01KG123"), False),
        (OrganisationProbe(number="771"), True),
        (OrganisationProbe(number="772"), False),
        (OrganisationProbe(name="any"), True),
        (PersonProbe((PersonName("any"),)), True),
    ],
)
def test_is_match_compares_normalised_numbers_and_leaves_names(probe, matched):
    assert is_match(probe, RECORD) is matched
