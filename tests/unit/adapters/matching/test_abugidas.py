"""Indic, Sinhala and Thaana words: adapters/matching/abugidas.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matching.abugidas import write_brahmic, write_sinhala, write_thaana


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("कमल", "kAmAl"),
        ("शर्मा", "shArma"),
        ("ज\u093cफ\u093cर", "zAfAr"),
        ("ড\u09bcা", "ra"),
        ("ব্যানার্জী", "byanarji"),
        ("য\u09bcা", "ya"),
        ("ওয\u09bcাহাব", "vahab"),
        ("ஆனந்தன்", "anAndAn"),
        ("பாப்பா", "pappa"),
        ("சிவன்", "sivAn"),
        ("ગીતા", "gita"),
    ],
)
def test_write_brahmic_writes_implied_vowels_and_drops_the_last(word, latin):
    assert write_brahmic(word) == latin


@pytest.mark.parametrize(("word", "latin"), [("කමල්", "kAmAl"), ("නිමල", "nimAlA"), ("ඇලිස්", "elis")])
def test_write_sinhala_writes_implied_vowels(word, latin):
    assert write_sinhala(word) == latin


@pytest.mark.parametrize(
    ("latin", "common"),
    [("nasheedhu", "nashid"), ("faathimathu", "fathimath"), ("soalih", "solih"), ("dhu", "d")],
)
def test_write_thaana_brings_long_vowels_and_endings_to_common_spelling(latin, common):
    assert write_thaana(latin) == common


@given(st.text(st.characters(min_codepoint=0x0900, max_codepoint=0x0D7F), max_size=20))
def test_write_brahmic_stays_short_for_any_letters(word):
    assert len(write_brahmic(word)) <= 4 * len(word)


@given(st.text(st.characters(min_codepoint=0x0D80, max_codepoint=0x0DFF), max_size=20))
def test_write_sinhala_stays_short_for_any_letters(word):
    assert len(write_sinhala(word)) <= 4 * len(word)
