"""The long tail of engines keeps every clause, as far as SQLite through SQLAlchemy can show it."""

from contextlib import asynccontextmanager

import pytest
import sqlalchemy

from adapters.banks.sql.adapter import SqlAdapter
from adapters.banks.sql.alchemy import AlchemyEngine, Tail
from adapters.mapping.read import read_mapping
from tests.conformance import test_sql
from tests.conformance.sqlite import file_away


class TestAlchemy(test_sql.TestSqlite):
    """SQLite, not through our own engine."""

    @pytest.fixture(autouse=True)
    def engines(self):
        self.opened = []

    @asynccontextmanager
    async def open_adapter(self):
        place = f"file:{self.file}?mode=ro&uri=true&timeout=0.2"
        tail = Tail("sqlite", "lite", ("PRAGMA query_only = ON",))
        engine = AlchemyEngine(sqlalchemy.make_url(f"sqlite:///{place}"), tail, 2)
        self.opened.append(engine)
        adapter = SqlAdapter(read_mapping(self.path), engine)
        try:
            yield adapter
        finally:
            await adapter.close()
            self.opened.remove(engine)

    @asynccontextmanager
    async def outage(self):
        """A file that is open cannot be taken away: its connections are cut as a server would."""
        async with file_away(self.file):
            for engine in self.opened:
                engine._engine.dispose()
            yield
