"""The reference of a record, made of the columns of its key, and parted again into their values.

One column is the reference as it stands. Several are joined by a hyphen; a hyphen inside a part
is written `~-` and a tilde `~~`, so that no two keys give one reference and each reference is
parted in one way. Blanks that fill up a column at its end are left out; those at its beginning are
of the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.mapping.scalars import Scalar, read_text

__all__ = ["MAX_PARTS", "MAX_REFERENCE", "RecordKey", "name_slots", "spread"]

MAX_REFERENCE: Final = 100
"""Characters of a reference."""

MAX_PARTS: Final = 6
"""Columns of a key."""

_PART: Final = "((?:[^~-]|~[~-])+)"
_SPECIAL: Final = re.compile("[~-]")
_ESCAPED: Final = re.compile("~([~-])")


class RecordKey:
    """The key of one mapping.

    Args:
        columns: Its columns as the mapping writes them.
    """

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns: Final = columns
        self.name: Final = ", ".join(columns)
        """What it is called where values are counted."""
        self._only = columns[0] if len(columns) == 1 else None
        self._pattern = re.compile("-".join([_PART] * len(columns)), re.DOTALL)

    def write(self, row: Mapping[str, Scalar]) -> str:
        """Return the reference of a row, of any length; empty where a part has no value."""
        try:
            if self._only is not None:
                return _read_part(row.get(self._only))
            parts = [_read_part(row.get(column)) for column in self.columns]
        except ValueError:
            return ""
        return "-".join(_SPECIAL.sub(r"~\g<0>", part) for part in parts) if all(parts) else ""

    def split(self, reference: str) -> tuple[str, ...]:
        """Return the text of each column; none where the reference is not of this form."""
        if self._only is not None:
            return (reference,)
        if len(reference) > MAX_REFERENCE:
            return ()
        found = self._pattern.fullmatch(reference)
        return tuple(_ESCAPED.sub(r"\1", part) for part in found.groups()) if found else ()

    def read(self, row: Mapping[str, Scalar]) -> tuple[Scalar, ...]:
        """Return the values of a row as the bank gave them."""
        return tuple([row[column] for column in self.columns])


def _read_part(value: Scalar) -> str:
    return value.rstrip() if isinstance(value, str) else read_text(value)


def name_slots(name: str, count: int) -> tuple[str, ...]:
    """Return what the lists of the values of each column are called in a statement."""
    return tuple(name + letter for letter in ("", *"bcdefghij")[:count])


def spread(name: str, values: Sequence[tuple[Scalar, ...]]) -> dict[str, Sequence[Scalar]]:
    """Return the lists of the values of each column; there is one value for each at least."""
    return dict(zip(name_slots(name, len(values[0])), zip(*values, strict=True), strict=True))
