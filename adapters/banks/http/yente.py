"""Make OpenSanctions' yente searchable: its match API finds names across spellings by itself.

yente proposes, the node decides: what yente finds is scored again like the records of every other
bank, and a number that was asked for must be in the record that is returned.

Source: https://www.opensanctions.org/docs/yente/ and the OpenAPI page of a running server.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.banks.http.examples import write_example
from adapters.banks.http.fetching import fetch_each, path_of
from adapters.contract import (
    BankFaultError,
    Capability,
    Limits,
    MappingError,
    Named,
    Probe,
    ProbeKind,
    QueryRejectedError,
    Record,
    Result,
)
from adapters.mapping.entities import ORGANISED, PERSON, TOPIC, TOPICS
from adapters.mapping.lookups import list_kinds
from adapters.mapping.model import Mapping
from adapters.mapping.objects import Json, Shape
from adapters.mapping.recheck import is_match
from adapters.mapping.records import RecordBuilder
from adapters.mapping.scalars import read_instant
from adapters.mapping.service import Patience, Service
from adapters.mapping.session import open_session
from adapters.mapping.web import Yente

__all__ = ["YenteAdapter", "open_yente"]

_PROBES: Final = frozenset(
    (ProbeKind.PERSON, ProbeKind.DOCUMENT, ProbeKind.ORGANISATION, ProbeKind.IDENTIFIER)
)
_MISSING: Final = frozenset((404, 307, 308))
"""Unknown; or merged into another entity, which has another reference."""

_NAME: Final = "probe"
_STATE_S: Final = 30.0


async def open_yente(mapping: Mapping, folder: Path) -> YenteAdapter:
    """Open a bank of kind yente. The service itself is not asked yet.

    Args:
        mapping: Its mapping.
        folder: The bank's folder, which the paths of the mapping are relative to.

    Raises:
        MappingError: The API key or the certificates cannot be read.
    """
    if mapping.yente is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write a [yente] block")
    session = open_session(mapping.yente, folder, mapping.origin())
    return YenteAdapter(
        mapping, mapping.yente, service=Service(session, mapping.yente, missing=_MISSING)
    )


class YenteAdapter:
    """One dataset of one yente.

    Args:
        mapping: The bank's mapping.
        yente: Its `[yente]` block.
        service: The service; the adapter closes it.
    """

    def __init__(self, mapping: Mapping, yente: Yente, *, service: Service) -> None:
        self._yente = yente
        self._service = service
        self._as_of = mapping.as_of
        self._topics = tuple(mapping.codes.get(TOPICS, {}))
        self._shape = Shape(mapping)
        self._builder = RecordBuilder(mapping)
        self._capability = Capability(
            probes=_PROBES,
            kinds=list_kinds(mapping),
            fields=frozenset(field.name for field in mapping.fields),
            fuzzy=True,
            scripts=mapping.bank.scripts,
            engine="http yente",
            strict=mapping.strict,
        )

    @property
    def capability(self) -> Capability:
        """What yente finds; names across spellings too."""
        return self._capability

    @property
    def faults(self) -> Counter[str]:
        """How many broken values each column had so far."""
        return self._builder.faults

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Ask for entities like the one that is looked for. Raises as the contract says."""
        example = write_example(probe)
        if example is None:
            raise QueryRejectedError("the service has no search for this")
        wanted = min(limits.rows, self._yente.candidates)
        path, parameters = self._write_match(wanted)
        body = {"queries": {_NAME: example}}
        answer = await self._service.ask(
            path, parameters, patience=self._patience(limits), body=body
        )
        entities, total = _read_matches(answer)
        built = (self._build(entity) for entity in entities)
        found = {r.reference: r for r in built if r is not None and is_match(probe, r)}
        records = tuple(found.values())
        return Result(records[:wanted], truncated=total > wanted or len(records) > wanted)

    def _write_match(self, wanted: int) -> tuple[str, dict[str, str]]:
        """Older servers send what is above `cutoff`, newer ones what is above `threshold`."""
        yente, score = self._yente, str(self._yente.threshold)
        parameters = {"limit": str(wanted), "threshold": score, "cutoff": score}
        if yente.algorithm is not None:
            parameters["algorithm"] = yente.algorithm
        return f"/match/{yente.dataset}", parameters

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read entities by their ids, several at a time. Raises as search."""
        patience = self._patience(limits)
        return await fetch_each(references, lambda one: self._get(one, patience), limits.rows)

    async def _get(self, reference: str, patience: Patience) -> Record | None:
        """Read one entity; a reference that cannot be part of a path is unknown."""
        path = path_of("/entities/{reference}", reference)
        if path is None:
            return None
        answer = await self._service.ask(path, {"nested": "false"}, patience=patience)
        if answer is None:
            return None
        record = self._build(answer)
        return record if record is not None and record.reference == reference else None

    def _build(self, entity: Json) -> Record | None:
        if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
            raise BankFaultError("the service sent something else than an entity")
        properties = entity["properties"]
        human = entity.get("schema") == "Person"
        split = {
            PERSON: properties if human else {},
            ORGANISED: {} if human else properties,
            TOPIC: self._choose_topic(properties.get("topics")),
        }
        return self._builder.build(*self._shape.read({**entity, **split}))

    def _choose_topic(self, topics: Json) -> str:
        """Choose the gravest topic, as the code table orders them."""
        held = topics if isinstance(topics, list) else []
        return next((topic for topic in self._topics if topic in held), "other")

    async def names(self) -> AsyncIterator[Named]:
        """Yield nothing: yente finds names itself, and does not list them."""
        self._service.require_open()
        nothing: tuple[Named, ...] = ()
        for named in nothing:
            yield named

    async def watermark(self) -> str:
        """The version of the dataset that yente has loaded."""
        about = await self._ask_dataset()
        return str(about.get("index_version") or about.get("version") or "")

    async def as_of(self) -> datetime | None:
        """When the dataset was exported, where yente tells it; else the mapping's own word."""
        about = await self._ask_dataset()
        told = about.get("last_export") or about.get("updated_at")
        try:
            return read_instant(told) or self._as_of
        except ValueError:
            return self._as_of

    async def _ask_dataset(self) -> dict[str, Json]:
        patience = Patience(asyncio.get_running_loop().time() + _STATE_S, self._yente.retries)
        answer = await self._service.ask("/catalog", {}, patience=patience)
        listed = answer.get("datasets") if isinstance(answer, dict) else None
        for about in listed if isinstance(listed, list) else ():
            if isinstance(about, dict) and about.get("name") == self._yente.dataset:
                return about
        raise BankFaultError("the service has no such dataset; check [yente] dataset")

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    def _patience(self, limits: Limits) -> Patience:
        now = asyncio.get_running_loop().time()
        return Patience(now + limits.timeout_s, self._yente.retries)


def _read_matches(answer: Json) -> tuple[list[Json], int]:
    """Take the entities out of an answer, and how many there are beside those that were sent.

    Raises:
        BankFaultError: There is no such dataset, or the answer is not one of the match API.
    """
    if answer is None:
        raise BankFaultError("the service has no such dataset; check [yente] dataset")
    found: Json = answer
    for step in ("responses", _NAME):
        found = found.get(step) if isinstance(found, dict) else None
    results = found.get("results") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise BankFaultError("the answer is not one of the match API; check [yente] url")
    total = found.get("total")
    value = total.get("value") if isinstance(total, dict) else None
    return results, value if isinstance(value, int) else len(results)
