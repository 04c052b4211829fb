"""How long what is personal can be opened, and what holds it longer.

Entries stay for ever: they are what proofs are about. What ends is the key of a month: when its
member's retention is over, the key is destroyed, and with it everything personal of that month in
this ledger, what lies beside it included. A legal hold keeps keys that would be due.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.ledger.blobs import BLOBS_FOLDER, BlobFolder
from gateway.ledger.custody import KeyFolder
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import HoldInvalidError, KeyUnavailableError
from gateway.ledger.filter import scan
from gateway.ledger.seal import key_id_of, sealed_part

Key = tuple[str, str, str]
"""Authority, period and id of a period key."""

_PATTERNS: Final = {
    "periods": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    "authorities": re.compile(r"[A-Z]{3}"),
    "searches": re.compile(r"[0-9a-f]{32}"),
}
_PERIOD: Final = _PATTERNS["periods"]
_OVER_A_MONTH: Final = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Hold:
    """What must not be destroyed.

    Attributes:
        periods: Months, as "2026-11", of every authority.
        authorities: Members, in every month.
        searches: Searches; the keys that what is personal in them is sealed with.
    """

    periods: frozenset[str] = frozenset()
    authorities: frozenset[str] = frozenset()
    searches: frozenset[str] = frozenset()

    def split(self, folder: Path, keys: Iterable[Key]) -> tuple[list[Key], list[Key]]:
        """Part keys into those that are free and those that are held.

        Raises:
            LedgerCorruptError: The ledger cannot be read for the searches that are held.
        """
        numbers = find_keys(folder, self.searches) if self.searches else frozenset()
        free: list[Key] = []
        held: list[Key] = []
        for key in keys:
            authority, period, number = key
            is_held = period in self.periods or authority in self.authorities or number in numbers
            (held if is_held else free).append(key)
        return free, held


def read_hold(path: Path) -> Hold:
    """Read a file of holds: lists `periods`, `authorities`, `searches` in TOML; none where missing.

    Raises:
        HoldInvalidError: It is not such a file. Nothing may be destroyed then.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Hold()
    except (OSError, ValueError):
        raise HoldInvalidError(f"{path}: cannot be read as TOML") from None
    if not data.keys() <= _PATTERNS.keys():
        raise HoldInvalidError(f"{path}: has keys other than {', '.join(_PATTERNS)}")
    return Hold(**{name: _read_words(path, name, value) for name, value in data.items()})


def _read_words(path: Path, name: str, value: object) -> frozenset[str]:
    words = value if isinstance(value, list) else [None]
    if not all(isinstance(word, str) and _PATTERNS[name].fullmatch(word) for word in words):
        raise HoldInvalidError(f"{path}: {name}: a list of such words is needed")
    return frozenset(words)


def find_keys(folder: Path, searches: frozenset[str]) -> frozenset[str]:
    """Return the ids of the keys that parts of these searches are sealed with.

    Raises:
        LedgerCorruptError: The ledger cannot be read.
    """
    numbers = set()
    for found in scan(folder, lambda stored: stored.get("search_id") in searches):
        if found is None:
            continue
        entry = parse_entry(found[1])
        for authority in entry.sealed:
            with suppress(KeyUnavailableError):  # what is gone already needs no key
                numbers.add(key_id_of(sealed_part(entry, authority, folder)))
    return frozenset(numbers)


def list_due(folder: Path, retention_days: Mapping[str, int], now: datetime) -> list[Key]:
    """Return the keys whose month ended longer ago than their member keeps; others' stay."""
    return [
        key
        for key in KeyFolder(folder).present()
        if key[0] in retention_days
        and _end_of(key[1]) + timedelta(days=retention_days[key[0]]) <= now
    ]


def list_before(folder: Path, period: str, authority: str = "") -> list[Key]:
    """Return the keys of months before "2026-11".

    Raises:
        ValueError: The period is written otherwise.
    """
    if not _PERIOD.fullmatch(period):
        raise ValueError("a month is written as 2026-11")
    return [key for key in KeyFolder(folder).present(authority) if key[1] < period]


def remove_keys(folder: Path, keys: Iterable[Key]) -> None:
    """Destroy keys, and what lies beside the ledger sealed with them.

    Whoever calls has recorded it. What was removed half is removed whole by calling again.

    Raises:
        LedgerUnavailableError: One cannot be removed.
    """
    numbers = set()
    for authority, period, number in keys:
        KeyFolder(folder).remove(authority, period, number)
        numbers.add(number)
    blobs = BlobFolder(folder)
    for path in sorted((folder / BLOBS_FOLDER).glob("*")):
        try:
            number = key_id_of(path.read_text(encoding="ascii"))
        except (OSError, ValueError, KeyUnavailableError):
            continue  # not one of ours, or gone in this moment
        if number in numbers:
            blobs.remove(path.name)


def _end_of(period: str) -> datetime:
    first = datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC)
    return (first + _OVER_A_MONTH).replace(day=1)
