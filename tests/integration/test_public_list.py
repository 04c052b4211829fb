"""A real public list, mounted as the international counter-terrorism bank, answers over gRPC.

What is looked for is picked from the list itself, so that no listed name is written here.
"""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lxml import etree

from adapters.matching.analysis import count_parts
from gateway.client import Ask, BankEnd, Client
from gateway.hub.server import serve_hub
from gateway.node.server import serve_nodes
from gateway.probe import document, person
from gateway.running import Stopper
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings
from seeds.home import build_home
from tests.kit.world import WHY

LISTS = Path(__file__).parents[3] / "shared" / "data" / "lists"
BANK = "RCC/counter"
pytestmark = pytest.mark.lists


@asynccontextmanager
async def mounted(home: Path, name: str):
    """Build a home with the list, run its node and the hub, and give a client."""
    if not (LISTS / name).is_file():
        pytest.skip(f"the public list {name} is not beside the repository")
    build_home(home, rows=20, documents=20, list_file=LISTS / name)
    # The list's own node, and that of the officer: it says that the officer is not revoked.
    paths = [home / "nodes" / code / "node.toml" for code in ("RCC", "KAZ")]
    nodes = [read_settings(NodeSettings, path) for path in paths]
    hub = read_settings(HubSettings, home / "hub" / "hub.toml")
    stoppers = [Stopper(), Stopper()]
    tasks = []
    for serve, settings, stopper in (
        (serve_nodes, nodes, stoppers[0]),
        (serve_hub, hub, stoppers[1]),
    ):
        ready = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(serve(settings, ready.set_result, stopper))
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), task.result()
        tasks.append(task)
    settings = read_settings(ClientSettings, home / "clients" / "officer" / "client.toml")
    async with Client(settings) as client:
        yield client
    for stopper, task in zip(reversed(stoppers), reversed(tasks), strict=True):
        stopper.event.set()
        await task


async def references(client: Client, probe) -> list[str]:
    """The references that the list's bank gives for a probe, best first."""
    ask = Ask((BANK,), "terrorism", "L-1", probe, deadline_s=20.0, **WHY)
    events = await client.search_once(ask)
    end = next(e for e in events if isinstance(e, BankEnd))
    assert end.state in {"answered", "no_hit"}, end
    return [hit.record.reference for hit in end.answer.hits]


def text(element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def individuals():
    """The individuals of the list, as (element, reference)."""
    tree = etree.parse(LISTS / "un_consolidated.xml")
    found = tree.iterfind("./INDIVIDUALS/INDIVIDUAL")
    return [(person, text(person, "REFERENCE_NUMBER")) for person in found]


async def test_un_list_is_found_by_original_name_alias_passport_and_year_of_birth(tmp_path):
    async with mounted(tmp_path / "home", "un_consolidated.xml") as client:
        people = individuals()
        checks = {
            "original": [
                (person(name), ref)
                for who, ref in people
                if len((name := text(who, "NAME_ORIGINAL_SCRIPT")).split()) in {2, 3, 4}
                and count_parts(name) > 1  # a title and one name are one name
            ],
            "alias": [
                (person(name), ref)
                for who, ref in people
                for alias in who.iterfind("INDIVIDUAL_ALIAS")
                if text(alias, "QUALITY") == "Good"
                and len((name := text(alias, "ALIAS_NAME")).split()) in {2, 3}
                and count_parts(name) > 1
            ],
            "passport": [
                (document(number=number), ref)
                for who, ref in people
                for paper in who.iterfind("INDIVIDUAL_DOCUMENT")
                if text(paper, "TYPE_OF_DOCUMENT") == "Passport"
                and (number := text(paper, "NUMBER")).isalnum()
                and 5 <= len(number) <= 12
            ],
            "year": [
                (person(full_name(who), birth=year), ref)
                for who, ref in people
                if (year := text(who, "INDIVIDUAL_DATE_OF_BIRTH/YEAR")).isdigit()
                and len(full_name(who).split()) in {2, 3}
            ],
        }
        for kind, all_cases in checks.items():
            cases = all_cases[:: max(1, len(all_cases) // 12)][:12]
            assert len(cases) >= 8, kind
            found = [ref in await references(client, probe) for probe, ref in cases]
            assert sum(found) >= 0.9 * len(found), (kind, found)


def full_name(who) -> str:
    parts = (text(who, f"{part}_NAME") for part in ("FIRST", "SECOND", "THIRD", "FOURTH"))
    return " ".join(part for part in parts if part)


async def test_ofac_list_is_found_by_its_alias_file(tmp_path):
    async with mounted(tmp_path / "home", "ofac_sdn.csv") as client:
        import csv

        with (LISTS / "ofac_sdn.csv").open(encoding="utf-8", newline="") as file:
            persons = {
                row[0] for row in csv.reader(file) if len(row) > 2 and "individual" in row[2]
            }
        with (LISTS / "ofac_alt.csv").open(encoding="utf-8", newline="") as file:
            aliases = [
                (row[3], row[0])
                for row in csv.reader(file)
                if len(row) > 3 and row[0] in persons and len(row[3].split()) == 3
            ]
        cases = aliases[:: len(aliases) // 12][:12]
        found = [ref in await references(client, person(name)) for name, ref in cases]
        assert sum(found) >= 0.9 * len(found), found
