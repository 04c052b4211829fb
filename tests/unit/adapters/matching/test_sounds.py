"""Sounds and their distances: adapters/matching/sounds.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.costs import GAPS
from adapters.matching.sounds import MAX_SOUNDS, consonants, encode, similarity

words = st.text(alphabet="abdeghikmnorstuvyzAVWYHDT", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shcherbakov", "scherbakov"),
        ("dzhafar", "djafar"),
        ("khan", "xan"),
        ("ibrahiim", "ibrahim"),
    ],
)
def test_encode_gives_spellings_of_one_sound_the_same_sounds(one, other):
    assert encode(one) == encode(other)


@given(words)
def test_encode_stays_within_known_sounds(word):
    sounds = encode(word)
    assert len(sounds) <= MAX_SOUNDS
    assert set(sounds) <= set(GAPS)
    assert consonants(sounds).isupper() or consonants(sounds) == ""


@given(words, words, st.booleans())
def test_similarity_is_bounded_and_one_only_for_equal_sounds(one, other, bare):
    value = similarity(encode(one), encode(other), bare=bare)
    assert 0.0 <= value <= 1.0
    assert (value == 1.0) == (encode(one) == encode(other))


@given(words, words)
def test_similarity_is_symmetric_when_both_are_written_in_full(one, other):
    left, right = encode(one), encode(other)
    assert similarity(left, right) == pytest.approx(similarity(right, left))


def test_similarity_forgives_vowels_only_when_one_script_leaves_them_out():
    assert similarity("krm", "karim", bare=True) > 0.85
    assert similarity("krm", "karim") < 0.8
