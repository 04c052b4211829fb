"""One ledger, read on this machine's disk or asked of its server: the same to every command."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from gateway.access.federation import Federation, read_federation
from gateway.cli.exits import CommandError, Exit
from gateway.clock import SystemClock
from gateway.inspector import Inspector
from gateway.ledger.custody import KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import LedgerLockedError
from gateway.ledger.filter import Filter, scan, scan_back
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import follow, read_stored
from gateway.ledger.seal import sealed_part
from gateway.receipts.proof import Checkpoints, Given
from gateway.receipts.stored import StoredProofs
from gateway.recorder import PERSONAL, Recorder
from gateway.running import make_sealer, read_signer
from gateway.settings import ClientSettings, HubSettings, NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.options import Where

Key = tuple[str, str, str]
"""Authority, period and id of a period key."""
HUB_MEMBER: Final = "HUB"


class Source(Protocol):
    """A ledger that can be read."""

    def entries(
        self, wanted: Filter, limit: int | None = None, *, newest_first: bool = False
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Yield numbers and stored bytes of entries."""
        ...

    def follow(self, wanted: Filter, start: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield numbers and stored bytes of entries from an index on, and each as it comes."""
        ...

    async def entry(self, index: int) -> bytes:
        """Read the stored bytes of one entry."""
        ...

    async def proofs(self, index: int = 0, search_id: str = "") -> list[Given]:
        """Read an entry, or those of one search, with their proofs."""
        ...

    async def checkpoints(self) -> Checkpoints:
        """Read the newest checkpoints."""
        ...

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Read the proof that one size of the ledger continues another."""
        ...

    async def keys(self) -> list[Key]:
        """List the keys that are here."""
        ...

    async def wrapped(self, key: Key, reason: str) -> bytes:
        """Read a wrapped key, after an entry says why."""
        ...

    async def part(self, index: int, authority: str) -> str:
        """Read what an entry has sealed to an authority."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """A server's files on this machine.

    Attributes:
        folder: Its ledger.
        federation: Its federation file, read.
        member: Whose ledger it is, "HUB" for the hub's.
        settings: The server's own settings.
    """

    folder: Path
    federation: Federation
    member: str
    settings: HubSettings | NodeSettings

    @property
    def side(self) -> Side:
        """Which of the twins it is."""
        return Side.HUB if self.member == HUB_MEMBER else Side.NODE


def find_site(home: Path, member: str) -> Site:
    """Find the hub of a home, or a member's node.

    Raises:
        CommandError: There is no such server in this home.
        SettingsError, AccessError: Its settings are wrong.
    """
    path = home / "nodes" / member / "node.toml" if member else home / "hub" / "hub.toml"
    if not path.is_file():
        what = f"node of {member}" if member else "hub"
        raise CommandError(f"{home}: has no {what}; name the federation's folder with --home")
    settings: HubSettings | NodeSettings
    settings = read_settings(NodeSettings, path) if member else read_settings(HubSettings, path)
    federation = read_federation(settings.at(settings.federation))
    return Site(settings.at(settings.ledger), federation, member or HUB_MEMBER, settings)


@asynccontextmanager
async def open_recorder(site: Site) -> AsyncGenerator[Recorder, None]:
    """Write to a ledger whose server does not run.

    Raises:
        CommandError: The server runs: it must be asked itself.
        LedgerError: The ledger does not hold.
    """
    clock = SystemClock()
    try:
        signer = read_signer(site.settings, site.federation, site.member)
        ledger = await Ledger.open(site.folder, clock, signer=signer)
    except LedgerLockedError:
        at = "hub" if site.side is Side.HUB else site.member
        raise CommandError(
            f"{site.folder}: its server runs and alone writes here; stop it, or ask it with "
            f"--as NAME --at {at}"
        ) from None
    try:
        sealer = make_sealer(site.folder, site.federation, clock)
        yield Recorder(ledger, site.side, site.member, clock, sealer)
    finally:
        await ledger.close()


class DiskSource:
    """A ledger on this machine; opening a key needs its server to be stopped, for the entry."""

    def __init__(self, site: Site) -> None:
        """Read the ledger of `site`."""
        self._site = site
        self._stored = StoredProofs(site.folder, site.federation, site.member)

    async def entries(
        self, wanted: Filter, limit: int | None = None, *, newest_first: bool = False
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Yield numbers and stored bytes of entries."""
        folder = self._site.folder
        found = scan_back(folder, wanted.keeps) if newest_first else scan(folder, wanted.keeps)
        for number, (index, data, _) in enumerate(one for one in found if one is not None):
            if number == limit:
                return
            yield index, data

    async def follow(self, wanted: Filter, start: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield numbers and stored bytes of entries from an index on, and each as it comes."""
        async for index, entry in follow(self._site.folder, start):
            if wanted.keeps(json.loads(entry.encode())):
                yield index, entry.encode()

    async def proofs(self, index: int = 0, search_id: str = "") -> list[Given]:
        """Read an entry, or those of one search, with their proofs."""
        if not search_id:
            return [self._stored.prove(index, await self.entry(index))]
        found = self.entries(Filter(search_id=search_id))
        proofs = [self._stored.prove(number, data) async for number, data in found]
        if not proofs:
            raise CommandError("no entry of this search is here", Exit.NO_HIT)
        return proofs

    async def checkpoints(self) -> Checkpoints:
        """Read the newest checkpoints."""
        return self._stored.checkpoints()

    async def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Read the proof that one size of the ledger continues another."""
        return self._stored.consistency(old, new)

    async def entry(self, index: int) -> bytes:
        """Read the stored bytes of one entry."""
        found = next(read_stored(self._site.folder, index), None)
        if found is None:
            raise CommandError(f"{self._site.folder}: has no entry {index}")
        return found[1]

    async def keys(self) -> list[Key]:
        """List the keys that are here."""
        return list(KeyFolder(self._site.folder).present())

    async def wrapped(self, key: Key, reason: str) -> bytes:
        """Read a wrapped key, after an entry says why."""
        data = KeyFolder(self._site.folder).read(*key)
        authority, period, number = key
        facts = {
            "action": "opened",
            "method": "on disk",
            "authority": authority,
            "period": period,
            "key_id": number,
            "key_sha256": sha256(data).hexdigest(),
            PERSONAL: {authority: {"reason": reason}},
        }
        async with open_recorder(self._site) as recorder:
            await recorder.write(Kind.KEY, facts)
        return data

    async def part(self, index: int, authority: str) -> str:
        """Read what an entry has sealed to an authority."""
        entry = parse_entry(await self.entry(index))
        return sealed_part(entry, authority, self._site.folder)


@dataclass(frozen=True, slots=True)
class Opened:
    """A ledger that is open for reading, and the federation that it belongs to."""

    source: Source
    federation: Federation
    member: str


@asynccontextmanager
async def open_source(where: Where) -> AsyncGenerator[Opened, None]:
    """Open the ledger that the options name.

    Raises:
        CommandError: There is no such ledger or client.
    """
    home = home_of(where.home)
    if not where.as_name:
        if where.hub and where.node:
            raise CommandError("choose --hub or --node MEMBER, not both")
        site = find_site(home, where.node.upper())
        yield Opened(DiskSource(site), site.federation, site.member)
        return
    path = home / "clients" / where.as_name / "client.toml"
    if not path.is_file():
        raise CommandError(f"{home}: has no client {where.as_name}")
    settings = read_settings(ClientSettings, path)
    at = where.at or where.node or "hub"
    async with Inspector(settings, at) as source:
        federation = read_federation(settings.at(settings.federation))
        yield Opened(source, federation, HUB_MEMBER if at.lower() == "hub" else at.upper())
