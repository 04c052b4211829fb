"""Write a name as the clerks of a bank do.

Their own people keep the spelling of their papers. A foreigner comes with a passport in Latin
letters, and the clerk spells what is read there in the bank's script, by the habits of the country.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from types import MappingProxyType

from seeds.entry import Written
from seeds.names import arabic, cyrillic, georgian, indic, latin, thaana, uzb
from seeds.names.model import FullName, Part

Spell = Callable[[str, str], str]
"""Spells a passport name: Latin text and the member it comes from (ISO alpha-3)."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Tell how a bank writes names.

    ``home`` is the member whose own spelling is kept. ``second`` writes the bank's second script
    and is None where the bank has one script only.
    """

    script: str
    spell: Spell
    home: str = ""
    second: Callable[[FullName], Written] | None = None

    def write(self, name: FullName) -> Written:
        """Write a name in the bank's first script."""
        if name.origin == self.home:
            return _write(name, name.script, lambda part: part.local or self._spell(part, name))
        return _write(name, self.script, lambda part: self._spell(part, name))

    def write_second(self, name: FullName) -> Written | None:
        """Write a name in the bank's second script, or return None."""
        return self.second(name) if self.second else None

    def spell_place(self, place: Part, member: str) -> str:
        """Write a place of a member."""
        return place.local if member == self.home else _cached(self.spell, place.latin, member)

    def _spell(self, part: Part, name: FullName) -> str:
        return _cached(self.spell, part.latin, name.origin)


@lru_cache(maxsize=100_000)
def _cached(spell: Spell, text: str, origin: str) -> str:
    return spell(text, origin)


def _write(name: FullName, script: str, form: Callable[[Part], str]) -> Written:
    parts = (name.given, name.family, name.patronymic, name.father)
    given, family, patronymic, father = ("" if part is None else form(part) for part in parts)
    return Written(given, family, patronymic, father, script)


def write_latin(name: FullName) -> Written:
    """Write a name as the passport has it."""
    return _write(name, "Latn", lambda part: part.latin)


def write_own(name: FullName) -> Written:
    """Write a name in the script of its bearer's country."""
    return _write(name, name.script, lambda part: part.local or part.latin)


def _write_uzbek_cyrillic(name: FullName) -> Written:
    uzbek = PENS["UZB"].write(name)
    parts = (uzbek.given, uzbek.family, uzbek.patronymic, uzbek.father)
    given, family, patronymic, father = (_to_cyrillic(part) for part in parts)
    return Written(given, family, patronymic, father, "Cyrl")


def _to_cyrillic(text: str) -> str:
    return uzb.to_cyrillic(text) if text else ""


def _keep(text: str, origin: str) -> str:
    del origin
    return text


PENS: Mapping[str, Pen] = MappingProxyType(
    {
        "AFG": Pen("Arab", arabic.to_dari, "AFG"),
        "AZE": Pen("Latn", latin.to_azerbaijani, "AZE"),
        "BGD": Pen("Beng", indic.to_bengali, "BGD", write_latin),
        "GEO": Pen("Geor", georgian.to_georgian, "GEO"),
        "IND": Pen("Deva", indic.to_devanagari, "IND", write_latin),
        "IRN": Pen("Arab", arabic.to_persian, "IRN"),
        "KAZ": Pen("Cyrl", cyrillic.to_kazakh, "KAZ", write_latin),
        "KGZ": Pen("Cyrl", cyrillic.to_kyrgyz, "KGZ"),
        "LKA": Pen("Sinh", indic.to_sinhala, "LKA"),
        "MDV": Pen("Thaa", thaana.to_thaana, "MDV"),
        "NPL": Pen("Deva", indic.to_devanagari, "NPL"),
        "PAK": Pen("Arab", arabic.to_urdu, "PAK", write_latin),
        "TJK": Pen("Cyrl", cyrillic.to_tajik, "TJK"),
        "TUR": Pen("Latn", latin.to_turkish, "TUR"),
        "UZB": Pen("Latn", latin.to_uzbek, "UZB", _write_uzbek_cyrillic),
        "RU": Pen("Cyrl", cyrillic.to_russian, "", write_latin),
        "EN": Pen("Latn", _keep),
        "UN": Pen("Latn", _keep, "", write_own),
    }
)
"""How each member's banks write; RU, EN and UN are the pens of the organisations."""


def misspell(name: FullName, rng: Random) -> FullName:
    """Return the name with the given or the family name misspelt, as a second passport has it."""
    if name.family is not None and rng.random() < 0.5:  # noqa: PLR2004 - either part
        return replace(name, family=_misspell(name.family, rng))
    return replace(name, given=_misspell(name.given, rng))


def _misspell(part: Part, rng: Random) -> Part:
    return Part(local="", latin=latin.misspell(part.latin, rng))
