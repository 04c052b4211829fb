"""Files of persons that nobody has a mapping for, in each form that `draft` looks at."""

import json
from dataclasses import dataclass
from pathlib import Path

GIVEN = ("Рустам", "Тимур", "Дилноза", "Ерлан", "Алия", "Фарид", "Нино", "Севда")
FAMILY = ("Каримов", "Асланова", "Юсупов", "Сейитова", "Бекова", "Гулиев", "Умарова")
PERSIAN_GIVEN = ("محمد", "احمد", "زهرا", "فاطمه", "حسين", "مريم", "رضا", "ناهيد")
PERSIAN_FAMILY = ("کريمي", "احمدي", "رضايي", "حسيني", "محمدي", "صادقي", "مرادي")
KIND = (
    'const = "registered"  # guess: nothing tells why; write one of our kinds of records',
    'const = "wanted"',
)
CONTACT = (
    '# contact = { office = "whom to ask about a hit", phone = "+", email = "@" }',
    'contact = { office = "Duty desk", phone = "+7 000", email = "duty@example.org" }',
)


@dataclass(frozen=True)
class People:
    """What was written, and what is true of each person."""

    path: Path
    codepage: str = ""
    edits: tuple = (KIND, CONTACT)
    given: tuple = GIVEN
    family: tuple = FAMILY

    def name(self, number):
        return f"{self.given[number % 8]} {self.family[number % 7]}"

    def birth(self, number):
        return f"{1950 + number % 50}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"

    def reference(self, number):
        return f"P{number:05d}"

    def row(self, number):
        """Reference, family name, given name, sex, day of birth, passport."""
        year, month, day = self.birth(number).split("-")
        return (
            self.reference(number), self.family[number % 7], self.given[number % 8],
            "МЖ"[number % 2], f"{day}.{month}.{year}", f"N{number:07d}",
        )  # fmt: skip


COUNT = 90
WIDTHS = (8, 14, 12, 1, 11, 8)
LAYOUT = """Layout of the export
raqam 1 8
насаб 9 14
nam 23 12
jins 35 1
туған_күні 36 11
pasport_no 47 8
"""
HEADER = ("ID", "ФАМИЛИЯ", "ИМЯ", "П", "РОЖДЕНИЕ", "ПАСПОРТ")


def write_people(folder, kind):
    """Write persons in one form into a folder."""
    return _WRITERS[kind](folder)


def _write_xml(folder):
    people = People(folder / "people.xml")
    parts = ['<?xml version="1.0"?><export xmlns="urn:x"><made>2026</made><people>']
    for number in range(COUNT):
        reference, family, given, sex, born, passport = people.row(number)
        phones = "".join(f"<phone>+7701{number:05d}0{n}</phone>" for n in range(number % 3))
        parts.append(
            f'<person id="{reference}"><name><family>{family}</family><given>{given}</given></name>'
            f"<sex>{sex}</sex><born>{born}</born><passport>{passport}</passport>{phones}</person>"
        )
    people.path.write_text("".join([*parts, "</people></export>"]), encoding="utf-8")
    return people


def _write_lines(folder):
    people = People(folder / "people.jsonl")
    with people.path.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            reference, family, given, sex, born, passport = people.row(number)
            phones = [f"+7701{number:05d}0{n}" for n in range(number % 3)]
            item = {"id": reference, "name": {"family": family, "given": given}, "sex": sex}
            papers = [{"passport_no": passport}]
            file.write(
                json.dumps({**item, "born": born, "phones": phones, "documents": papers}) + "\n"
            )
    return people


def _write_delimited(folder):
    people = People(folder / "people.txt", "koi8-r")
    lines = [";".join((*HEADER[:4], "ДАТА РОЖДЕНИЯ", "ПАСПОРТ"))]
    lines += [";".join(people.row(number)) for number in range(COUNT)]
    people.path.write_text("\n".join(lines) + "\n", encoding="koi8-r")
    return people


def _fix(row):
    return "".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True)).rstrip()


def _write_fixed(folder, head=(), codepage="cp1251", people=None):
    people = people or People(folder / "people.dat", codepage)
    lines = [*head, *(_fix(people.row(number)) for number in range(COUNT))]
    people.path.write_text("\r\n".join(lines) + "\r\n", encoding=codepage, newline="")
    return people


def _write_header(folder):
    header = ("ID", "ФАМИЛИЯ", "ИМЯ", "", "РОЖДЁН", "ПАСПОРТ")
    return _write_fixed(folder, [_fix(header)], "cp866", People(folder / "people.dat", "cp866"))


def _write_layout(folder):
    (folder / "people.layout").write_text(LAYOUT, encoding="utf-8")
    return _write_fixed(folder)


def _write_persian(folder):
    people = _WithoutSex(folder / "afrad.txt", "cp1256", given=PERSIAN_GIVEN, family=PERSIAN_FAMILY)
    return _write_fixed(folder, (), "cp1256", people)


class _WithoutSex(People):
    def row(self, number):
        reference, family, given, _, born, passport = super().row(number)
        return (reference, family, given, "12"[number % 2], born, passport)


_WRITERS = {
    "xml": _write_xml,
    "jsonl": _write_lines,
    "csv": _write_delimited,
    "fixed": _write_fixed,
    "header": _write_header,
    "layout": _write_layout,
    "persian": _write_persian,
}
