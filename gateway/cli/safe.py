"""Text of banks is data, never instructions to a terminal: make it harmless before it is shown.

A record may hold anything: escape sequences that repaint the screen, characters that turn the
direction of a line so that a name reads otherwise, line breaks that forge another row. Such
characters are shown by their code. A name from right to left is put into an isolate, so that it
does not drag the rest of its line along.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and Indic spelling needs them; they draw nothing and move nothing."""
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_ISOLATE: Final = "\u2068"
_END_ISOLATE: Final = "\u2069"


def show(text: str, *, isolate: bool = True) -> str:
    """Return text that is safe on one line of a terminal.

    Args:
        text: Whatever came.
        isolate: Whether text with letters from right to left gets a Unicode isolate (UAX 9).
    """
    shown = text if text.isprintable() else "".join(map(_show_character, text))
    if isolate and any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in shown):
        return f"{_ISOLATE}{shown}{_END_ISOLATE}"
    return shown


def _show_character(character: str) -> str:
    if character in _JOINERS or not _is_hidden(character):
        return character
    return f"<U+{ord(character):04X}>"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def write_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return JSON on one line that is safe on a terminal and parses to the same value."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return text if text.isprintable() else "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    # json.dumps has escaped what is below U+0020; the rest can stand inside a string only.
    if not _is_hidden(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
