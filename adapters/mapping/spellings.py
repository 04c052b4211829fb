"""Write a normalised number in all the ways in which a bank may hold it.

A bank's index finds exact text only. So the question is turned round: instead of normalising the
bank's column, the number is spelled as clerks write it, with spaces or hyphens, in small letters,
in look-alike Cyrillic letters, in the digits of the bank's script, and the few spellings are asked
for at once. What comes back is compared again after normalising.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["MAX_SPELLINGS", "list_shaped", "spell", "spell_series"]

MAX_SPELLINGS: Final = 256
"""Spellings of one number that are asked for."""

_SEPARATORS: Final = (" ", "-")
_CYRILLIC: Final = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
_DIGITS: Final = {
    "Arab": ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"),
    "Aran": ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"),
    "Deva": ("०१२३४५६७८९",),
    "Beng": ("০১২৩৪৫৬৭৮৯",),
    "Taml": ("௦௧௨௩௪௫௬௭௮௯",),
}
_LONGEST_SERIES: Final = 6
_SHORTEST_NUMBER: Final = 3


def spell(
    number: str, scripts: tuple[str, ...] = (), shapes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the spellings of a normalised number, each once, the likeliest first.

    Args:
        number: Upper-case letters and digits.
        scripts: The scripts of the bank; they add Cyrillic letters and other digits.
        shapes: How this bank writes it: `#####-#######-#`; each # is one letter or digit.
    """
    parts = re.findall(r"\d+|\D+", number)
    forms = [number, *list_shaped(number, shapes)]
    forms += [separator.join(parts) for separator in _SEPARATORS]
    spelled = _unique([*forms, *_lower(forms), *_other_letters(forms, scripts)])
    spelled = _unique([*spelled, *_other_digits(spelled, scripts)])
    return tuple(spelled[:MAX_SPELLINGS])


def list_shaped(number: str, shapes: Iterable[str]) -> tuple[str, ...]:
    """Write a normalised number in each shape that has as many signs, each once."""
    return tuple(_unique(_fill(number, shape) for shape in shapes))


def spell_series(
    number: str, scripts: tuple[str, ...] = (), shapes: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the series and the numbers that a normalised number may be cut into.

    The lists are asked for as a cross product, which holds too much; the comparison after fetching
    drops that. For rows that hold all in one column, the whole number is among the numbers and the
    empty text among the series.
    """
    last = min(_LONGEST_SERIES, len(number) - _SHORTEST_NUMBER)
    cuts = range(1, last + 1)
    series = [number[:cut] for cut in cuts] or [number]
    numbers = [number[cut:] for cut in cuts]
    heads = _unique([*series, *_lower(series), *_other_letters(series, scripts)])
    heads = _unique([*heads, *_other_digits(heads, scripts)])
    tails = _unique([*numbers, *_lower(numbers), *_other_digits(numbers, scripts)])
    numbers = _unique([*spell(number, scripts, shapes), *tails])
    return (*heads[: MAX_SPELLINGS - 1], ""), tuple(numbers[:MAX_SPELLINGS])


def _unique(forms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(form for form in forms if form))


def _lower(forms: Sequence[str]) -> list[str]:
    return [form.lower() for form in forms]


def _fill(number: str, shape: str) -> str:
    """Write a number in a shape; empty where the lengths differ."""
    if shape.count("#") != len(number):
        return ""
    letters = iter(number)
    return "".join(next(letters) if sign == "#" else sign for sign in shape)


def _other_letters(forms: Sequence[str], scripts: tuple[str, ...]) -> list[str]:
    if "Cyrl" not in scripts:
        return []
    cyrillic = [form.translate(_CYRILLIC) for form in forms]
    return [*cyrillic, *_lower(cyrillic)]


def _other_digits(forms: Sequence[str], scripts: tuple[str, ...]) -> list[str]:
    rows = [row for script in scripts for row in _DIGITS.get(script, ())]
    return [form.translate(str.maketrans("0123456789", row)) for row in rows for form in forms]
