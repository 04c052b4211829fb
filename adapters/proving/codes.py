"""Whether the code tables are complete: every value that the bank holds has a word of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

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
from adapters.mapping.block import Block, Source
from adapters.mapping.fields import (
    CodedField,
    DocumentField,
    FieldBlock,
    IdentifierField,
    NameField,
    TextField,
)
from adapters.mapping.locate import Location
from adapters.mapping.model import Mapping
from adapters.mapping.readers import read_country, read_word
from adapters.proving.masks import mask_text
from adapters.proving.report import Part
from adapters.proving.subject import Subject
from adapters.proving.tables import Columns

__all__ = ["Coded", "check_codes", "find_coded"]

_MOST: Final = 1000
_SHOWN: Final = 10
_SHORT: Final = 3
_REPEATED: Final = 3
"""A value is shown where values of its column occur so often on average: it is nobody's name."""

_Convert = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Coded:
    """One place where a column ends in a word of ours."""

    place: Location
    column: str
    codes: str | None
    convert: _Convert
    separator: str | None = None


def find_coded(mapping: Mapping) -> Iterator[Coded]:
    """Walk all columns that end in one of our words."""
    own: tuple[tuple[str, Source | None, _Convert], ...] = (
        ("kind", mapping.kind, read_word(RecordKind)),
        ("warnings", mapping.warnings, read_word(Warn)),
        ("action", mapping.action, read_word(Action)),
        ("urgency", mapping.urgency, read_word(Urgency)),
    )
    for name, source, convert in own:
        separator = mapping.warnings.separator if name == "warnings" and mapping.warnings else None
        yield from _coded((name,), source, convert, separator)
    for number, block in enumerate(mapping.fields):
        for key, source, convert in _sources(block):
            yield from _coded(("field", number, *key), source, convert)


def _coded(
    place: Location, source: Source | None, convert: _Convert, separator: str | None = None
) -> Iterator[Coded]:
    if source is not None and source.column is not None:
        yield Coded(place, source.column, source.codes, convert, separator)


def _sources(block: FieldBlock) -> Iterator[tuple[Location, Source | None, _Convert]]:
    match block:
        case NameField():
            yield ("kind",), block.kind, read_word(NameKind)
        case IdentifierField():
            yield ("identifier_kind",), block.identifier_kind, read_word(IdentifierKind)
        case DocumentField():
            yield ("document_kind",), block.document_kind, read_word(DocumentKind)
            yield ("issuer",), block.issuer, read_country
        case CodedField():
            convert: _Convert = read_word(Sex) if block.field == "sex" else read_country
            yield (), _source_of(block), convert
        case TextField() if block.codes is not None:
            yield (), _source_of(block), str
        case _:
            return


def _source_of(block: Block) -> Source | None:
    column = getattr(block, "column", None)
    return Source(column=column, codes=getattr(block, "codes", None)) if column else None


async def check_codes(subject: Subject, tables: Columns) -> Part:
    """Compare the values of each coded column with its code table."""
    part = Part("codes")
    for coded in find_coded(subject.mapping):
        counts = await tables.counts(coded.column, _MOST)
        unknown = find_unknown(coded, counts, subject.mapping.codes)
        part.rows.append(
            {
                "column": coded.column,
                "codes": coded.codes or "our words",
                "values": str(len(counts)),
                "unnamed": str(len(unknown)),
            }
        )
        if unknown:
            part.error(f"{subject.tell(coded.place)}: {_advise(coded, unknown, counts)}")
    return part


def find_unknown(
    coded: Coded, counts: dict[str, int], codes: dict[str, dict[str, str]]
) -> dict[str, int]:
    """Return the values that no code names, and how often each occurs."""
    unknown: dict[str, int] = {}
    named = codes.get(coded.codes or "", {})
    for text, count in counts.items():
        for word in text.split(coded.separator) if coded.separator else (text,):
            if word.strip() and not _is_known(word.strip(), coded, named):
                unknown[word.strip()] = unknown.get(word.strip(), 0) + count
    return unknown


def _is_known(word: str, coded: Coded, named: dict[str, str]) -> bool:
    if coded.codes is not None:
        return word in named
    try:
        coded.convert(word)
    except ValueError:
        return False
    return True


def _advise(coded: Coded, unknown: dict[str, int], counts: dict[str, int]) -> str:
    table = f"[codes.{coded.codes}]" if coded.codes else "a code table"
    open_ = sum(counts.values()) >= _REPEATED * len(counts)
    told = [
        f"{word if open_ or len(word) <= _SHORT else mask_text(word)!r} in {count} rows"
        for word, count in list(unknown.items())[:_SHOWN]
    ]
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    return f"write into {table} what these mean: {', '.join(told)}{more}"
