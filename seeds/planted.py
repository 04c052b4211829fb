"""The planted subjects: people whom several banks know, each in its own way.

They are what the demonstration is about: one person, known in several countries under other
scripts, spellings, calendars and documents. They depend on the seed alone, never on how many
ordinary entries there are, so that ``truth.json`` holds for a bank of any size.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from adapters.contract import RecordKind, Warn
from seeds.banks.bank import WARNINGS, Bank
from seeds.banks.registry import BANKS, find_bank
from seeds.countries import MEMBERS
from seeds.entry import Birth, Entry, Loss, Paper, Person, Vehicle
from seeds.names.model import FullName, Part
from seeds.names.registry import compose_for
from seeds.papers import make_passport, make_phone
from seeds.people import (
    PLANTED_SERIALS,
    Avoided,
    choose_action,
    copy_papers,
    draw_entered,
    make_person,
    make_reference,
)
from seeds.places import find_city
from seeds.things import draw_loss, make_plate, make_vehicle
from seeds.writing import PENS, misspell

SUBJECTS = 180
PLANTED_LOSSES = 90_000_000
"""References of planted documents in XPO/documents are above this number."""

_NEIGHBOURS = {
    "AFG": "IRN PAK TJK UZB", "AZE": "GEO IRN TUR KAZ", "BGD": "IND NPL LKA PAK",
    "GEO": "AZE TUR KAZ", "IND": "BGD NPL LKA PAK", "IRN": "AFG AZE TUR PAK",
    "KAZ": "KGZ UZB TJK TUR", "KGZ": "KAZ UZB TJK TUR", "LKA": "IND MDV BGD",
    "MDV": "LKA IND PAK", "NPL": "IND BGD LKA", "PAK": "AFG IRN IND UZB",
    "TJK": "UZB KGZ KAZ AFG IRN", "TUR": "AZE GEO IRN UZB", "UZB": "KAZ KGZ TJK AFG TUR",
}  # fmt: skip
_ORIGINS = ("TJK", "UZB", "KAZ", "KGZ", *MEMBERS)
_CENTRE = {"RCC/suspects": 5.0, "RCC/special": 2.0, "RCC/counter": 1.5, "RCC/organised": 1.5}
_NATURES = {
    RecordKind.SUSPECTED_TERRORIST: 78,
    RecordKind.WANTED: 10,
    RecordKind.ORGANISED_CRIME: 8,
    RecordKind.DISCREET_CHECK: 4,
}
_VEHICLE_BANKS = ("KAZ/vehicles", "NPL/vehicles", "TUR/vehicles")
_STAR_BANKS = (
    "TJK/persons", "KAZ/persons", "IRN/persons", "TUR/persons", "GEO/persons", "IND/persons",
    "RCC/suspects",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """Hold what one bank knows of a subject: ``bank`` is such as KAZ/persons."""

    bank: str
    record: Entry | Loss | Vehicle
    by_alias: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold one planted subject and all that the banks know of it."""

    id: str
    person: Person
    alias: FullName | None
    nature: RecordKind
    warnings: tuple[Warn, ...]
    sightings: tuple[Sighting, ...]


@dataclass(slots=True)
class _Serials:
    """Count the planted records of each bank, for their references."""

    used: Counter[str] = field(default_factory=Counter)

    def take(self, bank: str) -> int:
        self.used[bank] += 1
        return PLANTED_SERIALS + self.used[bank]


def make_subjects(seed: int) -> tuple[Subject, ...]:
    """Make all planted subjects; the first is the star of the tour."""
    serials = _Serials()
    subjects = [_make_star(random.Random(f"{seed}/star"), serials)]
    for number in range(2, SUBJECTS + 1):
        rng = random.Random(f"{seed}/planted/{number}")
        person = _make_planted(rng, gather_avoided(subjects))
        subjects.append(_make_subject(number, person, rng, serials))
    return tuple(subjects)


def gather_avoided(subjects: Iterable[Subject]) -> Avoided:
    """Gather what no other person may have: words of names with birth dates, and numbers."""
    people: set[tuple[str, date]] = set()
    numbers: set[str] = set()
    for subject in subjects:
        words = subject.person.name.latin().upper().split()
        people.update((word, subject.person.birth) for word in words)
        numbers.update(paper.whole for paper in subject.person.papers)
        numbers.add(subject.person.number)
        for sighting in subject.sightings:
            if not isinstance(sighting.record, Vehicle):
                numbers.update(paper.whole for paper in list_papers(sighting.record))
    return Avoided(frozenset(people), frozenset(numbers - {""}))


def list_papers(record: Entry | Loss | Vehicle) -> tuple[Paper, ...]:
    """Return the documents of a record of any kind."""
    if isinstance(record, Entry):
        return record.papers
    return (record.paper,) if isinstance(record, Loss) else ()


def select_records(subjects: Iterable[Subject], bank: Bank) -> list[Entry | Loss | Vehicle]:
    """Return the planted records of one bank, in the order of the subjects."""
    sightings = (s for subject in subjects for s in subject.sightings)
    return [sighting.record for sighting in sightings if sighting.bank == bank.name]


def _make_star(rng: random.Random, serials: _Serials) -> Subject:
    """Make the subject of the tour. The name is invented; its Tajik letters suffer everywhere."""
    name = FullName(
        given=Part("Қаҳҳор", "Qahhor"),
        patronymic=Part("Ҷалолович", "Jalolovich"),
        family=Part("Ғозиқулов", "Ghoziqulov"),
        father=None,
        script="Cyrl",
        sex="M",
        origin="TJK",
    )
    papers = (make_passport("TJK", rng), make_passport("TJK", rng))
    phone, birth = make_phone("TJK", rng), date(1985, 3, 14)
    person = Person(name, birth, "TJK", papers, "", phone, 2)
    base = Subject(
        id="S001",
        person=person,
        alias=replace(name, given=Part("Сайфиддин", "Sayfiddin")),
        nature=RecordKind.SUSPECTED_TERRORIST,
        warnings=(Warn.ARMED, Warn.EXPLOSIVES),
        sightings=(),
    )
    seen = [_see_star(base, find_bank(bank), rng, serials) for bank in _STAR_BANKS]
    return replace(base, sightings=(*seen, _lose(papers[0], rng, serials)))


def _see_star(star: Subject, bank: Bank, rng: random.Random, serials: _Serials) -> Sighting:
    """Enter the star without a slip, so that what differs is script, calendar and code page."""
    entry = _enter(star, bank, rng, serials)
    known = "year" if bank.member == "IND" else "day"
    clean = PENS[bank.pen]
    papers = _fit_papers(bank, star.person.papers)
    return Sighting(
        bank.name,
        replace(
            entry,
            name=clean.write(star.person.name),
            second=clean.write_second(star.person.name),
            kind=RecordKind.SUSPECTED_TERRORIST,
            action=choose_action(RecordKind.SUSPECTED_TERRORIST),
            birth=Birth(star.person.birth, known),
            warnings=star.warnings,
            papers=papers[:1] if bank.id == "persons" else papers,
        ),
    )


def _make_planted(rng: random.Random, avoided: Avoided) -> Person:
    """Make a person with a passport at least who shares nothing with the others."""
    origin = rng.choice(_ORIGINS)
    person = make_person(origin, rng)
    while avoided.meets(person) or not person.papers:
        person = make_person(origin, rng)
    second = rng.choice((origin, *_NEIGHBOURS[origin].split()))
    return replace(person, papers=(*person.papers, make_passport(second, rng)))


def _make_subject(number: int, person: Person, rng: random.Random, serials: _Serials) -> Subject:
    nature = rng.choices(tuple(_NATURES), tuple(_NATURES.values()))[0]
    base = Subject(
        id=f"S{number:03d}",
        person=person,
        alias=_draw_alias(person, rng),
        nature=nature,
        warnings=tuple(sorted(rng.sample(WARNINGS[:4], rng.randint(0, 2)))),
        sightings=(),
    )
    seen = [_see(base, bank, rng, serials) for bank in _choose_banks(person, rng)]
    return replace(base, sightings=(*seen, *_see_things(base, len(seen), rng, serials)))


def _draw_alias(person: Person, rng: random.Random) -> FullName | None:
    if rng.random() >= 0.4:  # noqa: PLR2004 - two in five have an alias
        return None
    other = compose_for(person.nationality, rng, person.name.sex)
    return replace(person.name, given=other.given)


def _choose_banks(person: Person, rng: random.Random) -> Sequence[Bank]:
    """Choose 2 to 6 banks: the home country's most often, then neighbours and the centre."""
    home = person.nationality
    weights = {f"{member}/persons": 0.4 for member in MEMBERS}
    weights |= {f"{member}/persons": 3.0 for member in _NEIGHBOURS[home].split()}
    weights |= {f"{home}/persons": 14.0} | _CENTRE
    chosen: list[str] = []
    for _ in range(rng.choices((2, 3, 4, 5, 6), (22, 30, 24, 14, 10))[0]):
        names = tuple(weights)
        chosen.append(rng.choices(names, tuple(weights.values()))[0])
        del weights[chosen[-1]]
    return [bank for bank in BANKS if bank.name in chosen]


def _see(subject: Subject, bank: Bank, rng: random.Random, serials: _Serials) -> Sighting:
    entry = _enter(subject, bank, rng, serials)
    if subject.alias is None or not entry.aliases or rng.random() >= 0.15:  # noqa: PLR2004 - few
        return Sighting(bank.name, entry)
    # This bank met the person under the alias first and learned the passport's name later.
    pen = PENS[bank.pen]
    real = pen.write(subject.person.name)
    second = pen.write_second(subject.alias)
    name = pen.write(subject.alias)
    swapped = replace(entry, name=name, second=second, aliases=(real,))
    return Sighting(bank.name, swapped, by_alias=True)


def _enter(subject: Subject, bank: Bank, rng: random.Random, serials: _Serials) -> Entry:
    """Enter a subject as this bank's clerks do, with their slips."""
    person, pen = subject.person, PENS[bank.pen]
    name = _slip(person.name, rng)
    kind = _choose_kind(subject, bank, rng)
    aliases = (pen.write(subject.alias),) if subject.alias and rng.random() < 0.6 else ()  # noqa: PLR2004 - most
    return Entry(
        reference=make_reference(bank.prefix, serials.take(bank.name)),
        kind=kind,
        name=pen.write(name),
        second=pen.write_second(name),
        aliases=aliases,
        sex=name.sex,
        birth=_slip_birth(bank, person.birth, rng),
        nationality=person.nationality,
        papers=_fit_papers(bank, _forget(person.papers, rng)),
        number=person.number if bank.member == person.nationality else "",
        phone=person.phone if rng.random() < 0.6 else "",  # noqa: PLR2004 - most
        place=pen.spell_place(find_city(person.nationality, person.city), person.nationality),
        warnings=subject.warnings,
        action=choose_action(kind),
        entered=draw_entered(rng),
        plate=make_plate(person.nationality, rng) if bank.holds == "mixed" else "",
    )


def _slip(name: FullName, rng: random.Random) -> FullName:
    """Lose the patronymic in a third of the entries and misspell a quarter."""
    if rng.random() < 0.35:  # noqa: PLR2004 - a third
        name = replace(name, patronymic=None, father=None)
    return misspell(name, rng) if rng.random() < 0.25 else name  # noqa: PLR2004 - a quarter


def _slip_birth(bank: Bank, birth: date, rng: random.Random) -> Birth:
    """Know the year alone in a seventh of the entries, and err in one of sixteen."""
    if bank.member == "IND" or rng.random() < 0.14:  # noqa: PLR2004 - a seventh
        return Birth(birth, "year")
    if rng.random() >= 0.06:  # noqa: PLR2004 - one of sixteen
        return Birth(birth)
    if birth.day <= 12:  # noqa: PLR2004 - a day that can be read as a month
        return Birth(birth.replace(month=birth.day, day=birth.month))
    return Birth(birth - timedelta(days=1))


def _forget(papers: tuple[Paper, ...], rng: random.Random) -> tuple[Paper, ...]:
    return tuple(paper for paper in papers if rng.random() < 0.6)  # noqa: PLR2004 - most


def _fit_papers(bank: Bank, papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Keep the documents that the bank has room for."""
    papers = copy_papers(bank, papers)
    if bank.papers == "all":
        return papers
    first = {paper.kind: paper for paper in reversed(papers)}
    kept = tuple(paper for paper in papers if first[paper.kind] is paper)
    return kept if bank.papers == "each" else tuple(p for p in kept if p.kind.value == "passport")


def _choose_kind(subject: Subject, bank: Bank, rng: random.Random) -> RecordKind:
    """Choose a kind that the bank knows: the subject's own, mostly."""
    kinds = tuple(kind for kind in bank.kinds if kind is not RecordKind.REGISTERED)
    if subject.nature in kinds and rng.random() < 0.88:  # noqa: PLR2004 - mostly
        return subject.nature
    others = tuple(kind for kind in kinds if kind is not RecordKind.MISSING)
    return rng.choice(others)


def _see_things(
    subject: Subject, seen: int, rng: random.Random, serials: _Serials
) -> Iterator[Sighting]:
    """Report a passport lost in a third of the cases and a vehicle in an eighth, up to six."""
    is_lost, is_driving = rng.random() < 0.35, rng.random() < 0.14  # noqa: PLR2004 - shares
    passports = [p for p in subject.person.papers if p.kind.value == "passport"]
    if is_lost and seen < 6:  # noqa: PLR2004 - banks at most
        yield _lose(passports[0], rng, serials)
    if is_driving and seen < 5:  # noqa: PLR2004 - banks at most
        bank = find_bank(rng.choice(_VEHICLE_BANKS))
        vehicle = make_vehicle(bank, bank.member, serials.take(bank.name), rng)
        yield Sighting(bank.name, replace(vehicle, kind=RecordKind.DISCREET_CHECK))


def _lose(paper: Paper, rng: random.Random, serials: _Serials) -> Sighting:
    number = serials.take("XPO/documents") - PLANTED_SERIALS + PLANTED_LOSSES
    kind = rng.choice((RecordKind.STOLEN_DOCUMENT, RecordKind.LOST_DOCUMENT))
    return Sighting("XPO/documents", Loss(number, kind, paper, draw_loss(rng)))
