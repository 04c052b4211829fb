"""Decide which script a text is in, and write it in plain Latin letters.

A name travels through fifteen alphabets and as many ways of typing it. Here it becomes lower-case
a to z and single spaces, by sound rather than by shape, so that all that follows can compare
letters. Where nothing can be transliterated the answer is the empty string; two such answers say
nothing about each other and must not be held equal.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from adapters.matching.abjads import write_abjad
from adapters.matching.abugidas import write_brahmic, write_sinhala, write_thaana
from adapters.matching.letters import ALPHABETS, LOOKS_CYRILLIC, LOOKS_LATIN

__all__ = [
    "MAX_LENGTH",
    "PLAIN",
    "UNKNOWN_SCRIPT",
    "clean",
    "fold_digits",
    "romanise",
    "script_of",
    "transcribe",
]

MAX_LENGTH: Final = 512
"""Characters of a name that are read; no name is longer, and hostile input must stay cheap."""

UNKNOWN_SCRIPT: Final = "Zyyy"

PLAIN: Final = str.maketrans("AVWYHDT", "aauiazs")
"""What to write for the letters that `transcribe` marks as uncertain."""

_RANGES: Final = (
    (0x0041, 0x024F, "Latn"),
    (0x0250, 0x02AF, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0531, 0x058F, "Armn"),
    (0x0591, 0x05F4, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"),
    (0x0780, 0x07BF, "Thaa"),
    (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1C80, 0x1C8F, "Cyrl"),
    (0x1C90, 0x1CBF, "Geor"),
    (0x1D00, 0x1D7F, "Latn"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x2C60, 0x2C7F, "Latn"),
    (0x2D00, 0x2D2F, "Geor"),
    (0x2DE0, 0x2DFF, "Cyrl"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xA640, 0xA69F, "Cyrl"),
    (0xA720, 0xA7FF, "Latn"),
    (0xAC00, 0xD7AF, "Hang"),
    (0xFB00, 0xFB06, "Latn"),
    (0xFB13, 0xFB17, "Armn"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
    (0xFF21, 0xFF5A, "Latn"),
)
_STARTS: Final = tuple(start for start, _, _ in _RANGES)
_BRAHMIC: Final = frozenset(
    {"Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym"}
)
_CONFUSED: Final = frozenset({"Latn", "Cyrl", "Grek"})

_APOSTROPHES: Final = re.compile("['`´ʹʺʻʼʽʾʿˈˊˋ’‘‛′＇՚״׳]")
_TURKIC: Final = re.compile("[əıǝğİƏĞ]|[oOgG]['`´ʻʼ’‘]|[qg][ıi]zi\\b")
_SHORT_U: Final = re.compile(r"(?<=[аеёиіоуыэюяaeiou])ў")
_NOT_LETTERS: Final = re.compile(r"[^a-zAVWYHDT]+")
_DIGRAPHS: Final = (("дж", "j"), ("ου", "u"), ("ού", "u"), ("μπ", "b"), ("ντ", "d"), ("γκ", "g"))


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the script most letters are in, "Zyyy" where there are none."""
    counts = Counter(map(_script_of_letter, text[:MAX_LENGTH]))
    counts.pop("", None)
    return counts.most_common(1)[0][0] if counts else UNKNOWN_SCRIPT


def fold_digits(text: str) -> str:
    """Write the decimal digits of any script as 0 to 9 and leave the rest alone."""
    if text.isascii():
        return text
    return "".join(map(_fold_digit, text))


@lru_cache(maxsize=65_536)
def romanise(text: str) -> str:
    """Write a name in lower-case a to z and single spaces.

    Only the first MAX_LENGTH characters are read. Apostrophes and invisible characters go, other
    signs and digits separate words.

    Returns:
        The empty string where nothing can be transliterated; two of those are not equal.
    """
    return transcribe(text).translate(PLAIN)


@lru_cache(maxsize=65_536)
def transcribe(text: str) -> str:
    """Write a name as `romanise` does, with capitals where the script leaves the sound open.

    A is a vowel that an Indic script implies, V an alif or ain that may carry any vowel, W a waw,
    Y a ya that may be a vowel or not, H a ha at the end of a word, D and T the dentals of Arabic
    that its neighbours speak as z and s.
    """
    words = clean(text).split()
    turkic = bool(_TURKIC.search(text[:MAX_LENGTH]))
    latin = (_romanise_word(word, turkic=turkic) for word in words)
    return " ".join(" ".join(latin).split())


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """Return compatible characters composed, apostrophes and invisible ones gone, words apart."""
    bare = _APOSTROPHES.sub("", text[:MAX_LENGTH])
    short = unicodedata.normalize("NFKC", bare)[: 2 * MAX_LENGTH]
    if short.isascii() and short.isprintable():
        return " ".join(re.split(r"[^A-Za-z]+", short)).strip()
    kept = (_keep(letter) for letter in _APOSTROPHES.sub("", short))
    return " ".join("".join(kept).split())


def _keep(letter: str) -> str:
    """Keep letters and marks, drop invisible characters, turn the rest into spaces."""
    category = unicodedata.category(letter)
    if category[0] in "LM":
        return letter
    return "" if category in {"Cf", "Cc"} and not letter.isspace() else " "


def _romanise_word(word: str, *, turkic: bool) -> str:
    scripts = {_script_of_letter(letter) for letter in word} - {""}
    if len(scripts & _CONFUSED) > 1:
        word = _repair(word)
    script = script_of(word)
    latin = _write(word, script)
    if turkic and script == "Latn":
        latin = latin.replace("sh", "S").replace("ch", "C").replace("c", "j").replace("x", "kh")
        latin = latin.replace("S", "sh").replace("C", "ch")
    return _NOT_LETTERS.sub("", latin)


def _write(word: str, script: str) -> str:
    """Transliterate one word by the rules of its script."""
    if script in {"Arab", "Hebr"}:
        latin = write_abjad(word)
    elif script in _BRAHMIC:
        latin = write_brahmic(word)
    elif script == "Sinh":
        latin = write_sinhala(word)
    elif script == "Thaa":
        latin = write_thaana(anyascii(word).lower())
    else:
        latin = _write_letters(word)
    return latin if latin.isascii() else anyascii(latin)


def _write_letters(word: str) -> str:
    """Transliterate letter by letter, after the few pairs that are one sound."""
    lower = word.lower()
    if lower.isascii():
        return lower
    for pair, sound in _DIGRAPHS:
        lower = lower.replace(pair, sound)
    lower = _SHORT_U.sub("u", lower).replace("ў", "o")
    latin = lower.translate(ALPHABETS)
    return latin if latin.isascii() else anyascii(latin).lower()


def _repair(word: str) -> str:
    """Replace look-alikes of another alphabet by the letters that were meant."""
    sure = Counter(
        script
        for letter in word
        if (script := _script_of_letter(letter)) in _CONFUSED
        and ord(letter) not in LOOKS_LATIN
        and ord(letter) not in LOOKS_CYRILLIC
    )
    if sure["Latn"] > sure["Cyrl"]:
        return word.translate(LOOKS_LATIN)
    return word.translate(LOOKS_CYRILLIC)


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    """Return the script of one letter, nothing for signs, digits and unknown scripts."""
    code = ord(letter)
    place = bisect_right(_STARTS, code) - 1
    if place < 0 or not unicodedata.category(letter).startswith(("L", "M")):
        return ""
    _, end, script = _RANGES[place]
    return script if code <= end else ""


def _fold_digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
