"""The smallest complete adapter: a bank in memory. `kalkan adapter new` copies it to begin with.

`Memory` stands for the bank and for whatever speaks to it: a driver, a client, a file. Put yours
in its place. What is around it is what every adapter does: reject what the bank cannot be asked,
keep the deadline, turn the bank's own errors into the contract's, return what may match.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.contract import (
    Adapter,
    BankTimeoutError,
    BankUnavailableError,
    Capability,
    Document,
    DocumentKind,
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    Named,
    PartialDate,
    PersonName,
    Probe,
    ProbeKind,
    QueryRejectedError,
    Record,
    RecordKind,
    Result,
    Sex,
)

__all__ = ["MADE_FOR", "SAMPLE", "Memory", "MemoryAdapter", "open_adapter"]

MADE_FOR: Final = 1
"""The version of the contract that this was written for. Write the number, do not import it."""

MAX_REFERENCES: Final = 1_000

_PHONE: Final = Identifier(IdentifierKind.PHONE, "77010000001")

SAMPLE: Final = (
    Record(
        reference="P-1",
        kind=RecordKind.WANTED,
        fields=(
            Field(FieldName.NAME, PersonName(full="Айгүл Нұрланова")),
            Field(FieldName.BIRTH_DATE, PartialDate(1982, 5, 3)),
            Field(FieldName.SEX, Sex.FEMALE),
            Field(FieldName.NATIONALITY, "KAZ"),
            Field(FieldName.DOCUMENT, Document("N1234567", DocumentKind.PASSPORT, "KAZ")),
            Field(FieldName.IDENTIFIER, _PHONE),
        ),
    ),
    Record(
        reference="P-2",
        kind=RecordKind.MISSING,
        fields=(
            Field(FieldName.NAME, PersonName(given="Ерлан", family="Сейітов")),
            Field(FieldName.BIRTH_DATE, PartialDate(1975)),
            Field(FieldName.DOCUMENT, Document("N7654321", DocumentKind.PASSPORT, "KAZ")),
            Field(FieldName.IDENTIFIER, _PHONE),
        ),
    ),
    Record(
        reference="P-3",
        kind=RecordKind.WANTED,
        fields=(
            Field(FieldName.NAME, PersonName(full="რუსტამ ქარიმოვი")),
            Field(FieldName.DOCUMENT, Document("12GE00001", DocumentKind.IDENTITY_CARD, "GEO")),
        ),
    ),
)
"""Three persons who do not exist."""


class Memory:
    """The bank. Replace it by what speaks to yours.

    Args:
        records: Its records.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = tuple(sorted(records, key=lambda record: record.reference))
        self.version = 1

    async def read(self) -> tuple[Record, ...]:
        """Read all records, in a stable order."""
        await asyncio.sleep(0)
        return self.records


class MemoryAdapter:
    """Makes a bank in memory searchable by the numbers of documents and by identifiers.

    Names are found by the node: it keeps an index of what `names` yields and calls `fetch`.

    Args:
        bank: The bank.
    """

    def __init__(self, bank: Memory) -> None:
        self._bank = bank
        self._closed = False
        self._capability = Capability(
            probes=frozenset((ProbeKind.PERSON, ProbeKind.DOCUMENT, ProbeKind.IDENTIFIER)),
            kinds=frozenset((RecordKind.WANTED, RecordKind.MISSING)),
            fields=frozenset(
                (
                    *(FieldName.NAME, FieldName.BIRTH_DATE, FieldName.SEX, FieldName.NATIONALITY),
                    *(FieldName.DOCUMENT, FieldName.IDENTIFIER),
                )
            ),
            scripts=("Cyrl", "Geor"),
            engine="memory",
        )

    @property
    def capability(self) -> Capability:
        """What the bank can do."""
        return self._capability

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find the records that hold the number of a document, or an identifier."""
        if not isinstance(probe, DocumentProbe | IdentifierProbe):
            raise QueryRejectedError("this bank is searched by documents and identifiers alone")
        records = await self._read(limits.timeout_s)
        return _cut((record for record in records if _holds(record, probe)), limits)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference; unknown ones are left out."""
        if len(references) > MAX_REFERENCES:
            raise QueryRejectedError(f"at most {MAX_REFERENCES} references in one call")
        wanted = frozenset(references)
        records = await self._read(limits.timeout_s)
        return _cut((record for record in records if record.reference in wanted), limits)

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of all records."""
        for record in await self._read(None):
            names = (v.text for v in record.values(FieldName.NAME) if isinstance(v, PersonName))
            yield Named(record.reference, tuple(names))

    async def watermark(self) -> str:
        """Tell the version of the bank's data."""
        return str(self._bank.version)

    async def as_of(self) -> datetime | None:
        """Tell nothing: this bank does not know."""
        return None

    async def close(self) -> None:
        """Give back every resource. Safe to call twice."""
        self._closed = True

    async def _read(self, timeout_s: float | None) -> tuple[Record, ...]:
        """Ask the bank, in time; its own errors end here, and so does their text."""
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        try:
            async with asyncio.timeout(timeout_s):
                return await self._bank.read()
        except TimeoutError:
            raise BankTimeoutError("the bank did not answer in time") from None
        except OSError:
            raise BankUnavailableError("the bank cannot be reached now") from None


def _holds(record: Record, probe: DocumentProbe | IdentifierProbe) -> bool:
    if isinstance(probe, IdentifierProbe):
        return probe.identifier in record.values(FieldName.IDENTIFIER)
    documents = record.values(FieldName.DOCUMENT)
    return any(isinstance(d, Document) and d.number == probe.number for d in documents)


def _cut(records: Iterator[Record], limits: Limits) -> Result:
    found = tuple(records)
    return Result(found[: limits.rows], truncated=len(found) > limits.rows)


async def open_adapter(_options: Mapping[str, object], _folder: Path) -> Adapter:
    """Open the bank.

    Args:
        _options: The `[plugin]` block of the mapping: the adapter's own settings.
        _folder: The bank's folder, which paths are relative to.

    Raises:
        MappingError: An option is missing or wrong; the text says what to write.
    """
    return MemoryAdapter(Memory(SAMPLE))
