"""Adapters that are broken on purpose: the bank in memory with one fault each.

Each names the clause that is meant for it, and `test_broken` requires that this clause, and no
other, catches it: so the clauses are sharp, and none of them is there for nothing.
"""

import asyncio
import time
from dataclasses import replace
from datetime import datetime

from adapters.banks.memory import MemoryAdapter
from adapters.contract import (
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    Field,
    FieldName,
    Handling,
    Limits,
    Named,
    ProbeKind,
    RecordKind,
    Result,
    Tlp,
    VehicleProbe,
)

BROKEN = {}
"""By the name of the fault: its adapter and the clause meant for it."""


def caught_by(number):
    """Note a broken adapter and the clause that catches it."""

    def note(kind):
        BROKEN[kind.__name__] = (kind, number)
        return kind

    return note


class Altered(MemoryAdapter):
    """An adapter that alters each record on its way, alike in search and fetch."""

    async def search(self, probe, limits):
        return self._alter_all(await super().search(probe, limits))

    async def fetch(self, references, limits):
        return self._alter_all(await super().fetch(references, limits))

    def _alter_all(self, result):
        return replace(result, records=tuple(map(self.alter, result.records)))

    def alter(self, record):
        fields = tuple(self.alter_field(field) for field in record.fields)
        return replace(record, fields=fields)

    def alter_field(self, field):
        return field


# What it says of itself


@caught_by("C01")
class WatermarkIsNoCoroutine(MemoryAdapter):
    def watermark(self):
        return super().watermark()


@caught_by("C02")
class CapabilityChanges(MemoryAdapter):
    async def fetch(self, references, limits):
        self._capability = replace(self._capability, engine="memory, warmed up")
        return await super().fetch(references, limits)


@caught_by("C02")
class ScriptIsNoCode(MemoryAdapter):
    def __init__(self, bank):
        super().__init__(bank)
        self._capability = replace(self._capability, scripts=("Cyrillic", "Georgian"))


@caught_by("C03")
class SexIsText(Altered):
    def alter_field(self, field):
        return replace(field, value=str(field.value)) if field.name is FieldName.SEX else field


@caught_by("C03")
class IssuerIsAName(Altered):
    def alter_field(self, field):
        if field.name is not FieldName.DOCUMENT:
            return field
        return replace(field, value=replace(field.value, issuer="Kazakhstan"))


@caught_by("C04")
class KindIsNotDeclared(Altered):
    def alter(self, record):
        kind = RecordKind.WANTED if record.kind is RecordKind.WANTED else RecordKind.REGISTERED
        return replace(record, kind=kind)


@caught_by("C04")
class FieldIsNotDeclared(Altered):
    def alter(self, record):
        return replace(record, fields=(*record.fields, Field(FieldName.REMARK, "see file")))


@caught_by("C05")
class WatermarkAlwaysChanges(MemoryAdapter):
    async def watermark(self):
        return str(time.monotonic_ns())


@caught_by("C05")
class AsOfHasNoZone(MemoryAdapter):
    async def as_of(self):
        return datetime(2026, 11, 1)  # noqa: DTZ001 - that is the fault


# What it can


@caught_by("C06")
class LiesAboutVehicles(MemoryAdapter):
    def __init__(self, bank):
        super().__init__(bank)
        told = self._capability
        self._capability = replace(
            told,
            probes=told.probes | {ProbeKind.VEHICLE},
            fields=told.fields | {FieldName.PLATE, FieldName.VIN},
        )

    async def search(self, probe, limits):
        if isinstance(probe, VehicleProbe):
            return await self.fetch([], limits)
        return await super().search(probe, limits)


@caught_by("C07")
class AnswersWhatItCannot(MemoryAdapter):
    async def search(self, probe, limits):
        if isinstance(probe, VehicleProbe):
            return await self.fetch([], limits)
        return await super().search(probe, limits)


@caught_by("C08")
class DropsThePredicate(MemoryAdapter):
    async def search(self, probe, limits):
        if isinstance(probe, DocumentProbe):
            found = [r for r in await self._read(limits.timeout_s) if r.values(FieldName.DOCUMENT)]
            return Result(tuple(found[: limits.rows]), len(found) > limits.rows)
        return await super().search(probe, limits)


@caught_by("C08")
class FindsByBeginning(MemoryAdapter):
    async def search(self, probe, limits):
        if not isinstance(probe, DocumentProbe) or not probe.number.isascii():
            return await super().search(probe, limits)
        records = await self._read(limits.timeout_s)
        found = [r for r in records if self._begins(r, probe.number)]
        return Result(tuple(found[: limits.rows]), len(found) > limits.rows)

    def _begins(self, record, text):
        numbers = [each.number for each in record.values(FieldName.DOCUMENT)]
        return len(text) > 4 and any(number.startswith(text) for number in numbers)


# What it reads


@caught_by("C09")
class FetchGivesOthersToo(MemoryAdapter):
    async def fetch(self, references, limits):
        result = await super().fetch(references, limits)
        if list(references) != ["0KALKAN0ABSENT0"]:
            return result
        return Result((await self._read(limits.timeout_s))[:1])


@caught_by("C10")
class FetchTakesAnyNumber(MemoryAdapter):
    async def fetch(self, references, limits):
        return await super().fetch(references[:1000], limits)


@caught_by("C11")
class GivesARecordTwice(MemoryAdapter):
    async def search(self, probe, limits):
        result = await super().search(probe, limits)
        if limits.rows < 100 or len(result.records) != 1:
            return result
        return replace(result, records=result.records * 2)


@caught_by("C12")
class SearchTellsLess(MemoryAdapter):
    async def search(self, probe, limits):
        result = await super().search(probe, limits)
        return replace(result, records=tuple(replace(r, fields=()) for r in result.records))


@caught_by("C13")
class WrongCountry(Altered):
    def alter_field(self, field):
        return replace(field, value="XPO") if field.name is FieldName.NATIONALITY else field


@caught_by("C13")
class BreaksCyrillic(Altered):
    def alter_field(self, field):
        if field.name is not FieldName.NAME:
            return field
        broken = field.value.text.encode().decode("cp1251", errors="replace")
        return replace(field, value=replace(field.value, full=broken))


@caught_by("C13")
class LosesHandling(Altered):
    def alter(self, record):
        return replace(record, handling=Handling(tlp=Tlp.CLEAR))


@caught_by("C13")
class GuessesTheDay(Altered):
    def alter_field(self, field):
        if field.name is not FieldName.BIRTH_DATE:
            return field
        return replace(field, value=replace(field.value, month=1, day=1))


@caught_by("C14")
class LeavesANameOut(MemoryAdapter):
    async def names(self):
        async for named in super().names():
            if named.reference != "P-3":
                yield named


@caught_by("C14")
class NamesARecordTwice(MemoryAdapter):
    async def names(self):
        async for named in super().names():
            yield named
        yield Named("P-2", ("Ерлан Сейітов",))


@caught_by("C15")
class NamesShareOneCursor(MemoryAdapter):
    _cursor = None

    async def names(self):
        if self._cursor is None:
            self._cursor = super().names()
        async for named in self._cursor:
            yield named
        self._cursor = None


@caught_by("C16")
class OrderChanges(MemoryAdapter):
    _turn = 0

    async def search(self, probe, limits):
        result = await super().search(probe, limits)
        self._turn += 1
        return replace(result, records=result.records[:: -1 if self._turn % 2 else 1])


# What it may cost


@caught_by("C17")
class FetchIgnoresTheLimit(MemoryAdapter):
    async def fetch(self, references, limits):
        return await super().fetch(references, Limits(1000, limits.timeout_s))


@caught_by("C18")
class SearchIgnoresTheLimit(MemoryAdapter):
    async def search(self, probe, limits):
        return await super().search(probe, Limits(1000, limits.timeout_s))


@caught_by("C18")
class DoesNotSayTruncated(MemoryAdapter):
    async def search(self, probe, limits):
        return replace(await super().search(probe, limits), truncated=False)


@caught_by("C19")
class FailsWithoutTime(MemoryAdapter):
    async def _read(self, timeout_s):
        if timeout_s is not None and timeout_s < 0.01:
            raise BankUnavailableError("there is no time")
        return await super()._read(timeout_s)


@caught_by("C20")
class IgnoresTheDeadline(MemoryAdapter):
    async def _read(self, _timeout_s):
        return await super()._read(None)


@caught_by("C20")
class AnswersNothingWhenLate(MemoryAdapter):
    async def _read(self, timeout_s):
        try:
            return await super()._read(timeout_s)
        except BankTimeoutError:
            return ()


@caught_by("C21")
class SwallowsCancelling(MemoryAdapter):
    async def _read(self, timeout_s):
        try:
            return await super()._read(timeout_s)
        except asyncio.CancelledError:
            return ()


class Locked(MemoryAdapter):
    """An adapter with one connection, which a lock guards."""

    def __init__(self, bank):
        super().__init__(bank)
        self._lock = asyncio.Lock()


@caught_by("C22")
class CancellingKeepsTheConnection(Locked):
    async def _read(self, timeout_s):
        if timeout_s is None or timeout_s < 10:
            return await super()._read(timeout_s)
        await asyncio.wait_for(self._lock.acquire(), 5)
        try:
            found = await super()._read(timeout_s)
        except asyncio.CancelledError:
            raise  # and the lock is kept
        except BaseException:
            self._lock.release()
            raise
        self._lock.release()
        return found


@caught_by("C23")
class LatenessKeepsTheConnection(MemoryAdapter):
    _lost = 0

    async def _read(self, timeout_s):
        if self._lost > 4:
            raise BankUnavailableError("no connection is free")
        try:
            return await super()._read(timeout_s)
        except BankTimeoutError:
            self._lost += 1
            raise


@caught_by("C24")
class LeavesTheBankWorking(MemoryAdapter):
    async def _read(self, timeout_s):
        if timeout_s is None or timeout_s > 10:
            return await super()._read(timeout_s)
        work = asyncio.ensure_future(super()._read(None))
        done, _ = await asyncio.wait({work}, timeout=timeout_s)
        if not done:
            raise BankTimeoutError("the bank did not answer in time")
        return work.result()
