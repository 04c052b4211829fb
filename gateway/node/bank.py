"""One hosted bank: its adapter, and the in-country index beside it.

A bank that cannot find names across spellings gets an index of keyed blocking keys. The index
holds no name: a candidate is a reference, and the record behind it is read from the bank. Only
this file knows which of the two ways a search takes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from adapters.banks.plugins import PluginMapping
from adapters.contract import (
    Adapter,
    AdapterError,
    BankUnavailableError,
    Capability,
    DateSpan,
    FieldName,
    Limits,
    OrganisationProbe,
    PartialDate,
    PersonProbe,
    Probe,
    ProbeKind,
    Result,
)
from adapters.mapping.model import Mapping
from adapters.matching.index import NameIndex
from gateway.trace.spans import step

log = logging.getLogger(__name__)

_ResultT = TypeVar("_ResultT")

CANDIDATES: Final = 200
"""How many candidates of the index are read and scored for one name search."""


@dataclass(frozen=True, slots=True)
class Titles:
    """What people are told of a bank."""

    title: str
    office: str
    phone: str
    email: str


class Bank:
    """A bank that this node hosts.

    Attributes:
        name: The bank as MEMBER/bank.
        titles: What people are told of it.
        available: False while its index could not be made or the bank failed last.
        dated: Whether a record of it has told of when it is.
    """

    def __init__(self, name: str, adapter: Adapter, titles: Titles, workers: Executor) -> None:
        """Host `adapter`; blocking work goes to `workers`."""
        self.name = name
        self.titles = titles
        self.available = True
        self._adapter = adapter
        self._workers = workers
        self._index: NameIndex | None = None
        self._indexed = False
        self._as_of: datetime | None = None
        self.dated = False

    @property
    def capability(self) -> Capability:
        """What the bank can do."""
        return self._adapter.capability

    @property
    def as_of(self) -> datetime | None:
        """Of when the bank's data are, as last heard."""
        return self._as_of

    def can(self, kind: ProbeKind) -> bool:
        """Whether the bank searches for this kind of probe."""
        return kind in self.capability.probes

    def birth(self, probe: Probe) -> PartialDate | DateSpan | None:
        """The birth date that rules records of this bank out; None where none does."""
        strict = FieldName.BIRTH_DATE in self.capability.strict
        return probe.birth if strict and isinstance(probe, PersonProbe) else None

    async def prepare(self, index_path: Path, secret: bytes) -> None:
        """Make the index, or make it anew when the bank has changed.

        A bank that cannot be reached now is unavailable until a later call succeeds.
        """
        try:
            self._as_of = await self._adapter.as_of()
            if not self.capability.fuzzy and self._has_names():
                await self._refresh_index(index_path, secret)
            self.available = True
        except AdapterError as exc:
            self.available = False
            log.warning("%s cannot be prepared: %s", self.name, exc.reason)
        except (OSError, sqlite3.Error) as exc:
            self.available = False
            log.warning("%s has no index: %s", self.name, type(exc).__name__)

    def _has_names(self) -> bool:
        return self.can(ProbeKind.PERSON) or self.can(ProbeKind.ORGANISATION)

    async def _refresh_index(self, path: Path, secret: bytes) -> None:
        """Rebuild the index unless it is of the bank's present state."""
        watermark = await self._adapter.watermark()
        if self._index is None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._index = await self._off_loop(lambda: NameIndex.open(str(path), secret))
        index = self._index
        if watermark and await self._off_loop(lambda: index.watermark) == watermark:
            self._indexed = True
            return
        rows = [(named.reference, named.names) async for named in self._adapter.names()]
        await self._off_loop(lambda: index.rebuild(rows))
        self._indexed = True
        if watermark:
            await self._off_loop(lambda: setattr(index, "watermark", watermark))

    @step("kalkan.bank.search")
    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find candidates, as a step of the search.

        Raises:
            AdapterError: As `find`.
        """
        found = await self.find(probe, limits)
        self.dated = self.dated or any(record.as_of is not None for record in found.records)
        return found

    async def find(self, probe: Probe, limits: Limits) -> Result:
        """Find candidates, without a trace of it.

        Raises:
            BankUnavailableError: The index is not ready, or the adapter says so.
            AdapterError: Whatever else the adapter raises.
        """
        names = _names_of(probe)
        if not names or self.capability.fuzzy:
            return await self._adapter.search(probe, limits)
        if self._index is None or not self._indexed:
            # An index that was never filled finds nothing: that is not the same as no hit.
            raise BankUnavailableError("the index of this bank is not ready")
        index = self._index
        references = await self._off_loop(lambda: index.candidates(names, limits.rows))
        if not references:
            return Result(())
        found = await self._adapter.fetch(references, replace(limits, rows=len(references)))
        # The likeliest first, as the index has them: a bank gives its rows in an order of its own.
        place = {reference: number for number, reference in enumerate(references)}
        last = len(references)
        ordered = sorted(found.records, key=lambda record: place.get(record.reference, last))
        return replace(found, records=tuple(ordered))

    async def _off_loop(self, work: Callable[[], _ResultT]) -> _ResultT:
        """Run blocking work in a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    async def close(self) -> None:
        """Give back every resource."""
        if self._index is not None:
            await asyncio.to_thread(self._index.close)  # it waits for whoever reads or fills it
        with suppress(AdapterError):
            await self._adapter.close()


def _names_of(probe: Probe) -> tuple[str, ...]:
    """The names that the index is asked for; none where the bank compares values itself."""
    if isinstance(probe, PersonProbe):
        return tuple(name.text for name in probe.names)
    if isinstance(probe, OrganisationProbe) and probe.name:
        return (probe.name,)
    return ()


def titles_of(mapping: Mapping | PluginMapping) -> Titles:
    """What the mapping tells people of the bank."""
    bank, contact = mapping.bank, mapping.bank.contact
    if contact is None:
        return Titles(bank.title, "", "", "")
    return Titles(bank.title, contact.office, contact.phone, contact.email)
