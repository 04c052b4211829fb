"""Lines of TOML, with the reason of a guess beside what was guessed."""

from __future__ import annotations

import json
from collections.abc import Sequence

__all__ = ["Block", "quote"]


def quote(text: str) -> str:
    """Write a text as TOML does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


class Block:
    """One block of the mapping.

    Args:
        header: Such as `[[field]]`.
    """

    def __init__(self, header: str) -> None:
        self.lines: list[str] = [header]

    def put(self, key: str, value: str | Sequence[str], why: str = "") -> Block:
        """Add a key; `why` marks it as a guess."""
        text = quote(value) if isinstance(value, str) else f"[{', '.join(map(quote, value))}]"
        return self.raw(key, text, why)

    def raw(self, key: str, text: str, why: str = "") -> Block:
        """Add a key whose value is TOML already."""
        self.lines.append(f"{key} = {text}" + (f"  # guess: {why}" if why else ""))
        return self

    def note(self, text: str) -> Block:
        """Add a comment."""
        self.lines.append(f"# {text}")
        return self
