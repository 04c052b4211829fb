"""Make document numbers, national numbers and telephone numbers as each country writes them.

The formats are the real ones, so that parsers and searches meet what they meet in the field; the
digits are drawn by chance. Telephone numbers begin with 000 behind the country's code: no network
hands them out.
"""

import random
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

from adapters.contract import DocumentKind
from seeds.countries import MEMBERS
from seeds.entry import Paper

_LOST_PASSPORTS = 0.8
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"

# '#' is a digit, '@' a letter; a bar ends the series.
_PASSPORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AFG": ("P########",),
        "AZE": ("C########",),
        "BGD": ("B@#######", "A########"),
        "GEO": ("##BB#####",),
        "IND": ("Z#######", "@#######"),
        "IRN": ("@########",),
        "KAZ": ("N########",),
        "KGZ": ("AC|#######", "PE|#######"),
        "LKA": ("N#######",),
        "MDV": ("LA##E####",),
        "NPL": ("########", "PA#######"),
        "PAK": ("@@#######",),
        "TJK": ("40#######",),
        "TUR": ("U|########",),
        "UZB": ("AA|#######", "AB|#######", "FA|#######"),
    }
)
_CARDS: Mapping[str, str] = MappingProxyType(
    {
        "AFG": "1400-####-#####",
        "AZE": "AA|#######",
        "BGD": "##########",
        "GEO": "##IA#####",
        "IND": "@@@#######",
        "IRN": "##########",
        "KAZ": "0########",
        "KGZ": "ID|#######",
        "LKA": "############",
        "MDV": "A######",
        "NPL": "##-##-##-#####",
        "PAK": "#####-#######-#",
        "TJK": "A########",
        "TUR": "A##@#####",
        "UZB": "AD|#######",
    }
)
_OTHERS = (
    "ARE", "ARM", "AUT", "BEL", "BGR", "BLR", "BRA", "CAN", "CHE", "CHN", "CZE", "DEU", "DZA",
    "EGY", "ESP", "FRA", "GBR", "GHA", "GRC", "HUN", "IDN", "IRQ", "ITA", "JOR", "JPN", "KEN",
    "KOR", "KWT", "LBN", "MAR", "MDA", "MEX", "MNG", "MYS", "NGA", "NLD", "PHL", "POL", "QAT",
    "ROU", "RUS", "SAU", "SGP", "SRB", "SWE", "SYR", "THA", "TKM", "TUN", "UKR", "USA", "VNM",
)  # fmt: skip
_OTHER_PATTERNS = ("@@#######", "#########", "@########", "@@######")
ISSUERS: tuple[str, ...] = (*MEMBERS, *MEMBERS, *_OTHERS)
"""Who issued the documents that are reported lost: members of the federation more often."""

_PHONES: Mapping[str, str] = MappingProxyType(
    {
        "AFG": "93", "AZE": "994", "BGD": "880", "GEO": "995", "IND": "91", "IRN": "98",
        "KAZ": "7", "KGZ": "996", "LKA": "94", "MDV": "960", "NPL": "977", "PAK": "92",
        "TJK": "992", "TUR": "90", "UZB": "998",
    }
)  # fmt: skip


def fill(pattern: str, rng: random.Random) -> str:
    """Put a random digit for each # and a random letter for each @ of a pattern."""
    return "".join([_draw(run, rng) for run in _cut(pattern)])


@lru_cache(maxsize=256)
def _cut(pattern: str) -> tuple[str, ...]:
    """Cut a pattern into runs of one sign: digits are drawn run by run, which is faster."""
    return tuple("".join(run) for _, run in groupby(pattern))


def _draw(run: str, rng: random.Random) -> str:
    if run[0] == "#":
        return f"{int(rng.random() * 10 ** len(run)):0{len(run)}d}"
    if run[0] == "@":
        return "".join(_LETTERS[int(rng.random() * len(_LETTERS))] for _ in run)
    return run


def make_passport(country: str, rng: random.Random) -> Paper:
    """Make a passport of a country (ISO 3166-1 alpha-3)."""
    return _make(DocumentKind.PASSPORT, country, rng.choice(_PASSPORTS[country]), rng)


def make_lost(issuer: str, rng: random.Random) -> Paper:
    """Make a passport or, of a member, an identity card of any issuer of ``ISSUERS``."""
    if issuer not in _PASSPORTS:
        pattern = _OTHER_PATTERNS[ord(issuer[1]) % len(_OTHER_PATTERNS)]
        return _make(DocumentKind.PASSPORT, issuer, pattern, rng)
    return make_passport(issuer, rng) if rng.random() < _LOST_PASSPORTS else make_card(issuer, rng)


def make_card(country: str, rng: random.Random) -> Paper:
    """Make an identity card of a country (ISO 3166-1 alpha-3)."""
    return _make(DocumentKind.IDENTITY_CARD, country, _CARDS[country], rng)


def _make(kind: DocumentKind, country: str, pattern: str, rng: random.Random) -> Paper:
    series, _, number = fill(pattern, rng).rpartition("|")
    return Paper(kind, country, number, series)


def make_phone(country: str, rng: random.Random) -> str:
    """Make a telephone number with country code, without plus: nobody has it."""
    return fill(f"{_PHONES[country]}000######", rng)


def make_number(country: str, birth: date, sex: str, rng: random.Random) -> str:
    """Make a national number, with the birth date, sex and check digits it carries there."""
    maker = _NUMBERS.get(country)
    return maker(birth, sex, rng) if maker else ""


def _afg(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("1400-####-#####", rng)


def _aze(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("#@@#@##", rng)


def _geo(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("01#########", rng)


def _irn(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    body = fill("#########", rng)
    rest = sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True))
    check = rest % 11
    return f"{body}{check if check < 2 else 11 - check}"  # noqa: PLR2004 - the rule of the code


def _kaz(birth: date, sex: str, rng: random.Random) -> str:
    century = (3 if birth.year < 2000 else 5) + (sex == "F")  # noqa: PLR2004 - a year
    body = f"{birth:%y%m%d}{century}{fill('####', rng)}"
    weights = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    check = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return f"{body}{check % 10}"


def _kgz(birth: date, sex: str, rng: random.Random) -> str:
    return f"{1 if sex == 'F' else 2}{birth:%d%m%Y}{fill('#####', rng)}"


def _lka(birth: date, sex: str, rng: random.Random) -> str:
    day = birth.timetuple().tm_yday + (500 if sex == "F" else 0)
    return f"{birth.year}{day:03d}{fill('#####', rng)}"


def _mdv(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("A######", rng)


def _npl(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("##-01-##-#####", rng)


def _pak(birth: date, sex: str, rng: random.Random) -> str:
    del birth
    last = rng.choice("13579" if sex == "M" else "24680")
    return fill("3####-#######-", rng) + last


def _tjk(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    return fill("#########", rng)


def _tur(birth: date, sex: str, rng: random.Random) -> str:
    del birth, sex
    body = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(8))]
    tenth = (sum(body[0::2]) * 7 - sum(body[1::2])) % 10
    return "".join(map(str, (*body, tenth, (sum(body) + tenth) % 10)))


def _uzb(birth: date, sex: str, rng: random.Random) -> str:
    century = (3 if birth.year < 2000 else 5) + (sex == "F")  # noqa: PLR2004 - a year
    return f"{century}{birth:%d%m%y}{fill('#######', rng)}"


def _bgd(birth: date, sex: str, rng: random.Random) -> str:
    del sex
    return f"{birth.year}{fill('#############', rng)}"


_NUMBERS = MappingProxyType(
    {
        "AFG": _afg, "AZE": _aze, "BGD": _bgd, "GEO": _geo, "IRN": _irn, "KAZ": _kaz,
        "KGZ": _kgz, "LKA": _lka, "MDV": _mdv, "NPL": _npl, "PAK": _pak, "TJK": _tjk,
        "TUR": _tur, "UZB": _uzb,
    }
)  # fmt: skip
