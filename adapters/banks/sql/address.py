"""Read the address of a database server from a mapping, and its password from the bank's folder."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from adapters.contract import MappingError
from adapters.mapping.model import Mapping
from adapters.mapping.sources import Sql

__all__ = ["Address", "read_address", "read_sqlite_path"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and as whom it is asked."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None


def read_address(mapping: Mapping, sql: Sql, folder: Path) -> Address:
    """Read the `[sql]` block of a server.

    Raises:
        MappingError: A part of the address is missing, or a file it names cannot be read.
    """
    parts = urlsplit(sql.url)
    database = unquote(parts.path.lstrip("/"))
    try:
        port = parts.port
    except ValueError:
        port = None
    if not (parts.hostname and port and parts.username and database):
        wanted = f"{sql.engine}://user@host:port/database"
        raise MappingError(f"{mapping.origin().tell(('sql', 'url'))}: write {wanted}")
    return Address(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        database=database,
        password=_read_password(mapping, sql, folder),
        tls=_read_tls(mapping, sql, folder),
    )


def read_sqlite_path(sql: Sql, folder: Path) -> Path:
    """Return the file of a SQLite bank, relative to the bank's folder."""
    return folder / unquote(sql.url.removeprefix("sqlite://").removeprefix("/"))


def _read_password(mapping: Mapping, sql: Sql, folder: Path) -> str:
    if sql.password_file is None:
        return ""
    try:
        return (folder / sql.password_file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        place = mapping.origin().tell(("sql", "password_file"))
        raise MappingError(f"{place}: this file cannot be read") from None


def _read_tls(mapping: Mapping, sql: Sql, folder: Path) -> ssl.SSLContext | None:
    if sql.ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=folder / sql.ca_file)
    except (OSError, ssl.SSLError):
        place = mapping.origin().tell(("sql", "ca_file"))
        raise MappingError(f"{place}: no certificates can be read from this file") from None
