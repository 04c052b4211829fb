"""Between the policy's permission and the search: stops, then the owner's budgets.

Both depend on the request and on the requester's history alone, never on a record. Each refusal is
the bank's own signed answer, with a rule and the owner's contact.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

from adapters.contract import Probe
from gateway.access.policy import Decision
from gateway.access.stops import Asking
from gateway.errors import BudgetsAwayError, StoppedError
from gateway.identity import policy_request
from gateway.ledger.kinds import Kind
from gateway.node.answering import end_without, refuse
from gateway.node.convert import read_probe
from gateway.node.hidden import Behind, Hidden, releases
from gateway.node.parts import Asked, Parts
from gateway.node.spending import Alarm, Spending, Spent
from gateway.question import granularity_name
from gateway.serving import Call
from gateway.stopping import asking_of
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model

log = logging.getLogger(__name__)


class Barrier:
    """Refuses at one node what the policy permits and the owner's hand does not."""

    def __init__(self, parts: Parts) -> None:
        """Judge by the controls of `parts`."""
        self._parts = parts
        self._controls = parts.controls
        self._name = parts.member.lower()
        member = parts.federation.member(parts.member)
        self._contact = member.contact.office if member is not None else ""
        self._books_away = False

    @step("kalkan.budget")
    async def judge(self, asked: Asked, decision: Decision) -> Decision:
        """Return the decision of the policy, or the refusal that comes before or after it.

        Raises:
            BudgetsAwayError: The books of the budgets cannot be kept.
        """
        asking = asking_of(asked.requester, asked.question)
        stopped = self._controls.stops.find(asking, asked.bank.name)
        if stopped is not None:
            return _refusal(decision, **stopped.metadata, text=stopped.text)
        spending = self._controls.spending
        if spending is None or not decision.permitted:
            return decision
        spent = await self._spend(spending, asked, asking)
        for alarm in spent.alarms:
            await self._sound(alarm, asked)
        if not spent.rule:
            return decision
        rule = f"{self._name}.{spent.rule}"
        return _refusal(decision, rule=rule, text=spent.text, contact=self._contact)

    async def _spend(self, spending: Spending, asked: Asked, asking: Asking) -> Spent:
        """Count the question off the loop."""
        now = self._parts.clock.now()
        read = (read_probe(message, now.date()) for message in asked.question.query.probes)
        probes: Sequence[Probe] = [probe for probe in read if probe is not None]
        loop = asyncio.get_running_loop()
        try:
            spent = await loop.run_in_executor(spending.worker, spending.spend, asking, probes, now)
        except sqlite3.Error as exc:
            # Not to count would be not to limit.
            await self._tell_books(
                away=True, why=getattr(exc, "sqlite_errorname", type(exc).__name__)
            )
            raise BudgetsAwayError("the node cannot count questions now") from None
        await self._tell_books(away=False)
        return spent

    async def _tell_books(self, *, away: bool, why: str = "") -> None:
        """Tell the owner once that the books cannot be kept, and once that they can be again."""
        if away is self._books_away:
            return
        self._books_away = away
        word = "budgets_away" if away else "budgets_back"
        log.log(logging.CRITICAL if away else logging.WARNING, "%s: %s", word, why or "they count")
        await self._parts.recorder.write(Kind.ADMIN, {"action": word})
        if self._controls.notifier is not None:
            time = self._parts.clock.now().isoformat()
            self._controls.notifier.tell({"time": time, "alarm": word})

    async def _sound(self, alarm: Alarm, asked: Asked) -> None:
        """Tell the owner: the ledger, the log, and whoever is notified."""
        rule = f"{self._name}.alarm.{alarm.kind}"
        log.warning("alarm %s by %s %s: %d", rule, alarm.scope, alarm.subject, alarm.count)
        facts = {
            "action": "alarm",
            "rule": rule,
            "targets": (f"{alarm.scope}={alarm.subject}",),
            "count": alarm.count,
            "search_id": asked.question.search_id,
            "banks": (asked.bank.name,),
        }
        await self._parts.recorder.write(Kind.ADMIN, facts)
        if self._controls.notifier is not None:
            time = self._parts.clock.now().isoformat()
            told = {"time": time, "alarm": alarm.kind, alarm.scope: alarm.subject}
            self._controls.notifier.tell({**told, "count": alarm.count})

    def look_behind(self, asked: Asked, answer: model.Answer) -> Asked:
        """Return the question with the hidden banks that are searched for it."""
        hidden = self._controls.hidden.get(asked.bank.name, ())
        if not hidden:
            return asked
        wanted = granularity_name(answer.granularity)
        return replace(asked, behind=tuple(self._behind(each, asked, wanted) for each in hidden))

    def _behind(self, hidden: Hidden, asked: Asked, wanted: str) -> Behind:
        """Decide by the policy that the question began with, unless the bank is stopped."""
        name, asking = hidden.bank.name, asking_of(asked.requester, asked.question)
        request = policy_request(asked.question, asked.requester, self._parts.member, name)
        decision = asked.policy.decide(request)
        stops = self._controls.stops
        stopped = stops.find(asking, name)
        if stopped is not None:
            return Behind(hidden, released=False, rule=stopped.metadata["rule"])
        return Behind(
            hidden,
            releases(decision, wanted),
            decision.rule,
            lambda: stops.find(asking, name) is not None,
        )

    async def guard(
        self, work: Coroutine[Any, Any, None], asked: Asked, answer: model.Answer, call: Call
    ) -> None:
        """Do the work of a search unless it is stopped meanwhile: then it is refused at once."""
        task = asyncio.ensure_future(work)
        asking = asking_of(asked.requester, asked.question)
        stops, stopped = self._controls.stops, None
        try:
            while stopped is None and not task.done():
                await stops.wait_beside(task)
                stopped = stops.find(asking, asked.bank.name)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
        if stopped is None:
            task.result()
            return
        _forget_fault(task)
        _end_stopped(answer, stopped)
        call.facts["rule"] = answer.refusal.rule


def _forget_fault(task: asyncio.Future[None]) -> None:
    """Take note of how the work ended, so that nobody asks for it later."""
    if not task.cancelled():
        task.exception()


def _end_stopped(answer: model.Answer, stopped: StoppedError) -> None:
    end_without(answer, model.BANK_STATE_REFUSED)
    decision = Decision(
        permitted=False,
        rule=stopped.metadata["rule"],
        text=stopped.text,
        contact=stopped.metadata["contact"],
        granularity="",
    )
    refuse(answer, decision)


def _refusal(decision: Decision, *, rule: str, text: str, contact: str) -> Decision:
    return replace(decision, permitted=False, rule=rule, text=text, contact=contact, granularity="")
