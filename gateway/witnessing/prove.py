"""Prove one entry of a ledger to others, under a checkpoint that the quorum has signed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import LedgerUnavailableError, ProofPendingError
from gateway.ledger.read import read_entries
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.checkpoint import parse_checkpoint
from gateway.ledger.tlog.merkle import consistency_path
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.proof import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.entry import Entry
    from gateway.ledger.log import Ledger
    from gateway.serving import Call
    from gateway.witnessing.collect import Collector

PATIENCE_S: Final = 10.0
"""Seconds that a call may wait for the witnesses."""
_MARGIN_S: Final = 0.2


def wait_of(call: Call) -> float:
    """Seconds that a call may wait for the witnesses: until its deadline and at most 10."""
    left = call.seconds_left()
    return PATIENCE_S if left is None else max(0.0, min(PATIENCE_S, left - _MARGIN_S))


class Prover:
    """Makes proofs; without witnesses under the log's own checkpoint.

    Attributes:
        folder: The ledger's folder.
    """

    def __init__(self, ledger: Ledger, folder: Path, collector: Collector | None) -> None:
        """Prove what is in the ledger in `folder`."""
        self.folder = folder
        self._ledger = ledger
        self._collector = collector

    @property
    def quorum(self) -> int:
        """How many witnesses must sign; 0 where none must."""
        return self._collector.quorum if self._collector is not None else 0

    def signatures(self, index: int) -> int:
        """How many witnesses have signed one checkpoint that covers an entry."""
        return self._collector.signatures(index) if self._collector is not None else 0

    def newest(self) -> bytes:
        """The newest checkpoint, signed by the log alone; empty before the first."""
        try:
            return self._ledger.checkpoint()
        except ProofPendingError:
            return b""

    def witnessed(self) -> bytes:
        """The newest checkpoint that a quorum has signed; empty before the first."""
        found = self._collector.witnessed if self._collector is not None else None
        return found.note if found is not None else b""

    def size(self) -> int:
        """The number of entries that the newest checkpoint covers."""
        note = self.newest()
        return parse_checkpoint(parse_note(note).text).size if note else 0

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the hashes that prove one size to continue another, up to the newest checkpoint.

        Raises:
            LedgerError: A file is not what it should be.
        """
        # Partial tiles are kept for the newest size alone; it holds all the hashes of smaller ones.
        tiles = Tiles(self.folder, self.size())
        return await asyncio.to_thread(consistency_path, old, new, tiles.range_hash)

    async def entry(self, index: int) -> Entry | None:
        """Return an entry; None where there is none of this index.

        Raises:
            LedgerError: A segment is not what it should be.
        """
        if index >= self._ledger.size:
            return None
        _, entry = await asyncio.to_thread(next, read_entries(self.folder, index))
        return entry

    async def prove(self, index: int, seconds: float) -> bytes | None:
        """Return the proof of an entry; None if time is over before all have signed that must.

        Raises:
            LedgerError: A file is not what it should be.
        """
        if self._collector is None:
            try:
                async with asyncio.timeout(seconds):
                    await self._ledger.covered(index)
                return await self._ledger.inclusion(index)
            except (TimeoutError, ProofPendingError, LedgerUnavailableError):
                return None
        witnessed = await self._collector.covered(index, seconds)
        if witnessed is None:
            return None
        path = await asyncio.to_thread(Tiles(self.folder, witnessed.size).inclusion, index)
        return Proof(index, path, witnessed.note).encode()
