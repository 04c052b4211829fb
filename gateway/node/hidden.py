"""Hidden banks: known to their node alone, and asked whenever the bank they answer through is.

Nobody can name one. It is searched at each question to its visible bank, in parallel, whether or
not the policy lets this requester see of it, so that neither its being there nor the policy shows
in a time. What it finds and the policy releases leaves as hits of the visible bank, and only in
kinds and fields that the visible bank has. Its troubles are the owner's to know: they end here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adapters.contract import Limits, Probe, ProbeKind, Record, Result
from gateway.access.policy import Decision
from gateway.access.rules import GRANULARITIES
from gateway.node.bank import Bank

log = logging.getLogger(__name__)

_SHARE = 0.5
"""What a hidden bank has of a question's time at most: the rest is for scoring, or one that is late
would cost the visible bank its answer."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden bank, and the seconds that it may keep an answer waiting."""

    bank: Bank
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Behind:
    """A hidden bank at one question: whether its records may be released to this requester.

    Attributes:
        hidden: The bank.
        released: Whether they may.
        rule: The rule that decided.
        is_stopped: Whether the owner has stopped the bank meanwhile.
    """

    hidden: Hidden
    released: bool
    rule: str = ""
    is_stopped: Callable[[], bool] = _never


def releases(decision: Decision, wanted: str) -> bool:
    """Whether a hidden bank's records are released: the question is permitted as fully as wanted.

    Args:
        decision: Of the question to the hidden bank.
        wanted: What the visible bank's answer holds at most, "exists" to "record".
    """
    return decision.permitted and GRANULARITIES.index(decision.granularity) >= (
        GRANULARITIES.index(wanted)
    )


def behind_facts(behind: Sequence[Behind]) -> dict[str, list[dict[str, object]]]:
    """What the owner may want to know later of its hidden banks; nothing where there are none."""
    told: list[dict[str, object]] = [
        {"bank": each.hidden.bank.name, "released": each.released, "rule": each.rule}
        for each in behind
    ]
    return {"behind": told} if told else {}


@dataclass(frozen=True, slots=True)
class Found:
    """What a bank found, and what those behind it found that may be released.

    Only the bank itself can have more: of what is behind it nobody is told that there is a rest.

    Attributes:
        own: Of the bank itself.
        behind: Each record of those behind it, with the name of its bank before it.
    """

    own: Result
    behind: tuple[tuple[str, Record], ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, the bank's own first."""
        return (*self.own.records, *(record for _, record in self.behind))


async def search_all(bank: Bank, behind: Sequence[Behind], probe: Probe, limits: Limits) -> Found:
    """Find candidates in a bank and in those behind it.

    Raises:
        AdapterError: Whatever the visible bank raises, when all have ended.
    """
    if not behind:
        return Found(await bank.search(probe, limits))
    found = await asyncio.gather(
        bank.search(probe, limits),
        *(_search_hidden(each, probe, limits) for each in behind),
        return_exceptions=True,
    )
    visible, *others = found
    if isinstance(visible, BaseException):
        raise visible
    records: list[tuple[str, Record]] = []
    for each, result in zip(behind, others, strict=True):
        if each.released and isinstance(result, Result) and not each.is_stopped():
            name = each.hidden.bank.name
            records.extend((name, record) for record in _as_of_visible(bank, result.records))
    return Found(visible, tuple(records))


async def _search_hidden(behind: Behind, probe: Probe, limits: Limits) -> Result:
    """Search a hidden bank in the time that it has; whatever goes wrong is no record."""
    bank = behind.hidden.bank
    seconds = min(behind.hidden.deadline_s, limits.timeout_s * _SHARE)
    try:
        async with asyncio.timeout(seconds):
            if not bank.can(ProbeKind(probe.kind)):
                return Result(())
            return await bank.find(probe, replace(limits, timeout_s=seconds))
    except Exception as exc:  # noqa: BLE001 - whatever goes wrong in a hidden bank must not show
        log.warning("%s did not search: %s", bank.name, type(exc).__name__)
    return Result(())


def _as_of_visible(bank: Bank, records: Sequence[Record]) -> list[Record]:
    """Records in the kinds and fields of the visible bank; the others would show what is behind."""
    capability = bank.capability
    return [
        replace(
            record,
            fields=tuple(f for f in record.fields if f.name in capability.fields),
        )
        for record in records
        if record.kind in capability.kinds
    ]
