"""How the engines of the long tail are reached, and what their drivers make of our values."""

import pytest
import sqlalchemy

from adapters.banks.registry import open_bank
from adapters.banks.sql import tails
from adapters.banks.sql.address import Address
from adapters.banks.sql.tails import TAILS, write_url
from adapters.contract import MappingError
from adapters.mapping.sources import Sql

MAPPING = """
version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
[sql]
engine = "{engine}"
url = "{engine}://reader@127.0.0.1:9/base"
{more}
[record]
table = "T"
key = "ID"
[[field]]
field = "name"
full = "T.NAME"
[kind]
const = "wanted"
"""

HOSTILE = ("' OR '1'='1", "x'; DROP TABLE t; --", "\\' OR 1=1", "{p2:String}", "?", "%s", "\n")


def connect_arguments(engine, **options):
    sql = Sql(engine=engine, url=f"{engine}://reader@h:7/base", options=options)
    url = write_url(sql, Address("h", 7, "reader", "base", "p@ss/w;x"))
    made = sqlalchemy.create_engine(url)
    try:
        return made.dialect.create_connect_args(made.url)
    finally:
        made.dispose()


def test_oracle_is_reached_by_its_service():
    _, named = connect_arguments("oracle")
    assert "(HOST=h)(PORT=7)" in named["dsn"]
    assert "SERVICE_NAME=base" in named["dsn"]
    assert (named["user"], named["password"]) == ("reader", "p@ss/w;x")


def test_sql_server_is_told_that_we_only_read():
    (text,), _ = connect_arguments("mssql")
    assert text.startswith("DRIVER={ODBC Driver 18 for SQL Server};Server=h,7;Database=base")
    assert "ApplicationIntent=ReadOnly" in text
    assert "PWD={p@ss/w;x}" in text


def test_options_of_the_mapping_come_last():
    (text,), _ = connect_arguments("mssql", driver="FreeTDS", Encrypt="yes")
    assert text.startswith("DRIVER={FreeTDS}")
    assert "Encrypt=yes" in text


def test_trino_is_reached_by_its_catalog():
    _, named = connect_arguments("trino")
    assert (named["host"], named["port"], named["catalog"]) == ("h", 7, "base")
    assert named["user"] == "reader"


def test_clickhouse_only_reads_and_joins_as_others_do():
    _, named = connect_arguments("clickhouse")
    assert (named["readonly"], named["join_use_nulls"]) == ("2", "1")
    assert (named["database"], named["username"]) == ("base", "reader")


@pytest.mark.parametrize("value", HOSTILE)
def test_clickhouse_gets_values_beside_the_statement(value):
    from clickhouse_connect.driver.binding import bind_query

    text = 'SELECT "a" FROM "t" WHERE "a" IN ({p1:String}) LIMIT {p2:Int64}'
    said, beside = bind_query(text, {"p1": value, "p2": 5})
    assert said == text
    assert set(beside) == {"param_p1", "param_p2"}


@pytest.mark.parametrize("value", HOSTILE)
def test_trinos_driver_keeps_a_value_in_one_literal(value):
    from trino.dbapi import Cursor

    literal = Cursor._format_prepared_param(object.__new__(Cursor), value)
    inside = literal[1:-1].replace("''", "")
    assert literal[0] == literal[-1] == "'"
    assert "'" not in inside


@pytest.mark.parametrize("engine", TAILS)
async def test_bank_is_opened_while_its_server_is_away(tmp_path, engine):
    if engine == "mssql":
        pytest.importorskip("pyodbc")
    path = tmp_path / "bank.toml"
    path.write_text(MAPPING.format(engine=engine, more=""), encoding="utf-8")
    adapter = await open_bank(path, tmp_path)
    try:
        assert adapter.capability.engine == f"sql {engine}"
    finally:
        await adapter.close()


@pytest.mark.parametrize("engine", TAILS)
async def test_missing_driver_is_told_with_its_extra(tmp_path, monkeypatch, engine):
    monkeypatch.setattr(tails, "find_spec", lambda _name: None)
    path = tmp_path / "bank.toml"
    path.write_text(MAPPING.format(engine=engine, more=""), encoding="utf-8")
    with pytest.raises(
        MappingError, match=rf"bank\.toml:8:10: sql\.engine: .*pip install 'kalkan\[{engine}\]'"
    ):
        await open_bank(path, tmp_path)


@pytest.mark.parametrize(
    ("engine", "more", "told"),
    [
        ("oracle", 'ca_file = "ca.pem"', "write in options"),
        ("postgres", "options = { a = 'b' }", "takes no options"),
    ],
)
async def test_word_of_another_engine_is_refused(tmp_path, engine, more, told):
    path = tmp_path / "bank.toml"
    path.write_text(MAPPING.format(engine=engine, more=more), encoding="utf-8")
    with pytest.raises(MappingError, match=told):
        await open_bank(path, tmp_path)
