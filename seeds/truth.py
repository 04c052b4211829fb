"""Write down the truth about the planted subjects: who is known where, and as what.

``truth.json`` belongs to the default seed. Tests and benches look up in it what a search should
have found.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any

from seeds.banks.registry import find_bank
from seeds.entry import Entry, Loss, Vehicle
from seeds.planted import Sighting, Subject, list_papers, make_subjects
from seeds.writing import PENS

DEFAULT_SEED = 1
TRUTH = Path(__file__).with_name("truth.json")

_SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "BENGALI": "Beng", "GEORGIAN": "Geor",
    "DEVANAGARI": "Deva", "SINHALA": "Sinh", "TAMIL": "Taml", "THAANA": "Thaa",
}  # fmt: skip
_SEXES = {"M": "male", "F": "female"}


def describe_truth(seed: int) -> str:
    """Return the truth about a seed's planted subjects as JSON text, one subject a line."""
    subjects = (describe_subject(subject) for subject in make_subjects(seed))
    lines = ",\n".join(json.dumps(words, ensure_ascii=False) for words in subjects)
    return f'{{"seed": {seed}, "subjects": [\n{lines}\n]}}\n'


def describe_subject(subject: Subject) -> dict[str, Any]:
    """Return what is true of one subject, and what each bank holds of it."""
    person = subject.person
    return {
        "id": subject.id,
        "sex": _SEXES[person.name.sex],
        "birth": person.birth.isoformat(),
        "origin": person.name.origin,
        "latin": person.name.latin(),
        "own": person.name.local(),
        "cyrillic": PENS["RU"].write(person.name).text,
        "persian": PENS["IRN"].write(person.name).text,
        "alias": subject.alias.latin() if subject.alias else "",
        "nature": subject.nature.value,
        "warnings": [warning.value for warning in subject.warnings],
        "documents": [paper.whole for paper in person.papers],
        "phone": person.phone,
        "records": [_describe_record(sighting) for sighting in subject.sightings],
    }


def _describe_record(sighting: Sighting) -> dict[str, Any]:
    record = sighting.record
    words: dict[str, Any] = {
        "bank": sighting.bank,
        "reference": find_reference(sighting),
        "kind": record.kind.value,
        "documents": [paper.whole for paper in list_papers(record)],
    }
    if isinstance(record, Entry):
        name = find_bank(sighting.bank).show(record)
        words |= {"script": find_script(name), "name": name, "birth": record.birth.iso}
        words |= {"by_alias": True} if sighting.by_alias else {}
    if isinstance(record, Vehicle) or (isinstance(record, Entry) and record.plate):
        words["plate"] = record.plate
    return words


def find_reference(sighting: Sighting) -> str:
    """Return the reference of a record as its bank writes it."""
    record = sighting.record
    return f"{record.reference:08d}" if isinstance(record, Loss) else record.reference


def find_script(text: str) -> str:
    """Return the script of a text by its first letter, ISO 15924."""
    letter = next(sign for sign in text if sign.isalpha())
    return _SCRIPTS[unicodedata.name(letter).split()[0]]
