"""The regional centre's specialised bank: passport Latin, and birth dates as spans of days."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from adapters.contract import DocumentKind, RecordKind
from seeds.banks.bank import Bank, code_sex, code_warnings
from seeds.entry import Birth, Entry
from seeds.store import Layout, Row, Table

KINDS = {
    RecordKind.SUSPECTED_TERRORIST: "T",
    RecordKind.WANTED: "W",
    RecordKind.DISCREET_CHECK: "D",
}
SEXES = code_sex("male", "female")
WARNINGS = code_warnings("A", "V", "E", "X", "S")

_TABLES = (
    Table(
        "subject",
        "ref key, name_as_known text, sex text, born_from date, born_to date, birthplace text, "
        "citizenship text, basis text, cautions text, updated date",
    ),
    Table("subject_document", "ref text index, type text, number text index, issuer text"),
    Table("subject_alias", "ref text index, name text, quality text"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the bank's tables."""
    yield "subject", _row(entry)
    for paper in entry.papers:
        kind = "P" if paper.kind is DocumentKind.PASSPORT else "I"
        yield "subject_document", (entry.reference, kind, paper.whole, paper.issuer)
    for number, alias in enumerate(entry.aliases):
        yield "subject_alias", (entry.reference, alias.text, "low" if number else "good")


def span_birth(birth: Birth) -> tuple[date, date]:
    """Return the first and the last day that a birth date may mean."""
    day = birth.date
    if birth.known == "day":
        return day, day
    if birth.known == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _row(entry: Entry) -> Row:
    first, last = span_birth(entry.birth)
    return (
        entry.reference,
        entry.name.text.upper(),
        SEXES[entry.sex],
        first.isoformat(),
        last.isoformat(),
        entry.place,
        entry.nationality,
        KINDS[entry.kind],
        " ".join(WARNINGS[warning] for warning in entry.warnings),
        entry.entered.isoformat(),
    )


def show_name(entry: Entry) -> str:
    """Return the name in capital letters."""
    return entry.name.text.upper()


BANKS = (
    Bank(
        "RCC",
        "special",
        "SP",
        "EN",
        kinds={
            RecordKind.SUSPECTED_TERRORIST: 40,
            RecordKind.WANTED: 30,
            RecordKind.DISCREET_CHECK: 30,
        },
        share=0.25,
        layout=Layout("special.sqlite", _TABLES, spread),
        show=show_name,
    ),
)
