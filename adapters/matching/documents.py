"""Bring document and identity numbers to one spelling, so that equal numbers are equal text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from adapters.matching.letters import LOOKS_LATIN
from adapters.matching.scripts import fold_digits

__all__ = ["MAX_NUMBER_LENGTH", "normalise_number"]

MAX_NUMBER_LENGTH: Final = 64
"""Characters of a number that are read; ICAO and national numbers stay far below."""


@lru_cache(maxsize=16_384)
def normalise_number(text: str) -> str:
    """Return a document number in capital letters and digits only.

    Digits of any script become 0 to 9, Cyrillic and Greek letters that look like Latin ones become
    those (a clerk's keyboard decides which are typed), and spaces, dashes, dots and № go. O and 0
    stay different: both occur in real series.

    Returns:
        The empty string where neither a letter nor a digit is left; two of those are not equal.
    """
    signed = text[:MAX_NUMBER_LENGTH].replace("№", "")  # NFKC would make letters of it
    short = unicodedata.normalize("NFKC", signed)[: 2 * MAX_NUMBER_LENGTH]
    kept = "".join(letter for letter in fold_digits(short) if letter.isalnum())
    return kept.upper().translate(LOOKS_LATIN).upper()
