"""The regional centre's registry of suspected terrorists of the project; Russian and Latin.

Russian is the working language of the centre. Members hand in suspects; the registry keeps who did.
"""

from collections.abc import Iterator

from adapters.contract import Action, DocumentKind, RecordKind
from seeds.banks.bank import (
    Bank,
    code_sex,
    code_warnings,
    cut_date,
    gregorian,
    show_surname_first,
)
from seeds.countries import RUSSIAN
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = {RecordKind.SUSPECTED_TERRORIST: "подозреваемый", RecordKind.WANTED: "розыск"}
SEXES = code_sex("м", "ж")
WARNINGS = code_warnings("вооружён", "насилие", "побег", "взрывчатка", "суицид")
PAPERS = {DocumentKind.PASSPORT: "паспорт", DocumentKind.IDENTITY_CARD: "удостоверение"}
ACTIONS = {Action.ARREST: "задержать", Action.SPECIFIC_CHECK: "проверить и сообщить"}

_TABLES = (
    Table(
        "figurant",
        "nomer key, familiya text, imya text, otchestvo text, fio_lat text, pol text, "
        "data_rozhdeniya text, mesto_rozhdeniya text, grazhdanstvo text, osnovanie text, "
        "preduprezhdeniya text, mera text, obnovleno date",
    ),
    Table("dokument", "nomer_figuranta text index, vid text, nomer text index, strana text"),
    Table("psevdonim", "nomer_figuranta text index, fio text"),
    Table("telefon", "nomer_figuranta text index, nomer text index"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the registry's tables."""
    yield "figurant", _row(entry)
    for paper in entry.papers:
        row = (entry.reference, PAPERS[paper.kind], paper.whole, RUSSIAN[paper.issuer])
        yield "dokument", row
    for alias in entry.aliases:
        yield "psevdonim", (entry.reference, alias.surname_first)
    if entry.phone:
        yield "telefon", (entry.reference, entry.phone)


def _row(entry: Entry) -> Row:
    return (
        entry.reference,
        entry.name.family,
        entry.name.given,
        entry.name.patronymic or None,
        entry.second.text if entry.second else None,
        SEXES[entry.sex],
        cut_date(entry.birth, gregorian(entry.birth.date), "DD.MM.YYYY"),
        entry.place,
        RUSSIAN[entry.nationality],
        KINDS[entry.kind],
        "; ".join(WARNINGS[warning] for warning in entry.warnings),
        ACTIONS[entry.action],
        entry.entered.isoformat(),
    )


BANKS = (
    Bank(
        "RCC",
        "suspects",
        "RP-",
        "RU",
        kinds={RecordKind.SUSPECTED_TERRORIST: 85, RecordKind.WANTED: 15},
        share=0.5,
        layout=Layout("figuranty.sqlite", _TABLES, spread),
        show=show_surname_first,
    ),
)
