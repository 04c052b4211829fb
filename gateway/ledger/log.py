"""The ledger as a server uses it: open, append, close.

`append` returns when the entry is on the medium, not before. Opening repairs what a crash left
and closes the searches that it interrupted. If the ledger breaks, the server must stop: what it
may not record it may not answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gateway.ledger.disk import Disk
from gateway.ledger.entry import Draft, Entry
from gateway.ledger.errors import LedgerUnavailableError, ProofPendingError
from gateway.ledger.flusher import Flusher, Limits, OnBroken
from gateway.ledger.kinds import OPENING, Kind
from gateway.ledger.lock import acquire_lock, release_lock
from gateway.ledger.mark import Mark
from gateway.ledger.recovery import Recovered, recover
from gateway.ledger.tiles.catchup import Catchup
from gateway.ledger.tiles.integrator import Integrator
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tiles.sequencer import Sequencer
from gateway.ledger.tlog.proof import Proof
from gateway.ledger.writer import Place, Writer

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.ledger.tiles.integrator import Published
    from gateway.ledger.tlog.signer import Signer

_CLOSE_AT_ONCE = 256
"""Orphans that are closed in one batch."""


def _ignore(error: LedgerUnavailableError) -> None:
    """Do nothing: the callers of `append` get the error."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the blocking part of opening leaves."""

    directory: Path
    lock: int
    writer: Writer
    recovered: Recovered
    integrator: Integrator | None


class Ledger:
    """One append-only log with one writer; make it with `open`.

    Attributes:
        recovered: What opening found: where a torn end went, which intents were orphans.
    """

    def __init__(self, opened: _Opened, limits: Limits, on_broken: OnBroken) -> None:
        self.recovered = opened.recovered
        self._directory = opened.directory
        self._lock: int | None = opened.lock
        self._writer = opened.writer
        self._flusher = Flusher(opened.writer, limits, on_broken)
        self._sequencer: Sequencer | None = None
        if opened.integrator is not None:
            self._follow(opened.integrator, limits)

    @classmethod
    async def open(  # noqa: PLR0913 - a server gives the first three, tests each of the others
        cls,
        directory: Path,
        clock: Clock,
        *,
        signer: Signer | None = None,
        disk: Disk | None = None,
        limits: Limits | None = None,
        on_broken: OnBroken = _ignore,
    ) -> Self:
        """Open a ledger, make it if it is new, and close the searches a crash left open.

        Args:
            directory: Where it is; made if missing, readable by its owner alone.
            clock: Gives the time of the entries that recovery writes.
            signer: The log's key; without one there are no checkpoints and no proofs.
            disk: The file layer.
            limits: How large things may become.
            on_broken: Called once, in the event loop, when the ledger breaks.

        Raises:
            LedgerLockedError: Another writer has it.
            LedgerCorruptError: It is damaged elsewhere than at a torn end, or is not what its
                checkpoint says.
            EntryRejectedError: An open intent is not an entry of this version.
            LedgerUnavailableError: The system cannot read or write it.
        """
        limits = limits or Limits()
        place = Place(directory, disk or Disk(), limits.segment_bytes)
        opened = await asyncio.to_thread(_open_files, place, signer)
        ledger = cls(opened, limits, on_broken)
        try:
            await ledger._close_orphans(clock)
        except BaseException:
            await ledger.close()
            raise
        return ledger

    @property
    def broken(self) -> bool:
        """Whether nothing will be written any more because of an error."""
        return self._flusher.broken

    @property
    def size(self) -> int:
        """The number of durable entries."""
        return self._writer.position.next_index

    @property
    def backlog(self) -> int:
        """Bytes of entries that wait to be durable."""
        return self._flusher.waiting_bytes

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint, a signed note.

        Raises:
            ProofPendingError: There is none yet, or this ledger has no key.
        """
        return self._published().note

    async def covered(self, index: int) -> None:
        """Wait until a checkpoint covers the entry of an index.

        Raises:
            LedgerUnavailableError: None ever will: the ledger is broken, closed or has no key.
        """
        if self._sequencer is None:
            raise LedgerUnavailableError("the ledger has no key")
        await self._sequencer.covered(index)

    async def inclusion(self, index: int) -> bytes:
        """Return a tlog-proof that the entry of an index is in the newest checkpoint.

        Raises:
            ProofPendingError: The newest checkpoint does not cover it yet.
            LedgerCorruptError: A tile is missing or not what it should be.
        """
        note, tree = self._published()
        if not 0 <= index < tree.size:
            raise ProofPendingError(f"no checkpoint covers entry {index} yet")
        path = await asyncio.to_thread(Tiles(self._directory, tree.size).inclusion, index)
        return Proof(index, path, note).encode()

    async def append(self, entry: Entry | Draft) -> int:
        """Write one entry and return its index when it is durable.

        If the caller is cancelled while it waits, the entry is written all the same.

        Raises:
            EntryTooLargeError: The entry is over the limit.
            LedgerBusyError: Too much is waiting.
            LedgerUnavailableError: The ledger is broken or closed.
        """
        return await self._flusher.submit((entry.encode(),), may_exceed=entry.kind not in OPENING)

    async def append_many(self, entries: Sequence[Entry | Draft]) -> range:
        """Write entries that follow each other and return their indices when all are durable.

        A crash may keep the first of them and lose the rest.

        Raises:
            EntryTooLargeError: One is over the limit; none is written.
            LedgerBusyError: Too much is waiting.
            LedgerUnavailableError: The ledger is broken or closed.
        """
        if not entries:
            return range(0)
        may_exceed = all(entry.kind not in OPENING for entry in entries)
        stored = tuple(entry.encode() for entry in entries)
        first = await self._flusher.submit(stored, may_exceed=may_exceed)
        return range(first, first + len(entries))

    async def close(self) -> None:
        """Write what waits and give the ledger free; nothing happens the second time.

        Raises:
            LedgerUnavailableError: The files could not be closed in order.
        """
        lock, self._lock = self._lock, None
        if lock is None:
            return
        try:
            await self._flusher.close()
        finally:
            if self._sequencer is not None:
                await self._sequencer.close(finish=not self.broken)
            # A stalled thread may still write: then the lock ends with the process, not before.
            if not self._flusher.stalled:
                release_lock(lock)

    def _follow(self, integrator: Integrator, limits: Limits) -> None:
        """Let checkpoints follow the log; what cannot be proved any more stops it."""
        self._sequencer = Sequencer(
            integrator, lambda: self.size, self._flusher.fail, interval_s=limits.checkpoint_s
        )
        self._flusher.on_grown = self._sequencer.wake

    def _published(self) -> Published:
        published = self._sequencer.published if self._sequencer is not None else None
        if published is None:
            raise ProofPendingError("there is no checkpoint yet")
        return published

    async def _close_orphans(self, clock: Clock) -> None:
        orphans = self.recovered.orphans
        for begin in range(0, len(orphans), _CLOSE_AT_ONCE):
            chunk = orphans[begin : begin + _CLOSE_AT_ONCE]
            await self.append_many([_recovered_entry(intent, clock) for intent in chunk])


def _recovered_entry(intent: Entry, clock: Clock) -> Entry:
    return Entry(
        kind=Kind.RECOVERED,
        time=clock.now(),
        side=intent.side,
        member=intent.member,
        search_id=intent.search_id,
        query_sha256=intent.query_sha256,
        banks=intent.banks,
        who=intent.who,
        requester_member=intent.requester_member,
    )


def _open_files(place: Place, signer: Signer | None) -> _Opened:
    try:
        place.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = acquire_lock(place.directory)
    except OSError as error:
        raise LedgerUnavailableError(f"{place.directory}: cannot be opened") from error
    try:
        return _recover_files(place, lock, signer)
    except OSError as error:
        release_lock(lock)
        raise LedgerUnavailableError(f"{place.directory}: cannot be recovered") from error
    except BaseException:
        release_lock(lock)
        raise


def _recover_files(place: Place, lock: int, signer: Signer | None) -> _Opened:
    integrator = None
    if signer is None:
        recovered = recover(place.directory, place.disk)
    else:
        catchup = Catchup(place.directory, signer.vkey)
        recovered = recover(place.directory, place.disk, catchup.watch)
        catchup.require_whole()
        integrator = Integrator(place, signer, catchup)
    # The mark exists before the first segment does: where there is a log there is a mark.
    mark = Mark(place.directory, place.disk)
    mark.write(recovered.position.next_index)
    mark.sync()
    place.disk.fsync_dir(place.directory)
    writer = Writer(place, recovered.position, mark)
    return _Opened(place.directory, lock, writer, recovered, integrator)
