from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import contract
from adapters.contract import DateSpan, Field, FieldName, Handling, PartialDate, PersonName
from adapters.matching.mrz import Mrz, build_td3
from gateway import probe as build
from gateway.node.convert import (
    FIELDS,
    _mrz_kind,
    read_probe,
    timestamp,
    write_field,
    write_handling,
)
from kalkan.v1 import model_pb2 as model

TODAY = date(2026, 7, 1)
AMBER = Handling()
LABELS = st.builds(
    Handling,
    tlp=st.sampled_from(contract.Tlp),
    europol=st.lists(st.sampled_from(contract.EuropolCode), max_size=6).map(tuple),
    confirm_first=st.booleans(),
)


@st.composite
def partial_dates(draw) -> PartialDate:
    day = draw(st.dates())
    known = draw(st.integers(1, 3))
    return PartialDate(day.year, day.month if known > 1 else None, day.day if known > 2 else None)


spans = st.tuples(st.dates(), st.dates()).map(lambda days: DateSpan(min(days), max(days)))
texts = st.text(max_size=20)
names = st.builds(
    PersonName,
    full=texts,
    given=texts,
    family=texts,
    patronymic=texts,
    kind=st.sampled_from(contract.NameKind),
)
documents = st.builds(
    contract.Document,
    number=texts,
    kind=st.none() | st.sampled_from(contract.DocumentKind),
    issuer=st.sampled_from(["", "KAZ"]),
)
identifiers = st.builds(
    contract.Identifier, kind=st.sampled_from(contract.IdentifierKind), value=texts
)


def write(name: FieldName, value) -> model.Field:
    return write_field(Field(name, value), AMBER)


def word(enum, number: int, prefix: str) -> str:
    return enum.Name(number).removeprefix(prefix)


@given(names)
def test_name_is_written_whole(name):
    written = write(FieldName.NAME, name).name
    assert (written.full, written.given) == (name.full, name.given)
    assert (written.family, written.patronymic) == (name.family, name.patronymic)
    assert word(model.NameKind, written.kind, "NAME_KIND_") == name.kind.name


@pytest.mark.parametrize(
    ("name", "script"),
    [
        (PersonName(full="Рустам Каримов"), "Cyrl"),
        (PersonName(given="Rustam", family="Karimov"), "Latn"),
        (PersonName(full="რუსტამ ქარიმოვი"), "Geor"),
    ],
)
def test_name_is_written_with_its_script(name, script):
    assert write(FieldName.NAME, name).name.script == script


@given(partial_dates())
def test_date_is_written_as_far_as_it_is_known(value):
    written = write(FieldName.BIRTH_DATE, value).date
    read = PartialDate(written.year, written.month or None, written.day or None)
    assert read == value


@given(spans)
def test_span_is_written_to_its_days(value):
    written = write(FieldName.LOSS_DATE, value).range
    first, last = written.first, written.last
    assert date(first.year, first.month, first.day) == value.first
    assert date(last.year, last.month, last.day) == value.last


@given(documents)
def test_document_is_written_as_the_owner_writes_it(value):
    written = write(FieldName.DOCUMENT, value).document
    assert (written.number, written.issuer) == (value.number, value.issuer)
    kind = value.kind.name if value.kind else "UNSPECIFIED"
    assert word(model.DocumentKind, written.kind, "DOCUMENT_KIND_") == kind


@given(identifiers)
def test_identifier_is_written_with_its_kind(value):
    written = write(FieldName.IDENTIFIER, value).identifier
    assert written.value == value.value
    assert word(model.IdentifierKind, written.kind, "IDENTIFIER_KIND_") == value.kind.name


@pytest.mark.parametrize("sex", contract.Sex)
def test_sex_is_written_as_a_word_of_the_contract_and_not_as_text(sex):
    written = write(FieldName.SEX, sex)
    assert written.WhichOneof("value") == "sex"
    assert word(model.Sex, written.sex, "SEX_") == sex.name


@pytest.mark.parametrize("name", FieldName)
def test_text_is_written_under_its_field(name):
    written = write(name, "a text")
    assert written.text == "a text"
    assert word(model.FieldName, written.field, "FIELD_NAME_") == name.name
    assert written.field == FIELDS[name]


@given(LABELS)
def test_handling_is_written_without_loss_and_in_order(handling):
    written = write_handling(handling)
    assert word(model.Tlp, written.tlp, "TLP_") == handling.tlp.name
    assert list(written.europol) == sorted(set(written.europol))
    codes = {word(model.EuropolCode, code, "EUROPOL_CODE_") for code in written.europol}
    assert codes == {code.name for code in handling.europol}
    assert written.confirm_first == handling.confirm_first


@given(LABELS, st.none() | LABELS)
def test_field_without_its_own_handling_has_the_records(record, own):
    written = write_field(Field(FieldName.REMARK, "seen", own), record)
    assert written.handling == write_handling(own or record)


def test_time_is_written_as_it_is():
    moment = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert timestamp(moment).ToDatetime(tzinfo=UTC) == moment
    assert timestamp(None) is None


def test_person_is_read():
    message = build.person(
        "Рустам Каримов", given="Рустам", birth="1984-05", sex="f", nationality="KAZ", place="Oş"
    )
    message.person.names.add(family="Karimov", patronymic="Ali")
    read = read_probe(message, TODAY)
    assert read.names == (
        PersonName("Рустам Каримов", "Рустам"),
        PersonName(family="Karimov", patronymic="Ali"),
    )
    assert read.birth == PartialDate(1984, 5)
    assert read.sex is contract.Sex.FEMALE
    assert (read.nationalities, read.place) == (("KAZ",), "Oş")


def test_person_of_whom_only_a_name_is_known_is_read():
    read = read_probe(build.person("Али"), TODAY)
    assert (read.birth, read.sex, read.nationalities, read.place) == (None, None, (), "")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1980..1985", date(1980, 1, 1), date(1985, 12, 31)),
        ("1984-02..1984-02", date(1984, 2, 1), date(1984, 2, 29)),
        ("1984-05-01..1984-05-02", date(1984, 5, 1), date(1984, 5, 2)),
    ],
)
def test_range_is_read_to_its_last_day(text, first, last):
    read = read_probe(build.person("Али", birth=text), TODAY)
    assert read.birth == DateSpan(first, last)


@given(partial_dates())
def test_birth_date_is_read_as_it_was_typed(value):
    text = f"{value.year:04}" + "".join(
        f"-{part}" for part in (value.month, value.day) if part is not None
    )
    assert read_probe(build.person("Али", birth=text), TODAY).birth == value


def test_document_is_read_normalised():
    read = read_probe(build.document(number="n 10-000 001", issuer="KAZ", kind="visa"), TODAY)
    assert read == contract.DocumentProbe("N10000001", contract.DocumentKind.VISA, "KAZ")
    assert read_probe(build.document(number="N1"), TODAY).document is None


def test_machine_readable_zone_is_read_to_number_and_issuer():
    zone = Mrz(
        document_type="P",
        issuer="KAZ",
        surname="KARIMOV",
        given_names="RUSTAM",
        number="N10000001",
        nationality="KAZ",
        birth=PartialDate(1984, 5, 1),
        sex="M",
        expiry=date(2030, 1, 1),
        optional="",
    )
    read = read_probe(build.document(mrz=build_td3(zone)), TODAY)
    assert read == contract.DocumentProbe("N10000001", contract.DocumentKind.PASSPORT, "KAZ")


@pytest.mark.parametrize(
    ("code", "kind"), [("P", "PASSPORT"), ("PD", "PASSPORT"), ("V", "VISA"), ("A", "OTHER")]
)
def test_machine_readable_zone_tells_the_kind(code, kind):
    assert _mrz_kind(code) is contract.DocumentKind[kind]


def test_vehicle_is_read_normalised():
    read = read_probe(build.vehicle(plate="123 abc-02", vin="wvw 1", country="KAZ"), TODAY)
    assert read == contract.VehicleProbe("123ABC02", "WVW1", "KAZ")


def test_organisation_is_read_with_its_number_normalised():
    read = read_probe(build.organisation(name="Ансар", number="12-34", country="UZB"), TODAY)
    assert read == contract.OrganisationProbe("Ансар", "1234", "UZB")


@pytest.mark.parametrize("kind", contract.IdentifierKind)
def test_identifier_is_read_with_its_kind(kind):
    read = read_probe(build.identifier(kind.value, "+7 701", "KAZ"), TODAY)
    assert read.identifier.kind is kind
    assert read.country == "KAZ"


def test_sample_is_read_as_nothing_that_a_bank_answers():
    assert read_probe(model.Probe(biometric=model.BiometricProbe()), TODAY) is None
    assert read_probe(model.Probe(), TODAY) is None
