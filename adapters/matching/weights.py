"""Turn the likenesses of assigned tokens into one score.

The coefficients are those of a logistic regression on a public set of 7,527 labelled pairs of
names in eleven scripts (aliases left out), fitted once with the features below and rounded. In
five-fold cross-validation, folds split by person, F1 was 0.937; gradient boosting on twice as many
features gained 0.003, so the readable form was kept.
"""

from __future__ import annotations

from math import exp
from typing import Final

from adapters.matching.alignment import Pair
from adapters.matching.analysis import Analysed

__all__ = ["MATCH_THRESHOLD", "combine"]

MATCH_THRESHOLD: Final = 0.55
"""The score from which two names should be held to match: as many misses as false alarms."""

_BASE: Final = -1.6
_LEAST: Final = 3.2
"""For the least likeness of assigned tokens, and more of it above each of two bends."""
_LEAST_OVER: Final = ((0.4, 2.2), (0.7, -0.3))
_MISSING: Final = -2.1
"""For each token that only one name has, times the least likeness; patronymics are free."""
_MOST_MISSING: Final = 3
_SINGLE: Final = -2.4
"""Where a single token was compared, times its likeness: many people share one name."""
_BARE: Final = 1.2
"""Where only one name is written without short vowels, times the least likeness."""
_PAIRS: Final = 0.35
"""For each assigned pair."""
_MOST_PAIRS: Final = 4
_LENGTH: Final = (-1.0, 1.3)
"""For each sound of the least alike token, and times its likeness: long ones tell more."""
_MOST_SOUNDS: Final = 8

_BELOW_ONE: Final = 0.999
"""The greatest score of names that are not equal."""


def combine(one: Analysed, other: Analysed, pairs: tuple[Pair, ...]) -> float:
    """Return the score of two names, 0 to 0.999, from the likenesses of their tokens.

    Args:
        one: A name with at least one token.
        other: Another.
        pairs: Assigned tokens, least alike first.
    """
    i, j, least = pairs[0]
    length = min(len(one.tokens[i].sounds), len(other.tokens[j].sounds), _MOST_SOUNDS)
    missing = min(_count_missing(one, other, pairs), _MOST_MISSING)
    factor = _LEAST + _MISSING * missing + _LENGTH[1] * length
    factor += _SINGLE if len(pairs) == 1 else 0.0
    factor += _BARE if one.tokens[0].bare != other.tokens[0].bare else 0.0
    odds = _BASE + factor * least + _LENGTH[0] * length + _PAIRS * min(len(pairs), _MOST_PAIRS)
    odds += sum(weight * max(0.0, least - bend) for bend, weight in _LEAST_OVER)
    return min(_BELOW_ONE, 1.0 / (1.0 + exp(-odds)))


def _count_missing(one: Analysed, other: Analysed, pairs: tuple[Pair, ...]) -> int:
    """Count the tokens of the longer name that were left over, patronymics and initials apart."""
    if len(one.tokens) == len(other.tokens):
        return 0
    longer, side = (one, 0) if len(one.tokens) > len(other.tokens) else (other, 1)
    used = {pair[side] for pair in pairs}
    return sum(
        not (token.initial or token.patronymic)
        for place, token in enumerate(longer.tokens)
        if place not in used
    )
