"""Read a mapping file, or say where it is wrong, to the column, and what to write."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.contract import MappingError
from adapters.mapping.block import UNKNOWN_KEY, BlockError, Handling, Source
from adapters.mapping.check import find_faults
from adapters.mapping.locate import Fault, Key, Location, Origin
from adapters.mapping.model import Bank, Contact, Mapping
from adapters.mapping.spans import end_of

__all__ = ["read_error", "read_mapping"]

_LARGEST: Final = 1 << 20
_MOST: Final = 20
_KEY_MARK: Final = "[key]"
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
    "kind": 'write "plugin:" and its name: a-z, 0-9 and -',
    "url": "write an address, such as https://host/path, without a name or a blank",
    "path": "write a path that begins with / and has no blanks",
    "filter": "write a filter in brackets, such as (objectClass=person)",
    "name": "write function or schema.function, without blanks",
    "scripts": "write ISO 15924 codes of scripts, such as Latn, Cyrl, Arab",
    "shapes": 'shapes need a # for each letter or digit, such as "## #######"',
}


def read_mapping(path: Path) -> Mapping:
    """Read and check one mapping.

    Raises:
        MappingError: The file cannot be read, is no TOML, or says something that a mapping cannot
            say. The text has one line for each fault, `file:line:column: key: what to write`.
    """
    text = _read_text(path)
    origin = Origin(path.name, text)
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise MappingError(_tell_toml(origin, str(exc))) from None
    except ValidationError as exc:
        raise MappingError(origin.report(map(read_error, exc.errors()), _MOST)) from None
    mapping._origin = origin  # noqa: SLF001 - the reader is the model's other half
    faults = list(find_faults(mapping))
    if faults:
        raise MappingError(origin.report(faults, _MOST))
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
        line, column = end_of(data[: exc.start].decode())
        raise MappingError(f"{path.name}:{line}:{column}: write the mapping in UTF-8") from exc


def _tell_toml(origin: Origin, message: str) -> str:
    """Move the place out of tomllib's message: `Expected '=' (at line 3, column 5)`."""
    found = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    line, column = found.groups() if found else end_of(origin.text)
    said = re.sub(r"\s*\(at [^()]*\)$", "", message)
    if said == "Invalid value":
        said = "write texts in quotes, true or false in small letters, numbers in digits"
    return f"{origin.file}:{line}:{column}: not TOML: {said}"


def read_error(error: ErrorDetails) -> Fault:
    """Turn pydantic's error into a place in the file and a sentence."""
    place = _place(error["loc"])
    if error["type"] == UNKNOWN_KEY:
        return (*place, Key(error["ctx"]["key"])), error["msg"]
    if error["type"] == "missing":
        return place, "is missing; write it"
    if error["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        return (*place, "field"), f"write one of {error['ctx'].get('expected_tags', 'our fields')}"
    told = _tell_shape(place, error)
    if told:
        return place, told
    cause = error.get("ctx", {}).get("error")
    within = cause.place if isinstance(cause, BlockError) else ()
    said = error["msg"].removeprefix("Value error, ")
    return (*place, *within), said.replace("Input should be", "write", 1)


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
        pattern = str(error["ctx"]["pattern"])
        return _PATTERNS.get(key, "write a text of the form " + pattern)
    return _SHAPES.get(kind, "")


def _place(loc: tuple[int | str, ...]) -> Location:
    """Leave out what pydantic puts into a way: the tag of a field block, the mark of a key."""
    tagged = 3
    if len(loc) >= tagged and loc[0] == "field":
        loc = (*loc[:2], *loc[tagged:])
    return (*loc[:-2], Key(loc[-2])) if loc and loc[-1] == _KEY_MARK else loc
