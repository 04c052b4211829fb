"""Uzbekistan: an XML export; Latin and Cyrillic, and oʻ and gʻ with several apostrophes.

Keyboards have other signs than the rules ask for, so the apostrophe changes from entry to entry.
"""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import XMLGenerator

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date, gregorian
from seeds.countries import NUMERIC
from seeds.entry import Entry, Written

KINDS = code_kinds("qidiruvda", "terrorizm", "bedarak", "uyushgan", "kuzatuv", "hisobda")
SEXES = code_sex("erkak", "ayol")
WARNINGS = code_warnings("qurolli", "zoʻravon", "qochish", "portlovchi", "oʻz joniga qasd")
PAPERS = {DocumentKind.PASSPORT: "pasport", DocumentKind.IDENTITY_CARD: "ID-karta"}

_APOSTROPHES = ("ʻ", "'", "’", "`", "‘")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_xml(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the export, one element a line."""
    with (folder / "shaxslar.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD + '<royxat davlat="UZB">\n')
        writer = XMLGenerator(file, encoding="UTF-8", short_empty_elements=True)
        for entry in entries:
            _write_entry(writer, entry)
            file.write("\n")
        file.write("</royxat>\n")


def vary_apostrophes(text: str, reference: str) -> str:
    """Put the apostrophe of the clerk's keyboard in the place of the right one."""
    return text.replace("ʻ", _APOSTROPHES[int(reference[-2:]) % len(_APOSTROPHES)])


def show_name(entry: Entry) -> str:
    """Return the Latin name with the apostrophe that the clerk typed."""
    return vary_apostrophes(entry.name.surname_first, entry.reference)


def _write_entry(writer: XMLGenerator, entry: Entry) -> None:
    writer.startElement("shaxs", {"raqam": entry.reference, "sabab": KINDS[entry.kind]})
    _write_name(writer, "lotin", entry.name, entry.reference)
    if entry.second is not None:
        _write_name(writer, "kirill", entry.second, entry.reference)
    for tag, text in _list_values(entry):
        _write_text(writer, tag, text)
    for paper in entry.papers:
        kind, issuer = PAPERS[paper.kind], NUMERIC[paper.issuer]
        words = {"turi": kind, "seriya": paper.series, "raqam": paper.number, "davlat": issuer}
        writer.startElement("hujjat", {key: value for key, value in words.items() if value})
        writer.endElement("hujjat")
    for alias in entry.aliases:
        _write_text(writer, "taxallus", vary_apostrophes(alias.surname_first, entry.reference))
    writer.endElement("shaxs")


def _list_values(entry: Entry) -> tuple[tuple[str, str], ...]:
    return (
        ("jinsi", SEXES[entry.sex]),
        ("tugilgan", cut_date(entry.birth, gregorian(entry.birth.date), "YYYY-MM-DD")),
        ("joyi", vary_apostrophes(entry.place, entry.reference)),
        ("fuqaroligi", NUMERIC[entry.nationality]),
        ("jshshir", entry.number),
        ("telefon", entry.phone),
        ("xavf", ";".join(WARNINGS[warning] for warning in entry.warnings)),
        ("yangilangan", entry.entered.isoformat()),
    )


def _write_name(writer: XMLGenerator, script: str, name: Written, reference: str) -> None:
    writer.startElement(script, {})
    for tag, text in (("f", name.family), ("i", name.given), ("o", name.patronymic)):
        _write_text(writer, tag, vary_apostrophes(text, reference))
    writer.endElement(script)


def _write_text(writer: XMLGenerator, tag: str, text: str) -> None:
    if text:
        writer.startElement(tag, {})
        writer.characters(text)
        writer.endElement(tag)


BANKS = (Bank("UZB", "persons", "UZ", "UZB", write_files=write_xml, show=show_name),)
