"""Write a foreign passport name in Persian, Dari or Urdu, as clerks there do.

Rules: the published romanisations of Persian (BGN/PCGN 1958), Dari (BGN/PCGN 2007) and Urdu
(BGN/PCGN 2007) read backwards. Long vowels and all vowels of Turkic families are written, short
ones inside a word are not; shared Muslim names are written as everybody there knows them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from seeds.names.respell import CONSONANTS, Rules, compile_rules, fold, respell_word

_CONSONANTS = """
sh→ش ch→چ zh→ژ kh→خ gh→غ ph→ف th→ت dh→د bh→ب ck→ک
b→ب c→ک d→د f→ف g→گ h→ه j→ج k→ک l→ل m→م n→ن p→پ q→ق r→ر s→س t→ت v→و w→و x→کس z→ز y→ی
ç→چ ş→ش ğ→غ
"""
_ENDINGS = """
zadeh$→زاده zade$→زاده zoda$→زاده zada$→زاده oghlu$→اوغلو oğlu$→اوغلو
ovich$→وویچ yevich$→یویچ evich$→ویچ ovna$→وونا yevna$→یونا evna$→ونا
iyeva$→یوا iyev$→یف ayev$→ایف ayeva$→ایوا yeva$→یوا yev$→یف oev$→ایف oeva$→ایوا
ullah$→‌الله ollah$→‌الله ulla$→‌الله
ova$→ووا ov$→وف eva$→وا ev$→ف
"""
_VOWELS = """
^aa→آ ^a[iy]→ای ^a[uw]→او ^[aə]→ا ^ee→ای ^e[iy]→ای ^e→ا ^i→ای ^oo→او ^ou→او ^[ouöü]→او ^ı→ای
a[iy]→ای a[uw]→او e[iy]→ی ee→ی oo→و ou→و aa→ا ah$→اه eh$→ه a$→ا e$→ه ə$→ه iy→ی
(?<=[V])a→ا a(?=n$)→ا i→ی ı→ی o→و u→و ö→و ü→و
"""
# In Perso-Arabic and Indian names a plain i or u in an open syllable is short.
_SHORT = "^u→ا ^i→ا (?<=.)ai(?=[C])→ی (?<=^[C])i(?=[C][V])→ u(?=[C])→ a(?=[rnlz]$)→ا a(?=na$)→ا"
_INDIAN = f"(?<=[C])e(?=[C])→ی (?<=^[C])a(?=[C][V])→ا a(?=sh$)→ا {_SHORT}"
# Turkic and Georgian names have no short a: clerks write every one.
_FULL = "(?<=.)a(?!h$)→ا"
_CENTRAL = "^o'→او (?<=[C])e(?=[C])→ی o'→و g'→غ o(?!v)→ا x→خ"

_ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "AFG": _SHORT,
        "AZE": "^gizi$→قیزی ^qızı$→قیزی x→خ c(?!h)→ج a(?=[C]{1,2}$)→ا",
        "BGD": _SHORT,
        "GEO": f"dze$→دزه ts→تس {_FULL}",
        "IND": _INDIAN,
        "IRN": "iei$→یعی aei$→ایی",
        "KAZ": f"^y(?=[C])→ای {_FULL}",
        "KGZ": f"^y(?=[C])→ای {_FULL}",
        "LKA": _INDIAN,
        "MDV": _SHORT,
        "NPL": _INDIAN,
        "PAK": _SHORT,
        "TJK": _CENTRAL,
        "TUR": f"c(?!h)→ج j→ژ kh→که {_FULL}",
        "UZB": _CENTRAL,
    }
)

_DARI = "^e→ای (?<=[V])w→و"
_URDU = """
chh→چھ bh→بھ ph→پھ th→تھ dh→دھ jh→جھ zade$→زادہ zadeh$→زادہ zoda$→زادہ zada$→زادہ
^h→ہ ai$→ائی ay$→ائے (?<=.)ai→ی (?<=.)ay(?=[C])→ی (?<=.)au→و ah$→ہ eh$→ہ ^e→ای e$→ے ə$→ہ h→ہ
"""
_URDU_ASPIRATES = "kh→کھ gh→گھ"
_ASPIRATING = frozenset({"IND", "LKA", "NPL"})

_KNOWN_NAMES = """
محمد md məhəmməd mohammad muhammad mohamed mohammed muhammed mahammad mukhamed mehmet
احمد əhməd ahmad ahmed ahmet akhmed akhmad
علی ali əli
علی‌اف aliyev aliev əliyev
علی‌اوا aliyeva alieva əliyeva
حسن həsən hasan hassan khasan
حسین hüseyn hüseyin hussain husain hossein husayn huseyn huseyin hussein khusain
کریم kərim karim kareem kerim
رحیم rahim raheem rakhim
رحمان rahman rahmon rakhman
عبدالله abdullah abdulla abdullo abdollah
عبدال abdul abdur abd
یوسف yusuf yousef yousaf yusif yusup
ابراهیم ibrahim ibrohim ebrahim ibragim
اسماعیل ismail ismoil esmaeil ismayil
عمر omar umar omer
عثمان osman usman usmon
عمران imran
خان khan
شاه shah
سید sayed syed seyed said
فاطمه fatima fatemeh fotima fatma
زینب zainab zeinab zeynab zeynep
مریم maryam mariam meryem
عزیز aziz
حمید hamid
رشید rashid rasheed
اقبال iqbal
سلطان sultan sulton
اکبر akbar
مصطفی mustafa mostafa
سلیمان suleyman sulaiman suleman
ممد mammad məmməd
رضا reza riza
غلامرضا gholamreza
غلام gholam ghulam
نظر nazar
نجیب najib
جعفر jafar cəfər
صادق sadegh sadiq sodiq
اسلام islam islom
مراد murad murod murat
"""
_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        latin: line.split()[0]
        for line in _KNOWN_NAMES.strip().splitlines()
        for latin in line.split()[1:]
    }
)
# Endings that make a family of a known name.
_FAMILY_ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "ov": "وف",
        "ova": "ووا",
        "ovich": "وویچ",
        "ovna": "وونا",
        "iev": "یف",
        "iyev": "یف",
        "iyeva": "یوا",
        "zadeh": "\u200cزاده",
        "zade": "\u200cزاده",
        "zoda": "\u200cزاده",
        "zada": "\u200cزاده",
        "ullah": "\u200cالله",
        "i": "ی",
    }
)
_DOUBLED = re.compile(rf"([{CONSONANTS}])\1")
_SERVANT_OF = re.compile(r"\bعبدال (?=\S)")
_URDU_LETTERS = str.maketrans({"ه": "ہ"})


def to_persian(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Persian."""
    return _write(latin, _rules("IRN", origin))


def to_dari(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Dari."""
    return _write(latin, _rules("AFG", origin))


def to_urdu(latin: str, origin: str) -> str:
    """Write a passport name of a member (ISO alpha-3) in Urdu."""
    return _write(latin, _rules("PAK", origin)).translate(_URDU_LETTERS)


def _write(latin: str, rules: Rules) -> str:
    words = (_write_word(word, rules) for word in latin.replace("-", " ").split())
    return _SERVANT_OF.sub("عبدال", " ".join(word for word in words if word))


def _write_word(word: str, rules: Rules) -> str:
    folded = fold(word).strip(".")
    known = _KNOWN.get(folded) or _recall_family(folded)
    return known or respell_word(_DOUBLED.sub(r"\1", folded), rules)


def _recall_family(folded: str) -> str:
    for ending, written in _FAMILY_ENDINGS.items():
        known = _KNOWN.get(folded.removesuffix(ending))
        if folded.endswith(ending) and known:
            return known + written
    return ""


@lru_cache(maxsize=64)
def _rules(target: str, origin: str) -> Rules:
    own = {"IRN": "", "AFG": _DARI, "PAK": _URDU}[target]
    if target == "PAK" and origin in _ASPIRATING:
        own = f"{_URDU_ASPIRATES} {own}"
    return compile_rules(own, _ENDINGS, _ORIGINS.get(origin, ""), _VOWELS, _CONSONANTS, "[ae]→")
