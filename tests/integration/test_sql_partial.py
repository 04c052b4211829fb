"""Native dates that are known in part: MariaDB stores 1982-00-00, its driver has no such day."""

import asyncio

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import FieldName, Limits, PartialDate

LIMITS = Limits(rows=20, timeout_s=60)
TABLES = (
    "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
    "CREATE TABLE born (id INTEGER PRIMARY KEY, name VARCHAR(50), day DATE NOT NULL)",
    "CREATE TABLE gone (born_id INTEGER, at DATETIME)",
    "INSERT INTO born VALUES (1, 'Ayşe Yılmaz', '1982-05-03'), (2, 'Ömer Kaya', '1982-05-00')",
    "INSERT INTO born VALUES (3, 'Şule Demir', '1982-00-00'), (4, 'Işıl Şahin', '0000-00-00')",
    "INSERT INTO born VALUES (5, 'Can Ay', '1982-02-31'), (6, 'Su Su', '0000-05-03')",
    "INSERT INTO gone VALUES (1, '2001-00-00 00:00:00'), (2, '2002-02-03 23:59:59'), (3, NULL)",
)
MAPPING = """
version = 1
[bank]
id = "born"
title = "Persons by birth"
kind = "sql"
[sql]
engine = "mariadb"
url = "{url}"
[record]
table = "born"
key = "id"
[[many]]
table = "gone"
on = {{ "gone.born_id" = "born.id" }}
[[field]]
field = "name"
full = "born.name"
[[field]]
field = "birth_date"
column = "born.day"
format = "DD.MM.YYYY"
calendar = "solar_hijri"
[[field]]
field = "loss_date"
column = "gone.at"
[kind]
const = "wanted"
"""


@pytest.fixture(scope="module")
def path(make_bank, mariadb, tmp_path_factory):
    bank = make_bank("mariadb", tmp_path_factory.mktemp("partial"), mariadb)
    bank.run(TABLES)
    written = bank.folder / "born.toml"
    written.write_text(MAPPING.format(url=mariadb.url(bank.database)), encoding="utf-8")
    return written


async def read_dates(path, name):
    adapter = await open_bank(path, path.parent)
    try:
        found = await adapter.fetch([str(number) for number in range(1, 7)], LIMITS)
    finally:
        await adapter.close()
    return {
        record.reference: [field.value for field in record.fields if field.name is name]
        for record in found.records
    }


def test_birth_dates_keep_what_is_known_of_them(path):
    found = asyncio.run(read_dates(path, FieldName.BIRTH_DATE))
    assert found == {
        "1": [PartialDate(1982, 5, 3)],
        "2": [PartialDate(1982, 5)],
        "3": [PartialDate(1982)],
        "4": [],
        "5": [],
        "6": [],
    }


def test_points_in_time_of_child_rows_keep_what_is_known_of_them(path):
    found = asyncio.run(read_dates(path, FieldName.LOSS_DATE))
    assert [found[key] for key in "123"] == [[PartialDate(2001)], [PartialDate(2002, 2, 3)], []]
