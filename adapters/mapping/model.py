"""The mapping as a value: how one bank's words become ours. The page is docs/mapping.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from adapters import contract
from adapters.mapping.block import Block, BlockError, Column, Handling, Source, Word
from adapters.mapping.entities import complete_entities
from adapters.mapping.fields import FieldBlock
from adapters.mapping.keys import MAX_PARTS
from adapters.mapping.locate import Key, Location, Origin
from adapters.mapping.relay import Node, complete_relay
from adapters.mapping.sources import Files, Function, Ldap, Sql
from adapters.mapping.web import Http, OpenSearch, Yente

__all__ = [
    "Bank",
    "ColumnUse",
    "Contact",
    "Join",
    "Many",
    "Mapping",
    "RecordBlock",
    "Warnings",
    "columns_of",
]

Script = Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")]


class Contact(Block):
    """Whom to ask about a hit."""

    office: Word
    phone: str = ""
    email: str = ""


class Bank(Block):
    """What the bank is.

    Attributes:
        id: Its name within its member: a-z, 0-9 and -.
        as_of: Of when the data are, where the bank itself cannot tell.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: Word
    kind: Literal["sql", "files", "http", "ldap", "yente", "opensearch", "node"]
    scripts: tuple[Script, ...] = ()
    handling: Handling = Field(default_factory=Handling)
    contact: Contact | None = None
    as_of: AwareDatetime | None = None

    @property
    def codes(self) -> contract.Handling:
        """The bank's handling codes as the contract has them."""
        return self.handling.over(contract.Handling())


def _read_key(value: object) -> object:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or "" in parts or not 1 <= len(parts) <= MAX_PARTS:
        told = f'write a column, or up to {MAX_PARTS} together: ["region", "number"]'
        raise ValueError(told)
    return parts


class RecordBlock(Block):
    """What one record is: a row of `table` with the reference `key`.

    Attributes:
        key: The column that is the reference, or those that it is joined of.
        scan: `allowed` where `bank check` shall let queries read a whole table.
        budget: Rows that one query reads at most by the owner's word, where no plan can be seen.
        strict: Fields that decide: a person who was born on another day than was asked for is none.
    """

    table: Word | None = None
    key: Annotated[
        tuple[Word, ...], Field(min_length=1, max_length=MAX_PARTS), BeforeValidator(_read_key)
    ]
    where: str | None = None
    as_of_column: Word | None = None
    watermark_column: Word | None = None
    scan: Literal["refused", "allowed"] = "refused"
    budget: int | None = Field(default=None, ge=1)
    strict: tuple[Literal["birth_date"], ...] = ()


class Join(Block):
    """A table with at most one row for each record."""

    table: Word
    on: dict[Column, Column] = Field(min_length=1)


class Many(Block):
    """A table with any number of rows for each record.

    For http it is a list inside the object, for ldap an attribute of several values.

    Attributes:
        on: Its column to the column of the record's table; for sql and files.
        path: For http: where the list is in the object; for ldap: the attribute's name. By default
            the table's name.
    """

    table: Word
    on: dict[Column, Column] = Field(default_factory=dict)
    where: str | None = None
    path: Word | None = None


class Warnings(Source):
    """What endangers the officer; the column may hold several codes with a separator."""

    separator: str | None = Field(default=None, min_length=1)


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One mention of a column: where in the mapping, and which."""

    place: Location
    column: str


class Mapping(Block):
    """The whole mapping of one bank.

    Attributes:
        computed: Columns that the bank has not, `table.column`, and the bank's own SQL for each.
    """

    version: Literal[1]
    bank: Bank
    sql: Sql | None = None
    files: Files | None = None
    http: Http | None = None
    ldap: Ldap | None = None
    yente: Yente | None = None
    node: Node | None = None
    opensearch: OpenSearch | None = None
    functions: tuple[Function, ...] = Field(alias="function", default=())
    record: RecordBlock
    joins: tuple[Join, ...] = Field(alias="join", default=())
    children: tuple[Many, ...] = Field(alias="many", default=())
    computed: dict[Column, Annotated[str, StringConstraints(min_length=1, max_length=2000)]] = (
        Field(default_factory=dict)
    )
    fields: tuple[FieldBlock, ...] = Field(alias="field")
    kind: Source
    warnings: Warnings | None = None
    action: Source | None = None
    urgency: Source | None = None
    codes: dict[Word, dict[str, str]] = Field(default_factory=dict)
    _origin: Origin = PrivateAttr(default_factory=Origin)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
        """Add what is the same in every bank of some kinds."""
        return complete_relay(complete_entities(value))

    @model_validator(mode="after")
    def _require_section(self) -> Self:
        if getattr(self, self.bank.kind) is None:
            raise BlockError(f"write a [{self.bank.kind}] block, or another kind", "bank", "kind")
        for other in _SECTIONS:
            if other != self.bank.kind and getattr(self, other) is not None:
                raise BlockError(f"kind is {self.bank.kind!r}: take this block out", Key(other))
        if not self.fields and self.node is None:
            raise BlockError("write at least one [[field]] block", "field")
        if self.has_tables and self.record.table is None:
            raise BlockError("is missing; write it", "record", "table")
        return self

    @property
    def has_tables(self) -> bool:
        """Whether records are rows of tables; else each is one object, entry or row, whole."""
        return self.bank.kind in {"sql", "files"} and not self.functions

    def origin(self) -> Origin:
        """Tell which file this came from, and where each key is in it."""
        return self._origin

    def full(self, column: str) -> str:
        """Write a column of the record's own table with its table; for http it stays a path."""
        return f"{self.record.table}.{column}" if self.record.table else column

    @property
    def key(self) -> str:
        """The column of the reference of a bank without tables, where it is one."""
        return self.keys[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the reference, written as the other columns are."""
        return tuple(map(self.full, self.record.key))

    @property
    def strict(self) -> frozenset[contract.FieldName]:
        """The fields that decide."""
        return frozenset(map(contract.FieldName, self.record.strict))

    @property
    def as_of(self) -> datetime | None:
        """Of when the data are by the mapping itself."""
        return self.bank.as_of

    def child_of(self, column: str) -> str | None:
        """Tell which `many` table a column belongs to; None for the record's own row."""
        for child in self.children:
            if column.startswith(f"{child.table}."):
                return child.table
        return None

    def ties(self) -> Iterator[tuple[Location, Join | Many]]:
        """Walk the tables that hang on the record's, with their place in the file."""
        yield from ((("join", number), tie) for number, tie in enumerate(self.joins))
        yield from ((("many", number), tie) for number, tie in enumerate(self.children))

    def columns(self) -> Iterator[ColumnUse]:
        """Walk all columns that the mapping mentions, with their place in the file."""
        yield from self._record_columns()
        for place, tie in self.ties():
            for left, right in tie.on.items():
                yield ColumnUse((*place, "on", Key(left)), left)
                yield ColumnUse((*place, "on", left), right)
        for number, field in enumerate(self.fields):
            yield from _walk(field, ("field", number))
        for name in ("kind", "warnings", "action", "urgency"):
            block_ = getattr(self, name)
            if block_ is not None:
                yield from _walk(block_, (name,))

    def _record_columns(self) -> Iterator[ColumnUse]:
        record = self.record
        several = len(record.key) > 1
        for number, column in enumerate(self.keys):
            yield ColumnUse(("record", "key", *([number] if several else [])), column)
        for name in ("as_of_column", "watermark_column"):
            other = getattr(record, name)
            if other is not None:
                yield ColumnUse(("record", name), self.full(other))


def columns_of(block: Block) -> tuple[str, ...]:
    """Return the columns that one block reads."""
    return tuple(use.column for use in _walk(block, ()))


_SECTIONS = ("sql", "files", "http", "ldap", "yente", "opensearch", "node")

_COLUMN_KEYS = frozenset(
    (
        *("column", "number", "series", "full", "given", "family", "patronymic"),
        *("year", "month", "day", "first", "last"),
    )
)


def _walk(block: Block, place: Location) -> Iterator[ColumnUse]:
    """Walk the columns of one block and of the sources inside it."""
    for key in type(block).model_fields:
        value = getattr(block, key)
        if isinstance(value, Source):
            yield from _walk(value, (*place, key))
        elif key == "columns":
            yield from (ColumnUse((*place, key, n), column) for n, column in enumerate(value))
        elif key in _COLUMN_KEYS and isinstance(value, str):
            yield ColumnUse((*place, key), value)
