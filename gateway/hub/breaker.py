"""Suspends a bank that keeps failing, so that it costs the others nothing.

After `FAILURES` failures in a row the bank is not called for `PAUSE_S`; then one search tries it
again. A bank that is suspended is named as such: it is never left out silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.clock import Clock
from kalkan.v1 import model_pb2 as model

FAILURES: Final = 5
PAUSE_S: Final = 5.0
_FAILED: Final = frozenset(
    {model.BANK_STATE_TIMED_OUT, model.BANK_STATE_UNAVAILABLE, model.BANK_STATE_FAULTY}
)


@dataclass(slots=True)
class _Record:
    """How one bank has been doing."""

    failures: int = 0
    closed_until: float = 0.0
    trying: bool = False


class Breaker:
    """Remembers which banks fail."""

    def __init__(self, clock: Clock) -> None:
        """Measure pauses by `clock`."""
        self._clock = clock
        self._records: dict[str, _Record] = {}

    def allows(self, bank: str) -> bool:
        """Whether the bank may be called now. After a pause the first caller tries it."""
        record = self._records.get(bank)
        if record is None or record.failures < FAILURES:
            return True
        if record.trying or self._clock.monotonic() < record.closed_until:
            return False
        record.trying = True
        return True

    def suspended(self, bank: str) -> bool:
        """Whether the bank is suspended, without trying it."""
        record = self._records.get(bank)
        return record is not None and record.failures >= FAILURES

    def note(self, bank: str, state: model.BankState.ValueType) -> None:
        """Learn how a call ended."""
        if state not in _FAILED:
            self._records.pop(bank, None)
            return
        record = self._records.setdefault(bank, _Record())
        record.failures += 1
        record.trying = False
        record.closed_until = self._clock.monotonic() + PAUSE_S

    def release(self, bank: str) -> None:
        """Forget that a call was under way that ended without telling anything."""
        record = self._records.get(bank)
        if record is not None:
            record.trying = False
