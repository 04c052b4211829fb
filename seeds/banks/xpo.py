"""Stolen, lost and revoked travel documents of all countries, up to tens of millions.

Some countries hand in series and number apart, others as one; the bank keeps what it got. It
knows documents, not their holders.
"""

from collections.abc import Iterator

from adapters.contract import DocumentKind, RecordKind
from seeds.banks.bank import Bank
from seeds.entry import Loss
from seeds.store import Layout, Row, Table

KINDS = {
    RecordKind.STOLEN_DOCUMENT: "S",
    RecordKind.LOST_DOCUMENT: "L",
    RecordKind.REVOKED_DOCUMENT: "R",
}
PAPERS = {
    DocumentKind.PASSPORT: "P",
    DocumentKind.IDENTITY_CARD: "I",
    DocumentKind.VISA: "V",
}

_TABLES = (
    Table(
        "document",
        "id key, issuer text, type text, series text, number text index, status text, "
        "loss_date text",
    ),
)


def spread(loss: Loss) -> Iterator[tuple[str, Row]]:
    """Write one document."""
    paper = loss.paper
    yield (
        "document",
        (
            f"{loss.reference:08d}",
            paper.issuer,
            PAPERS[paper.kind],
            paper.series or None,
            paper.number,
            KINDS[loss.kind],
            loss.lost.isoformat().replace("-", ""),
        ),
    )


BANKS = (
    Bank(
        "XPO",
        "documents",
        "",
        "EN",
        holds="documents",
        kinds={
            RecordKind.STOLEN_DOCUMENT: 45,
            RecordKind.LOST_DOCUMENT: 50,
            RecordKind.REVOKED_DOCUMENT: 5,
        },
        layout=Layout("documents.sqlite", _TABLES, spread),
    ),
)
