"""A search at the hub, from the identified question to the signed end.

The order is the promise: the intent is durable before any bank is asked, and the outcome is
durable before the answer ends. If the ledger cannot write, nothing is answered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.access.certificates import require_current, require_role
from gateway.access.federation import Federation
from gateway.access.freshness import NonceMemory, QueryWindow
from gateway.access.jwks import KeySets
from gateway.access.policy import Decision, PolicyRequest
from gateway.access.signatures import SigningKey, verify_query
from gateway.access.tokens import (
    Requester,
    TokenVerifier,
    require_certificate,
    require_key,
    require_query,
)
from gateway.answers import Expected
from gateway.clock import Clock
from gateway.errors import DeadlineOverError
from gateway.hub.fanout import Ask, End, FanOut
from gateway.hub.halt import follow_stops
from gateway.hub.merge import merge
from gateway.hub.plan import Plan, Planner
from gateway.hub.receipt import Statement, is_complete, outcomes_of, write_receipt
from gateway.identity import (
    personal_facts,
    question_facts,
    requester_facts,
)
from gateway.ledger.kinds import Kind
from gateway.notices import Board
from gateway.question import Question, read_question, state_name
from gateway.recorder import PERSONAL, Recorder
from gateway.serving import Call
from gateway.stopping import StopList, asking_of
from gateway.trace.meters import count_bank, count_search
from gateway.trace.spans import step
from gateway.witnessing.start import nothing_required
from kalkan.v1 import search_service_pb2 as wire

MARGIN_S: Final = 0.1
"""What the hub keeps of the time to merge, record and sign."""
_HUB: Final = "hub"


@dataclass(frozen=True, slots=True)
class Parts:
    """What searching is put together from."""

    federation: Federation
    planner: Planner
    fanout: FanOut
    recorder: Recorder
    key: SigningKey
    clock: Clock
    board: Board
    stops: StopList = field(default_factory=StopList)
    published: KeySets | None = None
    require_witnessed: Callable[[], None] = nothing_required
    quorum: int = 0


@dataclass(slots=True)
class Search:
    """One running search.

    Attributes:
        question: The question, within its limits.
        requester: Who asks.
        plan: Whom it asks.
        start: When it began.
        ends_at: When it ends at the latest, monotonic seconds.
        ends: How each bank ended so far.
    """

    question: Question
    requester: Requester
    plan: Plan
    start: datetime
    ends_at: float
    ends: list[End] = field(default_factory=list)


class Searcher:
    """Runs searches. One for a hub."""

    def __init__(self, parts: Parts) -> None:
        """Put it together."""
        self._parts = parts
        self._verifier = TokenVerifier(parts.federation, parts.clock, published=parts.published)
        self._window = QueryWindow(parts.clock)
        self.nonces = NonceMemory(parts.clock)
        self._keys = {m.code: tuple(m.answer_keys) for m in parts.federation.members}

    @step("kalkan.identify")
    def identify(self, token: str, call: Call) -> Requester:
        """Find out who calls: the certificate and the token that is bound to it.

        Raises:
            AccessError: The certificate or the token does not hold.
        """
        require_current(call.peer, self._parts.clock)
        require_role(call.peer, "client", federation_id=self._parts.federation.id)
        requester = self._verifier.verify(token)
        call.facts.update(requester_facts(requester))
        require_certificate(requester, call.peer.der)
        self._parts.board.require_standing(requester)
        return requester

    def require_not_revoked(self, requester: Requester) -> None:
        """Check between two parts of a long answer that the requester may still have it.

        Raises:
            TokenRevokedError: Its member has revoked it meanwhile.
        """
        self._parts.board.require_not_revoked(requester)

    def explain(self, request: PolicyRequest) -> Decision:
        """Tell what becomes of a search by all policies that are known."""
        return self._parts.planner.explain(request)

    def knows_owner(self, bank: str) -> bool:
        """Whether the policy of a bank's owner is known."""
        return self._parts.planner.knows_owner(bank)

    async def begin(self, request: wire.SearchRequest, call: Call, *, batch: bool) -> Search:
        """Identify, permit, plan, and record the intent durably.

        Raises:
            GatewayError, AccessError: The question is refused; nobody was asked.
            LedgerUnavailableError: The ledger cannot write; nobody was asked.
        """
        clock = self._parts.clock
        arrived = clock.monotonic()
        requester = self.identify(request.token, call)
        question = read_question(request.query, batch=batch)
        call.facts.update(question_facts(question), **personal_facts(question, requester.member))
        self._verify(request, question, requester)
        self._parts.stops.require(asking_of(requester, question))
        self._parts.require_witnessed()
        plan = self._parts.planner.plan(question, requester)
        call.facts.update(banks=plan.asked, policy_epoch=plan.policy_epoch)
        seconds = _seconds_for(question, call)
        search = Search(question, requester, plan, clock.now(), arrived + seconds)
        await self._parts.recorder.write(Kind.INTENT, call.facts)
        del call.facts[PERSONAL]  # once is enough
        call.open = True
        return search

    @step("kalkan.verify")
    def _verify(
        self, request: wire.SearchRequest, question: Question, requester: Requester
    ) -> None:
        """Check that the question is this officer's own, fresh, and asked once."""
        require_key(requester, request.public_key)
        verify_query(request.query, request.signature, request.public_key)
        query = question.query
        require_query(
            requester,
            federation_id=query.federation_id,
            token_sha256=query.token_sha256,
            federation=self._parts.federation,
        )
        at = query.time.ToDatetime(tzinfo=UTC)
        self._window.require_fresh(at)
        self.nonces.admit(_HUB, query.nonce, question.digest, at)

    def accepted(self, search: Search) -> wire.Accepted:
        """The first event: who is being asked, and until when."""
        event = wire.Accepted(
            search_id=search.question.search_id,
            asked=search.plan.asked,
            not_asked=search.plan.not_asked,
        )
        left = search.ends_at - self._parts.clock.monotonic()
        event.time.FromDatetime(search.start)
        event.end_time.FromDatetime(self._parts.clock.now() + timedelta(seconds=left))
        return event

    async def run(self, request: wire.SearchRequest, search: Search) -> AsyncGenerator[End, None]:
        """Ask the banks and yield each end as it comes.

        Raises:
            StoppedError: The requester or the purpose was stopped meanwhile.
            TokenRevokedError: The requester was revoked while the banks searched.
        """
        for end in search.plan.ended:
            search.ends.append(end)
            yield end
        posted = self._parts.board.newest(search.requester.member)
        ask = Ask(
            query=request.query,
            token=request.token,
            signature=request.signature,
            public_key=request.public_key,
            expected=self._expected(search.question),
            notice=posted.data if posted else b"",
            notice_signature=posted.signature if posted else "",
        )
        asking = asking_of(search.requester, search.question)
        asked = self._parts.fanout.run(search.plan.legs, ask, search.ends_at)
        banks = [leg.bank for leg in search.plan.legs]
        ends = follow_stops(asked, banks, self._parts.stops, asking)
        guard = self._parts.board.guard(search.requester)
        try:
            while True:
                try:
                    async with guard:
                        end = await anext(ends)
                except StopAsyncIteration:
                    break
                search.ends.append(end)
                yield end
        finally:
            await ends.aclose()

    def _expected(self, question: Question) -> Expected:
        return Expected(
            federation_id=self._parts.federation.id,
            digest=question.digest,
            granularity=question.granularity,
            limit=question.limit,
            probes=len(question.query.probes),
            keys=self._keys,
        )

    @step("kalkan.merge")
    def groups(self, search: Search) -> list[wire.Group]:
        """The groups of all hits so far."""
        return merge(end.answer for end in search.ends if end.answer is not None)

    async def finish(self, search: Search, call: Call) -> wire.Ended:
        """Record the outcome durably, then sign the receipt.

        Raises:
            LedgerUnavailableError: The ledger cannot write; the answer does not end well.
            StoppedError: The requester or the purpose was stopped meanwhile.
            TokenRevokedError: The requester was revoked at the last moment.
        """
        parts = self._parts
        parts.stops.require(asking_of(search.requester, search.question))
        parts.board.require_not_revoked(search.requester)
        call.facts["states"] = outcomes_of(search.ends)
        index = await parts.recorder.write_probes(Kind.OUTCOME, call.facts, hits_per_probe(search))
        call.open = False
        _measure(search)
        statement = Statement(
            federation_id=parts.federation.id,
            question=search.question,
            plan=search.plan,
            ends=search.ends,
            policy_epoch=search.plan.policy_epoch,
            start=search.start,
            end=parts.clock.now(),
            ledger_index=index,
            quorum=parts.quorum,
        )
        return write_receipt(statement, parts.key)


def _measure(search: Search) -> None:
    """Count a search that has ended, and each of its banks."""
    question = search.question
    count_search(question.purpose, question.kind, complete=is_complete(search.ends))
    for end in search.ends:
        count_bank(end.bank, state_name(end.state), end.elapsed_s)


def hits_per_probe(search: Search) -> list[int]:
    """How many hits each probe has in all banks."""
    counts = [0] * len(search.question.query.probes)
    for end in search.ends:
        for hit in end.answer.hits if end.answer is not None else ():
            counts[hit.probe_index] += 1
    return counts


def _seconds_for(question: Question, call: Call) -> float:
    """The time of the whole search: the query's deadline or the call's own, less the margin.

    Raises:
        DeadlineOverError: None is left.
    """
    left = call.seconds_left()
    seconds = question.deadline_s if left is None else min(question.deadline_s, left)
    if seconds <= MARGIN_S:
        raise DeadlineOverError("the deadline leaves no time to search", limit="more than 0.1 s")
    return seconds - MARGIN_S
