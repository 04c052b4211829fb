"""Write a foreign passport name in Cyrillic, as clerks in Russian, Kazakh, Kyrgyz and Tajik do.

Rules: the published practical transcriptions into Russian (Turkish, Azerbaijani, Uzbek, Persian,
Hindi, Georgian) applied backwards from passport Latin; Kazakh and Kyrgyz keep their own letters
for sounds they have; Tajik uses its alphabet of 1998, which has no ц, щ, ы and ь.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from seeds.names.respell import Rules, compile_rules, respell

_GENERAL = """
shch→щ sh→ш ch→ч zh→ж kh→х gh→г ph→ф th→т dh→д bh→б ts→ц ck→к
yoo→ю you→ю yee→йи (?<=[C])ya→ья (?<=[C])ye→ье (?<=[C])yu→ью (?<=[C])yo→ьо ya→я ye→е yu→ю yo→ё
aa→а ee→и oo→у ia$→ия ^e→э (?<=[aou])e→э (?<=[aeou])i$→й (?<=[V])y→й y(?=[V])→й
a→а b→б c(?=[ei])→с c→к d→д e→е f→ф g→г h→х i→и j→дж k→к l→л m→м n→н o→о p→п q→к r→р s→с t→т
u→у v→в w→в x→кс y→и z→з ç→ч ş→ш ğ→г ı→ы ö→ё ü→ю ə→а
"""

_LONG = "aa→аа ee→ээ oo→оо uu→уу"
_STEPPE = (
    f"ss(?=[Vy])→с {_LONG} ai→ай ei→ей oi→ой yi(?=[C])→ый ^ye→е ^e→е j→ж (?<=[C])y→ы ^y(?=[C])→ы"
)
_IRANIAN = "iei$→ии aei→аи ou→у eh$→е ei→ей"
_DARI = "ullah$→улла ah$→а ou→у"
_INDIC = """
^khan$→хан chh→чх kh→кх gh→гх jh→джх th→тх dh→дх ph→пх bh→бх ai→ай ou→оу
"""
_SOFT_L = "(?<=[eiöü])l(?![Vl])→ль"

_ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "AFG": _DARI,
        "AZE": f"^gizi$→кызы ^qızı$→кызы ^hü→гу ^h→г {_SOFT_L} x→х c(?!h)→дж ^ö→о ^ü→у",
        "BGD": "ou→оу ullah$→улла",
        "GEO": "tch→ч ^e→э",
        "IND": _INDIC,
        "IRN": _IRANIAN,
        "KAZ": _STEPPE,
        "KGZ": _STEPPE.replace("^e→е", "^e→э").replace("ss(?=[Vy])→с ", ""),
        "LKA": _INDIC,
        "NPL": _INDIC,
        "PAK": _DARI,
        "TUR": f"{_SOFT_L} c(?!h)→дж j→ж kh→кх ^ö→о ^ü→ю",
        "UZB": "yo'→ю o'→у g'→г x→х ts→ц",
    }
)

# Sounds that the target language has a letter of its own for.
_KAZAKH = "gh→ғ g'→ғ ğ→ғ o'→ө ng(?![Vhy])→ң q→қ ö→ө ü→ү ə→ә l→л"
_KYRGYZ = "o'→ө ng(?![Vhy])→ң ö→ө ü→ү j→ж l→л"
_TAJIK = """
gh→ғ g'→ғ ğ→ғ kh→х yo'→йӯ o'→ӯ ee→ӣ (?<![aou])i$→ӣ h→ҳ q→қ ö→ӯ ü→у
(?<=[C])ya→я (?<=[C])ye→е (?<=[C])yu→ю (?<=[C])yo→ё
"""
# Aspirates written with h, and doubled letters for long vowels, are read by the origin first.
_READ_FIRST = frozenset({"IND", "KAZ", "KGZ", "LKA", "NPL"})
_TARGETS: Mapping[str, str] = MappingProxyType(
    {"RUS": "", "KAZ": _KAZAKH, "KGZ": _KYRGYZ, "TJK": _TAJIK}
)
_TAJIK_HAS_NOT = (("дж", "ҷ"), ("щ", "шч"), ("ц", "тс"), ("ы", "и"), ("ь", ""))


def to_russian(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Russian."""
    return respell(latin, _rules("RUS", origin))


def to_kazakh(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Kazakh Cyrillic."""
    return respell(latin, _rules("KAZ", origin))


def to_kyrgyz(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Kyrgyz Cyrillic."""
    return respell(latin, _rules("KGZ", origin))


def to_tajik(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Tajik Cyrillic."""
    written = respell(latin, _rules("TJK", origin))
    for russian, tajik in _TAJIK_HAS_NOT:
        written = written.replace(russian, tajik)
        written = written.replace(russian.capitalize(), tajik.capitalize())
        written = written.replace(russian.upper(), tajik.upper())
    return written


@lru_cache(maxsize=128)
def _rules(target: str, origin: str) -> Rules:
    own, foreign = _TARGETS[target], _ORIGINS.get(origin, "")
    first, second = (foreign, own) if origin in _READ_FIRST else (own, foreign)
    return compile_rules(first, second, _GENERAL)
