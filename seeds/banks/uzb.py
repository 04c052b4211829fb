"""Uzbekistan: an XML export; Latin and Cyrillic, and oʻ and gʻ with several apostrophes.

Keyboards have other signs than the rules ask for, so the apostrophe changes from entry to entry.
"""

from collections.abc import Iterable
from pathlib import Path

from adapters.contract import DocumentKind
from seeds.banks.bank import Bank, code_kinds, code_sex, code_warnings, cut_date, gregorian
from seeds.banks.markup import mark_element, mark_text, mark_values
from seeds.countries import NUMERIC
from seeds.entry import Entry, Paper, Written

KINDS = code_kinds("qidiruvda", "terrorizm", "bedarak", "uyushgan", "kuzatuv", "hisobda")
SEXES = code_sex("erkak", "ayol")
WARNINGS = code_warnings("qurolli", "zoʻravon", "qochish", "portlovchi", "oʻz joniga qasd")
PAPERS = {DocumentKind.PASSPORT: "pasport", DocumentKind.IDENTITY_CARD: "ID-karta"}

_APOSTROPHES = ("ʻ", "'", "’", "`", "‘")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_xml(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the export, one entry a line."""
    with (folder / "shaxslar.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD + '<royxat davlat="UZB">\n')
        file.writelines(f"{_mark_entry(entry)}\n" for entry in entries)
        file.write("</royxat>\n")


def vary_apostrophes(text: str, reference: str) -> str:
    """Put the apostrophe of the clerk's keyboard in the place of the right one."""
    return text.replace("ʻ", _APOSTROPHES[int(reference[-2:]) % len(_APOSTROPHES)])


def show_name(entry: Entry) -> str:
    """Return the Latin name with the apostrophe that the clerk typed."""
    return vary_apostrophes(entry.name.surname_first, entry.reference)


def _mark_entry(entry: Entry) -> str:
    names = [_mark_name("lotin", entry.name, entry.reference)]
    if entry.second is not None:
        names.append(_mark_name("kirill", entry.second, entry.reference))
    aliases = (vary_apostrophes(alias.surname_first, entry.reference) for alias in entry.aliases)
    inner = (
        *names,
        mark_values(_list_values(entry)),
        *(_mark_paper(paper) for paper in entry.papers),
        *(mark_text("taxallus", alias) for alias in aliases),
    )
    return mark_element("shaxs", inner, {"raqam": entry.reference, "sabab": KINDS[entry.kind]})


def _mark_paper(paper: Paper) -> str:
    kind, issuer = PAPERS[paper.kind], NUMERIC[paper.issuer]
    words = {"turi": kind, "seriya": paper.series, "raqam": paper.number, "davlat": issuer}
    return mark_element("hujjat", (), words)


def _list_values(entry: Entry) -> dict[str, str]:
    return {
        "jinsi": SEXES[entry.sex],
        "tugilgan": cut_date(entry.birth, gregorian(entry.birth.date), "YYYY-MM-DD"),
        "joyi": vary_apostrophes(entry.place, entry.reference),
        "fuqaroligi": NUMERIC[entry.nationality],
        "jshshir": entry.number,
        "telefon": entry.phone,
        "xavf": ";".join(WARNINGS[warning] for warning in entry.warnings),
        "yangilangan": entry.entered.isoformat(),
    }


def _mark_name(script: str, name: Written, reference: str) -> str:
    parts = {"f": name.family, "i": name.given, "o": name.patronymic}
    varied = {tag: vary_apostrophes(text, reference) for tag, text in parts.items()}
    return mark_element(script, [mark_values(varied)])


BANKS = (Bank("UZB", "persons", "UZ", "UZB", write_files=write_xml, show=show_name),)
