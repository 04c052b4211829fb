"""Asks the node under test: as the hub does, with a client's questions, or with something wrong.

What is wrong is put in on purpose and one at a time, so that a refusal has one reason.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Literal, Self, cast

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2

from gateway.access.issuers import node_roots
from gateway.access.signatures import Domain, SigningKey
from gateway.answers import Expected, read_answer
from gateway.conformance.clause import BrokenError
from gateway.conformance.forms import FORMS, Form, absent, nobody
from gateway.conformance.subject import Credentials, Subject
from gateway.errors import UnreachableError, UntrustedError
from gateway.question import DEFAULT_DEADLINE_S, DEFAULT_LIMIT
from gateway.wire import CHANNEL_OPTIONS, CODES, DOMAIN, MAX_ANSWER, error_info
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

SERVICE: Final = "/kalkan.v1.NodeService"
DESCRIBE_S: Final = 5.0
_OPTIONS: Final = {
    **dict(CHANNEL_OPTIONS),
    "grpc.max_receive_message_length": MAX_ANSWER + 65_536,
    # Each caller of the kit has a connection of its own: one must not pass on another's.
    "grpc.use_local_subchannel_pool": 1,
}
_Call = grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that ended with a status.

    Attributes:
        code: The status.
        info: The ErrorInfo, empty where there was none.
        text: All that the status says, to look for values of the question in it.
    """

    code: grpc.StatusCode
    info: error_details_pb2.ErrorInfo
    text: str

    def __str__(self) -> str:
        """Tell the codes; the node's own text may hold anything."""
        reason = self.info.reason if self.info.reason in CODES else "no ErrorReason"
        return f"{self.code.name} with {reason}"


_WHY: Final = model.Justification(
    offence="conformance of a node",
    person_category=model.PERSON_CATEGORY_SUSPECT,
    aim=model.AIM_LEARN_MORE,
)


class Asker:
    """Asks one bank of one node. Use as an asynchronous context manager."""

    def __init__(self, subject: Subject) -> None:
        """Prepare; the node is reached when the block begins."""
        self.subject = subject
        self.description = wire.DescribeResponse()
        self.notice = wire.DescribeResponse()
        self._channel: grpc.aio.Channel | None = None

    async def __aenter__(self) -> Self:
        """Connect as the hub and ask for the description.

        Raises:
            UnreachableError: The node does not answer, or not the hub; or the client's own member
                gives no notice.
        """
        self._channel = self.dial(self.subject.caller.hub)
        try:
            self.description = await self.describe()
            self.notice = await self._find_notice()
        except BrokenError as exc:
            await self._channel.close()
            raise UnreachableError(exc.text) from None
        return self

    async def _find_notice(self) -> wire.DescribeResponse:
        """Ask the client's own member for its notice, as a hub does; the node's own needs none.

        It is good for a minute, and a run of all clauses takes less.

        Raises:
            BrokenError: That member's node cannot be asked.
        """
        code = self.subject.caller.requester.member
        member = self.subject.federation.member(code)
        if member is None or member == self.subject.member or member.notices == "none":
            return wire.DescribeResponse()
        try:
            async with Asker(replace(self.subject, member=member, address=member.node)) as there:
                return there.description
        except UnreachableError:
            told = "start it, or ask as a client of the member whose node is checked"
            raise BrokenError(f"the node of {code} gives no notice: {told}") from None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the channel."""
        if self._channel is not None:
            await self._channel.close()

    @property
    def bank(self) -> str:
        """The bank that is asked, as MEMBER/bank."""
        described = [each.bank for each in self.description.banks]
        return self.subject.bank or next(iter(described), f"{self.subject.member.code}/persons")

    @property
    def probes(self) -> frozenset[int]:
        """The kinds of probes that the bank is described to search for."""
        return self.described("probes")

    def described(self, what: Literal["probes", "kinds", "fields"]) -> frozenset[int]:
        """What the bank is described to search for, or that its records are, or can have."""
        found = (each for each in self.description.banks if each.bank == self.bank)
        return frozenset(word for each in found for word in getattr(each, what))

    def dial(self, credentials: Credentials | None, ca: bytes = b"") -> grpc.aio.Channel:
        """Open a channel to the node with these credentials, or none. The caller closes it."""
        name = (("grpc.ssl_target_name_override", self.subject.member.node_name),)
        roots = ca or node_roots(self.subject.federation, self.subject.member.code)
        chain = (credentials.key, credentials.certificate) if credentials else (None, None)
        return grpc.aio.secure_channel(
            self.subject.address,
            grpc.ssl_channel_credentials(roots, *chain),
            options=(*_OPTIONS.items(), *name),
        )

    def _method(self, name: str, channel: grpc.aio.Channel | None = None) -> _Call:
        used = channel or self._channel
        assert used is not None  # noqa: S101 - the block has begun
        return cast("_Call", used.unary_unary(f"{SERVICE}/{name}"))

    def stream_method(self) -> grpc.aio.StreamStreamMultiCallable[bytes, bytes]:
        """The node's SearchStream."""
        assert self._channel is not None  # noqa: S101 - the block has begun
        method: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = self._channel.stream_stream(
            f"{SERVICE}/SearchStream"
        )
        return method

    def compose(self, *probes: model.Probe, **changes: object) -> model.Query:
        """Compose a right question for the bank; `changes` replace fields of the Query."""
        caller = self.subject.caller
        fields = {
            "federation_id": self.subject.federation.id,
            "token_sha256": hashlib.sha256(caller.token.encode()).digest(),
            "targets": [model.Target(bank=self.bank)],
            "purpose": self.subject.purpose,
            "case_reference": self.subject.case,
            "justification": _WHY,
            "probes": probes or (absent(self.probes),),
            "granularity": model.GRANULARITY_RECORD,
            "nonce": secrets.token_bytes(16),
            **changes,
        }
        query = model.Query(**fields)  # type: ignore[arg-type]  # fields of the Query by name
        if "time" not in changes:
            query.time.FromDatetime(self.subject.clock.now())
        return query

    def sign(
        self,
        query: model.Query | bytes,
        *,
        key: SigningKey | None = None,
        domain: Domain = Domain.QUERY,
        token: str = "",
    ) -> wire.NodeServiceSearchRequest:
        """Put a question into a request, signed by the client's key or another."""
        caller = self.subject.caller
        data = query if isinstance(query, bytes) else query.SerializeToString()
        used = key or caller.key
        return wire.NodeServiceSearchRequest(
            bank=self.bank,
            query=data,
            token=token or caller.token,
            signature=used.sign(domain, data),
            public_key=json.dumps(used.public_jwk()).encode(),
            notice=self.notice.notice,
            notice_signature=self.notice.notice_signature,
        )

    async def describe(self) -> wire.DescribeResponse:
        """Ask for the description.

        Raises:
            BrokenError: There is none.
        """
        try:
            data = await self._method("Describe")(b"", timeout=DESCRIBE_S)
            return wire.DescribeResponse.FromString(data)
        except grpc.aio.AioRpcError as exc:
            name = exc.code().name
            raise BrokenError(f"the node does not describe itself to the hub: {name}") from None
        except DecodeError:
            raise BrokenError("what the node calls a description is none") from None

    async def send(
        self,
        request: wire.NodeServiceSearchRequest | bytes,
        *,
        channel: grpc.aio.Channel | None = None,
        method: str = "Search",
        timeout_s: float = 0.0,
    ) -> wire.NodeServiceSearchResponse | Refused:
        """Send a request; return the response, or how it was refused.

        Raises:
            BrokenError: The response is no message.
        """
        data = request if isinstance(request, bytes) else request.SerializeToString()
        seconds = timeout_s or DEFAULT_DEADLINE_S + self.subject.patience_s
        try:
            answered = await self._method(method, channel)(data, timeout=seconds)
            return wire.NodeServiceSearchResponse.FromString(answered)
        except grpc.aio.AioRpcError as exc:
            info = error_info(exc)
            return Refused(exc.code(), info, f"{exc.details()} {info}")
        except DecodeError:
            raise BrokenError("the response is not a NodeServiceSearchResponse") from None

    async def ask(self, query: model.Query, timeout_s: float = 0.0) -> model.Answer:
        """Ask a right question; return the answer, verified as hub and client verify it.

        Raises:
            BrokenError: There is no answer, or it does not hold.
        """
        return await self.ask_signed(query, self.sign(query), timeout_s)

    async def ask_signed(
        self, query: model.Query, request: wire.NodeServiceSearchRequest, timeout_s: float = 0.0
    ) -> model.Answer:
        """Ask a right question that is signed already.

        Raises:
            BrokenError: There is no answer, or it does not hold.
        """
        response = await self.send(request, timeout_s=timeout_s)
        if isinstance(response, Refused):
            raise BrokenError(f"a right question ended as {response}")
        return self.verify(query, request, response)

    def verify(
        self,
        query: model.Query,
        request: wire.NodeServiceSearchRequest,
        response: wire.NodeServiceSearchResponse,
    ) -> model.Answer:
        """Verify and decode an answer.

        Raises:
            BrokenError: It does not hold.
        """
        member = self.subject.member
        expected = Expected(
            federation_id=self.subject.federation.id,
            digest=hashlib.sha256(request.query).digest(),
            granularity=query.granularity or model.GRANULARITY_RECORD,
            limit=query.limit or DEFAULT_LIMIT,
            probes=len(query.probes),
            keys={member.code: member.answer_keys},
        )
        try:
            return read_answer(self.bank, response.answer, response.signature, expected)
        except UntrustedError as exc:
            raise BrokenError(exc.text) from None

    async def find_forms(self, kind: wire.ProbeKind.ValueType) -> list[Form]:
        """Find the forms of a kind of probe in which the bank searches.

        Raises:
            BrokenError: A question is not answered.
        """
        found = []
        for form in FORMS.get(kind, ()):
            answer = await self.ask(self.compose(form(nobody())))
            if answer.state != model.BANK_STATE_NOT_CAPABLE:
                found.append(form)
        return found

    async def find_absent(self) -> Form:
        """Find a form in which the bank searches, to ask for what nobody holds.

        Raises:
            BrokenError: It searches for nothing.
        """
        for kind in FORMS:
            if kind in self.probes and (forms := await self.find_forms(kind)):
                return forms[0]
        raise BrokenError("the bank searches for nothing that it describes")

    async def send_wrong(
        self,
        request: wire.NodeServiceSearchRequest | bytes,
        what: str,
        *,
        channel: grpc.aio.Channel | None = None,
        method: str = "Search",
    ) -> Refused:
        """Send what must not be answered; return how it was refused. `what` names what is wrong.

        Raises:
            BrokenError: It was answered.
        """
        response = await self.send(request, channel=channel, method=method)
        if not isinstance(response, Refused):
            raise BrokenError(f"{what}: it was answered")
        return response

    async def require_refused(
        self, request: wire.NodeServiceSearchRequest | bytes, reason: str, what: str
    ) -> None:
        """Check that a request is refused without an answer, for this reason.

        Raises:
            BrokenError: It is answered, or refused in another way; `what` names what was wrong.
        """
        require_reason(await self.send_wrong(request, what), reason, what)


def require_reason(refused: Refused, reason: str, what: str) -> None:
    """Check status and ErrorInfo of a refusal.

    Raises:
        BrokenError: They are others.
    """
    right = refused.code is CODES[reason] and refused.info.reason == reason
    if not right:
        raise BrokenError(f"{what}: {refused}, not {CODES[reason].name} with {reason}")
    if refused.info.domain != DOMAIN:
        raise BrokenError(f"{what}: the domain of ErrorInfo is not {DOMAIN}")
