"""Who asks too much, and who asks as officers do: scripts of questions, each with a time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from adapters.contract import DocumentProbe, PartialDate, PersonName, PersonProbe, Probe
from gateway.access.stops import Asking

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
FIRST_BIRTH = date(1940, 1, 1)


@dataclass(frozen=True)
class Step:
    """One question."""

    at: datetime
    asking: Asking
    probe: Probe


def asking(officer: str = "k-1", unit: str = "border-1", **changes: str) -> Asking:
    """An officer of KAZ at a border."""
    values = {"member": "KAZ", "purpose": "border_control", **changes}
    return Asking(officer=officer, unit=unit, **values)


def passport(number: int, issuer: str = "TUR", letter: str = "U") -> DocumentProbe:
    """A passport of a series with eight digits."""
    return DocumentProbe(f"{letter}{number:08d}", issuer=issuer)


def born(name: str, birth: date) -> PersonProbe:
    """A person by name and day of birth."""
    return PersonProbe((PersonName(full=name),), PartialDate(birth.year, birth.month, birth.day))


def sequential(step: int = 1, every_s: float = 5.0, officers: int = 1) -> Iterator[Step]:
    """Passports one after the other, by turns of some officers of one unit."""
    for n in range(1_000):
        who = asking(f"k-{n % officers}")
        yield Step(START + timedelta(seconds=n * every_s), who, passport(41_000_000 + n * step))


def shuffled(every_s: float = 300.0) -> Iterator[Step]:
    """The passports of one thousand in any order, slowly over a day, by one officer."""
    numbers = random.Random(7).sample(range(41_000_000, 41_001_000), 288)
    for n, number in enumerate(numbers):
        yield Step(START + timedelta(seconds=n * every_s), asking(), passport(number))


def split(officers: int = 8) -> Iterator[Step]:
    """The same by many officers of a unit, each of whom asks little."""
    numbers = random.Random(8).sample(range(41_000_000, 41_001_000), 400)
    for n, number in enumerate(numbers):
        who = asking(f"k-{n % officers}")
        yield Step(START + timedelta(seconds=n * 30), who, passport(number))


def grid() -> Iterator[Step]:
    """Names by birth dates: each name with each day of a year."""
    for number, name in enumerate(("Rustam Karimov", "Айгүл Серікова")):
        for day in range(365):
            at = START + timedelta(seconds=(number * 365 + day) * 20)
            yield Step(at, asking(), born(name, date(1984, 1, 1) + timedelta(days=day)))


def alphabet() -> Iterator[Step]:
    """Names along the alphabet, without a birth date."""
    for n in range(26 * 26):
        name = chr(97 + n // 26) + chr(97 + n % 26) + "ov"
        probe = PersonProbe((PersonName(given="Ali", family=name),))
        yield Step(START + timedelta(seconds=n * 30), asking(), probe)


def honest(count: int, seed: int = 1) -> Iterator[Step]:
    """A day at the borders of a member: 200 officers of 20 units; every fifth check is a repeat.

    Passports of five neighbours in ten series of a million each, so that many are near each other;
    families of up to six travel on numbers in a row, before one officer; persons have one of
    40,000 names.
    """
    chance = random.Random(seed)
    recent: list[Step] = []
    family: list[tuple[Asking, Probe]] = []
    for n in range(count):
        at = START + timedelta(seconds=n * 86_000 / count)
        if recent and chance.random() < 0.2:
            again = chance.choice(recent)
            yield Step(at, again.asking, again.probe)
            continue
        family = family or _family(chance)
        step = Step(at, *family.pop(0))
        recent = [*recent[-50:], step]
        yield step


def _family(chance: random.Random) -> list[tuple[Asking, Probe]]:
    """Who travels together, before one officer."""
    officer = chance.randrange(200)
    who = asking(f"k-{officer}", f"border-{officer // 10}")
    if chance.random() < 0.2:
        name = f"{_syllables(chance.randrange(200))} {_syllables(chance.randrange(200))}ov"
        return [(who, born(name, FIRST_BIRTH + timedelta(days=chance.randrange(25_000))))]
    series, first = chance.randrange(10), chance.randrange(1_000_000)
    issuer = ("TUR", "UZB", "KGZ", "TJK", "RUS")[series % 5]
    size = min(6, 1 + int(chance.expovariate(0.7)))
    return [(who, passport(first + n, issuer, "ABCDEFGHIJ"[series])) for n in range(size)]


def _syllables(number: int) -> str:
    parts = ("ka", "ri", "mo", "sul", "ta", "na", "zar", "be")
    return "".join(parts[int(digit)] for digit in f"{number:o}")
