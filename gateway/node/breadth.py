"""What of a question shows whether somebody is looking for a person, or harvesting a bank.

Most of it is counted as keyed digests: how many numbers of one series, how many birth dates of one
name. A run cannot be seen in digests. For runs the last number and the last name of each asker and
series are kept, in memory alone, for an hour at most.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from adapters.contract import (
    DocumentProbe,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonProbe,
    Probe,
    VehicleProbe,
)
from adapters.matching.documents import normalise_number
from adapters.matching.scripts import romanise

IDLE_S: Final = 3_600
"""Seconds after which a run that does not go on is forgotten."""
MAX_RUNS: Final = 20_000
"""Runs that are followed at the same time; the longest idle is forgotten first."""
_TAIL: Final = 3
_NUMBER: Final = re.compile(r"(.*?)([0-9]{4,18})([^0-9]*)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to count: different values of one thing.

    Attributes:
        kind: What it is a sign of, as in the file of budgets.
        of: What the values belong to.
        value: One of them.
    """

    kind: str
    of: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in a row: a kind, a series, and a number or a name there."""

    kind: str
    series: str
    number: int = 0
    name: str = ""


def form_of(probe: Probe) -> str:
    """Write a probe so that the same question has the same form, however it was typed."""
    text = unicodedata.normalize("NFKC", repr(probe)).casefold()
    # Vowel signs are marks to Unicode, and no letters: they tell names apart.
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return " ".join("".join(kept).split())


def marks_of(probe: Probe) -> list[Mark]:
    """Return what is to be counted of a probe."""
    if isinstance(probe, PersonProbe):
        names = {_fold(name.text) for name in probe.names} if probe.birth is not None else ()
        return [Mark("dates", name, repr(probe.birth)) for name in sorted(names) if name]
    series, number = split_number(probe)
    return [Mark("block", f"{series} {number[:-_TAIL]}", number)] if number else []


def places_of(probe: Probe) -> list[Place]:
    """Return where a probe stands in rows; each name of a person is in a row of its own."""
    if isinstance(probe, OrganisationProbe):
        return [Place("alphabet", "organisation", name=romanise(probe.name))] if probe.name else []
    if isinstance(probe, PersonProbe):
        names = () if _is_day(probe.birth) else probe.names
        romanised = [romanise(name.family or name.text) for name in names]
        return [
            Place("alphabet", f"person {n}", name=name) for n, name in enumerate(romanised) if name
        ]
    series, number = split_number(probe)
    return [Place("steps", series, number=int(number))] if number else []


def _is_day(birth: object) -> bool:
    return isinstance(birth, PartialDate) and birth.day is not None


def split_number(probe: Probe) -> tuple[str, str]:
    """Split the number of a document, an identifier or a vehicle into its series and its digits.

    Without digits it has no series. Plates have none: a camera sees many that are near each other.
    """
    of, text = _number_of(probe)
    found = _NUMBER.fullmatch(text)
    if found is None:
        return "", ""
    return f"{of} {found[1]} {found[3]} {len(found[2])}", found[2]


def _number_of(probe: Probe) -> tuple[str, str]:
    """What a number is of, and the number."""
    match probe:
        case DocumentProbe():
            return probe.issuer, probe.number
        case IdentifierProbe():
            of = f"{probe.identifier.kind.value} {probe.country}".strip()
            return of, normalise_number(probe.identifier.value)
        case VehicleProbe():
            return "vin", probe.vin
        case _:
            return "", ""


def _fold(name: str) -> str:
    return " ".join(sorted(romanise(name).split()))


@dataclass(slots=True)
class _Run:
    """The last place of a row, where it leads, and how long it has been going there."""

    place: Place
    step: int
    length: int
    at: float


class Runs:
    """Follows rows: numbers in equal steps, names along the alphabet."""

    def __init__(self) -> None:
        self._runs: OrderedDict[tuple[str, str, str], _Run] = OrderedDict()

    def __len__(self) -> int:
        return len(self._runs)

    def follow(self, asker: str, place: Place, at: float) -> int:
        """Return how long the row of this asker is with this place in it, 1 or more.

        Args:
            asker: Who asks.
            place: The place in the row.
            at: Seconds since any moment.
        """
        self._forget(at)
        key = (asker, place.kind, place.series)
        run = self._runs.pop(key, None)
        if run is None:
            run = _Run(place, 0, 1, at)
        else:
            step = _step(run.place, place)
            if step:
                run.length = run.length + 1 if step == run.step else 2
                run.place, run.step = place, step
            run.at = at
        self._runs[key] = run
        return run.length

    def _forget(self, at: float) -> None:
        """Drop what is idle, and the longest idle where there are too many."""
        while self._runs:
            first = next(iter(self._runs))
            if at - self._runs[first].at <= IDLE_S and len(self._runs) < MAX_RUNS:
                return
            del self._runs[first]


def _step(last: Place, place: Place) -> int:
    """How far a number is from the last; 1 or -1 for names; 0 for the same again."""
    if place.kind == "steps":
        return place.number - last.number
    return (place.name > last.name) - (place.name < last.name)
