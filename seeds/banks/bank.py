"""What a synthetic bank is, and what all of them share.

Each module of this package holds the banks of one member: their tables in their own language, their
own codes, and how an entry becomes rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from adapters.contract import RecordKind, Sex, Warn
from seeds.entry import Birth, Entry
from seeds.store import Layout, write_sqlite


def show_name(entry: Entry) -> str:
    """Return given name, patronymic and family name in the bank's first script."""
    return entry.name.text


def show_surname_first(entry: Entry) -> str:
    """Return family name, given name and patronymic in the bank's first script."""
    return entry.name.surname_first


Write = Callable[[Path, Iterable[Any]], None]
"""Writes all entries of a bank into a folder."""

KINDS = (
    RecordKind.WANTED,
    RecordKind.SUSPECTED_TERRORIST,
    RecordKind.MISSING,
    RecordKind.ORGANISED_CRIME,
    RecordKind.DISCREET_CHECK,
    RecordKind.REGISTERED,
)
"""The kinds that a national search register knows, in the order of its codes."""

WARNINGS = (Warn.ARMED, Warn.VIOLENT, Warn.ESCAPE_RISK, Warn.EXPLOSIVES, Warn.SUICIDE_RISK)
"""The warnings that registers know, in the order of their codes."""

REGISTER = {
    RecordKind.REGISTERED: 58,
    RecordKind.WANTED: 17,
    RecordKind.DISCREET_CHECK: 8,
    RecordKind.ORGANISED_CRIME: 7,
    RecordKind.MISSING: 7,
    RecordKind.SUSPECTED_TERRORIST: 3,
}
"""How many in a hundred entries of a usual national register are of which kind."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Describe one synthetic bank.

    Attributes:
        member: ISO 3166-1 alpha-3, or the code of an organisation.
        id: The bank's name within its member.
        prefix: What its references begin with; seven digits follow.
        pen: Who writes its names, a key of ``seeds.writing.PENS``.
        holds: persons, vehicles, documents, mixed or officers.
        kinds: The kinds of its ordinary entries with their weights.
        share: Its number of ordinary entries for each one that a national register has.
        engine: The server that runs it with ``--servers``: postgres, mariadb, ldap or none.
        layout: Its tables, where it is a database.
        write_files: How it is written, where it is none.
        papers: Which documents of a person it has room for: "all", "each" for one of each
            kind, or "passport" for one passport.
        show: The name of an entry just as the bank holds it.
    """

    member: str
    id: str
    prefix: str
    pen: str
    holds: str = "persons"
    kinds: Mapping[RecordKind, int] = field(default_factory=lambda: REGISTER)
    share: float = 1.0
    engine: str = ""
    layout: Layout | None = None
    write_files: Write | None = None
    papers: str = "all"
    show: Callable[[Entry], str] = show_name

    @property
    def name(self) -> str:
        """Return the bank's name in the federation, such as KAZ/persons."""
        return f"{self.member}/{self.id}"

    def write(self, folder: Path, entries: Iterable[Any]) -> None:
        """Write all entries into the bank's folder."""
        if self.layout is not None:
            write_sqlite(folder, self.layout, entries)
        elif self.write_files is not None:
            self.write_files(folder, entries)


def code_kinds(*words: str) -> Mapping[RecordKind, str]:
    """Return a register's own words for the kinds, given in the order of ``KINDS``."""
    return dict(zip(KINDS, words, strict=True))


def code_warnings(*words: str) -> Mapping[Warn, str]:
    """Return a register's own words for the warnings, given in the order of ``WARNINGS``."""
    return dict(zip(WARNINGS, words, strict=True))


def code_sex(male: str, female: str) -> Mapping[str, str]:
    """Return a register's own words for "M" and "F"."""
    return {"M": male, "F": female}


SEXES: Mapping[str, Sex] = {"M": Sex.MALE, "F": Sex.FEMALE}
"""The sexes in the words of the contract."""


def cut_date(birth: Birth, parts: tuple[int, int, int], pattern: str) -> str:
    """Write a date as far as it is known; an unknown month or day is left out.

    ``pattern`` is such as ``YYYY/MM/DD`` or ``DD.MM.YYYY``: three parts and one separator.
    """
    sign = pattern.strip("YMD")[0]
    kept = {"year": 1, "month": 2, "day": 3}[birth.known]
    words = (f"{parts[0]:04d}", f"{parts[1]:02d}", f"{parts[2]:02d}")[:kept]
    return sign.join(words if pattern.startswith("Y") else reversed(words))


def gregorian(day: date) -> tuple[int, int, int]:
    """Return year, month and day."""
    return day.year, day.month, day.day


def whole_date(birth: Birth) -> str | None:
    """Return the ISO date where the whole is known; a date column cannot hold less."""
    return birth.date.isoformat() if birth.known == "day" else None


def bare_year(birth: Birth) -> int | None:
    """Return the year where no more than month or year is known."""
    return None if birth.known == "day" else birth.date.year
