"""Georgia: names in Mkhedruli, a script without capital letters.

The person's names are in one table and the reason of the entry in another, joined by number.
"""

from collections.abc import Iterator

from adapters.contract import DocumentKind
from seeds.banks.bank import (
    Bank,
    bare_year,
    code_kinds,
    code_sex,
    code_warnings,
    whole_date,
)
from seeds.countries import GEORGIAN
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = code_kinds(
    "ძებნილი", "ტერორიზმი", "დაკარგული", "ორგანიზებული", "ფარული შემოწმება", "აღრიცხული"
)
SEXES = code_sex("კაცი", "ქალი")
WARNINGS = code_warnings("შეიარაღებული", "მოძალადე", "გაქცევა", "ასაფეთქებელი", "თვითმკვლელობა")
PAPERS = {DocumentKind.PASSPORT: "პასპორტი", DocumentKind.IDENTITY_CARD: "პირადობის მოწმობა"}

_TABLES = (
    Table(
        "pirebi",
        "piri_id key, gvari text, sakheli text, mamis_sakheli text, sqesi text, "
        "dabadebis_tarighi date, dabadebis_tseli int, dabadebis_adgili text, "
        "mokalakeoba text, piradi_nomeri text index",
    ),
    Table("aghritskhva", "piri_id key, safudzveli text, gaprtkhileba text, tarighi date"),
    Table("sabutebi", "piri_id text index, sakhe text, nomeri text index, qveqana text"),
    Table("zedmetsakheli", "piri_id text index, srulad text"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "pirebi", _row(entry)
    warnings = "|".join(WARNINGS[warning] for warning in entry.warnings)
    entered = entry.entered.isoformat()
    yield "aghritskhva", (entry.reference, KINDS[entry.kind], warnings or None, entered)
    for paper in entry.papers:
        row = (entry.reference, PAPERS[paper.kind], paper.whole, GEORGIAN[paper.issuer])
        yield "sabutebi", row
    for alias in entry.aliases:
        yield "zedmetsakheli", (entry.reference, alias.text)


def _row(entry: Entry) -> Row:
    return (
        entry.reference,
        entry.name.family,
        entry.name.given,
        entry.name.patronymic or entry.name.father or None,
        SEXES[entry.sex],
        whole_date(entry.birth),
        bare_year(entry.birth),
        entry.place,
        GEORGIAN[entry.nationality],
        entry.number or None,
    )


BANKS = (
    Bank(
        "GEO",
        "persons",
        "GE",
        "GEO",
        engine="postgres",
        layout=Layout("dzebna.sqlite", _TABLES, spread),
    ),
)
