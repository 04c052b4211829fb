"""The conformance of the smallest adapter, with all that the kit can be told about a bank.

`kalkan adapter new` copies it beside the adapter. Replace what is known by records of your bank,
and each of `slow`, `outage` and `change` by what does it to yours: a lock on a table, a proxy that
is shut, an update. Where nothing does, take the method out and name its clauses in `gaps`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from adapters.banks.memory import MADE_FOR, SAMPLE, Memory, MemoryAdapter
from adapters.conformance.suite import AdapterConformance, Known
from adapters.contract import (
    Adapter,
    DocumentProbe,
    Field,
    FieldName,
    Handling,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    Probe,
    Record,
    RecordKind,
)

PHONE = IdentifierProbe(Identifier(IdentifierKind.PHONE, "77010000001"))
KNOWN = (
    Known(
        "P-1",
        probes=(
            DocumentProbe("N1234567"),
            PHONE,
            PersonProbe((PersonName(full="Айгүл Нұрланова"),)),
        ),
        fields=(
            Field(FieldName.NAME, PersonName(full="Айгүл Нұрланова")),
            Field(FieldName.BIRTH_DATE, PartialDate(1982, 5, 3)),
            Field(FieldName.NATIONALITY, "KAZ"),
        ),
        kind=RecordKind.WANTED,
        handling=Handling(),
    ),
    Known(
        "P-2",
        probes=(DocumentProbe("N7654321"), PHONE),
        fields=(Field(FieldName.BIRTH_DATE, PartialDate(1975)),),
    ),
    Known("P-3", probes=(DocumentProbe("12GE00001"),)),
)
"""What is in the bank for certain."""


class PacedMemory(Memory):
    """The bank, which a test can slow down and take away; it counts what it is working on."""

    def __init__(self) -> None:
        super().__init__(SAMPLE)
        self.well = asyncio.Event()
        self.well.set()
        self.away = False
        self.working = 0

    async def read(self) -> tuple[Record, ...]:
        """Read all records, when the bank is well.

        Raises:
            ConnectionError: The bank is away.
        """
        self.working += 1
        try:
            await self.well.wait()
            if self.away:
                raise ConnectionError("nobody is at home")
            return await super().read()
        finally:
            self.working -= 1


class MemoryConformance(AdapterConformance):
    """The adapter keeps every clause of CLAUSES.md."""

    made_for = MADE_FOR
    gaps: ClassVar[dict[str, str]] = {}
    make: ClassVar[Callable[[Memory], Adapter]] = MemoryAdapter
    bank: PacedMemory
    version = 1

    @asynccontextmanager
    async def open_adapter(self) -> AsyncIterator[Adapter]:
        """Open the adapter and close it at the end."""
        self.bank = PacedMemory()
        self.bank.version = self.version
        adapter = type(self).make(self.bank)
        try:
            yield adapter
        finally:
            with suppress(Exception):  # that closing fails is told by its own clause
                await adapter.close()

    def known(self) -> Sequence[Known]:
        """Tell what is in the bank."""
        return KNOWN

    def crowd(self) -> Probe:
        """Two persons have this telephone."""
        return PHONE

    @asynccontextmanager
    async def slow(self) -> AsyncIterator[None]:
        """Let no question end."""
        self.bank.well.clear()
        try:
            yield
        finally:
            self.bank.well.set()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Be away."""
        self.bank.away = True
        try:
            yield
        finally:
            self.bank.away = False

    async def change(self) -> None:
        """Change the data."""
        self.version += 1
        self.bank.version = self.version

    async def running(self) -> int:
        """Count the questions that the bank is working on."""
        return self.bank.working
