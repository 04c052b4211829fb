"""What a column means by what is in it: dates, check digits, codes, addresses, scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.drafting.digits import find_scheme
from adapters.mapping.countries import BY_TWO_LETTERS
from adapters.mapping.fields import Calendar
from adapters.mapping.scalars import read_day
from adapters.matching.dates import FORMATS
from adapters.matching.scripts import UNKNOWN_SCRIPT, fold_digits, script_of

__all__ = [
    "ORDER",
    "SEXES",
    "Dated",
    "find_dates",
    "guess_content",
    "is_code_list",
    "list_scripts",
]

_SHARE: Final = 0.9
_LEAST: Final = 3
_CODES: Final = 40
_REPEATED: Final = 3
_MONTHS: Final = 12

SEXES: Final = {
    **dict.fromkeys(
        ("m", "male", "man", "1", "м", "муж", "мужской", "erkek", "kişi", "erkak"), "male"
    ),
    **dict.fromkeys(("e", "э", "ер", "мард", "მამრობითი", "مرد", "مذکر", "पुरुष", "পুরুষ"), "male"),
    **dict.fromkeys(
        ("f", "female", "woman", "2", "ж", "жен", "женский", "kadın", "qadın"), "female"
    ),
    **dict.fromkeys(("ayol", "әйел", "аял", "зан", "მდედრობითი", "زن", "مونث", "महिला"), "female"),
    **dict.fromkeys(
        ("mard", "mujskoy", "muzhskoy", "муж.", "ер адам", "эркек", "mamrobiti"), "male"
    ),
    **dict.fromkeys(("w", "k", "নারী", "स्त्री", "aurat", "khatoon", "zhenskiy", "жен."), "female"),
    **dict.fromkeys(("x", "o", "other", "u", "0", "unknown"), "other"),
}
"""What banks write for a sex, in small letters, to our word."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"\+\d[\d\s().-]{6,18}")
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_DOCUMENT: Final = re.compile(r"[A-Z]{1,3}[ -]?\d{6,9}")
_DATE: Final = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.]\d{1,2}[-/.](\d{4})|(\d{4})\d{4}")

_SOLAR_LAST: Final = 1500
_GREGORIAN_LAST: Final = 2035
_OLDEST: Final = 1200
_LAST: Final = 2110
ORDER: Final = ("iso", "YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "MM/DD/YYYY")
"""Formats of dates, those that are likeliest first."""


@dataclass(frozen=True, slots=True)
class Dated:
    """The format and the calendar that most texts of a column follow."""

    written: str
    calendar: Calendar


def find_dates(texts: Sequence[str], *, named: bool = False) -> Dated | None:
    """Return how a column writes dates; None where it holds none.

    Args:
        texts: Its values; where its name does not say what it is (``named``), a few are needed.
        named: Whether its name says that it holds dates.
    """
    if len(texts) < (1 if named else _LEAST) or not _most(
        texts, lambda t: _DATE.match(fold_digits(t)) is not None
    ):
        return None
    calendar = _find_calendar(texts)
    others = sorted(FORMATS.difference(ORDER))
    for written in (*ORDER, *others):
        if _most(texts, lambda text, w=written: _reads(text, w, calendar)):  # type: ignore[misc]  # mypy knows no default of a lambda
            return Dated(written, calendar)
    return None


def _find_calendar(texts: Sequence[str]) -> Calendar:
    years = sorted(year for text in texts if (year := _year(text)))
    if years and years[len(years) // 2] < _SOLAR_LAST:
        return "solar_hijri"
    return "bikram_sambat" if years and years[-1] > _GREGORIAN_LAST else "gregorian"


def _year(text: str) -> int:
    found = _DATE.match(fold_digits(text))
    digits = next((g for g in (found.group(1, 4, 5) if found else ()) if g), "0")
    if found and found.group(5) and int(text[4:6]) not in range(1, _MONTHS + 1):
        digits = text[4:8]  # the day stands first
    return int(digits) if _OLDEST < int(digits) < _LAST else 0


def _reads(text: str, written: str, calendar: Calendar) -> bool:
    try:
        return read_day(text, (written,), calendar) is not None
    except ValueError:
        return False


def guess_content(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return what a column means by its values, and why; None where they do not tell."""
    if len(texts) < _LEAST:
        return None
    scheme = find_scheme(texts)
    if scheme is not None:
        return scheme[0], f"check digits as of the {scheme[1]}"
    for meaning, why, test in _TESTS:
        if _most(texts, test):
            return meaning, why
    values = {text.casefold() for text in texts}
    if _LEAST > len(values) > 1 and values <= SEXES.keys() and not values <= {"0", "1"}:
        return "sex", f"its values are {' and '.join(sorted(set(texts)))}"
    if all(text in _THREE for text in texts):
        return "nationality", "its values are countries of ISO 3166-1"
    return None


_THREE: Final = frozenset(BY_TWO_LETTERS.values())

_TESTS: Final[tuple[tuple[str, str, Callable[[str], bool]], ...]] = (
    ("email", "its values are e-mail addresses", lambda t: _EMAIL.fullmatch(t) is not None),
    ("phone", "its values are telephone numbers", lambda t: _PHONE.fullmatch(t) is not None),
    (
        "vin",
        "its values have the 17 letters and digits of a VIN",
        lambda t: _VIN.fullmatch(t) is not None and not t.isdecimal() and not t.isalpha(),
    ),
    (
        "document",
        "its values are letters and digits as on documents",
        lambda t: _DOCUMENT.fullmatch(t) is not None,
    ),
)


def is_code_list(texts: Sequence[str]) -> bool:
    """Tell whether a few values are repeated over and over."""
    distinct = len(set(texts))
    return 1 <= distinct <= _CODES and len(texts) >= _REPEATED * distinct


def list_scripts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the scripts of texts, the most frequent first; those of a few are left out."""
    counts = Counter(script_of(text) for text in texts)
    counts.pop(UNKNOWN_SCRIPT, None)
    return tuple(script for script, n in counts.most_common() if n * 100 > counts.total())


def _most(texts: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, texts)) >= _SHARE * len(texts)
