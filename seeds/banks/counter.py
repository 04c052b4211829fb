"""International counter-terrorism: a synthetic list in the shape of the United Nations' XML.

The mapping reads the real consolidated list as well, which can be put in the place of this one.
Source of the shape: the consolidated list of the Security Council, sc-sanctions.xsd.
"""

from collections.abc import Iterable
from pathlib import Path

from adapters.contract import DocumentKind, RecordKind
from seeds.banks.bank import Bank, code_sex
from seeds.banks.markup import mark_element, mark_values
from seeds.countries import spell_english
from seeds.entry import Birth, Entry, Paper, Written

SEXES = code_sex("Male", "Female")
PAPERS = {
    DocumentKind.PASSPORT: "Passport",
    DocumentKind.IDENTITY_CARD: "National Identification Number",
}
FILE = "consolidated.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def write_list(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the list, one individual a line."""
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD + '<CONSOLIDATED_LIST dateGenerated="2026-10-31T00:00:00Z">')
        file.write("<INDIVIDUALS>\n")
        file.writelines(f"{_mark_individual(entry)}\n" for entry in entries)
        file.write("</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>\n")


def show_name(entry: Entry) -> str:
    """Return the name in capital letters, in the list's order."""
    return " ".join(list_names(entry.name))


def list_names(name: Written) -> tuple[str, ...]:
    """Return the names in capital letters, as the list numbers them: at most four."""
    parts = (name.given, name.patronymic, name.family)
    return tuple(part.upper() for part in parts if part)


def _mark_individual(entry: Entry) -> str:
    inner = (
        mark_values(_describe(entry)),
        _mark_child("NATIONALITY", {"VALUE": spell_english(entry.nationality)}),
        *(_mark_child("INDIVIDUAL_ALIAS", _describe_alias(alias)) for alias in entry.aliases),
        _mark_child("INDIVIDUAL_DATE_OF_BIRTH", _describe_birth(entry.birth)),
        _mark_child("INDIVIDUAL_PLACE_OF_BIRTH", {"CITY": entry.place}),
        *(_mark_child("INDIVIDUAL_DOCUMENT", _describe_paper(paper)) for paper in entry.papers),
    )
    return mark_element("INDIVIDUAL", inner)


def _mark_child(tag: str, values: dict[str, str]) -> str:
    return mark_element(tag, [mark_values(values)])


def _describe(entry: Entry) -> dict[str, str]:
    return {
        "DATAID": "69" + entry.reference[-7:],
        "VERSIONNUM": "1",
        **dict(zip(_PARTS, list_names(entry.name), strict=False)),
        "REFERENCE_NUMBER": entry.reference,
        "LISTED_ON": entry.entered.isoformat(),
        "GENDER": SEXES[entry.sex],
        "NAME_ORIGINAL_SCRIPT": entry.second.text if entry.second else "",
    }


def _describe_alias(alias: Written) -> dict[str, str]:
    return {"QUALITY": "Good", "ALIAS_NAME": " ".join(list_names(alias))}


def _describe_paper(paper: Paper) -> dict[str, str]:
    return {
        "TYPE_OF_DOCUMENT": PAPERS[paper.kind],
        "NUMBER": paper.whole,
        "ISSUING_COUNTRY": spell_english(paper.issuer),
    }


def _describe_birth(birth: Birth) -> dict[str, str]:
    year = birth.date.year
    if birth.known == "day":
        return {"TYPE_OF_DATE": "EXACT", "DATE": birth.date.isoformat()}
    if birth.known == "month":
        return {"TYPE_OF_DATE": "APPROXIMATELY", "YEAR": str(year)}
    years = {"FROM_YEAR": str(year - 1), "TO_YEAR": str(year + 1)}
    return {"TYPE_OF_DATE": "BETWEEN"} | years


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
