"""Take apart a column in which a bank packed several values as free text.

`DOB 12 Jan 1965; Passport A123 (Iran)` becomes rows of child tables, one for each match of a
pattern, so that the rest of the mapping speaks of tables and columns as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.contract import BankFaultError, MappingError

__all__ = ["TEXT_LIMIT", "compile_pattern", "split_text"]

TEXT_LIMIT: Final = 20_000
"""Characters that a pattern is tried on at most: a bad pattern takes time that grows with them."""


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a declared pattern.

    Raises:
        MappingError: It is no regular expression, or has no named group.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as exc:
        raise MappingError(f"pattern: no regular expression at character {exc.pos}") from exc
    if not compiled.groupindex:
        raise MappingError("pattern: name what it takes, such as (?P<value>[0-9]+)")
    return compiled


def split_text(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str | None, ...]]:
    """Yield the named groups of every match, in the order of the pattern.

    Raises:
        BankFaultError: The text is longer than `TEXT_LIMIT`.
    """
    if len(text) > TEXT_LIMIT:
        raise BankFaultError(f"a text to be split is longer than {TEXT_LIMIT} characters")
    for match in pattern.finditer(text):
        yield tuple((match.group(name) or "").strip() or None for name in pattern.groupindex)
