"""Iran: the lines that the HTTP service of the demonstration serves; Persian, Solar Hijri.

The service itself is ``seeds/service.py``. Each line is one object with the service's own words.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from adapters.contract import DocumentKind
from adapters.matching.calendars import gregorian_to_solar_hijri
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date
from seeds.countries import PERSIAN
from seeds.entry import Entry

KINDS = code_kinds("تحت_تعقیب", "مظنون_تروریسم", "مفقود", "جرم_سازمان‌یافته", "کنترل", "ثبت")
SEXES = code_sex("مرد", "زن")
WARNINGS = code_warnings("مسلح", "خشن", "فرار", "انفجاری", "خودکشی")
PAPERS = {DocumentKind.PASSPORT: "گذرنامه", DocumentKind.IDENTITY_CARD: "کارت ملی"}


def write_lines(folder: Path, entries: Iterable[Entry]) -> None:
    """Write one JSON object a line."""
    with (folder / "afrad.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for entry in entries:
            file.write(json.dumps(describe(entry), ensure_ascii=False) + "\n")


def describe(entry: Entry) -> dict[str, object]:
    """Return one entry in the service's words; what is not known is left out."""
    born = cut_date(entry.birth, gregorian_to_solar_hijri(entry.birth.date), "YYYY/MM/DD")
    name = entry.name
    words: dict[str, object] = {
        "shenase": entry.reference,
        "nam": name.given,
        "nam_khanevadegi": name.family,
        "nam_pedar": name.father or name.patronymic,
        "tarikh_tavalod": born,
        "mahal_tavalod": entry.place,
        "jensiat": SEXES[entry.sex],
        "tabeiat": PERSIAN[entry.nationality],
        "kod_melli": entry.number,
        "telefon": entry.phone,
        "dalil": KINDS[entry.kind],
        "hoshdar": ",".join(WARNINGS[warning] for warning in entry.warnings),
        "laqab": [{"nam": alias.text} for alias in entry.aliases],
        "madarek": [
            {"noe": PAPERS[paper.kind], "shomare": paper.whole, "keshvar": PERSIAN[paper.issuer]}
            for paper in entry.papers
        ],
    }
    return {word: value for word, value in words.items() if value}


BANKS = (Bank("IRN", "persons", "", "IRN", write_files=write_lines),)
