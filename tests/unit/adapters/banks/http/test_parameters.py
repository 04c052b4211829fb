import pytest

from adapters.banks.http.parameters import PROBE_FIELDS, require_fields, write_parameters
from adapters.contract import (
    DocumentKind,
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    MappingError,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    ProbeKind,
    Sex,
    VehicleProbe,
)
from adapters.mapping.web import HttpSearch


def search(probe, *fields, **fixed):
    query = {f"p_{field}": field for field in fields or PROBE_FIELDS[ProbeKind(probe)]}
    return HttpSearch(path="/s", probe=probe, query=query, fixed=fixed)


PHONE = Identifier(IdentifierKind.PHONE, "1")
NAME = PersonName(given="A", family="B")


@pytest.mark.parametrize(
    ("probe", "told"),
    [
        (DocumentProbe("A1", DocumentKind.VISA), {"number": "A1", "document_kind": "visa"}),
        (VehicleProbe(plate="1", country="KAZ"), {"plate": "1", "country": "KAZ"}),
        (OrganisationProbe(name="X"), {"name": "X"}),
        (IdentifierProbe(PHONE), {"value": "1", "identifier_kind": "phone"}),
        (
            PersonProbe((NAME,), PartialDate(1965, 4, 12), Sex.MALE, ("IRN",)),
            {"name": "A B", "given": "A", "family": "B", "birth": "1965-04-12"}
            | {"sex": "male", "nationality": "IRN"},
        ),
        (
            PersonProbe((NAME,), PartialDate(1965, 4)),
            {"name": "A B", "given": "A", "family": "B"},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_write_parameters_writes_what_the_probe_tells(probe, told):
    expected = {f"p_{name}": value for name, value in told.items()} | {"x": "1"}
    assert write_parameters(search(probe.kind, x="1"), probe) == expected


def test_write_parameters_is_nothing_when_the_search_does_not_fit():
    assert write_parameters(search("document"), VehicleProbe(plate="1")) is None
    assert write_parameters(search("vehicle", "vin"), VehicleProbe(plate="1")) is None
    assert write_parameters(search("vehicle", "vin", "country"), VehicleProbe("1", "", "K")) is None


def test_require_fields_names_the_place_and_what_to_write(make_mapping):
    require_fields(make_mapping())
    wrong = make_mapping(change=('shomare = "number"', 'shomare = "numbr"'))
    with pytest.raises(
        MappingError, match=r"service.toml:26:21: http.search.1.query.shomare: .*number"
    ):
        require_fields(wrong)
