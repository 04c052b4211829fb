"""Stored functions: their statements word for word, what they are given, and what is refused."""

from datetime import date

import pytest

from adapters.contract import (
    DateSpan,
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
from adapters.mapping.functions import call_function, read_values
from adapters.mapping.sources import Function

MAPPING = """
version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
[sql]
engine = "postgres"
url = "postgres://u@h/d"
[[function]]
answers = "document"
name = "api.by_document"
takes = ["number", "issuer?", "limit"]
[[function]]
answers = "reference"
name = "api.by_id"
takes = ["reference"]
[record]
key = "id"
[[field]]
field = "document"
number = "doc_no"
[kind]
const = "wanted"
"""

FUNCTION = Function(
    answers=ProbeKind.PERSON, name="api.find", takes=("name", "birth_first?", "birth_last?")
)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("postgres", 'SELECT "r"."id" FROM "api"."find"($1, $2, $3) AS "r" LIMIT $4'),
        ("tsql", "SELECT TOP (?) [r].[id] FROM [api].[find](?, ?, ?) AS [r]"),
        ("trino", 'SELECT "r"."id" FROM TABLE("api"."find"(?, ?, ?)) AS "r" LIMIT ?'),
        (
            "oracle",
            'SELECT "r"."id" FROM TABLE("api"."find"(:1, :2, :3)) "r" FETCH FIRST :4 ROWS ONLY',
        ),
    ],
)
def test_statement_of_a_function_is_word_for_word_as_kept(dialect, text):
    statement = call_function(FUNCTION, ("id",), dialect)
    assert statement.text == text
    bound = statement.bind({"value": ["'; DROP", None, None], "limit": [9]})
    assert sorted(map(str, bound)) == sorted(map(str, ("'; DROP", None, None, 9)))


def test_function_is_tried_without_a_column_in_every_dialect():
    for dialect in ("postgres", "tsql", "trino", "oracle"):
        assert " 1 FROM " in call_function(FUNCTION, (), dialect).text


@pytest.mark.parametrize(
    ("birth", "days"),
    [
        (None, (None, None)),
        (PartialDate(1982), (date(1982, 1, 1), date(1982, 12, 31))),
        (PartialDate(1984, 2), (date(1984, 2, 1), date(1984, 2, 29))),
        (PartialDate(1982, 5, 3), (date(1982, 5, 3), date(1982, 5, 3))),
        (DateSpan(date(1, 1, 1), date(2, 2, 2)), (date(1, 1, 1), date(2, 2, 2))),
    ],
)
def test_birth_is_given_as_its_first_and_last_day(birth, days):
    probe = PersonProbe((PersonName(full="A"),), birth=birth)
    assert read_values(FUNCTION, probe, 5) == ("A", *days)


NAME = PersonName(given="A", family="B", patronymic="C")
PERSON = PersonProbe((NAME,), None, Sex.FEMALE, ("KAZ", "UZB"), "Aral")


@pytest.mark.parametrize(
    ("probe", "told"),
    [
        (PERSON, {"name": NAME.text, "given": "A", "family": "B", "patronymic": "C"}),
        (PERSON, {"sex": "female", "nationality": "KAZ", "place": "Aral"}),
        (
            DocumentProbe("N1", DocumentKind.VISA, "KAZ"),
            {"number": "N1", "document_kind": "visa", "issuer": "KAZ"},
        ),
        (VehicleProbe("A1", "V2", "KAZ"), {"plate": "A1", "vin": "V2", "country": "KAZ"}),
        (OrganisationProbe("F", "77", "KAZ"), {"name": "F", "number": "77", "country": "KAZ"}),
        (
            IdentifierProbe(Identifier(IdentifierKind.PHONE, "+7"), "KAZ"),
            {"value": "+7", "identifier_kind": "phone", "country": "KAZ"},
        ),
        ("R-1", {"reference": "R-1"}),
    ],
)
def test_each_value_of_a_question_is_given_under_its_name(probe, told):
    answers = "reference" if isinstance(probe, str) else probe.kind
    function = Function(answers=answers, name="f", takes=(*told, "limit"))
    assert read_values(function, probe, 5) == (*told.values(), 5)


def test_function_is_not_asked_without_what_it_needs():
    needs = Function(answers=ProbeKind.DOCUMENT, name="f", takes=("number?", "issuer", "limit"))
    assert read_values(needs, DocumentProbe("N1"), 5) is None
    assert read_values(needs, DocumentProbe("N1", issuer="KAZ"), 5) == ("N1", "KAZ", 5)
    assert read_values(needs, DocumentProbe("", issuer="KAZ"), 5) is None


def test_functions_take_the_place_of_tables(read):
    mapping = read(MAPPING)
    assert not mapping.has_tables
    assert [function.answers for function in mapping.functions] == ["document", "reference"]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('"number", "issuer?"', '"numer"', 13, "has no 'numer'; .*did you mean number"),
        ('"number", ', "", 13, "write a value that is looked for"),
        ('answers = "reference"', 'answers = "document"', 10, 'answers = "reference" too'),
        ('key = "id"', 'key = "id"\ntable = "t"', 20, "functions give the records"),
        ('key = "id"', 'key = "id"\nwhere = "a = 1"', 20, "no where; take it out"),
        ("[[field]]", '[[many]]\ntable = "m"\n[[field]]', 20, "one row for each record"),
        ("[[field]]", '[[join]]\ntable = "j"\non = { "j.a" = "b" }\n[[field]]', 20, "no tables"),
    ],
)
def test_wrong_function_names_file_line_and_what_to_write(read, old, new, line, told):
    with pytest.raises(MappingError, match=rf"bank\.toml:{line}:\d+: .*{told}"):
        read(MAPPING.replace(old, new))


@pytest.mark.parametrize("engine", ["mariadb", "sqlite", "clickhouse"])
def test_engine_without_table_functions_says_to_make_a_view(read, engine):
    with pytest.raises(MappingError, match=rf"bank\.toml:10:1: function.*{engine} has no .*a view"):
        read(MAPPING.replace("postgres", engine))
