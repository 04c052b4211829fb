"""The whole check, part by part."""

from __future__ import annotations

from pathlib import Path

from adapters.contract import MappingError
from adapters.proving.codes import check_codes
from adapters.proving.columns import check_columns, find_unmapped
from adapters.proving.keys import check_keys
from adapters.proving.nodes import check_node
from adapters.proving.objects import read_objects, show_columns, show_unread
from adapters.proving.plans import check_budget, check_plans
from adapters.proving.report import Part, Report
from adapters.proving.sample import read_sample, show_sample
from adapters.proving.shares import check_shares
from adapters.proving.subject import Extent, Subject, open_subject
from adapters.proving.tables import Tables
from adapters.proving.trips import check_trips

__all__ = ["prove"]


async def prove(path: Path, extent: Extent) -> Report:
    """Hold a mapping against its live bank.

    A mapping that is wrong by itself, or names what the bank does not have, ends the check with
    its first part.

    Raises:
        AdapterError: The bank cannot be asked now.
    """
    try:
        async with open_subject(path, extent) as subject:
            return Report(subject.mapping.bank.id, tuple(await _check_all(subject)))
    except MappingError as exc:
        part = Part("mapping")
        for line in str(exc).splitlines():
            part.error(line)
        return Report(path.stem, (part,))


async def _check_all(subject: Subject) -> list[Part]:
    database = subject.database
    if subject.mapping.node is not None:
        return [await check_node(subject)]
    if database is None:
        return await _check_without_tables(subject)
    tables = Tables(subject.mapping, database)
    parts = [
        await check_columns(subject, database),
        await check_keys(subject, tables),
        await check_codes(subject, tables),
    ]
    sample = await read_sample(subject, tables)
    return [
        *parts,
        show_sample(subject, sample),
        await check_shares(subject, tables),
        await check_plans(subject, database, tables),
        await check_trips(subject, sample),
        await find_unmapped(subject, database),
    ]


async def _check_without_tables(subject: Subject) -> list[Part]:
    """Check a bank whose records are objects or entries by some that were read of it."""
    objects = await read_objects(subject)
    parts = [_tell_missing(subject)] if objects is None else [show_columns(subject, objects)]
    if objects is not None:
        parts.append(await check_codes(subject, objects))
    sample = await read_sample(subject, None)
    parts.append(show_sample(subject, sample))
    if objects is not None:
        parts.append(await check_shares(subject, objects))
    parts += [check_budget(subject), await check_trips(subject, sample), _tell_broken(subject)]
    return parts if objects is None else [*parts, show_unread(subject, objects)]


def _tell_missing(subject: Subject) -> Part:
    """Say what cannot be seen of a bank that has no tables of its own."""
    part = Part("columns")
    kind = subject.mapping.bank.kind
    part.rows.append(
        {"kind": kind, "note": "gives no list of records: types and codes are not seen"}
    )
    return part


def _tell_broken(subject: Subject) -> Part:
    """Count the values that the mapping could not read so far, by column."""
    part = Part("broken values")
    for column, count in sorted(getattr(subject.adapter, "faults", {}).items()):
        part.rows.append({"column": column, "broken": str(count)})
        part.warn(f"{count} values of {column} could not be read; look at its format and codes")
    return part
