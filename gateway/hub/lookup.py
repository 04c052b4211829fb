"""What a requester may look up: the federation, and what may be asked of whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.access.policy import PolicyRequest
from gateway.access.profile import FILLED, describe_fields
from gateway.access.targets import resolve_targets
from gateway.access.tokens import Requester
from gateway.auditing.reader import token_of
from gateway.errors import FieldInvalidError
from gateway.hub.breaker import Breaker
from gateway.hub.compare import Comparison
from gateway.hub.directory import Directory, Known
from gateway.hub.search import Searcher
from gateway.identity import likely_request
from gateway.limits import require_known
from gateway.question import granularity_name, purpose_name, target_text
from gateway.serving import Call, Gate
from kalkan.v1 import directory_service_pb2 as wire
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire_node

MAX_TARGETS: Final = 64


class DirectoryMethods:
    """DirectoryService as the contract has it."""

    def __init__(
        self, searcher: Searcher, directory: Directory, breaker: Breaker, gate: Gate
    ) -> None:
        """Tell what these know; `comparison` is set where the ledgers are compared."""
        self.comparison: Comparison | None = None
        self._searcher = searcher
        self._directory = directory
        self._breaker = breaker
        self._gate = gate

    async def get_federation(
        self, request: wire.GetFederationRequest, call: Call
    ) -> wire.GetFederationResponse:
        """Tell members, projects, banks and their condition."""
        del request
        self._searcher.identify(token_of(call), call)
        federation = self._directory.federation
        compared = self.comparison.alarms if self.comparison is not None else ()
        purposes = [p for p in model.Purpose.values() if p != model.PURPOSE_UNSPECIFIED]
        return wire.GetFederationResponse(
            federation_id=federation.id,
            members=[wire.Member(member=m.code, title=m.title) for m in federation.members],
            projects=[wire.Project(project=p.name, members=p.members) for p in federation.projects],
            banks=[self._status(bank, known) for bank, known in self._directory.banks.items()],
            purposes=purposes,
            tls_refused_count=self._gate.connections.refused,
            alarms=self._directory.ledger_alarms.shown(compared),
        )

    def _status(self, bank: str, known: Known) -> wire.BankStatus:
        status = wire.BankStatus(condition=self._condition(bank, known))
        if known.description is not None:
            status.description.CopyFrom(known.description)
        status.description.bank = bank
        if known.seen is not None:
            status.seen_time.FromDatetime(known.seen)
        return status

    def _condition(self, bank: str, known: Known) -> wire.Condition.ValueType:
        if self._breaker.suspended(bank):
            return wire.CONDITION_SUSPENDED
        return wire.CONDITION_UP if known.up else wire.CONDITION_DOWN

    async def explain_access(
        self, request: wire.ExplainAccessRequest, call: Call
    ) -> wire.ExplainAccessResponse:
        """Tell what this requester may ask of whom, by all policies that are known.

        Raises:
            FieldInvalidError: A target, the purpose or the kind of probe is missing or unknown, or
                the granularity is.
        """
        requester = self._searcher.identify(token_of(call), call)
        if not 1 <= len(request.targets) <= MAX_TARGETS:
            raise FieldInvalidError("targets must be 1 to 64", field="targets", limit="1 to 64")
        _require_known(request)
        pairs = [(t.WhichOneof("target") or "", target_text(t)) for t in request.targets]
        directory = self._directory
        banks = resolve_targets(directory.federation, pairs, directory.by_member)
        return wire.ExplainAccessResponse(
            banks=[self._access(bank, request, requester) for bank in banks]
        )

    def _access(
        self, bank: str, request: wire.ExplainAccessRequest, requester: Requester
    ) -> wire.BankAccess:
        asked = _likely(bank, request, requester)
        fields = self._fields(asked)
        access = wire.BankAccess(bank=bank, permitted=bool(fields), fields=fields)
        access.owner_known = self._searcher.knows_owner(bank)
        access.capable = self._directory.can_number(bank, request.probe)
        if fields:
            access.granularity = max(each.granularity for each in fields)
        else:
            decision = self._searcher.explain(asked)
            access.refusal.rule = decision.rule
            access.refusal.text = decision.text
            access.refusal.contact.office = decision.contact
        return access

    def _fields(self, asked: PolicyRequest) -> list[wire.QueryFields]:
        """Decide all that a question can fill in."""
        every = (replace(asked, fields=fields) for fields in FILLED[asked.probe])
        told = tuple(self._searcher.explain(each).granularity for each in every)
        return [
            wire.QueryFields(
                needed=each.needed,
                optional=each.optional,
                granularity=model.Granularity.Value(f"GRANULARITY_{each.granularity.upper()}"),
            )
            for each in describe_fields(asked.probe, told)
        ]


def _likely(bank: str, request: wire.ExplainAccessRequest, requester: Requester) -> PolicyRequest:
    """A well-made question to a bank, as `request` would ask it."""
    probe = wire_node.ProbeKind.Name(request.probe).removeprefix("PROBE_KIND_").lower()
    granularity = request.granularity or model.GRANULARITY_RECORD
    likely = likely_request(requester, bank, purpose_name(request.purpose), probe)
    return replace(likely, granularity=granularity_name(granularity))


def _require_known(request: wire.ExplainAccessRequest) -> None:
    """Refuse numbers that the contract does not have."""
    known = wire_node.ProbeKind.values()
    if request.probe not in known or not request.probe:
        raise FieldInvalidError("probe is unknown", field="probe", limit="a kind of probe")
    if request.purpose not in model.Purpose.values() or not request.purpose:
        raise FieldInvalidError("purpose is unknown", field="purpose", limit="a purpose")
    require_known("granularity", request.granularity, model.Granularity.values())
