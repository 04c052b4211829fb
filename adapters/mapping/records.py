"""Turn the rows of a bank into records, field by field, and never fail over a broken value.

A broken value costs its field, an unknown kind or a missing reference costs its record; both are
counted by column, so that the bank's engineer can see what the mapping misses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from adapters.contract import (
    Action,
    Field,
    FieldName,
    Handling,
    PersonName,
    Record,
    RecordKind,
    Urgency,
    Warn,
)
from adapters.mapping import model
from adapters.mapping.block import Source
from adapters.mapping.keys import MAX_REFERENCE, RecordKey
from adapters.mapping.readers import Reader, Row, Words, compile_field, compile_source, read_word
from adapters.mapping.scalars import read_instant

__all__ = ["MANY_ROWS", "MAX_FIELDS", "MAX_REFERENCE", "Children", "RecordBuilder", "Row"]

MAX_FIELDS: Final = 64
"""Fields that a record can have; the rest is left out and counted under `record`."""

MANY_ROWS: Final = 4
"""More rows than this are built in a thread: to build so many takes as long as the way there."""

Children = Mapping[str, Sequence[Row]]
"""The rows of each `many` table that belong to one record."""

_NONE: Final[Children] = {}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Plan:
    """One field block, compiled. `child` is the `many` table it reads, None for the own row."""

    name: FieldName
    child: str | None
    mixed: bool
    handling: Handling | None
    read: Reader


class RecordBuilder:
    """Builds the records of one mapping.

    Args:
        mapping: The bank's mapping.
        only: Read no other fields than these; all where None.
    """

    def __init__(self, mapping: model.Mapping, only: Collection[FieldName] | None = None) -> None:
        self.faults: Counter[str] = Counter()
        """How many broken values each column had."""
        words = Words(mapping.codes, self.faults)
        self._words = words
        self._key = RecordKey(mapping.keys)
        self._handling = mapping.bank.codes
        self._plans = tuple(_compile(mapping, words, only))
        self._kind = compile_source(mapping.kind, words, read_word(RecordKind))
        self._kind_column = mapping.kind.column or "kind"
        self._warnings = _compile_warnings(mapping.warnings, words)
        self._action = _compile_optional(mapping.action, words, read_word(Action))
        self._urgency = _compile_optional(mapping.urgency, words, read_word(Urgency))
        instant = mapping.record.as_of_column
        self._as_of_column = mapping.full(instant) if instant is not None else None
        self._as_of = mapping.as_of

    def build(self, base: Row, children: Children = _NONE) -> Record | None:
        """Build one record; None where its reference or its kind cannot be read."""
        reference = self.reference(base)
        kind = self._kind(base) if reference else None
        if kind is None:
            if reference and not self._words.text(base, self._kind_column):
                self.faults[self._kind_column] += 1
            return None
        return Record(
            reference=reference,
            kind=kind,
            fields=self._fields(base, children),
            handling=self._handling,
            warnings=self._warnings(base),
            action=self._action(base),
            urgency=self._urgency(base),
            as_of=self._instant(base),
        )

    def names(self, base: Row, children: Children = _NONE) -> tuple[str, ...]:
        """Read the names of persons and organisations, each once, as the index wants them."""
        found: dict[str, None] = {}
        for field in self._fields(base, children):
            value = field.value
            if isinstance(value, PersonName):
                found[value.text] = None
            elif field.name is FieldName.ORGANISATION and isinstance(value, str):
                found[value] = None
        return tuple(found)

    def reference(self, base: Row) -> str:
        """Read the bank's own reference; empty, and counted, where there is none."""
        text = self._key.write(base)
        if text and len(text) <= MAX_REFERENCE:
            return text
        self.faults[self._key.name] += 1
        return ""

    def _fields(self, base: Row, children: Children) -> tuple[Field, ...]:
        found: list[Field] = []
        for plan in self._plans:
            if plan.child is None:
                value = plan.read(base)
                if value is not None:
                    found.append(Field(plan.name, value, plan.handling))
                continue
            for row in children.get(plan.child, ()):
                value = plan.read({**base, **row} if plan.mixed else row)
                if value is not None:
                    found.append(Field(plan.name, value, plan.handling))
        if len(found) > MAX_FIELDS:
            self.faults["record"] += 1
        return tuple(found[:MAX_FIELDS])

    def _instant(self, base: Row) -> datetime | None:
        column = self._as_of_column
        if column is None:
            return self._as_of
        try:
            return read_instant(base.get(column)) or self._as_of
        except ValueError:
            self.faults[column] += 1
            return self._as_of


def _compile(
    mapping: model.Mapping, words: Words, only: Collection[FieldName] | None
) -> list[_Plan]:
    bank = mapping.bank.codes
    plans: list[_Plan] = []
    for block in mapping.fields:
        if only is not None and (block.name not in only or not block.search):
            continue
        homes = {mapping.child_of(column) for column in model.columns_of(block)}
        child = next((home for home in homes if home is not None), None)
        handling = block.handling.over(bank) if block.handling is not None else None
        plan = _Plan(block.name, child, len(homes) > 1, handling, compile_field(block, words))
        plans.append(plan)
    return plans


def _compile_optional(
    source: Source | None, words: Words, convert: Callable[[str], _T]
) -> Callable[[Row], _T | None]:
    if source is None:
        return lambda _row: None
    return compile_source(source, words, convert)


def _compile_warnings(
    block: model.Warnings | None, words: Words
) -> Callable[[Row], tuple[Warn, ...]]:
    """Compile the warnings; a column may hold several codes, each is read for itself."""
    if block is None:
        return lambda _row: ()
    read = compile_source(block, words, read_word(Warn))
    column, separator = block.column, block.separator
    if column is None or separator is None:
        return lambda row: tuple(w for w in (read(row),) if w is not None)

    def read_all(row: Row) -> tuple[Warn, ...]:
        parts = words.text(row, column).split(separator)
        found = (read({column: part}) for part in parts)
        return tuple(dict.fromkeys(warn for warn in found if warn is not None))

    return read_all
