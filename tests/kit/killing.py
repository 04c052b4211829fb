"""Kill a hub again and again under load, and hold what its clients got against its ledger.

Each life of the hub has 64 searches at once and ends by SIGKILL when a drawn number of events has
reached the clients. What the ledger holds is read on from where the last look ended: with frames,
as it was written, and with proofs, against checkpoints that are checked as a stranger would.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway.client import Client, Ended
from gateway.errors import UnreachableError
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import CLOSING, Kind
from gateway.ledger.read import read_entries
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.hashing import hash_leaf
from gateway.ledger.tlog.merkle import EMPTY, Tree, verify_consistency, verify_inclusion
from gateway.ledger.tlog.vkey import Vkey, parse_vkey
from gateway.ledger.verify.whole import examine
from tests.kit.hatchery import Hatchery
from tests.kit.world import World, ask, build_world

AT_ONCE = 64
MEMBER = "KAZ"
BANK = f"{MEMBER}/persons"
MOST_EVENTS = 3 * AT_ONCE
"""A search has four events: every life ends before its last search has."""
IN_ITS_START = 0.1
"""Of so many lives the end comes while the ledger is being opened."""


@dataclass(frozen=True)
class Got:
    """An answer that a client got whole: what its receipt, which was verified, says of the log."""

    search_id: str
    query_sha256: str
    index: int


@dataclass
class Seen:
    """What was found in one log so far.

    Attributes:
        next_index: Where to read on.
        open: Searches with an intent and no end, with the intent's index.
        begun: Of each answered search that has no proof yet, the intent's index.
        waiting: Answers that no checkpoint has covered yet.
        signed: The tree of the last checkpoint that was looked at.
        counts: Kills, answers, proofs, orphans.
    """

    next_index: int = 0
    open: dict[str, int] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    waiting: list[Got] = field(default_factory=list)
    signed: Tree = EMPTY
    counts: Counter[str] = field(default_factory=Counter)


class Auditor:
    """Reads the hub's ledger on after each kill, and believes nothing."""

    def __init__(self, folder: Path, key: Vkey, seen: Seen) -> None:
        self.folder = folder
        self.key = key
        self.seen = seen

    def look(self, got: list[Got]) -> None:
        """Read what is new: every answer has its entries, whatever was covered its proofs."""
        ended = dict(self._read())
        seen = self.seen
        for each in got:
            outcome = ended[each.search_id]
            assert outcome == (each.index, Kind.OUTCOME, each.query_sha256)
        seen.waiting += got
        answered = {each.search_id for each in seen.waiting}
        seen.begun = {search: at for search, at in seen.begun.items() if search in answered}
        self._prove()

    def _read(self) -> Iterator[tuple[str, tuple[int, Kind, str]]]:
        """Yield the end of each search; each has begun before, and ends once."""
        seen = self.seen
        for index, entry in read_entries(self.folder, seen.next_index):
            assert index == seen.next_index
            seen.next_index += 1
            self._note_begin(index, entry)
            if entry.kind in CLOSING and entry.search_id:
                seen.begun[entry.search_id] = seen.open.pop(entry.search_id)
                seen.counts["orphans"] += entry.kind is Kind.RECOVERED
                yield entry.search_id, (index, entry.kind, entry.query_sha256)

    def _note_begin(self, index: int, entry: Entry) -> None:
        if entry.kind is Kind.START:  # recovery is over: nothing is open any more
            assert self.seen.open == {}
            self.seen.counts["recoveries"] += 1
        if entry.kind is Kind.INTENT:
            assert entry.search_id not in self.seen.open
            self.seen.open[entry.search_id] = index

    def _prove(self) -> None:
        """Hold what waits against the checkpoint, which continues the last that was seen."""
        path = self.folder / "checkpoint"
        if not path.exists():  # killed before the first was signed
            assert self.seen.signed == EMPTY
            return
        checkpoint = open_checkpoint(path.read_bytes(), self.key)
        tree = Tree(checkpoint.size, checkpoint.root)
        tiles = Tiles(self.folder, tree.size)
        verify_consistency(self.seen.signed, tree, tiles.consistency(self.seen.signed.size))
        self.seen.signed = tree
        covered = [each for each in self.seen.waiting if each.index < tree.size]
        for each in covered:
            for index in (self.seen.begun.pop(each.search_id), each.index):
                entry = tiles.entry(index)
                assert each.search_id.encode() in entry
                verify_inclusion(hash_leaf(entry), index, tiles.inclusion(index), tree)
        self.seen.waiting = [each for each in self.seen.waiting if each.index >= tree.size]
        self.seen.counts["proved"] += len(covered)


class Killing:
    """A federation whose hub is killed.

    Args:
        home: Where it is built, or continued.
        seed: Draws the moments.
    """

    def __init__(self, home: Path, seed: int) -> None:
        self.world: World = build_world(home, (MEMBER,))
        self.choice = random.Random(seed)
        key = parse_vkey(self.world.federation.hub.ledger_vkey)
        self.auditor = Auditor(home / "hub" / "ledger", key, Seen())

    @property
    def seen(self) -> Seen:
        return self.auditor.seen

    async def run(self, kills: int) -> None:
        """Kill so often, look after each; then end in order and check the whole log."""
        async with Hatchery() as hatchery:
            await self.world.start_node(MEMBER)
            try:
                for _ in range(kills):
                    await self.live(hatchery)
                await self.finish(hatchery)
            finally:
                await self.world.stop()

    async def live(self, hatchery: Hatchery) -> None:
        """Start the hub, ask, kill it after some events, look."""
        await hatchery.fork(self.world.home / "hub" / "hub.toml")
        got: list[Got] = []
        if self.choice.random() < IN_ITS_START:
            await self._lock_taken(hatchery.pid)
            hatchery.kill()
        else:
            await hatchery.ready()
            got = await self._ask_until(self.choice.randint(1, MOST_EVENTS), hatchery)
        self.seen.counts["kills"] += 1
        self.seen.counts["answers"] += len(got)
        await asyncio.to_thread(self.auditor.look, got)

    async def _lock_taken(self, pid: int) -> None:
        """Wait until the ledger is being opened."""
        lock = self.auditor.folder / "lock"
        taken = b"%d\n" % pid
        while not lock.exists() or lock.read_bytes() != taken:  # noqa: ASYNC110 - by another process
            await asyncio.sleep(0.001)

    async def _ask_until(self, moment: int, hatchery: Hatchery) -> list[Got]:
        """Ask 64 questions at once; kill the hub at an event; return what was answered whole."""
        left = moment

        def happened() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                hatchery.kill()

        async with Client(self.world.settings()) as client:
            searches = [_search(client, happened) for _ in range(AT_ONCE)]
            ends = await asyncio.gather(*searches, return_exceptions=True)
        assert left <= 0, ends
        assert all(isinstance(end, Got | UnreachableError) for end in ends), ends
        return [end for end in ends if isinstance(end, Got)]

    async def finish(self, hatchery: Hatchery) -> None:
        """Start once more, end in order: nothing is open, all is proved, `verify` finds nothing."""
        await hatchery.fork(self.world.home / "hub" / "hub.toml")
        await hatchery.ready()
        await asyncio.to_thread(hatchery.end, signal.SIGTERM)
        self.auditor.look([])
        assert self.seen.open == {}
        assert self.seen.waiting == []
        report = examine(self.auditor.folder, self.auditor.key, lambda holds: holds())
        assert report.findings == ()
        assert report.size == report.entries == self.seen.next_index


async def _search(client: Client, happened: Callable[[], None]) -> Got:
    """Ask; tell each event, and return what the receipt says.

    Raises:
        UnreachableError: The hub went away.
    """
    async for event in client.search(ask("Рустам Каримов", BANK, deadline_s=30.0)):
        happened()
        if isinstance(event, Ended):
            receipt = event.receipt
            return Got(receipt.search_id, receipt.query_sha256.hex(), receipt.ledger_index)
    raise AssertionError("a search that has no end has an error")
