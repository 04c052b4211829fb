"""Read an OpenAPI document, written in JSON or in YAML.

YAML is read as OpenAPI wants it: a key is a text, and a plain word is what JSON has, or a text. So
`200:` is a key, `NO` a country and `1985-03-14` no date object. Values are made here, of what the
parser tells piece by piece: no tag can make another object, and what aliases multiply is counted
before anybody walks it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from adapters.drafting.shape import DraftError
from adapters.mapping.service import ANSWER_LIMIT

__all__ = ["LIMIT", "read_document", "read_file"]

LIMIT: Final = ANSWER_LIMIT
"""Bytes of a document at most."""

_VALUES: Final = 1_000_000
"""Values at most, with those that aliases stand for."""

_LEVELS: Final = 100
_CORE: Final = "tag:yaml.org,2002:"
_KEYS: Final = (None, f"{_CORE}str")
_TAGS: Final = (*_KEYS, *(_CORE + name for name in ("int", "float", "bool", "null")))
_LISTS: Final = (None, f"{_CORE}seq")
_TABLES: Final = (None, f"{_CORE}map")
_Tags = tuple[str | None, ...]
_Node = yaml.ScalarEvent | yaml.CollectionStartEvent

_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE: Final = re.compile("-?(0|[1-9][0-9]{0,17})")
_REAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]*)?([eE][-+]?[0-9]{1,2})?")


def read_file(path: str) -> dict[str, Any]:
    """Read the document in a file.

    Raises:
        DraftError: As `read_document`, or the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError:
        raise DraftError(f"{path}: cannot be read") from None
    return read_document(data, path)


def read_document(data: bytes, name: str) -> dict[str, Any]:
    """Read a document.

    Args:
        data: All of it, in UTF-8, UTF-16 or UTF-32.
        name: What it is called in errors.

    Raises:
        DraftError: It is too large, or no object in JSON or YAML; the text says where.
    """
    if len(data) > LIMIT:
        raise DraftError(f"{name}: has more than {LIMIT} bytes")
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise DraftError(f"{name}:{line}: is not UTF-8") from None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = _read_yaml(text, name)  # JSON is YAML too, whose parser tells the place better
    if not isinstance(document, dict):
        raise DraftError(f"{name}: is no OpenAPI document in JSON or YAML")
    return document


def _read_yaml(text: str, name: str) -> Any:  # noqa: ANN401 - whatever the document holds
    try:
        return _Reader(text).read()
    except yaml.reader.ReaderError as exc:
        head = text.encode()[: exc.position].decode(errors="replace")
        line, column = head.count("\n") + 1, len(head) - head.rfind("\n")
        raise DraftError(f"{name}:{line}:{column}: {exc.reason}") from None
    except yaml.MarkedYAMLError as exc:
        raise DraftError(f"{name}:{_place(exc.problem_mark)}: {exc.problem}") from None
    except DraftError as exc:
        raise DraftError(f"{name}:{exc}") from None


def _place(mark: Any) -> str:  # noqa: ANN401 - the parsers in C and in Python have their own
    return f"{mark.line + 1}:{mark.column + 1}" if mark is not None else "1:1"


class _Reader:
    """Makes values of the events of one document; what is not read is a `DraftError`."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._count = 0
        self._named: dict[str, tuple[Any, int] | None] = {}

    def read(self) -> Any:  # noqa: ANN401 - whatever the document holds
        """Return the value of the only document; None where there is none."""
        document = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._count:
                    raise _refuse(event, "write one document in one file")
                document = self._value(next(self._events), 0)
        return document

    def _value(self, event: yaml.AliasEvent | _Node, level: int) -> Any:  # noqa: ANN401 - as above
        if isinstance(event, yaml.AliasEvent):
            return self._recall(event)
        before = self._count
        self._add(event, 1)
        if event.anchor:
            self._named[event.anchor] = None  # it has begun and not ended
        made = self._make(event, level)
        if event.anchor:
            self._named[event.anchor] = made, self._count - before
        return made

    def _recall(self, event: yaml.AliasEvent) -> Any:  # noqa: ANN401 - as above
        if event.anchor not in self._named:
            raise _refuse(event, f"the anchor {event.anchor!r} is not above")
        named = self._named[event.anchor]
        if named is None:
            raise _refuse(event, "refers to what it is inside itself")
        self._add(event, named[1])
        return named[0]

    def _add(self, event: yaml.Event, values: int) -> None:
        self._count += values
        if self._count > _VALUES:
            raise _refuse(event, f"more than {_VALUES} values, with those that aliases stand for")

    def _make(self, event: _Node, level: int) -> Any:  # noqa: ANN401 - as above
        if isinstance(event, yaml.ScalarEvent):
            return _read_scalar(event)
        if level >= _LEVELS:
            raise _refuse(event, f"more than {_LEVELS} levels")
        if isinstance(event, yaml.SequenceStartEvent):
            _require_tag(event, _LISTS)
            return list(self._items(level + 1))
        _require_tag(event, _TABLES)
        return self._table(level + 1)

    def _items(self, level: int) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._value(event, level)

    def _table(self, level: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = _read_key(event)
            merges = key == "<<" and event.implicit[0]
            if key in made or (merges and merged):
                raise _refuse(event, f"the key {key!r} is there twice")
            value = self._value(next(self._events), level)
            if merges:
                merged = _merge(event, value)
            else:
                made[key] = value
        return {**merged, **made} if merged else made


def _merge(event: yaml.Event, value: object) -> dict[str, Any]:
    """Take the objects of a merge together; the first one wins."""
    merged: dict[str, Any] = {}
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            raise _refuse(event, "<< takes an object or a list of objects")
        merged = {**each, **merged}
    return merged


def _read_key(event: yaml.Event) -> str:
    if not isinstance(event, yaml.ScalarEvent) or event.tag not in _KEYS:
        raise _refuse(event, "write a key as a text")
    return event.value


def _read_scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    _require_tag(event, _TAGS)
    text, plain = event.value, event.implicit[0] or event.tag not in _KEYS
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else text


def _require_tag(event: _Node, known: _Tags) -> None:
    if event.tag not in known:
        raise _refuse(event, "this tag is not read; write the value without one")


def _refuse(event: yaml.Event, why: str) -> DraftError:
    return DraftError(f"{_place(event.start_mark)}: {why}")
