"""Find candidates for a name in a bank that cannot search fuzzily, without copying its names.

The index is a SQLite file beside the bank, in the country. It maps keyed hashes of blocking keys
to record references. A shared key counts the more, the fewer records have it.
"""

from __future__ import annotations

import sqlite3
from itertools import islice
from math import log
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

from adapters.matching.keys import KEYS_VERSION, blocking_keys, keyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MAX_POSTINGS", "NameIndex"]

MAX_POSTINGS: Final = 20_000
"""Postings that one search reads, the rarest keys first; bounds its time in a bank of any size."""

_MAX_KEYS: Final = 250
_BATCH: Final = 2_000
_AGAIN_S: Final = 0.05
"""Seconds between two tries to stop a statement."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS postings (
    key INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS weights (
    key INTEGER PRIMARY KEY, records INTEGER NOT NULL, idf REAL NOT NULL
);
CREATE TEMP TABLE staged (key INTEGER NOT NULL, record INTEGER NOT NULL);
"""
_CLEAR: Final = ("DELETE FROM postings", "DELETE FROM weights", "DELETE FROM records")
_WEIGH: Final = """
INSERT INTO weights (key, records, idf)
SELECT key, count(*), idf((SELECT count(*) FROM records), count(*)) FROM postings GROUP BY key
"""
_WEIGH_STAGED: Final = """
INSERT OR REPLACE INTO weights (key, records, idf)
SELECT key, count(*), idf((SELECT count(*) FROM records), count(*)) FROM postings
WHERE key IN (SELECT key FROM staged) GROUP BY key
"""
_FIND_RECORD: Final = "SELECT id FROM records WHERE reference = ?"
_FORGET: Final = """
DELETE FROM postings WHERE record = (SELECT id FROM records WHERE reference = ?)
"""
_FIND: Final = """
WITH asked AS (
    SELECT key, records, idf, sum(records) OVER (ORDER BY records, key) AS running
    FROM weights WHERE key IN (SELECT value FROM json_each(?1))
), best AS (
    SELECT postings.record AS record, sum(asked.idf) AS total
    FROM asked CROSS JOIN postings ON postings.key = asked.key
    WHERE asked.running <= ?2 OR asked.running = asked.records
    GROUP BY postings.record ORDER BY total DESC, postings.record LIMIT ?3
)
SELECT reference FROM best JOIN records ON records.id = best.record ORDER BY total DESC, record
"""


class NameIndex:
    """An index from names to record references, safe to use from several threads.

    A new file, one made with another secret and one of another version of the keys are emptied on
    opening; `watermark` is None then, and the index must be rebuilt before it is asked.
    """

    def __init__(
        self, reader: sqlite3.Connection, writer: sqlite3.Connection, secret: bytes
    ) -> None:
        self._reader, self._writer, self._secret = reader, writer, secret
        self._read_lock = Lock()
        self._write_lock = self._read_lock if reader is writer else Lock()
        self._closed = False

    @classmethod
    def open(cls, path: str, secret: bytes) -> Self:
        """Open or make an index.

        Args:
            path: A file, or ":memory:".
            secret: 16 to 64 bytes; stays in the country, never in the file.

        Raises:
            ValueError: The secret is shorter or longer.
        """
        stamp = _stamp(secret)
        writer = _connect(path)
        writer.executescript(_TABLES)
        reader = writer if path == ":memory:" else _connect(path)
        index = cls(reader, writer, secret)
        index._require_stamp(stamp)
        return index

    def rebuild(self, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Replace the whole index; searches see the old one until the new one is complete.

        Args:
            rows: Reference of each record and all its names; a repeated reference adds names.
                The watermark is forgotten: set it afterwards.
        """
        with self._write_lock, self._writer as connection:
            for statement in (*_CLEAR, "DELETE FROM meta WHERE name = 'watermark'"):
                connection.execute(statement)
            self._add(connection, rows)
            connection.execute(_WEIGH)
            connection.execute("DELETE FROM staged")

    def update(self, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Replace some records by what they are now; a record without names is taken out.

        Cheaper than `rebuild` for few rows: the weights of other keys stay as they were.
        """
        changed = dict(rows)
        with self._write_lock, self._writer as connection:
            for reference in changed:
                connection.execute(_FORGET, (reference,))
                connection.execute("DELETE FROM records WHERE reference = ?", (reference,))
            self._add(connection, (row for row in changed.items() if row[1]))
            connection.execute(_WEIGH_STAGED)
            connection.execute("DELETE FROM staged")

    def candidates(self, names: Sequence[str], limit: int) -> list[str]:
        """Return references of records that share keys with any of the names, best first.

        Args:
            names: All names and spellings that are asked for.
            limit: Most references to return, from 1.

        Raises:
            sqlite3.OperationalError: `interrupt` was called meanwhile.
        """
        keys = sorted(self._hash(names))[:_MAX_KEYS]
        if not keys:
            return []
        listed = "[" + ",".join(map(str, keys)) + "]"
        with self._read_lock:
            found = self._reader.execute(_FIND, (listed, MAX_POSTINGS, limit)).fetchall()
        return [reference for (reference,) in found]

    @property
    def watermark(self) -> str | None:
        """The point up to which the bank was read, as its adapter wrote it; None if never."""
        return self._get("watermark")

    @watermark.setter
    def watermark(self, value: str) -> None:
        self._set("watermark", value)

    @property
    def count(self) -> int:
        """Number of records in the index."""
        with self._read_lock:
            return int(self._reader.execute("SELECT count(*) FROM records").fetchone()[0])

    def interrupt(self) -> None:
        """Stop a search that runs in another thread."""
        self._reader.interrupt()

    def close(self) -> None:
        """Stop what runs in other threads, then close the file; a second call does nothing.

        It blocks until they have let go: SQLite ends the process where a connection is closed
        under a statement that runs. They raise sqlite3.OperationalError, or ProgrammingError later.
        """
        self._closed = True
        for connection, lock in (
            (self._writer, self._write_lock),
            (self._reader, self._read_lock),
        ):
            while not lock.acquire(timeout=_AGAIN_S):
                connection.interrupt()  # again: it stops nothing between two statements
            try:
                connection.close()
            finally:
                lock.release()

    def _require_stamp(self, stamp: str) -> None:
        """Empty an index that was made with another secret or another version of the keys."""
        if self._get("stamp") == stamp:
            return
        with self._write_lock, self._writer as connection:
            for statement in (*_CLEAR, "DELETE FROM meta"):
                connection.execute(statement)
        self._set("stamp", stamp)

    def _get(self, name: str) -> str | None:
        with self._read_lock:
            query = "SELECT value FROM meta WHERE name = ?"
            row = self._reader.execute(query, (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set(self, name: str, value: str) -> None:
        with self._write_lock, self._writer as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _hash(self, names: Iterable[str]) -> set[int]:
        """Return the hashed keys of names as the signed integers that SQLite stores best."""
        keys = frozenset[str]().union(*(blocking_keys(name) for name in names))
        hashes = keyed(keys, self._secret)
        return {int.from_bytes(value, "big", signed=True) for value in hashes}

    def _add(
        self, connection: sqlite3.Connection, rows: Iterable[tuple[str, Sequence[str]]]
    ) -> None:
        """Insert records and postings, sorted so that the tree grows at its end.

        Leaves the new postings in `staged`, for the weights.
        """
        for batch in _batches(rows):
            if self._closed:
                raise sqlite3.OperationalError("interrupted")
            connection.executemany(
                "INSERT OR IGNORE INTO records (reference) VALUES (?)", [(r,) for r, _ in batch]
            )
            connection.executemany(
                "INSERT INTO staged VALUES (?, ?)",
                [
                    (key, record)
                    for reference, names in batch
                    for record in connection.execute(_FIND_RECORD, (reference,)).fetchone()
                    for key in self._hash(names)
                ],
            )
        connection.execute(
            "INSERT OR IGNORE INTO postings SELECT key, record FROM staged ORDER BY key, record"
        )


def _connect(path: str) -> sqlite3.Connection:
    """Open a connection that any thread may use; each is guarded by a lock."""
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30.0)
    connection.create_function("idf", 2, _weigh, deterministic=True)
    if path != ":memory:":
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _weigh(total: int, having: int) -> float:
    """Return the inverse document frequency of a key, above 0."""
    return log(total / having + 1.0)


def _stamp(secret: bytes) -> str:
    """Return what tells one secret and version of the keys from another, and nothing else."""
    (digest,) = keyed([f"stamp {KEYS_VERSION}"], secret)
    return digest.hex()


def _batches(
    rows: Iterable[tuple[str, Sequence[str]]],
) -> Iterator[list[tuple[str, Sequence[str]]]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch
