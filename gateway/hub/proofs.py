"""Give a requester the proof that its own search is in the hub's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.auditing.reader import token_of
from gateway.errors import FieldInvalidError
from gateway.ledger.kinds import CLOSING
from gateway.witnessing.prove import wait_of
from kalkan.v1 import receipt_service_pb2 as wire

if TYPE_CHECKING:
    from gateway.access.tokens import Requester
    from gateway.hub.search import Searcher
    from gateway.ledger.entry import Entry
    from gateway.serving import Call
    from gateway.witnessing.prove import Prover


class ReceiptMethods:
    """ReceiptService as the contract has it."""

    def __init__(self, searcher: Searcher, prover: Prover) -> None:
        """Identify by `searcher`, prove by `prover`."""
        self._searcher = searcher
        self._prover = prover

    async def get_proof(self, request: wire.GetProofRequest, call: Call) -> wire.GetProofResponse:
        """Wait for the proof of a search.

        Raises:
            FieldInvalidError: This requester has no such search; it is not told whether others do.
        """
        requester = self._searcher.identify(token_of(call), call)
        entry = await self._prover.entry(request.ledger_index)
        if entry is None or not _is_own(entry, request.search_id, requester):
            raise FieldInvalidError("no such search of yours", field="search_id", limit="your own")
        proof = await self._prover.prove(request.ledger_index, wait_of(call))
        response = wire.GetProofResponse(
            state=wire.PROOF_STATE_PENDING,
            cosignature_count=self._prover.signatures(request.ledger_index),
            quorum=self._prover.quorum,
        )
        if proof is not None:
            response.state = wire.PROOF_STATE_READY
            response.entry, response.proof = entry.encode(), proof
        return response


def _is_own(entry: Entry, search_id: str, requester: Requester) -> bool:
    """Whether an entry ends a search of this requester."""
    return (
        entry.kind in CLOSING
        and bool(entry.search_id)
        and entry.search_id == search_id
        and (entry.who, entry.requester_member) == (requester.officer, requester.member)
    )
