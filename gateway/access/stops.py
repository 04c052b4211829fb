"""The kill switch: who or what is asked no more, from now on, until somebody lifts it.

A list in a file, because a file can be written when everything else is in doubt: by the command,
by an editor, by an alarm of another system. Hub and node each have their own and follow it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tomllib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from gateway.access.errors import StopFileError
from gateway.access.toml import line_of, line_of_fault, write_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAX_FILE: Final = 1_048_576
"""Largest file of stops in bytes."""
MAX_STOPS: Final = 10_000
MAX_REASON: Final = 200
KINDS: Final = {
    "officer": re.compile(r"[A-Z]{3}/[^\x00-\x1f]{1,64}"),
    "unit": re.compile(r"[A-Z]{3}/[^\x00-\x1f]{1,64}"),
    "member": re.compile(r"[A-Z]{3}"),
    "purpose": re.compile(r"[a-z_]{1,40}"),
    "bank": re.compile(r"[A-Z]{3}/[a-z0-9][a-z0-9-]{0,63}"),
}
"""What can be stopped, and how it is written."""
_FORMS: Final = {
    "officer": "MEMBER/pseudonym",
    "unit": "MEMBER/unit",
    "member": "a member's three letters",
    "purpose": "a purpose, as stolen_property",
    "bank": "MEMBER/bank",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that is stopped.

    Attributes:
        kind: A key of `KINDS`.
        value: Which one, in the form of its kind.
        reason: Why, for the owner's own people; at most 200 characters, told to no requester.
        since: When, RFC 3339 in UTC.
    """

    kind: str
    value: str
    reason: str = ""
    since: str = ""

    def __str__(self) -> str:
        """Return it as the command takes it, "officer=KAZ/k-17"."""
        return f"{self.kind}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks and why, as stops name it."""

    member: str
    officer: str
    unit: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Stops:
    """All that is stopped.

    Attributes:
        stops: Each, by kind and value.
        digest: SHA-256 of the file, 64 hexadecimal digits; "" where there is none.
    """

    stops: dict[tuple[str, str], Stop]
    digest: str = ""

    def find(self, asking: Asking, bank: str = "") -> Stop | None:
        """Return what stops this requester, its purpose, or the bank where one is named."""
        for key in (
            ("officer", f"{asking.member}/{asking.officer}"),
            ("unit", f"{asking.member}/{asking.unit}"),
            ("member", asking.member),
            ("purpose", asking.purpose),
            ("bank", bank),
        ):
            stop = self.stops.get(key)
            if stop is not None:
                return stop
        return None


def read_stop(text: str, reason: str = "", since: str = "") -> Stop:
    """Read a stop as people write it, "unit=KAZ/border".

    Raises:
        StopFileError: The kind is unknown, or the value is not in its form.
    """
    kind, _, value = text.partition("=")
    entry = {"kind": kind, "value": value, "reason": reason, "since": since}
    return _make_stop("stop", entry, lambda _: 0)


def read_stops(path: Path) -> Stops:
    """Read the file of stops; where there is none nothing is stopped.

    Raises:
        StopFileError: It cannot be read or does not hold; the text names file, line and key.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Stops({})
    except OSError as exc:
        raise StopFileError(path.name, f"cannot be read: {exc.strerror}") from None
    if len(data) > MAX_FILE:
        raise StopFileError(path.name, f"is larger than {MAX_FILE} bytes")
    stops = parse_stops(data, path.name)
    return Stops({(s.kind, s.value): s for s in stops}, hashlib.sha256(data).hexdigest())


def parse_stops(data: bytes, name: str) -> list[Stop]:
    """Read the content of a file of stops.

    Raises:
        StopFileError: It is not UTF-8, not TOML, or an entry does not hold.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise StopFileError(name, "is not UTF-8") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise StopFileError(name, "is not TOML", line=line_of_fault(exc, text)) from None
    entries = table.pop("stop", [])
    if table or not isinstance(entries, list) or len(entries) > MAX_STOPS:
        raise StopFileError(name, f"holds [[stop]] tables alone, at most {MAX_STOPS}")
    return [_stop_at(name, text, number, entry) for number, entry in enumerate(entries)]


def _stop_at(name: str, text: str, number: int, entry: object) -> Stop:
    """Check the entry of a number in a text, from 0."""
    return _make_stop(name, entry, lambda key: line_of(text, ("stop", number, key)))


def _make_stop(name: str, entry: Any, line: Callable[[str], int]) -> Stop:  # noqa: ANN401 - whatever TOML holds
    """Check one entry; `line` tells where a key of it is."""
    known = {"kind", "value", "reason", "since"}
    if not isinstance(entry, dict) or not {"kind", "value"} <= set(entry) <= known:
        raise StopFileError(name, "needs kind and value; may have reason and since", line=line(""))
    if not all(isinstance(v, str) and len(v) <= MAX_REASON for v in entry.values()):
        raise StopFileError(name, f"texts of at most {MAX_REASON} characters", line=line(""))
    kind, value = entry["kind"], entry["value"]
    if kind not in KINDS:
        text = f"kind must be one of {', '.join(KINDS)}"
        raise StopFileError(name, text, line=line("kind"), key="kind")
    if not KINDS[kind].fullmatch(value) or not value.isprintable():
        text = f"{kind} must be {_FORMS[kind]}"
        raise StopFileError(name, text, line=line("value"), key="value")
    return Stop(**entry)


def change_stops(path: Path, change: Callable[[dict[tuple[str, str], Stop]], None]) -> Stops:
    """Change the file: read, change, write beside it and put it in place, under a lock.

    Raises:
        StopFileError: It does not hold now, or cannot be written.
    """
    try:
        with _locked(path):
            stops = dict(read_stops(path).stops)
            change(stops)
            _replace(path, write_toml({"stop": [_table(stop) for stop in stops.values()]}))
            return read_stops(path)
    except OSError as exc:
        raise StopFileError(path.name, f"cannot be written: {exc.strerror}") from None


def _table(stop: Stop) -> dict[str, str]:
    return {key: value for key, value in asdict(stop).items() if value}


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one writer change the file at a time; the lock ends with the process."""
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in place: a reader sees the old one or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
