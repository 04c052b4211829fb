"""Proofs of a ledger on this machine's disk, under the newest checkpoint that will do.

How many witnesses have signed what no quorum has signed yet is not on the disk: the server tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.ledger.errors import ProofPendingError
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.merkle import consistency_path
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.paths import CHECKPOINT
from gateway.ledger.tlog.proof import Proof
from gateway.receipts.proof import Checkpoints, Given, key_of
from gateway.witnessing.collect import FOLDER
from gateway.witnessing.panel import panel_of

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.access.federation import Federation


class StoredProofs:
    """Makes proofs from the files of one ledger.

    Args:
        folder: The ledger.
        federation: Says who witnesses it.
        member: Whose it is, "HUB" for the hub's.
    """

    def __init__(self, folder: Path, federation: Federation, member: str) -> None:
        self._folder = folder
        self._federation = federation
        self._member = member

    def checkpoints(self) -> Checkpoints:
        """Read the newest checkpoints; empty where there is none."""
        newest, witnessed = self._read(CHECKPOINT), self._read(f"{FOLDER}/{CHECKPOINT}")
        panel = panel_of(self._federation, self._member)
        if panel is None:
            return Checkpoints(newest, b"", 0, 0)
        signed = 0
        if newest and witnessed and self._size(witnessed) >= self._size(newest):
            signed = len(parse_note(witnessed).signers(panel.keys))
        return Checkpoints(newest, witnessed, signed, panel.quorum)

    def prove(self, index: int, entry: bytes) -> Given:
        """Prove an entry as far as it can be.

        Raises:
            LedgerError: A file is not what it should be.
        """
        found = self.checkpoints()
        note = found.witnessed if found.needed else found.newest
        if not note or self._size(note) <= index:
            return Given(index, entry, b"", 0, found.needed)
        path = Tiles(self._folder, self._size(note)).inclusion(index)
        panel = panel_of(self._federation, self._member)
        signed = len(parse_note(note).signers(panel.keys if panel else ()))
        return Given(index, entry, Proof(index, path, note).encode(), signed, found.needed)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that one size continues another, up to that of the newest checkpoint.

        Raises:
            ProofPendingError: No checkpoint covers so much.
            LedgerError: A file is not what it should be.
        """
        newest = self._read(CHECKPOINT)
        if not newest or not 1 <= old <= new <= self._size(newest):
            raise ProofPendingError(f"no checkpoint covers {new} entries")
        return consistency_path(old, new, Tiles(self._folder, self._size(newest)).range_hash)

    def _size(self, note: bytes) -> int:
        return open_checkpoint(note, key_of(self._federation, self._member)).size

    def _read(self, name: str) -> bytes:
        path = self._folder / name
        return path.read_bytes() if path.exists() else b""
