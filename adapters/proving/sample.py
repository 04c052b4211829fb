"""Choose records at random and read them through the mapping, as a search would."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from random import Random
from typing import Any, Final, cast

from adapters.contract import Limits, Named, Record
from adapters.mapping.keys import RecordKey
from adapters.proving.masks import mask_field, mask_number
from adapters.proving.report import Part
from adapters.proving.subject import TIMEOUT_S, Subject
from adapters.proving.tables import Columns

__all__ = ["Sample", "read_sample", "show_sample"]

_SHOWN: Final = 5
_FETCHED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read of the bank.

    Attributes:
        named: The names of records, as the in-country index gets them.
        chosen: References of records that were chosen at random, or that were told.
        records: The chosen records, as far as they could be read.
        whole: Whether the bank has no more names than were read.
    """

    named: tuple[Named, ...]
    chosen: tuple[str, ...]
    records: tuple[Record, ...]
    whole: bool


async def read_sample(subject: Subject, tables: Columns | None) -> Sample:
    """Read names up to the extent, choose records, and read those. Raises as an adapter does.

    Records that were told are read in any case: a bank may list none.
    """
    most = subject.extent.most
    named = await _read_named(subject, most)
    references = {each.reference: None for each in named}
    if tables is not None:
        key = RecordKey(subject.mapping.keys)
        rows = await tables.rows(key.columns, most)
        references |= {text: None for row in rows if (text := key.write(row))}
    count = min(subject.extent.trips, len(references))
    random = Random(subject.extent.seed)  # noqa: S311 - a sample, no secret
    drawn = random.sample(sorted(references), count)
    chosen = tuple(dict.fromkeys((*subject.extent.references, *drawn)))[:_FETCHED]
    records: tuple[Record, ...] = ()
    if chosen:
        result = await subject.adapter.fetch(chosen, Limits(len(chosen), TIMEOUT_S))
        records = result.records
    return Sample(named, chosen, records, len(named) < most)


async def _read_named(subject: Subject, most: int) -> tuple[Named, ...]:
    found: list[Named] = []
    # The contract promises an iterator; all that there are can be closed early.
    async with aclosing(cast("Any", subject.adapter.names())) as names:
        async for each in names:
            found.append(each)
            if len(found) == most:
                break
    return tuple(found)


def show_sample(subject: Subject, sample: Sample) -> Part:
    """Show some records with personal data masked, and say how many could not be read."""
    part = Part("sample rows")
    for record in sample.records[:_SHOWN]:
        told = "; ".join(mask_field(field) for field in record.fields)
        reference = mask_number(record.reference)
        part.rows.append({"reference": reference, "kind": record.kind.value, "fields": told})
    lost = len(sample.chosen) - len(sample.records)
    claimed = set(sample.chosen).intersection(subject.extent.references)
    unread = claimed - {record.reference for record in sample.records}
    where = subject.tell(("bank",))
    if not sample.chosen and (subject.mapping.functions or subject.adapter.capability.fuzzy):
        part.error(
            f"{where}: the bank lists no records, so none was seen; tell one or more that are "
            "there: --reference 4711"
        )
    elif not sample.chosen:
        part.error(f"{where}: the bank has no records that can be read")
    elif unread:
        part.error(
            f"{where}: {len(unread)} of {len(claimed)} records that --reference tells cannot be "
            "read; write references as [record] key has them"
        )
    elif lost:
        origin = subject.tell(("kind",))
        part.error(f"{origin}: {lost} of {len(sample.chosen)} records have no kind that is known")
    return part
