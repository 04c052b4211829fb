"""What a directory says of its attributes and object classes (RFC 4512, 4.1.1 and 4.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Attribute", "ObjectClass", "read_attributes", "read_classes"]

_NAME: Final = re.compile(r"\bNAME\s+(?:'(?P<one>[^']*)'|\((?P<many>[^)]*)\))")
_SUP: Final = re.compile(r"\bSUP\s+(?:(?P<one>[\w.-]+)|\((?P<many>[^)]*)\))")
_SYNTAX: Final = re.compile(r"\bSYNTAX\s+([\d.]+)")
_OPAQUE: Final = frozenset(f"1.3.6.1.4.1.1466.115.121.1.{end}" for end in (5, 8, 23, 28, 40))
"""Syntaxes of bytes: binary, certificate, fax, JPEG, octet string."""
_SECRET: Final = frozenset(("userpassword", "objectclass"))


@dataclass(frozen=True, slots=True)
class Attribute:
    """One type of attribute.

    Attributes:
        names: Its names, as they are written.
        readable: Whether its values are texts that anybody may look at.
    """

    names: tuple[str, ...]
    readable: bool = True


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """One object class: its names, and those of the classes above it."""

    names: tuple[str, ...]
    above: tuple[str, ...] = ()


def read_attributes(told: Iterable[bytes]) -> dict[str, Attribute]:
    """Read attribute types, by each of their names in small letters."""
    found: dict[str, Attribute] = {}
    syntaxes: dict[str, str] = {}
    for text in _texts(told):
        names = _list(_NAME, text)
        above = next(iter(_list(_SUP, text)), "").lower()
        given = _SYNTAX.search(text)
        syntax = given[1] if given else syntaxes.get(above, "")
        readable = syntax not in _OPAQUE and not _SECRET.intersection(map(str.lower, names))
        for name in names:
            syntaxes[name.lower()] = syntax
            found[name.lower()] = Attribute(names, readable)
    return found


def read_classes(told: Iterable[bytes]) -> dict[str, ObjectClass]:
    """Read object classes, by each of their names in small letters."""
    found: dict[str, ObjectClass] = {}
    for text in _texts(told):
        names = _list(_NAME, text)
        made = ObjectClass(names, _list(_SUP, text))
        found |= {name.lower(): made for name in names}
    return found


def _texts(told: Iterable[bytes]) -> Iterator[str]:
    return (text.decode("utf-8", "replace") for text in told)


def _list(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.search(text)
    if found is None:
        return ()
    return (found["one"],) if found["one"] else tuple(re.findall(r"[\w.-]+", found["many"] or ""))
