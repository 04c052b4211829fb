"""A bank over several schemas of PostgreSQL, named in Cyrillic capitals, as registers are."""

import asyncio
import json

import asyncpg
import pytest

from tests.integration.conftest import run_server

TABLES = (
    'CREATE SCHEMA "АРХИВ"',
    "CREATE SCHEMA spr",
    'CREATE TABLE spr."ПОЛ" ("КОД" CHAR(1) PRIMARY KEY, "НАЗВ" VARCHAR(20))',
    "INSERT INTO spr.\"ПОЛ\" VALUES ('1', 'мужской'), ('2', 'женский'), ('0', 'не указан')",
    (
        'CREATE TABLE "АРХИВ"."КАРТОТЕКА" ("НОМЕР_КАРТЫ" CHAR(12) PRIMARY KEY, "ФИО" VARCHAR(90),'
        ' "ДАТА_РОЖД" CHAR(10), "ПОЛ" CHAR(1) REFERENCES spr."ПОЛ", "ГРАЖД" CHAR(4))'
    ),
    (
        "INSERT INTO \"АРХИВ\".\"КАРТОТЕКА\" SELECT 'К-' || n, 'КАРИМОВ, Тимур '"
        " || chr(1040 + n % 30) || 'ович',"
        " CASE n % 9 WHEN 0 THEN '00.00.1961' ELSE '03.05.19' || 50 + n % 40 END,"
        " (n % 3)::text, CASE n % 2 WHEN 0 THEN '398' ELSE '031' END"
        " FROM generate_series(1, 90) n"
    ),
    (
        'CREATE TABLE "АРХИВ"."ДОКУМЕНТЫ" ("НОМЕР_КАРТЫ" CHAR(12) REFERENCES "АРХИВ"."КАРТОТЕКА",'
        ' "ПП" INT, "СЕРИЯ" CHAR(4), "НОМЕР" CHAR(10), PRIMARY KEY ("НОМЕР_КАРТЫ", "ПП"))'
    ),
    (
        "INSERT INTO \"АРХИВ\".\"ДОКУМЕНТЫ\" SELECT 'К-' || n, 1, 'AN', (1000000 + n)::text"
        " FROM generate_series(1, 90) n"
    ),
)


@pytest.fixture(scope="module")
def url(postgres):
    asyncio.run(run_server(postgres, "postgres", ["CREATE DATABASE rozysk"]))
    asyncio.run(run_server(postgres, "rozysk", TABLES))
    return postgres.url("rozysk")


@pytest.fixture
def path(url, tmp_path, kalkan):
    path = tmp_path / "mapping.toml"
    done = kalkan("bank", "draft", url, "--to", str(path))
    assert done.returncode == 0, done.stderr
    return path


def test_bank_over_several_schemas_is_searched_without_an_edit(path, kalkan):
    text = path.read_text(encoding="utf-8")
    assert 'table = "АРХИВ.КАРТОТЕКА"' in text
    checked = kalkan("bank", "check", str(path))
    assert checked.returncode == 0, checked.stdout
    tried = kalkan("bank", "try", str(path), "document", "--number", "AN 1000007", "--json")
    assert [json.loads(line)["reference"] for line in tried.stdout.splitlines()] == ["К-7"]
    tried = kalkan("bank", "try", str(path), "person", "--name", "Timur Karimov", "--json")
    assert tried.returncode == 0


def test_words_of_a_joined_table_of_codes_are_shown_and_counted_by_records(path, kalkan):
    text = path.read_text(encoding="utf-8")
    assert 'column = "АРХИВ.КАРТОТЕКА.ПОЛ"' in text
    join = '[[join]]\ntable = "spr.ПОЛ"\non = { "spr.ПОЛ.КОД" = "АРХИВ.КАРТОТЕКА.ПОЛ" }\n\n[[many]]'
    text = text.replace("[[many]]", join, 1)
    text = text.replace('column = "АРХИВ.КАРТОТЕКА.ПОЛ"', 'column = "spr.ПОЛ.НАЗВ"')
    text = text.replace('"1" = "male"', '"мужской" = "male"')
    path.write_text(text.replace('"2" = "female"', '"женский" = "female"'), encoding="utf-8")
    checked = kalkan("bank", "check", str(path))
    assert "what these mean: 'не указан' in 30 rows" in checked.stdout


def test_name_without_quotes_is_told_to_be_quoted(path, kalkan):
    text = path.read_text(encoding="utf-8")
    written = text.replace("[record]\n", "[record]\nwhere = \"ПОЛ <> '0'\"\n")
    path.write_text(written, encoding="utf-8")
    checked = kalkan("bank", "check", str(path))
    assert "no column 'пол'; SQL reads it so without quotes: write \"ПОЛ\"" in checked.stdout


async def test_reader_is_shown_what_it_may_read_alone(url, kalkan):
    connection = await asyncpg.connect(url.replace("postgres://", "postgresql://"), ssl=False)
    await connection.execute("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA spr TO reader")
    await connection.execute('GRANT SELECT ON spr."ПОЛ" TO reader')
    await connection.close()
    done = kalkan("bank", "draft", url.replace("postgres@", "reader@"), "--table", "none")
    assert "there are spr.ПОЛ" in done.stderr
    assert "КАРТОТЕКА" not in done.stderr
