"""A hub that is put together in the test: real ledger, policy and keys, links in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.access.policy import Policy
from gateway.clock import ManualClock
from gateway.hub.breaker import Breaker
from gateway.hub.directory import Directory
from gateway.hub.fanout import FanOut
from gateway.hub.plan import Planner
from gateway.hub.search import Parts, Searcher
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.recorder import Recorder
from tests.kit.desk import Desk
from tests.kit.links import Node
from tests.kit.signed import MEMBERS, key_of, make_federation


@dataclass
class Hub:
    """The parts of a hub, and the officer who asks it."""

    clock: ManualClock
    nodes: dict[str, Node]
    directory: Directory
    breaker: Breaker
    planner: Planner
    recorder: Recorder
    ledger: Ledger
    folder: Path
    searcher: Searcher
    desk: Desk

    def entries(self) -> list[Entry]:
        return [entry for _, entry in read_entries(self.folder)]


@pytest.fixture
def federation():
    return make_federation()


@pytest.fixture
async def hub(clock, federation, tmp_path):
    nodes = {member: Node() for member in MEMBERS}
    directory = Directory(federation, nodes, clock)
    for member in MEMBERS:
        await directory.published.take(member, "", "")
    breaker = Breaker(clock)
    planner = Planner(directory, Policy.for_hub())
    folder = tmp_path / "ledger"
    ledger = await Ledger.open(folder, clock)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock)
    fanout = FanOut(clock, breaker)
    parts = Parts(federation, planner, fanout, recorder, key_of("HUB"), clock, directory.board)
    searcher = Searcher(parts)
    desk = Desk(federation, clock)
    yield Hub(clock, nodes, directory, breaker, planner, recorder, ledger, folder, searcher, desk)
    await ledger.close()
