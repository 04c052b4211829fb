"""Prove one entry of a ledger to others, under a checkpoint that the quorum has signed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.ledger.errors import LedgerUnavailableError, ProofPendingError
from gateway.ledger.read import read_entries
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.proof import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.entry import Entry
    from gateway.ledger.log import Ledger
    from gateway.witnessing.collect import Collector


class Prover:
    """Makes proofs; without witnesses under the log's own checkpoint."""

    def __init__(self, ledger: Ledger, folder: Path, collector: Collector | None) -> None:
        """Prove what is in the ledger in `folder`."""
        self._ledger = ledger
        self._folder = folder
        self._collector = collector

    async def entry(self, index: int) -> Entry | None:
        """Return an entry; None where there is none of this index.

        Raises:
            LedgerError: A segment is not what it should be.
        """
        if index >= self._ledger.size:
            return None
        _, entry = await asyncio.to_thread(next, read_entries(self._folder, index))
        return entry

    async def prove(self, index: int, seconds: float) -> bytes | None:
        """Return the proof of an entry; None if time is over before the quorum has signed.

        Raises:
            LedgerError: A file is not what it should be.
        """
        if self._collector is None:
            try:
                return await self._ledger.inclusion(index)
            except (ProofPendingError, LedgerUnavailableError):
                return None
        witnessed = await self._collector.covered(index, seconds)
        if witnessed is None:
            return None
        path = await asyncio.to_thread(Tiles(self._folder, witnessed.size).inclusion, index)
        return Proof(index, path, witnessed.note).encode()
