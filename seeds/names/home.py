"""Spell a foreign name as a country spells it when the country has that name itself.

A clerk in Dhaka does not transliterate "Rahman"; he knows how it is written.
"""

from collections.abc import Mapping
from types import MappingProxyType

from seeds.names.model import NameLists


def read_home_spellings(lists: NameLists) -> Mapping[str, str]:
    """Return the local form for each lower-case passport form; the first in the lists wins."""
    known: dict[str, str] = {}
    for part in (*lists.male, *lists.female, *lists.family):
        known.setdefault(part.latin.lower(), part.local)
    return MappingProxyType(known)
