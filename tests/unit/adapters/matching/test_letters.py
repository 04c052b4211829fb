"""The letter tables: adapters/matching/letters.py."""

from __future__ import annotations

import pytest

from adapters.matching.letters import (
    ABJAD_CONSONANTS,
    ALPHABETS,
    BRAHMIC_CONSONANTS,
    BRAHMIC_SIGNS,
    BRAHMIC_VOWELS,
    LOOKS_CYRILLIC,
    LOOKS_LATIN,
    SINHALA_CONSONANTS,
    SINHALA_SIGNS,
    SINHALA_VOWELS,
)

NATIONAL = {
    "Kazakh": "әғқңөұүһі",
    "Kyrgyz": "ңөү",
    "Tajik": "ғӣқӯҳҷ",
    "Uzbek": "қғҳ",
    "Azerbaijani": "əğıöşüç",
    "Belarusian and Ukrainian": "іїєґ",
}
ARABIC = {
    "Arabic": "بتثجحخدذرزسشصضطظغفقكلمن",
    "Persian": "پچژگک",
    "Urdu": "ٹڈڑںےھ",
    "Pashto": "ټځڅډړږښڼېۍ",
}


@pytest.mark.parametrize("language", NATIONAL)
def test_alphabets_hold_the_letters_of_each_language(language):
    assert [letter for letter in NATIONAL[language] if ord(letter) not in ALPHABETS] == []


@pytest.mark.parametrize("language", ARABIC)
def test_abjad_consonants_hold_the_letters_of_each_language(language):
    assert [letter for letter in ARABIC[language] if letter not in ABJAD_CONSONANTS] == []


def test_tables_hold_only_latin_letters():
    tables = [ALPHABETS, ABJAD_CONSONANTS, SINHALA_CONSONANTS, SINHALA_SIGNS, SINHALA_VOWELS]
    sounds = {sound for table in tables for sound in table.values()}
    sounds |= {*BRAHMIC_CONSONANTS, *BRAHMIC_SIGNS, *BRAHMIC_VOWELS}
    assert {
        sound for sound in sounds if sound and not (sound.isascii() and sound.isalpha())
    } == set()


def test_brahmic_tables_fill_their_part_of_the_block():
    assert len(BRAHMIC_CONSONANTS) == 0x3A - 0x15
    assert len(BRAHMIC_VOWELS) == 0x15 - 0x05
    assert len(BRAHMIC_SIGNS) == 0x4D - 0x3E


def test_look_alikes_lead_out_of_their_own_script():
    assert {chr(meant) for meant in LOOKS_LATIN.values()} <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    assert all(0x0400 <= meant <= 0x052F for meant in LOOKS_CYRILLIC.values())
