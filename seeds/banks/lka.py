"""Sri Lanka: initials before the last name, in Sinhala or in Tamil; birth date in three columns.

Papers write the given names and the father's side as initials and one name in full. The whole name
stands in a second column where the clerk asked for it.
"""

from collections.abc import Iterator

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex
from seeds.countries import ALPHA2
from seeds.entry import Birth, Entry, Written
from seeds.store import Layout, Row, Table

KINDS = code_kinds("සොයනු ලබන", "ත්‍රස්ත", "අතුරුදහන්", "සංවිධානාත්මක", "නිරීක්ෂණ", "ලියාපදිංචි")
SEXES = code_sex("පිරිමි", "ගැහැණු")

_ASKED = "012468"
_JOINERS = "\u200c\u200d"
_TABLES = (
    Table(
        "pudgala",
        "anka key, mulakuru_nama text, sampurna_nama text, akuru text, upan_avurudda int, "
        "upan_masaya int, upan_dinaya int, upan_sthanaya text, stri_purusha text, "
        "jatikathvaya text, jahaan text index, gaman_balapatra text index, hethuva text, "
        "yavathkalina date",
    ),
    Table("an_nam", "anka text index, nama text"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "pudgala", _row(entry)
    for alias in entry.aliases:
        yield "an_nam", (entry.reference, alias.text)


def show_name(entry: Entry) -> str:
    """Return the whole name where the clerk asked for it, else the one with initials."""
    return entry.name.text if entry.reference[-1] in _ASKED else shorten(entry.name)


def shorten(name: Written) -> str:
    """Write a name with initials before its last word."""
    words = name.text.split()
    return " ".join((*(f"{first_letter(word)}." for word in words[:-1]), words[-1]))


def first_letter(word: str) -> str:
    """Return the first letter of a word with the signs that belong to it."""
    end = 1
    while end < len(word) and not (word[end].isalpha() or word[end] in _JOINERS):
        end += 1
    return word[:end]


def _row(entry: Entry) -> Row:
    is_asked = entry.reference[-1] in _ASKED
    return (
        entry.reference,
        shorten(entry.name),
        entry.name.text if is_asked else None,
        "දෙමළ" if entry.name.script == "Taml" else "සිංහල",
        *_split_date(entry.birth),
        entry.place,
        SEXES[entry.sex],
        ALPHA2[entry.nationality],
        entry.number or None,
        entry.paper(DocumentKind.PASSPORT) or None,
        KINDS[entry.kind],
        entry.entered.isoformat(),
    )


def _split_date(birth: Birth) -> tuple[int, int | None, int | None]:
    day = birth.date
    month = day.month if birth.known != "year" else None
    return day.year, month, day.day if birth.known == "day" else None


BANKS = (
    Bank(
        "LKA",
        "persons",
        "LK",
        "LKA",
        layout=Layout("pudgala.sqlite", _TABLES, spread),
        papers="passport",
        show=show_name,
    ),
)
