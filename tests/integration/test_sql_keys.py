"""Keys of two columns in SQLite, PostgreSQL and MariaDB: read, paged, tied, and by their index."""

import asyncio
import json
from dataclasses import replace

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import BankTimeoutError, DocumentProbe, FieldName, Limits, PartialDate
from adapters.mapping.keys import spread
from adapters.mapping.read import read_mapping
from adapters.mapping.translate import PAGE, Translator
from adapters.proving.prove import prove
from adapters.proving.subject import Extent

LIMITS = Limits(rows=1000, timeout_s=60)
REGIONS = {1: 2300, 2: 300, 12: 400}
"""The first page, and the second, end inside the first region."""

STRANGE = ("A-1", "~", "A~-1", "o'x", " 7", 'q"', "ж-ß")
TABLES = (
    "DROP TABLE IF EXISTS person",
    "DROP TABLE IF EXISTS paper",
    (
        "CREATE TABLE person (region INTEGER NOT NULL, number CHAR(8) NOT NULL, name VARCHAR(50),"
        " gone INTEGER NOT NULL, changed VARCHAR(30), PRIMARY KEY (region, number))"
    ),
    "CREATE TABLE paper (region INTEGER, number CHAR(8), doc VARCHAR(20))",
    "CREATE INDEX paper_doc ON paper (doc)",
    "CREATE INDEX paper_key ON paper (region, number)",
)
MAPPING = """
version = 1
[bank]
id = "keys"
title = "Persons by region"
kind = "sql"
scripts = ["Latn"]
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "person"
key = ["region", "number"]
where = "gone = 0"
as_of_column = "changed"
watermark_column = "changed"
[[many]]
table = "paper"
on = {{ "paper.region" = "person.region", "paper.number" = "person.number" }}
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "document"
number = "paper.doc"
[kind]
const = "wanted"
"""


GIVEN = ("Timur", "Aygül", "Dilshod", "Merey", "Leyla", "Rustam", "Zarina", "Orhan", "Nigora")
FAMILY = ("Karimov", "Sultan", "Demir", "Aliyev", "Nurlan", "Yusuf", "Rahim", "Safarov", "Toktar")


def call(region, number):
    """A name that few others have."""
    first, place = divmod(number, len(GIVEN))
    return f"{GIVEN[place]} {GIVEN[first % 9]}bek {FAMILY[first // 9 % 9]}{'aeiou'[region % 5]}"


def write_rows():
    people = [(r, f"{n:06}", call(r, n), 0) for r, count in REGIONS.items() for n in range(count)]
    people += [(9, number, "Strange", 0) for number in STRANGE] + [(9, "gone", "Gone", 1)]
    return people


def insert(table, rows):
    for start in range(0, len(rows), 500):
        told = (
            ", ".join(str(v) if isinstance(v, int) else "'" + v.replace("'", "''") + "'" for v in r)
            for r in rows[start : start + 500]
        )
        yield f"INSERT INTO {table} VALUES {', '.join(f'({each})' for each in told)}"


@pytest.fixture(scope="module")
def path(bank):
    people = [(*row, f"2026-01-{row[0]:02}T00:00:00Z") for row in write_rows()]
    papers = [(r, number, f"D{r}{number.strip()}") for r, number, *_ in people]
    analyse = {"mariadb": "ANALYZE TABLE person, paper"}.get(bank.engine, "ANALYZE")
    bank.run([*TABLES, *insert("person", people), *insert("paper", papers), analyse])
    return write_mapping(bank, "keys", MAPPING)


def write_mapping(bank, name, text):
    url = "sqlite:///bank.sqlite" if bank.server is None else bank.server.url(bank.database)
    path = bank.folder / f"{name}.toml"
    path.write_text(text.format(engine=bank.engine, url=url), encoding="utf-8")
    return path


@pytest.fixture
async def adapter(path):
    opened = await open_bank(path, path.parent)
    yield opened
    await opened.close()


def references():
    """How the records are called: fixed here, so that what banks are told stays the same."""
    plain = [f"{r}-{n:06}" for r, count in REGIONS.items() for n in range(count)]
    return [*plain, "9-A~-1", "9-~~", "9-A~~~-1", "9-o'x", "9- 7", '9-q"', "9-ж~-ß"]


async def test_every_page_of_names_is_read_once(adapter):
    found = [named.reference async for named in adapter.names()]
    assert sorted(found) == sorted(references())


async def test_each_record_is_read_again_by_its_reference(adapter):
    asked = references()
    for start in range(0, len(asked), 1000):
        part = asked[start : start + 1000]
        result = await adapter.fetch(part, LIMITS)
        assert sorted(record.reference for record in result.records) == sorted(part)
        assert not result.truncated


async def test_child_rows_belong_to_the_whole_key(adapter):
    result = await adapter.fetch(["1-000007", "2-000007", "12-000007", "9-A~-1"], LIMITS)
    found = {r.reference: [d.number for d in r.values(FieldName.DOCUMENT)] for r in result.records}
    assert found == {
        "1-000007": ["D1000007"],
        "2-000007": ["D2000007"],
        "12-000007": ["D12000007"],
        "9-A~-1": ["D9A-1"],
    }


async def test_record_is_found_by_its_document_with_its_reference(adapter):
    result = await adapter.search(DocumentProbe("D12000399"), LIMITS)
    assert [record.reference for record in result.records] == ["12-000399"]
    assert (await adapter.as_of()).isoformat() == "2026-01-12T00:00:00+00:00"
    assert await adapter.watermark() == "2026-01-12T00:00:00Z"


async def test_reference_of_another_form_or_of_nobody_finds_nothing(adapter):
    hostile = [
        *("", "-", "1", "1-", "-000007", "1-000007-", "1-000007-1", "1--000007", "1000007"),
        *(
            "01-000007",
            "+1-000007",
            " 1-000007",
            "1 -000007",
            "1.0-000007",
            "1e0-000007",
            "１-000007",
        ),
        *("1-000007 ", "1-000007\x00", "1-000007\t", "1-7", "x-000007", "99999999999999999999-1"),
        *("~-1-000007", "9-A-1", "9-~", "9-A~1", "9-gone", "3-000007", "1-\ud800", "9-7", "9-a~-1"),
        *("1-0' OR '1'='1", "1-000007' --", "1-%", "1-______", "~" * 100, "1-" + "9" * 200),
        *("1) OR (1=1", "1-000007;DROP TABLE person", "1-000007\u2028", "1-$1", "1-:1", "1-?"),
    ]
    for reference in hostile:
        assert (await adapter.fetch([reference], LIMITS)).records == (), reference
    result = await adapter.fetch([*hostile, "1-000007"], LIMITS)
    assert [record.reference for record in result.records] == ["1-000007"]


async def test_call_without_time_ends_at_once(adapter):
    with pytest.raises(BankTimeoutError):
        await adapter.fetch(["1-000007"], Limits(rows=1, timeout_s=0))


INDEXES = {
    "sqlite": ("(region=? AND number=?)", "(region,number)>(?,?)"),
    "postgres": (
        "((region = 1) AND (number = '000007'::bpchar))",
        "(ROW(region, number) > ROW(1, '000007'::bpchar))",
    ),
}


async def explain(bank, statement, values):
    how = {"sqlite": "EXPLAIN QUERY PLAN ", "postgres": "EXPLAIN (FORMAT JSON) "}
    engine = bank.connect()
    try:
        text = how.get(bank.engine, "EXPLAIN FORMAT=JSON ") + statement.text
        return await engine.rows(text, statement.bind(values), 60)
    finally:
        await engine.close()


def conditions(plan):
    """The conditions that indexes of PostgreSQL are read by."""
    found = [plan["Index Cond"]] if "Index Cond" in plan else []
    return [*found, *(c for below in plan.get("Plans", ()) for c in conditions(below))]


async def serve(bank, statement, values):
    """What of a statement the index of the key serves, as the engine tells it."""
    rows = await explain(bank, statement, values)
    if bank.engine == "sqlite":
        return " ".join(str(row[3]) for row in rows)
    if bank.engine == "postgres":
        return " ".join(conditions(json.loads(rows[0][0])[0]["Plan"]))
    return json.loads(rows[0][0])


@pytest.mark.parametrize("size", [1, 8, 64])
async def test_index_of_the_key_serves_lists_of_references(bank, path, size):
    statement = Translator(read_mapping(path), bank.connect().dialect).fetch(size)
    keys = [((1, 2, 12)[n % 3], f"{n + 7:06}") for n in range(size)]
    told = await serve(bank, statement, {**spread("key", keys), "limit": [size]})
    if bank.engine != "mariadb":
        assert INDEXES[bank.engine][0] in told
        return
    table = find_table(told)
    assert (table["key"], table["used_key_parts"]) == ("PRIMARY", ["region", "number"])
    assert table["rows"] <= size


async def test_index_of_the_key_serves_the_next_page(bank, path):
    statement = Translator(read_mapping(path), bank.connect().dialect).names(after=True)
    values = {**spread("after", [(1, "000007")]), "limit": [PAGE]}
    told = await serve(bank, statement, values)
    if bank.engine != "mariadb":
        assert INDEXES[bank.engine][1] in told
        return
    table = find_table(told)
    assert (table["access_type"], table["used_key_parts"]) == ("range", ["region", "number"])


def find_table(plan):
    """The one table of a plan of MariaDB."""
    if isinstance(plan, dict) and "table" in plan:
        return plan["table"]
    below = plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ()
    return next((found for each in below if (found := find_table(each))), None)


async def test_check_is_green_and_every_query_is_served_by_an_index(path):
    report = await prove(path, Extent(trips=10))
    findings = [finding.text for part in report.parts for finding in part.findings]
    assert report.good, findings
    rows = {part.name: part.rows for part in report.parts}
    assert {row["way"] for row in rows["plans"]} == {"index"}
    assert len({json.dumps(row) for row in rows["plans"]}) == len(rows["plans"])
    assert {row["query"] for row in rows["plans"]} == {
        *("fetch", "names", "rows of paper", "document by paper.doc")
    }
    assert {"column": "person.region, person.number", "rows of one value at most": "1"} in rows[
        "keys"
    ]


TYPED = """
version = 1
[bank]
id = "typed"
title = "Keys of dates and numbers"
kind = "sql"
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "act"
key = ["day", "serial", "part"]
strict = ["birth_date"]
[[field]]
field = "name"
full = "act.name"
[[field]]
field = "birth_date"
column = "act.day"
[kind]
const = "wanted"
"""
ACTS = (
    "DROP TABLE IF EXISTS act",
    (
        "CREATE TABLE act (day DATE NOT NULL, serial NUMERIC(12) NOT NULL,"
        " part VARCHAR(3) NOT NULL, name VARCHAR(50), PRIMARY KEY (day, serial, part))"
    ),
    "INSERT INTO act VALUES ('1998-03-04', 12, 'A', 'Timur Karimov')",
    "INSERT INTO act VALUES ('1998-03-04', -12, 'b-', 'Leyla Demir')",
    "INSERT INTO act SELECT day, 100 + serial, part, name FROM act",
)


@pytest.fixture(scope="module")
def typed(bank):
    bank.run([*ACTS, *insert("act", [("1999-01-01", n, "C", "Orhan") for n in range(PAGE)])])
    return write_mapping(bank, "typed", TYPED)


async def test_parts_are_compared_by_their_types(typed):
    adapter = await open_bank(typed, typed.parent)
    try:
        first = "1998~-03~-04"
        known = {f"{first}-12-A", f"{first}-112-A", f"{first}-~-12-b~-", f"{first}-88-b~-"}
        names = [named.reference async for named in adapter.names()]
        assert {each for each in names if each.startswith(first)} == known
        assert len(names) == len(set(names)) == PAGE + 4
        found = (await adapter.fetch([*known], LIMITS)).records
        assert {record.reference for record in found} == known
        assert {r.values(FieldName.BIRTH_DATE) for r in found} == {(PartialDate(1998, 3, 4),)}
        born = replace(LIMITS, birth=PartialDate(1971))
        assert (await adapter.fetch([*known], born)).records == ()
        others = (
            f"{first}-12.0-A",
            f"{first}-twelve-A",
            "yesterday-12-A",
            f"{first}-1{'0' * 40}-A",
        )
        assert (await adapter.fetch(others, LIMITS)).records == ()
    finally:
        await adapter.close()


CSV = "region;number;name;doc\n12;000345;Timur Karimov;N1\n13;000345;Leyla Demir;N2\n;7;Nobody;N3\n"
FILES = """
version = 1
[bank]
id = "export"
title = "An export"
kind = "files"
[files]
format = "csv"
delimiter = ";"
[[files.table]]
table = "person"
path = "person.csv"
[record]
table = "person"
key = ["region", "number"]
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "document"
number = "person.doc"
[kind]
const = "wanted"
"""


async def test_files_have_keys_of_several_columns_too(tmp_path):
    (tmp_path / "person.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "bank.toml").write_text(FILES, encoding="utf-8")
    adapter = await open_bank(tmp_path / "bank.toml", tmp_path)
    try:
        names = [named.reference async for named in adapter.names()]
        assert names == ["12-000345", "13-000345"]
        (record,) = (await adapter.search(DocumentProbe("N2"), LIMITS)).records
        assert record.reference == "13-000345"
        found = await adapter.fetch(["13-000345", "13-345", "-7"], LIMITS)
        assert [record.reference for record in found.records] == ["13-000345"]
    finally:
        await adapter.close()


async def test_plan_of_keys_that_a_birth_date_decides_on_is_shown(typed):
    report = await prove(typed, Extent(trips=1))
    rows = next(part.rows for part in report.parts if part.name == "plans")
    found = {(row["query"], row["way"]) for row in rows}
    assert {("fetch", "index"), ("fetch by birth_date", "index")} <= found


PARTLY = TYPED.replace('["day", "serial", "part"]', '["day", "serial"]').replace('"act', '"partly')


def test_page_that_ends_in_a_day_known_in_part_is_not_the_last(make_bank, mariadb, tmp_path):
    bank = make_bank("mariadb", tmp_path, mariadb)
    days = ["1997-01-01"] * (PAGE - 1) + ["1998-00-00"] + ["1998-03-04"] * 5
    days = [(n, day, f"Orhan {n}") for n, day in enumerate(days)]
    table = (
        "CREATE TABLE partly (serial INTEGER, day DATE, name CHAR(12), PRIMARY KEY (day, serial))"
    )
    bank.run([table, *insert("partly", days)])

    async def read():
        adapter = await open_bank(path, path.parent)
        try:
            return [named.reference async for named in adapter.names()]
        finally:
            await adapter.close()

    path = write_mapping(bank, "partly", PARTLY)
    assert asyncio.run(read())[PAGE - 2 :] == [
        f"1997~-01~-01-{PAGE - 2}",
        *(f"1998~-03~-04-{n}" for n in range(PAGE, PAGE + 5)),
    ]
