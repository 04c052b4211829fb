"""Pakistan: the table of a directory export; Urdu and Latin, CNIC, S/O and D/O before the father.

The columns are those of a directory's entries; the directory itself is `seeds/directory.py`.
"""

from collections.abc import Iterator

from adapters.contract import Action, DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date, gregorian
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = code_kinds("مطلوب", "دہشت گرد", "لاپتہ", "منظم جرم", "نگرانی", "اندراج")
SEXES = code_sex("مرد", "عورت")
WARNINGS = code_warnings("مسلح", "تشدد", "فرار", "بارود", "خودکشی")
ACTIONS = {
    Action.ARREST: "گرفتاری",
    Action.SPECIFIC_CHECK: "مکمل جانچ",
    Action.DISCREET_CHECK: "خفیہ جانچ",
    Action.PROTECT: "حفاظت",
    Action.INFORM_OWNER: "اطلاع",
}

_CHILD = {"M": "S/O", "F": "D/O"}
_CHILD_URDU = {"M": "ولد", "F": "بنت"}
_TABLES = (
    Table(
        "afrad",
        "uid key, naam_urdu text, walad_urdu text, naam text, walad text, jins text, "
        "tarikh_paidaish text, jaye_paidaish text, qaumiyat text, cnic text index, "
        "passport text index, wajah text, khatra text, karwai text, tarmeem text",
    ),
    Table("urf", "uid text index, naam_urdu text"),
    Table("mobile", "uid text index, number text index"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "afrad", _row(entry)
    for alias in entry.aliases:
        yield "urf", (entry.reference, alias.text)
    if entry.phone:
        yield "mobile", (entry.reference, entry.phone)


def _row(entry: Entry) -> Row:
    latin = entry.second or entry.name
    father, father_latin = entry.name.father, latin.father
    return (
        entry.reference,
        entry.name.text,
        f"{_CHILD_URDU[entry.sex]} {father}" if father else None,
        latin.text.upper(),
        f"{_CHILD[entry.sex]} {father_latin.upper()}" if father_latin else None,
        SEXES[entry.sex],
        cut_date(entry.birth, gregorian(entry.birth.date), "DD-MM-YYYY"),
        entry.place,
        entry.nationality,
        entry.number or None,
        entry.paper(DocumentKind.PASSPORT) or None,
        KINDS[entry.kind],
        "، ".join(WARNINGS[warning] for warning in entry.warnings),
        ACTIONS[entry.action],
        entry.entered.strftime("%Y%m%d"),
    )


BANKS = (
    Bank(
        "PAK",
        "persons",
        "PK",
        "PAK",
        engine="ldap",
        layout=Layout("afrad.sqlite", _TABLES, spread),
        papers="passport",
    ),
)
