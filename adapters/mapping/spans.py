"""Find where each key and each value of a TOML text stands.

`tomllib` reads a mapping and keeps no places. They are taken from tree-sitter's grammar of TOML,
only when there is a fault to tell: what a mapping says is always what `tomllib` read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Location", "Point", "Span", "Spans", "end_of", "find_spans"]

Location = tuple[str | int, ...]
"""The way to a key: ("field", 2, "column") is `column` in the third `[[field]]`."""

Point = tuple[int, int]
"""A line and a column, both from 1; a column is one character, whatever its bytes."""

_TABLES: Final = ("table", "table_array_element")
_UNSAID: Final = frozenset(("comment", "ERROR"))
_FOLD: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\([ \t]+)(?=\r?\n)")
"""A folded line with blanks behind its backslash, which TOML allows and the grammar (0.7) does not.
It is read with the blanks in front: all else stays where it is."""

_PLAIN: Final = re.compile(r"\r\n|.", re.DOTALL)
_ESCAPED: Final = re.compile(
    r"(?P<nothing>\\[ \t]*\r?\n[ \t\r\n]*)|\\u.{4}|\\U.{8}|\\.|\r\n|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text: its bytes from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Where each key and each value of a text stands.

    Attributes:
        data: The text, in UTF-8.
        keys: Each key, where it was written first.
        values: Each value. A table that has a header stands at the header's first bracket, one
            that dotted keys made where its key does.
    """

    data: bytes
    keys: dict[Location, Span] = field(default_factory=dict)
    values: dict[Location, Span] = field(default_factory=dict)

    def point(self, span: Span, inside: int | None = None) -> Point:
        """Return where a span begins, or where a character of a string is.

        Args:
            span: A key or a value.
            inside: A character of what the string says, from 0, escapes read. Where it has
                fewer, the closing quote is meant.
        """
        before = self.data[: span.start].decode()
        if inside is not None:
            written = self.data[span.start : span.end].decode()
            before += written[: _find_character(written, inside)]
        return end_of(before)


def end_of(text: str) -> Point:
    """Return the place right behind a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _find_character(written: str, number: int) -> int:
    """Return where character `number`, from 0, of what a string says is in how it is written."""
    if written[:1] not in {'"', "'"}:
        return 0
    quote = written[:3] if written[:3] in {'"""', "'''"} else written[:1]
    at, end = len(quote), len(written) - len(quote)
    if len(quote) > 1:
        at += len(written[at:]) - len(written[at:].removeprefix("\r").removeprefix("\n"))
    for piece in (_ESCAPED if quote[0] == '"' else _PLAIN).finditer(written, at, end):
        at = piece.start()
        if piece.lastgroup is None:
            if not number:
                return at
            number -= 1
        at = piece.end()
    return at


@lru_cache(maxsize=4)
def find_spans(text: str) -> Spans:
    """Find all keys and values of a text that `tomllib` can read; of another, some."""
    import tree_sitter
    import tree_sitter_toml

    data = text.encode()
    grammar = tree_sitter.Language(tree_sitter_toml.language())
    tree = tree_sitter.Parser(grammar).parse(_FOLD.sub(rb"\1\2\\", data))
    return _Reader(Spans(data)).read(tree.root_node)


class _Reader:
    """Reads one tree."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._headers: dict[Location, Span] = {}
        self._counts: dict[Location, int] = {}

    def read(self, root: Node) -> Spans:
        for node in root.named_children:
            if node.type == "pair":
                self._read_pairs((), node)
            elif node.type in _TABLES:
                self._read_table(node)
        self._spans.values.update(self._headers)
        return self._spans

    def _read_table(self, node: Node) -> None:
        """Read a header and what is below it; each `[[table]]` has its number."""
        span = Span(node.start_byte, node.end_byte)
        key, *pairs = _said(node)
        *outer, last = _parts(key)
        way: Location = ()
        for name, place in outer:
            way = self._enter(way, name, place)
            if way in self._counts:
                way = (*way, self._counts[way] - 1)
        way = self._enter(way, *last)
        self._headers.setdefault(way, span)
        if node.type == "table_array_element":
            number = self._counts.get(way, 0)
            self._counts[way] = number + 1
            way = (*way, number)
            self._headers[way] = span
        for pair in pairs:
            self._read_pairs(way, pair)

    def _enter(self, way: Location, name: str, span: Span) -> Location:
        """Note a key on the way to something; what it holds is there too, until it is known."""
        way = (*way, name)
        self._spans.keys.setdefault(way, span)
        self._spans.values.setdefault(way, span)
        return way

    def _read_pairs(self, way: Location, pair: Node) -> None:
        """Read `key = value` and what is in the value. No recursion: a text may nest deeply."""
        left = [(way, pair)]
        while left:
            way, node = left.pop()
            if node.type == "pair":
                key, *values = _said(node)
                for name, span in _parts(key):
                    way = self._enter(way, name, span)
                left += [(way, value) for value in values]
                continue
            self._spans.values[way] = Span(node.start_byte, node.end_byte)
            if node.type == "inline_table":
                left += [(way, pair) for pair in reversed(_said(node))]
            elif node.type == "array":
                left += [((*way, n), item) for n, item in enumerate(_said(node))][::-1]


def _said(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _UNSAID]


def _parts(key: Node) -> Iterator[tuple[str, Span]]:
    """Cut a dotted key into its parts, quotes and escapes read."""
    if key.type == "dotted_key":
        for child in key.named_children:
            yield from _parts(child)
    elif key.text is not None:
        name = key.text.decode()
        if key.type == "quoted_key":
            name = str(tomllib.loads(f"x = {name}")["x"])
        yield name, Span(key.start_byte, key.end_byte)
