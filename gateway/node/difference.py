"""How what two banks found for one question differs, in counts. Pure: matches in, numbers out.

Two systems rarely share references, so records are held to be the same by a reference or, failing
that, by a document or another identifier that both carry, or by the same name and birth date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.contract import Document, FieldName, Identifier, PartialDate, PersonName, Record
from adapters.matching.documents import normalise_number
from gateway.node.scoring import Match


@dataclass(frozen=True, slots=True)
class Difference:
    """How many records both banks found, and how many only one of them."""

    both: int = 0
    only_live: int = 0
    only_shadow: int = 0

    def __add__(self, other: Difference) -> Difference:
        """Add the counts of another probe."""
        return Difference(
            self.both + other.both,
            self.only_live + other.only_live,
            self.only_shadow + other.only_shadow,
        )


def compare_matches(live: Sequence[Match], shadow: Sequence[Match]) -> Difference:
    """Pair the records that two banks found for one probe; each is in at most one pair."""
    waiting = [_marks(match.record) for match in shadow]
    both = 0
    for match in live:
        marks = _marks(match.record)
        pair = next((other for other in waiting if marks & other), None)
        if pair is not None:
            waiting.remove(pair)
            both += 1
    return Difference(both, len(live) - both, len(waiting))


def _marks(record: Record) -> frozenset[tuple[str, str]]:
    """What tells that two records are one subject."""
    return frozenset(
        {
            ("reference", record.reference),
            *(("number", number) for number in _numbers(record)),
            *(("person", person) for person in _persons(record)),
        }
    )


def _numbers(record: Record) -> Iterable[str]:
    for document in record.values(FieldName.DOCUMENT):
        if isinstance(document, Document):
            yield normalise_number(document.number)
    for identifier in record.values(FieldName.IDENTIFIER):
        if isinstance(identifier, Identifier):
            yield f"{identifier.kind.value} {identifier.value.casefold()}"
    for name in (FieldName.VIN, FieldName.PLATE, FieldName.REGISTRATION_NUMBER):
        yield from (normalise_number(str(value)) for value in record.values(name))


def _persons(record: Record) -> Iterable[str]:
    births = [b for b in record.values(FieldName.BIRTH_DATE) if isinstance(b, PartialDate)]
    for name in record.values(FieldName.NAME):
        if isinstance(name, PersonName):
            yield from (f"{name.text.casefold()} {birth}" for birth in births)
