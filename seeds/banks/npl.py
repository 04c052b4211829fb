"""Nepal: names in Devanagari, dates of Bikram Sambat in Devanagari digits, plates in Devanagari."""

from collections.abc import Iterator

from adapters.contract import DocumentKind, RecordKind
from adapters.matching.calendars import gregorian_to_bikram_sambat
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date
from seeds.countries import NEPALI
from seeds.entry import Entry, Vehicle
from seeds.store import Layout, Row, Table

KINDS = code_kinds("फरार", "आतंककारी", "बेपत्ता", "संगठित", "निगरानी", "दर्ता")
SEXES = code_sex("पुरुष", "महिला")
WARNINGS = code_warnings("हतियार", "हिंसक", "भाग्ने", "विस्फोटक", "आत्महत्या")
VEHICLE_KINDS = {RecordKind.STOLEN_VEHICLE: "चोरी", RecordKind.DISCREET_CHECK: "निगरानी"}

_DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")

_PERSON_TABLES = (
    Table(
        "vyakti",
        "darta_no key, thar text, nam text, babuko_nam text, linga text, janma_miti text, "
        "janma_sthan text, rashtriyata text, nagarikta_no text index, rahadani_no text index, "
        "karan text, chetavani text, adyavadhik date",
    ),
    Table("upanam", "darta_no text index, pura_nam text"),
    Table("phon", "darta_no text index, nambar text index"),
)
_VEHICLE_TABLES = (
    Table(
        "sawari",
        "darta_no key, pleta text index, chasis_no text index, prakar text, karan text, "
        "adyavadhik date",
    ),
)


def write_digits(text: str) -> str:
    """Write the digits of a text in Devanagari."""
    return text.translate(_DIGITS)


def spread_person(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "vyakti", _row(entry)
    for alias in entry.aliases:
        yield "upanam", (entry.reference, alias.text)
    if entry.phone:
        yield "phon", (entry.reference, entry.phone)


def show_name(entry: Entry) -> str:
    """Return given name and family name; a patronymic has no place there."""
    return f"{entry.name.given} {entry.name.family}".strip()


def _row(entry: Entry) -> Row:
    born = cut_date(entry.birth, gregorian_to_bikram_sambat(entry.birth.date), "YYYY-MM-DD")
    return (
        entry.reference,
        entry.name.family,
        entry.name.given,
        entry.name.father or None,
        SEXES[entry.sex],
        write_digits(born),
        entry.place,
        NEPALI[entry.nationality],
        entry.number or None,
        entry.paper(DocumentKind.PASSPORT) or None,
        KINDS[entry.kind],
        ",".join(WARNINGS[warning] for warning in entry.warnings),
        entry.entered.isoformat(),
    )


def spread_vehicle(vehicle: Vehicle) -> Iterator[tuple[str, Row]]:
    """Write one vehicle."""
    yield (
        "sawari",
        (
            vehicle.reference,
            write_digits(vehicle.plate),
            vehicle.vin,
            vehicle.model,
            VEHICLE_KINDS[vehicle.kind],
            vehicle.entered.isoformat(),
        ),
    )


BANKS = (
    Bank(
        "NPL",
        "persons",
        "NP-",
        "NPL",
        engine="mariadb",
        layout=Layout("vyakti.sqlite", _PERSON_TABLES, spread_person),
        papers="passport",
        show=show_name,
    ),
    Bank(
        "NPL",
        "vehicles",
        "NPS-",
        "NPL",
        holds="vehicles",
        kinds={RecordKind.STOLEN_VEHICLE: 9, RecordKind.DISCREET_CHECK: 1},
        share=0.5,
        engine="mariadb",
        layout=Layout("sawari.sqlite", _VEHICLE_TABLES, spread_vehicle),
    ),
)
