"""Write foreign names in Thaana, as clerks of the Maldives would.

A name that the country has itself is written as at home, with the dotted letters for the Arabic
sounds (ޙ, ޢ, ޞ) that Latin does not show. Any other goes by sound, by the inverse of the official
Malé Latin of 1976: every letter carries a fili or a sukun, alifu carries a vowel alone, a doubled
consonant is alifu with sukun, and kh, gh, q, zh take the dotted letters. A last consonant of an
Arabic name that Dhivehi does not end in gets u.
"""

from collections.abc import Sequence

from seeds.names import mdv
from seeds.names.home import read_home_spellings
from seeds.names.sounds import (
    ARABIC_NAMED,
    HARD_STOPS,
    LETTER_NAMES,
    VOWELS,
    harden_stops,
    read_sounds,
    settle_vowels,
    write_words,
)

_ALIFU = "އ"
_SUKUN = "\u07b0"
_FILI = {
    "a": "\u07a6", "A": "\u07a7", "i": "\u07a8", "I": "\u07a9", "u": "\u07aa", "U": "\u07ab",
    "e": "\u07ac", "E": "\u07ad", "o": "\u07ae", "O": "\u07af",
}  # fmt: skip
_TWO_VOWELS = {"ai": ("a", "i"), "au": ("a", "u"), "ei": ("e", "i")}
_CONSONANTS = {
    "b": "ބ", "bH": "ބ", "p": "ޕ", "pH": "ފ", "t": "ތ", "tH": "ތ", "d": "ދ", "dH": "ދ",
    "T": "ޓ", "D": "ޑ", "k": "ކ", "kH": "ޚ", "g": "ގ", "gH": "ޣ", "q": "ޤ", "x": "ޚ", "G": "ޣ",
    "c": "ޗ", "cH": "ޗ", "j": "ޖ", "jH": "ޖ", "s": "ސ", "S": "ޝ", "z": "ޒ", "Z": "ޜ", "f": "ފ",
    "v": "ވ", "w": "ވ", "h": "ހ", "m": "މ", "n": "ނ", "l": "ލ", "r": "ރ", "y": "ޔ",
    "ts": f"ތ{_SUKUN}ސ", "dz": f"ދ{_SUKUN}ޒ",
}  # fmt: skip
_CLOSING = frozenset({"m", "n", "s", "l", "S", "v"})
_HOME = read_home_spellings(mdv.NAMES)


def to_thaana(latin: str, origin: str) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Thaana."""
    return write_words(latin, origin, lambda word: _HOME.get(word) or _write_word(word, origin))


def _write_word(word: str, origin: str) -> str:
    settled = settle_vowels(read_sounds(word, origin), origin)
    if origin in HARD_STOPS:
        settled = harden_stops(settled)
    if len(word) == 1:
        settled = list(LETTER_NAMES[word])
    settled[-1:] = _end_word(settled[-1], origin)
    sounds = [new for sound in settled for new in _TWO_VOWELS.get(sound, (sound,))]
    return "".join(_write_sound(sounds, place) for place in range(len(sounds)))


def _end_word(sound: str, origin: str) -> tuple[str, ...]:
    if sound in {"e", "o"} or (sound == "i" and origin in ARABIC_NAMED):
        return (sound.upper(),)
    if origin in ARABIC_NAMED and sound not in VOWELS and sound not in _CLOSING:
        return (sound, "u")
    return (sound,)


def _write_sound(sounds: Sequence[str], place: int) -> str:
    sound = sounds[place]
    following = sounds[place + 1] if place + 1 < len(sounds) else None
    if sound in VOWELS:
        carried = place > 0 and sounds[place - 1] not in VOWELS
        return ("" if carried else _ALIFU) + _FILI[sound]
    if following in VOWELS:
        return _CONSONANTS[sound]
    doubled = sound == following and sound != "n"
    return (_ALIFU if doubled else _CONSONANTS[sound]) + _SUKUN
