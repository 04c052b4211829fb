"""The auditor's client: read the ledger of the hub, or of one's own member's node, over the wire.

async with Inspector(settings, "hub") as inspector:
    async for index, data in inspector.entries(Filter(purpose="terrorism")):
        print(index, parse_entry(data))
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import TracebackType
from typing import Any, Final, Self

import grpc

from gateway.access.federation import Federation, read_federation
from gateway.access.issuers import node_roots
from gateway.errors import InputError, UnreachableError
from gateway.ledger.filter import Filter
from gateway.receipts.proof import Checkpoints, Given
from gateway.refusals import translate
from gateway.running import channel_credentials
from gateway.settings import ClientSettings
from gateway.wire import CHANNEL_OPTIONS
from kalkan.v1 import audit_service_pb2 as wire
from kalkan.v1 import audit_service_pb2_grpc

HUB: Final = "hub"
CALL_S: Final = 10.0
"""Seconds that a call for one thing may take."""
LIST_S: Final = 300.0
"""Seconds that one page of entries may take: a ledger of millions is read from end to end."""
PAGE: Final = 10_000
PROOF_S: Final = 7.0
"""Seconds within which a proof can be had."""


class Inspector:
    """Reads one ledger by AuditService. Use as an asynchronous context manager."""

    def __init__(self, settings: ClientSettings, at: str = HUB) -> None:
        """Read the federation and the token that `settings` name; reach "hub" or a member's node.

        Raises:
            AccessError: A key or the federation file does not hold.
            InputError: There is no such member.
        """
        federation = read_federation(settings.at(settings.federation))
        target, name = _address_of(federation, settings, at)
        credentials = channel_credentials(
            settings.at(settings.certificate),
            settings.at(settings.key),
            node_roots(federation, at.upper()),  # of the hub the federation's alone
        )
        options = (*CHANNEL_OPTIONS, ("grpc.ssl_target_name_override", name))
        self._channel = grpc.aio.secure_channel(target, credentials, options=options)
        self._stub = audit_service_pb2_grpc.AuditServiceStub(self._channel)
        token = settings.at(settings.token).read_text(encoding="utf-8").strip()
        self._bearer = (("authorization", f"Bearer {token}"),)

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
        await self._channel.close()

    async def entries(
        self, wanted: Filter, limit: int | None = None, *, newest_first: bool = False
    ) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield numbers and stored bytes of entries, page by page; all without a limit.

        Raises:
            RefusedError: The requester may not read here, or a field is wrong.
            UnreachableError: The server cannot be reached.
        """
        request = wire.ListEntriesRequest(filter=_write(wanted), newest_first=newest_first)
        left = limit
        while left is None or left > 0:
            request.limit = PAGE if left is None else min(left, PAGE)
            count = 0
            async with aclosing(self._list(request, LIST_S)) as responses:
                async for response in responses:
                    count += 1
                    request.page_token = response.next_page_token
                    yield response.index, response.entry
            if count < request.limit:
                return
            left = None if left is None else left - count

    async def entry(self, index: int) -> bytes:
        """Read the stored bytes of one entry. Raises as `entries`."""
        request = wire.GetEntryRequest(index=index)
        response: wire.GetEntryResponse = await self._ask(self._stub.GetEntry, request)
        return response.entry

    async def follow(self, wanted: Filter, start: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield numbers and stored bytes of entries from an index on, and each as it comes.

        It goes on until the caller ends it. Raises as `entries`, and UnreachableError when the
        server stops.
        """
        request = wire.ListEntriesRequest(
            filter=_write(wanted), start_index=start, follow=True, limit=PAGE
        )
        while True:
            count = 0
            async with aclosing(self._list(request, None)) as responses:
                async for response in responses:
                    count += 1
                    request.page_token = response.next_page_token
                    yield response.index, response.entry
            if count < PAGE:
                raise UnreachableError("the server has ended: try again later")

    async def _list(
        self, request: wire.ListEntriesRequest, seconds: float | None
    ) -> AsyncGenerator[wire.ListEntriesResponse, None]:
        call = self._stub.ListEntries(request, timeout=seconds, metadata=self._bearer)
        try:
            async for response in call:
                yield response
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None
        finally:
            call.cancel()

    async def proofs(self, index: int = 0, search_id: str = "") -> list[Given]:
        """Read an entry, or those of one search, with their proofs; nothing is checked.

        Waits for the witnesses a while. Raises as `entries`.
        """
        request = wire.ProveEntriesRequest(index=index, search_id=search_id)
        call = self._stub.ProveEntries(request, timeout=PROOF_S, metadata=self._bearer)
        try:
            return [
                Given(one.index, one.entry, one.proof, one.cosignature_count, one.quorum)
                async for one in call
            ]
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None

    async def checkpoints(self) -> Checkpoints:
        """Read the newest checkpoints; nothing is checked. Raises as `entries`."""
        response = await self._ask(self._stub.GetCheckpoint, wire.GetCheckpointRequest())
        counts = response.cosignature_count, response.quorum
        return Checkpoints(response.newest, response.witnessed, *counts)

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Read the proof that one size of the ledger continues another. Raises as `entries`."""
        request = wire.ProveConsistencyRequest(old_size=old, new_size=new)
        response = await self._ask(self._stub.ProveConsistency, request)
        return tuple(response.hashes)

    async def keys(self) -> list[tuple[str, str, str]]:
        """List authority, period and id of the keys of one's own member. Raises as `entries`."""
        response = await self._ask(self._stub.ListKeys, wire.ListKeysRequest())
        return [(key.authority, key.period, key.key_id) for key in response.keys]

    async def wrapped(self, key: tuple[str, str, str], reason: str) -> bytes:
        """Open a key: get it wrapped to its custodians, after an entry says why."""
        authority, period, number = key
        named = wire.PeriodKey(authority=authority, period=period, key_id=number)
        request = wire.OpenKeyRequest(key=named, reason=reason)
        response: wire.OpenKeyResponse = await self._ask(self._stub.OpenKey, request)
        return response.wrapped

    async def part(self, index: int, authority: str = "") -> str:
        """Read what an entry has sealed to one's own member: there is no other choice.

        Raises as `entries`.
        """
        del authority
        request = wire.GetPartRequest(index=index)
        response: wire.GetPartResponse = await self._ask(self._stub.GetPart, request)
        return response.sealed

    async def _ask(self, method: Callable[..., Any], request: Any) -> Any:  # noqa: ANN401 - each method has its own messages
        try:
            return await method(request, timeout=CALL_S, metadata=self._bearer)
        except grpc.aio.AioRpcError as exc:
            raise translate(exc) from None


def _address_of(federation: Federation, settings: ClientSettings, at: str) -> tuple[str, str]:
    """Where the server listens, and the name in its certificate."""
    if at.lower() == HUB:
        return settings.hub or federation.hub.address, federation.hub.name
    member = federation.member(at.upper())
    if member is None:
        raise InputError("at: write hub or a member, as KAZ", field="at")
    return member.node, member.node_name


def _write(wanted: Filter) -> wire.EntryFilter:
    """Put a filter on the wire."""
    message = wire.EntryFilter(
        search_id=wanted.search_id,
        who=wanted.who,
        requester_member=wanted.requester_member,
        bank=wanted.bank,
        purpose=wanted.purpose,
        rule=wanted.rule,
        kind=wanted.kind,
        state=wanted.state,
        probe=wanted.probe,
    )
    if wanted.since is not None:
        message.start_time.FromDatetime(wanted.since)
    if wanted.until is not None:
        message.end_time.FromDatetime(wanted.until)
    return message
