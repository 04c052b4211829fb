"""The guided tour: a handful of questions, each with a claim that is checked.

A step shows what Kalkan does with the subject whom several banks know, and then holds the answer
against what the seeds planted. The demonstration passes only if every step did what it says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.cli.brief import show_brief, show_contact, show_ends
from gateway.cli.children import Children
from gateway.cli.entries import find_ledger, print_entries, read_newest
from gateway.cli.exits import CommandError
from gateway.cli.found import Found
from gateway.cli.options import Caller
from gateway.cli.screen import Screen
from gateway.cli.watching import watch
from gateway.client import Ask
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model

APART: Final = "GEO"
"""The member whose node runs in a process of its own, so that it can be switched off."""
_CASE: Final = "2026-17"
_NODE: Final = "KAZ"
_LEAST_BANKS: Final = 5
_LEAST_REFUSALS: Final = 2


class ClaimError(CommandError):
    """A step did not do what it claims; the text says what."""


def require(holds: object, claim: str) -> None:
    """Check a claim.

    Raises:
        ClaimError: It does not hold.
    """
    if not holds:
        raise ClaimError(claim)


@dataclass(frozen=True, slots=True)
class Star:
    """The subject of the tour, and what is true of it."""

    latin: str
    cyrillic: str
    persian: str
    birth: str
    passport: str
    issuer: str
    places: frozenset[tuple[str, str]]
    """Banks and references of its records."""


def read_star() -> Star:
    """Read the first subject of the seeds' truth."""
    from seeds.truth import TRUTH

    told: dict[str, Any] = json.loads(TRUTH.read_text("utf-8"))["subjects"][0]
    return Star(
        latin=told["latin"],
        cyrillic=told["cyrillic"],
        persian=told["persian"],
        birth=told["birth"],
        passport=told["documents"][0],
        issuer=told["origin"],
        places=frozenset((r["bank"], r["reference"]) for r in told["records"]),
    )


class Tour:
    """Gives the tour.

    Args:
        screen: Where it is shown.
        home: The federation's folder.
        children: Its servers, of which the tour switches one off.
    """

    def __init__(self, screen: Screen, home: Path, children: Children) -> None:
        self._screen = screen
        self._home = home
        self._children = children
        self._star = read_star()
        self._known: frozenset[tuple[str, str]] = frozenset()
        self._first = ""
        self._refused: frozenset[str] = frozenset()

    async def run(self) -> bool:
        """Go through all steps; return whether each did what it claims."""
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("One question, every country", self._ask_cyrillic),
            ("Any script", self._ask_other_scripts),
            ("A passport at a border", self._check_passport),
            ("The owner decides", self._meet_refusals),
            ("No silent gap", self._switch_off),
            ("Provable afterwards", self._read_ledgers),
        )
        failed = 0
        for number, (title, step) in enumerate(steps, start=1):
            self._screen.heading(f"{number}. {title}")
            try:
                await step()
            except ClaimError as exc:
                failed += 1
                self._screen.say(f"  FAILED: {exc}", "bold red")
        self._screen.heading("7. Now you")
        tell_how(self._screen, self._home)
        done = len(steps) - failed
        self._screen.say()
        told = f"{done} of {len(steps)} steps did what they claim."
        self._screen.say(told, "bold green" if not failed else "bold red")
        return not failed

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._screen.say(line)

    async def _ask(self, ask: Ask, as_name: str = "officer", *, aloud: bool = False) -> Found:
        """Ask as a client, and watch; `aloud` where each bank is the point."""
        async with self._open(as_name) as client:
            found = await watch(self._screen, client.search(ask), aloud=aloud)
        require(found.ended, "the search has an end")
        return found

    @asynccontextmanager
    async def _open(self, as_name: str) -> AsyncIterator[Any]:
        from gateway.cli.clients import open_client

        async with open_client(Caller(home=self._home, as_name=as_name)) as client:
            yield client

    def _places(self, found: Found) -> frozenset[tuple[str, str]]:
        """Return where the subject was found in the first group."""
        require(found.groups, "somebody is found")
        hits = found.hits_of(found.groups[0])
        return frozenset((h.record.bank, h.record.reference) for h in hits) & self._star.places

    async def _ask_cyrillic(self) -> None:
        star = self._star
        self._say(
            f"A Kazakh investigator asks project kalkan for {star.cyrillic}, born {star.birth}.",
            "Nothing is copied to the middle: each searches its own bank, in its own script.",
        )
        found = await self._ask(_person(star.cyrillic, star.birth), aloud=True)
        show_brief(self._screen, found, most=2)
        self._known, self._first = self._places(found), found.search_id
        show_contact(self._screen, found, found.groups[0])
        require(len(self._known) >= _LEAST_BANKS, f"{_LEAST_BANKS} banks know the subject")
        require(found.groups[0].warnings, "warnings come first")
        require(not found.gaps, "every bank that can search has searched")

    async def _ask_other_scripts(self) -> None:
        star = self._star
        for script, name in (("Latin", star.latin), ("Persian", star.persian)):
            found = await self._ask(_person(name, star.birth))
            places = self._places(found)
            self._say(f"  In {script} letters: the same subject in {len(places)} banks")
            require(places == self._known, f"the same records are found in {script} letters")

    async def _check_passport(self) -> None:
        star = self._star
        lines = _write_zone(star)
        self._say("A border officer in Uzbekistan reads the passport's machine-readable zone:")
        self._say(*(f"  {line}" for line in lines))
        probe = document(mrz=lines)
        ask = Ask(("XPO",), "border_control", "gate-4", probe, deadline_s=2.0)
        found = await self._ask(ask, "border")
        show_brief(self._screen, found)
        kinds = {hit.record.kind for group in found.groups for hit in found.hits_of(group)}
        lost = {model.RECORD_KIND_LOST_DOCUMENT, model.RECORD_KIND_STOLEN_DOCUMENT}
        require(kinds & lost, "the passport is known as lost or stolen")

    async def _meet_refusals(self) -> None:
        self._say(
            "The same person, for organised crime. Some owners do not answer that, and say so:"
        )
        found = await self._ask(_person(self._star.latin, self._star.birth, "organised_crime"))
        show_ends(self._screen, found)
        refused = found.with_state("refused")
        self._refused = frozenset(end.bank.partition("/")[0] for end in refused)
        require(len(self._refused) >= _LEAST_REFUSALS, "several owners refuse")
        require(all(end.rule and end.text for end in refused), "each refusal names its rule")

    async def _switch_off(self) -> None:
        self._say(f"The node of {APART} is switched off. The others answer, and the gap is shown:")
        await asyncio.to_thread(self._children.stop, APART)
        found = await self._ask(_person(self._star.latin, self._star.birth))
        show_ends(self._screen, found)
        gaps = {end.bank for end in found.gaps}
        require(gaps == {f"{APART}/persons"}, f"the gap is {APART}/persons, and nothing else")
        rest = {place for place in self._known if not place[0].startswith(APART)}
        require(self._places(found) == rest, "every other bank answers as before")
        require(_on_time(found), "the answer is on time")

    async def _read_ledgers(self) -> None:
        self._say(
            "Each search is recorded before a bank is asked, its outcome before the answer ends."
        )
        digests = [self._show_ledger(member) for member in ("", _NODE)]
        require(len(set(digests)) == 1, "hub and node recorded the same question")
        for member in sorted(self._refused)[:1]:
            entries = read_newest(find_ledger(self._home, member), 50)
            rules = {entry.rule for _, entry in entries if entry.kind.value == "REFUSAL"}
            require(rules, f"{member} recorded its refusal")

    def _show_ledger(self, member: str) -> str:
        """Show the first search in one ledger; return the digest of its question."""
        self._say(f"The ledger of {member or 'the hub'}:")
        entries = read_newest(find_ledger(self._home, member), 50, self._first)
        print_entries(self._screen, entries)
        kinds = [entry.kind.value for _, entry in entries]
        require(kinds == ["INTENT", "OUTCOME"], "intent and outcome are there")
        return entries[0][1].query_sha256


def _person(name: str, birth: str, purpose: str = "terrorism") -> Ask:
    """Put the question for a person to the whole project."""
    return Ask(
        ("kalkan",),
        purpose,
        _CASE,
        person(name, birth=birth),
        offence="preparation",
        category="suspect",
        aim="learn_more",
    )


def _write_zone(star: Star) -> tuple[str, str]:
    """Write the machine-readable zone of the subject's passport."""
    from datetime import date

    from adapters.matching.dates import PartialDate
    from adapters.matching.mrz import Mrz, build_td3

    born = date.fromisoformat(star.birth)
    family, given, *_ = star.latin.split()
    return build_td3(
        Mrz(
            document_type="P",
            issuer=star.issuer,
            number=star.passport,
            nationality=star.issuer,
            birth=PartialDate(born.year, born.month, born.day),
            sex="M",
            expiry=date(2031, 5, 1),
            surname=family,
            given_names=given,
        )
    )


def _on_time(found: Found) -> bool:
    """Say whether the search ended by the time that the hub promised when it began."""
    if found.accepted is None or found.ended is None:
        return False
    return found.ended.receipt.end_time.ToNanoseconds() <= found.accepted.end_time.timestamp() * 1e9


def tell_how(screen: Screen, home: Path) -> None:
    """Say how to try it oneself."""
    star = read_star()
    family, given, *_ = star.latin.split()
    where = f"--home {home} " if str(home) != ".kalkan" else ""
    for line in (
        "In another terminal, while `kalkan demo --keep` runs:",
        f'  kalkan search person "{given} {family}" --birth {star.birth[:4]} \\',
        f"      {where}--ask kalkan --purpose terrorism --category suspect --case 1",
        f"  kalkan search document {star.passport} --issuer {star.issuer} --as border \\",
        f"      {where}--ask XPO --purpose border_control --case 2",
        f"  kalkan federation status {where}".rstrip(),
        f"  kalkan audit tail --node {_NODE} {where}".rstrip(),
    ):
        screen.say(line)
