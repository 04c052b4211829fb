"""Notices: what each member has revoked, in its own node's signed words, never in the hub's.

A notice is good for 60 s, so that one who holds it back gains a minute and no more. Hub and nodes
keep the newest of each member on a board; a board takes nothing that is older than what it has.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final

from google.protobuf.message import DecodeError

from gateway.access.errors import (
    RevocationsStaleError,
    SignatureInvalidError,
    TokenRevokedError,
)
from gateway.access.federation import Federation
from gateway.access.revocation import Revocations, require_not_revoked
from gateway.access.signatures import verify_notice
from gateway.access.tokens import Requester
from gateway.clock import Clock
from gateway.errors import UntrustedError
from kalkan.v1 import node_service_pb2 as wire

MAX_NOTICE: Final = 65_536
"""Largest serialised Notice in bytes, as the contract says."""
MAX_AGE: Final = timedelta(seconds=60)
"""How long a notice is good."""
MAX_AHEAD: Final = timedelta(seconds=30)
"""How far ahead of the reader's clock it may be made."""
_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice that was verified: its bytes and signature as they came, and what it says."""

    data: bytes
    signature: str
    time: datetime
    sequence: int
    revocations: Revocations


class Board:
    """Keeps the newest notice of each member. For one event loop, and not locked."""

    def __init__(self, federation: Federation, clock: Clock) -> None:
        """Verify by the pinned answer keys of `federation`."""
        self._federation = federation
        self._clock = clock
        self._newest: dict[str, Posted] = {}
        self._guards: set[Guard] = set()

    def newest(self, member: str) -> Posted | None:
        """The newest notice of a member; None where there is none yet."""
        return self._newest.get(member)

    def take(self, member: str, data: bytes, signature: str) -> bool:
        """Take a notice of a member; False where it says nothing newer than what is here.

        Raises:
            UntrustedError: It is not that member's, too old or ahead, or against the contract.
        """
        known = self._newest.get(member)
        if known is not None and (known.data, known.signature) == (data, signature):
            self._require_time(known)
            return False
        posted = self._read(member, data, signature)
        self._require_time(posted)
        if known is not None and (posted.sequence <= known.sequence or posted.time < known.time):
            return False
        self._newest[member] = posted
        if known is None or known.revocations != posted.revocations:
            self._end_revoked(member, posted.revocations)
        return True

    def require_standing(self, requester: Requester) -> None:
        """Check that the requester's own member still stands by it.

        Raises:
            TokenRevokedError: Its member has revoked it.
            RevocationsStaleError: What its member has revoked is not known, or was 60 s ago.
        """
        member = self._federation.member(requester.member)
        if member is not None and member.notices == "none":
            return
        posted = self._newest.get(requester.member)
        if posted is not None:
            require_not_revoked(posted.revocations, requester)
        if posted is None or self._clock.now() - posted.time > MAX_AGE:
            raise RevocationsStaleError(
                "what this member has revoked is not known", limit="at most 60 s old"
            )

    def require_not_revoked(self, requester: Requester) -> None:
        """Check that the requester has not been revoked meanwhile, however old that word is.

        Raises:
            TokenRevokedError: Its member has revoked it.
        """
        posted = self._newest.get(requester.member)
        if posted is not None:
            require_not_revoked(posted.revocations, requester)

    def guard(self, requester: Requester) -> Guard:
        """A block that ends at once when the requester is revoked; may be entered again."""
        return Guard(self, self._guards, requester)

    def _end_revoked(self, member: str, revocations: Revocations) -> None:
        """Wake those who wait on behalf of somebody who is revoked now."""
        for guard in tuple(self._guards):
            if guard.requester.member == member and revocations.covers(guard.requester):
                guard.end()

    def _require_time(self, posted: Posted) -> None:
        age = self._clock.now() - posted.time
        if not -MAX_AHEAD <= age <= MAX_AGE:
            raise UntrustedError("the notice is not of this minute")

    def _read(self, member: str, data: bytes, signature: str) -> Posted:
        """Verify and decode."""
        found = self._federation.member(member)
        if len(data) > MAX_NOTICE:
            raise UntrustedError("the notice is too large")
        try:
            verify_notice(data, signature, found.answer_keys if found else ())
            notice = wire.Notice.FromString(data)
        except SignatureInvalidError:
            raise UntrustedError("the notice is not signed by its member's node") from None
        except DecodeError:
            raise UntrustedError("the notice is not a Notice") from None
        if notice.federation_id != self._federation.id or notice.member != member:
            raise UntrustedError("the notice is another's")
        return _post(notice, data, signature)


class Guard:
    """Waits on behalf of a requester, and stops waiting when its member revokes it.

    It cancels its own task as `asyncio.timeout` does. What it guards must only wait: a generator
    may be left suspended outside of it, never inside.
    """

    def __init__(self, board: Board, guards: set[Guard], requester: Requester) -> None:
        """Watch for notices on `board`; be in `guards` while waiting."""
        self._board = board
        self._guards = guards
        self.requester = requester
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._ended = False

    def end(self) -> None:
        """Stop the waiting."""
        if self._task is not None and not self._ended:
            self._ended = True
            self._task.cancel()

    async def __aenter__(self) -> None:
        """Begin to wait.

        Raises:
            TokenRevokedError: The requester was revoked meanwhile.
        """
        self._board.require_not_revoked(self.requester)
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        self._guards.add(self)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the waiting.

        Raises:
            TokenRevokedError: The requester was revoked while it waited.
        """
        self._guards.discard(self)
        task, self._task = self._task, None
        if not self._ended or task is None:
            return
        # A caller who went away at the same moment is the other cancellation, and goes on.
        mine = task.uncancel() <= self._cancelling
        if mine and (kind is None or issubclass(kind, asyncio.CancelledError)):
            raise TokenRevokedError("the requester's own member has revoked this access") from None


def write_notice(
    federation_id: str, member: str, revocations: Revocations, *, time: datetime, sequence: int
) -> bytes:
    """Serialise a notice; what is signed are these bytes."""
    notice = wire.Notice(
        federation_id=federation_id,
        member=member,
        sequence=sequence,
        tokens=sorted(revocations.tokens),
        officers=sorted(revocations.officers),
        certificates=sorted(revocations.certificates),
        suspended=revocations.suspended,
    )
    notice.time.FromDatetime(time)
    return notice.SerializeToString()


def _post(notice: wire.Notice, data: bytes, signature: str) -> Posted:
    if any(len(digest) != _DIGEST_BYTES for digest in notice.certificates):
        raise UntrustedError("the notice is against the contract")
    try:
        time = notice.time.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UntrustedError("the notice is against the contract") from None
    revocations = Revocations(
        tokens=frozenset(notice.tokens),
        officers=frozenset(notice.officers),
        certificates=frozenset(notice.certificates),
        suspended=notice.suspended,
    )
    return Posted(data, signature, time, notice.sequence, revocations)
