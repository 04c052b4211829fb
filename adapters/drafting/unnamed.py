"""Guess names and dates of birth where no column is called so: by what stands beside what.

Words beside each other in a table that knows a person by a number or a sex are a name. Which of
them is the family name nobody can tell by looking, so each such guess says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from adapters.drafting.content import find_dates
from adapters.drafting.shape import Column
from adapters.mapping.scalars import read_day
from adapters.matching.scripts import UNKNOWN_SCRIPT, fold_digits, script_of

__all__ = ["UNNAMED", "find_birth", "find_names"]

UNNAMED: Final = re.compile(r"column \d+")
"""What a column is called that nothing names."""

_SHARE: Final = 0.8
_SHORT: Final = 3
_PARTS: Final = ("family", "given", "patronymic")
_FATHER: Final = re.compile(
    "(ович|евич|ич|овна|евна|vich|vna|oğlu|qızı|o‘g‘li|qizi|зода|дод)$", re.IGNORECASE
)
_OLDEST: Final = 1900
_YOUNGEST: Final = 2015
_WHY: Final = "words beside each other; nothing tells which part of a name this is"


def find_names(columns: Sequence[Column]) -> Iterator[tuple[Column, str, str]]:
    """Yield what may be names among columns that mean nothing else, and why."""
    kinds = [(column, _kind(column)) for column in columns]
    for kind, group in groupby(kinds, key=lambda item: item[1]):
        run = [column for column, _ in group]
        if kind == "words":
            yield run[0], "full", "several words in most values, all of them letters"
            return
        if kind == "word" and len(run) > 1:
            yield from _name_parts(run[: len(_PARTS)])
            return


def _name_parts(run: Sequence[Column]) -> Iterator[tuple[Column, str, str]]:
    father = next((column for column in run if _ends_as_father(column)), None)
    others = iter(_PARTS if father is None else _PARTS[:2])
    for column in run:
        if column is father:
            yield column, "patronymic", "most values end as a father's name does"
        else:
            meaning = next(others, "")
            if meaning:
                yield column, meaning, _WHY


def _kind(column: Column) -> str:
    """Say whether a column holds words of letters: one in each value, or several."""
    texts = column.texts
    known = [t for t in texts if script_of(t) != UNKNOWN_SCRIPT and not any(map(str.isdigit, t))]
    if not texts or len(known) < _SHARE * len(texts):
        return ""
    if sum(map(len, known)) < _SHORT * len(known):
        return ""
    several = sum(len(text.split()) > 1 for text in known)
    return "words" if several >= _SHARE * len(known) else "word"


def _ends_as_father(column: Column) -> bool:
    texts = column.texts
    return sum(_FATHER.search(text) is not None for text in texts) * 2 > len(texts)


def find_birth(columns: Sequence[Column]) -> tuple[Column, str] | None:
    """Return the column whose dates are the earliest, where people may be born on them."""
    years = [(year, place) for place, column in enumerate(columns) if (year := _middle(column))]
    if not years:
        return None
    year, place = min(years)
    likely = _OLDEST < year < _YOUNGEST
    return (columns[place], "its days are the earliest of a record") if likely else None


def _middle(column: Column) -> int:
    """Return the middle year of a column of dates; 0 where it holds none."""
    dated = find_dates(column.texts)
    if dated is None:
        return 0
    years = sorted(filter(None, (_year(text, dated.written) for text in column.texts)))
    return years[len(years) // 2] if years else 0


def _year(text: str, written: str) -> int:
    try:
        found = read_day(fold_digits(text), (written,), "gregorian")
    except ValueError:
        return 0
    return getattr(found, "year", 0)
