"""Afghanistan: a CSV export with Dari headings; given name and father's name, Solar Hijri dates."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.contract import DocumentKind
from adapters.matching.calendars import gregorian_to_solar_hijri
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date
from seeds.countries import DARI
from seeds.entry import Entry

KINDS = code_kinds("تحت تعقیب", "مظنون تروریزم", "مفقود", "جرایم سازمان‌یافته", "نظارت", "ثبت شده")
SEXES = code_sex("مرد", "زن")
WARNINGS = code_warnings("مسلح", "خشن", "فراری", "مواد انفجاری", "خودکشی")
HEADINGS = (
    "شماره", "نام", "نام_پدر", "شهرت", "جنس", "تاریخ_تولد", "محل_تولد", "تابعیت", "تذکره",
    "پاسپورت", "دلیل", "هشدار", "تاریخ_ثبت",
)  # fmt: skip

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def write_csv(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the export, with semicolons between the columns."""
    with (folder / "ashkhas.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(_list_rows(entries))


def write_date(entry: Entry) -> str:
    """Write a birth date in Solar Hijri and in Persian digits."""
    parts = gregorian_to_solar_hijri(entry.birth.date)
    return cut_date(entry.birth, parts, "YYYY/MM/DD").translate(_DIGITS)


def _list_rows(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        entered = "{:04d}/{:02d}/{:02d}".format(*gregorian_to_solar_hijri(entry.entered))
        yield (
            entry.reference,
            entry.name.text,
            entry.name.father,
            entry.aliases[0].text if entry.aliases else "",
            SEXES[entry.sex],
            write_date(entry),
            entry.place,
            DARI[entry.nationality],
            entry.number.translate(_DIGITS),
            entry.paper(DocumentKind.PASSPORT),
            KINDS[entry.kind],
            "، ".join(WARNINGS[warning] for warning in entry.warnings),
            entered.translate(_DIGITS),
        )


BANKS = (Bank("AFG", "persons", "AF", "AFG", write_files=write_csv, papers="passport"),)
