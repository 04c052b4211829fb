"""Banks of stolen documents for the bench, as large as wanted, in SQLite, PostgreSQL and MariaDB.

Every engine makes its own rows, all alike: a document with an indexed number, the office that
reported it in a table of codes, and one or two holders for every fourth document.
"""

import sqlite3
from pathlib import Path

import asyncmy
import asyncpg

from seeds.servers import Server

MAPPING = """
version = 1
[bank]
id = "documents"
title = "Stolen and lost travel documents"
kind = "sql"
scripts = ["Latn"]
handling = {{ tlp = "green", europol = ["H0"], confirm_first = true }}
as_of = "2026-11-01T00:00:00Z"
[sql]
engine = "{engine}"
url = "{url}"
pool = 4
[record]
table = "document"
key = "id"
where = "removed = 0"
[[join]]
table = "office"
on = {{ "office.code" = "document.office" }}
[[many]]
table = "holder"
on = {{ "holder.document_id" = "document.id" }}
[[field]]
field = "document"
number = "document.number"
document_kind = {{ column = "document.type", codes = "types" }}
issuer = {{ column = "document.issuer" }}
[[field]]
field = "loss_date"
column = "document.lost"
[[field]]
field = "country"
column = "office.country"
[[field]]
field = "name"
given = "holder.given"
family = "holder.family"
[kind]
column = "document.status"
codes = "kinds"
[action]
const = "seize"
[urgency]
const = "hour"
[codes.kinds]
"S" = "stolen_document"
"L" = "lost_document"
[codes.types]
"P" = "passport"
"I" = "identity_card"
"""

SCHEMA = (
    "CREATE TABLE office (code VARCHAR(6) PRIMARY KEY, country CHAR(3) NOT NULL)",
    (
        "CREATE TABLE document (id INTEGER PRIMARY KEY, number VARCHAR(12) NOT NULL,"
        " type CHAR(1) NOT NULL, issuer CHAR(3) NOT NULL, status CHAR(1) NOT NULL, lost DATE,"
        " office VARCHAR(6), removed SMALLINT NOT NULL)"
    ),
    "CREATE TABLE holder (document_id INTEGER NOT NULL, given VARCHAR(40), family VARCHAR(40))",
)
INDEXES = (
    "CREATE INDEX document_number ON document (number)",
    "CREATE INDEX holder_document ON holder (document_id)",
)

# n counts from 1. 7919 has no divisor in common with 10 to the 8: every number comes once.
COUNTED = {
    "sqlite": "(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
    " LIMIT {rows}) SELECT n FROM counted) AS counted",
    "postgres": "generate_series(1, {rows}) AS counted(n)",
    "mariadb": "(SELECT seq AS n FROM seq_1_to_{rows}) AS counted",
}
NUMBER = {
    "sqlite": "printf('N%08d', n * 7919 % 100000000)",
    "postgres": "'N' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0')",
    "mariadb": "CONCAT('N', LPAD(n * 7919 % 100000000, 8, '0'))",
}
OFFICE = {
    "sqlite": "printf('O%03d', n % 500)",
    "postgres": "'O' || lpad((n % 500)::text, 3, '0')",
    "mariadb": "CONCAT('O', LPAD(n % 500, 3, '0'))",
}
DAY = {"sqlite": "'2026-05-01'", "postgres": "DATE '2026-05-01'", "mariadb": "'2026-05-01'"}


def number(row: int) -> str:
    """Return the number of the document in a row, counted from 1."""
    return f"N{row * 7919 % 100_000_000:08d}"


def statements(engine: str, rows: int) -> list[str]:
    """Return all that makes and fills one bank; indexes come last, which is faster."""
    counted = COUNTED[engine].format(rows=rows)
    office = OFFICE[engine]
    return [
        *SCHEMA,
        (
            f"INSERT INTO office SELECT {office}, CASE n % 2 WHEN 0 THEN 'KAZ' ELSE 'TUR' END"
            f" FROM {COUNTED[engine].format(rows=500)}"
        ),
        (
            f"INSERT INTO document SELECT n, {NUMBER[engine]},"
            " CASE n % 5 WHEN 0 THEN 'I' ELSE 'P' END,"
            " CASE n % 3 WHEN 0 THEN 'KAZ' WHEN 1 THEN 'TUR' ELSE 'UZB' END,"
            f" CASE n % 2 WHEN 0 THEN 'S' ELSE 'L' END, {DAY[engine]}, {office}, 0 FROM {counted}"
        ),
        f"INSERT INTO holder SELECT n, 'Rustam', 'Karimov' FROM {counted} WHERE n % 4 = 0",
        f"INSERT INTO holder SELECT n, 'Rustem', 'Karimoff' FROM {counted} WHERE n % 8 = 0",
        *INDEXES,
        "ANALYZE TABLE document, holder, office" if engine == "mariadb" else "ANALYZE",
    ]


async def make_bank(engine: str, folder: Path, rows: int, server: Server | None) -> Path:
    """Make one bank; return the path of its mapping."""
    name = f"documents_{rows}"
    if server is None:
        url = "sqlite:///documents.sqlite"
        with sqlite3.connect(folder / "documents.sqlite", isolation_level=None) as file:
            for text in ("PRAGMA synchronous = OFF", *statements(engine, rows)):
                file.execute(text)
        file.close()
    elif engine == "postgres":
        url = server.url(name)
        await run_postgres(server, "postgres", [f"CREATE DATABASE {name}"])
        await run_postgres(server, name, [*statements(engine, rows), "VACUUM"])
    else:
        url = server.url(name)
        await run_mariadb(server, "mysql", [BUFFER, f"CREATE DATABASE {name}"])
        await run_mariadb(server, name, statements(engine, rows))
    path = folder / "bank.toml"
    path.write_text(MAPPING.format(engine=engine, url=url), encoding="utf-8")
    return path


BUFFER = "SET GLOBAL innodb_buffer_pool_size = 1073741824"
"""What is asked for is in memory, as a bank's own administrator would have it."""


async def run_postgres(server: Server, database: str, texts: list[str]) -> None:
    connection = await asyncpg.connect(
        host="127.0.0.1", port=server.port, user=server.user, database=database, ssl=False
    )
    for text in texts:
        await connection.execute(text)
    await connection.close()


async def run_mariadb(server: Server, database: str, texts: list[str]) -> None:
    connection = await asyncmy.connect(
        host="127.0.0.1", port=server.port, user=server.user, database=database, autocommit=True
    )
    for text in texts:
        await connection.query(text)
    await connection.ensure_closed()
