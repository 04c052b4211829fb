"""The regional centre's bank of organised crime: persons, organisations and vehicles on cards.

A card is a record; what it is about stands in one of three tables with the card's number.
"""

from collections.abc import Iterator

from adapters.contract import DocumentKind, RecordKind
from seeds.banks.bank import (
    Bank,
    code_sex,
    code_warnings,
    cut_date,
    gregorian,
    show_surname_first,
)
from seeds.countries import RUSSIAN
from seeds.entry import Entry, Organisation, Vehicle
from seeds.store import Layout, Row, Table

KINDS = {
    RecordKind.ORGANISED_CRIME: "ОПГ",
    RecordKind.WANTED: "РОЗЫСК",
    RecordKind.STOLEN_VEHICLE: "УГОН",
}
SEXES = code_sex("М", "Ж")
WARNINGS = code_warnings("ОРУЖИЕ", "НАСИЛИЕ", "ПОБЕГ", "ВЗРЫВЧАТКА", "СУИЦИД")
PAPERS = {DocumentKind.PASSPORT: "ПАСПОРТ", DocumentKind.IDENTITY_CARD: "УДОСТОВЕРЕНИЕ"}

_TABLES = (
    Table(
        "kartochka",
        "nomer key, vid text, osnovanie text, preduprezhdeniya text, obnovleno date",
    ),
    Table(
        "lico",
        "nomer key, fio text, fio_lat text, pol text, data_rozhdeniya text, grazhdanstvo text",
    ),
    Table("organizaciya", "nomer key, naimenovanie text, reg_nomer text index, strana text"),
    Table("transport", "nomer key, gosnomer text index, vin text index, marka text, strana text"),
    Table("dokument", "nomer text index, vid text, nomer_dokumenta text index, strana text"),
    Table("klichka", "nomer text index, fio text"),
    Table("telefon", "nomer text index, telefon text index"),
)


def spread(subject: Entry | Organisation | Vehicle) -> Iterator[tuple[str, Row]]:
    """Write the card and what it is about."""
    if isinstance(subject, Entry):
        yield from _spread_person(subject)
    elif isinstance(subject, Organisation):
        row = (subject.reference, subject.title, subject.number, RUSSIAN[subject.country])
        yield "kartochka", _card(subject, "О", "")
        yield "organizaciya", row
    else:
        yield "kartochka", _card(subject, "Т", "")
        country = RUSSIAN[subject.country]
        row = (subject.reference, subject.plate, subject.vin, subject.model)
        yield "transport", (*row, country)


def _card(subject: Entry | Organisation | Vehicle, sort: str, warnings: str) -> Row:
    day = subject.entered.isoformat()
    return (subject.reference, sort, KINDS[subject.kind], warnings, day)


def _spread_person(entry: Entry) -> Iterator[tuple[str, Row]]:
    warnings = ", ".join(WARNINGS[warning] for warning in entry.warnings)
    yield "kartochka", _card(entry, "Л", warnings)
    yield "lico", _person(entry)
    for paper in entry.papers:
        row = (entry.reference, PAPERS[paper.kind], paper.whole, RUSSIAN[paper.issuer])
        yield "dokument", row
    for alias in entry.aliases:
        yield "klichka", (entry.reference, alias.surname_first)
    if entry.phone:
        yield "telefon", (entry.reference, entry.phone)
    if entry.plate:
        country = RUSSIAN[entry.nationality]
        yield "transport", (entry.reference, entry.plate, None, None, country)


def _person(entry: Entry) -> Row:
    return (
        entry.reference,
        entry.name.surname_first,
        entry.second.text if entry.second else None,
        SEXES[entry.sex],
        cut_date(entry.birth, gregorian(entry.birth.date), "DD.MM.YYYY"),
        RUSSIAN[entry.nationality],
    )


BANKS = (
    Bank(
        "RCC",
        "organised",
        "OP-",
        "RU",
        holds="mixed",
        kinds={RecordKind.ORGANISED_CRIME: 80, RecordKind.WANTED: 20},
        share=0.5,
        layout=Layout("opg.sqlite", _TABLES, spread),
        show=show_surname_first,
    ),
)
