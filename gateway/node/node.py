"""A node: one member's banks behind its own gate. A plain object, served over gRPC.

It does not take the hub's word. Every search is identified, permitted and recorded here again, by
the officer's own token and signature and by the owner's own policy; what it answers it signs.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

from google.protobuf.message import DecodeError

from adapters.contract import AdapterError, BankTimeoutError, Limits, Probe, ProbeKind, Record
from adapters.contract import QueryRejectedError as RejectedError
from gateway import __version__
from gateway.access.certificates import require_current, require_role
from gateway.access.errors import TargetUnknownError
from gateway.access.federation import Federation, resolve_targets
from gateway.access.freshness import NonceMemory, QueryWindow
from gateway.access.policy import Decision, Policy
from gateway.access.signatures import Domain, SigningKey, verify_query
from gateway.access.tokens import Requester, TokenVerifier, require_key, require_query
from gateway.clock import Clock
from gateway.errors import BankUnknownError, DeadlineOverError
from gateway.identity import policy_request, question_facts, requester_facts
from gateway.ledger.kinds import BankOutcome, Kind
from gateway.node.bank import CANDIDATES, Bank
from gateway.node.convert import FIELDS, KINDS, PROBE_KINDS, read_probe, timestamp
from gateway.node.release import release
from gateway.node.scoring import Match, score_records
from gateway.node.shadow import Live, Shadow
from gateway.question import Question, granularity_name, read_question, state_name
from gateway.recorder import Recorder
from gateway.serving import Call
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

MARGIN_S: Final = 0.05
"""What a node keeps of its time to record and sign, so that its word arrives before the hub's."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a node is put together from."""

    federation: Federation
    member: str
    banks: dict[str, Bank]
    policy: Policy
    key: SigningKey
    recorder: Recorder
    clock: Clock
    workers: Executor
    shadows: Mapping[str, Sequence[Shadow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One identified question to one bank, and what was found for each of its probes."""

    bank: Bank
    question: Question
    requester: Requester
    started: float
    found: list[tuple[Match, ...]] = field(default_factory=list)


class Node:
    """Searches the banks of one member."""

    def __init__(self, parts: Parts) -> None:
        """Put a node together; `restore_nonces` before it serves."""
        self._parts = parts
        self._verifier = TokenVerifier(parts.federation, parts.clock)
        self._window = QueryWindow(parts.clock)
        self.nonces = NonceMemory(parts.clock)
        self._bank_names = {parts.member: tuple(parts.banks)}

    @property
    def member(self) -> str:
        """The member that runs this node."""
        return self._parts.member

    async def describe(self, request: wire.DescribeRequest, call: Call) -> wire.DescribeResponse:
        """Tell which banks are here and what they can do."""
        del request
        self._require_hub(call)
        response = wire.DescribeResponse(
            member=self.member,
            policy_epoch=self._parts.policy.epoch,
            software=f"kalkan {__version__}",
        )
        response.banks.extend(_describe(bank) for bank in self._parts.banks.values())
        return response

    async def search(
        self, request: wire.NodeServiceSearchRequest, call: Call
    ) -> wire.NodeServiceSearchResponse:
        """Search one bank: identify, permit, record, search, score, release, record, sign."""
        self._require_hub(call)
        asked = self._identify(request, call)
        decision = self._permit(asked)
        call.facts["rule"] = decision.rule
        answer = self._begin_answer(asked, decision)
        if not decision.permitted:
            _refuse(answer, decision)
            return await self._finish(asked, answer, call, Kind.REFUSAL)
        await self._parts.recorder.write(Kind.INTENT, call.facts)
        call.open = True
        await self._look(asked, answer, call)
        response = await self._finish(asked, answer, call, Kind.OUTCOME)
        self._follow(asked, answer)
        return response

    def _require_hub(self, call: Call) -> None:
        """Serve the hub alone."""
        require_current(call.peer, self._parts.clock)
        require_role(call.peer, "hub", federation_id=self._parts.federation.id)

    def _identify(self, request: wire.NodeServiceSearchRequest, call: Call) -> Asked:
        """Find out who asks, by the officer's own token and signature.

        Raises:
            GatewayError, AccessError: Whatever does not hold, by its reason.
        """
        parts = self._parts
        bank = parts.banks.get(request.bank)
        if bank is None:
            raise BankUnknownError("this bank is not here", field="bank")
        question = read_question(request.query, batch=_is_batch(request.query))
        call.facts.update(question_facts(question), banks=(bank.name,))
        requester = self._verifier.verify(request.token)
        call.facts.update(requester_facts(requester))
        require_key(requester, request.public_key)
        verify_query(request.query, request.signature, request.public_key)
        require_query(
            requester,
            federation_id=question.query.federation_id,
            token_sha256=question.query.token_sha256,
            federation=parts.federation,
        )
        at = question.query.time.ToDatetime(tzinfo=UTC)
        self._window.require_fresh(at)
        self._require_target(question, bank)
        self.nonces.admit(bank.name, question.query.nonce, question.digest, at)
        return Asked(bank, question, requester, parts.clock.monotonic())

    def _require_target(self, question: Question, bank: Bank) -> None:
        """Answer only where the signed question names this bank, its member or its project."""
        here = [pair for pair in question.target_pairs if self._is_here(*pair)]
        resolved = resolve_targets(self._parts.federation, here, self._bank_names)
        if bank.name not in resolved:
            raise TargetUnknownError("the question does not name this bank", index=0)

    def _is_here(self, kind: str, value: str) -> bool:
        """Whether a target can mean a bank of this member; others are not for this node to know."""
        if kind == "bank":
            return value in self._parts.banks
        project = self._parts.federation.project(value) if kind == "project" else None
        return value == self.member if project is None else self.member in project.members

    def _permit(self, asked: Asked) -> Decision:
        """Decide by the baseline and the owner's policy."""
        request = policy_request(asked.question, asked.requester, self.member, asked.bank.name)
        return self._parts.policy.decide(request)

    def _begin_answer(self, asked: Asked, decision: Decision) -> model.Answer:
        """Begin the answer with what every answer says."""
        granularity = asked.question.granularity
        if decision.permitted:
            granularity = model.Granularity.Value(f"GRANULARITY_{decision.granularity.upper()}")
        answer = model.Answer(
            federation_id=self._parts.federation.id,
            member=self.member,
            bank=asked.bank.name,
            query_sha256=asked.question.digest,
            state=model.BANK_STATE_NO_HIT,
            granularity=min(granularity, asked.question.granularity),
            policy_epoch=self._parts.policy.epoch,
        )
        as_of = timestamp(asked.bank.as_of)
        if as_of is not None:
            answer.as_of_time.CopyFrom(as_of)
        return answer

    async def _look(self, asked: Asked, answer: model.Answer, call: Call) -> None:
        """Search for every probe; the bank's troubles become states."""
        try:
            async with asyncio.timeout(self._seconds_for(asked, call)):
                await self._look_for_all(asked, answer, call)
            asked.bank.available = True
        except (TimeoutError, BankTimeoutError):
            _end_without(answer, model.BANK_STATE_TIMED_OUT)
        except RejectedError:
            _end_without(answer, model.BANK_STATE_NOT_CAPABLE)
        except AdapterError as exc:
            asked.bank.available = False
            call.facts["reason"] = exc.reason
            _end_without(answer, model.BANK_STATE_UNAVAILABLE)

    def _seconds_for(self, asked: Asked, call: Call) -> float:
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

    async def _look_for_all(self, asked: Asked, answer: model.Answer, call: Call) -> None:
        """Search for each probe of the question, one after the other."""
        today = self._parts.clock.now().date()
        for index, message in enumerate(asked.question.query.probes):
            probe = read_probe(message, today)
            if probe is None or not asked.bank.can(ProbeKind(asked.question.kind)):
                raise RejectedError("this bank does not search for that")
            seconds = self._seconds_for(asked, call)
            result = await asked.bank.search(probe, Limits(CANDIDATES, seconds))
            matches = await self._score(probe, result.records)
            asked.found.append(tuple(matches))
            release(answer, asked.bank, index, matches, limit=asked.question.limit)
            if answer.granularity != model.GRANULARITY_EXISTS:
                answer.truncated |= result.truncated

    async def _score(self, probe: Probe, records: Sequence[Record]) -> list[Match]:
        """Score candidates off the loop."""
        if not records:
            return []
        return await self._off_loop(lambda: score_records(probe, records))

    async def _off_loop(self, work: Callable[[], list[Match]]) -> list[Match]:
        return await asyncio.get_running_loop().run_in_executor(self._parts.workers, work)

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

    async def _finish(
        self, asked: Asked, answer: model.Answer, call: Call, kind: Kind
    ) -> wire.NodeServiceSearchResponse:
        """Record the outcome durably, then sign."""
        elapsed = self._parts.clock.monotonic() - asked.started
        answer.elapsed.FromNanoseconds(int(elapsed * 1e9))
        answer.time.FromDatetime(self._parts.clock.now())
        data = answer.SerializeToString()
        call.facts["answer_sha256"] = hashlib.sha256(data).hexdigest()
        call.facts["granularity"] = granularity_name(answer.granularity)
        call.facts["states"] = (_outcome(answer, elapsed),)
        call.facts["policy_epoch"] = answer.policy_epoch
        await self._parts.recorder.write_probes(kind, call.facts, _hits_per_probe(asked, answer))
        call.open = False
        return wire.NodeServiceSearchResponse(
            answer=data, signature=self._parts.key.sign(Domain.ANSWER, data)
        )


def _is_batch(query: bytes) -> bool:
    """Whether a query holds more than one probe; a broken one is left to its reader."""
    try:
        return len(model.Query.FromString(query).probes) > 1
    except DecodeError:
        return False


def _describe(bank: Bank) -> wire.BankDescription:
    capability = bank.capability
    description = wire.BankDescription(
        bank=bank.name,
        title=bank.titles.title,
        probes=sorted(PROBE_KINDS[p] for p in capability.probes),
        kinds=sorted(KINDS[k] for k in capability.kinds),
        fields=sorted(FIELDS[f] for f in capability.fields),
        engine=capability.engine,
        scripts=capability.scripts,
        available=bank.available,
    )
    description.contact.office = bank.titles.office
    description.contact.phone = bank.titles.phone
    description.contact.email = bank.titles.email
    as_of = timestamp(bank.as_of)
    if as_of is not None:
        description.as_of_time.CopyFrom(as_of)
    return description


def _refuse(answer: model.Answer, decision: Decision) -> None:
    answer.state = model.BANK_STATE_REFUSED
    answer.refusal.rule = decision.rule
    answer.refusal.text = decision.text
    answer.refusal.contact.office = decision.contact


def _end_without(answer: model.Answer, state: model.BankState.ValueType) -> None:
    """End without hits: what was found for earlier probes does not stand alone."""
    del answer.hits[:]
    del answer.tallies[:]
    answer.truncated = False
    answer.state = state


def _outcome(answer: model.Answer, elapsed: float) -> BankOutcome:
    return BankOutcome(
        bank=answer.bank,
        state=state_name(answer.state),
        hits=len(answer.hits),
        elapsed_ms=int(elapsed * 1000),
        rule=answer.refusal.rule,
        truncated=answer.truncated,
    )


def _hits_per_probe(asked: Asked, answer: model.Answer) -> list[int]:
    """How many hits each probe has."""
    counts = [0] * len(asked.question.query.probes)
    for hit in answer.hits:
        counts[hit.probe_index] += 1
    return counts
