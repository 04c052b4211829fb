"""Maldives: an Excel workbook in Thaana, which is written from right to left.

Whole birth dates are dates of the sheet, others are years; telephone numbers are numbers, as
spreadsheets make of them.
"""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from re import sub

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex
from seeds.entry import Entry

KINDS = code_kinds("ހޯދަމުންދާ", "ޓެރަރިޒަމް", "ގެއްލިފައި", "ޖަމާޢަތު", "ބެލެހެއްޓުން", "ރަޖިސްޓްރީ")
SEXES = code_sex("ފިރިހެން", "އަންހެން")
SHEET = "މީހުން"
HEADINGS = (
    "ނަންބަރު", "ނަން", "އެހެންނަން", "ޖިންސް", "އުފަންތާރީޚު", "އުފަންތަން", "ޤައުމު", "އައިޑީކާޑު",
    "ޕާސްޕޯޓު", "ފޯނު", "ސަބަބު",
)  # fmt: skip

_STAMP = (2026, 10, 31, 0, 0, 0)
_MODIFIED = rb"(<dcterms:(created|modified)[^>]*>)[^<]*"


def write_workbook(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the workbook; the times that Excel files carry are made equal."""
    from openpyxl import Workbook  # only who builds the demonstration needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.sheet_view.rightToLeft = True
    sheet.append(HEADINGS)
    for row in _list_rows(entries):
        sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    _settle_times(buffer, folder / "meehun.xlsx")


def _list_rows(entries: Iterable[Entry]) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        birth = entry.birth
        yield (
            entry.reference,
            entry.name.text,
            entry.aliases[0].text if entry.aliases else None,
            SEXES[entry.sex],
            birth.date if birth.known == "day" else birth.date.year,
            entry.place,
            entry.nationality,
            entry.number or None,
            entry.paper(DocumentKind.PASSPORT) or None,
            int(entry.phone) if entry.phone else None,
            KINDS[entry.kind],
        )


def _settle_times(workbook: BytesIO, target: Path) -> None:
    """Copy a workbook with one fixed time in place of the clock's."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = sub(_MODIFIED, rb"\g<1>2026-10-31T00:00:00Z", data)
            info = zipfile.ZipInfo(name, date_time=_STAMP)
            copy.writestr(info, data, compress_type=zipfile.ZIP_DEFLATED)


BANKS = (Bank("MDV", "persons", "MV", "MDV", write_files=write_workbook, papers="passport"),)
