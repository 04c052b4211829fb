"""A node: one member's banks behind its own gate. A plain object, served over gRPC.

It does not take the hub's word. Every search is identified, permitted and recorded here again, by
the officer's own token and signature and by the owner's own policy; what it answers it signs.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

from adapters.contract import ProbeKind
from gateway.access.freshness import NonceMemory
from gateway.access.policy import Decision
from gateway.access.signatures import Domain
from gateway.errors import BudgetsAwayError
from gateway.identity import personal_facts, policy_request
from gateway.ledger.kinds import Kind
from gateway.node.answering import (
    attest,
    begin_answer,
    end_without,
    hits_per_probe,
    notice_of,
    outcome_of,
    refuse,
)
from gateway.node.barrier import Barrier
from gateway.node.convert import read_probe
from gateway.node.describe import describe_node
from gateway.node.hidden import behind_facts
from gateway.node.identify import Door
from gateway.node.look import Looker
from gateway.node.padding import next_on_grid, pad_answer
from gateway.node.parts import Asked, Parts
from gateway.node.release import fit
from gateway.node.shadow import Live
from gateway.node.sieve import OWNER, owner_facts
from gateway.question import granularity_name, state_name
from gateway.recorder import PERSONAL
from gateway.serving import Call
from gateway.trace.spans import step
from gateway.wire import MAX_ANSWER
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

__all__ = ["Node", "Parts"]


class Node:
    """Searches the banks of one member."""

    def __init__(self, parts: Parts) -> None:
        """Put a node together; restore `nonces` before it serves."""
        self._parts = parts
        self._door = Door(parts)
        self._looker = Looker(parts)
        self._barrier = Barrier(parts)

    @property
    def member(self) -> str:
        """The member that runs this node."""
        return self._parts.member

    @property
    def nonces(self) -> NonceMemory:
        """The nonces that were used."""
        return self._door.nonces

    async def describe(self, request: wire.DescribeRequest, call: Call) -> wire.DescribeResponse:
        """Tell which banks are here and what they can do."""
        del request
        self._door.require_caller(call)
        return describe_node(self._parts)

    async def search(
        self, request: wire.NodeServiceSearchRequest, call: Call
    ) -> wire.NodeServiceSearchResponse:
        """Search one bank: identify, permit, record, search, score, release, record, sign."""
        self._door.require_caller(call)
        asked = await self._door.identify(request, call)
        self._parts.require_witnessed()
        asked, decision = await self._judge(asked, call)
        call.facts.update(rule=decision.rule, policy_epoch=asked.policy.epoch)
        answer = begin_answer(self._parts, asked, decision)
        if not decision.permitted:
            refuse(answer, decision)
            return await self._finish(asked, answer, call, Kind.REFUSAL)
        await self._parts.recorder.write(Kind.INTENT, call.facts)
        del call.facts[PERSONAL]  # once is enough
        call.open = True
        if asked.hindrance:
            call.facts["reason"] = asked.hindrance
            end_without(answer, model.BANK_STATE_UNAVAILABLE)
            return await self._finish(asked, answer, call, Kind.OUTCOME)
        asked = self._barrier.look_behind(asked, answer)
        await self._barrier.guard(self._looker.look(asked, answer, call), asked, answer, call)
        self._door.require_not_revoked(asked.requester)
        response = await self._finish(asked, answer, call, Kind.OUTCOME)
        self._follow(asked, answer)
        return response

    async def _judge(self, asked: Asked, call: Call) -> tuple[Asked, Decision]:
        """Decide by policy, stops and budgets; where these cannot be kept the bank is away."""
        decision = self._permit(asked, call)
        try:
            return asked, await self._barrier.judge(asked, decision)
        except BudgetsAwayError as away:
            return replace(asked, hindrance=asked.hindrance or away.reason), decision

    @step("kalkan.permit")
    def _permit(self, asked: Asked, call: Call) -> Decision:
        """Decide by the baseline, the owner, and for the owner's own officers what they may ask.

        Where a policy on trial would decide otherwise the entry says how; nothing else changes.
        """
        request = policy_request(asked.question, asked.requester, self.member, asked.bank.name)
        decision = asked.policy.decide(request)
        if self._parts.policy_shadow is not None:
            would = self._parts.policy_shadow.decide(request)
            if (would.permitted, would.granularity) != (decision.permitted, decision.granularity):
                call.facts["shadow_rule"] = would.rule
                call.facts["shadow_granularity"] = would.granularity
        return decision

    def _follow(self, asked: Asked, answer: model.Answer) -> None:
        """Let the shadows of the bank search beside the answer's way; none is waited for."""
        shadows = self._parts.shadows.get(asked.bank.name, ())
        if not shadows or asked.question.kind not in set(ProbeKind):
            return
        today = self._parts.clock.now().date()
        probes = (read_probe(message, today) for message in asked.question.query.probes)
        live = Live(
            bank=asked.bank.name,
            search_id=asked.question.search_id,
            kind=ProbeKind(asked.question.kind),
            probes=tuple(probe for probe in probes if probe is not None),
            found=tuple(asked.found),
            state=state_name(answer.state),
            elapsed_s=answer.elapsed.ToNanoseconds() / 1e9,
        )
        for shadow in shadows:
            shadow.follow(live)

    async def _keep_to_grid(self, asked: Asked, call: Call) -> float:
        """Wait for the next moment at which this bank's answers leave; return the time it took.

        The rest of the way is the same for every answer, so it is recorded and signed after.
        """
        elapsed = self._parts.clock.monotonic() - asked.started
        grid = self._parts.controls.grid_s.get(asked.bank.name, 0.0)
        ends = next_on_grid(elapsed, grid, call.seconds_left())
        if ends > elapsed:
            await asyncio.sleep(ends - elapsed)
        return ends

    def _notify(self, asked: Asked, call: Call) -> None:
        """Tell the owner who asked and when, if it wants; never what was looked for."""
        notifier = self._parts.controls.notifier
        if notifier is not None:
            (outcome,) = call.facts["states"]
            notifier.tell(notice_of(asked, outcome, self._parts.clock.now()))

    def _keep_for_owner(self, asked: Asked, answer: model.Answer, call: Call) -> None:
        """Have the ledger seal to the owner what became of each record, and on a hit the question.

        Each end has such a part, so that its presence tells nothing.
        """
        if answer.state == model.BANK_STATE_ANSWERED:
            call.facts.update(personal_facts(asked.question, self.member))
        parts = call.facts.setdefault(PERSONAL, {})
        told = {**owner_facts(asked.considered), **behind_facts(asked.behind)}
        parts[self.member] = {**parts.get(self.member, {}), OWNER: told}

    async def _finish(
        self, asked: Asked, answer: model.Answer, call: Call, kind: Kind
    ) -> wire.NodeServiceSearchResponse:
        """Wait for the grid, record the outcome durably, then sign."""
        elapsed = await self._keep_to_grid(asked, call)
        answer.elapsed.FromNanoseconds(int(elapsed * 1e9))
        answer.time.FromDatetime(self._parts.clock.now())
        fit(answer, MAX_ANSWER)
        data = pad_answer(answer)
        call.facts["answer_sha256"] = hashlib.sha256(data).hexdigest()
        call.facts["granularity"] = granularity_name(answer.granularity)
        call.facts["states"] = (outcome_of(answer, elapsed),)
        self._keep_for_owner(asked, answer, call)
        counts = hits_per_probe(asked, answer)
        index = await self._parts.recorder.write_probes(kind, call.facts, counts)
        call.open = False
        self._notify(asked, call)
        attestation = attest(asked, answer, data, index)
        key = self._parts.key
        return wire.NodeServiceSearchResponse(
            answer=data,
            signature=key.sign(Domain.ANSWER, data),
            attestation=attestation,
            attestation_signature=key.sign(Domain.ATTESTATION, attestation),
        )
