"""Tajikistan: a fixed-width export in CP1251, a code page without ғ ӣ қ ӯ ҳ ҷ.

The old system put the nearest letter of Russian in their place, so that different names look the
same. Widths count characters.
"""

from collections.abc import Iterable
from pathlib import Path

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date, gregorian
from seeds.countries import NUMERIC
from seeds.entry import Entry

KINDS = code_kinds("К", "Т", "Г", "М", "Н", "Б")
SEXES = code_sex("М", "З")
WARNINGS = code_warnings("С", "Х", "Ф", "П", "Д")
WIDTHS = (10, 28, 28, 28, 1, 10, 20, 3, 16, 16, 16, 13, 28, 1, 5, 8)
"""Number, family name, given name, patronymic, sex, birth date, birth place, nationality, tax
number, passport, card, telephone, alias, reason, warnings, day of the entry."""

_LOST = str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухчГИКУХЧ")


def write_fixed(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the export, one line for each entry."""
    with (folder / "kasoni.txt").open("wb") as file:
        for entry in entries:
            file.write(encode(_list_values(entry)) + b"\r\n")


def lose_letters(text: str) -> str:
    """Write a Tajik text as the old code page can hold it."""
    return text.translate(_LOST)


def show_name(entry: Entry) -> str:
    """Return the name as the export has it: family, given name, patronymic."""
    return lose_letters(entry.name.surname_first)


def encode(values: Iterable[str]) -> bytes:
    """Pad the values to their widths and encode them; other letters become a question mark."""
    padded = (value[:width].ljust(width) for value, width in zip(values, WIDTHS, strict=True))
    return lose_letters("".join(padded)).encode("cp1251", errors="replace")


def _list_values(entry: Entry) -> tuple[str, ...]:
    name = entry.name
    return (
        entry.reference,
        name.family,
        name.given,
        name.patronymic,
        SEXES[entry.sex],
        cut_date(entry.birth, gregorian(entry.birth.date), "DD.MM.YYYY"),
        entry.place,
        NUMERIC[entry.nationality],
        entry.number,
        entry.paper(DocumentKind.PASSPORT),
        entry.paper(DocumentKind.IDENTITY_CARD),
        entry.phone,
        entry.aliases[0].surname_first if entry.aliases else "",
        KINDS[entry.kind],
        ",".join(WARNINGS[warning] for warning in entry.warnings),
        entry.entered.strftime("%d%m%Y"),
    )


BANKS = (
    Bank("TJK", "persons", "TJ", "TJK", write_files=write_fixed, papers="each", show=show_name),
)
