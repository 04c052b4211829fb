"""Find out what repeats in an XML document or in JSON lines, and which paths lead to its values."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from lxml import etree

from adapters.banks.files.markup import (
    Element,
    drop,
    iterate_elements,
    local_name,
    parse_events,
    verify_no_entities,
)
from adapters.drafting.objects import Spread, spread
from adapters.drafting.shape import SAMPLE, DraftError

__all__ = ["Twig", "find_twigs", "read_objects"]

_EVENTS: Final = 200_000
_LEAST: Final = 2
_LINE: Final = 1 << 20


@dataclass(slots=True)
class Twig:
    """An element that repeats, with what is in it.

    Attributes:
        rows: The steps that lead to it from the root.
        paths: Where its single values are.
        inner: What repeats inside one of it, by its path.
    """

    rows: tuple[str, ...]
    paths: tuple[str, ...] = ()
    inner: dict[str, tuple[str, ...]] = field(default_factory=dict)


def find_twigs(path: Path) -> list[Twig]:
    """Find the elements of a document that repeat and hold others.

    Raises:
        DraftError: It is no XML, or nothing repeats in it.
        BankFaultError: It declares entities.
    """
    try:
        twigs = [_look_into(path, steps) for steps in _find_repeated(path)]
    except etree.XMLSyntaxError:
        raise DraftError(f"{path.name}: is no XML, or is broken") from None
    if not twigs:
        raise DraftError(f"{path.name}: no element repeats in it that holds values")
    return twigs


def _find_repeated(path: Path) -> list[tuple[str, ...]]:
    """Return the steps to the outermost elements that repeat below one parent and hold values."""
    most: Counter[tuple[str, ...]] = Counter()
    filled: set[tuple[str, ...]] = set()
    trail: list[str] = []
    counts: list[Counter[str]] = []
    with path.open("rb") as file:
        for event, element in islice(parse_events(file), _EVENTS):
            if event == "start":
                if not trail:
                    verify_no_entities(element)
                else:
                    counts[-1][local_name(element)] += 1
                    here = (*trail[1:], local_name(element))
                    most[here] = max(most[here], counts[-1][local_name(element)])
                    filled |= {here[:-1]} | ({here} if element.attrib else set())
                trail.append(local_name(element))
                counts.append(Counter())
            else:
                trail.pop()
                counts.pop()
                drop(element)
    found = sorted(steps for steps in filled if most[steps] >= _LEAST)
    return [s for s in found if not any(o != s and s[: len(o)] == o for o in found)]


def _look_into(path: Path, steps: tuple[str, ...]) -> Twig:
    """Read some of the elements: a path that occurs twice in one is a list in all."""
    seen: dict[str, None] = {}
    told: set[str] = set()
    repeated: dict[str, None] = {}
    for element in islice(iterate_elements(path, steps), SAMPLE):
        walked = list(_walk(element, ""))
        counts = Counter(place for place, _ in walked)
        told |= {place for place, inside in walked if "@" in place or _has_text(inside)}
        seen |= dict.fromkeys(counts)
        repeated |= dict.fromkeys(p for p, n in counts.items() if n > 1 and "@" not in p)
    outer = [p for p in repeated if not any(p.startswith(f"{o}/") for o in repeated if o != p)]
    inner: dict[str, list[str]] = defaultdict(list)
    single: list[str] = []
    for place in _leaves(seen, told):
        above = next((o for o in outer if place == o or place.startswith(f"{o}/")), None)
        if above is None:
            single.append(place)
        else:
            inner[above].append(place.removeprefix(above).lstrip("/") or ".")
    return Twig(steps, tuple(single), {place: tuple(paths) for place, paths in inner.items()})


def _leaves(places: Iterable[str], told: Container[str]) -> Iterator[str]:
    """Leave out elements that hold others, or attributes alone; beside them they may say more."""
    every = list(places)
    for place in every:
        if place in told or not any(other.startswith(f"{place}/") for other in every):
            yield place


def _has_text(element: Element) -> bool:
    return not len(element) and bool((element.text or "").strip())


def _walk(element: Element, above: str) -> Iterator[tuple[str, Element]]:
    """Yield the path of each value below an element, attributes too."""
    for name in map(str, element.attrib):
        yield f"{above}/@{name}".lstrip("/"), element
    for child in element.iterchildren(etree.Element):
        here = f"{above}/{local_name(child)}".lstrip("/")
        yield here, child
        yield from _walk(child, here)


def read_objects(path: Path, encoding: str) -> Spread:
    """Look at the first objects of JSON lines.

    Raises:
        DraftError: A line is no JSON object.
    """
    with path.open(encoding=encoding, errors="replace") as file:
        lines = list(islice(iter(lambda: file.readline(_LINE), ""), SAMPLE))
    try:
        found = [json.loads(line) for line in lines if line.strip()]
    except (ValueError, RecursionError):
        raise DraftError(f"{path.name}: a line is no JSON object") from None
    if not found or not all(isinstance(item, dict) for item in found):
        raise DraftError(f"{path.name}: a line is no JSON object")
    return spread(found)
