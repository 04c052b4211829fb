"""Which fields of a probe may be filled in together, and how much an answer then holds.

A policy may decide by the fields that a question fills in. What questions can fill in is finite, so
all of it is decided and told in a few words: what is needed, and what may be filled in besides. The
words are exact: a question that they fit is permitted, every other one is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from typing import Final

from gateway.access.rules import GRANULARITIES

REMEMBERED: Final = 1_024
"""How many profiles are remembered: most banks have the same."""


def _spread(needed: str, optional: str = "") -> list[frozenset[str]]:
    """Return what is filled in where some fields are needed and any of others may be, too."""
    return [frozenset(needed.split()).union(some) for some in _subsets(optional.split())]


def _subsets(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(words, size) for size in range(len(words) + 1))


FILLED: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "person": tuple(_spread("name", "full_name birth_date sex nationality place")),
    "document": (*_spread("number", "kind issuer"), *_spread("mrz number issuer", "kind")),
    "vehicle": (*_spread("plate", "vin country"), *_spread("vin", "country")),
    "organisation": (*_spread("name", "number"), *_spread("number")),
    "identifier": tuple(_spread("identifier", "country")),
    "biometric": tuple(_spread("sample")),
}
"""All that questions can fill in, for each kind of probe, in the words of policies. `name` is there
with every name of a person, `full_name` where it has two words or parts; a machine-readable zone
fills in number and issuer too, and with a kind where a batch has both forms."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Fields that may be filled in together.

    Attributes:
        needed: What has to be filled in, ascending.
        optional: What may be filled in besides, each or not, ascending; nothing else may.
        granularity: The most that an answer to such a question holds, "exists" to "record".
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    granularity: str

    def fits(self, fields: frozenset[str]) -> bool:
        """Whether a question that fills in exactly these is meant."""
        return frozenset(self.needed) <= fields <= frozenset((*self.needed, *self.optional))


@lru_cache(maxsize=REMEMBERED)
def describe_fields(probe: str, told: tuple[str, ...]) -> tuple[Filled, ...]:
    """Put into words what is permitted.

    Args:
        probe: The kind of probe.
        told: For each of `FILLED[probe]` the most that an answer holds, "" where it is refused.

    Returns:
        The widest words first; none where everything is refused.
    """
    every = FILLED[probe]
    pairs = list(zip(every, told, strict=True))
    found: list[Filled] = []
    for granularity in reversed(GRANULARITIES):
        permitted = [fields for fields, word in pairs if word == granularity]
        found += (_words(low, high, granularity) for low, high in _cover(permitted, every))
    return tuple(found)


def _cover(
    permitted: Sequence[frozenset[str]], every: Iterable[frozenset[str]]
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Cover sets by intervals that hold no other, the widest first."""
    others = [fields for fields in every if fields not in set(permitted)]
    intervals = [
        (low, high)
        for low in permitted
        for high in permitted
        if low <= high and not any(low <= other <= high for other in others)
    ]
    left = set(permitted)
    while left:
        low, high = max(intervals, key=lambda pair: _reach(pair, left))
        yield low, high
        left -= {fields for fields in left if low <= fields <= high}


def _reach(
    pair: tuple[frozenset[str], frozenset[str]], left: Iterable[frozenset[str]]
) -> tuple[int, int]:
    """How many of the sets that are left an interval holds, and how wide it is."""
    low, high = pair
    return sum(low <= fields <= high for fields in left), len(high - low)


def _words(low: frozenset[str], high: frozenset[str], granularity: str) -> Filled:
    return Filled(tuple(sorted(low)), tuple(sorted(high - low)), granularity)
