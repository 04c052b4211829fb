"""Read records of a bank without tables as they are, before the mapping makes anything of them.

What a directory or a service holds is seen by some of its records alone. They are read once, kept
in memory while the check runs, and looked at like the columns of a table.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.banks.http.pages import read_pages
from adapters.mapping.model import ColumnUse
from adapters.mapping.objects import PLAIN, walk_values
from adapters.mapping.objects import Shape as ObjectShape
from adapters.mapping.readers import Row
from adapters.mapping.scalars import Scalar, read_text
from adapters.mapping.service import Patience, Service
from adapters.mapping.session import open_session
from adapters.proving.columns import group_uses, name_places
from adapters.proving.report import Part
from adapters.proving.subject import TIMEOUT_S, Subject

__all__ = ["Objects", "read_objects", "show_columns", "show_unread"]

_MOST: Final = 2_000
_ENOUGH: Final = 50
"""Records after which a column that none of them has is held to be misspelt."""

_RETRIES: Final = 20
_SHOWN: Final = 40

Tables = Mapping[str, Sequence[Row]]


@dataclass(slots=True)
class Objects:
    """Records as they were read, as rows of the columns that the mapping names.

    Attributes:
        count: How many records.
        base: The rows of records, one for each.
        inner: The rows of each `many` table.
        paths: All that was in the records, by its path, and in how many.
    """

    count: int = 0
    base: list[Row] = field(default_factory=list)
    inner: dict[str, list[Row]] = field(default_factory=dict)
    paths: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row, inner: Tables, paths: Iterable[str]) -> None:
        """Add one record."""
        self.count += 1
        self.base.append(row)
        self.paths.update(set(paths))
        for table, rows in inner.items():
            self.inner.setdefault(table, []).extend(rows)

    def _table(self, column: str) -> list[Row]:
        tables = (rows for rows in self.inner.values() if rows and column in rows[0])
        return next(tables, self.base)

    async def rows(self, columns: Sequence[str], limit: int) -> list[Row]:
        """Read rows in which the first column has a value; what is no single value is none."""
        found: list[Row] = [
            {column: _single(row.get(column)) for column in columns}
            for row in self._table(columns[0])
        ]
        return [row for row in found if row[columns[0]] is not None][:limit]

    async def values(self, column: str, limit: int) -> list[Scalar]:
        """Read values of a column; missing ones are left out."""
        return [row[column] for row in await self.rows((column,), limit)]

    async def counts(self, column: str, limit: int) -> dict[str, int]:
        """Count each text of a column, the most frequent first; empty ones are left out."""
        texts = Counter(read_text(value) for value in self.all(column))
        texts.pop("", None)
        return dict(texts.most_common(limit))

    def all(self, column: str) -> Iterator[Scalar]:
        """Yield the single values of a column; missing ones are left out."""
        values = (_single(row.get(column)) for row in self._table(column))
        return (value for value in values if value is not None)


def _single(value: Any) -> Scalar:  # noqa: ANN401 - whatever was sent
    return None if isinstance(value, list | dict) else value


def _name(value: Scalar) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, date):
        return "date"
    return "number" if isinstance(value, int | float) else "text"


async def read_objects(subject: Subject) -> Objects | None:
    """Read some records; None for a bank that gives no list of them. Raises as an adapter does."""
    kind = subject.mapping.bank.kind
    if kind not in {"http", "ldap"}:
        return None
    found = Objects()
    records = _read_service(subject) if kind == "http" else _read_directory(subject)
    async with aclosing(records) as opened:
        async for row, inner, paths in opened:
            found.add(row, inner, paths)
            if found.count >= min(_MOST, subject.extent.most):
                break
    return found


def _path_of(subject: Subject, column: str) -> str:
    """Return where a column is in a record: in a list, or in an attribute of several values."""
    for child in subject.mapping.children:
        if column.startswith(f"{child.table}."):
            path = child.path or child.table
            whole = subject.mapping.bank.kind == "ldap"
            return path if whole else path + column.removeprefix(child.table)
    return column


_Record = tuple[Row, Tables, list[str]]


async def _read_service(subject: Subject) -> AsyncGenerator[_Record]:
    http = subject.mapping.http
    assert http is not None  # noqa: S101 - a mapping of kind http has its block
    shape = ObjectShape(subject.mapping)
    service = Service(open_session(http, subject.folder, subject.mapping.origin()), http)
    until = asyncio.get_running_loop().time
    pages = read_pages(
        service,
        (http, http.listing),
        parameters=http.listing.fixed,
        patience=lambda: Patience(until() + TIMEOUT_S, _RETRIES),
    )
    try:
        async with aclosing(pages) as opened:
            async for page in opened:
                for item in page:
                    yield (*shape.read(item), _list_paths(item))
    finally:
        await service.close()


def _list_paths(item: dict[str, Any]) -> list[str]:
    """Return the paths of an object and of what is in its lists."""
    found: list[str] = []
    for path, value in walk_values(item):
        if not isinstance(value, list):
            found.append(path)
            continue
        for each in value:
            told = each if isinstance(each, dict) else {PLAIN: each}
            found += [f"{path}.{inner}" for inner, _ in walk_values(told)]
    return found


async def _read_directory(subject: Subject) -> AsyncGenerator[_Record]:
    from adapters.banks.ldap.address import read_address
    from adapters.banks.ldap.directory import Directory
    from adapters.banks.ldap.entries import Shape
    from adapters.banks.ldap.session import Query

    ldap = subject.mapping.ldap
    assert ldap is not None  # noqa: S101 - a mapping of kind ldap has its block
    shape, faults = Shape(subject.mapping), Counter[str]()
    scope = "SUBTREE" if ldap.scope == "subtree" else "LEVEL"
    query = Query(ldap.base, scope, ldap.filter, ("*", *shape.attributes))
    directory = Directory(read_address(subject.mapping, ldap, subject.folder), 1)
    try:
        async with aclosing(directory.pages(query, ldap.page, TIMEOUT_S)) as pages:
            async for page in pages:
                for entry in page.entries:
                    yield (*shape.read(entry, faults), [*entry])
    finally:
        await directory.close()


def show_columns(subject: Subject, objects: Objects) -> Part:
    """List each column with the types of its values; one that no record has is misspelt."""
    part = Part("columns")
    for column, places in group_uses(subject.mapping.columns()).items():
        kinds = " ".join(sorted(set(map(_name, objects.all(column)))))
        part.rows.append(
            {"column": column, "type": kinds or "NOT SEEN", "used for": name_places(places)}
        )
        if not kinds and objects.count:
            _tell_unseen(part, subject, objects, use=ColumnUse(places[0], column))
    return part


def _tell_unseen(part: Part, subject: Subject, objects: Objects, *, use: ColumnUse) -> None:
    text = f"{subject.tell(use.place)}: none of {objects.count} records has {use.column!r}"
    if subject.mapping.bank.kind == "http" and objects.count >= _ENOUGH:
        part.error(f"{text}; write its right path, or take it out")
    else:
        part.warn(f"{text}; is that its right path?")


def show_unread(subject: Subject, objects: Objects) -> Part:
    """List what is in the records but in no block of the mapping. That is no fault."""
    part = Part("not mapped")
    used = {_path_of(subject, use.column).casefold() for use in subject.mapping.columns()}
    left = [path for path in objects.paths if path.casefold() not in used]
    for path in left[:_SHOWN]:
        part.rows.append({"path": path, "in records": str(objects.paths[path])})
    return part
