"""Bangladesh: names in Bengali and in English letters, one of the two often empty.

Which of the two a clerk left out depends on the reference alone, so that a rebuilt bank is equal.
"""

from collections.abc import Iterator

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, bare_year, code_kinds, code_sex, whole_date
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = code_kinds("ফেরারি", "জঙ্গি", "নিখোঁজ", "সংগঠিত", "নজরদারি", "নিবন্ধিত")
SEXES = code_sex("পুরুষ", "মহিলা")

_ONLY_BENGALI = "0123"
_ONLY_ENGLISH = "78"
_TABLES = (
    Table(
        "byakti",
        "kromik_no key, nam_bangla text, pita_bangla text, nam_ingreji text, lingo text, "
        "jonmo_tarikh date, jonmo_bochhor int, jonmosthan text, nagorikotto text, "
        "nid text index, passport text index, karon text, hal_nagad date",
    ),
    Table("chhadmonam", "kromik_no text index, nam_bangla text"),
    Table("mobile", "kromik_no text index, nombor text index"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "byakti", _row(entry)
    for alias in entry.aliases:
        yield "chhadmonam", (entry.reference, alias.text)
    if entry.phone:
        yield "mobile", (entry.reference, entry.phone)


def show_name(entry: Entry) -> str:
    """Return the name in Bengali, or in English letters where that alone was written."""
    is_english = entry.reference[-1] in _ONLY_ENGLISH and entry.second is not None
    return entry.second.text if is_english and entry.second else entry.name.text


def _row(entry: Entry) -> Row:
    last = entry.reference[-1]
    latin = "" if last in _ONLY_BENGALI or entry.second is None else entry.second.text
    return (
        entry.reference,
        "" if last in _ONLY_ENGLISH else entry.name.text,
        entry.name.father or None,
        latin,
        SEXES[entry.sex],
        whole_date(entry.birth),
        bare_year(entry.birth),
        entry.place,
        entry.nationality,
        entry.number or None,
        entry.paper(DocumentKind.PASSPORT) or None,
        KINDS[entry.kind],
        entry.entered.isoformat(),
    )


BANKS = (
    Bank(
        "BGD",
        "persons",
        "BD-",
        "BGD",
        engine="mariadb",
        layout=Layout("talika.sqlite", _TABLES, spread),
        papers="passport",
        show=show_name,
    ),
)
