"""The code tables of a draft: each value that was seen, with the word of ours that it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.drafting.content import SEXES
from adapters.drafting.lines import Block, quote
from adapters.mapping.countries import BY_NUMBER, BY_TWO_LETTERS

__all__ = ["CodeTables"]

_MOST: Final = 300
_NAMES: Final = {"sex": "sexes", "nationality": "countries", "document kind": "document_kinds"}
_KINDS: Final = {
    "passport": ("pass", "пасп", "پاسپورت", "p", "п", "गाहदानी", "საერთ", "pasport"),
    "identity_card": ("id", "card", "kart", "kimlik", "удост", "kualik", "жеке", "nid", "i"),
    "visa": ("visa", "виза", "viza", "v"),
    "residence_permit": ("resid", "вид на", "permit"),
    "driving_licence": ("driv", "водит", "ehliyet", "licen"),
}
"""How the words for a kind of document begin; a single letter is the whole word."""


class CodeTables:
    """Collects the code tables that the blocks of a draft need."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, tuple[str, str]]] = {}

    def add(self, meaning: str, texts: Sequence[str]) -> str | None:
        """Name the values of a column.

        Returns:
            The name of the code table; empty where the column holds our own words; None where
            nothing can be made of the values.
        """
        values = sorted(set(texts))[:_MOST]
        named = {value: _name(meaning, value) for value in values}
        if all(word and value == word for value, word in named.items()):
            return ""
        if meaning == "nationality" and 2 * sum(map(bool, named.values())) < len(named):
            return None
        name = _NAMES[meaning]
        table = self._tables.setdefault(name, {})
        for value, word in named.items():
            table[value] = (word or _ELSE[meaning], "" if word else "nothing tells what it is")
        return name

    def add_kinds(self, texts: Sequence[str]) -> str:
        """Name the reasons of records; only the bank knows what they are."""
        why = "write one of our kinds of records"
        self._tables["kinds"] = dict.fromkeys(sorted(set(texts))[:_MOST], ("registered", why))
        return "kinds"

    def blocks(self) -> Iterator[Block]:
        """Yield the `[codes.name]` blocks."""
        for name, table in self._tables.items():
            block = Block(f"[codes.{name}]")
            for value, (word, why) in table.items():
                if word:
                    block.put(quote(value), word, why)
                else:
                    block.note(f'{quote(value)} = ""  # EDIT: nothing tells which country it is')
            yield block


_ELSE: Final = {"sex": "other", "document kind": "other", "nationality": ""}


def _name(meaning: str, value: str) -> str:
    """Return our word for a value; empty where none is near."""
    plain = value.casefold()
    if meaning == "sex":
        return SEXES.get(plain, "")
    if meaning == "nationality":
        upper = value.upper()
        if upper in _THREE:
            return upper
        return BY_TWO_LETTERS.get(plain, "") or BY_NUMBER.get(plain.zfill(3), "")
    for kind, beginnings in _KINDS.items():
        if any(plain == b or (len(b) > 1 and plain.startswith(b)) for b in beginnings):
            return kind
    return ""


_THREE: Final = frozenset(BY_TWO_LETTERS.values())
