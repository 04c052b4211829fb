"""The Python client: ask one question, get verified events.

    async with Client(read_settings(ClientSettings, path)) as client:
        why = {"offence": "bombing", "category": "suspect", "aim": "learn_more"}
        ask = Ask(("kalkan",), "terrorism", "2026-17", person("Рустам Каримов"), **why)
        async for event in client.search(ask):
            print(event)

What arrives is verified before it is yielded: each answer by its node's key, the receipt by the
hub's, and the receipt against the answers. The client does not take the hub's word.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import grpc

from gateway.access.errors import TargetUnknownError
from gateway.access.federation import Federation, read_federation
from gateway.access.signatures import Domain, SigningKey
from gateway.access.targets import resolve_targets
from gateway.answers import Expected
from gateway.clock import Clock, SystemClock
from gateway.errors import InputError
from gateway.events import Accepted, BankEnd, Ended, Event, Groups, Reader
from gateway.question import target_text
from gateway.receipts.proof import Given
from gateway.refusals import translate
from gateway.running import channel_credentials
from gateway.settings import ClientSettings
from gateway.trace.spans import outgoing, start_call
from gateway.wire import CHANNEL_OPTIONS
from kalkan.v1 import audit_service_pb2 as audit
from kalkan.v1 import (
    audit_service_pb2_grpc,
    directory_service_pb2_grpc,
    receipt_service_pb2_grpc,
    search_service_pb2_grpc,
)
from kalkan.v1 import directory_service_pb2 as directory
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node
from kalkan.v1 import receipt_service_pb2 as receipts
from kalkan.v1 import search_service_pb2 as wire

if TYPE_CHECKING:
    from google.protobuf.internal.enum_type_wrapper import _EnumTypeWrapper as EnumTypeWrapper

__all__ = ["Accepted", "Ask", "BankEnd", "Checked", "Client", "Ended", "Event", "Groups"]

SLACK_S: Final = 3.0
"""How much longer than the query's deadline a call may take: a new connection, and the way."""
LOOKUP_S: Final = 5.0
PROOF_S: Final = 7.0
"""Seconds within which a proof can be had."""
_SEARCH: Final = "/kalkan.v1.SearchService/Search"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question before it is signed.

    Attributes:
        targets: Who is asked: a project ("kalkan"), members ("KAZ") or banks ("KAZ/persons").
        purpose: Why, as "terrorism".
        case: The case at the requester's authority, 1 to 64 characters.
        probe: What is looked for; see gateway.probe for builders.
        granularity: "exists", "count", "reference" or "record".
        deadline_s: Seconds for the whole search, more than 0, at most 30.
        limit: Hits for each bank, 1 to 100.
        offence: The offence, at most 200 characters.
        category: How the person relates to the case, as "suspect".
        aim: What is to be learnt: "identify", "learn_more" or "locate".
    """

    targets: tuple[str, ...]
    purpose: str
    case: str
    probe: model.Probe
    granularity: str = "record"
    deadline_s: float = 3.0
    limit: int = 20
    offence: str = ""
    category: str = ""
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A batch that was checked: one outcome for each document, and how each bank ended."""

    search_id: str
    outcomes: tuple[wire.DocumentOutcome, ...]
    banks: tuple[BankEnd, ...]
    ended: Ended


class Client:
    """Asks the hub. Use as an asynchronous context manager."""

    def __init__(self, settings: ClientSettings, clock: Clock | None = None) -> None:
        """Read the federation, the keys and the token that `settings` name.

        Raises:
            AccessError: A key or the federation file does not hold.
        """
        self._clock = clock or SystemClock()
        self._federation = read_federation(settings.at(settings.federation))
        self._token = settings.at(settings.token).read_text(encoding="utf-8").strip()
        self._key = SigningKey.load(settings.at(settings.query_key))
        self._channel = _open_channel(settings, self._federation)
        self._search = search_service_pb2_grpc.SearchServiceStub(self._channel)
        self._directory = directory_service_pb2_grpc.DirectoryServiceStub(self._channel)
        self._audit = audit_service_pb2_grpc.AuditServiceStub(self._channel)
        self._receipts = receipt_service_pb2_grpc.ReceiptServiceStub(self._channel)
        self._bearer = (("authorization", f"Bearer {self._token}"),)

    async def __aenter__(self) -> Self:
        """Enter."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the channel."""
        await self.close()

    async def close(self) -> None:
        """Close the channel. Safe to call twice."""
        await self._channel.close()

    async def search(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """Ask, and yield what comes as it comes: verified, the end last.

        Raises:
            RefusedError: The question was refused; the reason is named.
            UnreachableError: The hub cannot be reached.
            UntrustedError: Something that arrived does not hold. Trust nothing of it.
        """
        query = self.compose(ask, [ask.probe])
        request = self.sign(query)
        reader = self._reader(query, request)
        span = start_call(_SEARCH)
        seconds = ask.deadline_s + SLACK_S
        call = self._search.Search(request, timeout=seconds, metadata=outgoing(span))
        try:
            async for event in call:
                yield reader.read(event)
            reader.require_ended()
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None
        finally:
            call.cancel()
            span.end()

    async def search_once(self, ask: Ask) -> list[Event]:
        """Ask, and return all events at the end. Raises as `search`."""
        async with aclosing(self.search(ask)) as events:
            return [event async for event in events]

    async def check_documents(self, ask: Ask, probes: Sequence[model.Probe]) -> Checked:
        """Check 1 to 200 documents under one signature; `ask.probe` is not used.

        Raises as `search`.
        """
        query = self.compose(ask, probes)
        request = self.sign(query)
        reader = self._reader(query, request)
        try:
            response = await self._search.CheckDocuments(
                wire.CheckDocumentsRequest(request=request), timeout=ask.deadline_s + SLACK_S
            )
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None
        banks = tuple(reader.bank_end(end) for end in response.banks)
        reader.require_outcomes(response.outcomes)
        ended = reader.ended(response.ended)
        return Checked(response.search_id, tuple(response.outcomes), banks, ended)

    async def proof(
        self, search_id: str, index: int, seconds: float = PROOF_S
    ) -> tuple[bytes, bytes] | None:
        """Wait for the proof of a search of one's own: the entry as stored, and its tlog-proof.

        None where too few witnesses have signed in time. Raises RefusedError, UnreachableError.
        """
        given = await self.standing(search_id, index, seconds)
        return (given.entry, given.proof) if given.proof else None

    async def standing(self, search_id: str, index: int, seconds: float = PROOF_S) -> Given:
        """Wait as `proof`; where it is still pending tell how many witnesses have signed.

        Raises RefusedError, UnreachableError.
        """
        request = receipts.GetProofRequest(search_id=search_id, ledger_index=index)
        try:
            response = await self._receipts.GetProof(
                request, timeout=seconds, metadata=self._bearer
            )
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None
        ready = response.state == receipts.PROOF_STATE_READY
        entry, proof = (response.entry, response.proof) if ready else (b"", b"")
        return Given(index, entry, proof, response.cosignature_count, response.quorum)

    async def federation(self) -> directory.GetFederationResponse:
        """Look up members, projects and banks. Raises RefusedError or UnreachableError."""
        request = directory.GetFederationRequest()
        try:
            return await self._directory.GetFederation(
                request, timeout=LOOKUP_S, metadata=self._bearer
            )
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None

    async def explain(
        self, targets: Sequence[str], purpose: str, probe: str, granularity: str = "record"
    ) -> directory.ExplainAccessResponse:
        """Look up what may be asked of whom, filled in how, where that much is asked for.

        Raises RefusedError or UnreachableError.
        """
        request = directory.ExplainAccessRequest(
            purpose=_number(model.Purpose, "PURPOSE", purpose),
            targets=[target(text) for text in targets],
            probe=_number(node.ProbeKind, "PROBE_KIND", probe),
            granularity=_number(model.Granularity, "GRANULARITY", granularity),
        )
        try:
            return await self._directory.ExplainAccess(
                request, timeout=LOOKUP_S, metadata=self._bearer
            )
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None

    async def entries(self, start: int = 0, limit: int = 100) -> list[tuple[int, bytes]]:
        """Read entries of the hub's ledger as an auditor. Raises RefusedError."""
        request = audit.ListEntriesRequest(start_index=start, limit=limit)
        call = self._audit.ListEntries(request, timeout=LOOKUP_S, metadata=self._bearer)
        try:
            return [(entry.index, entry.entry) async for entry in call]
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None

    def compose(self, ask: Ask, probes: Sequence[model.Probe]) -> model.Query:
        """Build the query that is signed: with the time, the token's digest and a nonce."""
        query = model.Query(
            federation_id=self._federation.id,
            token_sha256=hashlib.sha256(self._token.encode()).digest(),
            targets=[target(text) for text in ask.targets],
            purpose=_number(model.Purpose, "PURPOSE", ask.purpose),
            case_reference=ask.case,
            justification=_justify(ask),
            probes=probes,
            granularity=_number(model.Granularity, "GRANULARITY", ask.granularity),
            nonce=secrets.token_bytes(16),
            limit=ask.limit,
        )
        query.deadline.FromNanoseconds(int(ask.deadline_s * 1e9))
        query.time.FromDatetime(self._clock.now())
        return query

    def sign(self, query: model.Query) -> wire.SearchRequest:
        """Serialise and sign a query."""
        data = query.SerializeToString()
        return wire.SearchRequest(
            query=data,
            token=self._token,
            signature=self._key.sign(Domain.QUERY, data),
            public_key=json.dumps(self._key.public_jwk()).encode(),
        )

    def _reader(self, query: model.Query, request: wire.SearchRequest) -> Reader:
        expected = Expected(
            federation_id=self._federation.id,
            digest=hashlib.sha256(request.query).digest(),
            granularity=query.granularity,
            limit=query.limit,
            probes=len(query.probes),
            keys={m.code: tuple(m.answer_keys) for m in self._federation.members},
        )
        return Reader(expected, tuple(self._federation.hub.receipt_keys), self._banks_of(query))

    def _banks_of(self, query: model.Query) -> tuple[str, ...]:
        """The banks that the targets mean, by this client's own federation file."""
        pairs = [(t.WhichOneof("target") or "", target_text(t)) for t in query.targets]
        banks = {m.code: m.banks for m in self._federation.members}
        try:
            return resolve_targets(self._federation, pairs, banks)
        except TargetUnknownError:
            return ()  # the hub refuses and names the target


def _justify(ask: Ask) -> model.Justification:
    """Put into the contract's words why it is asked."""
    why = model.Justification(offence=ask.offence)
    if ask.category:
        why.person_category = _number(model.PersonCategory, "PERSON_CATEGORY", ask.category)
    if ask.aim:
        why.aim = _number(model.Aim, "AIM", ask.aim)
    return why


def _open_channel(settings: ClientSettings, federation: Federation) -> grpc.aio.Channel:
    """A channel to the hub with mutual TLS."""
    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), federation.ca
    )
    options = (*CHANNEL_OPTIONS, ("grpc.ssl_target_name_override", federation.hub.name))
    address = settings.hub or federation.hub.address
    return grpc.aio.secure_channel(address, credentials, options=options)


def _number(kind: EnumTypeWrapper[Any], prefix: str, word: str) -> Any:  # noqa: ANN401 - each enumeration of the wire has its own type
    """The number of a word, as "terrorism".

    Raises:
        InputError: There is no such word; the text lists those that are.
    """
    name = f"{prefix}_{word.upper().replace('-', '_')}"
    numbers = dict(kind.items())
    if not numbers.get(name):
        words = ", ".join(n.removeprefix(f"{prefix}_").lower() for n, v in numbers.items() if v)
        what = prefix.replace("_", " ").lower()
        raise InputError(f"{what}: choose one of {words}", field=what)
    return numbers[name]


def target(text: str) -> model.Target:
    """Read a target as people write it: three capitals are a member, a slash makes a bank."""
    if "/" in text:
        return model.Target(bank=text)
    if len(text) == 3 and text.isascii() and text.isupper():  # noqa: PLR2004 - ISO alpha-3
        return model.Target(member=text)
    return model.Target(project=text)
