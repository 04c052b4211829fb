"""The directory of contact officers: whom to call in each member, day and night."""

import csv
from collections.abc import Iterable
from pathlib import Path

from adapters.contract import RecordKind
from seeds.banks.bank import Bank
from seeds.entry import Officer

HEADINGS = ("number", "member", "name", "office", "phone", "email")


def write_directory(folder: Path, officers: Iterable[Officer]) -> None:
    """Write the directory as CSV."""
    with (folder / "officers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        for officer in officers:
            name, office = officer.name, officer.office
            row = (officer.reference, officer.member, name, office, officer.phone, officer.email)
            writer.writerow(row)


BANKS = (
    Bank(
        "RCC",
        "officers",
        "CO",
        "EN",
        holds="officers",
        kinds={RecordKind.CONTACT_OFFICER: 1},
        write_files=write_directory,
    ),
)
