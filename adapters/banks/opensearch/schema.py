"""Hold a mapping against an index: is each field that is searched of a type that finds it?

OpenSearch does not complain about a field that it does not know or a list that it keeps apart: a
query finds nothing there, which would look like a search without a hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from typing import Final

from adapters.banks.opensearch.queries import Queries, exact_columns, named_columns
from adapters.contract import MappingError
from adapters.mapping.check import suggest
from adapters.mapping.locate import Fault, Location
from adapters.mapping.model import Mapping
from adapters.mapping.web import OpenSearch

__all__ = ["list_fields", "require_fields"]

_WHOLE: Final = frozenset(("keyword", "constant_keyword", "wildcard"))
_WORDS: Final = frozenset(("text", "match_only_text", "search_as_you_type"))
_NESTED: Final = frozenset(("nested",))

Types = Table[str, frozenset[str]]
"""The types of each field: several where the parts of an index differ, none where it is unknown."""


def list_fields(mapping: Mapping, about: OpenSearch, queries: Queries) -> list[str]:
    """Return the fields whose types decide what is found."""
    return sorted({field for _, field, _, _ in _wanted(mapping, about, queries)})


def require_fields(mapping: Mapping, about: OpenSearch, queries: Queries, known: Types) -> None:
    """Require that each field that is searched can be.

    Raises:
        MappingError: One cannot; the text names file, line and key, one line for each.
    """
    faults = list(_find_apart(mapping, about, known))
    for place, field, types, advice in _wanted(mapping, about, queries):
        held = known.get(field, frozenset())
        if held and held <= types:
            continue
        told = f"the index has no field {field!r}{suggest(field, sorted(known))}"
        if held:
            told = f"{field!r} is of type {' and '.join(sorted(held))}; {advice}"
        faults.append((place, told))
    if faults:
        raise MappingError(mapping.origin().report(faults))


_Wanted = tuple[Location, str, frozenset[str], str]


def _wanted(mapping: Mapping, about: OpenSearch, queries: Queries) -> Iterator[_Wanted]:
    places = {use.column: use.place for use in mapping.columns()}
    for column in exact_columns(mapping):
        advice = "write a keyword field for it in [opensearch] exact"
        yield places[column], queries.exact(column), _WHOLE, advice
    for column in named_columns(mapping) if about.fuzzy else ():
        advice = "fuzzy needs a text field; take fuzzy out, or index it as text"
        yield places[column], queries.path(column), _WORDS, advice
    for number, child in enumerate(mapping.children):
        if child.table in about.nested:
            path, advice = child.path or child.table, "take it out of [opensearch] nested"
            yield ("many", number, "table"), path, _NESTED, advice


def _find_apart(mapping: Mapping, about: OpenSearch, known: Types) -> Iterator[Fault]:
    """A list that the index keeps apart is searched in a query of its own, or not at all."""
    for number, child in enumerate(mapping.children):
        place: Location = ("many", number, "table")
        if child.table not in about.nested and "nested" in known.get(child.path or child.table, ()):
            told = f"{child.table!r} is of type nested; write it in [opensearch] nested"
            yield place, told
