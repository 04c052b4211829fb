"""Banks of kind sql keep every clause: on SQLite, PostgreSQL and MariaDB."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import asyncmy
import asyncpg
import pytest

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import (
    BANK,
    COLUMNS,
    FIELDS,
    PATIENCE_S,
    PEOPLE,
    PERSONS,
    PHONE,
    THINGS,
)
from tests.conformance.sqlite import file_away, run_sqlite, slow_table

MAPPING = """
[sql]
engine = "{engine}"
url = "{url}"
pool = 2
[record]
table = "person"
key = "id"
watermark_column = "changed"
[[field]]
field = "plate"
column = "person.plate"
[[field]]
field = "vin"
column = "person.vin"
[[field]]
field = "organisation"
column = "person.firm"
[[field]]
field = "registration_number"
column = "person.regno"
"""

SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, given VARCHAR(50), family VARCHAR(50), birth DATE,
  sex VARCHAR(2), passport VARCHAR(20), phone VARCHAR(20), changed VARCHAR(30),
  plate VARCHAR(20), vin VARCHAR(20), firm VARCHAR(50), regno VARCHAR(20));
CREATE TABLE tripwire (word VARCHAR(20));
INSERT INTO tripwire VALUES ('whole');
INSERT INTO person (id, changed, plate, vin, firm, regno) VALUES
  (4, '2026-01-01', '123 ABC 02', 'WVWZZZ1JZ3W386752', 'Тұлпар Сауда', 'BIN-990140')
"""


def schema():
    yield from SCHEMA.split(";")
    for row in PEOPLE:
        values = ", ".join(f"'{value}'" if value else "NULL" for value in row)
        yield f"INSERT INTO person ({', '.join(COLUMNS)}) VALUES ({values})"


class DatabaseConformance(AdapterConformance):
    """What the engines have in common."""

    made_for = 1
    patience_s = PATIENCE_S

    def write_mapping(self, engine, url):
        path = self.folder / "bank.toml"
        text = BANK.format(kind="sql") + MAPPING.format(engine=engine, url=url) + FIELDS
        path.write_text(text, encoding="utf-8")
        return path

    def known(self):
        return (*PERSONS, *THINGS)

    def crowd(self):
        return PHONE

    async def change(self):
        await self.run("UPDATE person SET changed = '2026-02-01' WHERE id = 2")

    async def require_whole(self):
        assert list(map(tuple, await self.run("SELECT word FROM tripwire"))) == [("whole",)]


class TestSqlite(DatabaseConformance):
    """SQLite."""

    gaps: ClassVar[dict[str, str]] = {
        "C24": "statements run in threads of this process; no server can be asked"
    }

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path):
        self.folder, self.file = tmp_path, tmp_path / "bank.sqlite"
        run_sqlite(self.file, *schema())
        self.path = self.write_mapping("sqlite", "sqlite:///bank.sqlite")

    @asynccontextmanager
    async def open_adapter(self):
        adapter = await open_bank(self.path, self.folder)
        try:
            yield adapter
        finally:
            await adapter.close()

    def slow(self):
        return slow_table(self.file)

    def outage(self):
        return file_away(self.file)

    async def run(self, text):
        return run_sqlite(self.file, text)


class ServerConformance(DatabaseConformance):
    """What the servers have in common: a door in front of them that can be shut."""

    @asynccontextmanager
    async def open_adapter(self):
        async with run_proxy(self.server.port) as proxy:
            url = replace(self.server, port=proxy.port).url(self.database)
            self.proxies.append(proxy)
            adapter = await open_bank(self.write_mapping(self.server.engine, url), self.folder)
            try:
                yield adapter
            finally:
                await adapter.close()
                self.proxies.remove(proxy)

    def outage(self):
        return shut_all(self.proxies)

    async def run(self, *texts):
        async with self.connect(self.database) as ask:
            return [await ask(text) for text in texts][-1]

    async def running(self):
        ((count,),) = await self.run(self.running_text)
        return count

    @asynccontextmanager
    async def slow(self):
        async with self.connect(self.database) as ask:
            for text in self.hold:
                await ask(text)
            try:
                yield
            finally:
                await ask(self.release)

    def build(self, tmp_path, server):
        self.folder, self.server, self.proxies = tmp_path, server, []
        self.database = f"c_{abs(hash(str(tmp_path)))}"
        asyncio.run(self.create())

    async def create(self):
        async with self.connect(self.home) as ask:
            await ask(f"CREATE DATABASE {self.database}")
        await self.run(*self.schema())

    def schema(self):
        return tuple(schema())


@pytest.mark.servers
class TestPostgres(ServerConformance):
    """PostgreSQL."""

    home = "postgres"
    hold = ("BEGIN", "LOCK TABLE person IN ACCESS EXCLUSIVE MODE")
    release = "ROLLBACK"
    running_text = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'active' AND pid <> pg_backend_pid()"
    )

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path, postgres):
        self.build(tmp_path, postgres)

    @asynccontextmanager
    async def connect(self, database):
        place = {"host": "127.0.0.1", "port": self.server.port, "user": self.server.user}
        connection = await asyncpg.connect(database=database, ssl=False, **place)
        try:
            yield connection.fetch
        finally:
            await connection.close()


@pytest.mark.servers
class TestMariadb(ServerConformance):
    """MariaDB."""

    home = "mysql"
    hold = ("LOCK TABLES person WRITE",)
    release = "UNLOCK TABLES"
    running_text = (
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"
        " AND command IN ('Query', 'Execute') AND id <> CONNECTION_ID()"
    )

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path, mariadb):
        self.build(tmp_path, mariadb)

    @asynccontextmanager
    async def connect(self, database):
        connection = await asyncmy.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=self.server.user,
            database=database,
            autocommit=True,
            charset="utf8mb4",
        )

        async def ask(text):
            async with connection.cursor() as cursor:
                await cursor.execute(text)
                return list(await cursor.fetchall() or ())

        try:
            yield ask
        finally:
            await connection.ensure_closed()
