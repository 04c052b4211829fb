"""Open a small SQLite file that the processes of one node share: its books, its nonces.

What a loss of power may take of it is learnt again, so it is written through by the system and not
by each search. A lock of another process is waited for, at its opening too.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import sleep
from typing import Final

_AGAIN_S: Final = 0.02
"""Seconds between two tries to begin a write-ahead log."""


def open_store(path: Path, wait_s: float) -> sqlite3.Connection:
    """Open or make a file; any thread may use the connection, one at a time. It blocks.

    Args:
        path: The file.
        wait_s: Seconds to wait for another process, in each statement.

    Raises:
        sqlite3.Error: The file cannot be opened, is something else, or stays locked.
    """
    connection = sqlite3.connect(path, wait_s, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection, wait_s)
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, wait_s: float) -> None:
    """Begin a write-ahead log: of two that are about to, SQLite lets one fail at once."""
    for _ in range(int(wait_s / _AGAIN_S)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            sleep(_AGAIN_S)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")
