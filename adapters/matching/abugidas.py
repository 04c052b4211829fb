"""Write Indic, Sinhala and Thaana words in Latin letters, with the vowels that are implied.

A bare consonant of an Indic script carries an "a" that nobody writes; it is silent at the end of
a word and where a sign says so. Spelled letter by letter, most of the vowels would be lost.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.matching.letters import (
    BRAHMIC_CONSONANTS,
    BRAHMIC_NUKTA,
    BRAHMIC_SIGNS,
    BRAHMIC_VOWELS,
    SINHALA_CONSONANTS,
    SINHALA_SIGNS,
    SINHALA_VOWELS,
)

__all__ = ["write_brahmic", "write_sinhala", "write_thaana"]

_BLOCK: Final = 0x80
_FIRST, _LAST = 0x0900, 0x0D7F
_BENGALI: Final = 0x0980
_NASALS: Final = {0x01: "n", 0x02: "n", 0x03: "h", 0x70: "n", 0x71: ""}
_TAMIL: Final = 0x0B80
_VOICED: Final = {"k": "gh", "ch": "s", "t": "d", "p": "b"}
_TAMIL_NASALS: Final = frozenset({"n", "m", "ng"})
_NUKTA, _VIRAMA = 0x3C, 0x4D
_IMPLIED: Final = "A"
_SHORTEST: Final = 2
_BENGALI_WA: Final = (("ওয\u09bc", "\u09b5"), ("োয\u09bc", "্\u09b5"))
"""Bengali has no letter for w and writes o and y; the code of v is free in its block."""

_BENGALI_JA: Final = 0x2F
_LONG_VOWELS: Final = (("aa", "a"), ("ee", "i"), ("oo", "u"), ("oa", "o"), ("ey", "e"), ("dh", "d"))
_CASE_ENDING: Final = re.compile(r"(?<=[dt]h)u$|(?<=d)u$")


def write_brahmic(word: str) -> str:
    """Transliterate a word of any Indic script that shares the Devanagari layout."""
    sounds: list[str] = []
    for written, meant in _BENGALI_WA:
        word = word.replace(written, meant)
    for letter in word:
        code = ord(letter)
        if _FIRST <= code <= _LAST:
            _add_brahmic(sounds, code % _BLOCK, bengali=code - code % _BLOCK == _BENGALI)
        else:
            sounds.append(letter)
    if _TAMIL <= ord(word[:1] or " ") < _TAMIL + _BLOCK:
        _voice(sounds)
    return _join(sounds)


def _add_brahmic(sounds: list[str], offset: int, *, bengali: bool) -> None:
    """Append the sound at an offset of its block, or change the one before."""
    if offset == _NUKTA:
        _soften(sounds)
    elif offset == _VIRAMA:
        _silence(sounds)
    elif bengali and offset == _BENGALI_JA:
        sounds += ["y" if _ends_bare(sounds) else "J", _IMPLIED]
    elif 0 <= offset - 0x15 < len(BRAHMIC_CONSONANTS):
        sounds += [BRAHMIC_CONSONANTS[offset - 0x15], _IMPLIED]
    elif 0 <= offset - 0x3E < len(BRAHMIC_SIGNS):
        _silence(sounds)
        sounds.append(BRAHMIC_SIGNS[offset - 0x3E] + " ")
    elif 0 <= offset - 0x05 < len(BRAHMIC_VOWELS):
        sounds.append(BRAHMIC_VOWELS[offset - 0x05] + " ")
    else:
        sounds.append(_NASALS.get(offset, ""))


def _voice(sounds: list[str]) -> None:
    """Voice the plosives that Tamil writes with one letter: between vowels and after nasals."""
    silent = ["", *sounds, ""]
    for place, sound in enumerate(sounds):
        if sound not in _VOICED:
            continue
        before, after = silent[place], silent[place + 2]
        open_before = before == _IMPLIED or before.endswith(" ") or before in _TAMIL_NASALS
        if open_before and after != sound:
            sounds[place] = _VOICED[sound]
        elif not before and sound == "ch":
            sounds[place] = "s"


def _soften(sounds: list[str]) -> None:
    """Apply a dot below to the last consonant."""
    if len(sounds) > 1:
        sounds[-2] = BRAHMIC_NUKTA.get(sounds[-2], sounds[-2])


def _silence(sounds: list[str]) -> None:
    """Take back the implied vowel of the last consonant."""
    if sounds and sounds[-1] == _IMPLIED:
        sounds.pop()


def _ends_bare(sounds: list[str]) -> bool:
    """Tell whether the last sound is a consonant whose vowel was taken away."""
    return bool(sounds) and sounds[-1] in BRAHMIC_CONSONANTS


def _join(sounds: list[str]) -> str:
    """Join sounds; a written vowel is marked by a space, so that only implied ones fall silent."""
    if len(sounds) > _SHORTEST:
        _silence(sounds)
    return "".join(sounds).replace(" ", "").replace("J", "j")


def write_sinhala(word: str) -> str:
    """Transliterate a Sinhala word."""
    sounds: list[str] = []
    for letter in word:
        if letter in SINHALA_CONSONANTS:
            sounds += [SINHALA_CONSONANTS[letter], _IMPLIED]
        elif letter in SINHALA_SIGNS:
            _silence(sounds)
            sounds.append(SINHALA_SIGNS[letter] + " ")
        else:
            sounds.append(SINHALA_VOWELS.get(letter, letter))
    return "".join(sounds).replace(" ", "")


def write_thaana(latin: str) -> str:
    """Bring a Thaana word, already in Latin letters with doubled vowels, to common spelling.

    Final "u" after a dental only eases pronunciation in Dhivehi; passports leave it out.
    """
    for written, sound in _LONG_VOWELS:
        latin = latin.replace(written, sound)
    return _CASE_ENDING.sub("", latin)
