"""The part of AuditService that proves: entries, and that a ledger has only ever grown.

Who may see an entry may have its proof, and that is an entry itself. Checkpoints and the proofs
between them hold hashes alone; the more people compare them the better, so every requester of the
federation may have them, and no entry tells of it: those who watch a log must not make it grow.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gateway.auditing.reader import AUDITOR, Reader, Readers
from gateway.auditing.request import require_index
from gateway.errors import FieldInvalidError
from gateway.ledger.filter import Filter, scan
from gateway.ledger.kinds import Kind
from gateway.ledger.read import read_stored
from gateway.serving import Call, Method
from gateway.witnessing.prove import wait_of
from kalkan.v1 import audit_service_pb2 as wire
from kalkan.v1.receipt_service_pb2 import PROOF_STATE_PENDING, PROOF_STATE_READY

if TYPE_CHECKING:
    from gateway.recorder import Recorder
    from gateway.witnessing.prove import Prover

MAX_PROVED: Final = 1_000
"""Entries of one search that are proved at most."""
_SEARCH: Final = re.compile(r"[0-9a-f]{8,32}")

Numbered = tuple[int, bytes]


class ProofMethods:
    """Proves what is in one ledger."""

    def __init__(self, readers: Readers, recorder: Recorder, prover: Prover) -> None:
        """Identify by `readers`, write each access by `recorder`, prove by `prover`."""
        self._readers = readers
        self._recorder = recorder
        self._prover = prover

    def methods(self) -> tuple[Method[Any, Any], ...]:
        """What is served of AuditService."""
        return (
            Method("ProveEntries", wire.ProveEntriesRequest, stream=self.prove_entries),
            Method("GetCheckpoint", wire.GetCheckpointRequest, unary=self.get_checkpoint),
            Method("ProveConsistency", wire.ProveConsistencyRequest, unary=self.prove_consistency),
        )

    async def prove_entries(
        self, request: wire.ProveEntriesRequest, call: Call
    ) -> AsyncGenerator[wire.ProveEntriesResponse, None]:
        """Stream one entry, or those of one search, each with its proof.

        Raises:
            AccessError, PolicyRefusedError: The requester may not read here.
            FieldInvalidError: There is no such entry that the requester may see.
        """
        reader = self._readers.identify(call, AUDITOR)
        found = await asyncio.to_thread(self._find, request, reader)
        facts = {"action": "prove_entries", "count": len(found)}
        await self._recorder.write(Kind.ADMIN, {**call.facts, **facts})
        for index, data in found:
            self._readers.require_standing(reader)
            yield await self._prove(index, data, wait_of(call))

    def _find(self, request: wire.ProveEntriesRequest, reader: Reader) -> list[Numbered]:
        if request.search_id:
            found = self._find_search(request.search_id, reader)
        else:
            require_index("index", request.index)
            stored = islice(read_stored(self._prover.folder, request.index), 1)
            found = [one for one in stored if reader.scope.opens(json.loads(one[1]))]
        if not found:
            # What is not here and what is not for this reader look the same.
            field = "search_id" if request.search_id else "index"
            raise FieldInvalidError("no such entry that you may see", field=field, limit="yours")
        return found

    def _find_search(self, search_id: str, reader: Reader) -> list[Numbered]:
        if not _SEARCH.fullmatch(search_id):
            limit = "8 to 32 hexadecimal digits"
            raise FieldInvalidError(f"search_id must be {limit}", field="search_id", limit=limit)
        wanted = Filter(search_id=search_id)
        found = scan(self._prover.folder, lambda e: reader.scope.opens(e) and wanted.keeps(e))
        kept = ((one[0], one[1]) for one in found if one is not None)
        return list(islice(kept, MAX_PROVED))

    async def _prove(self, index: int, data: bytes, seconds: float) -> wire.ProveEntriesResponse:
        proof = await self._prover.prove(index, seconds)
        return wire.ProveEntriesResponse(
            index=index,
            entry=data,
            state=PROOF_STATE_READY if proof else PROOF_STATE_PENDING,
            proof=proof or b"",
            cosignature_count=self._prover.signatures(index),
            quorum=self._prover.quorum,
        )

    async def get_checkpoint(
        self, request: wire.GetCheckpointRequest, call: Call
    ) -> wire.GetCheckpointResponse:
        """Give the newest checkpoints.

        Raises:
            AccessError: The certificate or the token does not hold.
        """
        del request
        self._readers.identify_member(call)
        prover = self._prover
        return wire.GetCheckpointResponse(
            newest=prover.newest(),
            witnessed=prover.witnessed(),
            cosignature_count=prover.signatures(prover.size() - 1),
            quorum=prover.quorum,
        )

    async def prove_consistency(
        self, request: wire.ProveConsistencyRequest, call: Call
    ) -> wire.ProveConsistencyResponse:
        """Prove that one size of the ledger continues another.

        Raises:
            AccessError: The certificate or the token does not hold.
            FieldInvalidError: There are no checkpoints of these sizes.
        """
        self._readers.identify_member(call)
        old, new, size = request.old_size, request.new_size, self._prover.size()
        for field, value, most in (("old_size", old, new), ("new_size", new, size)):
            if not 1 <= value <= most:
                limit = "1 to the size of the newest checkpoint, the smaller first"
                raise FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit)
        return wire.ProveConsistencyResponse(hashes=await self._prover.consistency(old, new))
