"""One witness as a log sees it: what it knows, and whether it can be believed."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import LedgerError, NoteRejectedError, SignatureRejectedError
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.note import Signature
from gateway.ledger.tlog.request import AddCheckpoint, parse_cosignatures, parse_size
from gateway.ledger.witness.state import Verdict
from gateway.witnessing.ways import AwayError, Way

if TYPE_CHECKING:
    from gateway.ledger.tlog.checkpoint import Checkpoint
    from gateway.witnessing.panel import Seat

CALL_S: Final = 1.5
"""Seconds that one call to a witness may take."""
_TRIES: Final = 2
"""The second time with the size that the witness has told."""


class Standing(StrEnum):
    """How a witness stands to a log; the words are those of ledger entries."""

    GOOD = "witness_back"
    AWAY = "witness_away"
    AHEAD = "witness_knows_more"  # it has signed more than this log has: rolled back, or it lies
    CONTRADICTS = "witness_contradicts"  # it has signed another root, or no proof convinces it
    REFUSES = "witness_refuses"  # it does not know this log or its key
    LIES = "witness_signature_invalid"  # what it sent is not its signature over this checkpoint


class Follower:
    """Keeps one witness up to date."""

    def __init__(self, seat: Seat, way: Way, folder: Path) -> None:
        """Follow the witness of `seat` over `way`, with proofs from the ledger in `folder`."""
        self.seat = seat
        self.way = way
        self.standing = Standing.GOOD
        self._folder = folder
        self._known = 0

    async def cosign(self, note: bytes, checkpoint: Checkpoint) -> Signature | None:
        """Ask for a cosignature; without one `standing` says why."""
        try:
            signature = await self._ask(note, checkpoint)
        except AwayError:
            self.standing = Standing.AWAY
        except (NoteRejectedError, SignatureRejectedError):
            self.standing = Standing.LIES
        except (LedgerError, OSError, ValueError):
            self.standing = Standing.AWAY
        else:
            return signature
        return None

    async def _ask(self, note: bytes, checkpoint: Checkpoint) -> Signature | None:
        for _ in range(_TRIES):
            body = await asyncio.to_thread(self._compose, note, checkpoint.size)
            verdict, answer = await self.way.add(body, CALL_S)
            if verdict is Verdict.COSIGNED:
                signature = self._read(answer, checkpoint)
                self._known, self.standing = checkpoint.size, Standing.GOOD
                return signature
            if verdict is not Verdict.CONFLICT:
                contradicts = verdict is Verdict.INCONSISTENT
                self.standing = Standing.CONTRADICTS if contradicts else Standing.REFUSES
                return None
            size = parse_size(answer)
            if size > checkpoint.size:
                self.standing = Standing.AHEAD
                return None
            if size == self._known:
                break
            self._known = size
        self.standing = Standing.CONTRADICTS
        return None

    def _compose(self, note: bytes, size: int) -> bytes:
        self._known = min(self._known, size)
        path = Tiles(self._folder, size).consistency(self._known)
        return AddCheckpoint(self._known, path, note).encode()

    def _read(self, answer: bytes, checkpoint: Checkpoint) -> Signature:
        """Find the witness's own signature over just this checkpoint."""
        for signature in parse_cosignatures(answer):
            if signature.is_by(self.seat.vkey):
                self.seat.vkey.verify(str(checkpoint).encode(), signature.data)
                return signature
        raise SignatureRejectedError("the witness has not signed")
