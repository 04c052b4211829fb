"""Read XML element by element, so that a file may be larger than the memory.

Names match whatever their namespace. Entities are not resolved, nothing is fetched, and a document
that declares entities of its own is refused: an export has no need for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from lxml import etree

from adapters.banks.files.cells import Cell, Grid, Row
from adapters.contract import BankFaultError, MappingError

__all__ = [
    "PARENT",
    "Branch",
    "Element",
    "drop",
    "iterate_elements",
    "local_name",
    "parse_events",
    "read_markup",
    "split_path",
    "verify_no_entities",
]

PARENT: Final = "_parent"
"""The column of a child table that holds a value of the parent row."""

Element = etree._Element  # noqa: SLF001 - lxml has no other name for the type
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """Which elements become rows.

    Attributes:
        rows: The steps from the root to a row's element.
        within: The steps from the root to the parent row's element; `rows` itself, where the
            rows have no parent.
        parent: The path from the parent row's element to the value of `_parent`, or empty.
        columns: Name and path of each column, from the row's element.
    """

    rows: Steps
    within: Steps
    parent: str
    columns: tuple[tuple[str, str], ...]


def split_path(path: str) -> Steps:
    """Take a path apart: `./A/B` is the steps A and B.

    Raises:
        MappingError: It holds something other than names and slashes.
    """
    steps = tuple(step for step in path.split("/") if step not in {"", "."})
    if not steps or not all(
        step.replace("-", "_").replace(".", "_").isidentifier() for step in steps
    ):
        raise MappingError(f'path "{path}": write names between slashes, such as "./PEOPLE/PERSON"')
    return steps


def read_markup(path: Path, branch: Branch) -> Grid:
    """Read the rows of one branch of a document.

    Raises:
        BankFaultError: The document is broken, too deep, or declares entities.
    """
    columns = tuple(name for name, _ in branch.columns)
    if branch.parent:
        columns = (PARENT, *columns)
    return Grid(columns, _read_rows(path, branch))


def _read_rows(path: Path, branch: Branch) -> Iterator[Row]:
    below = branch.rows[len(branch.within) :]
    try:
        for element in iterate_elements(path, branch.within):
            parent = (_find_value(element, branch.parent),) if branch.parent else ()
            for row in _find_elements(element, below):
                yield (*parent, *_read_cells(row, branch, parent))
    except etree.XMLSyntaxError as exc:
        raise BankFaultError(f"line {exc.lineno}: broken XML") from None


def _read_cells(row: Element, branch: Branch, parent: Row) -> Iterator[Cell]:
    for _, path in branch.columns:
        yield parent[0] if parent and path == PARENT else _find_value(row, path)


def iterate_elements(path: Path, steps: Steps) -> Iterator[Element]:
    """Yield each element that the steps lead to once it is whole; drop it afterwards."""
    trail: list[str] = []
    with path.open("rb") as file:
        for event, element in parse_events(file):
            if event == "start":
                if not trail:
                    verify_no_entities(element)
                trail.append(local_name(element))
                continue
            if tuple(trail[1:]) == steps:
                yield element
            if len(trail) <= len(steps) + 1 or tuple(trail[1 : len(steps) + 1]) != steps:
                drop(element)
            trail.pop()


def parse_events(file: BinaryIO) -> etree.iterparse:
    """Walk a document without resolving entities or fetching anything."""
    return etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def verify_no_entities(root: Element) -> None:
    """Require that a document declares no entities of its own.

    Raises:
        BankFaultError: It does.
    """
    about: Any = root.getroottree().docinfo  # lxml's stubs know little of it
    if about.internalDTD is not None and any(True for _ in about.internalDTD.iterentities()):
        raise BankFaultError("the file declares entities; export it without them")


def drop(element: Element) -> None:
    """Free an element and the siblings before it, which are done with."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def _find_elements(element: Element, steps: Sequence[str]) -> list[Element]:
    found = [element]
    for step in steps:
        found = [
            child
            for one in found
            for child in one.iterchildren(etree.Element)
            if local_name(child) == step
        ]
    return found


def _find_value(element: Element, path: str) -> Cell:
    """Read what a path leads to: `A | B` is the first that has a text, `A + B` joins by a blank."""
    texts = (_find_first(element, part) for part in path.split(" + "))
    return " ".join(text for text in texts if text)


def _find_first(element: Element, paths: str) -> str:
    texts = (_find_text(element, path.strip()) for path in paths.split(" | "))
    return next((text for text in texts if text), "")


def _find_text(element: Element, path: str) -> str:
    """Read the first value of a path: `A/B`, `@attribute`, `A/@attribute` or `.`."""
    names, _, attribute = path.partition("@")
    found = _find_elements(element, [step for step in names.split("/") if step not in {"", "."}])
    if not found:
        return ""
    if attribute:
        return str(found[0].get(attribute) or "")
    return " ".join("".join(map(str, found[0].itertext())).split())
