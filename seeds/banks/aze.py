"""Azerbaijan: a register in Azerbaijani Latin; patronymics with oğlu and qızı.

Serial letters and number of a document stand in two columns, aliases in a table of their own.
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
from seeds.countries import ALPHA2
from seeds.entry import Entry
from seeds.store import Layout, Row, Table

KINDS = code_kinds("axtarış", "terror_şübhəlisi", "itkin", "mütəşəkkil", "nəzarət", "qeydiyyat")
SEXES = code_sex("K", "Q")
WARNINGS = code_warnings("S", "Z", "Q", "P", "İ")
PAPERS = {DocumentKind.PASSPORT: "pasport", DocumentKind.IDENTITY_CARD: "vəsiqə"}

_TABLES = (
    Table(
        "şəxs",
        "nömrə key, soyad text, ad text, ata_adı text, cins text, doğum_tarixi date, "
        "doğum_ili int, doğum_yeri text, vətəndaşlıq text, fin text index, səbəb text, "
        "xəbərdarlıq text, dəyişmə_tarixi date",
    ),
    Table("sənəd", "şəxs_nömrə text index, növ text, seriya text, nömrə text index, verən text"),
    Table("ləqəb", "şəxs_nömrə text index, soyad text, ad text"),
    Table("telefon", "şəxs_nömrə text index, rəqəm text index"),
)


def spread(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "şəxs", _row(entry)
    for paper in entry.papers:
        kind, issuer = PAPERS[paper.kind], ALPHA2[paper.issuer]
        yield "sənəd", (entry.reference, kind, paper.series or None, paper.number, issuer)
    for alias in entry.aliases:
        yield "ləqəb", (entry.reference, alias.family, alias.given)
    if entry.phone:
        yield "telefon", (entry.reference, entry.phone)


def _row(entry: Entry) -> Row:
    return (
        entry.reference,
        entry.name.family,
        entry.name.given,
        entry.name.patronymic or None,
        SEXES[entry.sex],
        whole_date(entry.birth),
        bare_year(entry.birth),
        entry.place,
        ALPHA2[entry.nationality],
        entry.number or None,
        KINDS[entry.kind],
        ";".join(WARNINGS[warning] for warning in entry.warnings),
        entry.entered.isoformat(),
    )


BANKS = (
    Bank(
        "AZE",
        "persons",
        "AZ",
        "AZE",
        engine="postgres",
        layout=Layout("axtaris.sqlite", _TABLES, spread),
    ),
)
