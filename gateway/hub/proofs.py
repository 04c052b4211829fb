"""Give a requester the proof that its own search is in the hub's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.auditing.reader import token_of
from gateway.errors import FieldInvalidError
from gateway.ledger.kinds import CLOSING
from kalkan.v1 import receipt_service_pb2 as wire

if TYPE_CHECKING:
    from gateway.access.tokens import Requester
    from gateway.hub.search import Searcher
    from gateway.ledger.entry import Entry
    from gateway.serving import Call
    from gateway.witnessing.prove import Prover

PATIENCE_S: Final = 10.0
"""Seconds that a call may wait for the witnesses."""
_MARGIN_S: Final = 0.2


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
        left = call.seconds_left()
        seconds = PATIENCE_S if left is None else max(0.0, min(PATIENCE_S, left - _MARGIN_S))
        proof = await self._prover.prove(request.ledger_index, seconds)
        if proof is None:
            return wire.GetProofResponse(state=wire.PROOF_STATE_PENDING)
        return wire.GetProofResponse(
            state=wire.PROOF_STATE_READY, entry=entry.encode(), proof=proof
        )


def _is_own(entry: Entry, search_id: str, requester: Requester) -> bool:
    """Whether an entry ends a search of this requester."""
    return (
        entry.kind in CLOSING
        and bool(entry.search_id)
        and entry.search_id == search_id
        and (entry.who, entry.requester_member) == (requester.officer, requester.member)
    )
