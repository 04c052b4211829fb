"""What each column of a table means: its name proposes, its content decides."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.drafting.content import SEXES, find_dates, guess_content, is_code_list
from adapters.drafting.names import Named, name_column, name_table, split_name
from adapters.drafting.shape import Column, Table
from adapters.drafting.unnamed import UNNAMED, find_birth, find_names
from adapters.matching.scripts import UNKNOWN_SCRIPT, script_of

__all__ = ["PLAIN", "Guess", "Understood", "understand"]

_DECISIVE: Final = frozenset(("email", "vin", "national number", "imei", "phone"))
"""What content alone can tell, whatever the name says."""

_KEYS: Final = frozenset(("national number", "document", "plate", "vin"))
"""What a key may be besides."""

_CODED: Final = frozenset(("sex", "nationality", "document kind", "issuer", "reason"))
"""What may refer to a table of codes."""

_NUMBERS: Final = {"document": "document", "phone": "phone", "vehicle": "plate"}
"""What a bare number is in a table of these."""

_PERSONAL: Final = frozenset(("sex", "national number", "birth", "birth year", "nationality"))
"""What only a table of persons knows."""

_NAMES: Final = frozenset(("full", "given", "family", "patronymic", "organisation"))

PLAIN: Final = "value"
"""The one column of a list of plain values."""

_PLAIN: Final = {**_NUMBERS, "alias": "full"}

_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column means, and why that is thought.

    Attributes:
        variant: In which letters it is, where the name of the column says so.
    """

    column: Column
    meaning: str
    why: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A table with what is guessed of it.

    Attributes:
        subject: What its rows are: person, document, phone, alias, vehicle, ...; empty if unknown.
    """

    table: Table
    subject: str
    guesses: tuple[Guess, ...]

    def find(self, *meanings: str) -> tuple[Guess, ...]:
        """Return the columns of some meanings, in the order of the meanings."""
        return tuple(g for meaning in meanings for g in self.guesses if g.meaning == meaning)

    def has(self, *meanings: str) -> bool:
        """Whether there is a column of one of the meanings."""
        return bool(self.find(*meanings))


def understand(table: Table) -> Understood:
    """Guess what a table and its columns mean. What refers to another table means nothing here."""
    named = name_table(table.name)
    subject = named.meaning if named is not None else ""
    tied = {tie.column for tie in table.ties} | {table.key}
    found = (
        _guess_tied(column, table)
        if column.name in tied or _is_tie(column.name)
        else _guess(column, table, subject)
        for column in table.columns
    )
    guesses = [guess for guess in found if guess is not None]
    return Understood(table, subject, (*guesses, *_guess_rest(table, guesses, tied)))


def _guess_rest(
    table: Table, guesses: Sequence[Guess], tied: Container[str | None]
) -> Iterator[Guess]:
    """Guess a name and a day of birth in a table that knows persons, but calls nothing so."""
    told = {guess.column.name for guess in guesses}
    meanings = {guess.meaning for guess in guesses}
    free = [c for c in table.columns if c.name not in told and c.name not in tied]
    if not (meanings & _PERSONAL or any(UNNAMED.fullmatch(c.name) for c in table.columns)):
        return
    if not meanings & _NAMES:
        yield from (Guess(*found) for found in find_names(free))
    birth = find_birth(free) if not meanings & {"birth", "birth year"} else None
    if birth is not None:
        yield Guess(birth[0], "birth", birth[1])


def _is_tie(name: str) -> bool:
    """Tell whether a column is called as one that refers to another table."""
    words = split_name(name)
    return len(words) > 1 and words[-1] == "id" and name_column(name) is None


def _guess_tied(column: Column, table: Table) -> Guess | None:
    """Guess what a key means besides: only its name tells, for references look like documents."""
    named = name_column(column.name, table.name)
    if named is None or not ((named.whole and named.meaning in _KEYS) or _is_coded(named, column)):
        return None
    return Guess(column, named.meaning, f"the name says {named.word!r}")


def _is_coded(named: Named, column: Column) -> bool:
    """Tell whether it refers to a table of codes; the mapping writes their words down itself."""
    return named.meaning in _CODED and is_code_list(column.texts)


def _guess(column: Column, table: Table, subject: str) -> Guess | None:
    content = guess_content(column.texts)
    if content is not None and content[0] in _DECISIVE:
        return Guess(column, content[0], content[1])
    named = _name(column, table, subject)
    meaning = _settle(named, subject)
    if named is not None and meaning and _fits(meaning, column.texts):
        return Guess(column, meaning, f"the name says {named.word!r}", named.variant)
    return Guess(column, content[0], content[1]) if content is not None else None


def _name(column: Column, table: Table, subject: str) -> Named | None:
    """Take the name that is a word of its own as a whole; plain values are called as their list."""
    if (table.inside or table.ties) and column.name == PLAIN and subject in _PLAIN:
        return Named(_PLAIN[subject], table.name)
    found = [
        named for name in (column.name, *column.called) if (named := name_column(name, table.name))
    ]
    ranked = sorted(found, key=lambda named: (not _settle(named, subject), not named.whole))
    return next(iter(ranked), None)


def _settle(named: Named | None, subject: str) -> str:
    """Say what a name means in a table of this subject; empty where it means nothing there."""
    if named is None:
        return ""
    if named.meaning == "number":
        return _NUMBERS.get(subject, "") if named.whole else ""
    if named.meaning in {"document kind", "series"} and subject not in {"document", ""}:
        return named.meaning if not named.whole or "doc" in named.word else ""
    return named.meaning


def _fits(meaning: str, texts: tuple[str, ...]) -> bool:
    """Tell whether the content may be what the name says; an empty column may be anything."""
    test = _FITS.get(meaning)
    return test is None or not texts or test(texts)


def _has_letters(texts: Iterable[str]) -> bool:
    texts = list(texts)
    return sum(script_of(text) != UNKNOWN_SCRIPT for text in texts) >= _SHARE * len(texts)


def _has_digits(texts: Iterable[str]) -> bool:
    texts = list(texts)
    return sum(any(sign.isdigit() for sign in text) for text in texts) >= _SHARE * len(texts)


def _are_sexes(texts: tuple[str, ...]) -> bool:
    known = [text for text in texts if text.casefold() in SEXES]
    return len(known) >= _SHARE * len(texts) or is_code_list(texts)


def _are_years(texts: tuple[str, ...]) -> bool:
    return all(text.isdecimal() for text in texts)


def _are_dates(texts: tuple[str, ...]) -> bool:
    return find_dates(texts, named=True) is not None


_FITS: Final[dict[str, Callable[[tuple[str, ...]], bool]]] = {
    **dict.fromkeys(
        ("given", "family", "patronymic", "full", "alias", "organisation"), _has_letters
    ),
    **dict.fromkeys(("birth place", "address", "city", "vehicle", "offence"), _has_letters),
    **dict.fromkeys(("document", "phone", "plate", "vin", "national number"), _has_digits),
    **dict.fromkeys(("birth year", "birth month", "birth day"), _are_years),
    "registration number": _has_digits,
    "birth": _are_dates,
    "sex": _are_sexes,
    "reason": is_code_list,
    "document kind": is_code_list,
}
