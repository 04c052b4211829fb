"""How a SQLite file is slowed down, taken away and looked at, whichever kind of bank it serves."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing


def run_sqlite(path, *statements):
    """Run statements as the file's owner, and return the rows of the last."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        return [connection.execute(text).fetchall() for text in statements][-1]


@asynccontextmanager
async def slow_table(path):
    """Put a view that never comes to an end in the place of the table."""
    view = (
        "CREATE VIEW person AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT held.* FROM held, n WHERE n.i < 0"
    )
    run_sqlite(path, "ALTER TABLE person RENAME TO held", view)
    try:
        yield
    finally:
        # It waits for statements that are being stopped, which needs the loop.
        back = ("DROP VIEW person", "ALTER TABLE held RENAME TO person")
        await asyncio.to_thread(run_sqlite, path, *back)


@asynccontextmanager
async def file_away(path):
    """Move the file away."""
    away = path.with_name(f"{path.name}.away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)
