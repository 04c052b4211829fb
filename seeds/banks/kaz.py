"""Kazakhstan: a search register in Kazakh with several tables, and wanted vehicles.

Names stand in Cyrillic and in passport Latin, cities in a code table, documents, aliases and
telephones in tables of their own. Plates are typed on a Cyrillic keyboard.
"""

from collections.abc import Iterator
from functools import lru_cache

from adapters.contract import Action, DocumentKind, RecordKind
from seeds.banks.bank import (
    Bank,
    bare_year,
    code_kinds,
    code_sex,
    code_warnings,
    whole_date,
)
from seeds.countries import MEMBERS, NUMERIC
from seeds.entry import Entry, Vehicle
from seeds.places import CITIES
from seeds.store import Layout, Row, Table
from seeds.writing import PENS

KINDS = code_kinds("IZD", "TER", "JOQ", "UQK", "BAQ", "ESP")
SEXES = code_sex("1", "2")
WARNINGS = code_warnings("QARU", "ZORLYQ", "QASHU", "JARYLGYSH", "OZIN_OLTIRU")
PAPERS = {DocumentKind.PASSPORT: "PASPORT", DocumentKind.IDENTITY_CARD: "KUALIK"}
ACTIONS = {
    Action.ARREST: "USTAU",
    Action.SPECIFIC_CHECK: "ARNAIY_TEKSERU",
    Action.DISCREET_CHECK: "ZHASYRYN_TEKSERU",
    Action.PROTECT: "QORGAU",
    Action.INFORM_OWNER: "HABARLAU",
}
VEHICLE_KINDS = {RecordKind.STOLEN_VEHICLE: "URL", RecordKind.DISCREET_CHECK: "BAQ"}

_CYRILLIC_KEYS = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")

_PERSON_TABLES = (
    Table("qala", "kod key, aty text"),
    Table(
        "tulgha",
        "id key, tegi text, aty text, akesinin_aty text, tegi_lat text, aty_lat text, "
        "jynysy text, tughan_kuni date, tughan_jyly int, tughan_qala text, azamattyq text, "
        "jsn text index, sebep text, qauip text, sharasy text, joyuly int, ozgertilgen date",
    ),
    Table("qujat", "tulgha_id text index, turi text, nomir text index, bergen text"),
    Table("lakap", "tulgha_id text index, tegi text, aty text"),
    Table("telefon", "tulgha_id text index, nomir text index"),
)
_VEHICLE_TABLES = (
    Table(
        "kolik",
        "id key, nomir_belgi text index, vin text index, ulgisi text, sebep text, "
        "tirkelgen_el text, ozgertilgen date",
    ),
)


@lru_cache(maxsize=1)
def code_cities() -> dict[str, str]:
    """Return the register's code of each city by its Kazakh name."""
    pen = PENS["KAZ"]
    return {
        pen.spell_place(city, member): f"{NUMERIC[member]}{number}"
        for member in MEMBERS
        for number, city in enumerate(CITIES[member])
    }


def spread_person(entry: Entry) -> Iterator[tuple[str, Row]]:
    """Spread one entry over the register's tables."""
    yield "tulgha", _row(entry)
    for paper in entry.papers:
        yield "qujat", (entry.reference, PAPERS[paper.kind], paper.whole, NUMERIC[paper.issuer])
    for alias in entry.aliases:
        yield "lakap", (entry.reference, alias.family, alias.given)
    if entry.phone:
        yield "telefon", (entry.reference, entry.phone)


def _row(entry: Entry) -> Row:
    latin = entry.second or entry.name
    # One registered person in a hundred was struck off and must not be found any more.
    is_struck = entry.kind is RecordKind.REGISTERED and entry.reference.endswith("00")
    return (
        entry.reference,
        entry.name.family,
        entry.name.given,
        entry.name.patronymic or None,
        latin.family,
        latin.given,
        SEXES[entry.sex],
        whole_date(entry.birth),
        bare_year(entry.birth),
        code_cities().get(entry.place),
        NUMERIC[entry.nationality],
        entry.number or None,
        KINDS[entry.kind],
        ",".join(WARNINGS[warning] for warning in entry.warnings),
        ACTIONS[entry.action],
        int(is_struck),
        entry.entered.isoformat(),
    )


def spread_vehicle(vehicle: Vehicle) -> Iterator[tuple[str, Row]]:
    """Write one vehicle; plates look Latin and are Cyrillic, as the keyboard was."""
    yield (
        "kolik",
        (
            vehicle.reference,
            vehicle.plate.translate(_CYRILLIC_KEYS),
            vehicle.vin,
            vehicle.model,
            VEHICLE_KINDS[vehicle.kind],
            NUMERIC[vehicle.country],
            vehicle.entered.isoformat(),
        ),
    )


def _list_cities() -> tuple[Row, ...]:
    return tuple((code, name) for name, code in code_cities().items())


BANKS = (
    Bank(
        "KAZ",
        "persons",
        "KZ-",
        "KAZ",
        engine="postgres",
        layout=Layout("izdeu.sqlite", _PERSON_TABLES, spread_person, {"qala": _list_cities()}),
    ),
    Bank(
        "KAZ",
        "vehicles",
        "KZA-",
        "KAZ",
        holds="vehicles",
        kinds={RecordKind.STOLEN_VEHICLE: 9, RecordKind.DISCREET_CHECK: 1},
        share=0.5,
        engine="postgres",
        layout=Layout("kolik.sqlite", _VEHICLE_TABLES, spread_vehicle),
    ),
)
