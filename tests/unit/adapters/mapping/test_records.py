import tomllib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    Action,
    DateSpan,
    Document,
    DocumentKind,
    EuropolCode,
    FieldName,
    Handling,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
    RecordKind,
    Sex,
    Tlp,
    Urgency,
    Warn,
)
from adapters.mapping.model import Mapping
from adapters.mapping.records import MAX_FIELDS, RecordBuilder

BASE = {
    "tulgha.id": 17,
    "tulgha.aty": " Mr Айгүл ",
    "tulgha.tegi": "Нұрланова",
    "tulgha.akesinin_aty": None,
    "tulgha.tughan_kuni": "03.05.1982",
    "tulgha.jynysy": 2.0,
    "tulgha.azamattyq": "KZ",
    "tulgha.jsn": 820503400123.0,
    "tulgha.sebep": "IZD",
    "tulgha.qauip": "Q, ,Q",
    "tulgha.ozgertilgen": "2026-01-02T03:04:05",
    "qala.aty": "Алматы",
}
CHILDREN = {
    "qujat": [
        {"qujat.seria": "N", "qujat.nomir": "1234567", "qujat.turi": "P"},
        {"qujat.seria": None, "qujat.nomir": " 77 ", "qujat.turi": None},
        {"qujat.seria": "N", "qujat.nomir": "", "qujat.turi": "P"},
    ]
}


@pytest.fixture
def builder(read, example):
    return RecordBuilder(read(example))


def test_build_reads_every_field(builder):
    record = builder.build(BASE, CHILDREN)
    bank = Handling(Tlp.AMBER, (EuropolCode.H1,), confirm_first=True)
    assert (record.reference, record.kind) == ("17", RecordKind.WANTED)
    assert {field.name: field.value for field in record.fields if field.name != "document"} == {
        FieldName.NAME: PersonName(given="Айгүл", family="Нұрланова"),
        FieldName.BIRTH_DATE: PartialDate(1982, 5, 3),
        FieldName.SEX: Sex.FEMALE,
        FieldName.NATIONALITY: "KAZ",
        FieldName.IDENTIFIER: Identifier(IdentifierKind.NATIONAL_NUMBER, "820503400123"),
        FieldName.BIRTH_PLACE: "Алматы",
    }
    assert record.values(FieldName.DOCUMENT) == (
        Document("N 1234567", DocumentKind.PASSPORT, "KAZ"),
        Document("77", None, "KAZ"),
    )
    assert record.handling == bank
    assert record.fields[-1].handling == Handling(Tlp.RED, (EuropolCode.H1,), confirm_first=True)
    assert record.warnings == (Warn.ARMED,)
    assert (record.action, record.urgency) == (Action.INFORM_OWNER, Urgency.HOUR)
    assert record.as_of == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert not builder.faults


@pytest.mark.parametrize(
    ("column", "value", "lost"),
    [
        ("tulgha.tughan_kuni", "1982-13-99", FieldName.BIRTH_DATE),
        ("tulgha.jynysy", "9", FieldName.SEX),
        ("tulgha.azamattyq", "XX", FieldName.NATIONALITY),
        ("qala.aty", b"\xff\xfe", FieldName.BIRTH_PLACE),
        ("tulgha.jsn", object(), FieldName.IDENTIFIER),
    ],
)
def test_broken_value_costs_its_field_and_is_counted(builder, column, value, lost):
    record = builder.build({**BASE, column: value}, CHILDREN)
    whole = builder.build(BASE, CHILDREN)
    assert not record.values(lost)
    assert len(record.fields) == len(whole.fields) - 1
    assert builder.faults == {column: 1}


def test_broken_word_of_a_document_costs_only_the_word(builder):
    children = {"qujat": [{"qujat.nomir": "1", "qujat.turi": "?"}]}
    assert builder.build(BASE, children).values(FieldName.DOCUMENT) == (Document("1", None, "KAZ"),)
    assert builder.faults == {"qujat.turi": 1}


@pytest.mark.parametrize(
    ("column", "value"),
    [("tulgha.sebep", "???"), ("tulgha.id", None), ("tulgha.id", "x" * 101)],
)
def test_record_without_kind_or_reference_is_left_out_and_counted(builder, column, value):
    assert builder.build({**BASE, column: value}) is None
    assert builder.faults == {column: 1}


@pytest.mark.parametrize(
    ("parts", "reference"),
    [
        ((12, "07 "), "12-07"),
        ((12, None), ""),
        ((None, 7), ""),
        (("-" * 50, "7"), ""),
        ((1, b"\xff"), ""),
    ],
)
def test_reference_of_several_columns_is_whole_or_none_and_counted(small, parts, reference):
    fields = '[[field]]\nfield = "remark"\ncolumn = "t.x"'
    builder = RecordBuilder(small(fields, key='["region", "number"]'))
    assert builder.reference(dict(zip(("t.region", "t.number"), parts, strict=True))) == reference
    assert builder.faults == ({} if reference else {"t.region, t.number": 1})


def test_record_whose_kind_is_empty_is_left_out_and_counted(builder):
    assert builder.build({**BASE, "tulgha.sebep": ""}) is None
    assert builder.faults == {"tulgha.sebep": 1}


def test_more_fields_than_a_record_can_have_are_cut_and_counted(builder):
    children = {"qujat": [{"qujat.nomir": str(number)} for number in range(100)]}
    assert len(builder.build(BASE, children).fields) == MAX_FIELDS
    assert builder.faults["record"] == 1


def test_broken_instant_falls_back_to_the_banks(builder):
    record = builder.build({**BASE, "tulgha.ozgertilgen": "yesterday"})
    assert record.as_of == datetime(2026, 11, 1, tzinfo=UTC)
    assert builder.faults == {"tulgha.ozgertilgen": 1}


def test_strip_drops_whole_words_only(builder):
    name = builder.build({**BASE, "tulgha.aty": "MR. Mrinal shri Mr", "tulgha.tegi": ""})
    assert name.values(FieldName.NAME) == (PersonName(given="Mrinal"),)


def test_names_are_read_once_each(read, example):
    names = RecordBuilder(read(example), {FieldName.NAME, FieldName.ORGANISATION})
    assert names.names(BASE) == ("Айгүл Нұрланова",)
    assert names.build(BASE).values(FieldName.SEX) == ()


SPAN = """
[[field]]
field = "birth_date"
first = "t.a"
last = "t.b"
calendar = "{calendar}"
"""


@pytest.mark.parametrize(
    ("first", "last", "calendar", "found"),
    [
        ("1980", "1985-02", "gregorian", DateSpan(date(1980, 1, 1), date(1985, 2, 28))),
        ("1361", None, "solar_hijri", DateSpan(date(1982, 3, 21), date(1983, 3, 20))),
        ("1980-01-02", "1980-01-02", "gregorian", PartialDate(1980, 1, 2)),
        (None, "1980", "gregorian", PartialDate(1980)),
        (None, None, "gregorian", None),
        ("1985", "1980", "gregorian", None),
    ],
)
def test_span_is_read_from_two_columns(small, first, last, calendar, found):
    builder = RecordBuilder(small(SPAN.format(calendar=calendar)))
    record = builder.build({"t.id": "1", "t.a": first, "t.b": last})
    assert record.values(FieldName.BIRTH_DATE) == ((found,) if found else ())
    assert builder.faults == ({"t.a": 1} if first == "1985" else {})


def test_text_of_several_columns_is_joined_without_gaps(small):
    builder = RecordBuilder(
        small('[[field]]\nfield = "address"\ncolumns = ["t.a", "t.b", "t.c"]\nseparator = ", "')
    )
    record = builder.build({"t.id": 1, "t.a": " 5 ", "t.b": "", "t.c": "Osh"})
    assert record.values(FieldName.ADDRESS) == ("5, Osh",)


def test_kind_of_name_may_come_from_a_column(small):
    builder = RecordBuilder(
        small(
            '[[field]]\nfield = "name"\nfull = "t.n"\nkind = { column = "t.k", codes = "k" }',
            '[codes.k]\nA = "alias"',
        )
    )
    alias = builder.build({"t.id": 1, "t.n": "X", "t.k": "A"})
    other = builder.build({"t.id": 1, "t.n": "X", "t.k": "?"})
    assert alias.values(FieldName.NAME)[0].kind is NameKind.ALIAS
    assert other.values(FieldName.NAME)[0].kind is NameKind.PRIMARY
    assert builder.faults == {"t.k": 1}


SCALARS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(max_size=10),
    st.dates(),
    st.datetimes(),
    st.decimals(),
)


@pytest.fixture(scope="module")
def any_builder(example):
    return RecordBuilder(Mapping.model_validate(tomllib.loads(example)))


@given(st.data())
def test_build_never_raises_whatever_the_bank_holds(any_builder, data):
    row = data.draw(st.fixed_dictionaries(dict.fromkeys(BASE, SCALARS)))
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(PAPER, SCALARS)), max_size=2))
    any_builder.build(row, {"qujat": rows})


PAPER = ("qujat.seria", "qujat.nomir", "qujat.turi")
