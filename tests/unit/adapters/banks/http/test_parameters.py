import pytest

from adapters.banks.http.parameters import (
    PROBE_FIELDS,
    require_fields,
    spell_parameters,
    write_parameters,
)
from adapters.contract import (
    DocumentKind,
    DocumentProbe,
    FieldName,
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
from adapters.mapping.lookups import Lookup
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


PLATE = Lookup(0, FieldName.PLATE, "plate", shapes=("##-###-##", "## ### ##", "###"))
CNIC = Lookup(1, FieldName.IDENTIFIER, "cnic", shapes=("#-#",), kind=IdentifierKind.NATIONAL_NUMBER)


def test_spell_parameters_asks_in_the_shapes_of_the_field_too():
    asked = spell_parameters(search("vehicle", x="1"), VehicleProbe(plate="ac213ax"), (PLATE, CNIC))
    spelled = ("ac213ax", "AC-213-AX", "AC 213 AX")
    assert list(asked) == [{"p_plate": plate, "x": "1"} for plate in spelled]


@pytest.mark.parametrize(
    ("kind", "told"),
    [(IdentifierKind.NATIONAL_NUMBER, ["12", "1-2"]), (IdentifierKind.PHONE, ["12"])],
)
def test_spell_parameters_takes_the_shapes_of_that_kind_of_identifier(kind, told):
    probe = IdentifierProbe(Identifier(kind, "12"))
    asked = spell_parameters(search("identifier", "value"), probe, (PLATE, CNIC))
    assert list(asked) == [{"p_value": value} for value in told]


def test_spell_parameters_is_nothing_when_the_search_does_not_fit_and_never_many():
    assert not list(spell_parameters(search("document"), VehicleProbe(plate="1"), ()))
    many = Lookup(0, FieldName.PLATE, "plate", shapes=tuple(f"{'-' * n}#" for n in range(1, 16)))
    assert len(list(spell_parameters(search("vehicle"), VehicleProbe(plate="1"), (many,)))) == 8
