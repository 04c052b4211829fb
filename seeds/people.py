"""Make the ordinary people of the banks, seeded, and none of them equal to a planted one.

A person's own texts come from the lists of names; what a bank knows of the person is an entry in
the script of its clerks. One stream of chance for each bank keeps banks independent of each other.
"""

import random
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from zlib import crc32

from adapters.contract import Action, RecordKind, Warn
from seeds.banks.bank import WARNINGS, Bank
from seeds.countries import MEMBERS
from seeds.entry import Birth, Entry, Paper, Person, Written
from seeds.names.registry import compose_for
from seeds.papers import make_card, make_number, make_passport, make_phone
from seeds.places import find_city
from seeds.writing import PENS

FIRST_BIRTH = date(1950, 1, 1)
LAST_ENTRY = date(2026, 10, 31)

_BIRTH_DAYS = 20_454  # to the end of 2005
_ENTRY_DAYS = 4_000
_FOREIGN_SHARE = 0.08
_PARTIAL_SHARE = 0.05
_ALIAS_SHARE = 0.06
_PHONE_SHARE = 0.4
_CARD_SHARE = 0.3
_PASSPORT_SHARE = 0.75
_FEMALE_SHARE = 0.35

_ACTIONS = {
    RecordKind.WANTED: Action.ARREST,
    RecordKind.SUSPECTED_TERRORIST: Action.SPECIFIC_CHECK,
    RecordKind.MISSING: Action.PROTECT,
    RecordKind.ORGANISED_CRIME: Action.DISCREET_CHECK,
    RecordKind.DISCREET_CHECK: Action.DISCREET_CHECK,
    RecordKind.STOLEN_VEHICLE: Action.SEIZE,
    RecordKind.SANCTIONED: Action.REFUSE_ENTRY,
}
_WARNED_SHARE = {
    RecordKind.SUSPECTED_TERRORIST: 0.7,
    RecordKind.WANTED: 0.25,
    RecordKind.ORGANISED_CRIME: 0.25,
    RecordKind.SANCTIONED: 0.3,
}

_SPACE = 10_000_000
_STEP = 3_769_531  # has no factor in common with the space, so that no two serials meet
PLANTED_SERIALS = _SPACE - 10_000
"""The first of the serials that are kept for planted subjects."""


@dataclass(frozen=True, slots=True)
class Avoided:
    """Hold what no ordinary entry may have: planted identities and document numbers.

    ``people`` are pairs of a word of the passport name, in capitals, and a birth date.
    """

    people: AbstractSet[tuple[str, date]]
    numbers: AbstractSet[str]

    def meets(self, person: Person) -> bool:
        """Tell whether a person could be taken for a planted one."""
        words = person.name.latin().upper().split()
        return (
            any((word, person.birth) in self.people for word in words)
            or any(paper.whole in self.numbers for paper in person.papers)
            or person.number in self.numbers
        )


def make_reference(prefix: str, serial: int) -> str:
    """Return a bank's reference for a serial, 0 to 9,999,999: unique and in no visible order."""
    shift = crc32(prefix.encode()) % _SPACE  # another one for each bank: numbers tell nothing
    return f"{prefix}{(serial * _STEP + shift) % _SPACE:07d}"


def draw_kind(bank: Bank, rng: random.Random) -> RecordKind:
    """Draw a kind by the bank's weights."""
    kinds = tuple(bank.kinds)
    bounds = tuple(accumulate(bank.kinds.values()))
    place = rng.random() * bounds[-1]
    return next(kind for kind, bound in zip(kinds, bounds, strict=True) if place < bound)


def choose_action(kind: RecordKind) -> Action:
    """Return what an owner asks to be done for a kind of entry."""
    return _ACTIONS.get(kind, Action.INFORM_OWNER)


def make_person(origin: str, rng: random.Random) -> Person:
    """Make a person of a member (ISO 3166-1 alpha-3), with documents of that member."""
    sex = "F" if rng.random() < _FEMALE_SHARE else "M"
    birth = FIRST_BIRTH + timedelta(days=int(rng.random() * _BIRTH_DAYS))
    papers = []
    if rng.random() < _PASSPORT_SHARE:
        papers.append(make_passport(origin, rng))
    if rng.random() < _CARD_SHARE:
        papers.append(make_card(origin, rng))
    return Person(
        name=compose_for(origin, rng, sex),
        birth=birth,
        nationality=origin,
        papers=tuple(papers),
        number=make_number(origin, birth, sex, rng),
        phone=make_phone(origin, rng) if rng.random() < _PHONE_SHARE else "",
        city=int(rng.random() * 5),
    )


def make_entries(bank: Bank, count: int, rng: random.Random, avoided: Avoided) -> Iterator[Entry]:
    """Make the ordinary entries of a bank of persons, one at a time."""
    for serial in range(count):
        person = make_person(_draw_origin(bank, rng), rng)
        while avoided.meets(person):
            person = make_person(_draw_origin(bank, rng), rng)
        yield _enter(bank, person, serial, rng)


def _draw_origin(bank: Bank, rng: random.Random) -> str:
    if bank.member in MEMBERS and rng.random() >= _FOREIGN_SHARE:
        return bank.member
    return rng.choice(MEMBERS)


def _enter(bank: Bank, person: Person, serial: int, rng: random.Random) -> Entry:
    pen = PENS[bank.pen]
    kind = draw_kind(bank, rng)
    is_own = person.nationality == bank.member
    return Entry(
        reference=make_reference(bank.prefix, serial),
        kind=kind,
        name=pen.write(person.name),
        second=pen.write_second(person.name),
        aliases=_draw_aliases(bank, person, rng),
        sex=person.name.sex,
        birth=_draw_birth(person, rng),
        nationality=person.nationality,
        papers=copy_papers(bank, person.papers),
        number=person.number if is_own else "",
        phone=person.phone,
        place=pen.spell_place(find_city(person.nationality, person.city), person.nationality),
        warnings=draw_warnings(kind, rng),
        action=choose_action(kind),
        entered=draw_entered(rng),
    )


def copy_papers(bank: Bank, papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Copy documents as the bank's clerks do: hyphens stay in numbers of the own country only."""
    return tuple(paper if paper.issuer == bank.member else paper.plain for paper in papers)


def _draw_aliases(bank: Bank, person: Person, rng: random.Random) -> tuple[Written, ...]:
    if rng.random() >= _ALIAS_SHARE:
        return ()
    other = compose_for(person.nationality, rng, person.name.sex)
    return (PENS[bank.pen].write(replace(person.name, given=other.given)),)


def _draw_birth(person: Person, rng: random.Random) -> Birth:
    if rng.random() >= _PARTIAL_SHARE:
        return Birth(person.birth)
    return Birth(person.birth, rng.choice(("month", "year", "year")))


def draw_warnings(kind: RecordKind, rng: random.Random) -> tuple[Warn, ...]:
    """Draw the warnings of an entry; most kinds have none."""
    if rng.random() >= _WARNED_SHARE.get(kind, 0.0):
        return ()
    return tuple(sorted(set(rng.choices(WARNINGS, (6, 4, 2, 2, 1), k=rng.randint(1, 2)))))


def draw_entered(rng: random.Random) -> date:
    """Draw the day on which a bank got an entry."""
    return LAST_ENTRY - timedelta(days=int(rng.random() * _ENTRY_DAYS))
