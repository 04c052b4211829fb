"""A witness: judges, remembers, then signs, one request after the other.

The order is the promise. If it signed before it remembered, or judged two requests at once, a
power cut or a race could make it sign two logs that contradict each other.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.ledger.errors import LedgerCorruptError, LedgerUnavailableError
from gateway.ledger.tlog.merkle import Tree
from gateway.ledger.tlog.request import encode_signatures, encode_size
from gateway.ledger.witness.state import Judgement, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.clock import Clock
    from gateway.ledger.tlog.signer import Cosigner
    from gateway.ledger.tlog.vkey import Vkey
    from gateway.ledger.witness.store import Store


class Witness:
    """Cosigns the checkpoints of the logs that it knows.

    Args:
        cosigner: The witness's key.
        logs: The keys of the logs, by origin.
        store: Its memory.
        clock: Gives the time in a cosignature.

    Raises:
        LedgerCorruptError: What it remembers of a log is not what was written.
    """

    def __init__(
        self, cosigner: Cosigner, logs: Mapping[str, Vkey], store: Store, clock: Clock
    ) -> None:
        self.vkey = cosigner.vkey
        self._cosigner = cosigner
        self._logs = logs
        self._store = store
        self._clock = clock
        self._known = _recall(logs, store)
        self._turn = asyncio.Lock()
        self._broken = False

    async def add(self, body: bytes) -> tuple[Judgement, bytes]:
        """Judge the body of `add-checkpoint`; return the judgement and the body of the answer.

        Raises:
            LedgerUnavailableError: What was signed last cannot be remembered: nothing is signed.
        """
        # A caller who goes away must not free the turn while the memory is being written.
        return await asyncio.shield(asyncio.create_task(self._add(body)))

    def close(self) -> None:
        """Give the memory free."""
        self._store.close()

    async def _add(self, body: bytes) -> tuple[Judgement, bytes]:
        async with self._turn:
            if self._broken:
                raise LedgerUnavailableError("the witness cannot remember what it signs")
            judgement = judge(body, self._logs, self._known.get)
            return judgement, await self._act(judgement)

    async def _act(self, judgement: Judgement) -> bytes:
        """Remember what a judgement says, then answer."""
        checkpoint = judgement.checkpoint
        if checkpoint is None:
            return b""
        try:
            await asyncio.to_thread(self._remember, checkpoint.origin, judgement)
        except OSError as error:
            self._broken = True
            raise LedgerUnavailableError("the witness cannot remember what it signs") from error
        if judgement.verdict is not Verdict.COSIGNED:
            conflict = judgement.verdict is Verdict.CONFLICT
            return encode_size(judgement.known.size) if conflict else b""
        self._known[checkpoint.origin] = Tree(checkpoint.size, checkpoint.root)
        time = int(self._clock.now().timestamp())
        return encode_signatures((self._cosigner.cosign(str(checkpoint), time),))

    def _remember(self, origin: str, judgement: Judgement) -> None:
        if judgement.verdict is Verdict.COSIGNED:
            self._store.keep(origin, judgement.note)
        elif judgement.fault is not None:
            self._store.accuse(origin, judgement.note, judgement.fault)


def _recall(logs: Mapping[str, Vkey], store: Store) -> dict[str, Tree | None]:
    """Read what was signed before; who cannot begin gives the memory free."""
    try:
        return {origin: store.read(key) for origin, key in logs.items()}
    except LedgerCorruptError:
        store.close()
        raise
