"""Words inside names: adapters/matching/words.py."""

from __future__ import annotations

import pytest

from adapters.matching.scripts import romanise
from adapters.matching.words import (
    EQUIVALENTS,
    GLUED_AFTER,
    GLUED_BEFORE,
    LETTER_NAMES,
    MIDDLE_PARTICLES,
    PARTICLES,
    RELATIONS,
    TITLES,
)


@pytest.mark.parametrize(
    "words",
    [TITLES, PARTICLES, MIDDLE_PARTICLES, GLUED_AFTER, GLUED_BEFORE, EQUIVALENTS, LETTER_NAMES],
)
def test_words_are_written_as_romanise_writes_them(words):
    assert {word for word in words if romanise(word) != word} == set()


def test_words_have_one_part_only():
    parts = [TITLES, PARTICLES, MIDDLE_PARTICLES, GLUED_AFTER, GLUED_BEFORE, set(EQUIVALENTS)]
    seen = [word for part in parts for word in part]
    assert sorted(seen) == sorted(set(seen))


def test_equivalents_name_their_group_by_its_first_word():
    assert all(EQUIVALENTS[group] == group for group in EQUIVALENTS.values())
    assert EQUIVALENTS["mykola"] == EQUIVALENTS["nikolai"]
    assert EQUIVALENTS["magomed"] == EQUIVALENTS["md"] != EQUIVALENTS["ahmed"]


@pytest.mark.parametrize(
    "text", ["Bilal S/O Tariq", "Bilal s / o. Tariq", "Bilal son of Tariq", "Sara D/O Tariq"]
)
def test_relations_find_the_ways_to_give_a_father(text):
    assert RELATIONS.search(text)


@pytest.mark.parametrize("text", ["Sonof Tariq", "Tariqs/o2", "Anderson often"])
def test_relations_leave_names_alone(text):
    assert not RELATIONS.search(text)
