"""Assign the tokens of one name to the tokens of another."""

from __future__ import annotations

from itertools import permutations
from typing import Final

from rapidfuzz.distance import Levenshtein

from adapters.matching.analysis import Analysed, Token, make_token
from adapters.matching.costs import SWAPS, UNLIKE
from adapters.matching.sounds import similarity

__all__ = ["Pair", "assign", "glue", "liken"]

Pair = tuple[int, int, float]
"""Place in the first name, place in the second, likeness 0 to 1."""

_MANY: Final = 5
_GROUP_LIKENESS: Final = 0.97
_INITIAL_LIKENESS: Final = 0.75
_GLUE_LIKENESS: Final = 0.8
_NEAR_START: Final = 0.15


def liken(one: Token, other: Token) -> float:
    """Return how alike two tokens are, 0 to 1."""
    if one.roman == other.roman:
        return 1.0
    if one.initial or other.initial:
        return _INITIAL_LIKENESS if _share_start(one, other) else 0.0
    value = _compare_sounds(one, other)
    if one.group and one.group == other.group:
        return max(value, _GROUP_LIKENESS)
    return value


def _share_start(one: Token, other: Token) -> bool:
    """Tell whether an initial may stand for a word; C for Christian, Kh for Khalid."""
    shorter, longer = sorted((one, other), key=lambda token: len(token.roman))
    if longer.roman.startswith(shorter.roman):
        return True
    return SWAPS[shorter.sounds[0]].get(longer.sounds[0], UNLIKE) <= _NEAR_START


def _compare_sounds(one: Token, other: Token) -> float:
    """Compare the sounds of two words, with and without an article glued to them."""
    if (other.bare, other.sounds) > (one.bare, one.sounds):
        one, other = other, one
    bare = one.bare and not other.bare
    value = similarity(one.sounds, other.sounds, bare=bare)
    if one.stem and value < 1.0:
        value = max(value, similarity(one.stem, other.sounds, bare=bare))
    if other.stem and value < 1.0:
        value = max(value, similarity(one.sounds, other.stem, bare=bare))
    return value


def assign(one: Analysed, other: Analysed) -> tuple[Pair, ...]:
    """Return the pairs of tokens with the greatest sum of likenesses, least alike first."""
    if len(one.tokens) > len(other.tokens):
        turned = assign(other, one)
        return tuple((i, j, value) for j, i, value in turned)
    table = [[liken(a, b) for b in other.tokens] for a in one.tokens]
    places = _choose(table, len(other.tokens))
    pairs = ((i, j, table[i][j]) for i, j in enumerate(places))
    return tuple(sorted(pairs, key=lambda pair: pair[2]))


def _choose(table: list[list[float]], width: int) -> tuple[int, ...]:
    """Choose a column for each row."""
    best = tuple(row.index(max(row)) for row in table)
    if len(set(best)) == len(best):
        return best
    if width > _MANY:
        return _choose_greedily(table, width)
    return max(
        permutations(range(width), len(table)),
        key=lambda columns: sum(row[j] for row, j in zip(table, columns, strict=True)),
    )


def _choose_greedily(table: list[list[float]], width: int) -> tuple[int, ...]:
    """Take the best pair, then the best of the rest; near enough for very long names."""
    cells = sorted(
        ((table[i][j], i, j) for i in range(len(table)) for j in range(width)), reverse=True
    )
    chosen: dict[int, int] = {}
    for _, i, j in cells:
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    return tuple(chosen[i] for i in range(len(table)))


def glue(one: Analysed, other: Analysed) -> tuple[Analysed, Analysed]:
    """Join two neighbours in one name where the other writes them as one word."""
    return _glue(one, other), _glue(other, one)


def _glue(split: Analysed, whole: Analysed) -> Analysed:
    tokens = split.tokens
    for place in range(len(tokens) - 1):
        left, right = tokens[place], tokens[place + 1]
        if left.initial or right.initial:
            continue
        joined = make_token(left.text + right.text, split.script)
        if any(_is_glued(joined, left, right, token=token) for token in whole.tokens):
            rest = (*tokens[:place], joined, *tokens[place + 2 :])
            return Analysed(split.script, rest, split.key)
    return split


def _is_glued(joined: Token, left: Token, right: Token, *, token: Token) -> bool:
    """Tell whether a token is two others joined, and not much like either."""
    if len(token.skeleton) < len(left.skeleton) + len(right.skeleton) - 1:
        return False
    rough = Levenshtein.normalized_similarity(joined.skeleton, token.skeleton)
    if rough < _GLUE_LIKENESS:
        return False
    return liken(joined, token) > max(_GLUE_LIKENESS, liken(left, token), liken(right, token))
