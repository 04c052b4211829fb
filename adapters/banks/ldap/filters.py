"""Write LDAP filters in which no value can be anything but a value.

RFC 4515 asks to escape five characters. Here each octet that is no ASCII letter or digit is
escaped, so that neither a character of a filter nor the driver's own reading of one can be met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["all_of", "any_of", "is_attribute", "is_value", "missing"]

_ATTRIBUTE: Final = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*", re.ASCII
)
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


def is_attribute(name: str) -> bool:
    """Tell whether this is how an attribute is written: a name or an OID, with options."""
    return _ATTRIBUTE.fullmatch(name) is not None


def is_value(text: str) -> bool:
    """Tell whether an attribute can have this value: no NUL, no half of a surrogate pair."""
    if not text or "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def any_of(attribute: str, values: Iterable[str]) -> str:
    """Write that an attribute has one of these values; each must be one by `is_value`."""
    parts = [f"({attribute}={_escape(value)})" for value in values]
    return parts[0] if len(parts) == 1 else f"(|{''.join(parts)})"


def missing(attribute: str) -> str:
    """Write that an entry does not have an attribute."""
    return f"(!({attribute}=*))"


def all_of(*filters: str) -> str:
    """Write that all filters hold."""
    return f"(&{''.join(filters)})"


def _escape(value: str) -> str:
    return "".join(chr(b) if b in _PLAIN else f"\\{b:02x}" for b in value.encode())
