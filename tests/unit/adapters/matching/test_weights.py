"""From likenesses to one score: adapters/matching/weights.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.analysis import Analysed, make_token
from adapters.matching.weights import MATCH_THRESHOLD, combine


def _name(*words, script="Latn"):
    tokens = tuple(make_token(word, script) for word in words)
    return Analysed(script, tokens, tuple(sorted(words)))


ANNA = _name("anna", "bekova")
likeness = st.floats(0.0, 1.0)


@given(likeness, likeness)
def test_combine_never_falls_when_the_least_likeness_rises(low, high):
    low, high = sorted((low, high))
    assert combine(ANNA, ANNA, ((0, 0, low), (1, 1, 1.0))) <= combine(
        ANNA, ANNA, ((0, 0, high), (1, 1, 1.0))
    )


@given(likeness, st.integers(1, 4))
def test_combine_is_bounded_below_one(value, parts):
    name = _name(*("anna", "bekova", "sona", "rauf")[:parts])
    pairs = tuple((i, i, value) for i in range(parts))
    assert 0.0 < combine(name, name, pairs) <= 0.999


def test_combine_counts_each_missing_name_but_no_patronymic():
    pairs = ((0, 0, 1.0), (1, 1, 1.0))
    whole = combine(ANNA, ANNA, pairs)
    patronymic = combine(ANNA, _name("anna", "bekova", "rustamovna"), pairs)
    one_more = combine(ANNA, _name("anna", "bekova", "sona"), pairs)
    two_more = combine(_name("anna", "bekova", "sona", "rauf"), ANNA, pairs)
    assert whole == patronymic > one_more > two_more
    assert one_more > MATCH_THRESHOLD


def test_combine_trusts_a_single_token_less():
    pairs = ((0, 0, 1.0),)
    single = combine(_name("anna"), _name("anna"), pairs)
    assert single < combine(ANNA, ANNA, (*pairs, (1, 1, 1.0)))
    assert combine(_name("anna"), _name("anna", "bekova", "sona"), pairs) < MATCH_THRESHOLD


def test_combine_forgives_more_when_one_name_has_no_vowels():
    pairs = ((0, 0, 0.7), (1, 1, 0.9))
    assert combine(_name("ana", "bkva", script="Arab"), ANNA, pairs) > combine(ANNA, ANNA, pairs)


@pytest.mark.parametrize("value", [0.0, 0.2, 0.4])
def test_combine_lets_one_strange_part_decide(value):
    assert combine(ANNA, ANNA, ((1, 1, value), (0, 0, 1.0))) < MATCH_THRESHOLD
