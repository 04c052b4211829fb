"""Write transcribed words as sounds, one character each, and weigh how far two words differ.

Spelling rules differ between languages more than names do: "kh", "x" and "h" may be one letter of
one Cyrillic name. So digraphs become one character first, and then a weighted edit distance
forgives what transliteration is known to change and nothing else. Where one word comes from a
script without short vowels, missing vowels cost almost nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Final

from rapidfuzz.distance import Levenshtein

from adapters.matching.costs import GAPS, SWAPS, UNLIKE, UNWRITTEN_GAPS

__all__ = ["MAX_SOUNDS", "consonants", "encode", "similarity"]

MAX_SOUNDS: Final = 24
"""Sounds of a word that are compared; longer words are cut."""

_RULES: Final = (
    ("^x|x(?=[bcdfghjklmnpqrstvz])", "kh"),
    ("x", "ks"),
    ("tsch|tch|dch|cchh|cch", "C"),
    ("shch|sch|sh", "S"),
    ("dzh|dj|dsh", "j"),
    ("dz", "D"),
    ("zh", "Z"),
    ("ch", "C"),
    ("kh", "x"),
    ("gh", "G"),
    ("ph", "f"),
    ("th", "T"),
    ("dh", "d"),
    ("bh", "B"),
    ("jh", "j"),
    ("ck|qu", "k"),
    ("(?<!t)c(?=[eiy])", "s"),
    ("c", "k"),
    ("ts|tz", "c"),
    ("ew", "iu"),
    ("w", "v"),
    ("ou|oo", "u"),
    ("ee", "i"),
    ("(?<=[aeiou])[jy]$", "i"),
    ("(?<![aeiouAVWYH])y(?![aeiouAVWYH])", "i"),
    ("iy|ij|yi", "i"),
    (r"(.)\1+", r"\1"),
)
_COMPILED: Final = tuple((re.compile(pattern), sound) for pattern, sound in _RULES)
_COARSE: Final = str.maketrans(
    "ptkqgxGhfvbBdTDszSZcCjmnlr", "PTKKKHHHFFPPTTTSSSSSSSMNLR", "aeiouyAVWYH"
)
_SHORT: Final = 3
_FLOOR: Final = 0.35
"""Likenesses below this are not told apart, so that the weighing may stop early."""

_HOPELESS: Final = 0.34
"""Share of coarse consonants below which weighing sounds is not worth its time."""


@lru_cache(maxsize=65_536)
def encode(word: str) -> str:
    """Return a transcribed word as sounds: one character each, doubles once."""
    for pattern, sound in _COMPILED:
        word = pattern.sub(sound, word)
    return word[:MAX_SOUNDS]


@lru_cache(maxsize=65_536)
def consonants(sounds: str) -> str:
    """Return the coarse consonant skeleton of a word in sounds."""
    return sounds.translate(_COARSE)


@lru_cache(maxsize=131_072)
def similarity(one: str, other: str, *, bare: bool = False) -> float:
    """Return how alike two words in sounds are, 0 to 1.

    Args:
        one: Sounds of a word.
        other: Sounds of another.
        bare: The first word, and not the second, is written without short vowels.
    """
    if one == other:
        return 1.0
    left, right = consonants(one), consonants(other)
    if len(left) > _SHORT and len(right) > _SHORT:
        rough = Levenshtein.normalized_similarity(left, right)
        if rough < _HOPELESS:
            return rough
    return _weigh(one, other, UNWRITTEN_GAPS if bare else GAPS)


def _weigh(one: str, other: str, gaps: dict[str, float]) -> float:
    """Return one less the cheapest way from one word to the other, by its greatest cost."""
    columns = [gaps[sound] for sound in other]
    row = list(accumulate(columns, initial=0.0))
    greatest = max(row[-1], sum([GAPS[sound] for sound in one]), 1.0)
    limit = (1.0 - _FLOOR) * greatest
    for sound in one:
        gap, swaps = GAPS[sound], SWAPS[sound]
        before = row
        left = row[0] + gap
        row = [left]
        for place, target in enumerate(other):
            best = before[place] + swaps.get(target, UNLIKE)
            if (up := before[place + 1] + gap) < best:
                best = up
            if (left := left + columns[place]) > best:
                left = best
            row.append(left)
        if min(row) > limit:
            return 0.0
    return 1.0 - row[-1] / greatest if row[-1] <= limit else 0.0
