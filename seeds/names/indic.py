"""Write foreign names in Devanagari, Bengali, Sinhala and Tamil, as clerks there would.

A name that the country has itself is written as at home; any other goes by sound. The letters
follow the inverse of the Hunterian system for Devanagari and Bengali (with the nukta letters of
Urdu names), ISO 15919 for Sinhala and Tamil, and Grantha letters for the sounds Tamil lacks.
Lengths that passport Latin does not show are decided in ``sounds``.
"""

import re
from collections.abc import Iterable, Mapping

from seeds.names import bgd, ind, lka
from seeds.names.home import read_home_spellings
from seeds.names.sounds import VOWELS, write_words
from seeds.names.syllables import Bare, Script, write_nasals, write_word

_NUKTA = "\u093c"
_JOINED = "\u0dca\u200d"
_CONJUNCT = re.compile("\u0dca([\u0dba\u0dbb])")
_CONSONANTS = "p pH b bH t tH d dH T D k kH g gH q x G c cH j jH s S z Z f v w h m n l r y ts dz"
_VOWELS = "a A i I u U e E o O ai au"
# The lists, and the Muslim names that everybody in the country knows how to write.
_HOME: Mapping[str, Mapping[str, str]] = {
    "Deva": {
        **read_home_spellings(ind.NAMES),
        "hasan": "हसन", "hassan": "हसन", "ibrahim": "इब्राहीम", "khalid": "ख़ालिद", "nasir": "नासिर",
    },
    "Beng": {**read_home_spellings(bgd.NAMES), "md": "মোঃ", "mst": "মোছাঃ"},
    "Sinh": {
        **read_home_spellings(lka.SINHALA),
        "ahmed": "අහමඩ්", "hassan": "හසන්", "mohamed": "මොහොමඩ්",
    },
    "Taml": {
        **read_home_spellings(lka.TAMIL),
        "ahmed": "அகமது", "hassan": "ஹசன்", "mohamed": "முகமது",
    },
}  # fmt: skip


def to_devanagari(latin: str, origin: str, *, nukta: bool = True) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Devanagari; Nepal writes without nukta."""
    text = write_words(latin, origin, lambda word: _write(word, origin, "Deva"))
    return text if nukta else text.replace(_NUKTA, "")


def to_bengali(latin: str, origin: str) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Bengali."""
    return write_words(latin, origin, lambda word: _write(word, origin, "Beng"))


def to_sinhala(latin: str, origin: str) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Sinhala; conjuncts with r and y hold a joiner."""
    return write_words(
        latin, origin, lambda word: _CONJUNCT.sub(f"{_JOINED}\\1", _write(word, origin, "Sinh"))
    )


def to_tamil(latin: str, origin: str) -> str:
    """Write a name of ``origin`` (ISO alpha-3) in Tamil."""
    return write_words(latin, origin, lambda word: _write(word, origin, "Taml"))


def _write(word: str, origin: str, script: str) -> str:
    return _HOME[script].get(word) or write_word(word, origin, _SCRIPTS[script])


def _pair(letters: str) -> dict[str, str]:
    return dict(zip(_CONSONANTS.split(), letters.split(), strict=True))


def _pair_vowels(letters: str, signs: str) -> dict[str, tuple[str, str]]:
    written = zip(letters.split(), ["", *signs.split()], strict=True)
    return dict(zip(_VOWELS.split(), written, strict=True))


def _replace(sounds: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [new for sound in sounds for new in table.get(sound, (sound,))]


def _adapt_devanagari(sounds: list[str]) -> list[str]:
    if sounds[-1] == "ai":
        sounds = [*sounds[:-1], "A", "y"]
    return _replace(sounds, {"ei": ("ai",)})


def _adapt_bengali(sounds: list[str]) -> list[str]:
    # Bengali has no w and no y of its own: both are a vowel and the letter য়.
    opened = _replace(sounds, {"ei": ("e", "i"), "ai": ("A", "i"), "au": ("A", "u")})
    adapted: list[str] = []
    for place, sound in enumerate(opened):
        before = opened[place - 1] if place else None
        after = opened[place + 1] if place + 1 < len(opened) else None
        adapted.extend(_adapt_glide(sound, before, after))
    return adapted


def _adapt_glide(sound: str, before: str | None, after: str | None) -> tuple[str, ...]:
    if sound == "a":
        return ("A",)
    if sound == "w":
        return ("o", "y") if after in VOWELS else ("u",)
    if sound == "y" and before is None and after in {"u", "U"}:
        return ("i",)
    if sound == "y" and before not in VOWELS:
        return ("i", "y")
    return (sound,)


def _adapt_sinhala(sounds: list[str]) -> list[str]:
    return _replace(sounds, {"ei": ("e", "y", "i"), "ai": ("a", "y", "i")})


def _adapt_tamil(sounds: list[str]) -> list[str]:
    # The letter of n at the start of a word is another one than inside.
    opened = _replace(sounds, {"ei": ("e", "y")})
    return ["N" if opened[0] == "n" else opened[0], *opened[1:]]


def _joins_devanagari(bare: Bare) -> bool:
    if bare.following is None or bare.sound == "h":
        return bare.following is not None and bare.first
    if bare.first or bare.last_pair or bare.sound == bare.following:
        return True
    return bare.sound in {"b", "s", "S", "r", "l"} or bare.following in {"r", "y"}


def _joins_bengali(bare: Bare) -> bool:
    if bare.following is None or bare.sound == "h":
        return bare.following is not None and bare.first
    if bare.first or bare.last_pair or bare.sound == bare.following:
        return True
    pairs = {"s": {"t", "k", "p", "tH"}, "m": {"p", "b"}, "n": {"t", "d"}}
    followers = pairs.get(bare.sound, set())
    return bare.sound == "r" or bare.following == "r" or bare.following in followers


def _joins_always(_: Bare) -> bool:
    return True


_LONG_ENDS = {"e": "E", "o": "O"}
_SCRIPTS: Mapping[str, Script] = {
    "Deva": Script(
        consonants=_pair(
            "प फ ब भ त थ द ध ट ड क ख ग घ क़ ख़ ग़ च छ ज झ स श ज़ झ फ़ व व ह म न ल र य त्स द्ज़"
        ),
        vowels=_pair_vowels("अ आ इ ई उ ऊ ए ए ओ ओ ऐ औ", "ा ि ी ु ू े े ो ो ै ौ"),
        virama="्",
        endings={"i": "I", "u": "U"},
        adapt=_adapt_devanagari,
        nasals=write_nasals({"k kH g gH q x G c cH j jH t tH d dH T D s S z": "ं"}),
        joins=_joins_devanagari,
    ),
    "Beng": Script(
        consonants=_pair(
            "প ফ ব ভ ত থ দ ধ ট ড ক খ গ ঘ ক খ গ চ ছ জ ঝ স শ জ জ ফ ভ ভ হ ম ন ল র য় ৎস দজ"
        ),
        vowels=_pair_vowels("অ আ ই ঈ উ ঊ এ এ ও ও ঐ ঔ", "া ি ী ু ূ ে ে ো ো ৈ ৌ"),
        virama="্",
        endings={"i": "I"},
        adapt=_adapt_bengali,
        nasals=write_nasals({"k kH g gH q x G": "ঙ্", "c cH j jH z": "ঞ্"}),
        joins=_joins_bengali,
    ),
    "Sinh": Script(
        consonants=_pair(
            "ප ඵ බ භ ත ථ ද ධ ට ඩ ක ඛ ග ඝ ක ඛ ග ච ඡ ජ ඣ ස ෂ ස ෂ ෆ ව ව හ ම න ල ර ය ට්ස ඩ්ස"
        ),
        vowels=_pair_vowels("අ ආ ඉ ඊ උ ඌ එ ඒ ඔ ඕ ඓ ඖ", "ා ි ී ු ූ ෙ ේ ො ෝ ෛ ෞ"),
        virama="්",
        endings=_LONG_ENDS,
        adapt=_adapt_sinhala,
        nasals=write_nasals({"k kH g gH q x G": "ං"}),
        joins=_joins_always,
        splits_stops=True,
    ),
    "Taml": Script(
        consonants={
            **_pair("ப ப ப ப த த த த ட ட க க க க க க க ச ச ஜ ஜ ஸ ஷ ஸ ஜ ஃப வ வ ஹ ம ன ல ர ய ட்ஸ ட்ஸ"),
            "N": "ந",
        },
        vowels=_pair_vowels("அ ஆ இ ஈ உ ஊ எ ஏ ஒ ஓ ஐ ஔ", "ா ி ீ ு ூ ெ ே ொ ோ ை ௌ"),
        virama="்",
        endings=_LONG_ENDS,
        adapt=_adapt_tamil,
        nasals=write_nasals({"k kH g gH q x G": "ங்", "c cH j jH": "ஞ்", "t tH d dH": "ந்"}),
        joins=_joins_always,
        splits_stops=True,
    ),
}
