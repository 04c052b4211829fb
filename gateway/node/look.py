"""The search at a node: each probe in the bank, scored, and released into the answer.

Whatever troubles the bank has become a state of the answer.
"""

from __future__ import annotations

import asyncio
from typing import Final

from adapters.contract import (
    AdapterError,
    BankRefusedError,
    BankTimeoutError,
    DateSpan,
    Limits,
    PartialDate,
    PersonProbe,
    Probe,
    ProbeKind,
)
from adapters.contract import QueryRejectedError as RejectedError
from gateway.access.policy import Policy
from gateway.errors import DeadlineOverError
from gateway.identity import policy_request
from gateway.node.answering import end_without, refusal_of
from gateway.node.bank import CANDIDATES
from gateway.node.convert import read_probe
from gateway.node.hidden import Found, search_all
from gateway.node.parts import Asked, Parts
from gateway.node.release import release
from gateway.node.scoring import score_candidates
from gateway.node.sieve import Judged, Sieve
from gateway.serving import Call
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model

MOST_CANDIDATES: Final = 1_000
"""How many are read of a bank with rules for records, so that what they withhold uses up no places:
the most that the contract of adapters allows."""
MARGIN_S: Final = 0.05
"""What a node keeps of its time to record and sign, so that its word arrives before the hub's."""

_NOTHING: Final = Judged((), (), (), more=False)


class Looker:
    """Looks into the banks of one node."""

    def __init__(self, parts: Parts) -> None:
        """Look with the workers and the clock of `parts`."""
        self._parts = parts

    async def look(self, asked: Asked, answer: model.Answer, call: Call) -> None:
        """Search for every probe; the bank's troubles become states."""
        try:
            async with asyncio.timeout(_seconds_for(asked, call)):
                await self._look_for_all(asked, answer, call)
            asked.bank.available = True
        except (TimeoutError, BankTimeoutError):
            end_without(answer, model.BANK_STATE_TIMED_OUT)
        except RejectedError:
            end_without(answer, model.BANK_STATE_NOT_CAPABLE)
        except BankRefusedError as exc:
            end_without(answer, model.BANK_STATE_REFUSED)
            answer.refusal.CopyFrom(refusal_of(exc.rule, exc.text, exc.contact))
        except AdapterError as exc:
            asked.bank.available = False
            call.facts["reason"] = exc.reason
            end_without(answer, model.BANK_STATE_UNAVAILABLE)

    async def _look_for_all(self, asked: Asked, answer: model.Answer, call: Call) -> None:
        """Search for each probe of the question, one after the other."""
        today = self._parts.clock.now().date()
        for index, message in enumerate(asked.question.query.probes):
            probe = read_probe(message, today)
            if probe is None or not asked.bank.can(ProbeKind(asked.question.kind)):
                raise RejectedError("this bank does not search for that")
            judged, truncated = await self._judge(asked, index, probe, call)
            asked.found.append(judged.found)
            asked.considered.extend(judged.considered)
            release(answer, asked.bank, index, judged.matches, limit=asked.question.limit)
            if answer.granularity != model.GRANULARITY_EXISTS:
                answer.truncated |= truncated

    @step("kalkan.score")
    async def _score(self, sieve: Sieve, probe: Probe, found: Found) -> Judged:
        """Sift and score what the bank gave, off the loop."""
        return await score_candidates(
            self._parts.workers,
            probe,
            found.records,
            lambda probe, _: sieve.judge(probe, found.own.records, CANDIDATES, found.behind),
        )

    async def _judge(
        self, asked: Asked, index: int, probe: Probe, call: Call
    ) -> tuple[Judged, bool]:
        """Search for one probe, and sift and score what the bank gives, off the loop.

        Returns also whether the bank has more. Where the owner has rules for records, that and how
        many are asked for depend on what may be released alone: a bank that has many candidates is
        asked for more whether or not a rule withholds one, and has more where more may be released
        than is looked at. Its own word would tell of records that are withheld.
        """
        birth, seen = _birth_for(asked, probe), _blunt(probe, asked.policy)

        async def find(rows: int) -> Found:
            limits = Limits(rows, _seconds_for(asked, call), asked.signed, index, birth)
            return await search_all(asked.bank, asked.behind, seen, limits)

        found = await find(CANDIDATES)
        cut, ruled = found.own.truncated, not asked.policy.releases_all
        if ruled and (cut or len(found.own.records) >= CANDIDATES):
            found = await find(MOST_CANDIDATES)
        if not found.records:
            return _NOTHING, cut and not ruled
        judged = await self._score(self._sieve(asked), probe, found)
        return judged, cut and (judged.more or not ruled)

    def _sieve(self, asked: Asked) -> Sieve:
        request = policy_request(
            asked.question, asked.requester, self._parts.member, asked.bank.name
        )
        strict = asked.bank.capability.strict
        now, dated = self._parts.clock.now(), asked.bank.dated
        return Sieve(asked.policy, request, now, strict, dated)


def _birth_for(asked: Asked, probe: Probe) -> PartialDate | DateSpan | None:
    """The birth date that the bank itself may decide by.

    None where a policy speaks of records: one that withholds the date, or shows its year alone,
    comes before the comparison, or who asks for one day after another would learn it.
    """
    return asked.bank.birth(probe) if asked.policy.releases_all else None


def _blunt(probe: Probe, policy: Policy) -> Probe:
    """Leave out of a probe what some rule masks or withholds of records.

    A service that drops whoever was born on another day would tell a day that is not released.
    What a probe says is compared afterwards, with what is shown.
    """
    if not isinstance(probe, PersonProbe):
        return probe
    return PersonProbe(
        probe.names,
        birth=None if policy.reduces("birth_date") else probe.birth,
        sex=None if policy.reduces("sex") else probe.sex,
        nationalities=() if policy.reduces("nationality") else probe.nationalities,
        place="" if policy.reduces("birth_place") else probe.place,
    )


def _seconds_for(asked: Asked, call: Call) -> float:
    """The time that the bank has; the call's own deadline or the query's, the earlier.

    Raises:
        DeadlineOverError: There is none left.
    """
    left = call.seconds_left()
    seconds = asked.question.deadline_s if left is None else left
    seconds = min(seconds, asked.question.deadline_s) - MARGIN_S
    if seconds <= 0:
        raise DeadlineOverError("the deadline is over")
    return seconds
