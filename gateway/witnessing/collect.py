"""The log's side: send each new checkpoint to its witnesses and keep what they sign.

What is published is the log's own note with their lines added, in a folder of its own: the log's
`checkpoint` has one writer, and that is not here. Without a quorum for longer than the federation
allows, the server must not answer: what nobody has seen could be taken back.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.errors import UnwitnessedError
from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerError, LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.ledger.tiles.files import write_files
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.tlog.note import Note, Signature, parse_note
from gateway.ledger.tlog.paths import CHECKPOINT
from gateway.witnessing.alarm import LedgerAlarm
from gateway.witnessing.follow import Follower, Standing
from gateway.witnessing.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from gateway.clock import Clock
    from gateway.ledger.log import Ledger
    from gateway.recorder import Recorder
    from gateway.witnessing.panel import Panel

log = logging.getLogger(__name__)

FOLDER: Final = "witnessed"
"""Below the ledger's folder: the newest checkpoint that a quorum has signed."""
INTERVAL_S: Final = 1.0
"""Seconds between two rounds at least."""
AWAY_S: Final = 30.0
"""Seconds that a witness is away before that is recorded: servers start one after the other."""
ALONE_S: Final = 30.0
"""Seconds without a quorum before that is recorded, or the patience if that is less."""
_MAX_NAME: Final = 128


class Witnessed(NamedTuple):
    """A checkpoint that a quorum has signed.

    Attributes:
        note: With the signatures of the log and of the witnesses.
        size: The number of entries that it covers.
    """

    note: bytes
    size: int


class Collector:
    """Collects cosignatures for one ledger.

    Attributes:
        witnessed: The newest checkpoint with a quorum, None before the first.
    """

    def __init__(  # noqa: PLR0913 - the composition root gives each; none belongs to another
        self,
        ledger: Ledger,
        folder: Path,
        panel: Panel,
        followers: Sequence[Follower],
        *,
        recorder: Recorder,
        clock: Clock,
        interval_s: float = INTERVAL_S,
        away_s: float = AWAY_S,
        alone_s: float = ALONE_S,
    ) -> None:
        """Follow the ledger in `folder`; `followers` are the witnesses of `panel`."""
        self._ledger = ledger
        self._folder = folder
        self._panel = panel
        self._followers = followers
        self._recorder = recorder
        self._clock = clock
        self._interval_s = interval_s
        self._away_s = away_s
        self._alone_s = min(alone_s, panel.patience_s)
        self._away_since: dict[str, float] = {}
        self._moved = asyncio.Event()
        self._alone_since: float | None = None
        self._told: dict[str, tuple[Standing, datetime]] = {}
        self._missing: datetime | None = None
        self._tally = Tally()
        self.witnessed = self._restore()

    @property
    def quorum(self) -> int:
        """How many witnesses must sign."""
        return self._panel.quorum

    def require_quorum(self) -> None:
        """Check that the quorum has not been missing for too long.

        Raises:
            UnwitnessedError: It has: nothing may be answered.
        """
        since = self._alone_since
        if since is not None and self._clock.monotonic() - since > self._panel.patience_s:
            raise UnwitnessedError(
                "too few witnesses have signed the ledger for too long: nothing is answered until"
                f" {self._panel.quorum} of {len(self._panel.seats)} sign again"
            )

    def signatures(self, index: int) -> int:
        """How many witnesses have signed one checkpoint that covers an entry."""
        return self._tally.of(index)

    def alarms(self) -> list[LedgerAlarm]:
        """What is wrong now, oldest first: witnesses that do not sign, and no quorum."""
        member = self._recorder.member
        found = [
            LedgerAlarm(str(standing), member, self._name_of(name), since)
            for name, (standing, since) in self._told.items()
            if standing is not Standing.GOOD
        ]
        if self._missing is not None:
            found.append(LedgerAlarm("quorum_missing", member, "", self._missing))
        return sorted(found, key=lambda alarm: alarm.time)

    def _name_of(self, name: str) -> str:
        """The member whose node a witness is, or the name of a foreign one."""
        members = {seat.vkey.name: seat.member for seat in self._panel.seats}
        return members[name] or name

    async def covered(self, index: int, seconds: float) -> Witnessed | None:
        """Wait until a quorum has signed a checkpoint with an entry; None if time is over."""
        try:
            async with asyncio.timeout(seconds):
                while self.witnessed is None or self.witnessed.size <= index:
                    await self._moved.wait()
        except TimeoutError:
            return None
        return self.witnessed

    async def run(self) -> None:
        """Collect for ever; end quietly when the ledger ends."""
        try:
            while True:
                if await self._grown() and self._alone_since is None:
                    self._alone_since = self._clock.monotonic()
                await self._round(self._ledger.checkpoint())
                await asyncio.sleep(self._interval_s)
        except LedgerUnavailableError:
            return

    async def _grown(self) -> bool:
        """Wait for entries that no quorum has signed; False if it is time to look who is back.

        Raises:
            LedgerUnavailableError: There will be none.
        """
        away = any(standing is Standing.AWAY for standing, _ in self._told.values())
        try:
            async with asyncio.timeout(self._away_s if away else None):
                await self._ledger.covered(self.witnessed.size if self.witnessed else 0)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Close the ways to the witnesses."""
        for follower in self._followers:
            await follower.way.close()

    async def _round(self, note: bytes) -> None:
        """Ask all witnesses at once; publish with the quorum, and again with who comes later."""
        checkpoint = open_checkpoint(note, self._panel.log)
        asked = {asyncio.create_task(f.cosign(note, checkpoint)) for f in self._followers}
        signatures: list[Signature] = []
        try:
            for done in asyncio.as_completed(asked):
                signature = await done
                if signature is not None:
                    signatures.append(signature)
                    self._tally.add(checkpoint.size, len(signatures))
                    if len(signatures) >= self._panel.quorum:
                        await self._publish(note, checkpoint, signatures)
        finally:
            for task in asked:
                task.cancel()
        await self._raise_alarms()
        await self._raise_missing()

    async def _publish(
        self, note: bytes, checkpoint: Checkpoint, signatures: Sequence[Signature]
    ) -> None:
        own = parse_note(note)
        lines = sorted(signatures, key=lambda each: each.name)
        whole = Note(own.text, (*own.signatures, *lines)).encode()
        await asyncio.to_thread(_write, self._folder, whole)
        self.witnessed = Witnessed(whole, checkpoint.size)
        # What has grown meanwhile has the whole patience before it.
        grown = self._ledger.size > checkpoint.size
        self._alone_since = self._clock.monotonic() if grown else None
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def _raise_alarms(self) -> None:
        """Record each change of a witness's standing, once: an entry makes the log grow."""
        for follower in self._followers:
            name, standing = follower.seat.vkey.name, follower.standing
            short = self._is_short(name, standing)  # always asked: it keeps the time
            known, _ = self._told.get(name, (Standing.GOOD, None))
            if short or known is standing:
                continue
            self._told[name] = standing, self._clock.now()
            alarm = standing not in {Standing.GOOD, Standing.AWAY}
            log.log(logging.CRITICAL if alarm else logging.WARNING, "%s: %s", name, standing)
            await self._record(str(standing), name[-_MAX_NAME:])

    async def _raise_missing(self) -> None:
        """Record once that the quorum is missing for longer than it should, and that it is back."""
        since = self._alone_since
        missing = since is not None and self._clock.monotonic() - since > self._alone_s
        if missing is (self._missing is not None):
            return
        self._missing = self._clock.now() if missing else None
        if missing:
            log.critical("the ledger of %s is without its quorum", self._recorder.member)
        await self._record("quorum_missing" if missing else "quorum_back")

    async def _record(self, action: str, *targets: str) -> None:
        try:
            await self._recorder.write(Kind.ADMIN, {"action": action, "targets": targets})
        except LedgerError:
            return  # the ledger's own breaking stops the server

    def _is_short(self, name: str, standing: Standing) -> bool:
        """Whether a witness has not been away for long."""
        if standing is not Standing.AWAY:
            self._away_since.pop(name, None)
            return False
        now = self._clock.monotonic()
        return now - self._away_since.setdefault(name, now) < self._away_s

    def _restore(self) -> Witnessed | None:
        """Read what was published before a restart; what no quorum of today signed counts not."""
        try:
            data = (self._folder / FOLDER / CHECKPOINT).read_bytes()
            checkpoint = open_checkpoint(data, self._panel.log)
            signers = parse_note(data).signers(self._panel.keys)
        except (OSError, LedgerError):
            return None
        if len(signers) < self._panel.quorum or checkpoint.size > self._ledger.size:
            return None
        self._tally.add(checkpoint.size, len(signers))
        return Witnessed(data, checkpoint.size)


def _write(folder: Path, note: bytes) -> None:
    target = folder / FOLDER
    target.mkdir(mode=0o700, exist_ok=True)
    write_files(Disk(), target, [(CHECKPOINT, note)])
