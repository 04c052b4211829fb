"""An unknown schema becomes a searchable bank: draft, edit, check, try, as the page says."""

import asyncio
import json
import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.mapping.read import read_mapping
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from seeds.make import build
from seeds.service import serve
from tests.kit.shop import FAMILY, write_shop

PAGE = Path(__file__).parents[2] / "docs/connect-a-bank.md"


def blocks(language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def apply(edits, path):
    """Replace each `-` line by the `+` line after it; each is in the file exactly once."""
    lines = edits.splitlines()
    text = path.read_text(encoding="utf-8")
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(old[1:]) == 1, old
        text = text.replace(old[1:], new[1:])
    path.write_text(text, encoding="utf-8")
    return len(lines) // 2


def test_the_page_leads_from_an_unknown_schema_to_a_searchable_bank(tmp_path, kalkan, monkeypatch):
    """The commands of the page, in its order, with at most two edits between."""
    write_shop(tmp_path / "shop.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{PAGE.parents[1]}:{PAGE.parents[1]}/proto")
    (edits,) = blocks("diff")
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    edited = 0
    for command in commands:
        program, *words = shlex.split(command)
        if words[:2] == ["bank", "check"]:
            edited = apply(edits, tmp_path / "mapping.toml")
        done = kalkan(*words)
        assert (program, done.returncode) == ("kalkan", 0), f"{command}\n{done.stdout}{done.stderr}"
    assert edited <= 2
    assert {words.split()[2] for words in commands} == {"draft", "check", "try"}
    assert "1 hit" in done.stdout


@pytest.fixture
def shop(tmp_path, kalkan):
    """A folder with the shop and its draft, not edited."""
    write_shop(tmp_path / "shop.db")
    path = tmp_path / "mapping.toml"
    done = kalkan("bank", "draft", f"sqlite:///{tmp_path}/shop.db", "--to", str(path))
    assert done.returncode == 0, done.stderr
    return path


def change(path, statement):
    with closing(sqlite3.connect(path.parent / "shop.db")) as connection, connection:
        connection.execute(statement)


def errors(report):
    return [
        found.text for part in report.parts for found in part.findings if found.level == "error"
    ]


async def test_draft_without_any_edit_is_green(shop):
    report = await prove(shop, Extent())
    assert errors(report) == []
    assert [part.name for part in report.parts][-1] == "not mapped"


async def test_value_without_a_code_is_an_error_that_names_line_and_value(shop):
    change(shop, "UPDATE Employee SET Gender = 'Q' WHERE EmployeeId = 5")
    (text,) = errors(await prove(shop, Extent()))
    assert re.search(
        r"^mapping\.toml:\d+:\d+: field\.3: write into \[codes\.sexes\].*'Q' in 1 rows", text
    )


async def test_date_in_another_format_is_an_error_when_many_are(shop):
    change(shop, "UPDATE Employee SET BirthDate = '31.12.1999' WHERE EmployeeId < 9")
    found = errors(await prove(shop, Extent()))
    assert any("dates of Employee.BirthDate" in text for text in found)


async def test_number_written_as_nobody_asks_is_an_error_and_is_not_found(shop):
    change(
        shop,
        "UPDATE Employee SET PassportNo = 'N-' || substr(PassportNo, 2, 3) || '/' || EmployeeId",
    )
    report = await prove(shop, Extent())
    found = errors(report)
    assert any("such as 'A-999/99'" in text for text in found)
    assert any("not found by their own document" in text for text in found)


async def test_whole_table_above_the_budget_is_an_error_unless_the_mapping_allows_it(shop):
    found = errors(await prove(shop, Extent(budget=20)))
    assert len(found) == 2
    assert all("reads the whole of Employee" in text for text in found)
    assert all(re.match(r"mapping\.toml:\d+:1: field\.\d+: \w+ by ", text) for text in found)
    text = shop.read_text("utf-8").replace("[record]\n", '[record]\nscan = "allowed"\n')
    shop.write_text(text, encoding="utf-8")
    assert errors(await prove(shop, Extent(budget=20))) == []


async def test_column_that_is_gone_is_an_error_that_suggests_another(shop):
    text = shop.read_text("utf-8").replace("Employee.LastName", "Employee.LastNam")
    shop.write_text(text, encoding="utf-8")
    (found,) = errors(await prove(shop, Extent()))
    assert re.search(r"^mapping\.toml:\d+:10: field\.\d\.family: .*LastName", found)


async def test_reference_that_repeats_and_join_that_multiplies_are_errors(shop):
    text = shop.read_text("utf-8").replace('key = "EmployeeId"', 'key = "City"')
    join = (
        '[[join]]\ntable = "Customer"\non = { "Customer.SupportRepId" = "Employee.EmployeeId" }\n'
    )
    shop.write_text(text.replace("[[field]]", f"{join}[[field]]", 1), encoding="utf-8")
    found = errors(await prove(shop, Extent()))
    assert re.match(
        r"mapping\.toml:\d+:7: record\.key: 60 rows have the same Employee\.City", found[0]
    )
    assert re.match(r"mapping\.toml:\d+:6: join\.1\.on: up to 60 rows of 'Customer'", found[1])


async def test_file_that_is_not_there_is_named(shop):
    (shop.parent / "shop.db").rename(shop.parent / "other.db")
    (found,) = errors(await prove(shop, Extent()))
    assert re.match(r"mapping\.toml:\d+:7: sql\.url: there is no file 'shop\.db'", found)


async def test_empty_bank_is_an_error(shop):
    change(shop, "DELETE FROM Employee")
    assert any("no records" in text for text in errors(await prove(shop, Extent())))


def test_no_personal_data_are_in_what_a_check_shows(shop, kalkan):
    change(
        shop, "UPDATE Employee SET Gender = LastName, BirthDate = Email, PassportNo = Phone || '/x'"
    )
    for way in ((), ("--json",)):
        done = kalkan("bank", "check", str(shop), *way)
        assert done.returncode == 1
        shown = done.stdout + done.stderr
        assert [word for word in FAMILY if word in shown] == []
        assert "@shop.example" not in shown
        assert re.search(r"7701\d{4}", shown) is None


def test_check_as_json_ends_with_how_it_came_out(shop, kalkan):
    lines = [
        json.loads(line)
        for line in kalkan("bank", "check", str(shop), "--json").stdout.splitlines()
    ]
    assert lines[-1] == {"event": "ended", "bank": "shop", "good": True, "errors": 0, "warnings": 0}
    assert {"columns", "codes", "plans", "round trip"} <= {line.get("part") for line in lines}


def test_try_says_hit_and_no_hit_and_what_cannot_be_asked(shop, kalkan):
    hit = kalkan("bank", "try", str(shop), "document", "--number", "n00000007", "--json")
    assert hit.returncode == 0
    assert json.loads(hit.stdout)["reference"] == "7"
    assert kalkan("bank", "try", str(shop), "document", "--number", "N99999999").returncode == 1
    wrong = kalkan("bank", "try", str(shop), "vehicle", "--plate", "123ABC")
    assert (wrong.returncode, "no field for vehicle" in wrong.stderr) == (2, True)
    missing = kalkan("bank", "check", str(shop.parent / "none.toml"))
    assert (missing.returncode, "no such mapping" in missing.stderr) == (2, True)


def test_draft_never_writes_over_a_file(shop, kalkan):
    before = shop.read_bytes()
    done = kalkan("bank", "draft", f"sqlite:///{shop.parent}/shop.db", "--to", str(shop))
    assert done.returncode == 2
    assert shop.read_bytes() == before


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    build(folder, seed=1, rows=60, documents=60)
    return folder / "nodes"


async def test_service_without_tables_is_checked_by_what_it_answers(home):
    folder = home / "IRN/banks/persons"
    service = await serve(folder / "afrad.jsonl", 0)
    try:
        text = (folder / "mapping.toml").read_text("utf-8")
        pointed = text.replace(":8801", f":{service.addresses[0][1]}")
        pointed = pointed.replace("timeout_s = 2.0", "timeout_s = 30.0")  # it is in this process
        (folder / "mapping.toml").write_text(pointed, encoding="utf-8")
        report = await prove(folder / "mapping.toml", Extent())
    finally:
        await service.cleanup()
    assert errors(report) == []
    trips = next(part for part in report.parts if part.name == "round trip")
    found = {row["field"]: row for row in trips.rows}
    assert found.keys() >= {"name", "document"}
    assert all(row["looked for"] == row["found"] for row in found.values())


async def test_service_of_iran_is_drafted_from_its_document(home, tmp_path, kalkan):
    """Nothing is edited: what its words for countries mean stays a comment, which is no fault."""
    service = await serve(home / "IRN/banks/persons/afrad.jsonl", 0)
    path = tmp_path / "mapping.toml"
    url = f"http://127.0.0.1:{service.addresses[0][1]}/openapi.json"
    try:
        done = await asyncio.to_thread(kalkan, "bank", "draft", url, "--to", str(path))
        assert done.returncode == 0, done.stderr
        # Only the time is another: the service is in this process.
        patient = tmp_path / "patient.toml"
        text = path.read_text(encoding="utf-8")
        patient.write_text(text.replace("[http]\n", "[http]\ntimeout_s = 30.0\n"), "utf-8")
        report = await prove(patient, Extent())
    finally:
        await service.cleanup()
    assert errors(report) == []
    mapping = read_mapping(path)
    assert (mapping.key, mapping.http.next.page) == ("shenase", "safhe")
    assert {search.path for search in mapping.http.searches} == {"/asnad", "/hoviyat"}
    born = next(block for block in mapping.fields if block.name == "birth_date")
    assert (born.column, born.calendar) == ("tarikh_tavalod", "solar_hijri")


@pytest.mark.parametrize("bank", ["KAZ/persons", "AFG/persons", "TJK/persons", "MDV/persons"])
async def test_mapping_of_a_demonstration_bank_is_green(home, bank):
    member, name = bank.split("/")
    assert errors(await prove(home / member / "banks" / name / "mapping.toml", Extent())) == []


def test_kazakh_register_is_drafted_with_its_tables(home, kalkan, tmp_path):
    path = tmp_path / "mapping.toml"
    url = f"sqlite:///{home}/KAZ/banks/persons/izdeu.sqlite"
    assert kalkan("bank", "draft", url, "--to", str(path)).returncode == 0
    mapping = read_mapping(path)
    assert mapping.record.table == "tulgha"
    assert {many.table for many in mapping.children} == {"lakap", "qujat", "telefon"}
    found = {block.name.value for block in mapping.fields}
    assert found >= {"name", "birth_date", "sex", "document", "identifier"}
    assert kalkan("bank", "check", str(path)).returncode == 0


async def test_bank_in_each_engine_is_proved_with_its_own_plans(bank):
    """The synthetic bank has no index on most of its numbers, but few rows."""
    report = await prove(bank.path, Extent())
    assert errors(report) == []
    plans = next(part for part in report.parts if part.name == "plans")
    assert {row["query"] for row in plans.rows} >= {"fetch", "names", "document by qujat.nomir"}


def test_bank_on_each_server_is_drafted(server_bank, kalkan, tmp_path):
    path = tmp_path / "mapping.toml"
    url = server_bank.server.url(server_bank.database)
    done = kalkan("bank", "draft", url, "--to", str(path), "--table", "tulgha")
    assert done.returncode == 0, done.stderr
    mapping = read_mapping(path)
    assert (mapping.record.table, mapping.keys) == ("tulgha", ("tulgha.id",))
    assert "qujat" in {many.table for many in mapping.children}
