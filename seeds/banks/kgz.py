"""Kyrgyzstan: a database whose tables and columns are Kyrgyz words; dates are DD.MM.YYYY text."""

from collections.abc import Iterator

from adapters.contract import DocumentKind
from seeds.banks.bank import (
    Bank,
    code_kinds,
    code_sex,
    code_warnings,
    cut_date,
    gregorian,
    show_surname_first,
)
from seeds.countries import KYRGYZ
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = code_kinds("издөөдө", "террорчулук", "дайынсыз", "уюшкан топ", "байкоо", "каттоодо")
SEXES = code_sex("эркек", "аял")
WARNINGS = code_warnings("куралдуу", "зомбулук", "качуу", "жардыргыч", "өзүнө кол салуу")
PAPERS = {DocumentKind.PASSPORT: "паспорт", DocumentKind.IDENTITY_CARD: "ID-карта"}

_TABLES = (
    Table(
        "жарандар",
        "номер key, толук_аты text, жынысы text, туулган_күнү text, туулган_жери text, "
        "жарандыгы text, пин text index, себеби text, коркунучу text, өзгөртүлгөн text",
    ),
    Table("документтер", "номер text index, түрү text, сериясы text, саны text index, өлкө text"),
    Table("башка_аттары", "номер text index, аты text"),
    Table("телефондор", "номер text index, саны text index"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "жарандар", _row(entry)
    for paper in entry.papers:
        kind, country = PAPERS[paper.kind], KYRGYZ[paper.issuer]
        yield "документтер", (entry.reference, kind, paper.series, paper.number, country)
    for alias in entry.aliases:
        yield "башка_аттары", (entry.reference, alias.surname_first)
    if entry.phone:
        yield "телефондор", (entry.reference, f"+{entry.phone}")


def _row(entry: Entry) -> Row:
    return (
        entry.reference,
        entry.name.surname_first,
        SEXES[entry.sex],
        cut_date(entry.birth, gregorian(entry.birth.date), "DD.MM.YYYY"),
        entry.place,
        KYRGYZ[entry.nationality],
        entry.number or None,
        KINDS[entry.kind],
        ", ".join(WARNINGS[warning] for warning in entry.warnings),
        entry.entered.strftime("%d.%m.%Y"),
    )


BANKS = (
    Bank(
        "KGZ",
        "persons",
        "KG/",
        "KGZ",
        layout=Layout("izdoo.sqlite", _TABLES, spread),
        show=show_surname_first,
    ),
)
