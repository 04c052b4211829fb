"""Make the ordinary vehicles, organisations, lost documents and contact officers of the banks."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from adapters.contract import RecordKind
from seeds.banks.bank import Bank
from seeds.countries import MEMBERS, spell_english
from seeds.entry import Entry, Loss, Officer, Organisation, Vehicle
from seeds.names.registry import compose_for
from seeds.papers import ISSUERS, fill, make_lost, make_phone
from seeds.people import (
    LAST_ENTRY,
    Avoided,
    draw_entered,
    draw_kind,
    make_entries,
    make_reference,
)

OFFICERS_EACH = 3

_PLATES = {
    "AFG": "## ####", "AZE": "##-@@-###", "BGD": "##-####", "GEO": "@@-###-@@",
    "IND": "DL##@@####", "IRN": "##D###-##", "KAZ": "###@@@0#", "KGZ": "01KG###@@@",
    "LKA": "@@@-####", "MDV": "@####", "NPL": "बा # च ####", "PAK": "LE@-####",
    "TJK": "####@@01", "TUR": "34 @@@ ###", "UZB": "01@###@@",
}  # fmt: skip
_KAZ_LETTERS = "ABCEHKMOPTX"
_MODELS = (
    "Toyota Hilux", "Toyota Land Cruiser", "Lada Niva", "Lada Granta", "Hyundai Accent",
    "Chevrolet Cobalt", "Suzuki Alto", "Kia Rio", "Mitsubishi Pajero", "Isuzu D-Max",
)  # fmt: skip
_MAKERS = ("XTA", "JTE", "KMH", "MR0", "XWB", "JAA")
_TITLES = (
    "Алтын Көпір", "Боги Шамол", "Вектор-Транзит", "Гулистон Савдо", "Деловой Мост",
    "Заря Логистик", "Кавказ-Экспорт", "Лаъл", "Меридиан-Плюс", "Нур Логистик", "Парвоз",
    "Рубикон-Сервис",
    "Сарбон", "Темир Жол Карго", "Уч Курган", "Чинар", "Шабнам", "Юлдуз Трейд",
)  # fmt: skip
_FORMS = ("ООО", "ТОО", "ОсОО", "ИП", "ЗАО")
_LOSS_DAYS = 5_500


def make_plate(country: str, rng: random.Random) -> str:
    """Make a number plate of a member (ISO 3166-1 alpha-3) in the usual pattern."""
    plate = fill(_PLATES[country], rng)
    if country != "KAZ":
        return plate
    # Kazakh plates use only letters that Latin and Cyrillic share.
    return "".join(_share_letter(sign) for sign in plate)


def _share_letter(sign: str) -> str:
    return _KAZ_LETTERS[ord(sign) % len(_KAZ_LETTERS)] if sign.isalpha() else sign


def make_vehicle(bank: Bank, country: str, serial: int, rng: random.Random) -> Vehicle:
    """Make one vehicle; the kind is drawn by the bank's weights where it is one of vehicles."""
    kind = draw_kind(bank, rng) if bank.holds == "vehicles" else RecordKind.STOLEN_VEHICLE
    return Vehicle(
        reference=make_reference(bank.prefix, serial),
        kind=kind,
        plate=make_plate(country, rng),
        vin=rng.choice(_MAKERS) + fill("@@####@#######", rng),
        model=rng.choice(_MODELS),
        colour=int(rng.random() * 6),
        country=country,
        entered=draw_entered(rng),
    )


def make_vehicles(bank: Bank, count: int, rng: random.Random) -> Iterator[Vehicle]:
    """Make the ordinary vehicles of a bank, with plates of its own member."""
    return (make_vehicle(bank, bank.member, serial, rng) for serial in range(count))


def make_mixed(
    bank: Bank, count: int, rng: random.Random, avoided: Avoided
) -> Iterator[Entry | Organisation | Vehicle]:
    """Make persons and, for every fifth of them, an organisation and a vehicle."""
    for serial, entry in enumerate(make_entries(bank, count, rng, avoided)):
        yield entry
        if serial % 5 == 0:
            country = rng.choice(MEMBERS)
            yield _make_organisation(bank, country, count + serial, rng)
            yield make_vehicle(bank, country, 2 * count + serial, rng)


def _make_organisation(bank: Bank, country: str, serial: int, rng: random.Random) -> Organisation:
    return Organisation(
        reference=make_reference(bank.prefix, serial),
        kind=RecordKind.ORGANISED_CRIME,
        title=f"{rng.choice(_FORMS)} «{rng.choice(_TITLES)}-{serial % 1000}»",
        number=fill("##########", rng),
        country=country,
        entered=draw_entered(rng),
    )


def make_losses(bank: Bank, count: int, rng: random.Random, avoided: Avoided) -> Iterator[Loss]:
    """Make lost documents, one at a time; none has the number of a planted one."""
    issuers = len(ISSUERS)
    kinds = [kind for kind, weight in bank.kinds.items() for _ in range(weight)]
    for reference in range(1, count + 1):
        paper = make_lost(ISSUERS[int(rng.random() * issuers)], rng)
        while paper.whole in avoided.numbers:
            paper = make_lost(paper.issuer, rng)
        yield Loss(reference, kinds[int(rng.random() * len(kinds))], paper, draw_loss(rng))


def draw_loss(rng: random.Random) -> date:
    """Draw the day on which a document was lost."""
    return LAST_ENTRY - timedelta(days=int(rng.random() * _LOSS_DAYS))


def make_officers(bank: Bank, rng: random.Random) -> Iterator[Officer]:
    """Make the contact officers of all members."""
    for place, member in enumerate(MEMBERS):
        for number in range(OFFICERS_EACH):
            name = compose_for(member, rng, "F" if rng.random() < 0.5 else "M")  # noqa: PLR2004 - half
            yield Officer(
                reference=f"{bank.prefix}{place * OFFICERS_EACH + number + 1:03d}",
                member=member,
                name=name.latin(),
                office=f"National Contact Point, {spell_english(member)}",
                phone=make_phone(member, rng),
                email=f"officer{number + 1}@{member.lower()}.kalkan.example",
            )
