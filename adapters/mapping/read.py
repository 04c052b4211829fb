"""Read a mapping file, or say in which file, line and key it is wrong and what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.contract import MappingError
from adapters.mapping.block import UNKNOWN_KEY, Handling, Source
from adapters.mapping.check import find_faults
from adapters.mapping.locate import Location, Origin, index_lines
from adapters.mapping.model import Bank, Contact, Mapping

__all__ = ["read_mapping"]

_LARGEST: Final = 1 << 20
_MOST: Final = 20
_KEYS: Final = {
    block.__name__: tuple(block.model_fields) for block in (Handling, Contact, Bank, Source)
}
_SHAPES: Final = {
    "tuple_type": 'write a list, such as ["one", "other"]',
    "string_type": "write a text in quotes",
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), "write a whole number, without quotes"
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false, without quotes"),
}
_PATTERNS: Final = {
    "id": "write 1 to 64 of a-z, 0-9 and -, not beginning with -",
    "scripts": "write ISO 15924 codes of scripts, such as Latn, Cyrl, Arab",
    "shapes": 'shapes need a # for each letter or digit, such as "## #######"',
}


def read_mapping(path: Path) -> Mapping:
    """Read and check one mapping.

    Raises:
        MappingError: The file cannot be read, is no TOML, or says something that a mapping cannot
            say. The text has one line for each fault, `file:line: key: what to write`.
    """
    text = _read_text(path)
    origin = Origin(path.name, index_lines(text))
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise MappingError(_tell_toml(path.name, str(exc))) from None
    except ValidationError as exc:
        raise MappingError(_tell_all(origin, map(_read_error, exc.errors()))) from None
    mapping._origin = origin  # noqa: SLF001 - the reader is the model's other half
    faults = list(find_faults(mapping))
    if faults:
        raise MappingError(_tell_all(origin, faults))
    return mapping


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise MappingError(f"{path.name}: cannot be read; is it there and readable?") from exc
    if len(data) > _LARGEST:
        raise MappingError(f"{path.name}: a mapping has at most {_LARGEST} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise MappingError(f"{path.name}: write the mapping in UTF-8") from exc


def _tell_toml(file: str, message: str) -> str:
    """Move the line out of tomllib's message: `Expected '=' (at line 3, column 5)`."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line, column = found.groups() if found else ("1", "1")
    said = re.sub(r"\s*\(at .*\)$", "", message)
    if said == "Invalid value":
        said = "write texts in quotes, true or false in small letters, numbers in digits"
    return f"{file}:{line}: not TOML at column {column}: {said}"


def _tell_all(origin: Origin, faults: Iterable[tuple[Location, str]]) -> str:
    told = sorted({(origin.line(place), f"{origin.tell(place)}: {text}") for place, text in faults})
    lines = [text for _, text in told[:_MOST]]
    if len(told) > _MOST:
        lines.append(f"{origin.file}: {len(told) - _MOST} more")
    return "\n".join(lines)


def _read_error(error: ErrorDetails) -> tuple[Location, str]:
    """Turn pydantic's error into a place in the file and a sentence."""
    place = _place(error["loc"])
    if error["type"] == UNKNOWN_KEY:
        return (*place, str(error["ctx"]["key"])), error["msg"]
    if error["type"] == "missing":
        return place, "is missing; write it"
    if error["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        return (*place, "field"), f"write one of {error['ctx'].get('expected_tags', 'our fields')}"
    told = _tell_shape(place, error)
    if told:
        return place, told
    said = error["msg"].removeprefix("Value error, ")
    return place, said.replace("Input should be", "write", 1)


def _tell_shape(place: Location, error: ErrorDetails) -> str:
    """Say what shape a value has to have; pydantic says it in words of Python."""
    kind = error["type"]
    if kind == "tuple_type" and len(place) == 1:
        return f"write [[{place[0]}]] with two brackets, once for each"
    if kind in {"model_type", "dict_type"}:
        keys = _KEYS.get(str(error.get("ctx", {}).get("class_name")), ("key",))
        return f"write {{ {', '.join(f'{key} = ...' for key in keys)} }}"
    if kind == "string_pattern_mismatch":
        key = next((part for part in place[::-1] if isinstance(part, str)), "")
        return _PATTERNS.get(key, "")
    return _SHAPES.get(kind, "")


def _place(loc: tuple[int | str, ...]) -> Location:
    """Leave out the tag that a union of field blocks puts into its way: ("field", 2, "name")."""
    tagged = 3
    if len(loc) >= tagged and loc[0] == "field":
        return (*loc[:2], *loc[tagged:])
    return loc
