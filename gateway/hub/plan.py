"""Whom a question may ask. Pure but for the policy's memory: question and directory in, plan out.

Every bank of the targets ends up in exactly one of: a leg, or an end that needs no call. Every
other bank that this requester could ask is named as not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.access.policy import Decision, Policy, PolicyRequest
from gateway.access.targets import resolve_targets
from gateway.access.tokens import Requester
from gateway.hub.directory import Directory
from gateway.hub.fanout import End, Leg
from gateway.hub.halt import end_stopped
from gateway.hub.published import refuse_unknown
from gateway.identity import policy_request
from gateway.question import Question
from gateway.stopping import StopList, asking_of
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search does.

    Attributes:
        legs: The banks that are called.
        ended: The banks that end without a call: refused here, or not capable.
        not_asked: The banks that could have been asked and were no targets.
        policy_epoch: The hub's policy that decided.
    """

    legs: tuple[Leg, ...]
    ended: tuple[End, ...]
    not_asked: tuple[str, ...]
    policy_epoch: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """All banks of the targets, in the order of the alphabet."""
        return tuple(sorted([leg.bank for leg in self.legs] + [end.bank for end in self.ended]))


class Planner:
    """Makes plans by the hub's directory and policy."""

    def __init__(self, directory: Directory, policy: Policy, stops: StopList | None = None) -> None:
        """Know the banks of `directory`, the rules of `policy`, and what is stopped."""
        self._directory = directory
        self._policy = policy
        self._stops = stops or StopList()

    @property
    def policy_epoch(self) -> str:
        """The policy in force, without what members let their officers ask."""
        return self._policy.epoch

    @step("kalkan.plan")
    def plan(self, question: Question, requester: Requester) -> Plan:
        """Resolve the targets and decide for each bank.

        Raises:
            TargetUnknownError: A target is unknown; its field is named.
        """
        directory = self._directory
        federation, known = directory.federation, directory.by_member
        banks = resolve_targets(federation, question.target_pairs, known)
        policy = directory.published.for_officers_of(requester.member)
        ends = {bank: self._end(bank, question, requester, policy) for bank in banks}
        legs = (Leg(b, directory.links[directory.banks[b].member]) for b in banks if not ends[b])
        return Plan(
            legs=tuple(legs),
            ended=tuple(end for end in ends.values() if end is not None),
            not_asked=tuple(sorted(directory.banks.keys() - set(banks))),
            policy_epoch=(policy or self._policy).epoch,
        )

    def explain(self, request: PolicyRequest) -> Decision:
        """What all policies that are known say of a request, without a search."""
        policy = self._directory.published.whole(request.requester_member, request.owner)
        return _decide(policy, request)

    def knows_owner(self, bank: str) -> bool:
        """Whether the policy of a bank's owner is known."""
        return self._directory.published.knows_owner(self._directory.banks[bank].member)

    def _end(
        self, bank: str, question: Question, requester: Requester, policy: Policy | None
    ) -> End | None:
        """The end of a bank that is not called; None where it is called."""
        stopped = self._stops.find(asking_of(requester, question), bank)
        if stopped is not None:
            return end_stopped(bank, stopped)
        member = self._directory.banks[bank].member
        decision = _decide(policy, policy_request(question, requester, member, bank))
        if not decision.permitted:
            return End(
                bank,
                model.BANK_STATE_REFUSED,
                rule=decision.rule,
                text=decision.text,
                contact=decision.contact,
            )
        if not self._directory.can(bank, question.kind):
            return End(bank, model.BANK_STATE_NOT_CAPABLE)
        return None


def _decide(policy: Policy | None, request: PolicyRequest) -> Decision:
    """Decide; without a policy nobody knows what the requester's member lets its officers ask."""
    return refuse_unknown(request.requester_member) if policy is None else policy.decide(request)
