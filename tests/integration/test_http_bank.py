"""A bank of kind http against the JSON service of the demonstration, from mapping to records."""

import asyncio
import json
import sys

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankUnavailableError,
    Document,
    DocumentKind,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    PartialDate,
    QueryRejectedError,
    Sex,
    VehicleProbe,
)
from seeds.service import serve

LIMITS = Limits(rows=20, timeout_s=60)

MAPPING = """
version = 1
[bank]
id = "persons"
title = "پایگاه اشخاص"
kind = "http"
scripts = ["Arab"]
[http]
url = "http://127.0.0.1:{port}"
rows = "natayej.items"
token_file = "token"
timeout_s = 30.0
next = {{ page = "safhe", size = "tedad", rows = 7, total = "natayej.total" }}
error = {{ path = "khata.kod" }}
[http.list]
path = "/afrad"
[http.get]
path = "/afrad/{{reference}}"
[http.state]
path = "/vaziat"
watermark = "neshan"
[[http.search]]
path = "/asnad"
probe = "document"
query = {{ shomare = "number" }}
[[http.search]]
path = "/hoviyat"
probe = "identifier"
query = {{ kod_melli = "value" }}
[record]
key = "shenase"
[[many]]
table = "madarek"
[[field]]
field = "name"
given = "nam"
family = "nam_khanevadegi"
patronymic = "nam_pedar"
[[field]]
field = "birth_date"
column = "tarikh_tavalod"
format = "YYYY/MM/DD"
calendar = "solar_hijri"
[[field]]
field = "sex"
column = "jensiat"
codes = "sexes"
[[field]]
field = "document"
number = "madarek.shomare"
document_kind = {{ column = "madarek.noe", codes = "papers" }}
[[field]]
field = "identifier"
identifier_kind = "national_number"
column = "kod_melli"
[kind]
const = "registered"
[codes.sexes]
"مرد" = "male"
"زن" = "female"
[codes.papers]
"گذرنامه" = "passport"
"""


def person(number):
    return {
        "shenase": f"IR/{number}",
        "nam": "آرش",
        "nam_khanevadegi": f"نمونه {number}",
        "nam_pedar": "بهرام",
        "tarikh_tavalod": "1365/04/12",
        "jensiat": "مرد",
        "kod_melli": f"00{number:08}",
        "madarek": [{"noe": "گذرنامه", "shomare": f"K {number:06}"}],
    }


@pytest.fixture
async def service(tmp_path):
    (tmp_path / "token").write_text("open-sesame\n")
    lines = (json.dumps(person(number), ensure_ascii=False) for number in range(50))
    (tmp_path / "afrad.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    runner = await serve(tmp_path / "afrad.jsonl", 0, token="open-sesame")
    port = runner.addresses[0][1]
    (tmp_path / "persons.toml").write_text(MAPPING.format(port=port), encoding="utf-8")
    yield runner
    await runner.cleanup()


@pytest.fixture
async def bank(service, tmp_path):
    adapter = await open_bank(tmp_path / "persons.toml", tmp_path)
    yield adapter
    await adapter.close()


async def test_bank_finds_a_document_and_reads_the_whole_record(bank):
    (record,) = (await bank.search(DocumentProbe("K000042"), LIMITS)).records
    assert record.reference == "IR/42"
    assert record.values(FieldName.NAME)[0].text == "آرش بهرام نمونه 42"
    assert record.values(FieldName.BIRTH_DATE) == (PartialDate(1986, 7, 3),)
    assert record.values(FieldName.SEX) == (Sex.MALE,)
    assert record.values(FieldName.DOCUMENT) == (Document("K 000042", DocumentKind.PASSPORT),)


async def test_bank_finds_a_national_number_and_nothing_else(bank):
    async def find(kind, value):
        probe = IdentifierProbe(Identifier(kind, value))
        return [r.reference for r in (await bank.search(probe, LIMITS)).records]

    assert await find(IdentifierKind.NATIONAL_NUMBER, "0000000007") == ["IR/7"]
    assert await find(IdentifierKind.NATIONAL_NUMBER, "9900000007") == []
    assert await find(IdentifierKind.PHONE, "0000000007") == []
    with pytest.raises(QueryRejectedError):
        await bank.search(VehicleProbe(plate="1"), LIMITS)


async def test_bank_names_everybody_and_fetches_who_was_named(bank):
    named = [named async for named in bank.names()]
    assert len({one.reference for one in named}) == 50
    asked = [one.reference for one in named[:12]]
    found = await bank.fetch([*asked, "IR/999"], LIMITS)
    assert [record.reference for record in found.records] == asked
    assert await bank.watermark()


async def test_bank_is_unavailable_when_the_service_stops(bank, service):
    await service.cleanup()
    with pytest.raises(BankUnavailableError):
        await bank.search(DocumentProbe("K000042"), LIMITS)


async def test_bank_is_at_fault_when_the_token_is_wrong(service, tmp_path):
    (tmp_path / "token").write_text("wrong")
    adapter = await open_bank(tmp_path / "persons.toml", tmp_path)
    with pytest.raises(BankFaultError, match="token"):
        await adapter.search(DocumentProbe("K000042"), LIMITS)
    await adapter.close()


async def test_service_runs_from_the_command_line(tmp_path):
    (tmp_path / "afrad.jsonl").write_text(json.dumps(person(1)), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "seeds.service", str(tmp_path / "afrad.jsonl"), "--port", "0",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        line = (await process.stdout.readline()).decode()
        port = int(line.rpartition(" ")[2])
        (tmp_path / "token").write_text("none")
        (tmp_path / "persons.toml").write_text(MAPPING.format(port=port), encoding="utf-8")
        adapter = await open_bank(tmp_path / "persons.toml", tmp_path)
        assert (await adapter.fetch(["IR/1"], LIMITS)).records[0].reference == "IR/1"
        await adapter.close()
    finally:
        process.terminate()
        await process.communicate()
