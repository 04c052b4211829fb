"""Real servers and a small federation, started once, and one synthetic bank in each engine."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import asyncmy
import asyncpg
import pytest

from adapters.banks.sql.engine import Engine
from adapters.banks.sql.open import choose_engine
from adapters.mapping.read import read_mapping
from gateway.cli.children import Children
from gateway.cli.federate import start_federation
from seeds.home import build_home
from seeds.ports import Ports
from seeds.servers import (
    Server,
    ServerError,
    find_mariadb,
    find_postgres,
    install,
    run_mariadb,
    run_postgres,
)
from tests.kit.patience import patient
from tests.kit.ports import reserve_ports
from tests.kit.world import stop_worlds

__all__ = ["patient"]

TABLES = """
CREATE TABLE qala (kod VARCHAR(5) PRIMARY KEY, aty VARCHAR(50));
CREATE TABLE tulgha (id INTEGER PRIMARY KEY, aty VARCHAR(100), tegi VARCHAR(100),
  tughan_kuni DATE, jynysy INTEGER, jsn VARCHAR(20), sebep VARCHAR(10), qala VARCHAR(5),
  nomir VARCHAR(20), shanaq VARCHAR(20), uiym VARCHAR(50), tirkeu VARCHAR(20),
  joyuly INTEGER NOT NULL, ozgertilgen VARCHAR(30));
CREATE TABLE qujat (seria VARCHAR(5), nomir VARCHAR(20), turi VARCHAR(5), tulgha_id INTEGER);
CREATE INDEX qujat_nomir ON qujat (nomir);
CREATE TABLE tripwire (id INTEGER PRIMARY KEY, word VARCHAR(20));
INSERT INTO tripwire VALUES (1, 'whole');
INSERT INTO qala VALUES ('ALA', 'Алматы');
INSERT INTO tulgha VALUES (1, 'Айгүл', 'Нұрланова', '1982-05-03', 2, '820503400123',
  'IZD', 'ALA', '123 ABC 02', 'WVWZZZ1JZ3W386752', NULL, NULL, 0, '2026-01-02T00:00:00');
INSERT INTO tulgha VALUES (2, 'Ерлан', 'Сейітов', '1975-12-31', 1, '751231300456',
  'IZD', NULL, NULL, NULL, NULL, NULL, 0, '2026-01-03T00:00:00');
INSERT INTO tulgha VALUES (3, 'Removed', 'Person', NULL, 1, '700101300999',
  'IZD', NULL, NULL, NULL, NULL, NULL, 1, '2026-01-04T00:00:00');
INSERT INTO tulgha VALUES (4, NULL, NULL, NULL, NULL, NULL,
  'ORG', NULL, NULL, NULL, 'Tulpar Trading', 'BIN-990140', 0, '2026-01-01T00:00:00');
INSERT INTO qujat VALUES ('N', '1234567', 'P', 1);
INSERT INTO qujat VALUES (NULL, '04 5566778', 'I', 1);
INSERT INTO qujat VALUES ('n', '7654321', 'P', 2);
INSERT INTO qujat VALUES ('N', '9999999', 'P', 3)
"""
SCHEMA = [text.strip() for text in TABLES.split(";")]

MAPPING = """
version = 1
[bank]
id = "persons"
title = "Search register"
kind = "sql"
scripts = ["Cyrl", "Latn"]
[sql]
engine = "{engine}"
url = "{url}"
pool = 2
[record]
table = "tulgha"
key = "id"
where = "joyuly = 0"
as_of_column = "ozgertilgen"
watermark_column = "ozgertilgen"
[[join]]
table = "qala"
on = {{ "qala.kod" = "tulgha.qala" }}
[[many]]
table = "qujat"
on = {{ "qujat.tulgha_id" = "tulgha.id" }}
[[field]]
field = "name"
given = "tulgha.aty"
family = "tulgha.tegi"
[[field]]
field = "birth_date"
column = "tulgha.tughan_kuni"
[[field]]
field = "sex"
column = "tulgha.jynysy"
codes = "sex"
[[field]]
field = "birth_place"
column = "qala.aty"
[[field]]
field = "document"
series = "qujat.seria"
number = "qujat.nomir"
document_kind = {{ column = "qujat.turi", codes = "document_kinds" }}
issuer = "KAZ"
shapes = ["## #######"]
[[field]]
field = "identifier"
identifier_kind = "national_number"
column = "tulgha.jsn"
[[field]]
field = "plate"
column = "tulgha.nomir"
[[field]]
field = "vin"
column = "tulgha.shanaq"
[[field]]
field = "organisation"
column = "tulgha.uiym"
[[field]]
field = "registration_number"
column = "tulgha.tirkeu"
[kind]
column = "tulgha.sebep"
codes = "kinds"
[codes.sex]
"1" = "male"
"2" = "female"
[codes.kinds]
IZD = "wanted"
ORG = "organised_crime"
[codes.document_kinds]
P = "passport"
I = "identity_card"
"""


@pytest.fixture(autouse=True)
async def stopped_worlds() -> AsyncIterator[None]:
    """Stop the servers of a fixture that failed half-way, before its loop closes over them."""
    yield
    await stop_worlds()


@dataclass(frozen=True)
class Bank:
    """The synthetic bank in one engine."""

    engine: str
    path: Path
    database: str
    server: Server | None = None

    @property
    def folder(self) -> Path:
        return self.path.parent

    def run(self, statements: Sequence[str]) -> list[tuple]:
        """Run statements as the bank's owner, and return the rows of the last."""
        if self.server is None:
            with sqlite3.connect(self.folder / "bank.sqlite") as connection:
                rows = [connection.execute(text).fetchall() for text in statements]
            connection.close()
            return rows[-1]
        return asyncio.run(run_server(self.server, self.database, statements))

    def connect(self) -> Engine:
        """Return an engine of its own, to be closed by the test."""
        return choose_engine(read_mapping(self.path), self.folder)


async def run_server(server: Server, database: str, statements: Sequence[str]) -> list[tuple]:
    if server.engine == "postgres":
        connection = await asyncpg.connect(
            host="127.0.0.1", port=server.port, user=server.user, database=database, ssl=False
        )
        try:
            rows = [await connection.fetch(text) for text in statements]
        finally:
            await connection.close()
        return [tuple(row) for row in rows[-1]]
    connection = await asyncmy.connect(
        host="127.0.0.1",
        port=server.port,
        user=server.user,
        database=database,
        autocommit=True,
        charset="utf8mb4",
    )
    try:
        async with connection.cursor() as cursor:
            for text in statements:
                await cursor.execute(text)
            return list(await cursor.fetchall() or ())
    finally:
        await connection.ensure_closed()


def start(
    run: Callable[[Path], AbstractContextManager[Server]], program: Path | None, package: str
) -> Iterator[Server]:
    """Start a server, install it where we may, and say loudly where there is none."""
    try:
        if program is None:
            install([package])
        with tempfile.TemporaryDirectory(prefix="kalkan-") as folder:
            Path(folder).chmod(0o711)
            with run(Path(folder) / "data") as server:
                yield server
    except ServerError as exc:
        if os.environ.get("CI"):
            pytest.fail(f"a real server is needed here: {exc}")
        pytest.skip(f"NOT TESTED AGAINST A REAL SERVER: {exc}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    yield from start(run_postgres, find_postgres(), "postgresql")


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    yield from start(run_mariadb, find_mariadb(), "mariadb-server")


def build_bank(engine: str, folder: Path, server: Server | None) -> Bank:
    path = folder / "bank.toml"
    database = f"bank_{folder.name.replace('-', '_').lower()}"
    url = "sqlite:///bank.sqlite" if server is None else server.url(database)
    path.write_text(MAPPING.format(engine=engine, url=url), encoding="utf-8")
    bank = Bank(engine, path, database, server)
    if server is not None:
        home = "postgres" if engine == "postgres" else "mysql"
        asyncio.run(run_server(server, home, [f"CREATE DATABASE {database}"]))
    bank.run(SCHEMA)
    return bank


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mariadb"])
def bank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    engine = request.param
    server = None if engine == "sqlite" else request.getfixturevalue(engine)
    return build_bank(engine, tmp_path_factory.mktemp(engine), server)


@pytest.fixture(scope="module", params=["postgres", "mariadb"])
def server_bank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    server = request.getfixturevalue(request.param)
    return build_bank(request.param, tmp_path_factory.mktemp(request.param), server)


@pytest.fixture(scope="session")
def make_bank() -> Callable[[str, Path, Server | None], Bank]:
    return build_bank


@dataclass(frozen=True)
class RunningFederation:
    """A federation that runs.

    Attributes:
        home: Its folder, as `gateway/settings.py` describes it.
        ports: `ports.hub`, `ports.node("KAZ")`, `ports.service`, all on 127.0.0.1.
        children: The processes "hub", "nodes" (all members in one) and "service".
    """

    home: Path
    ports: Ports
    children: Children

    def client(self, name: str = "officer") -> Path:
        """The settings of a client: officer, border or auditor."""
        return self.home / "clients" / name / "client.toml"


@pytest.fixture(scope="session")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    """All 17 members with small banks, the hub, and fresh tokens. Do not stop its children."""
    home = tmp_path_factory.mktemp("federation")
    ports = reserve_ports()
    build_home(home, rows=40, documents=60, first_port=ports.first)
    with Children(home / "logs") as children:
        start_federation(children, home, ports.service)
        yield RunningFederation(home, ports, children)


Kalkan = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def kalkan() -> Kalkan:
    """Run the command in a process of its own, its output in pipes.

    A search has half a minute where a test says nothing else: no machine must be quick here.
    """

    def run(*words: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        if words[:1] == ("search",) and "--deadline" not in words:
            words = (*words, "--deadline", "30")
        environment = {k: v for k, v in os.environ.items() if k not in {"FORCE_COLOR", "CI"}}
        return subprocess.run(
            [sys.executable, "-m", "gateway.cli.main", *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=240,
            env={**environment, **settings},
            check=False,
        )

    return run
