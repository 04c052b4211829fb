"""Banks that keep their texts in an old code page are asked for what it can hold, for nothing else.

Servers refuse to compare a text with letters that a column cannot hold.
"""

import asyncio

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    VehicleProbe,
)
from tests.integration.conftest import run_server

LIMITS = Limits(rows=20, timeout_s=60)
PAGES = {
    "latin1": ("mariadb", "CHARACTER SET latin1", "ÄÖ123"),
    "latin5": ("mariadb", "CHARACTER SET latin5", "ŞĞ123"),
    "cp1251": ("mariadb", "CHARACTER SET cp1251", "ЖЯ123"),
    "utf8mb3": ("mariadb", "CHARACTER SET utf8mb3", "ЖŞ123"),
    "WIN1251": ("postgres", "", "ЖЯ123"),
    "LATIN5": ("postgres", "", "ŞĞ123"),
}
MAPPING = """
version = 1
[bank]
id = "old"
title = "Old texts"
kind = "sql"
scripts = ["Cyrl", "Arab"]
[sql]
engine = "{engine}"
url = "{url}"
[record]
table = "car"
key = "id"
[[field]]
field = "plate"
column = "car.plate"
[computed]
"car.packed" = "TRIM(plate)"
[[field]]
field = "identifier"
identifier_kind = "handle"
column = "car.packed"
[[field]]
field = "document"
number = "car.number"
series = "car.series"
[kind]
const = "stolen_vehicle"
"""


@pytest.fixture(scope="module", params=PAGES)
def path(request, tmp_path_factory):
    engine, page, plate = PAGES[request.param]
    server = request.getfixturevalue(engine)
    database = f"old_{request.param.lower()}"
    template = f" ENCODING '{request.param}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    create = f"CREATE DATABASE {database}{template if engine == 'postgres' else ''}"
    home = "postgres" if engine == "postgres" else "mysql"
    asyncio.run(run_server(server, home, [create]))
    text = f"VARCHAR(20) {page}"
    table = (
        f"CREATE TABLE car (id VARCHAR(9) PRIMARY KEY, plate {text}, series {text}, number {text})"
    )
    rows = f"INSERT INTO car VALUES ('1', '{plate}', 'AB', '4567'), ('2', 'K 77', NULL, 'C 89')"
    asyncio.run(run_server(server, database, [table, rows]))
    path = tmp_path_factory.mktemp(database) / "old.toml"
    path.write_text(MAPPING.format(engine=engine, url=server.url(database)), encoding="utf-8")
    return path, plate


async def find(path, probe):
    adapter = await open_bank(path, path.parent)
    try:
        return [record.reference for record in (await adapter.search(probe, LIMITS)).records]
    finally:
        await adapter.close()


async def test_number_in_letters_of_the_code_page_is_found(path):
    assert await find(path[0], VehicleProbe(plate=path[1])) == ["1"]
    assert await find(path[0], VehicleProbe(plate="K77")) == ["2"]
    assert await find(path[0], DocumentProbe("AB 4567")) == ["1"]
    assert await find(path[0], DocumentProbe("C89")) == ["2"]


@pytest.mark.parametrize("number", ["Ж1", "Ş1", "ქართ1", "𐓏1", "ع1", "你1"])
async def test_number_in_letters_that_the_code_page_has_not_is_no_hit(path, number):
    assert await find(path[0], VehicleProbe(plate=number)) == []
    assert await find(path[0], DocumentProbe(f"AB{number}")) == []
    handle = Identifier(IdentifierKind.HANDLE, number)
    assert await find(path[0], IdentifierProbe(handle)) == []
