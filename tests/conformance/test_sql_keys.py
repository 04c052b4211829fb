"""Banks whose key has two columns keep every clause, too."""

from dataclasses import replace

import pytest

from tests.conformance import test_sql
from tests.conformance.register import PERSONS, THINGS
from tests.conformance.sqlite import run_sqlite

REGION = (
    "ALTER TABLE person ADD COLUMN region CHAR(8) NOT NULL DEFAULT 'A-7'",
    "CREATE UNIQUE INDEX person_key ON person (region, id)",
)


class SeveralColumns:
    """What is different: the key, and how records are called."""

    def write_mapping(self, engine, url):
        path = super().write_mapping(engine, url)
        text = path.read_text(encoding="utf-8").replace('key = "id"', 'key = ["region", "id"]')
        path.write_text(text, encoding="utf-8")
        return path

    def known(self):
        return tuple(replace(k, reference=f"A~-7-{k.reference}") for k in (*PERSONS, *THINGS))

    def schema(self):
        return (*test_sql.schema(), *REGION)


class TestSqlite(SeveralColumns, test_sql.TestSqlite):
    """SQLite."""

    @pytest.fixture(autouse=True)
    def region(self, bank):
        run_sqlite(self.file, *REGION)


@pytest.mark.servers
class TestPostgres(SeveralColumns, test_sql.TestPostgres):
    """PostgreSQL."""


@pytest.mark.servers
class TestMariadb(SeveralColumns, test_sql.TestMariadb):
    """MariaDB."""
