"""Read passport Latin as the sounds a clerk hears in it.

Passports spell the same sound in many ways (Azerbaijan's c and x, Uzbekistan's o', everybody's
kh), and what a digraph means depends on where the passport comes from: Indian th is an aspirate,
Sri Lankan th a plain dental. That is decided here once, so that the files for the single scripts
only say how a sound is written.

Sounds are short strings. Consonants: the Latin letter, and ``c`` as in church, ``S`` sh, ``Z`` zh,
``x`` kh, ``G`` gh, ``ts``, ``dz``, ``T`` and ``D`` retroflex, a following ``H`` for an aspirate
(``kH``). Vowels: ``a e i o u``, long ``A E I O U``, and ``ai au ei``.

Source: the digraphs of the passport systems of the members (ICAO Doc 9303 part 3, national
systems of 2002 for Georgia and 1995 for Uzbekistan, Hunterian spelling for South Asia).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

VOWELS = frozenset({"a", "A", "e", "E", "i", "I", "o", "O", "u", "U", "ai", "au", "ei"})

# Members whose names are mostly Arabic and Persian.
ARABIC_NAMED = frozenset({"AFG", "AZE", "BGD", "IRN", "MDV", "PAK", "TJK", "UZB"})
_SANSKRIT_NAMED = frozenset({"IND", "LKA", "NPL"})
# Members whose t and d a South Asian clerk takes from the spelling and not from the tongue, and
# therefore writes retroflex where his script makes the difference.
HARD_STOPS = frozenset({"AZE", "GEO", "KAZ", "KGZ", "TUR"})

# How English names its letters: initials are read, not transliterated (K. as in "kay").
LETTER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    letter: tuple(name.split())
    for letter, name in {
        "a": "e", "b": "b i", "c": "s i", "d": "D i", "e": "i", "f": "e f", "g": "j i", "h": "e c",
        "i": "A i", "j": "j e", "k": "k e", "l": "e l", "m": "e m", "n": "e n", "o": "o",
        "p": "p i", "q": "k y u", "r": "A r", "s": "e s", "t": "T i", "u": "y u", "v": "v i",
        "w": "D a b l y u", "x": "e k s", "y": "v A i", "z": "j e D",
    }.items()
})  # fmt: skip

_MARKED = str.maketrans(
    {
        "İ": "i", "ı": "i", "ə": "a", "Ə": "a", "ş": "sh", "Ş": "sh", "ç": "ch", "Ç": "ch",
        "ğ": "gh", "Ğ": "gh", "š": "sh", "Š": "sh", "č": "ch", "Č": "ch", "ž": "zh", "Ž": "zh",
        "ā": "aa", "Ā": "aa", "ī": "ii", "Ī": "ii", "ū": "uu", "Ū": "uu", "ß": "s", "ø": "o",
        "Ø": "o", "æ": "a", "Æ": "a", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "þ": "t", "ð": "d",
    }
)  # fmt: skip
_APOSTROPHES = re.compile("['`´‘’ʻʼʿʾ]")
_ABBREVIATIONS = MappingProxyType({"md": "mohammad", "mohd": "mohammad", "mst": "mosammat"})

_COMMON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "shch": ("S", "c"), "sh": ("S",), "tch": ("c",), "ch": ("c",), "zh": ("Z",), "kh": ("x",),
        "gh": ("G",), "ph": ("f",), "th": ("t",), "dh": ("d",), "ts": ("ts",), "tz": ("ts",),
        "ck": ("k",), "c(?=[eiy])": ("s",), "c": ("k",), "x": ("k", "s"),
        "aa": ("A",), "ee": ("I",), "ii": ("I",), "oo": ("U",), "uu": ("U",), "ou": ("U",),
        "ai(?=l)": ("a", "i"), "ai(?=[aou])": ("a", "y"), "ai": ("ai",), "ay(?![aeiou])": ("ai",),
        "au(?=d$)": ("A", "U"), "au": ("au",), "aw(?![aeiou])": ("au",),
        "ei": ("ei",), "ey(?![aeiou])": ("ei",), "iy(?![aeiou])": ("I",),
        "y(?=[aeiou])": ("y",), "y": ("i",),
    }
)  # fmt: skip
_HINDI: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bh": ("bH",), "chh": ("cH",), "dh": ("dH",), "gh": ("gH",), "jh": ("jH",), "kh": ("kH",),
        "ph": ("pH",), "th": ("tH",),
    }
)  # fmt: skip
_PAKISTANI = MappingProxyType({k: v for k, v in _HINDI.items() if k not in {"gh", "kh"}})
_BY_ORIGIN: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AZE": {"c": ("j",), "c(?=[eiy])": ("j",), "q": ("g",), "x": ("x",)},
        "BGD": _HINDI,
        "GEO": {"dz": ("dz",)},
        "IND": _HINDI,
        "LKA": {"bh": ("bH",), "gh": ("gH",), "kh": ("kH",)},
        "NPL": _HINDI,
        "PAK": _PAKISTANI,
        "TUR": {"c": ("j",), "c(?=[eiy])": ("j",), "j": ("Z",)},
        "UZB": {"x": ("x",)},
    }
)


def write_words(latin: str, origin: str, write: Callable[[str], str]) -> str:
    """Write each word with ``write``, which gets it in plain a-z; keep spaces and hyphens."""
    chunks = (chunk.split("-") for chunk in _plain_letters(latin, origin).split())
    written = ("-".join(write(word) for word in chunk if word) for chunk in chunks)
    return " ".join(chunk for chunk in written if chunk)


def read_sounds(word: str, origin: str) -> tuple[str, ...]:
    """Read one word of plain a-z, as ``write_words`` hands it out."""
    pattern, readings = _reader(origin)
    text = _ABBREVIATIONS.get(word, word)
    # Doubled letters that stand for one sound in every passport are read once, others twice.
    text = re.sub(r"([fjqrsvwxyz]|(?<!c)h)\1+", r"\1", re.sub(r"(.)\1{2,}", r"\1\1", text))
    sounds: list[str] = []
    for match in pattern.finditer(text):
        index = match.lastindex
        sounds.extend(readings[index - 1] if index else (match.group(),))
    return tuple(sounds)


def settle_vowels(sounds: tuple[str, ...], origin: str) -> list[str]:
    """Decide the lengths that Latin leaves open, for scripts that must write them.

    A last ``a`` is long, except after the clusters of Sanskrit names (Chandra); so is ``a`` in a
    name of one closed syllable (Khan), before a last ``n``, ``h`` or ``ni`` (Rahman, Abdullah,
    Rahmani), and in Caucasian and Turkic names in every open syllable but the first sound. The
    last ``i`` and ``u`` of Arabic names are long (Karim, Mahmud). A ``y`` is put between ``i``
    and a vowel.
    """
    settled: list[str] = []
    for place, sound in enumerate(sounds):
        if settled and settled[-1] in {"i", "I"} and sound in VOWELS:
            settled.append("y")
        settled.append(_lengthen(sounds, place, origin))
    return settled


def harden_stops(sounds: list[str]) -> list[str]:
    """Make every t and d retroflex."""
    return [{"t": "T", "d": "D"}.get(sound, sound) for sound in sounds]


def _lengthen(sounds: tuple[str, ...], place: int, origin: str) -> str:
    sound, rest = sounds[place], sounds[place + 1 :]
    earlier = any(other in VOWELS for other in sounds[:place])
    if sound == "a":
        return _lengthen_a(sounds, place, origin)
    closes = len(rest) == 1 and rest[0] not in VOWELS
    if sound in {"i", "u"} and earlier and closes and origin in ARABIC_NAMED:
        return sound.upper()
    return sound


def _lengthen_a(sounds: tuple[str, ...], place: int, origin: str) -> str:
    rest = sounds[place + 1 :]
    if not rest:
        return "a" if origin in _SANSKRIT_NAMED and _ends_in_cluster(sounds) else "A"
    earlier = any(sound in VOWELS for sound in sounds[:place])
    if len(rest) == 1 and rest[0] not in VOWELS and not earlier:
        return "A"
    if earlier and (rest == ("h",) or (rest[0] == "n" and (len(rest) == 1 or _is_last(rest[1:])))):
        return "A"
    return "A" if place and origin in HARD_STOPS and _is_open(rest) else "a"


def _ends_in_cluster(sounds: tuple[str, ...]) -> bool:
    before = sounds[-3:-1]
    return len(before) == len("dr") and before[1] in {"r", "y"} and before[0] not in VOWELS


def _is_last(rest: tuple[str, ...]) -> bool:
    return len(rest) == 1 and rest[0] in VOWELS


def _is_open(rest: tuple[str, ...]) -> bool:
    return rest[0] in VOWELS or (len(rest) > 1 and rest[1] in VOWELS)


def _plain_letters(latin: str, origin: str) -> str:
    text = _APOSTROPHES.sub("'", latin)
    if origin == "UZB":
        text = re.sub("[gG]'", "gh", text)
    text = unicodedata.normalize("NFC", text.replace("'", "")).translate(_MARKED)
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^a-z -]", "", re.sub(r"[.,;/_\s]", " ", re.sub("[‐‑–—]", "-", text)))


@lru_cache(maxsize=32)
def _reader(origin: str) -> tuple[re.Pattern[str], tuple[tuple[str, ...], ...]]:
    table = {**_COMMON, **_BY_ORIGIN.get(origin, {})}
    # Longest spelling first, and of two readings of a spelling the one with a condition.
    order = sorted(table, key=lambda key: (-len(key.partition("(")[0]), "(" not in key))
    pattern = "|".join(f"({key})" for key in order)
    return re.compile(f"{pattern}|[a-z]"), tuple(table[key] for key in order)
