"""What the query parameters of a service are for: paging, or a field of ours to search by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.drafting.lines import quote
from adapters.drafting.names import name_column
from adapters.drafting.openapi import Lists, Parameter

__all__ = ["PROBES", "Paging", "Question", "find_paging", "find_questions"]

PROBES: Final = {
    "document": ("document", "number"),
    "plate": ("vehicle", "plate"),
    "vin": ("vehicle", "vin"),
    "registration number": ("organisation", "number"),
    "national number": ("identifier", "value"),
    "phone": ("identifier", "value"),
    "email": ("identifier", "value"),
    "imei": ("identifier", "value"),
}
"""What a parameter means, to the kind of probe and the field of it that it takes."""

_PAGE: Final = frozenset(
    ["page", "p", "pagenumber", "pageno", "pageindex", "pagenum", "safhe", "sayfa", "stranica"]
)
_OFFSET: Final = frozenset(["offset", "skip", "start", "startindex", "from", "first"])
_CURSOR: Final = frozenset(
    ["cursor", "after", "pagetoken", "token", "continuation", "continuationtoken", "startafter"]
)
_WORDS: Final = {
    "page": "page, p, page number, page no, page index, page num, safhe, sayfa, stranica",
    "offset": "offset, skip, start, start index, from, first",
    "cursor": "cursor, after, page token, continuation, continuation token, start after",
    "size": "size, limit, per page, page size, count, rows, top, take, tedad, max results, results",
    "total": "total, total count, total items, total rows, total results, count, tedad",
    "next": "next, next cursor, next page token, next token, cursor, after, end cursor",
}
"""What services call the parts of paging."""
_BETWEEN: Final = re.compile(r"[\W_]+")
_USUAL: Final = 100
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One parameter that a service can be searched by.

    Attributes:
        path: Of the operation.
        rows: Where in its answer the list is.
        parameter: The service's own word.
        probe: The kind of probe that it takes, and the field of it below.
        meaning: What it asks for.
    """

    path: str
    rows: str
    parameter: str
    probe: str
    field: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is read in pages.

    Attributes:
        way: `page`, `offset`, `cursor`, or `link` for the header of that name.
        name: The parameter that holds the page's number, the place, or the mark; not for `link`.
        first: The number of the first page.
        size: The parameter that holds the size of a page; may be empty.
        rows: The size to ask for.
        told: Where an answer tells the number of all rows, or the mark of the next page.
    """

    way: str
    name: str
    first: int = 1
    size: str = ""
    rows: int = _USUAL
    told: str = ""

    @property
    def line(self) -> str:
        """The paging as the mapping writes it."""
        parts = [f"{self.way} = {quote(self.name) if self.name else 'true'}"]
        if self.way == "page":
            parts.append(f"from = {self.first}")
        if self.size:
            parts += [f"size = {quote(self.size)}", f"rows = {self.rows}"]
        if self.told:
            parts.append(f"{'after' if self.way == 'cursor' else 'total'} = {quote(self.told)}")
        why = "the names of its parameters" if self.name else "the header Link is declared"
        return f"next = {{ {', '.join(parts)} }}  # guess: {why}"

    def ask(self, number: int, seen: int, mark: str) -> dict[str, str]:
        """Return the parameters of one page."""
        values = {"page": str(self.first + number), "offset": str(seen), "cursor": mark}
        asked = {self.name: values[self.way]} if values.get(self.way) else {}
        return {**asked, **({self.size: str(self.rows)} if self.size else {})}


_LINKED: Final = Paging("link", "")


def find_paging(lists: Lists, leaves: dict[str, dict[str, object]]) -> Paging | None:
    """Guess how a list is paged; None where neither a parameter nor a header says that it is.

    The header Link tells where a list ends, so it comes before parameters without a total.

    Args:
        lists: The operation.
        leaves: What is declared of the single values of its answer, by path.
    """
    for way in ("page", "cursor", "offset"):
        told = _find(leaves, _KNOWN["next" if way == "cursor" else "total"])
        for parameter in lists.parameters:
            needed = way == "cursor" or lists.linked
            if _plain(parameter.name) in _KNOWN[way] and (told or not needed):
                return _make(way, parameter, lists.parameters, told)
    return _make_linked(lists.parameters) if lists.linked else None


def _make_linked(parameters: Sequence[Parameter]) -> Paging:
    sizes = [p for p in parameters if _plain(p.name) in _KNOWN["size"]]
    return Paging("link", "", size=sizes[0].name, rows=_rows(sizes[0])) if sizes else _LINKED


def _make(way: str, parameter: Parameter, others: Sequence[Parameter], told: str) -> Paging:
    sizes = [p for p in others if p is not parameter and _plain(p.name) in _KNOWN["size"]]
    declared = (parameter.schema.get("default"), parameter.schema.get("minimum"))
    first = 1 if 1 in declared or 0 not in declared else 0
    if not sizes:
        return Paging(way, parameter.name, first, told=told)
    return Paging(way, parameter.name, first, sizes[0].name, _rows(sizes[0]), told)


def _plain(name: str) -> str:
    return _BETWEEN.sub("", name).lower()


_KNOWN: Final = {role: frozenset(map(_plain, words.split(","))) for role, words in _WORDS.items()}
_PAGING: Final = frozenset().union(*(_KNOWN[role] for role in ("page", "offset", "cursor", "size")))


def _rows(size: Parameter) -> int:
    most = size.schema.get("maximum", _USUAL)
    return min(int(most), _MOST) if isinstance(most, int | float) and most >= 1 else _USUAL


def _find(leaves: dict[str, dict[str, object]], words: frozenset[str]) -> str:
    return next((path for path in leaves if _plain(path.rpartition(".")[2]) in words), "")


def find_questions(operations: Sequence[Lists]) -> list[Question]:
    """Find what a service may be searched by, in operations that return the same objects."""
    return [
        Question(operation.path, operation.rows, parameter.name, *PROBES[meaning], meaning)
        for operation in operations
        for parameter in operation.parameters
        if (meaning := _meaning(parameter)) and _is_enough(operation, parameter)
    ]


def _meaning(parameter: Parameter) -> str:
    """Say what a parameter asks for; a bare number is that of a document."""
    named = name_column(parameter.name)
    if named is None or _plain(parameter.name) in _PAGING:
        return ""
    meaning = "document" if named.meaning == "number" and named.whole else named.meaning
    return meaning if meaning in PROBES else ""


def _is_enough(operation: Lists, parameter: Parameter) -> bool:
    """Tell whether an operation can be asked with this parameter alone."""
    return all(other is parameter or not other.required for other in operation.parameters)
