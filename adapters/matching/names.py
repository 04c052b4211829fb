"""Score how likely two names, in any scripts, are spellings of one person's name.

Tokens of one name are assigned to tokens of the other so that the sum of their likenesses is
greatest; then the least of them decides. An average forgives a wrong family name when given name
and patronymic agree, which is just what brothers share. A token that the other name leaves out is
no contradiction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from adapters.matching.alignment import assign, glue
from adapters.matching.analysis import Analysed, Token, analyse
from adapters.matching.weights import MATCH_THRESHOLD, combine

__all__ = [
    "MATCH_THRESHOLD",
    "Analysed",
    "Comparison",
    "Token",
    "TokenMatch",
    "analyse",
    "compare",
    "score",
    "score_analysed",
]

HowMatched = Literal["exact", "transliterated", "spelling", "initial", "missing"]

_ALIKE: Final = 0.6


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """How one token of a name was found in the other; texts are romanised.

    With "missing", the other text is empty, or it is what stands in its place.
    """

    one: str
    other: str
    how: HowMatched
    score: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for two names being one: score 0 to 1, the scripts, and token by token."""

    score: float
    scripts: tuple[str, str]
    tokens: tuple[TokenMatch, ...]


def score(a: str, b: str) -> float:
    """Return how likely two names are spellings of one, 0 to 1.

    Symmetric; 1.0 for names that are equal after normalisation, 0.0 where one of them cannot be
    transliterated. MATCH_THRESHOLD is the value from which they should be held to match.
    """
    return score_cached(a, b) if a <= b else score_cached(b, a)


@lru_cache(maxsize=65_536)
def score_cached(a: str, b: str) -> float:
    """Score two names in the given order and remember the result."""
    return score_analysed(analyse(a), analyse(b))


def score_analysed(one: Analysed, other: Analysed) -> float:
    """Return the same as `score` for names that were analysed before."""
    if not one.tokens or not other.tokens:
        return 0.0
    if one.key == other.key:
        return 1.0
    one, other = glue(one, other)
    return combine(one, other, assign(one, other))


def compare(a: str, b: str) -> Comparison:
    """Score two names and say which tokens matched how, for the explanation of a hit."""
    one, other = analyse(a), analyse(b)
    total, scripts = score(a, b), (one.script, other.script)
    if not one.tokens or not other.tokens:
        return Comparison(total, scripts, ())
    one, other = glue(one, other)
    pairs = assign(one, other)
    matches = [_explain(one.tokens[i], other.tokens[j], value) for i, j, value in pairs]
    first, second = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    matches += [
        TokenMatch(t.roman, "", "missing", 0.0) for i, t in enumerate(one.tokens) if i not in first
    ]
    matches += [
        TokenMatch("", t.roman, "missing", 0.0)
        for j, t in enumerate(other.tokens)
        if j not in second
    ]
    return Comparison(total, scripts, tuple(matches))


def _explain(one: Token, other: Token, value: float) -> TokenMatch:
    """Name the way in which two assigned tokens agree."""
    how: HowMatched = "spelling"
    if value < _ALIKE:
        how = "missing"
    elif one.initial or other.initial:
        how = "initial"
    elif one.script != other.script:
        how = "transliterated"
    elif one.roman == other.roman:
        how = "exact"
    return TokenMatch(one.roman, other.roman, how, value)
