"""The blocks that say where a bank's data are: `[sql]`, `[files]`, `[http]`, and so on."""

from __future__ import annotations

import codecs
import re
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from adapters.contract import ProbeKind
from adapters.mapping.block import Block, Column, Word

__all__ = [
    "Engine",
    "FileColumn",
    "FileSplit",
    "FileTable",
    "Files",
    "Http",
    "HttpError",
    "HttpGet",
    "HttpList",
    "HttpNext",
    "HttpSearch",
    "HttpState",
    "Ldap",
    "Sql",
    "Web",
    "Yente",
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
            raise ValueError(f"{self.engine} takes no options")
        if not ours and self.ca_file is not None:
            raise ValueError(f"write in options how the driver of {self.engine} begins TLS")
        return self

    @model_validator(mode="after")
    def _require_scheme(self) -> Self:
        begin = f"{self.engine}://"
        if not self.url.startswith(begin):
            raise ValueError(f"url must begin with {begin}")
        authority = self.url.removeprefix(begin).partition("/")[0]
        if ":" in authority.rpartition("@")[0]:
            raise ValueError("take the password out of url and write password_file")
        return self


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
        for table in self.tables:
            self._require_table(table)
        return self

    def _require_table(self, table: FileTable) -> None:
        if self.format in {"fixed", "xml", "jsonl"} and not table.columns:
            raise ValueError(f"table {table.table}: {self.format} needs columns")
        if self.format == "xml" and table.rows is None:
            raise ValueError(f"table {table.table}: xml needs rows")
        for column in table.columns:
            if self.format == "fixed" and (column.start is None or column.width is None):
                raise ValueError(f"column {column.name}: fixed needs start and width")
            if self.format == "xml" and column.path is None:
                raise ValueError(f"column {column.name}: xml needs path")
        if self.format in {"csv", "excel"} and not table.header and not table.columns:
            raise ValueError(f"table {table.table}: without a header write columns")


class HttpNext(Block):
    """Paging: by number, by place, or by a mark that each answer tells.

    Attributes:
        page: The parameter that holds the page's number.
        offset: The parameter that holds how many rows come before the page.
        cursor: The parameter that holds the mark of the page; `after` is where an answer tells
            the next one, and the page without one is the last.
        first: The number of the first page (`from` in the file).
        size: The parameter that holds the size of a page.
        rows: The size asked for, 1 to 1,000.
        total: Path to the number of all rows in an answer.
    """

    page: Word | None = None
    offset: Word | None = None
    cursor: Word | None = None
    after: Word | None = None
    first: int = Field(default=1, alias="from", ge=0)
    size: Word | None = None
    rows: int = Field(default=50, ge=1, le=1000)
    total: Word | None = None

    @model_validator(mode="after")
    def _require_way(self) -> Self:
        if sum(way is not None for way in (self.page, self.offset, self.cursor)) != 1:
            raise ValueError("write one of page, offset and cursor")
        if (self.cursor is None) != (self.after is None):
            raise ValueError("write both cursor and after, or neither")
        return self


class HttpError(Block):
    """Where the service tells its own errors: a path that holds a value on an error only."""

    path: Word


HttpPath = Annotated[str, StringConstraints(pattern=r"^/\S*$", max_length=500)]


class HttpList(Block):
    """How all records are read, for the in-country index. `fixed` are constant parameters."""

    path: HttpPath
    rows: str | None = None
    fixed: dict[Word, str] = Field(default_factory=dict)


class HttpGet(HttpList):
    """How one record is read: a path with `{reference}`; no `rows`: the answer is it."""

    @field_validator("path")
    @classmethod
    def _require_reference(cls, path: str) -> str:
        if "{reference}" not in path:
            raise ValueError("write {reference} where the record's reference belongs")
        return path


class HttpSearch(HttpList):
    """How the service is searched.

    Attributes:
        probe: Which kind of probe it takes.
        query: The service's parameter to the probe's field: number, issuer, plate, vin, value, ...
    """

    probe: ProbeKind
    query: dict[Word, Word] = Field(min_length=1)


class HttpState(Block):
    """How the service tells of when its data are.

    Attributes:
        watermark: Path to a value that changes when the data change.
        as_of: Path to a point in time, ISO 8601.
    """

    path: HttpPath
    watermark: Word | None = None
    as_of: Word | None = None


class Web(Block):
    """What is said of any service over HTTP.

    Attributes:
        url: Where it is; a path may follow the host.
        timeout_s: Seconds for one request.
        token_file: Holds the token that is sent with each request.
        ca_file: Certificates that the service's own is checked against, instead of the system's.
        certificate: The client certificate that we log in with, in PEM, chain included.
        key: Its key, in PEM, not encrypted.
        error: Where the service tells its own errors.
        retries: After 429 and 503, waiting Retry-After within the deadline.
    """

    scheme: ClassVar[str] = "Bearer"
    """What stands before the token in the header Authorization."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=500)]
    timeout_s: float = Field(default=2.0, gt=0, le=30)
    headers: dict[Word, str] = Field(default_factory=dict)
    token_file: Word | None = None
    ca_file: Word | None = None
    certificate: Word | None = None
    key: Word | None = None
    error: HttpError | None = None
    retries: int = Field(default=1, ge=0, le=5)

    @model_validator(mode="after")
    def _require_pair(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("a client certificate needs both certificate and key")
        if self.certificate is not None and not self.url.startswith("https://"):
            raise ValueError("a client certificate is shown over https:// only")
        return self


class Http(Web):
    """A JSON service."""

    rows: str = ""
    next: HttpNext | None = None
    listing: HttpList = Field(alias="list")
    get: HttpGet
    state: HttpState | None = None
    searches: tuple[HttpSearch, ...] = Field(alias="search", default=())


class Yente(Web):
    """OpenSanctions' yente, or a service that speaks as it does.

    Attributes:
        dataset: The name of the dataset or collection that is asked.
        algorithm: The scorer that yente picks candidates with; its own default where None.
        threshold: Candidates below this score of yente's are not sent, 0 to 1. The node scores
            them again by its own rules, so it may be low.
        candidates: Candidates of one search at most, 1 to 500.
        token_file: `api_key_file` in the file.
    """

    scheme: ClassVar[str] = "ApiKey"

    dataset: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")] = "default"
    algorithm: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")] | None = None
    threshold: float = Field(default=0.5, ge=0, le=1)
    candidates: int = Field(default=50, ge=1, le=500)
    token_file: Word | None = Field(default=None, alias="api_key_file")


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
            raise ValueError("start_tls belongs to ldap://; ldaps:// begins with TLS")
        if (self.bind is None) != (self.password_file is None):
            raise ValueError("write both bind and password_file, or neither")
        secret = self.start_tls or self.url.startswith("ldaps:")
        if self.bind is not None and not secret and urlsplit(self.url).hostname not in _HERE:
            raise ValueError("the password would travel in the clear; write start_tls or ldaps://")
        return self


_HERE = frozenset(("localhost", "127.0.0.1", "::1"))
