"""A register whose tables have keys of two columns: drafted and checked without one edit."""

import json
import sqlite3
from contextlib import closing

import pytest

from adapters.mapping.read import read_mapping

TABLES = (
    (
        "CREATE TABLE kisi (il CHAR(2), kutuk INTEGER, adi VARCHAR(40), soyadi VARCHAR(40),"
        " dogum DATE, PRIMARY KEY (il, kutuk))"
    ),
    (
        "CREATE TABLE pasaport (il CHAR(2), kutuk INTEGER, seri CHAR(2), pasaport_no VARCHAR(9),"
        " PRIMARY KEY (seri, pasaport_no), FOREIGN KEY (il, kutuk) REFERENCES kisi (il, kutuk))"
    ),
)
GIVEN = ("Ayşe", "Mehmet", "Fatma", "Ömer", "Zeynep", "Emre", "Elif", "Can", "Işıl", "Deniz")
FAMILY = ("Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Yıldız", "Aydın", "Öztürk", "Arslan")


def rows():
    for n in range(180):
        key = f"'{('06', '34')[n % 2]}', {n // 2 + 1}"
        name = f"'{GIVEN[n % 10]}', '{FAMILY[n % 9]}'"
        yield f"INSERT INTO kisi VALUES ({key}, {name}, '19{50 + n % 40}-0{1 + n % 9}-11')"
        yield f"INSERT INTO pasaport VALUES ({key}, 'TR', '{1000000 + n}')"


@pytest.fixture(scope="module")
def url(bank):
    if bank.server is not None:
        bank.run(["DROP TABLE IF EXISTS tulgha", "DROP TABLE IF EXISTS qujat", *TABLES, *rows()])
        return bank.server.url(bank.database)
    with closing(sqlite3.connect(bank.folder / "nufus.sqlite")) as connection, connection:
        for text in (*TABLES, *rows()):
            connection.execute(text)
    return f"sqlite:///{bank.folder}/nufus.sqlite"


def test_register_with_joint_keys_is_drafted_and_checked_without_an_edit(url, tmp_path, kalkan):
    path = tmp_path / "mapping.toml"
    done = kalkan("bank", "draft", url, "--to", str(path))
    assert done.returncode == 0, done.stderr
    mapping = read_mapping(path)
    assert (mapping.record.table, mapping.record.key) == ("kisi", ("il", "kutuk"))
    checked = kalkan("bank", "check", str(path))
    assert checked.returncode == 0, checked.stdout
    tried = kalkan("bank", "try", str(path), "document", "--number", "1000007", "--json")
    assert [json.loads(line)["reference"] for line in tried.stdout.splitlines()] == ["34-4"]
    tried = kalkan("bank", "try", str(path), "person", "--name", "Omer Yilmaz", "--json")
    assert "34-" in tried.stdout or "06-" in tried.stdout
