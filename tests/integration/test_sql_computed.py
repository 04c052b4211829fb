"""Columns that are computed in the bank's own SQL, in three engines."""

import dataclasses

import pytest

from adapters.banks.registry import open_bank
from adapters.conformance.corpus import HOSTILE
from adapters.contract import (
    Document,
    DocumentKind,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    MappingError,
    PersonName,
    QueryRejectedError,
)
from adapters.proving.prove import prove
from adapters.proving.subject import Extent

LIMITS = Limits(rows=20, timeout_s=60)
TABLES = (
    "CREATE TABLE odd (id VARCHAR(9) PRIMARY KEY, packed TEXT, aty TEXT, tegi TEXT)",
    "CREATE TABLE line (odd_id VARCHAR(10), told TEXT)",
    "INSERT INTO odd VALUES ('1', 'N-12/345|PASS', 'Айгүл', 'Нұрланова')",
    "INSERT INTO odd VALUES ('2', 'K-77/001|CARD', 'Ерлан', 'Сейітов'), ('3', NULL, 'Дана', NULL)",
    "INSERT INTO line VALUES ('1', 'tel: 77010000001'), ('1', 'tel: 77010000002')",
    "INSERT INTO line VALUES ('2', 'tel: 77010000003')",
)
SQL = {
    "sqlite": (
        "REPLACE(SUBSTR(packed, 1, INSTR(packed, '|') - 1), '/', '')",
        "SUBSTR(packed, INSTR(packed, '|') + 1)",
        "aty || COALESCE(' ' || tegi, '')",
    ),
    "postgres": (
        "replace(split_part(packed, '|', 1), '/', '')",
        "split_part(packed, '|', 2)",
        "aty || COALESCE(' ' || tegi, '')",
    ),
    "mariadb": (
        "REPLACE(SUBSTRING_INDEX(packed, '|', 1), '/', '')",
        "SUBSTRING_INDEX(packed, '|', -1)",
        "CONCAT_WS(' ', aty, tegi)",
    ),
}
MAPPING = """
version = 1
[bank]
id = "odd"
title = "Packed values"
kind = "sql"
scripts = ["Cyrl"]
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "odd"
key = "id"
[[many]]
table = "line"
on = {{ "line.odd_id" = "odd.id" }}
[computed]
"odd.number" = "{0}"
"odd.sort" = "{1}"
"odd.whole" = "{2}"
"line.phone" = "REPLACE(told, 'tel: ', '')"
[[field]]
field = "name"
full = "odd.whole"
[[field]]
field = "document"
number = "odd.number"
document_kind = {{ column = "odd.sort", codes = "sorts" }}
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "line.phone"
[kind]
const = "wanted"
[codes.sorts]
PASS = "passport"
CARD = "identity_card"
"""


@pytest.fixture(scope="module")
def odd(bank):
    bank.run(TABLES)
    path = bank.folder / "odd.toml"
    url = "sqlite:///bank.sqlite" if bank.server is None else bank.server.url(bank.database)
    text = MAPPING.format(*SQL[bank.engine], engine=bank.engine, url=url)
    path.write_text(text, encoding="utf-8")
    return dataclasses.replace(bank, path=path)


@pytest.fixture
async def adapter(odd):
    opened = await open_bank(odd.path, odd.folder)
    yield opened
    await opened.close()


async def test_record_is_found_and_told_by_what_is_computed(adapter):
    (record,) = (await adapter.search(DocumentProbe("N12345"), LIMITS)).records
    assert record.reference == "1"
    assert record.values(FieldName.NAME) == (PersonName(full="Айгүл Нұрланова"),)
    assert record.values(FieldName.DOCUMENT) == (Document("N-12345", DocumentKind.PASSPORT),)
    phone = Identifier(IdentifierKind.PHONE, "77010000002")
    (same,) = (await adapter.search(IdentifierProbe(phone), LIMITS)).records
    assert same == record
    assert phone in record.values(FieldName.IDENTIFIER)


async def test_names_are_listed_and_nothing_is_no_value(adapter):
    named = {each.reference: each.names async for each in adapter.names()}
    assert named == {"1": ("Айгүл Нұрланова",), "2": ("Ерлан Сейітов",), "3": ("Дана",)}
    (record,) = (await adapter.fetch(["3"], LIMITS)).records
    assert record.values(FieldName.DOCUMENT) == ()


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_a_value(adapter, text):
    phone = IdentifierProbe(Identifier(IdentifierKind.PHONE, text))
    for probe in (DocumentProbe(text), phone):
        try:
            assert (await adapter.search(probe, LIMITS)).records == ()
        except QueryRejectedError:
            continue
    assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]


async def test_bank_check_is_green_and_sees_all_values(odd):
    report = await prove(odd.path, Extent())
    assert report.good, [found.text for part in report.parts for found in part.findings]
    shares = next(part for part in report.parts if part.name == "shares")
    assert {row["column"]: row["of"] for row in shares.rows}["line.phone"] == "3"


UNKNOWN = {
    "sqlite": "TRANSLATE(told, 'a', 'b')",
    "postgres": "REPLACE(told, 1, 2)",
    "mariadb": "TRANSLATE(told, 'a', 'b')",
}
WRONG = {
    "column": ("told,", "tolld,", r":\d+: computed\.line\.phone: .*'tolld'; did you mean told"),
    "name": ("line.phone", "line.told", "has a column 'told' already; give it another name"),
    "write": ("REPLACE(told", "(DELETE FROM tripwire)||REPLACE(told", "not an expression"),
    "engine": ("REPLACE(told, 'tel: ', '')", UNKNOWN, "phone: the bank does not understand this"),
}


@pytest.mark.parametrize("fault", WRONG)
async def test_wrong_expression_names_its_line(odd, fault):
    old, new, told = WRONG[fault]
    new = new[odd.engine] if isinstance(new, dict) else new
    path = odd.folder / "wrong.toml"
    path.write_text(odd.path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MappingError, match=told):
        await open_bank(path, odd.folder)
