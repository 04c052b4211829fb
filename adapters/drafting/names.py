"""What a column or a table means by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from anyascii import anyascii

from adapters.drafting.words import COLUMNS, TABLES, VARIANTS
from adapters.matching.scripts import script_of

__all__ = ["Named", "name_column", "name_table", "split_name"]

_HUMP: Final = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])|(?<=[A-ZА-Я])(?=[A-ZА-Я][a-zа-я])")
_STEP: Final = re.compile("[./]@?")
_BETWEEN: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A meaning with the word that told it.

    Attributes:
        variant: In which letters it is, where the name says so.
        whole: Whether the word is the whole name, not a part of it.
    """

    meaning: str
    word: str
    variant: str = ""
    whole: bool = True


def split_name(name: str) -> tuple[str, ...]:
    """Split a name into its words, in small letters; Latin ones without their marks."""
    text = unicodedata.normalize("NFKC", name)
    apart = _BETWEEN.sub(" ", _HUMP.sub(" ", text)).casefold()
    plain = anyascii(apart).lower() if script_of(apart) == "Latn" else apart
    return tuple(_BETWEEN.sub(" ", plain).split())


def name_column(name: str, table: str = "") -> Named | None:
    """Say what a column means by its name; words of its table's name are left out."""
    name, _, option = name.partition(";")
    words = split_name(name)
    variant = next((word for word in words[1:] if word in VARIANTS), "")
    rest = tuple(word for word in words if word != variant) if variant else words
    own = set(split_name(table))
    own |= {word.removesuffix("s") for word in own}
    short = tuple(word for word in rest if word not in own)
    names = [rest, short]
    steps = _STEP.split(name)
    if len(steps) > 1:
        # A path tells the last thing it leads to first: `name.first` is the first name.
        names[1:1] = [split_name(" ".join(reversed(steps))), split_name(steps[-1])]
        if split_name(steps[-2])[-1:] in _NAMES:
            names[1:1] = [(*split_name(steps[-1]), "name")]
    return _find(_columns(), tuple(names), variant or option)


def name_table(name: str) -> Named | None:
    """Say what the rows of a table are by its name."""
    words = split_name(name)
    # The last word says what rows are, those before it whose: `person_document`.
    last = _tables().get(words[-1:])
    if words not in _tables() and last is not None:
        return Named(last, words[-1], whole=False)
    return _find(_tables(), (words,), "")


def _find(
    known: dict[tuple[str, ...], str], names: tuple[tuple[str, ...], ...], variant: str
) -> Named | None:
    """The whole name tells most; else the longest part of it that is a word of its own."""
    for words in names:
        if words in known:
            return Named(known[words], " ".join(words), variant)
    for part in _parts(names[-1] or names[0]):
        if part in known:
            return Named(known[part], " ".join(part), variant, whole=False)
    return None


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a name, the longest first; one word says little, two letters nothing."""
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            if len("".join(part)) > _SHORT:
                yield part


_SHORT: Final = 2
_NAMES: Final = (("name",), ("names",))


@cache
def _columns() -> dict[tuple[str, ...], str]:
    return _index(COLUMNS)


@cache
def _tables() -> dict[tuple[str, ...], str]:
    return _index(TABLES)


def _index(words: dict[str, str]) -> dict[tuple[str, ...], str]:
    """The first meaning of a word stands."""
    found: dict[tuple[str, ...], str] = {}
    for meaning, phrases in words.items():
        for phrase in phrases.split(","):
            found.setdefault(split_name(phrase), meaning)
    found.pop((), None)
    return found
