from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import probe
from gateway.errors import InputError
from kalkan.v1 import model_pb2 as model


def parts(date: model.PartialDate) -> tuple[int, int, int]:
    return (date.year, date.month, date.day)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1984", (1984, 0, 0)),
        ("1984-05", (1984, 5, 0)),
        ("1984-05-01", (1984, 5, 1)),
        ("1984-5-1", (1984, 5, 1)),
        (" 1984 ", (1984, 0, 0)),
    ],
)
def test_date_is_read_as_far_as_it_is_known(text, expected):
    assert parts(probe.read_birth(text).date) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1980..1985", (1980, 0, 0), (1985, 0, 0)),
        ("1980-02..1985-03-04", (1980, 2, 0), (1985, 3, 4)),
        ("1980 .. 1985", (1980, 0, 0), (1985, 0, 0)),
    ],
)
def test_range_is_read_with_both_ends(text, first, last):
    birth = probe.read_birth(text)
    assert (parts(birth.range.first), parts(birth.range.last)) == (first, last)


@pytest.mark.parametrize(
    "text", ["84", "1984-", "01.05.1984", "1984/05", "1980..", "..1985", "1980...1985", "x", "-"]
)
def test_what_is_no_date_is_refused_with_what_to_write(text):
    with pytest.raises(InputError, match="1984-05-01") as caught:
        probe.read_birth(text)
    assert caught.value.metadata == {"field": "birth"}


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    with suppress(InputError):
        assert probe.read_birth(text).WhichOneof("birth")


def test_person_is_built_of_what_is_known():
    built = probe.person(
        "Рустам Каримов",
        given="Рустам",
        family="Каримов",
        patronymic="Али",
        birth="1984",
        sex="male",
        nationality="KAZ",
        place="Oş",
    ).person
    (name,) = built.names
    assert (name.full, name.given) == ("Рустам Каримов", "Рустам")
    assert (name.family, name.patronymic) == ("Каримов", "Али")
    assert built.birth.date.year == 1984
    assert (built.sex, list(built.nationalities)) == (model.SEX_MALE, ["KAZ"])
    assert built.place == "Oş"


def test_person_has_nothing_that_was_not_given():
    built = probe.person("Али").person
    assert not built.HasField("birth")
    assert (built.sex, list(built.nationalities), built.place) == (0, [], "")


@pytest.mark.parametrize(
    ("word", "sex"),
    [
        ("m", model.SEX_MALE),
        ("Male", model.SEX_MALE),
        ("F", model.SEX_FEMALE),
        ("female", model.SEX_FEMALE),
        ("x", model.SEX_OTHER),
        ("other", model.SEX_OTHER),
    ],
)
def test_sex_is_read_by_its_word(word, sex):
    assert probe.person("Али", sex=word).person.sex == sex


def test_unknown_sex_is_refused_with_what_to_write():
    with pytest.raises(InputError, match="male, female or other"):
        probe.person("Али", sex="man")


def test_document_is_built_by_number_or_zone():
    built = probe.document(number="N1", issuer="KAZ", kind="identity-card").document
    assert (built.number, built.issuer) == ("N1", "KAZ")
    assert built.kind == model.DOCUMENT_KIND_IDENTITY_CARD
    assert list(probe.document(mrz=["P<", "N1"]).document.mrz) == ["P<", "N1"]
    assert probe.document(number="N1").document.kind == 0


def test_vehicle_and_organisation_are_built():
    built = probe.vehicle(plate="123ABC", vin="WVW1", country="KAZ").vehicle
    assert (built.plate, built.vin, built.country) == ("123ABC", "WVW1", "KAZ")
    built = probe.organisation(name="Ansar", number="12", country="KAZ").organisation
    assert (built.name, built.number, built.country) == ("Ansar", "12", "KAZ")


@pytest.mark.parametrize("kind", ["phone", "email", "imei", "handle", "national-number"])
def test_identifier_is_built_by_its_kind(kind):
    built = probe.identifier(kind, "7701", "KAZ").identifier
    name = f"IDENTIFIER_KIND_{kind.upper().replace('-', '_')}"
    assert built.kind == model.IdentifierKind.Value(name)
    assert (built.value, built.country) == ("7701", "KAZ")


@pytest.mark.parametrize("kind", ["fax", "", "unspecified", "phone;"])
def test_unknown_kind_is_refused_with_those_that_are(kind):
    with pytest.raises(InputError, match="national_number"):
        probe.identifier(kind, "7701")
    if kind:
        with pytest.raises(InputError, match="passport"):
            probe.document(number="N1", kind=kind)
