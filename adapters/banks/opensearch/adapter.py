"""Make an index of OpenSearch searchable through its mapping alone.

OpenSearch proposes, the node decides: a number that was asked for must be in the record that is
returned, and names are scored again like those of every other bank.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.banks.opensearch.answers import Answer, read_answer, read_newest, read_types
from adapters.banks.opensearch.queries import Body, Found, Queries
from adapters.banks.opensearch.schema import list_fields, require_fields
from adapters.contract import (
    AdapterError,
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
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
from adapters.mapping.lookups import find_probes, list_kinds
from adapters.mapping.model import Mapping
from adapters.mapping.objects import Json, Shape
from adapters.mapping.recheck import is_match
from adapters.mapping.records import MAX_REFERENCE, RecordBuilder
from adapters.mapping.scalars import can_send, read_instant, read_text
from adapters.mapping.service import Call, Patience, Service
from adapters.mapping.session import open_session
from adapters.mapping.web import OpenSearch

__all__ = ["OpenSearchAdapter", "open_opensearch"]

_REFERENCES: Final = 1_000
_MANY_RECORDS: Final = 50

_PATIENCE_S: Final = 60.0
"""A page of all names, or the state, may wait this long for a busy bank: no officer waits."""

_RETRIES: Final = 20
_CHECK_S: Final = 5.0
_KEEP: Final = "2m"
"""How long a point in time is kept behind a page that was not followed by another."""

_GOODBYE_S: Final = 2.0
_MILLISECONDS: Final = 1000


async def open_opensearch(mapping: Mapping, folder: Path) -> OpenSearchAdapter:
    """Open a bank of kind opensearch, and hold its mapping against it where it can be asked now.

    A bank that is down may come; the mapping is then held against it before its first answer.

    Args:
        mapping: Its mapping.
        folder: The bank's folder, which the paths of the mapping are relative to.

    Raises:
        MappingError: The password or the certificates cannot be read, or a field cannot be
            searched as the mapping says.
    """
    about = mapping.opensearch
    if about is None:
        raise MappingError(
            f"{mapping.origin().tell(('bank', 'kind'))}: write an [opensearch] block"
        )
    headers = {"X-Opaque-Id": f"kalkan-{mapping.bank.id}", **about.headers}
    session = open_session(about.model_copy(update={"headers": headers}), folder, mapping.origin())

    adapter = OpenSearchAdapter(mapping, about, service=Service(session, about))
    try:
        with suppress(BankUnavailableError, BankTimeoutError, BankFaultError):
            await adapter.check(_CHECK_S)
    except BaseException:
        await adapter.close()
        raise
    return adapter


class OpenSearchAdapter:
    """One index of OpenSearch.

    Args:
        mapping: The bank's mapping.
        about: Its `[opensearch]` block.
        service: The server; the adapter closes it.
    """

    def __init__(self, mapping: Mapping, about: OpenSearch, *, service: Service) -> None:
        self._mapping = mapping
        self._about = about
        self._service = service
        self._checked = False
        self._queries = Queries(mapping, about)
        self._shape = Shape(mapping)
        self._builder = RecordBuilder(mapping)
        self._namer = RecordBuilder(mapping, only=(FieldName.NAME, FieldName.ORGANISATION))
        self._capability = Capability(
            probes=find_probes(mapping),
            kinds=list_kinds(mapping),
            fields=frozenset(field.name for field in mapping.fields),
            fuzzy=about.fuzzy,
            scripts=mapping.bank.scripts,
            engine="opensearch",
            strict=mapping.strict,
        )

    @property
    def capability(self) -> Capability:
        """What the mapping makes of the index."""
        return self._capability

    @property
    def faults(self) -> Counter[str]:
        """How many broken values each column had so far."""
        return self._builder.faults + self._namer.faults

    async def check(self, timeout_s: float) -> None:
        """Hold the mapping against the index, once.

        Raises:
            MappingError: A field of the index cannot be searched as the mapping says.
            AdapterError: The bank cannot be asked now.
        """
        if self._checked:
            return
        fields = list_fields(self._mapping, self._about, self._queries)
        paths = {child.path or child.table for child in self._mapping.children}
        asked = ",".join(sorted({*fields, *paths}))
        path = f"/{self._about.index}/_field_caps"
        until = asyncio.get_running_loop().time() + timeout_s
        answer = await self._service.ask(path, {"fields": asked}, patience=Patience(until, 0))
        require_fields(self._mapping, self._about, self._queries, read_types(answer))
        self._checked = True

    async def _ready(self, timeout_s: float) -> None:
        try:
            await self.check(timeout_s)
        except MappingError:
            raise BankFaultError("the fields of the index do not fit the mapping") from None

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find records by number, and by name where the index is declared to.

        Raises:
            QueryRejectedError: Nothing of the probe can be asked of this index.
            BankUnavailableError: The bank cannot be reached, is busy, or failed in part.
            BankTimeoutError: The time was over.
            BankFaultError: The answer does not fit the mapping.
        """
        body = self._queries.search(probe, self._found(limits))
        if body is None:
            raise QueryRejectedError("this bank cannot be searched for this")
        answer = await self._find(body, limits)
        records = [record for record in await self._build(answer) if is_match(probe, record)]
        return Result(tuple(records), truncated=answer.total > limits.rows)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference; unknown references are left out. Raises as search."""
        if len(references) > _REFERENCES:
            raise QueryRejectedError(f"ask for at most {_REFERENCES} references")
        known = [r for r in dict.fromkeys(references) if 0 < len(r) <= MAX_REFERENCE]
        known = [*filter(can_send, known)]
        if not known:
            self._service.require_open()
            return Result(())
        answer = await self._find(self._queries.fetch(known, self._found(limits)), limits)
        wanted = frozenset(known)
        built = [record for record in await self._build(answer) if record.reference in wanted]
        records = tuple(sorted(built, key=lambda record: record.reference))
        return Result(records, truncated=answer.total > limits.rows)

    async def _find(self, body: Body, limits: Limits) -> Answer:
        """Send one search; the server gives it up by itself when its time is over."""
        until = asyncio.get_running_loop().time() + limits.timeout_s
        await self._ready(limits.timeout_s)
        given = f"{max(1, round(self._time(limits) * _MILLISECONDS))}ms"
        call = Call("POST", self._path("_search"), {"cancel_after_time_interval": given}, body)
        patience = Patience(until, self._about.retries)
        answer = read_answer(await self._service.send(call, patience))
        if len(answer.documents) > limits.rows:
            raise BankFaultError("the bank sent more than it was asked for")
        return answer

    async def _build(self, answer: Answer) -> list[Record]:
        """Build the records, off the loop where they are many."""
        if len(answer.documents) > _MANY_RECORDS:
            return await asyncio.to_thread(self._build_all, answer)
        return self._build_all(answer)

    def _build_all(self, answer: Answer) -> list[Record]:
        built = (self._builder.build(*self._shape.read(d)) for d in answer.documents)
        return list({record.reference: record for record in built if record is not None}.values())

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of all records at one point in time, page by page. Raises as search."""
        await self._ready(_PATIENCE_S)
        pit = await self._open_pit()
        after: list[Json] | None = None
        try:
            while True:
                body = self._queries.page({"id": pit, "keep_alive": _KEEP}, after)
                sent = await self._service.send(Call("POST", "/_search", {}, body), self._long())
                if sent is None:
                    raise BankUnavailableError("the bank gave up the point in time; read again")
                answer = read_answer(sent)
                for named in await asyncio.to_thread(self._name_all, answer):
                    yield named
                if len(answer.documents) < self._about.page:
                    return
                after = _next(answer, after)
        finally:
            await self._close_pit(pit)

    async def _open_pit(self) -> str:
        path = self._path("_search/point_in_time")
        answer = await self._service.send(Call("POST", path, {"keep_alive": _KEEP}), self._long())
        pit = answer.get("pit_id") if isinstance(answer, dict) else None
        if not isinstance(pit, str):
            raise BankFaultError("the bank opens no point in time; check [opensearch] index")
        return pit

    async def _close_pit(self, pit: str) -> None:
        """Give the point in time back; the server drops it by itself where that fails."""
        until = asyncio.get_running_loop().time() + _GOODBYE_S
        call = Call("DELETE", "/_search/point_in_time", {}, {"pit_id": [pit]})
        with suppress(AdapterError):
            await self._service.send(call, Patience(until, 0))

    def _name_all(self, answer: Answer) -> list[Named]:
        return list(self._name(answer))

    def _name(self, answer: Answer) -> Iterator[Named]:
        for document in answer.documents:
            base, children = self._shape.read(document)
            reference = self._namer.reference(base)
            names = self._namer.names(base, children) if reference else ()
            if names:
                yield Named(reference, names)

    async def watermark(self) -> str:
        """The largest value of the watermark column; empty where the mapping names none."""
        column = self._mapping.record.watermark_column
        return "" if column is None else read_text(await self._newest(column))

    async def as_of(self) -> datetime | None:
        """Of when the data are: fixed in the mapping, or the newest of the records."""
        column = self._mapping.record.as_of_column
        if self._mapping.as_of is not None or column is None:
            return self._mapping.as_of
        found = await self._newest(column)
        try:
            if isinstance(found, int | float):
                return datetime.fromtimestamp(found / _MILLISECONDS, UTC)
            return read_instant(found)
        except (ValueError, OverflowError, OSError):
            raise BankFaultError("as_of_column holds no points in time (ISO 8601)") from None

    async def _newest(self, column: str) -> Json:
        call = Call("POST", self._path("_search"), {}, self._queries.newest(column))
        return read_newest(await self._service.send(call, self._long()))

    async def close(self) -> None:
        """Close the connections, at which the server gives up what it still does for us."""
        await self._service.close()

    def _path(self, action: str) -> str:
        return f"/{self._about.index}/{action}"

    def _time(self, limits: Limits) -> float:
        return min(limits.timeout_s, self._about.timeout_s)

    def _found(self, limits: Limits) -> Found:
        return Found(limits.rows, self._time(limits))

    def _long(self) -> Patience:
        return Patience(asyncio.get_running_loop().time() + _PATIENCE_S, _RETRIES)


def _next(answer: Answer, before: list[Json] | None) -> list[Json]:
    """Return where the next page begins; a bank that stands still would never end."""
    if answer.after is None or answer.after == before:
        raise BankFaultError("the bank does not tell where the next page begins")
    return answer.after
