"""Check what one block of a mapping says about another: tables, code tables, our words.

Pydantic has checked each block for itself by then. What only the bank knows, whether a column
exists, is checked when the bank is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from adapters.contract import (
    Action,
    DocumentKind,
    IdentifierKind,
    NameKind,
    RecordKind,
    Sex,
    Urgency,
    Warn,
)
from adapters.mapping.block import Source
from adapters.mapping.fields import (
    CodedField,
    DocumentField,
    FieldBlock,
    IdentifierField,
    NameField,
    TextField,
)
from adapters.mapping.functions import find_function_faults
from adapters.mapping.locate import Fault, Key, Location, suggest
from adapters.mapping.model import Mapping

__all__ = ["Fault", "find_faults", "suggest"]

_Rule = Callable[[str], str | None]
"""Says what is wrong with one of our words; None where nothing is."""


def find_faults(mapping: Mapping) -> Iterator[Fault]:
    """Find all that is wrong between the blocks of a mapping."""
    yield from _find_names(mapping)
    yield from _find_key(mapping)
    yield from _find_columns(mapping)
    yield from _find_split(mapping)
    yield from _find_series(mapping)
    yield from _find_ties(mapping)
    yield from _find_computed(mapping)
    yield from _find_index(mapping)
    yield from _find_strict(mapping)
    yield from find_function_faults(mapping)
    for place, source, rule in _coded(mapping):
        yield from _find_words(mapping, place, source, rule)


def _tables(mapping: Mapping) -> list[str]:
    own = [mapping.record.table] if mapping.record.table else []
    return own + [t.table for t in mapping.joins] + [t.table for t in mapping.children]


def _find_names(mapping: Mapping) -> Iterator[Fault]:
    """Each table is named once, and a file is loaded for each."""
    tables = _tables(mapping)
    loaded = mapping.files.names() if mapping.files is not None else None
    named: list[tuple[Location, str]] = [(("record", "table"), mapping.record.table or "")]
    for place, tie in mapping.ties():
        named.append(((*place, "table"), tie.table))
        if tables.count(tie.table) > 1:
            yield (*place, "table"), f"table {tie.table!r} is named twice; join it once"
    for place, table in named:
        if loaded is not None and table not in loaded:
            yield place, f"no [[files.table]] is called {table!r}{suggest(table, loaded)}"


def _find_key(mapping: Mapping) -> Iterator[Fault]:
    """Only rows of tables are read by several columns, each of which says something new."""
    columns = mapping.record.key
    if len(columns) > 1 and not mapping.has_tables:
        yield ("record", "key"), "write one name, as text: only records of tables have several"
        return
    for number, column in enumerate(columns):
        if column in columns[:number]:
            yield ("record", "key", number), f"column {column!r} is named twice; write it once"


def _find_columns(mapping: Mapping) -> Iterator[Fault]:
    """Each column belongs to a table that the mapping reads; one field stays in one row."""
    if not mapping.has_tables:
        return
    tables = _tables(mapping)
    for use in mapping.columns():
        table, dot, column = use.column.rpartition(".")
        if not dot or not column:
            yield use.place, f"write {use.column!r} as table.column"
        elif table not in tables:
            yield use.place, f"no table {table!r} in this mapping{suggest(table, tables)}"


def _find_computed(mapping: Mapping) -> Iterator[Fault]:
    """A computed column belongs to a table; what ties rows together is the bank's own."""
    tables = _tables(mapping)
    for column in mapping.computed:
        table, dot, _ = column.rpartition(".")
        if not mapping.has_tables:
            yield ("computed", Key(column)), "this bank is not asked in SQL; take it out"
        elif not dot or table not in tables:
            told = f'write it as "table.column" with a table of this mapping: {", ".join(tables)}'
            yield ("computed", Key(column)), told
    for use in mapping.columns():
        if use.column in mapping.computed and use.place[0] in {"record", "join", "many"}:
            yield use.place, f"{use.column!r} is computed; write a column of the bank itself"


def _find_split(mapping: Mapping) -> Iterator[Fault]:
    """The columns of one field may come from the record's row and one `many` table, not two."""
    seen: dict[Location, str] = {}
    for use in mapping.columns():
        child = mapping.child_of(use.column)
        if child is None or use.place[0] in {"join", "many"}:
            continue
        if use.place[0] != "field":
            yield use.place, f"{child!r} may have many rows; write a column of the record itself"
            continue
        block = use.place[:2]
        if seen.setdefault(block, child) != child:
            yield use.place, f"one block takes rows of {seen[block]!r} and {child!r}; make it two"


def _find_series(mapping: Mapping) -> Iterator[Fault]:
    """The two parts of a number are compared in one row."""
    for number, block in enumerate(mapping.fields):
        if not isinstance(block, DocumentField) or block.series is None or not mapping.has_tables:
            continue
        if block.search and mapping.child_of(block.series) != mapping.child_of(block.number):
            yield ("field", number, "series"), "write series and number of one table"


def _find_ties(mapping: Mapping) -> Iterator[Fault]:
    """A join hangs on tables before it; a `many` hangs on the record's row."""
    if not mapping.has_tables:
        yield from _find_tables(mapping)
        return
    known = [str(mapping.record.table)]
    for number, tie in enumerate(mapping.joins):
        yield from _find_tie(("join", number), tie.table, tie.on, known)
        known.append(tie.table)
    for number, many in enumerate(mapping.children):
        if not many.on:
            yield ("many", number), "write on: its column to the column of the record"
        yield from _find_tie(("many", number), many.table, many.on, known)


def _find_tables(mapping: Mapping) -> Iterator[Fault]:
    """A bank without tables has nothing to join, and no SQL to say a condition in."""
    kind = mapping.bank.kind
    if mapping.record.where is not None:
        yield ("record", Key("where")), f"a bank of kind {kind} has no where; take it out"
    for place, tie in mapping.ties():
        if place[0] == "join":
            yield place, f"a bank of kind {kind} has no tables to join; take it out"
        elif tie.on or getattr(tie, "where", None) is not None:
            yield place, "write table and path alone: the values are in the record itself"


def _find_index(mapping: Mapping) -> Iterator[Fault]:
    """What is said of the fields of an index is said of columns and lists of this mapping."""
    about = mapping.opensearch
    if about is None:
        return
    tables, columns = _tables(mapping), [use.column for use in mapping.columns()]
    for number, table in enumerate(about.nested):
        if table not in tables:
            place: Location = ("opensearch", "nested", number)
            yield place, f"no [[many]] table is called {table!r}{suggest(table, tables)}"
    for column in about.exact:
        if column not in columns:
            told = f"no block reads the column {column!r}{suggest(column, columns)}"
            yield ("opensearch", "exact", Key(column)), told


def _find_strict(mapping: Mapping) -> Iterator[Fault]:
    """What is to decide has to be known."""
    names = {field.name for field in mapping.fields}
    for field in sorted(mapping.strict - names):
        yield ("record", "strict"), f'no [[field]] is "{field.value}"; write one, or take it out'


def _find_tie(place: Location, table: str, on: dict[str, str], known: list[str]) -> Iterator[Fault]:
    for left, right in on.items():
        if left.rpartition(".")[0] != table:
            yield (*place, "on", Key(left)), f"write a column of {table!r} on the left"
        if right.rpartition(".")[0] not in known:
            told = f"write a column of {' or '.join(known)} on the right"
            yield (*place, "on", left), told


def _member(kind: type[StrEnum]) -> _Rule:
    words = [member.value for member in kind]

    def check(word: str) -> str | None:
        return None if word in words else f"write one of {', '.join(words)}{suggest(word, words)}"

    return check


def _code(pattern: str, wanted: str) -> _Rule:
    compiled = re.compile(pattern)

    def check(word: str) -> str | None:
        return None if compiled.fullmatch(word) else f"write {wanted}"

    return check


def _any(_word: str) -> str | None:
    """Text fields are released as they are; any word is right."""
    return None


_COUNTRY = _code("[A-Z]{3}", "a country as three capital letters (ISO 3166-1 alpha-3)")
_ISSUER = _code("[A-Z]{1,3}", "an issuer as one to three capital letters (ICAO Doc 9303)")


def _coded(mapping: Mapping) -> Iterator[tuple[Location, Source, _Rule]]:
    """Walk all that ends in one of our words, with the rule for the word."""
    yield ("kind",), mapping.kind, _member(RecordKind)
    if mapping.warnings is not None:
        yield ("warnings",), mapping.warnings, _member(Warn)
    if mapping.action is not None:
        yield ("action",), mapping.action, _member(Action)
    if mapping.urgency is not None:
        yield ("urgency",), mapping.urgency, _member(Urgency)
    for number, field in enumerate(mapping.fields):
        yield from _coded_field(("field", number), field)


def _coded_field(place: Location, field: FieldBlock) -> Iterator[tuple[Location, Source, _Rule]]:
    if isinstance(field, NameField):
        yield (*place, "kind"), field.kind, _member(NameKind)
    elif isinstance(field, IdentifierField):
        yield (*place, "identifier_kind"), field.identifier_kind, _member(IdentifierKind)
    elif isinstance(field, DocumentField):
        if field.document_kind is not None:
            yield (*place, "document_kind"), field.document_kind, _member(DocumentKind)
        if field.issuer is not None:
            yield (*place, "issuer"), field.issuer, _ISSUER
    elif isinstance(field, CodedField):
        source = Source(const=field.const, column=field.column, codes=field.codes)
        yield place, source, _member(Sex) if field.field == "sex" else _COUNTRY
    elif isinstance(field, TextField) and field.codes is not None:
        source = Source(column=field.column, codes=field.codes)
        yield place, source, _any


def _find_words(mapping: Mapping, place: Location, source: Source, rule: _Rule) -> Iterator[Fault]:
    if source.const is not None:
        fault = rule(source.const)
        if fault:
            yield (*place, "const"), fault
    if source.codes is None:
        return
    table = mapping.codes.get(source.codes)
    if table is None:
        hint = suggest(source.codes, list(mapping.codes))
        yield (*place, "codes"), f"no [codes.{source.codes}] in this mapping{hint}"
        return
    for word, ours in table.items():
        fault = rule(ours)
        if fault:
            yield ("codes", source.codes, word), fault
