"""The costs of changed sounds: adapters/matching/costs.py."""

from __future__ import annotations

import pytest

from adapters.matching.costs import GAPS, SWAPS, UNLIKE, UNWRITTEN_GAPS


def test_costs_are_known_for_each_sound():
    assert set(GAPS) == set(SWAPS) == set(UNWRITTEN_GAPS)
    assert {sound for row in SWAPS.values() for sound in row} == set(GAPS)


def test_swaps_are_symmetric_free_for_equal_sounds_and_below_unlike():
    for one, row in SWAPS.items():
        assert row[one] == 0.0
        for other, cost in row.items():
            assert SWAPS[other][one] == cost
            assert 0.0 <= cost < UNLIKE


@pytest.mark.parametrize("vowel", "aeiou")
def test_gaps_of_vowels_are_cheap_and_almost_free_when_unwritten(vowel):
    assert UNWRITTEN_GAPS[vowel] < GAPS[vowel] < GAPS["k"] == UNWRITTEN_GAPS["k"]
