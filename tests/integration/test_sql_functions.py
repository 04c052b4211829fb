"""A bank that is asked through stored functions alone, on a real PostgreSQL."""

import dataclasses
import re
from pathlib import Path

import pytest

from adapters.banks.registry import open_bank
from adapters.conformance.corpus import HOSTILE
from adapters.contract import (
    BankFaultError,
    DocumentProbe,
    Limits,
    MappingError,
    PartialDate,
    PersonName,
    PersonProbe,
    QueryRejectedError,
    VehicleProbe,
)
from adapters.proving.prove import prove
from adapters.proving.subject import Extent

pytestmark = pytest.mark.servers

LIMITS = Limits(rows=20, timeout_s=60)
SCHEMA = """
CREATE SCHEMA api;
CREATE TABLE secret (id int PRIMARY KEY, full_name text, born date, doc_no text);
INSERT INTO secret VALUES (1, 'Айгүл Нұрланова', '1982-05-03', 'N1234567'),
  (2, 'Ерлан Сейітов', '1975-12-31', 'N 7654321'), (3, 'Айгүл Сейітова', '1990-01-01', 'X1');
CREATE FUNCTION api.by_id(wanted text) RETURNS SETOF secret STABLE LANGUAGE sql AS
  'SELECT * FROM secret WHERE id::text = wanted';
CREATE FUNCTION api.by_document(wanted text, most int) RETURNS SETOF secret STABLE LANGUAGE sql AS
  'SELECT * FROM secret WHERE wanted = $$ALL$$ OR replace(doc_no, $$ $$, $$$$) = wanted
   ORDER BY id LIMIT most';
CREATE FUNCTION api.by_name(name text, first date, last date)
  RETURNS SETOF secret STABLE LANGUAGE sql AS
  'SELECT * FROM secret WHERE starts_with(full_name, name)
   AND (first IS NULL OR born >= first) AND (last IS NULL OR born <= last)';
CREATE FUNCTION api.writes(plate text) RETURNS SETOF secret LANGUAGE sql AS
  'DELETE FROM tripwire; SELECT * FROM secret';
"""
MAPPING = """
version = 1
[bank]
id = "behind"
title = "Behind functions"
kind = "sql"
[sql]
engine = "postgres"
url = "{url}"
[[function]]
answers = "reference"
name = "api.by_id"
takes = ["reference"]
[[function]]
answers = "document"
name = "api.by_document"
takes = ["number", "limit"]
[[function]]
answers = "person"
name = "api.by_name"
takes = ["name", "birth_first?", "birth_last?"]
[[function]]
answers = "vehicle"
name = "api.writes"
takes = ["plate"]
[record]
key = "id"
[[field]]
field = "name"
full = "full_name"
[[field]]
field = "birth_date"
column = "born"
[[field]]
field = "document"
number = "doc_no"
[kind]
const = "wanted"
"""


@pytest.fixture(scope="module")
def functions(postgres, make_bank, tmp_path_factory):
    bank = make_bank("postgres", tmp_path_factory.mktemp("functions"), postgres)
    bank.run([f"{text};" for text in SCHEMA.split(";\n") if text.strip()])
    path = bank.folder / "functions.toml"
    path.write_text(MAPPING.format(url=postgres.url(bank.database)), encoding="utf-8")
    return dataclasses.replace(bank, path=path)


@pytest.fixture
async def adapter(functions):
    opened = await open_bank(functions.path, functions.folder)
    yield opened
    await opened.close()


def references(result):
    return [record.reference for record in result.records]


async def test_functions_find_by_number_and_name(adapter):
    assert references(await adapter.search(DocumentProbe("N7654321"), LIMITS)) == ["2"]
    name = (PersonName(full="Айгүл"),)
    assert references(await adapter.search(PersonProbe(name), LIMITS)) == ["1", "3"]
    born = PersonProbe(name, birth=PartialDate(1982))
    assert references(await adapter.search(born, LIMITS)) == ["1"]
    assert adapter.capability.fuzzy


async def test_function_that_finds_too_much_is_checked_and_cut(adapter):
    assert references(await adapter.search(DocumentProbe("ALL"), LIMITS)) == []
    found = await adapter.search(PersonProbe((PersonName(full="Айгүл"),)), Limits(1, 60))
    assert (references(found), found.truncated) == (["1"], True)


async def test_fetch_reads_by_reference(adapter):
    found = await adapter.fetch(["3", "1", "404", "", "1"], LIMITS)
    assert references(found) == ["1", "3"]


async def test_probe_without_a_function_is_rejected(adapter):
    for probe in (VehicleProbe(vin="WVW"), PersonProbe((PersonName(),))):
        with pytest.raises(QueryRejectedError):
            await adapter.search(probe, LIMITS)


async def test_function_that_writes_fails_and_nothing_is_torn(adapter):
    with pytest.raises(BankFaultError):
        await adapter.search(VehicleProbe(plate="123ABC02"), LIMITS)
    assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]


@pytest.mark.parametrize("text", [*HOSTILE, "N1\x00", "\ud800"])
async def test_hostile_text_is_a_value_and_tears_nothing(adapter, text):
    for probe in (DocumentProbe(text), PersonProbe((PersonName(full=text),))):
        try:
            found = references(await adapter.search(probe, LIMITS))
        except QueryRejectedError:
            found = []
        assert found == []
    assert references(await adapter.fetch([text], LIMITS)) in ([], [text.strip()])
    assert await adapter._engine.rows("SELECT id, word FROM tripwire", (), 60) == [(1, "whole")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "api.by_document",
            "api.by_dokument",
            r":16:8: function\.2\.name: the bank has no function",
        ),
        (
            '["number", "limit"]',
            '["number"]',
            r":16:8: function\.2\.name: .*parameters: 1, in this",
        ),
        (
            '"full_name"',
            '"fullname"',
            r":30:8: field\.1\.full: the rows of .* no column 'fullname'",
        ),
    ],
)
async def test_function_or_column_that_is_not_there_is_named_with_its_line(
    functions, old, new, told
):
    path = functions.folder / "wrong.toml"
    path.write_text(functions.path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(MappingError, match=told):
        await open_bank(path, functions.folder)


async def test_bank_check_proves_functions(functions):
    report = await prove(functions.path, Extent(references=("1", "3")))
    told = [finding.text for part in report.parts for finding in part.findings]
    assert report.good, told
    trips = next(part.rows for part in report.parts if part.name == "round trip")
    assert {row["field"]: row["found"] for row in trips} == {"name": "2", "document": "2"}
    path = functions.folder / "checked.toml"
    text = functions.path.read_text(encoding="utf-8").replace('"born"', '"borne"')
    path.write_text(text, encoding="utf-8")
    report = await prove(path, Extent())
    told = [finding.text for part in report.parts for finding in part.findings]
    assert not report.good
    assert told[0].startswith("checked.toml:33:10: field.2.column: the rows of")


async def test_bank_check_that_sees_no_record_is_not_green(functions):
    for references, told in (
        ((), "functions.toml:3:1: bank: the bank lists no records"),
        (
            ("1", "404"),
            "functions.toml:3:1: bank: 1 of 2 records that --reference tells cannot be read",
        ),
    ):
        report = await prove(functions.path, Extent(references=references))
        (found,) = [f for part in report.parts for f in part.findings if f.level == "error"]
        assert found.text.startswith(told)


PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
BEHIND_A_VIEW = """
CREATE TABLE secret (id INT PRIMARY KEY, full_name VARCHAR(200), born DATE, doc_no VARCHAR(20),
  hidden INT NOT NULL, KEY (doc_no));
INSERT INTO secret VALUES (1, 'Айгүл Нұрланова', '1982-05-03', 'N1234567', 0),
  (2, 'Ерлан Сейітов', '1975-12-31', 'N7654321', 1);
"""


@pytest.fixture
def view(mariadb, make_bank, tmp_path):
    """A bank on MariaDB behind the view of the page, with the user of the page."""
    page = PAGE.read_text(encoding="utf-8")
    told = re.search(r"<!-- run: view -->\n```sql\n(.*?)```", page, re.DOTALL)[1]
    bank = make_bank("mariadb", tmp_path, mariadb)
    bank.run([text for text in (BEHIND_A_VIEW + told).split(";\n") if text.strip()])
    (tmp_path / "password").write_text("a long password")
    mapping = MAPPING.replace('"postgres"', '"mariadb"\npassword_file = "password"')
    without = re.sub(r"\[\[function\]\].*(?=\[record\])", "", mapping, flags=re.DOTALL)
    text = without.replace("[record]", '[record]\ntable = "kalkan_persons"')
    text = re.sub(r'"(full_name|born|doc_no)"', r'"kalkan_persons.\1"', text)
    url = f"mariadb://kalkan@127.0.0.1:{mariadb.port}/{bank.database}"
    path = tmp_path / "view.toml"
    path.write_text(text.format(url=url), encoding="utf-8")
    yield path
    bank.run(["DROP USER kalkan@'127.0.0.1'"])


async def test_view_of_the_page_serves_where_procedures_are_not_called(view):
    adapter = await open_bank(view, view.parent)
    try:
        found = await adapter.search(DocumentProbe("N1234567"), LIMITS)
        assert references(found) == ["1"]
        assert references(await adapter.search(DocumentProbe("N7654321"), LIMITS)) == []
        assert [named.reference async for named in adapter.names()] == ["1"]
    finally:
        await adapter.close()
    report = await prove(view, Extent())
    assert report.good, [finding.text for part in report.parts for finding in part.findings]


async def test_view_of_the_page_hides_the_table(view):
    text = view.read_text(encoding="utf-8").replace("kalkan_persons", "secret")
    view.write_text(text, encoding="utf-8")
    with pytest.raises(
        MappingError, match=r"^view\.toml:\d+:9: record\.table: .*no table 'secret'"
    ):
        await open_bank(view, view.parent)
