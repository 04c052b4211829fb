"""Clauses N20 to N22: deadlines, many questions at once, callers who go away."""

from __future__ import annotations

import asyncio
from typing import Final

from gateway.conformance.asker import Asker
from gateway.conformance.clause import clause, require
from gateway.conformance.forms import absent, nobody
from kalkan.v1 import model_pb2 as model

AT_ONCE: Final = 16
DEADLINE_S: Final = 1


@clause("N20")
async def deadline_is_kept(asker: Asker) -> None:
    """Answers by the question's deadline, whatever the bank does."""
    for probe in (*asker.subject.known, absent(asker.probes)):
        query = asker.compose(probe)
        query.deadline.seconds = DEADLINE_S
        await asker.ask(query, timeout_s=DEADLINE_S + asker.subject.patience_s)


@clause("N21")
async def questions_are_kept_apart(asker: Asker) -> None:
    """Answers many questions at once, each with its own answer."""
    form = await asker.find_absent()
    probes = [form(nobody()) for _ in range(AT_ONCE - len(asker.subject.known))]
    queries = [asker.compose(probe) for probe in (*asker.subject.known, *probes)]
    answers = await asyncio.gather(*(asker.ask(query) for query in queries))
    ends = {answer.state for answer in answers[len(asker.subject.known) :]}
    require(ends == {model.BANK_STATE_NO_HIT}, "a question was given another's answer")


@clause("N22")
async def caller_may_leave(asker: Asker) -> None:
    """Goes on after a caller went away in the middle."""
    leaving = asyncio.create_task(asker.send(asker.sign(asker.compose(*asker.subject.known[:1]))))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await asker.ask(asker.compose())
