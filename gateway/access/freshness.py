"""Refuse what is old or was asked before: the window of a query's time, and nonces.

A query is good for two minutes. Within them the same bytes again are the same search (a retry, a
hedge); other bytes under the same nonce are an attack. After them the time alone refuses, so a
nonce need not be kept for longer, and memory is bounded by the rate of searches.
"""

from __future__ import annotations

import hmac
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from gateway.access.errors import AccessBusyError, NonceReusedError, QueryStaleError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.clock import Clock

MAX_AHEAD: Final = timedelta(seconds=30)
MAX_AGE: Final = timedelta(seconds=120)
KEEP: Final = MAX_AGE + MAX_AHEAD
"""How long a nonce is kept from its arrival: a query 30 s ahead is fresh for 150 s."""
DEFAULT_SIZE: Final = 1_000_000
"""How many nonces are kept at most, about 300 bytes each."""


class QueryWindow:
    """Accepts queries that are at most 30 s ahead and 120 s old, both included."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def require_fresh(self, query_time: datetime) -> None:
        """Check an aware time.

        Raises:
            QueryStaleError: It is outside the window; `limit` says which end.
        """
        age = self._clock.now() - query_time
        if age < -MAX_AHEAD:
            raise QueryStaleError("the query's time is in the future", limit="30 s ahead")
        if age > MAX_AGE:
            raise QueryStaleError("the query is too old", limit="120 s old")


class NonceMemory:
    """Knows the nonces that each bank accepted within the window.

    It is for one event loop, and not locked. After a restart it is fed from the node's ledger.

    Args:
        clock: Tells the time of day.
        size: How many nonces are kept at most.
    """

    def __init__(self, clock: Clock, size: int = DEFAULT_SIZE) -> None:
        self._clock = clock
        self._size = size
        self._digests: dict[tuple[str, bytes], bytes] = {}
        self._ends: deque[tuple[datetime, tuple[str, bytes]]] = deque()

    def __len__(self) -> int:
        return len(self._digests)

    def admit(self, bank: str, nonce: bytes, digest: bytes, at: datetime) -> bool:
        """Admit a query at a bank; True when new, False when the same bytes came before.

        Args:
            bank: As MEMBER/bank.
            nonce: 16 bytes.
            digest: SHA-256 of the query's bytes.
            at: When it arrived, or its own time, aware.

        Raises:
            AccessBusyError: Too many were admitted within the window.
            NonceReusedError: The nonce came before with other bytes.
        """
        self._forget()
        key = (bank, nonce)
        known = self._digests.get(key)
        if known is None:
            if len(self._digests) >= self._size:
                # To forget one early would be to accept it twice.
                raise AccessBusyError("too many queries at once", limit=f"{self._size} in 150 s")
            self._digests[key] = digest
            self._ends.append((at + KEEP, key))
            return True
        if not hmac.compare_digest(known, digest):
            raise NonceReusedError("the nonce was used with other bytes", field="nonce")
        return False

    def restore(self, seen: Iterable[tuple[str, bytes, bytes, datetime]]) -> None:
        """Learn what was admitted before a restart: bank, nonce, digest and time, oldest first.

        Where one nonce comes with two digests the older stands.
        """
        for bank, nonce, digest, at in seen:
            key = (bank, nonce)
            if key not in self._digests:
                self._digests[key] = digest
                self._ends.append((at + KEEP, key))
        self._forget()

    def _forget(self) -> None:
        """Drop what has left the window; one that is out of order stays a little longer."""
        now = self._clock.now()
        while self._ends and self._ends[0][0] < now:
            del self._digests[self._ends.popleft()[1]]
