"""Write foreign names in Mkhedruli, as clerks of Georgia would.

A name that the country has itself is written as at home. Any other goes by the inverse of the
national system of 2002 (kh ხ, gh ღ, zh ჟ, sh შ, ch ჩ, ts ც, dz ძ, q ყ). Passport Latin hides
whether k, p, t are aspirated: Turkish, Azerbaijani, Persian and Dari names are written with
ქ ფ თ, all others, which came by way of Russian, with the ejectives კ პ ტ. Doubled consonants are
written once, y is ი and falls out beside i and between a vowel and e, and q is კ where the language
has no q.
"""

from collections.abc import Mapping
from functools import lru_cache

from seeds.names import geo
from seeds.names.home import read_home_spellings
from seeds.names.sounds import VOWELS, read_sounds, write_words

_ASPIRATED = frozenset({"AFG", "AZE", "IRN", "TUR"})
_PLAIN_Q = frozenset({"BGD", "IND", "LKA", "MDV", "NPL", "TUR"})
_LETTERS: Mapping[str, str] = {
    "b": "ბ", "d": "დ", "D": "დ", "g": "გ", "k": "ქ", "p": "ფ", "t": "თ", "T": "თ", "q": "ყ",
    "x": "ხ", "G": "ღ", "c": "ჩ", "cH": "ჩ", "j": "ჯ", "s": "ს", "S": "შ", "z": "ზ", "Z": "ჟ",
    "f": "ფ", "v": "ვ", "w": "ვ", "h": "ჰ", "m": "მ", "n": "ნ", "l": "ლ", "r": "რ", "y": "ი",
    "ts": "ც", "dz": "ძ", "bH": "ბჰ", "dH": "დჰ", "gH": "ღ", "jH": "ჯჰ", "kH": "ხ", "pH": "ფ",
    "tH": "თ",
    "a": "ა", "A": "ა", "e": "ე", "i": "ი", "I": "ი", "o": "ო", "u": "უ", "U": "უ",
    "ai": "აი", "au": "აუ", "ei": "ეი",
}  # fmt: skip
_HOME = read_home_spellings(geo.NAMES)
_HARD = {"k": "კ", "p": "პ", "t": "ტ"}


def to_georgian(latin: str, origin: str) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Mkhedruli."""
    letters = _letters_for(origin)
    return write_words(
        latin, origin, lambda word: _HOME.get(word) or _write_word(word, origin, letters)
    )


@lru_cache(maxsize=32)
def _letters_for(origin: str) -> Mapping[str, str]:
    letters = {**_LETTERS, **({} if origin in _ASPIRATED else _HARD)}
    # In Georgian passports t is more often the aspirate.
    if origin == "GEO":
        return {**letters, "t": "თ"}
    return {**letters, "q": "კ"} if origin in _PLAIN_Q else letters


def _write_word(word: str, origin: str, letters: Mapping[str, str]) -> str:
    sounds = read_sounds(word, origin)
    written: list[str] = []
    for place, sound in enumerate(sounds):
        before = sounds[place - 1] if place else None
        after = sounds[place + 1] if place + 1 < len(sounds) else None
        doubled = sound == before and sound not in VOWELS
        beside = sound == "y" and bool({"i", "I"} & {before, after})
        silent = beside or (sound == "y" and after == "e" and before in VOWELS)
        if not (doubled or silent):
            written.append(letters[sound])
    return "".join(written)
