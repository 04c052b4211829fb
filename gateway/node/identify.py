"""The first step at a node: who asks, by the officer's own token and signature.

The hub's word counts for nothing here. A question is this officer's own, fresh, asked once, and
names this bank, or it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Final

from google.protobuf.message import DecodeError

from adapters.contract import SignedQuestion
from gateway.access.certificates import HUB, NODE, require_current, require_role
from gateway.access.errors import NoncesAwayError, RevocationsStaleError, TargetUnknownError
from gateway.access.freshness import NonceMemory, QueryWindow
from gateway.access.revocation import require_not_revoked
from gateway.access.signatures import verify_query
from gateway.access.targets import resolve_targets
from gateway.access.tokens import Requester, TokenVerifier, require_key, require_query
from gateway.errors import BankUnknownError, FieldInvalidError, UntrustedError
from gateway.identity import personal_facts, question_facts, requester_facts
from gateway.node.bank import Bank
from gateway.node.parts import Asked, Parts
from gateway.notices import Board
from gateway.question import Question, read_question
from gateway.serving import Call
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

MAX_VIA: Final = 8
MAX_MARK: Final = 64
"""Marks of nodes that handed a question on, and characters of each, as the contract says."""


class Door:
    """Lets in the questions of one node that hold; remembers their nonces."""

    def __init__(self, parts: Parts) -> None:
        """Check by the federation and the banks of `parts`."""
        self._parts = parts
        self._verifier = TokenVerifier(parts.federation, parts.clock, published=parts.published)
        self._window = QueryWindow(parts.clock)
        self.nonces = NonceMemory(parts.clock)
        self._board = Board(parts.federation, parts.clock)
        self._bank_names = {parts.member: tuple(parts.banks)}

    def require_caller(self, call: Call) -> None:
        """Serve the hub, and a node of the same member that has one of these banks as its own.

        Raises:
            PeerForbiddenError: Somebody else calls, or the certificate has expired.
        """
        require_current(call.peer, self._parts.clock)
        front = call.peer.role == NODE and call.peer.member == self._parts.member
        require_role(call.peer, NODE if front else HUB, federation_id=self._parts.federation.id)

    @step("kalkan.identify")
    async def identify(self, request: wire.NodeServiceSearchRequest, call: Call) -> Asked:
        """Find out who asks.

        Raises:
            BankUnknownError: The bank is not hosted here.
            GatewayError, AccessError: Whatever else does not hold, by its reason.
        """
        bank = self._parts.banks.get(request.bank)
        if bank is None:
            raise BankUnknownError("this bank is not here", field="bank")
        question = read_question(request.query, batch=_is_batch(request.query))
        _require_marks(request.via)
        call.facts.update(question_facts(question), banks=(bank.name,))
        requester = self._verifier.verify(request.token)
        call.facts.update(requester_facts(requester), **personal_facts(question, requester.member))
        self._verify(request, question, requester)
        hindrance = self._check_standing(request, requester)
        self._require_target(question, bank)
        hindrance = await self._admit(question, bank) or hindrance
        began = self._parts.clock.monotonic()
        policy = self._parts.policy
        return Asked(bank, question, requester, began, policy, _keep(request), hindrance)

    def require_not_revoked(self, requester: Requester) -> None:
        """Check that the requester has not been revoked while the bank searched.

        Raises:
            TokenRevokedError: Its member has revoked it.
        """
        if requester.member == self._parts.member:
            require_not_revoked(self._parts.revoking.current(), requester)
        else:
            self._board.require_not_revoked(requester)

    def _check_standing(self, request: wire.NodeServiceSearchRequest, requester: Requester) -> str:
        """Check that the requester's own member stands by it; return the reason if nobody knows.

        The hub's word counts for nothing: a member's notice comes with the question, and the
        newest that was ever seen is what holds. The own member's list is at hand.

        Raises:
            TokenRevokedError: Its member has revoked it.
        """
        self.require_not_revoked(requester)
        member = self._parts.federation.member(requester.member)
        if member is None or member.code == self._parts.member or member.notices == "none":
            return ""
        try:
            self._board.take(member.code, request.notice, request.notice_signature)
            self._board.require_standing(requester)
        except (UntrustedError, RevocationsStaleError):
            return RevocationsStaleError.reason
        return ""

    def _verify(
        self, request: wire.NodeServiceSearchRequest, question: Question, requester: Requester
    ) -> None:
        """Check that the question is this officer's own, for this federation, and fresh."""
        require_key(requester, request.public_key)
        verify_query(request.query, request.signature, request.public_key)
        require_query(
            requester,
            federation_id=question.query.federation_id,
            token_sha256=question.query.token_sha256,
            federation=self._parts.federation,
        )
        self._window.require_fresh(question.query.time.ToDatetime(tzinfo=UTC))

    async def _admit(self, question: Question, bank: Bank) -> str:
        """Take each nonce once for each bank; the same bytes again are the same search.

        Returns the reason where nobody can say whether a replica took it.

        Raises:
            NonceReusedError: It came before with other bytes, here or at a replica.
            AccessBusyError: Too many came.
        """
        nonce, digest = question.query.nonce, question.digest
        at = question.query.time.ToDatetime(tzinfo=UTC)
        self.nonces.admit(bank.name, nonce, digest, at)
        if self._parts.nonces is None:
            return ""
        try:
            await self._parts.nonces.admit(bank.name, nonce, digest, at)
        except NoncesAwayError as away:
            return away.reason
        return ""

    def _require_target(self, question: Question, bank: Bank) -> None:
        """Answer only where the signed question names this bank, its member or its project."""
        here = [pair for pair in question.target_pairs if self._is_here(*pair)]
        resolved = resolve_targets(self._parts.federation, here, self._bank_names)
        if bank.name not in resolved:
            raise TargetUnknownError("the question does not name this bank", index=0)

    def _is_here(self, kind: str, value: str) -> bool:
        """Whether a target can mean a bank of this member; others are not for this node to know."""
        member = self._parts.member
        if kind == "bank":
            return value in self._parts.banks
        project = self._parts.federation.project(value) if kind == "project" else None
        return value == member if project is None else member in project.members


def _keep(request: wire.NodeServiceSearchRequest) -> SignedQuestion:
    """Keep a question as it came, for a bank that checks the officer itself."""
    return SignedQuestion(
        query=request.query,
        token=request.token,
        signature=request.signature,
        public_key=request.public_key,
        bank=request.bank,
        notice=(request.notice, request.notice_signature),
        via=tuple(request.via),
    )


def _require_marks(via: Sequence[str]) -> None:
    """Check the marks of the nodes that handed a question on.

    Raises:
        FieldInvalidError: There are too many, or one is none.
    """
    if len(via) > MAX_VIA or not all(0 < len(mark) <= MAX_MARK for mark in via):
        limit = f"at most {MAX_VIA}, each 1 to {MAX_MARK} characters"
        raise FieldInvalidError(f"via must be {limit}", field="via", limit=limit)


def _is_batch(query: bytes) -> bool:
    """Whether a query holds more than one probe; a broken one is left to its reader."""
    try:
        return len(model.Query.FromString(query).probes) > 1
    except DecodeError:
        return False
