"""A bank in memory that a test can slow down, take away and change, and its conformance class."""

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from adapters.banks.memory import SAMPLE, Memory, MemoryAdapter
from adapters.conformance.suite import AdapterConformance, Known
from adapters.contract import (
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
    Known("P-2", probes=(DocumentProbe("N7654321"), PHONE)),
    Known("P-3", probes=(DocumentProbe("12GE00001"),)),
)


class PacedMemory(Memory):
    """A bank that can be slow or away, and counts what it is working on."""

    def __init__(self):
        super().__init__(SAMPLE)
        self.well = asyncio.Event()
        self.well.set()
        self.away = False
        self.working = 0

    async def read(self):
        self.working += 1
        try:
            await self.well.wait()
            if self.away:
                raise ConnectionError("nobody is at home")
            return await super().read()
        finally:
            self.working -= 1


class PacedConformance(AdapterConformance):
    """Everything that the kit may ask for, about a bank in memory."""

    made_for = 1
    gaps: ClassVar[dict[str, str]] = {}
    kind = MemoryAdapter
    version = 1

    @asynccontextmanager
    async def open_adapter(self):
        self.bank = PacedMemory()
        self.bank.version = self.version
        adapter = self.kind(self.bank)
        try:
            yield adapter
        finally:
            with suppress(Exception):  # a broken one may fail here; its clause says so
                await adapter.close()

    def known(self):
        return KNOWN

    def crowd(self):
        return PHONE

    @asynccontextmanager
    async def slow(self):
        self.bank.well.clear()
        try:
            yield
        finally:
            self.bank.well.set()

    @asynccontextmanager
    async def outage(self):
        self.bank.away = True
        try:
            yield
        finally:
            self.bank.away = False

    async def change(self):
        self.version += 1
        self.bank.version = self.version

    async def running(self):
        return self.bank.working
