"""Write what OpenSearch is asked: a body of JSON whose shape comes from the mapping alone.

Nothing here is a text that the server parses as a language: no `query_string`, no script, no
regular expression, no wildcard. A value that is looked for is a value in the JSON, and lists are
padded to powers of two, so that the shapes which a bank can ever see are a finite set.

Source: https://docs.opensearch.org/latest/query-dsl/ and /search-plugins/searching-data/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.contract import FieldName, OrganisationProbe, PersonProbe, Probe
from adapters.mapping.fields import NameField, TextField
from adapters.mapping.lookups import Question, ask, find_lookups
from adapters.mapping.model import Mapping, columns_of
from adapters.mapping.objects import PLAIN, Json
from adapters.mapping.scalars import can_send
from adapters.mapping.statements import pad
from adapters.mapping.web import OpenSearch

__all__ = ["ID", "Body", "Found", "Queries", "exact_columns", "named_columns"]

Body = dict[str, Json]
"""One object of a query, or a whole one."""

ID: Final = "_id"
"""The reference where the bank has none of its own: OpenSearch's own name of the document."""

_NAMES: Final = frozenset((FieldName.NAME, FieldName.ORGANISATION))
_MOST_NAMES: Final = 16
_MOST_WORDS: Final = 32
"""Words of one name that are looked for; OpenSearch refuses a query of more than 1,024 clauses."""


@dataclass(frozen=True, slots=True)
class Found:
    """How much of what is found shall come: records, and within which time in seconds."""

    rows: int
    timeout_s: float


class Queries:
    """The queries of one mapping.

    Args:
        mapping: The bank's mapping.
        about: Its `[opensearch]` block.
    """

    def __init__(self, mapping: Mapping, about: OpenSearch) -> None:
        self._about = about
        self._key = about.exact.get(mapping.key, mapping.key)
        self._scripts = mapping.bank.scripts
        self._lookups = find_lookups(mapping)
        self._paths = {child.table: child.path or child.table for child in mapping.children}
        self._nested = {self._paths[table] for table in about.nested}
        self._named = {name: tuple(_find_named(mapping, name)) for name in _NAMES}
        self._all = self._fields_of(mapping, names=False)
        self._short = self._fields_of(mapping, names=True)

    def search(self, probe: Probe, found: Found) -> Body | None:
        """Ask for the records that a probe may mean; None where nothing can be asked."""
        clauses = [clause for q in self._ask(probe) if (clause := self._write(q)) is not None]
        clauses += self._write_names(probe)
        if not clauses:
            return None
        return self._finish({"should": clauses, "minimum_should_match": 1}, found)

    def fetch(self, references: Sequence[str], found: Found) -> Body:
        """Ask for records by reference."""
        wanted = _padded(references)
        one: Body = {"ids": {"values": wanted}} if self._key == ID else _terms(self._key, wanted)
        return self._finish({"must": [one]}, found)

    def page(self, pit: Body, after: Sequence[Json] | None) -> Body:
        """Ask for one page of references and names, in the order of references.

        Args:
            pit: The point in time that all pages are read at.
            after: The place of the last record of the page before.
        """
        body: Body = {
            "query": {"bool": self._condition()},
            "pit": pit,
            "sort": [{self._key: "asc"}],
            "size": self._about.page,
            "track_total_hits": False,
            "_source": self._short,
        }
        return body if after is None else {**body, "search_after": list(after)}

    def newest(self, column: str) -> Body:
        """Ask for the largest value of a column among the records."""
        return {
            "query": {"bool": self._condition()},
            "size": 0,
            "track_total_hits": False,
            "aggs": {"newest": {"max": {"field": column}}},
        }

    def exact(self, column: str) -> str:
        """Return the field of the index that compares a column whole."""
        return self._about.exact.get(column) or self.path(column)

    def path(self, column: str) -> str:
        """Return the field of the index that a column is; a list of plain values is itself one."""
        table = self._home(column)
        if table is None:
            return column
        rest = column.removeprefix(f"{table}.")
        return self._paths[table] if rest == PLAIN else f"{self._paths[table]}.{rest}"

    def _finish(self, part: Body, found: Found) -> Body:
        return {
            "query": {"bool": {**self._condition(), **part}},
            "size": found.rows,
            "track_total_hits": found.rows + 1,
            "timeout": f"{max(1, round(found.timeout_s * 1000))}ms",
            "sort": [{"_score": "desc"}, *([{self._key: "asc"}] if self._key != ID else [])],
            "_source": self._all,
        }

    def _condition(self) -> Body:
        """The records that are there for us, by the mapping's own word."""
        return {
            "filter": [_terms(field, values) for field, values in self._about.only.items()],
            "must_not": [_terms(field, values) for field, values in self._about.never.items()],
        }

    def _ask(self, probe: Probe) -> list[Question]:
        return ask(probe, self._lookups, self._scripts)

    def _write(self, question: Question) -> Body | None:
        """One lookup: the number is one of these, with a series that is one of those."""
        values = [*filter(can_send, question.values)]
        if not values:
            return None
        lookup = question.lookup
        parts = [_terms(self.exact(lookup.column), _padded(values))]
        if lookup.series is not None:
            parts.append(self._or_missing(lookup.series, question.series))
        return self._within(lookup.column, {"bool": {"filter": parts}})

    def _or_missing(self, column: str, series: Sequence[str]) -> Body:
        """A record without a series holds the whole number in the other field."""
        missing = {"bool": {"must_not": [{"exists": {"field": self.path(column)}}]}}
        held = _terms(self.exact(column), _padded([*filter(can_send, series)]))
        return {"bool": {"should": [held, missing], "minimum_should_match": 1}}

    def _write_names(self, probe: Probe) -> list[Body]:
        """Names by likeness, where the index is declared to find them."""
        if not self._about.fuzzy:
            return []
        field, names = _read_names(probe)
        words = [" ".join(n.split()[:_MOST_WORDS]) for n in names[:_MOST_NAMES] if can_send(n)]
        words = _padded([*filter(None, words)])
        return [
            self._within(column, {"match": {self.path(column): _likeness(word)}})
            for word in words
            for column in self._named[field]
        ]

    def _within(self, column: str, query: Body) -> Body:
        """Ask inside a list whose objects the index keeps apart."""
        path = self._paths.get(self._home(column) or "", "")
        return {"nested": {"path": path, "query": query}} if path in self._nested else query

    def _home(self, column: str) -> str | None:
        return next((table for table in self._paths if column.startswith(f"{table}.")), None)

    def _fields_of(self, mapping: Mapping, *, names: bool) -> list[str]:
        """Return what of each document is sent."""
        columns = [use.column for use in mapping.columns()]
        if names:
            blocks = [b for b in mapping.fields if b.name in _NAMES and b.search]
            columns = [mapping.key, *(c for block in blocks for c in columns_of(block))]
        return sorted({self.path(column) for column in columns} - {ID})


def exact_columns(mapping: Mapping) -> Iterator[str]:
    """Walk the columns that are compared whole: references, numbers and their series."""
    if mapping.key != ID:
        yield mapping.key
    for lookup in find_lookups(mapping):
        yield lookup.column
        if lookup.series is not None:
            yield lookup.series


def named_columns(mapping: Mapping) -> Iterator[str]:
    """Walk the columns that hold the names of persons and organisations."""
    for name in sorted(_NAMES):
        yield from _find_named(mapping, name)


def _find_named(mapping: Mapping, name: FieldName) -> Iterator[str]:
    """Walk the columns that hold a name, each part for itself."""
    for block in mapping.fields:
        if block.name is not name or not block.search:
            continue
        if isinstance(block, NameField):
            parts = (block.full, block.given, block.family, block.patronymic)
            yield from (part for part in parts if part is not None)
        elif isinstance(block, TextField):
            yield from columns_of(block)


def _read_names(probe: Probe) -> tuple[FieldName, tuple[str, ...]]:
    if isinstance(probe, PersonProbe):
        return FieldName.NAME, tuple(name.text for name in probe.names)
    name = probe.name if isinstance(probe, OrganisationProbe) else ""
    return FieldName.ORGANISATION, (name,)


def _likeness(words: str) -> Body:
    """`match` takes its text apart into words and reads no operator in it."""
    return {"query": words, "fuzziness": "AUTO", "operator": "or"}


def _terms(field: str, values: Sequence[str]) -> Body:
    return {"terms": {field: list(values)}}


def _padded(values: Sequence[str]) -> list[str]:
    """Repeat the last value until the length is a power of two."""
    if not values:
        return []
    return [*values, *[values[-1]] * (pad(len(values)) - len(values))]
