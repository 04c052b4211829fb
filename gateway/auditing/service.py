"""AuditService as the contract has it, over one ledger: the hub's or a node's.

Each access is an entry before anything is given: who, which method, and by which fields it was
filtered, never by which values.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, nullcontext
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from gateway.auditing.follow import Following, Numbered
from gateway.auditing.reader import AUDITOR, KEEPER, Reader, Readers
from gateway.auditing.request import Listing, read_listing, require_index
from gateway.errors import FieldInvalidError, PolicyRefusedError
from gateway.ledger.custody import KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import KeyUnavailableError
from gateway.ledger.filter import Found, scan, scan_back
from gateway.ledger.kinds import Kind
from gateway.ledger.read import read_stored
from gateway.ledger.seal import sealed_part
from gateway.limits import require_text
from gateway.recorder import PERSONAL, Recorder
from gateway.serving import Call, Method
from kalkan.v1 import audit_service_pb2 as wire

MAX_KEYS: Final = 10_000
MAX_REASON: Final = 200
SERVICE: Final = "kalkan.v1.AuditService"
_CHUNK: Final = 1_024
"""Entries that are looked at in one go off the event loop."""


class AuditMethods:
    """Reads one ledger for those who may."""

    def __init__(
        self, readers: Readers, recorder: Recorder, folder: Path, following: Following | None = None
    ) -> None:
        """Read the ledger in `folder`; write each access to it; followers are of `following`."""
        self._readers = readers
        self._recorder = recorder
        self._folder = folder
        self._keys = KeyFolder(folder)
        self._following = following or Following(folder, asyncio.Event())

    def methods(self) -> tuple[Method[Any, Any], ...]:
        """What is served of them."""
        return (
            Method("ListEntries", wire.ListEntriesRequest, stream=self.list_entries),
            Method("GetEntry", wire.GetEntryRequest, unary=self.get_entry),
            Method("ListKeys", wire.ListKeysRequest, unary=self.list_keys),
            Method("OpenKey", wire.OpenKeyRequest, unary=self.open_key),
            Method("GetPart", wire.GetPartRequest, unary=self.get_part),
        )

    async def list_entries(
        self, request: wire.ListEntriesRequest, call: Call
    ) -> AsyncGenerator[wire.ListEntriesResponse, None]:
        """Stream the entries that a filter keeps and the reader may see.

        Raises:
            AccessError, PolicyRefusedError: The requester may not read here, or any more.
            FieldInvalidError: A field is against its limits.
            OverloadedError: Too many follow already.
        """
        reader = self._readers.identify(call, AUDITOR)
        listing = read_listing(request)
        with self._following.place() if listing.follow else nullcontext():
            await self._admit(call, "list_entries", probe_fields=listing.filter.names)
            left = listing.limit
            async with aclosing(self._find(listing, reader)) as found:
                async for one in found:
                    self._readers.require_standing(reader)
                    if one is None:
                        continue
                    yield wire.ListEntriesResponse(
                        index=one[0], entry=one[1], next_page_token=listing.token_after(one[0])
                    )
                    left -= 1
                    if not left:
                        return

    def _find(self, listing: Listing, reader: Reader) -> AsyncGenerator[Numbered | None, None]:
        def keeps(stored: Any) -> bool:  # noqa: ANN401 - the stored form, as JSON gives it
            return reader.scope.opens(stored) and listing.filter.keeps(stored)

        if listing.follow:
            return self._following.entries(keeps, listing.start or 0)
        if listing.newest_first:
            return _look(scan_back(self._folder, keeps, listing.start))
        return _look(scan(self._folder, keeps, listing.start or 0))

    async def get_entry(self, request: wire.GetEntryRequest, call: Call) -> wire.GetEntryResponse:
        """Give one entry.

        Raises:
            AccessError, PolicyRefusedError: The requester may not read here.
            FieldInvalidError: There is no such entry that the requester may see.
        """
        reader = self._readers.identify(call, AUDITOR)
        data = await self._read(request.index, reader)
        await self._admit(call, "get_entry")
        return wire.GetEntryResponse(entry=data)

    async def _read(self, index: int, reader: Reader) -> bytes:
        require_index("index", index)
        found = await asyncio.to_thread(lambda: next(read_stored(self._folder, index), None))
        if found is None or not reader.scope.opens(json.loads(found[1])):
            # What is not here and what is not for this reader look the same.
            limit = "the number of an entry that you may see"
            raise FieldInvalidError(f"index must be {limit}", field="index", limit=limit)
        return found[1]

    async def list_keys(self, request: wire.ListKeysRequest, call: Call) -> wire.ListKeysResponse:
        """List the keys of the reader's own member."""
        del request
        reader = self._readers.identify(call, KEEPER)
        await self._admit(call, "list_keys")
        named = await asyncio.to_thread(
            lambda: list(islice(self._keys.present(reader.member), MAX_KEYS))
        )
        keys = [wire.PeriodKey(authority=a, period=p, key_id=k) for a, p, k in named]
        return wire.ListKeysResponse(keys=keys)

    async def open_key(self, request: wire.OpenKeyRequest, call: Call) -> wire.OpenKeyResponse:
        """Give a wrapped key, after an entry says so.

        Raises:
            AccessError, PolicyRefusedError: The requester may not, or it is another member's key.
            FieldInvalidError: No reason is named, or the key is not here, or not any more.
        """
        reader = self._readers.identify(call, KEEPER)
        require_text("reason", request.reason, MAX_REASON, 1)
        key = request.key
        if key.authority != reader.member:
            raise PolicyRefusedError("a key is for its own member", rule="ledger.own_key")
        wrapped = await asyncio.to_thread(self._read_key, key)
        facts = {
            "action": "opened",
            "authority": key.authority,
            "period": key.period,
            "key_id": key.key_id,
            "key_sha256": sha256(wrapped).hexdigest(),
            PERSONAL: {key.authority: {"reason": request.reason}},
        }
        await self._recorder.write(Kind.KEY, {**call.facts, **facts})
        return wire.OpenKeyResponse(wrapped=wrapped)

    def _read_key(self, key: wire.PeriodKey) -> bytes:
        # Only what is listed is read: a name that is made up reaches no path.
        if (key.authority, key.period, key.key_id) in self._keys.present(key.authority):
            try:
                return self._keys.read(key.authority, key.period, key.key_id)
            except KeyUnavailableError:
                pass  # destroyed in this moment
        limit = "a key that is here"
        raise FieldInvalidError(f"key must be {limit}", field="key", limit=limit)

    async def get_part(self, request: wire.GetPartRequest, call: Call) -> wire.GetPartResponse:
        """Give what an entry has sealed to the reader's own member.

        Raises:
            AccessError, PolicyRefusedError: The requester may not read here.
            FieldInvalidError: No such part is here.
        """
        reader = self._readers.identify(call, KEEPER)
        entry = parse_entry(await self._read(request.index, reader))
        await self._admit(call, "get_part")
        try:
            sealed = await asyncio.to_thread(sealed_part, entry, reader.member, self._folder)
        except KeyUnavailableError:
            limit = "an entry with a part of yours that is here"
            raise FieldInvalidError(f"index must be {limit}", field="index", limit=limit) from None
        return wire.GetPartResponse(sealed=sealed)

    async def _admit(self, call: Call, action: str, **facts: Any) -> None:  # noqa: ANN401 - facts of an entry
        await self._recorder.write(Kind.ADMIN, {**call.facts, "action": action, **facts})


async def _look(found: Iterator[Found | None]) -> AsyncGenerator[Numbered, None]:
    """Yield what a scan finds; it looks off the event loop, also while it finds nothing."""
    while chunk := await asyncio.to_thread(lambda: list(islice(found, _CHUNK))):
        for one in chunk:
            if one is not None:
                yield one[0], one[1]
