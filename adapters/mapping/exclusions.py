"""Invert the code tables of a mapping: which words of the bank mean another country.

A record that says it is of another country than the one that was asked for is dropped by the node,
so the bank need not send it. A record that says nothing, or a word that is in no table, is kept; so
the words that mean something else are excluded, and nothing is required. Only what the node drops
for certain is excluded: a kind of document that differs only lowers a score, and the country of an
identifier is not compared at all.
"""

from __future__ import annotations

from collections.abc import Mapping as Words
from dataclasses import dataclass, field

from adapters.contract import (
    DocumentProbe,
    FieldName,
    OrganisationProbe,
    Probe,
    VehicleProbe,
)
from adapters.mapping.fields import CodedField, DocumentField, FieldBlock
from adapters.mapping.model import Mapping
from adapters.mapping.statements import MAX_LIST, pad

__all__ = ["Exclusion", "find_country", "find_exclusion"]

_BY_COUNTRY = frozenset((FieldName.PLATE, FieldName.VIN, FieldName.REGISTRATION_NUMBER))
_TABLES = frozenset(("sql", "files"))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A column whose words tell the country of what a block holds.

    Attributes:
        column: A column of the record's row.
        size: Words in the list; one size for each table, so that it adds one text and no more.
        words: The bank's words to our countries, without those that cannot be compared exactly.
    """

    column: str
    size: int
    words: Words[str, str] = field(compare=False)

    def others(self, country: str) -> tuple[str, ...]:
        """Return the bank's words that mean another country; none where no country is asked."""
        if not country:
            return ()
        return tuple(word for word, ours in self.words.items() if ours != country)


def find_exclusion(mapping: Mapping, block: FieldBlock) -> Exclusion | None:
    """Return by which column records of other countries are left out, or None.

    The column must stand in the record's row and be the only one that tells: a record with several
    documents or countries is kept for any of them, and the statement sees one at a time.
    """
    if mapping.bank.kind not in _TABLES:
        return None
    alike = [other for other in mapping.fields if other.name is _told_by(block)]
    if len(alike) != 1:
        return None
    column, codes = _read_source(alike[0])
    if column is None or codes is None or mapping.child_of(column) is not None:
        return None
    if isinstance(block, DocumentField) and mapping.child_of(block.number) is not None:
        return None
    table = {word: ours.upper() for word, ours in mapping.codes[codes].items() if _is_exact(word)}
    return Exclusion(column, pad(len(table)), table) if 0 < len(table) <= MAX_LIST else None


def _told_by(block: FieldBlock) -> FieldName | None:
    """Return the field that tells the country of a block; a document tells its own."""
    if isinstance(block, DocumentField):
        return FieldName.DOCUMENT
    return FieldName.COUNTRY if block.name in _BY_COUNTRY else None


def _read_source(block: FieldBlock) -> tuple[str | None, str | None]:
    if isinstance(block, DocumentField) and block.issuer is not None:
        return block.issuer.column, block.issuer.codes
    if isinstance(block, CodedField):
        return block.column, block.codes
    return None, None


def _is_exact(word: str) -> bool:
    """Tell whether a word reads back as itself: values are stripped, and an empty one is none."""
    return word != "" and word == word.strip() and word.isprintable()


def find_country(probe: Probe) -> str:
    """Return the country that records must not contradict; empty where none is asked."""
    match probe:
        case DocumentProbe():
            return probe.issuer
        case VehicleProbe() | OrganisationProbe():
            return probe.country
        case _:
            return ""
