"""A small federation that is asked a mix of everything, with policies that change meanwhile.

Permitted, lowered, refused by each layer, by a stop, by a budget and at the door; records released,
masked and withheld.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.access.stops import change_stops, read_stop
from gateway.client import BankEnd, Client, Ended
from gateway.errors import RefusedError
from gateway.probe import document, identifier, person
from kalkan.v1 import model_pb2 as model
from tests.kit.decided import HUB, Book, Decided, open_owner, read_hub, read_node
from tests.kit.world import World, ask, build_world

MEMBERS = ("KAZ", "TUR", "GEO", "UZB")
SERVING = MEMBERS[:3]
TARGETS = tuple(f"{member}/persons" for member in SERVING)
STOLEN = """
@id("{name}.stolen")
@text("Ask another.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource)
when {{ context.purpose == Kalkan::Purpose::"stolen_property" }};
"""
SEARCH = {
    "KAZ": """
@id("kaz.all")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose != Kalkan::Purpose::"missing_person" };
@id("kaz.missing")
@granularity("reference")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose == Kalkan::Purpose::"missing_person" };
""",
    "TUR": """
@id("tur.some")
@allows("single_name")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose != Kalkan::Purpose::"organised_crime" };
@id("tur.abroad")
@text("Analysts ask through the contact officer.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource)
when { principal.roles.contains(Kalkan::Role::"analyst") && principal.member != "TUR" };
""",
    "GEO": """
@id("geo.counts")
@granularity("count")
permit (principal, action == Kalkan::Action::"search", resource);
@id("geo.terrorism")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose == Kalkan::Purpose::"terrorism" };
""",
    "UZB": '@id("uzb.all")\npermit (principal, action, resource);\n',
}
RELEASE = {
    "KAZ": """
@id("kaz.release.all")
permit (principal, action == Kalkan::Action::"release", resource);
@id("kaz.release.armed")
forbid (principal, action == Kalkan::Action::"release", resource)
when { resource.has_warning && context.purpose == Kalkan::Purpose::"serious_crime" };
""",
    "TUR": """
@id("tur.release.all")
@fields("birth_date:masked identifier:withheld document:masked")
permit (principal, action == Kalkan::Action::"release", resource);
@id("tur.release.warrant")
@granularity("reference")
permit (principal, action == Kalkan::Action::"release", resource)
when { context.purpose == Kalkan::Purpose::"arrest_warrant" };
""",
}
ASKING = """
@id("kaz.asking.all")
permit (principal, action == Kalkan::Action::"ask", resource);
@id("kaz.asking.victims")
@text("Victims are not told abroad.")
@contact("National Contact Point")
forbid (principal, action == Kalkan::Action::"ask", resource)
when { context.person_category == Kalkan::PersonCategory::"victim" && resource.owner != "KAZ" };
"""
NOTHING = """
@id("tur.release.some")
permit (principal, action == Kalkan::Action::"release", resource)
when { context.purpose == Kalkan::Purpose::"border_control" };
"""
BUDGET = '[[limit]]\nname = "one"\neach = "officer"\nper = "day"\nlimit = 1\npurposes = ["{}"]\n'
PURPOSES = (
    "terrorism",
    "organised_crime",
    "serious_crime",
    "arrest_warrant",
    "border_control",
    "missing_person",
    "stolen_property",
)
OFFICERS = ("officer", "auditor", "analyst", "turk", "guard")
PROBES = (
    person("Рустам Каримов"),
    person("Рустам Каримов", birth="1984-05-01"),
    person(given="Rustam"),
    person("MEHMET YILMAZ", birth="1970"),
    person("Nobody Atall", birth="1900-01-01"),
    document(number="N10000001", issuer="KAZ"),
    document(number="U20000002"),
    identifier("phone", "995500000001"),
)


def write(world, member, kind, text):
    """Write a policy whole: a node that runs may look at any moment."""
    path = world.home / "nodes" / member / f"{kind}.cedar"
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def settle(world):
    """Write all policies, a budget, and the officers who ask; before the start."""
    for member in MEMBERS:
        write(world, member, "policy", SEARCH[member] + STOLEN.format(name=member.lower()))
    for member, text in RELEASE.items():
        write(world, member, "release", text)
    write(world, "KAZ", "asking", ASKING)
    for member, kinds in {"KAZ": ("release", "asking"), "TUR": ("release",)}.items():
        with (world.home / "nodes" / member / "node.toml").open("a", encoding="utf-8") as file:
            file.writelines(f'{kind} = "{kind}.cedar"\n' for kind in kinds)
    budget = world.home / "nodes" / "GEO" / "budgets.toml"
    budget.write_text(BUDGET.format("identification"), encoding="utf-8")
    world.add_client("analyst", "KAZ", ("analyst",))
    world.add_client("turk", "TUR", ("investigator",))
    world.add_client("guard", "GEO", ("border", "analyst"))
    world.add_client("uzbek", "UZB", ("investigator",))
    world.without_notices("UZB")


@dataclass
class Asked:
    """A world that has been asked, the policies that were in force, and all answers."""

    world: World
    book: Book = field(default_factory=Book)
    answers: dict[str, model.Answer] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)

    async def search(self, name="officer", probe=PROBES[1], **changes) -> dict[str, BankEnd]:
        """Ask all banks that serve, and keep what came."""
        client = await self.world.client(name)
        changes.setdefault("deadline_s", 30.0)
        targets = changes.pop("targets", TARGETS)
        events = await client.search_once(ask("", *targets, probe=probe, **changes))
        return self._keep([e for e in events if isinstance(e, BankEnd)], events[-1])

    async def check(self, **changes) -> None:
        """Check some documents under one signature."""
        client = await self.world.client()
        probes = [document(number=f"N1000000{n}", issuer="KAZ") for n in range(3)]
        checked = await client.check_documents(ask("", *TARGETS, **changes), probes)
        self._keep(checked.banks, checked.ended)

    def _keep(self, banks, ended: Ended) -> dict[str, BankEnd]:
        digests = {c.bank: c.answer_sha256.hex() for c in ended.receipt.coverage}
        for bank in banks:
            self.states[bank.state] += 1
            if bank.answer is not None:
                self.answers[digests[bank.bank]] = bank.answer
        return {bank.bank: bank for bank in banks}

    async def until(self, rule, **changes) -> None:
        """Ask until TUR is refused by a rule, or by none: a change has come into force there."""
        while True:
            end = (await self.search(**changes))["TUR/persons"]
            if (end.rule or (end.answer and end.answer.refusal.rule)) == rule:
                return

    def stop(self, where, *texts) -> None:
        """Stop what `texts` say, and nothing else."""
        stops = {(one.kind, one.value): one for one in (read_stop(text, "why") for text in texts)}
        path = self.world.home / where / "stops.toml"
        change_stops(path, lambda there: (there.clear(), there.update(stops)))

    async def ask_at_random(self, count: int, seed: int) -> None:
        """Ask whatever somebody might, by whoever is there."""
        choose = random.Random(seed).choice
        for _ in range(count):
            await self.search(
                choose(OFFICERS),
                choose(PROBES),
                purpose=choose(PURPOSES),
                granularity=choose(("exists", "count", "reference", "record")),
                offence=choose(("preparation", "")),
                category=choose(("suspect", "victim", "missing", "")),
                aim=choose(("locate", "identify", "")),
            )

    def decisions(self, side: str) -> list[Decided]:
        """All decisions of one ledger."""
        if side == HUB:
            return list(read_hub(self.world.entries()))
        return list(read_node(self.world.entries(side), open_owner(self.world, side)))


async def play(asked: Asked) -> None:
    """Ask, change policies, stop, use a budget up, knock with what does not hold."""
    world = asked.world
    for purpose in PURPOSES:
        await asked.search(purpose=purpose)
        await asked.search("turk", purpose=purpose, granularity="reference")
    await asked.search(category="victim")
    await asked.check(purpose="border_control")
    await asked.check(purpose="stolen_property")
    await asked.search("uzbek")
    for number in range(3):  # two of them on one day, whenever this runs
        probe = document(number=f"X{number}0000000", issuer="KAZ")
        await asked.search(probe=probe, purpose="identification")
    await asked.ask_at_random(60, seed=1)
    for where, rule in (("hub", "hub.stopped"), ("nodes/TUR", "tur.stopped")):
        asked.stop(where, "bank=TUR/persons")
        await asked.until(rule)
        asked.stop(where)
        await asked.until("")
    await knock(world)
    write(world, "TUR", "release", NOTHING)
    asked.book.note(world)  # TUR may look before the next is written
    write(world, "TUR", "policy", SEARCH["TUR"].replace("organised_crime", "serious_crime"))
    asked.book.note(world)
    await asked.until("tur.default", purpose="serious_crime")
    write(world, "KAZ", "asking", ASKING.replace('"victim"', '"witness"'))
    asked.book.note(world)
    await asked.until("kaz.asking.victims", category="witness")
    await asked.ask_at_random(40, seed=2)


async def knock(world: World) -> None:
    """Come with a token of somebody else: no policy is asked."""
    async with Client(world.settings()) as client:
        client._token = (world.home / "clients" / "turk" / "token").read_text()
        with pytest.raises(RefusedError):
            await client.search_once(ask())


async def ask_everything(home: Path) -> Asked:
    """Build it, start it, ask, and stop it."""
    asked = Asked(build_world(home, MEMBERS))
    settle(asked.world)
    asked.book.note(asked.world)
    async with asyncio.timeout(500):
        try:
            await asked.world.start(*SERVING)
            await play(asked)
        finally:
            await asked.world.stop()
    return asked
