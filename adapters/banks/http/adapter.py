"""Make a JSON service searchable through its mapping alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.banks.http.capability import describe_service
from adapters.banks.http.fetching import fetch_each, path_of
from adapters.banks.http.pages import Page, read_pages
from adapters.banks.http.parameters import require_fields, spell_parameters
from adapters.contract import (
    Adapter,
    BankFaultError,
    Capability,
    FieldName,
    Limits,
    MappingError,
    Named,
    Probe,
    QueryRejectedError,
    Record,
    Result,
)
from adapters.mapping.lookups import find_lookups
from adapters.mapping.model import Mapping
from adapters.mapping.objects import Json, Shape, find_value
from adapters.mapping.recheck import is_match
from adapters.mapping.records import RecordBuilder
from adapters.mapping.scalars import read_instant, read_text
from adapters.mapping.service import Patience, Service
from adapters.mapping.session import open_session
from adapters.mapping.web import Http, HttpSearch

__all__ = ["HttpAdapter", "open_http"]

_PATIENCE_S: Final = 60.0
"""A page of the list, or the state, may wait this long for a busy service: no officer waits."""

_RETRIES: Final = 20


async def open_http(mapping: Mapping, folder: Path) -> Adapter:
    """Open a bank of kind http. The service itself is not asked yet.

    Args:
        mapping: Its mapping.
        folder: The bank's folder, which the paths of the mapping are relative to.

    Raises:
        MappingError: The mapping asks for what a probe does not have, or the token is not there.
    """
    if mapping.http is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write an [http] block")
    require_fields(mapping)
    service = Service(open_session(mapping.http, folder, mapping.origin()), mapping.http)
    return HttpAdapter(mapping, mapping.http, service=service)


class HttpAdapter:
    """One JSON service.

    Args:
        mapping: The bank's mapping.
        http: Its `[http]` block.
        service: The service; the adapter closes it.
    """

    def __init__(self, mapping: Mapping, http: Http, *, service: Service) -> None:
        self._http = http
        self._service = service
        self._as_of = mapping.as_of
        self._capability = describe_service(mapping)
        self._lookups = find_lookups(mapping)
        self._shape = Shape(mapping)
        self._builder = RecordBuilder(mapping)
        self._namer = RecordBuilder(mapping, only=(FieldName.NAME, FieldName.ORGANISATION))

    @property
    def capability(self) -> Capability:
        """What the mapping makes of the service."""
        return self._capability

    @property
    def faults(self) -> Counter[str]:
        """How many broken values each column had so far."""
        return self._builder.faults + self._namer.faults

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Ask each declared search that the probe fits, and check what comes back.

        Raises:
            QueryRejectedError: No declared search fits the probe.
            BankUnavailableError: The service cannot be reached, is busy, or failed.
            BankTimeoutError: The time was over.
            BankFaultError: An answer does not fit the mapping.
        """
        asked = [
            (search, parameters)
            for search in self._http.searches
            for parameters in spell_parameters(search, probe, self._lookups)
        ]
        if not asked:
            raise QueryRejectedError("the service has no search for this")
        patience, found = self._patience(limits), {}
        for search, parameters in asked:
            async with aclosing(self._find(search, parameters, patience)) as candidates:
                async for record in candidates:
                    if is_match(probe, record):
                        found[record.reference] = record
                    if len(found) > limits.rows:
                        break
        records = tuple(found[reference] for reference in sorted(found))
        return Result(records[: limits.rows], truncated=len(records) > limits.rows)

    async def _find(
        self, search: HttpSearch, parameters: dict[str, str], patience: Patience
    ) -> AsyncGenerator[Record, None]:
        pages = read_pages(
            self._service, (self._http, search), parameters=parameters, patience=lambda: patience
        )
        async with aclosing(pages) as opened:
            async for page in opened:
                for item in page:
                    record = self._build(item)
                    if record is not None:
                        yield record

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference, several at a time. Raises as search."""
        patience = self._patience(limits)
        return await fetch_each(references, lambda one: self._get(one, patience), limits.rows)

    async def _get(self, reference: str, patience: Patience) -> Record | None:
        """Read one record; a reference that cannot be part of a path is unknown."""
        about = self._http.get
        path = path_of(about.path, reference)
        if path is None:
            return None
        answer = await self._service.ask(path, about.fixed, patience=patience)
        item = find_value(answer, about.rows.split(".")) if about.rows else answer
        if isinstance(item, list):
            item = item[0] if item else None
        if item is None:
            return None
        if not isinstance(item, dict):
            raise BankFaultError("the answer for one reference is not an object")
        record = self._build(item)
        if record is not None and record.reference != reference:
            raise BankFaultError("the service sent another record than was asked for")
        return record

    def _build(self, item: dict[str, Json]) -> Record | None:
        return self._builder.build(*self._shape.read(item))

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of all records, page by page. Raises as search."""
        listing = self._http.listing
        pages = read_pages(
            self._service, (self._http, listing), parameters=listing.fixed, patience=self._long
        )
        empty = True
        async with aclosing(pages) as opened:
            async for page in opened:
                empty = False
                for named in await asyncio.to_thread(self._name_page, page):
                    yield named
        if empty:
            raise BankFaultError("the service has no such list; check [http.list] path")

    def _name_page(self, page: Page) -> list[Named]:
        return list(self._name_items(page))

    def _name_items(self, page: Page) -> Iterator[Named]:
        for item in page:
            base, children = self._shape.read(item)
            reference = self._namer.reference(base)
            if reference:
                yield Named(reference, self._namer.names(base, children))

    async def watermark(self) -> str:
        """Ask for the declared value that changes when the data change; else empty."""
        state = self._http.state
        if state is None or state.watermark is None:
            return ""
        return await self._ask_state(state.watermark)

    async def as_of(self) -> datetime | None:
        """Ask of when the data are, where the service tells it; else the mapping's own word."""
        state = self._http.state
        if state is None or state.as_of is None:
            return self._as_of
        try:
            return read_instant(await self._ask_state(state.as_of)) or self._as_of
        except ValueError:
            raise BankFaultError("[http.state] as_of: not a point in time (ISO 8601)") from None

    async def _ask_state(self, path: str) -> str:
        about = self._http.state.path if self._http.state is not None else ""
        answer = await self._service.ask(about, {}, patience=self._long())
        try:
            return read_text(find_value(answer, path.split(".")))
        except ValueError:
            raise BankFaultError("[http.state]: the path does not lead to one value") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    def _patience(self, limits: Limits) -> Patience:
        now = asyncio.get_running_loop().time()
        return Patience(now + limits.timeout_s, self._http.retries)

    def _long(self) -> Patience:
        return Patience(asyncio.get_running_loop().time() + _PATIENCE_S, _RETRIES)
