"""The planted subjects are found across scripts, and the groups do not mix persons.

Each subject is asked once, by name alone (with the birth date where the name is a single word, as
the baseline asks), through hub and nodes over gRPC. A record counts where the name was asked in
another script than the bank's. Banks whose owner gives no references cannot be counted.
"""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from gateway.client import Ask, BankEnd, Client, Groups
from gateway.hub.server import serve_hub
from gateway.node.server import serve_nodes
from gateway.probe import person
from gateway.running import Stopper
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings
from seeds.home import build_home, read_ports
from seeds.service import serve
from seeds.truth import TRUTH
from tests.kit.world import WHY

NAMES = {"Cyrl": "cyrillic", "Latn": "latin", "Arab": "persian"}
SILENT = {"LKA/persons"}
"""Gives no references: its policy answers only that something exists."""


@dataclass
class Score:
    """What came back."""

    expected: int = 0
    found: int = 0
    groups: int = 0
    mixed: int = 0
    missed: list[str] = field(default_factory=list)


@pytest.fixture
async def home(tmp_path):
    """The whole demonstration in this process, with few ordinary persons."""
    home = tmp_path / "home"
    build_home(home, rows=200, documents=200)
    folder = home / "nodes" / "IRN" / "banks" / "persons"
    token = (folder / "token").read_text(encoding="utf-8").strip()
    service = await serve(folder / "afrad.jsonl", read_ports(home).service, token=token)
    stoppers, tasks = [Stopper(), Stopper()], []
    nodes = [read_settings(NodeSettings, p) for p in sorted(home.glob("nodes/*/node.toml"))]
    hub = read_settings(HubSettings, home / "hub" / "hub.toml")
    for start, stopper in (
        (lambda ready, stopper: serve_nodes(nodes, ready, stopper), stoppers[0]),
        (lambda ready, stopper: serve_hub(hub, ready, stopper), stoppers[1]),
    ):
        ready = asyncio.Event()
        task = asyncio.create_task(start(lambda _, ready=ready: ready.set(), stopper))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), task.result()
        tasks.append(task)
    yield home
    for stopper, task in zip(reversed(stoppers), reversed(tasks), strict=True):
        stopper.event.set()
        await task
    await service.cleanup()


def choose_script(subject) -> str:
    """The script that most of the subject's banks do not write."""
    written = [r["script"] for r in subject["records"] if "script" in r]
    return min(NAMES, key=written.count)


async def search(client: Client, subject, script: str):
    """Ask for one subject; return the references found, and the groups as lists of them."""
    name = subject[NAMES[script]]
    birth = subject["birth"] if len(name.split()) == 1 else ""
    probe = person(name, birth=birth)
    question = Ask(("kalkan",), "terrorism", "R-1", probe, deadline_s=30.0, limit=50, **WHY)
    events = await client.search_once(question)
    references = {}
    for event in events:
        if isinstance(event, BankEnd) and event.answer is not None:
            for index, hit in enumerate(event.answer.hits):
                references[event.bank, index] = (event.bank, hit.record.reference)
    groups = next(e.groups for e in events if isinstance(e, Groups))
    return set(references.values()), [[references[h.bank, h.hit] for h in g.hits] for g in groups]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_planted_subjects_come_back_across_scripts_and_groups_hold_one_person(home):
    subjects = json.loads(TRUTH.read_text(encoding="utf-8"))["subjects"]
    assert len(subjects) >= 150
    owner = {(r["bank"], r["reference"]): s["id"] for s in subjects for r in s["records"]}
    score = Score()
    async with Client(
        read_settings(ClientSettings, home / "clients" / "officer" / "client.toml")
    ) as client:
        for subject in subjects:
            script = choose_script(subject)
            found, groups = await search(client, subject, script)
            for record in subject["records"]:
                if record.get("script", script) == script or record["bank"] in SILENT:
                    continue
                score.expected += 1
                if (record["bank"], record["reference"]) in found:
                    score.found += 1
                else:
                    score.missed.append(f"{record['bank']} {subject['id']} in {script}")
            for group in groups:
                score.groups += 1
                score.mixed += len({owner.get(ref, ref) for ref in group}) > 1
    print(
        f"\nrecall {score.found}/{score.expected} = {score.found / score.expected:.3f}; "
        f"groups of several persons {score.mixed}/{score.groups}"
    )
    assert score.expected >= 300
    assert score.found / score.expected >= 0.85, score.missed
    assert score.mixed / score.groups <= 0.05
