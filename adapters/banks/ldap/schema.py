"""Hold a mapping against a directory: does it know every attribute that the mapping names?

A directory does not complain about an attribute that it does not know: a filter with one finds
nothing, which would look like a search without a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.contract import MappingError
from adapters.mapping.check import suggest
from adapters.mapping.locate import Fault, Location
from adapters.mapping.model import Mapping

__all__ = ["read_names", "require_attributes"]

_TYPE: Final = re.compile(r"\(\s*(?P<oid>[\w.-]+)(?P<rest>.*)", re.DOTALL)
_NAMES: Final = re.compile(r"\bNAME\s+(?:'(?P<one>[^']*)'|\((?P<many>[^)]*)\))")


def read_names(types: Iterable[bytes]) -> dict[str, str]:
    """Read the names of attributes, and their OIDs, from definitions of them (RFC 4512, 4.1.2).

    Returns:
        The names as they are written, by the names in small letters.
    """
    return {
        name.lower(): name for told in types for name in _names_of(told.decode("utf-8", "replace"))
    }


def _names_of(told: str) -> Iterator[str]:
    found = _TYPE.match(told)
    if found is None:
        return
    yield found["oid"]
    names = _NAMES.search(found["rest"])
    if names is not None:
        yield from [names["one"]] if names["one"] else re.findall(r"'([^']*)'", names["many"] or "")


def require_attributes(mapping: Mapping, attributes: Iterable[str], known: dict[str, str]) -> None:
    """Require that a directory knows attributes; options behind a semicolon do not matter.

    Raises:
        MappingError: It does not know one; the text says which may be meant.
    """
    faults: list[Fault] = []
    places = _find_places(mapping)
    for attribute in attributes:
        name = attribute.partition(";")[0]
        if name.lower() not in known:
            hint = suggest(name, sorted(set(known.values())))
            told = f"the directory knows no attribute {name!r}{hint}"
            faults.append((places.get(attribute, ("ldap",)), told))
    if faults:
        raise MappingError(mapping.origin().report(faults))


def _find_places(mapping: Mapping) -> dict[str, Location]:
    """Return where the mapping names each attribute first."""
    places: dict[str, Location] = {}
    for use in mapping.columns():
        places.setdefault(use.column, use.place)
    for number, child in enumerate(mapping.children):
        key = "path" if child.path else "table"
        places.setdefault(child.path or child.table, ("many", number, key))
    return places
