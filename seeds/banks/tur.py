"""Türkiye: names in capital letters by Turkish rules, where i becomes İ and ı becomes I.

Documents have a series and a number; wanted vehicles stand in a bank of their own.
"""

from collections.abc import Iterator

from adapters.contract import Action, DocumentKind, RecordKind
from seeds.banks.bank import (
    Bank,
    bare_year,
    code_kinds,
    code_sex,
    code_warnings,
    whole_date,
)
from seeds.countries import ALPHA2
from seeds.entry import Entry, Vehicle
from seeds.store import Layout, Row, Table

KINDS = code_kinds("ARANAN", "TEROR", "KAYIP", "ORGANIZE", "IZLEME", "KAYITLI")
SEXES = code_sex("E", "K")
WARNINGS = code_warnings("SILAHLI", "SIDDET", "KACMA", "PATLAYICI", "INTIHAR")
PAPERS = {DocumentKind.PASSPORT: "PASAPORT", DocumentKind.IDENTITY_CARD: "KIMLIK"}
ACTIONS = {
    Action.ARREST: "YAKALAMA",
    Action.SPECIFIC_CHECK: "DETAYLI_KONTROL",
    Action.DISCREET_CHECK: "GIZLI_KONTROL",
    Action.PROTECT: "KORUMA",
    Action.INFORM_OWNER: "BILGI",
}
VEHICLE_KINDS = {RecordKind.STOLEN_VEHICLE: "CALINTI", RecordKind.DISCREET_CHECK: "IZLEME"}

_CAPITALS = str.maketrans("iı", "İI")

_PERSON_TABLES = (
    Table(
        "kişiler",
        "kayıt_no key, soyadı text, adı text, baba_adı text, cinsiyet text, "
        "doğum_tarihi date, doğum_yılı int, doğum_yeri text, uyruk text, tc_no text index, "
        "neden text, uyarı text, tedbir text, güncelleme date",
    ),
    Table("belgeler", "kayıt_no text index, tür text, seri text, numara text index, ülke text"),
    Table("takma_adlar", "kayıt_no text index, soyadı text, adı text"),
)
_VEHICLE_TABLES = (
    Table(
        "araçlar",
        "kayıt_no key, plaka text index, şasi_no text index, marka text, neden text, "
        "ülke text, güncelleme date",
    ),
)


def write_capitals(text: str) -> str:
    """Write a text in capital letters by Turkish rules."""
    return text.translate(_CAPITALS).upper()


def spread_person(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "kişiler", _row(entry)
    for paper in entry.papers:
        kind, country = PAPERS[paper.kind], ALPHA2[paper.issuer]
        yield "belgeler", (entry.reference, kind, paper.series or None, paper.number, country)
    for alias in entry.aliases:
        names = (write_capitals(alias.family), write_capitals(alias.given))
        yield "takma_adlar", (entry.reference, *names)


def show_name(entry: Entry) -> str:
    """Return given name and family name in capital letters."""
    return write_capitals(f"{entry.name.given} {entry.name.family}".strip())


def _row(entry: Entry) -> Row:
    father = entry.name.father or entry.name.patronymic
    return (
        entry.reference,
        write_capitals(entry.name.family),
        write_capitals(entry.name.given),
        write_capitals(father) or None,
        SEXES[entry.sex],
        whole_date(entry.birth),
        bare_year(entry.birth),
        write_capitals(entry.place),
        ALPHA2[entry.nationality],
        entry.number or None,
        KINDS[entry.kind],
        "/".join(WARNINGS[warning] for warning in entry.warnings),
        ACTIONS[entry.action],
        entry.entered.isoformat(),
    )


def spread_vehicle(vehicle: Vehicle) -> Iterator[tuple[str, Row]]:
    """Write one vehicle."""
    yield (
        "araçlar",
        (
            vehicle.reference,
            vehicle.plate,
            vehicle.vin,
            vehicle.model,
            VEHICLE_KINDS[vehicle.kind],
            ALPHA2[vehicle.country],
            vehicle.entered.isoformat(),
        ),
    )


BANKS = (
    Bank(
        "TUR",
        "persons",
        "TR",
        "TUR",
        engine="postgres",
        layout=Layout("arananlar.sqlite", _PERSON_TABLES, spread_person),
        show=show_name,
    ),
    Bank(
        "TUR",
        "vehicles",
        "TRA",
        "TUR",
        holds="vehicles",
        kinds={RecordKind.STOLEN_VEHICLE: 9, RecordKind.DISCREET_CHECK: 1},
        share=0.5,
        engine="postgres",
        layout=Layout("araclar.sqlite", _VEHICLE_TABLES, spread_vehicle),
    ),
)
