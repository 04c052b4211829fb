"""Write Arabic-script and Hebrew words in Latin letters, vowels as far as they are written.

Four letters are a consonant or a vowel by their place: alif, waw, ya and ha (and their Hebrew
sisters). Short vowels are not written at all; the matcher knows that and forgives them.
"""

from __future__ import annotations

from typing import Final

from adapters.matching.letters import ABJAD_CONSONANTS

__all__ = ["write_abjad"]

_ALIF: Final = frozenset("اא")
_WAW: Final = frozenset("وו")
_YA: Final = frozenset("يیיۓ")
_HA: Final = frozenset("هہה")
_AIN: Final = frozenset("عע")
_LONG: Final = _ALIF | frozenset("آ")
_SHORTEST: Final = 2
_WEAK: Final = _LONG | _WAW | _YA


def write_abjad(word: str) -> str:
    """Return the word in Latin letters; letters that are not known stay as they are."""
    word = word.replace("عبدال", "عبدُل").replace("יי", "י").replace("וו", "ו")
    word = _write_god(word)
    return "".join(_write_letter(word, place) for place in range(len(word)))


def _write_god(word: str) -> str:
    """Write the name of God at the end of a compound with its unwritten long vowel."""
    return word[:-1] + "اه" if word.endswith(("لله", "للہ")) else word


def _write_letter(word: str, place: int) -> str:
    letter = word[place]
    if letter in _ALIF:
        return _write_alif(word, place)
    if letter in _WAW:
        return _write_glide(word, place, consonant="v", vowel="W")
    if letter in _YA:
        return _write_glide(word, place, consonant="y", vowel="Y")
    if letter in _HA:
        return _write_ha(word, place)
    if letter in _AIN:
        return "" if place + 1 < len(word) and word[place + 1] in _LONG else "V"
    return ABJAD_CONSONANTS.get(letter, letter)


def _write_alif(word: str, place: int) -> str:
    """Drop an alif that only carries the vowel after it at the start of a word."""
    if place or len(word) <= _SHORTEST:
        return "a" if place else "V"
    silent = word[1] in _WAW | _YA and word[2] not in _WEAK
    return "" if silent else "V"


def _write_glide(word: str, place: int, *, consonant: str, vowel: str) -> str:
    """Write waw or ya: a consonant beside a long vowel or at the start, else a vowel."""
    before, after = word[max(place - 1, 0) : place], word[place + 1 : place + 2]
    if not before:
        return consonant
    if place == 1 and before in _ALIF:
        return consonant if after and after in _LONG else vowel
    beside_long = (bool(after) and after in _LONG) or (before in _LONG and bool(after))
    return consonant if beside_long else vowel


def _write_ha(word: str, place: int) -> str:
    """Write a final ha after a consonant as the vowel it stands for."""
    final = place == len(word) - 1 and place > 1
    return "H" if final and word[place - 1] not in _WEAK else "h"
