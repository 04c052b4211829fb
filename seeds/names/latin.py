"""Respell a foreign passport name in a Latin alphabet of the region, or misspell it.

Rules: the letter values of the Azerbaijani (1991), Turkish (1928) and Uzbek (1995) alphabets set
against English-style passport Latin. Misspelling makes the variants that passports of one person
show: changed vowels, dropped h, single and doubled letters, other endings.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from seeds.names.respell import Rules, compile_rules, follow_case, respell

_PLAIN = """
a→a b→b c→k d→d e→e f→f g→g h→h i→i j→j k→k l→l m→m n→n o→o p→p q→q r→r s→s t→t u→u v→v w→v x→x
y→y z→z ç→ç ş→ş ğ→ğ ı→ı ö→ö ü→ü ə→ə
"""
_SOUNDS = "aa→a ee→i oo→u ou→u ph→f th→t dh→d bh→b ck→k"
_SHARED = """
^muhammad$→{m} ^mohammad$→{m} ^mohammed$→{m} ^mohamed$→{m} ^ahmad$→{a} ^ahmed$→{a}
^hussain$→{h} ^hossein$→{h} ^husayn$→{h} ^hassan$→{s} ^hasan$→{s} ^ali$→{l}
"""
_AZERBAIJANI = """
shch→şç sh→ş ch→ç zh→j kh→x gh→ğ j→c c→c w→v x→ks (?<=[C])y(?=[C]|$)→i o'→o g'→ğ
"""
_TURKISH = """
shch→şç sh→ş ch→ç zh→j ^kh→h kh→h ^gh→g gh→ğ j→c c→c q→k x→ks w→v (?<=[C])y(?=[C]|$)→i
o'→o g'→ğ ^ğ→g ə→e
"""
_UZBEK = """
shch→shch sh→sh ch→ch zh→j kh→x gh→gʻ o'→oʻ g'→gʻ (?<=[V])'(?=[C])→ʼ ş→sh ç→ch ğ→gʻ ö→oʻ ü→u ı→i
ə→a (?<=[C])y(?=[C]|$)→i w→v x→ks c→k
"""
_SHARED_FORMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "AZE": {"m": "məhəmməd", "a": "əhməd", "h": "hüseyn", "s": "həsən", "l": "əli"},
        "TUR": {"m": "muhammed", "a": "ahmed", "h": "hüseyin", "s": "hasan", "l": "ali"},
        "UZB": {"m": "muhammad", "a": "ahmad", "h": "husayn", "s": "hasan", "l": "ali"},
    }
)
_TABLES: Mapping[str, str] = MappingProxyType({"AZE": _AZERBAIJANI, "TUR": _TURKISH, "UZB": _UZBEK})
_DOTTED = frozenset({"AZE", "TUR"})
_BACK_Y = "(?<=[C])y(?=[C]|$)→ı"
# Letters that the origin reads otherwise than English-style passport Latin does.
_ORIGINS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "AZE": {
            "AZE": "^gizi$→qızı x→x",
            "TUR": "^gizi$→kızı x→h",
            "UZB": "^gizi$→qizi c(?!h)→j x→x",
        },
        "KAZ": {"AZE": _BACK_Y, "TUR": _BACK_Y},
        "KGZ": {"AZE": _BACK_Y, "TUR": _BACK_Y},
        "TUR": {"AZE": "kh→kh", "TUR": "kh→kh", "UZB": "kh→kh c(?!h)→j"},
        "UZB": {"AZE": "x→x", "TUR": "x→h", "UZB": "x→x"},
        "IRN": {"AZE": "eh$→ə", "TUR": "eh$→e", "UZB": "eh$→a"},
    }
)


def to_azerbaijani(latin: str, origin: str) -> str:
    """Respell a passport name of a member (ISO alpha-3) in the Azerbaijani alphabet."""
    return respell(latin, _rules("AZE", origin))


def to_turkish(latin: str, origin: str) -> str:
    """Respell a passport name of a member (ISO alpha-3) in the Turkish alphabet."""
    return respell(latin, _rules("TUR", origin))


def to_uzbek(latin: str, origin: str) -> str:
    """Respell a passport name of a member (ISO alpha-3) in the Uzbek Latin alphabet."""
    return respell(latin, _rules("UZB", origin))


@lru_cache(maxsize=64)
def _rules(target: str, origin: str) -> Rules:
    shared = _SHARED.format_map(dict(_SHARED_FORMS[target]))
    foreign = _ORIGINS.get(origin, {}).get(target, "")
    return compile_rules(
        shared, foreign, _SOUNDS, _TABLES[target], _PLAIN, dotted_i=target in _DOTTED
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """Hold one change: the letters from ``start`` to ``end`` become ``new``."""

    start: int
    end: int
    new: str


_VARIANTS = (
    ("Mohammad", "Muhammad", "Mohamed", "Mohammed", "Muhammed"),
    ("Ahmad", "Ahmed", "Akhmad"),
    ("Hussain", "Hussein", "Hossein", "Husain"),
    ("Yusuf", "Yousef", "Yousaf", "Yusif"),
    ("Abdul", "Abdel", "Abdol"),
    ("Said", "Sayed", "Syed", "Saeed"),
)
_SPELLINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name.lower(): tuple(other for other in group if other != name)
        for group in _VARIANTS
        for name in group
    }
)
# Each is one slip, matched over the whole name without regard to capitals. ASCII keeps dotless ı
# and dotted İ apart from i.
_SLIPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), new)
    for pattern, new in (
        (r"(?<=[oe])v\b", "ff"),
        (r"(?<=[oe])ff\b", "v"),
        (r"(?<=[a-z])iy(?=[a-z])", "y"),
        (r"(?<=[a-z])(?<!i)y(?!i)", "i"),
        (r"(?<=[a-z])(?<!y)i(?!y)", "y"),
        (r"kh", "h"),
        (r"(?<![ckgszptdb])h(?=[aeiou])", "kh"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
        (r"gh", "g"),
        (r"zh", "j"),
        (r"q", "k"),
        (r"w", "v"),
        (r"ee", "i"),
        (r"o[ou]", "u"),
        (r"(?<![aeiou])i(?=[a-z])(?![aeiou])", "e"),
        (r"(?<![aeiou])e(?=[a-z])(?![aeiou])", "i"),
        (r"(?<![aeiou])o(?![aeiouv]|ff\b)", "u"),
        (r"(?<![aeiou])u(?![aeiou])", "o"),
        (r"ss", "s"),
        (r"mm", "m"),
        (r"ll", "l"),
        (r"nn", "n"),
        (r"(?<=[aeiou])s(?=[aeiou])", "ss"),
        (r"(?<=[aeiou])m(?=[aeiou])", "mm"),
        (r"(?<=[aeiou])l(?=[aeiou])", "ll"),
        (r"['ʻʼ]", ""),
        (r"[şŞ]", "s"),
        (r"[çÇ]", "c"),
        (r"[ğĞ]", "g"),
        (r"[ıİ]", "i"),
        (r"[öÖ]", "o"),
        (r"[üÜ]", "u"),
        (r"[əƏ]", "a"),
    )
)
_MOST_EDITS = 2
_WORDS = re.compile(r"[^\s\-]+")


def misspell(latin: str, rng: random.Random) -> str:
    """Return a plausible other passport spelling: one change or two.

    A name in which nothing can slip comes back as it is.
    """
    for edit in sorted(choose_edits(latin, rng), key=lambda edit: -edit.start):
        latin = latin[: edit.start] + edit.new + latin[edit.end :]
    return latin


def choose_edits(latin: str, rng: random.Random) -> tuple[Edit, ...]:
    """Draw one change or two that do not touch each other; none when nothing can slip."""
    candidates = find_edits(latin)
    chosen: list[Edit] = []
    for _ in range(rng.randint(1, _MOST_EDITS)):
        free = [edit for edit in candidates if all(_apart(edit, other) for other in chosen)]
        if free:
            chosen.append(rng.choice(free))
    return tuple(chosen)


def find_edits(latin: str) -> tuple[Edit, ...]:
    """Return every single change that a clerk could plausibly make to this name."""
    found = [
        Edit(match.start(), match.end(), follow_case(match.group(), new))
        for match in _WORDS.finditer(latin)
        for new in _SPELLINGS.get(match.group().lower(), ())
    ]
    for pattern, new in _SLIPS:
        for match in pattern.finditer(latin):
            cased = new.upper() if latin.isupper() else follow_case(match.group(), new)
            found.append(Edit(match.start(), match.end(), cased))
    return tuple(found)


def _apart(one: Edit, other: Edit) -> bool:
    return one.end < other.start or other.end < one.start
