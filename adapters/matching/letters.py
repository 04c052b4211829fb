"""Hold the letter tables of the scripts that need more than one letter for one letter.

A general transliterator writes each character on its own. That is enough for Georgian or
Armenian; it is not for Arabic (where a letter is a vowel or a consonant by its place), for the
Indic scripts (where a vowel is implied) or for letters that one national alphabet adds to a
shared script (Kazakh, Tajik, Uzbek, Azerbaijani, Pashto, Urdu). Those are written out here.
Everything else falls through to anyascii.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ABJAD_CONSONANTS",
    "ALPHABETS",
    "BRAHMIC_CONSONANTS",
    "BRAHMIC_NUKTA",
    "BRAHMIC_SIGNS",
    "BRAHMIC_VOWELS",
    "LOOKS_CYRILLIC",
    "LOOKS_LATIN",
    "SINHALA_CONSONANTS",
    "SINHALA_SIGNS",
    "SINHALA_VOWELS",
]


def _pairs(text: str) -> dict[str, str]:
    """Read "x=y" items; "x=" maps to nothing."""
    return {item[0]: item[2:] for item in text.split()}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CYRILLIC: Final = _pairs(
    "а=a б=b в=v г=g ґ=g ғ=gh д=d е=e ё=yo ж=zh з=z и=i й=y і=i ї=yi ј=y к=k қ=q ҡ=q ҝ=g л=l м=m "
    "н=n ң=n ҥ=n о=o ө=o п=p р=r с=s т=t у=u ү=u ұ=u ф=f х=kh һ=h ҳ=h ц=ts ч=ch ҷ=j ҹ=j ш=sh "
    "щ=shch ъ= ы=y ь= э=e ю=yu я=ya є=ye ә=a ӣ=i ӯ=u џ=dzh ћ=c ђ=dj љ=l њ=n ѓ=g ќ=k ѕ=dz ӏ="
)
_LATIN: Final = _pairs(
    "ə=a ǝ=a ı=i ş=sh ș=sh š=sh ś=s ç=ch č=ch ć=ch ž=zh ź=z ż=zh ğ=gh ǵ=g ģ=g ñ=n ń=n ŋ=n ö=o ü=u "
    "ä=a õ=o å=a ø=o æ=ae œ=e ß=ss ł=l đ=d ð=d þ=th ţ=ts ț=ts ū=u ó=o ő=o ű=u ŭ=u ẓ=z ḍ=d ṭ=t ṣ=s "
    "ḥ=h ḫ=kh ẖ=kh ġ=gh ʿ= ʾ= ĸ=k"
)
_GREEK: Final = _pairs(
    "α=a ά=a β=v γ=g δ=d ε=e έ=e ζ=z η=i ή=i θ=th ι=i ί=i ϊ=i ΐ=i κ=k λ=l μ=m ν=n ξ=x ο=o ό=o "
    "π=p ρ=r σ=s ς=s τ=t υ=i ύ=i ϋ=i ΰ=i φ=f χ=kh ψ=ps ω=o ώ=o"
)
ALPHABETS: Final[dict[int, str]] = str.maketrans({**_CYRILLIC, **_LATIN, **_GREEK})
"""Letters that stand for the same sound in every place."""

LOOKS_LATIN: Final[dict[int, int]] = str.maketrans(
    "авсенкмортхуіѕјһӏԁԛԝАВСЕНКМОРТХУІЅЈαοερκτυνιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abcehkmoptxyisjhldqwABCEHKMOPTXYISJaoepktuviABEZHIKMNOPTYX",
)
"""Cyrillic and Greek letters that were typed inside a Latin word."""

LOOKS_CYRILLIC: Final[dict[int, int]] = str.maketrans(
    "abcehkmoptxyisjABCEHKMOPTXYISJĸəƏοαρκΟΑΡΚ",
    "авсенкмортхуіѕјАВСЕНКМОРТХУІЅЈкәӘоаркОАРК",
)
"""Latin and Greek letters that were typed inside a Cyrillic word."""

ABJAD_CONSONANTS: Final[dict[str, str]] = _pairs(
    # Arabic, Persian, Urdu, Pashto, Kurdish, Uyghur
    "ب=b پ=p ت=t ث=T ټ=t ٹ=t ج=j چ=ch ح=h خ=kh څ=ts ځ=dz د=d ذ=D ڈ=d ډ=d ر=r ړ=r ڑ=r ڕ=r ز=z ژ=zh "
    "ږ=zh س=s ش=sh ښ=sh ص=s ض=D ط=t ظ=D غ=gh ف=f ڤ=v ق=q ک=k ك=k ڪ=k گ=g ګ=g ڭ=ng ل=l ڵ=l م=m ن=n "
    "ں=n ڼ=n ھ=h ۋ=v ڠ=ng ڨ=g "
    # vowels that are always vowels
    "آ=a أ=a إ=i ٱ=a ى=a ة=a ۃ=a ے=e ې=e ۍ=i ێ=e ۆ=o ۇ=u ۈ=u ە=a ؤ=u ئ=i ۂ=a ۀ=a ء= ـ= "
    # short vowels, where somebody took the trouble
    "َ=a ِ=i ُ=u ً=an ٍ=in ٌ=un ّ= ْ= ٰ=a ٔ= "
    # Hebrew
    "ב=b ג=g ד=d ז=z ח=kh ט=t כ=k ך=k ל=l מ=m ם=m נ=n ן=n ס=s פ=p ף=f צ=ts ץ=ts ק=k ר=r ש=sh ת=t "
    "׳= ״="
)

BRAHMIC_CONSONANTS: Final[tuple[str, ...]] = _words(
    "k kh g gh ng ch ch j j n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h"
)
"""From offset 0x15 of a block: Devanagari, Bengali, Tamil and their sisters share one layout."""

BRAHMIC_VOWELS: Final[tuple[str, ...]] = _words("a a i i u u ri l e e e ai o o o au")
"""Vowels that stand alone, from offset 0x05."""

BRAHMIC_SIGNS: Final[tuple[str, ...]] = _words("a i i u u ri ri e e e ai o o o au")
"""Vowel signs, from offset 0x3E; 0x4D silences the implied vowel."""

BRAHMIC_NUKTA: Final[dict[str, str]] = {
    "k": "q",
    "j": "z",
    "J": "y",
    "ph": "f",
    "d": "r",
    "dh": "r",
    "y": "y",
    "g": "gh",
}
"""What a dot below makes of the consonant before it."""

SINHALA_CONSONANTS: Final[dict[str, str]] = _pairs(
    "ක=k ඛ=kh ග=g ඝ=gh ඞ=ng ඟ=ng ච=ch ඡ=ch ජ=j ඣ=j ඤ=n ඥ=gn ඦ=nj ට=t ඨ=t ඩ=d ඪ=d ණ=n ඬ=nd ත=th "
    "ථ=th ද=d ධ=dh න=n ඳ=nd ප=p ඵ=ph බ=b භ=bh ම=m ඹ=mb ය=y ර=r ල=l ව=v ශ=sh ෂ=sh ස=s හ=h ළ=l ෆ=f"
)
SINHALA_VOWELS: Final[dict[str, str]] = _pairs(
    "අ=a ආ=a ඇ=e ඈ=e ඉ=i ඊ=i උ=u ඌ=u ඍ=ri ඎ=ri එ=e ඒ=e ඓ=ai ඔ=o ඕ=o ඖ=au ං=n ඃ=h"
)
SINHALA_SIGNS: Final[dict[str, str]] = _pairs(
    "්= ා=a ැ=e ෑ=e ි=i ී=i ු=u ූ=u ෘ=ru ෲ=ru ෙ=e ේ=e ෛ=ai ො=o ෝ=o ෞ=au ෟ="
)
