"""International counter-terrorism: a synthetic list in the shape of the United Nations' XML.

The mapping reads the real consolidated list as well, which can be put in the place of this one.
Source of the shape: the consolidated list of the Security Council, sc-sanctions.xsd.
"""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import XMLGenerator

from adapters.contract import DocumentKind, RecordKind
from seeds.banks.bank import Bank, code_sex
from seeds.countries import spell_english
from seeds.entry import Birth, Entry, Written

SEXES = code_sex("Male", "Female")
PAPERS = {
    DocumentKind.PASSPORT: "Passport",
    DocumentKind.IDENTITY_CARD: "National Identification Number",
}
FILE = "consolidated.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def write_list(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the list."""
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD + '<CONSOLIDATED_LIST dateGenerated="2026-10-31T00:00:00Z">')
        file.write("<INDIVIDUALS>\n")
        writer = XMLGenerator(file, encoding="UTF-8", short_empty_elements=True)
        for entry in entries:
            _write_individual(writer, entry)
            file.write("\n")
        file.write("</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n")


def show_name(entry: Entry) -> str:
    """Return the name in capital letters, in the list's order."""
    return " ".join(list_names(entry.name))


def list_names(name: Written) -> tuple[str, ...]:
    """Return the names in capital letters, as the list numbers them: at most four."""
    parts = (name.given, name.patronymic, name.family)
    return tuple(part.upper() for part in parts if part)


def _write_individual(writer: XMLGenerator, entry: Entry) -> None:
    writer.startElement("INDIVIDUAL", {})
    _write_values(writer, {"DATAID": "69" + entry.reference[-7:], "VERSIONNUM": "1"})
    _write_values(writer, dict(zip(_PARTS, list_names(entry.name), strict=False)))
    _write_values(
        writer,
        {
            "REFERENCE_NUMBER": entry.reference,
            "LISTED_ON": entry.entered.isoformat(),
            "GENDER": SEXES[entry.sex],
            "NAME_ORIGINAL_SCRIPT": entry.second.text if entry.second else "",
        },
    )
    _write_child(writer, "NATIONALITY", {"VALUE": spell_english(entry.nationality)})
    for alias in entry.aliases:
        name = " ".join(list_names(alias))
        _write_child(writer, "INDIVIDUAL_ALIAS", {"QUALITY": "Good", "ALIAS_NAME": name})
    _write_child(writer, "INDIVIDUAL_DATE_OF_BIRTH", _describe_birth(entry.birth))
    _write_child(writer, "INDIVIDUAL_PLACE_OF_BIRTH", {"CITY": entry.place})
    for paper in entry.papers:
        words = {"TYPE_OF_DOCUMENT": PAPERS[paper.kind], "NUMBER": paper.whole}
        issuer = {"ISSUING_COUNTRY": spell_english(paper.issuer)}
        _write_child(writer, "INDIVIDUAL_DOCUMENT", words | issuer)
    writer.endElement("INDIVIDUAL")


def _describe_birth(birth: Birth) -> dict[str, str]:
    year = birth.date.year
    if birth.known == "day":
        return {"TYPE_OF_DATE": "EXACT", "DATE": birth.date.isoformat()}
    if birth.known == "month":
        return {"TYPE_OF_DATE": "APPROXIMATELY", "YEAR": str(year)}
    years = {"FROM_YEAR": str(year - 1), "TO_YEAR": str(year + 1)}
    return {"TYPE_OF_DATE": "BETWEEN"} | years


def _write_child(writer: XMLGenerator, tag: str, values: dict[str, str]) -> None:
    writer.startElement(tag, {})
    _write_values(writer, values)
    writer.endElement(tag)


def _write_values(writer: XMLGenerator, values: dict[str, str]) -> None:
    for tag, text in values.items():
        if text:
            writer.startElement(tag, {})
            writer.characters(text)
            writer.endElement(tag)


BANKS = (
    Bank(
        "RCC",
        "counter",
        "SYi.",
        "UN",
        kinds={RecordKind.SANCTIONED: 1},
        share=0.2,
        write_files=write_list,
        show=show_name,
    ),
)
