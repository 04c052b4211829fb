"""The blocks that say where a bank's data are: `[sql]`, `[files]` and `[ldap]`."""

from __future__ import annotations

import codecs
import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from adapters.contract import ProbeKind
from adapters.mapping.block import HERE, Block, BlockError, Column, Word
from adapters.mapping.locate import Key, Location

__all__ = [
    "Engine",
    "FileColumn",
    "FileSplit",
    "FileTable",
    "Files",
    "Function",
    "Ldap",
    "Sql",
]

Engine = Literal["sqlite", "postgres", "mariadb", "oracle", "mssql", "trino", "clickhouse"]
"""The database engines of kind `sql`."""

Encoding = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Sql(Block):
    """A database. The password is never in the mapping, only the name of the file that holds it.

    Attributes:
        url: `sqlite:///file` relative to the bank's folder, or `engine://user@host:port/database`.
        password_file: Relative to the bank's folder.
        ca_file: Certificates that the server's own is checked against; without it no TLS.
        options: What the driver of oracle, mssql, trino or clickhouse is told beside, TLS too.
        pool: Connections at most, 1 to 64.
    """

    engine: Engine
    url: Word
    password_file: Word | None = None
    ca_file: Word | None = None
    options: dict[Word, str] = Field(default_factory=dict)
    pool: int = Field(default=4, ge=1, le=64)

    @model_validator(mode="after")
    def _require_own(self) -> Self:
        ours = self.engine in {"sqlite", "postgres", "mariadb"}
        if ours and self.options:
            raise BlockError(f"{self.engine} takes no options", Key("options"))
        if not ours and self.ca_file is not None:
            told = f"write in options how the driver of {self.engine} begins TLS"
            raise BlockError(told, Key("ca_file"))
        return self

    @model_validator(mode="after")
    def _require_scheme(self) -> Self:
        begin = f"{self.engine}://"
        if not self.url.startswith(begin):
            raise BlockError(f"url must begin with {begin}", "url")
        authority = self.url.removeprefix(begin).partition("/")[0]
        if ":" in authority.rpartition("@")[0]:
            raise BlockError("take the password out of url and write password_file", "url")
        return self


class Function(Block):
    """A stored function whose rows are records.

    Attributes:
        answers: The kind of probe that it is asked for, or `reference` for one record.
        name: `function` or `schema.function`, as the bank's dictionary writes it.
        takes: What each of its parameters is given, in order; with `?` behind it the parameter
            is NULL where the probe does not say, without it the function is then not asked.
    """

    answers: ProbeKind | Literal["reference"]
    name: Annotated[str, StringConstraints(pattern=r"^[^\s.]+(\.[^\s.]+){0,2}$", max_length=200)]
    takes: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]+\??$")], ...] = Field(
        min_length=1
    )


class FileColumn(Block):
    """One column of a file.

    Attributes:
        name: What the column is called below.
        start: For fixed: its first character, from 0.
        width: For fixed: its width in characters.
        path: For xml: `first/second`, `@attribute`, `.` or `_parent`. For jsonl: `first.second`
            or `.`; the name where it is left out.
    """

    name: Word
    start: int | None = Field(default=None, ge=0)
    width: int | None = Field(default=None, ge=1)
    path: Word | None = None


def _read_column(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class FileTable(Block):
    """One file, sheet or element list that becomes a table.

    Attributes:
        table: What it is called below.
        path: Relative to the bank's folder.
        sheet: Excel: the sheet, default the first.
        rows: XML: path of the elements that become rows. JSON lines: path of the list in each
            object whose items do; without it the objects do.
        parent: Child tables: a path of the parent row, stored as column `_parent`.
        header: False where the first row is data already.
        skip: Rows before the header or the data that are left out.
        columns: Needed for fixed, xml, jsonl, and where there is no header.
    """

    table: Word
    path: Word
    sheet: Word | None = None
    rows: Word | None = None
    parent: Word | None = None
    header: bool = True
    skip: int = Field(default=0, ge=0)
    columns: tuple[Annotated[FileColumn, BeforeValidator(_read_column)], ...] = ()


class FileSplit(Block):
    """A table made from a column in which several values are packed as free text.

    Attributes:
        table: What it is called below; its columns are `_parent` and the groups of the pattern.
        source: `from` in the file: the packed column, `table.column`.
        parent: The column of the packed column's table that is stored as `_parent`.
        pattern: A regular expression with named groups; each match becomes one row.
    """

    table: Word
    source: Column = Field(alias="from")
    parent: Word
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=2000)]

    @field_validator("pattern")
    @classmethod
    def _require_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groupindex
        except re.error as exc:
            raise ValueError("write a regular expression that Python knows") from exc
        if not groups:
            raise ValueError("name what the pattern takes, such as (?P<value>[0-9]+)")
        return pattern


class Files(Block):
    """Files that are read into tables at start.

    Attributes:
        encoding: The code page of csv, fixed and jsonl.
        delimiter: What is between the cells of csv.
        empty: Texts that mean "no value".
        normalise: Columns of numbers, `table.column`, that are stored as capital letters and
            digits alone, so that they are found however they were written.
        splits: Tables that are made from packed columns.
    """

    format: Literal["csv", "parquet", "excel", "fixed", "xml", "jsonl"]
    encoding: Encoding = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    empty: tuple[Word, ...] = ()
    normalise: tuple[Column, ...] = ()
    tables: tuple[FileTable, ...] = Field(alias="table")
    splits: tuple[FileSplit, ...] = Field(alias="split", default=())

    def names(self) -> list[str]:
        """Return the names of all tables that are made."""
        return [table.table for table in self.tables] + [split.table for split in self.splits]

    @field_validator("encoding")
    @classmethod
    def _require_codec(cls, encoding: str) -> str:
        try:
            codecs.lookup(encoding)
        except LookupError as exc:
            raise ValueError("write an encoding that Python knows, such as utf-8, cp1251") from exc
        return encoding

    @model_validator(mode="after")
    def _require_columns(self) -> Self:
        for number, table in enumerate(self.tables):
            told, *place = self._find_fault(table)
            if told:
                raise BlockError(f"table {table.table}: {told}", "table", number, *place)
        return self

    def _find_fault(self, table: FileTable) -> tuple[str, *Location]:
        """Say what a table lacks, and where; nothing where it is whole."""
        if self.format in {"fixed", "xml", "jsonl"} and not table.columns:
            return (f"{self.format} needs columns",)
        if self.format == "xml" and table.rows is None:
            return ("xml needs rows",)
        for number, column in enumerate(table.columns):
            if self.format == "fixed" and (column.start is None or column.width is None):
                return f"column {column.name}: fixed needs start and width", "columns", number
            if self.format == "xml" and column.path is None:
                return f"column {column.name}: xml needs path", "columns", number
        if self.format in {"csv", "excel"} and not table.header and not table.columns:
            return ("without a header write columns",)
        return ("",)


class Ldap(Block):
    """A directory.

    Attributes:
        url: `ldap://host:port` or `ldaps://host:port`.
        start_tls: Begin TLS on an `ldap://` connection before anything else is said.
        ca_file: Certificates that the server's own is checked against; else the system's.
        bind: The name we bind with; anonymous where None.
        password_file: Relative to the bank's folder.
        base: Below this entry the records are.
        scope: `subtree`, or `one` for the entries right below the base.
        filter: Which entries are records, such as `(objectClass=person)`.
        watermark: An attribute of the base entry that changes when anything below it does.
        page: Entries in one page of the names scan.
        pool: Connections at most, 1 to 64.
    """

    url: Annotated[str, StringConstraints(pattern=r"^ldaps?://[^\s/@?]+/?$", max_length=300)]
    start_tls: bool = False
    ca_file: Word | None = None
    bind: Word | None = None
    password_file: Word | None = None
    base: Word
    scope: Literal["subtree", "one"] = "subtree"
    filter: Annotated[str, StringConstraints(pattern=r"^\(.+\)$", max_length=1000)]
    watermark: Word | None = None
    page: int = Field(default=500, ge=1, le=1000)
    pool: int = Field(default=4, ge=1, le=64)

    @model_validator(mode="after")
    def _require_secrecy(self) -> Self:
        if self.start_tls and self.url.startswith("ldaps:"):
            raise BlockError("start_tls belongs to ldap://; ldaps:// begins with TLS", "start_tls")
        if (self.bind is None) != (self.password_file is None):
            raise ValueError("write both bind and password_file, or neither")
        secret = self.start_tls or self.url.startswith("ldaps:")
        if self.bind is not None and not secret and urlsplit(self.url).hostname not in HERE:
            told = "the password would travel in the clear; write start_tls or ldaps://"
            raise BlockError(told, "url")
        return self
