"""What share of dates can be read, of names is in a declared script, of numbers can be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from adapters.contract import Document, Field, FieldName, Identifier, IdentifierKind, Value
from adapters.mapping.fields import DateField, NameField
from adapters.mapping.locate import Location
from adapters.mapping.lookups import Lookup, ask, find_lookups
from adapters.mapping.model import columns_of
from adapters.mapping.readers import Words, compile_field
from adapters.mapping.scalars import read_text
from adapters.matching.scripts import UNKNOWN_SCRIPT, script_of
from adapters.proving.masks import mask_number
from adapters.proving.report import Part
from adapters.proving.subject import Subject
from adapters.proving.tables import Columns
from adapters.proving.trips import find_probe

__all__ = ["check_shares"]

_SAMPLE: Final = 2000
_GOOD: Final = 0.95
_RARE: Final = 0.01
_SHOWN: Final = 3
_SAME_SCRIPT: Final = {"Aran": "Arab", "Geok": "Geor"}


async def check_shares(subject: Subject, tables: Columns) -> Part:
    """Read a sample of each column of dates, names and numbers, and say how much is understood."""
    part = Part("shares")
    for number, block in enumerate(subject.mapping.fields):
        place: Location = ("field", number)
        if isinstance(block, DateField):
            await _check_dates(part, subject, tables, place=place, block=block)
        elif isinstance(block, NameField):
            await _check_scripts(part, subject, tables, place=place, block=block)
    for lookup in find_lookups(subject.mapping):
        await _check_numbers(part, subject, tables, lookup=lookup)
    return part


def _add(part: Part, what: str, column: str, good: int, *, of: int) -> float:
    """Add a line and return the share, 1 where there is nothing."""
    share = good / of if of else 1.0
    part.rows.append(
        {"what": what, "column": column, "good": str(good), "of": str(of), "share": f"{share:.1%}"}
    )
    return share


async def _check_dates(
    part: Part, subject: Subject, tables: Columns, *, place: Location, block: DateField
) -> None:
    columns = columns_of(block)
    faults: Counter[str] = Counter()
    read = compile_field(block, Words(subject.mapping.codes, faults))
    rows = [row for row in await tables.rows(columns, _SAMPLE) if read_text(row[columns[0]])]
    for row in rows:
        read(row)
    share = _add(part, "dates", columns[0], len(rows) - faults.total(), of=len(rows))
    if share < 1:
        text = f"{subject.tell(place)}: {1 - share:.1%} of the dates of {columns[0]} follow none"
        _judge(part, share, f"{text} of {', '.join(block.format)}; write format as a list")


def _judge(part: Part, share: float, text: str) -> None:
    if share < _GOOD:
        part.error(text)
    else:
        part.warn(text)


async def _check_scripts(
    part: Part, subject: Subject, tables: Columns, *, place: Location, block: NameField
) -> None:
    declared = {_SAME_SCRIPT.get(script, script) for script in subject.mapping.bank.scripts}
    for column in columns_of(block):
        if column == block.kind.column:
            continue
        texts = [read_text(value) for value in await tables.values(column, _SAMPLE)]
        counts = Counter(script_of(text) for text in texts if text)
        counts.pop(UNKNOWN_SCRIPT, None)
        known = sum(count for script, count in counts.items() if script in declared)
        _add(part, f"names in {_tell_scripts(counts)}", column, known, of=counts.total())
        other = [s for s, n in counts.items() if s not in declared and n > _RARE * counts.total()]
        if other:
            wanted = ", ".join(sorted(declared.union(other)))
            part.warn(f"{subject.tell(place)}: write scripts = [{wanted}] in [bank]")


def _tell_scripts(counts: Counter[str]) -> str:
    return " ".join(script for script, _ in counts.most_common()) or "no script"


async def _check_numbers(part: Part, subject: Subject, tables: Columns, *, lookup: Lookup) -> None:
    """A number is found where it is one of the spellings that the bank is asked for."""
    column, scripts = lookup.column, subject.mapping.bank.scripts
    texts = [read_text(value) for value in await tables.values(column, _SAMPLE)]
    # Addresses are asked for as they are.
    texts = [text for text in texts if text and "@" not in text]
    lost = [text for text in texts if not _is_found(text, scripts, lookup)]
    share = _add(part, "numbers", column, len(texts) - len(lost), of=len(texts))
    if lost:
        place = subject.tell(("field", lookup.place))
        shapes = ", ".join(repr(shape) for shape in _shapes_of(lost))
        text = f"{place}: {1 - share:.1%} of the numbers of {column} are written"
        _judge(part, share, f"{text} as nobody asks for them, such as {shapes}; write shapes")


def _is_found(text: str, scripts: tuple[str, ...], lookup: Lookup) -> bool:
    """Ask as a search would, by the text's own value, and see whether the bank is asked for it."""
    probe = find_probe(Field(lookup.name, _value_of(text, lookup)))
    asked = ask(probe, (lookup,), scripts) if probe is not None else []
    return any(text in question.values for question in asked)


def _value_of(text: str, lookup: Lookup) -> Value:
    match lookup.name:
        case FieldName.DOCUMENT:
            return Document(text)
        case FieldName.IDENTIFIER:
            return Identifier(lookup.kind or IdentifierKind.PHONE, text)
        case _:
            return text


def _shapes_of(texts: Iterable[str]) -> list[str]:
    counts = Counter(mask_number(text) for text in texts)
    return [shape for shape, _ in counts.most_common(_SHOWN)]
