"""Which table holds the records, and which others hang on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.drafting.guess import Understood, understand
from adapters.drafting.names import name_column, split_name
from adapters.drafting.shape import DraftError, Seen, Table, Tie, find_key

__all__ = ["Chosen", "Hanging", "choose"]

_WEIGHTS: Final = {
    "birth": 4,
    "family": 3,
    "given": 2,
    "full": 3,
    "national number": 3,
    "document": 3,
    "plate": 4,
    "vin": 3,
    "sex": 2,
    "nationality": 2,
    "birth place": 1,
    "birth year": 2,
    "registration number": 2,
    "organisation": 1,
    "phone": 1,
    "email": 1,
}
_PERSON: Final = 3
_MANY: Final = frozenset(("document", "phone", "alias", "vehicle", "organisation"))
_FEW: Final = 5
"""Columns that a table of mere numbers or names has at most."""
_USEFUL: Final = ("document", "phone", "email", "national number", "plate", "vin", "organisation")
_NAMES: Final = ("full", "given", "family")
_FOREIGN: Final = "a foreign key"
_NAMED: Final = "the name and the values agree"


@dataclass(frozen=True, slots=True)
class Hanging:
    """A table that hangs on the record's by a tie, and why."""

    understood: Understood
    tie: Tie
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The record's table, the tables with many rows for each record, and those joined to it."""

    record: Understood
    many: tuple[Hanging, ...]
    joins: tuple[Hanging, ...]
    others: tuple[str, ...]


def choose(seen: Seen, wanted: str = "") -> Chosen:
    """Choose the table of the records, or take the one that is wanted.

    Raises:
        DraftError: There is no such table, or none that looks like one of records.
    """
    tables = [understand(table) for table in seen.tables]
    alone = [each for each in tables if not each.table.inside]
    if wanted and wanted not in {each.table.name for each in alone}:
        names = ", ".join(each.table.name for each in alone)
        raise DraftError(f"there is no table {wanted!r}; there are {names}")
    ranked = sorted(alone, key=_rank, reverse=True)
    if not ranked or (not wanted and _rank(ranked[0]) <= 0):
        raise DraftError("no table looks like one of persons or documents; name one with --table")
    record = next((each for each in ranked if each.table.name == wanted), ranked[0])
    others = tuple(each.table.name for each in ranked if each is not record and _rank(each) > 0)
    return Chosen(
        record,
        tuple(_drop_views([*_find_many(record, tables)])),
        tuple(_find_joins(record, tables)),
        others,
    )


def _rank(each: Understood) -> int:
    """Weigh what a table knows of persons, documents or vehicles."""
    score = sum(weight for meaning, weight in _WEIGHTS.items() if each.has(meaning))
    if each.subject == "alias" or not each.table.rows:
        return score // 3
    if score and not each.has(*_NAMES, "document", "plate", "vin", "national number"):
        return score // 3
    return score + (_PERSON if score and each.subject == "person" else 0)


def _find_many(record: Understood, tables: Sequence[Understood]) -> Iterator[Hanging]:
    for each in tables:
        if each.table.inside:
            if each.table.inside == record.table.name and each.has(*_NAMES, *_USEFUL):
                yield Hanging(each, Tie("", record.table.name, ""), "")
            continue
        if each is record or not _is_small(each):
            continue
        tie = next(_ties(each.table, record.table), None)
        if tie is not None:
            yield Hanging(each, *tie)


def _drop_views(many: Sequence[Hanging]) -> Iterator[Hanging]:
    """Leave out tables that are tied by a name alone and have the columns of one that is not."""
    real = {_names(each) for each in many if each.why == _FOREIGN}
    yield from (each for each in many if each.why != _NAMED or _names(each) not in real)


def _names(hanging: Hanging) -> frozenset[str]:
    return frozenset(column.name for column in hanging.understood.table.columns)


def _is_small(each: Understood) -> bool:
    """Tell whether rows are mere documents, numbers or other names, not persons of their own."""
    if each.subject == "alias":
        return each.has(*_NAMES, "alias")
    if not each.has(*_USEFUL) or each.subject == "person":
        return False
    return each.subject in _MANY or len(each.table.columns) <= _FEW


def _ties(child: Table, record: Table) -> Iterator[tuple[Tie, str]]:
    """Yield what ties a table to the record's: a foreign key, or a column that is called so."""
    for tie in child.ties:
        if tie.table == record.name:
            yield tie, _FOREIGN
    columns = {column.name for column in child.columns}
    if record.joint:
        if columns.issuperset(record.joint):
            first, *more = record.joint
            yield Tie(first, record.name, first, tuple((n, n) for n in more)), _NAMED
        return
    key = record.key or find_key(record.columns)
    if not key or record.whole:
        return
    known = set(record.column(key).texts)
    for column in child.columns:
        if _points_at(column.name, record, key) and known.intersection(column.texts):
            yield Tie(column.name, record.name, key), _NAMED


def _points_at(name: str, record: Table, key: str) -> bool:
    """Tell whether a column is called after a table and its key, or as a key that tells enough."""
    words, table = split_name(name), split_name(record.name.rpartition(".")[2])
    if words == split_name(key) and len(words) > 1:
        return True
    single = tuple(word.removesuffix("s") for word in table)
    endings = {("id",), split_name(key), ()}
    return any(words == start + end for start in (table, single) for end in endings)


def _find_joins(record: Understood, tables: Sequence[Understood]) -> Iterator[Hanging]:
    """Find tables of places that the record refers to as its place of birth."""
    named = {each.table.name: each for each in tables}
    for tie in record.table.ties:
        target = named.get(tie.table)
        if target is None or target is record or tie.table == record.table.name:
            continue
        if _says_birth(tie.column) and target.has("full", "city"):
            yield Hanging(target, tie, _FOREIGN)


def _says_birth(column: str) -> bool:
    named = name_column(column)
    return named is not None and named.meaning == "birth place"
