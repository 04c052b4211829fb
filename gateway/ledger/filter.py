"""Say which entries are wanted, and by whose eyes they may be read.

Both look at the stored form of an entry, a JSON object, because whoever filters a million entries
must not build a million of them. A filter narrows; a scope forbids. What is sealed is no field
here: who holds the key filters by it after opening.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from gateway.ledger.entry import format_time
from gateway.ledger.frames import Frame
from gateway.ledger.read import read_stored
from gateway.ledger.segments import Walk, list_segments, segment_start

Stored = Mapping[str, Any]
"""The stored form of an entry."""
Found = tuple[int, bytes, Stored]
"""The number of an entry, its stored bytes, and the same decoded."""

_OF_NOBODY: Final = frozenset({"START", "STOP", "POLICY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries are wanted; what is empty or None keeps all.

    Attributes:
        search_id: The beginning of the search's number.
        who: The pseudonym of the officer or system.
        requester_member: The member of the requester.
        bank: A bank that was asked or that ended.
        purpose: Why it was asked.
        rule: A rule that decided, for the whole or for one bank.
        kind: The kind of the entry.
        state: A state in which a bank ended.
        probe: What was looked for.
        since: The first moment, in UTC.
        until: The moment after the last, in UTC.
    """

    search_id: str = ""
    who: str = ""
    requester_member: str = ""
    bank: str = ""
    purpose: str = ""
    rule: str = ""
    kind: str = ""
    state: str = ""
    probe: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is filtered by, never the values."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name))

    def keeps(self, stored: Stored) -> bool:
        """Whether an entry is wanted."""
        return (
            all(stored.get(name, "") == value for name, value in self._plain())
            and stored.get("search_id", "").startswith(self.search_id)
            and self._keeps_time(stored["time"])
            and self._keeps_banks(stored)
        )

    def _plain(self) -> Iterator[tuple[str, str]]:
        for name in ("who", "requester_member", "purpose", "kind", "probe"):
            if value := getattr(self, name):
                yield name, value

    def _keeps_time(self, time: str) -> bool:
        # All times are stored in one form, of one length, in UTC: their texts have their order.
        after = self.since is None or time >= format_time(self.since)
        return after and (self.until is None or time < format_time(self.until))

    def _keeps_banks(self, stored: Stored) -> bool:
        """Whether bank, state and rule are found: state and rule at the bank where one is named."""
        states = stored.get("states", ())
        if self.bank:
            states = [one for one in states if one["bank"] == self.bank]
            if not states and self.bank not in stored.get("banks", ()):
                return False
        if self.state and not any(one["state"] == self.state for one in states):
            return False
        rules = {stored.get("rule", ""), *(one.get("rule", "") for one in states)}
        return not self.rule or self.rule in rules


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries somebody may read.

    Attributes:
        member: The reader's member.
        whole: Whether all entries are open to the reader: oversight, or a member's own ledger.
    """

    member: str
    whole: bool = False

    def opens(self, stored: Stored) -> bool:
        """Whether an entry may be read."""
        if self.whole or stored.get("requester_member") == self.member:
            return True
        if stored["kind"] == "KEY":
            return bool(stored.get("authority") == self.member)
        return stored["kind"] in _OF_NOBODY and not stored.get("requester_member")


def scan(
    directory: Path, keeps: Callable[[Stored], bool], start: int = 0
) -> Iterator[Found | None]:
    """Yield what is kept from an index on, oldest first, and None for each entry that is not.

    The Nones let a caller stop in the middle of a long ledger in which nothing is kept.

    Raises:
        LedgerCorruptError: The log is damaged or ends before its mark.
    """
    for index, data in read_stored(directory, start):
        stored = json.loads(data)
        yield (index, data, stored) if keeps(stored) else None


def scan_back(
    directory: Path, keeps: Callable[[Stored], bool], before: int | None = None
) -> Iterator[Found | None]:
    """Yield what is kept below an index, newest first; a segment at a time is held in memory.

    Raises:
        LedgerCorruptError: As `scan`.
    """
    for number in reversed(list_segments(directory)):
        frames = _frames_below(directory, number, before)
        for frame in reversed(frames):
            stored = json.loads(frame.entry)
            yield (frame.index, frame.entry, stored) if keeps(stored) else None
        before = frames[0].index if frames else before


def _frames_below(directory: Path, number: int, before: int | None) -> list[Frame]:
    """The frames of one segment whose index is below `before`."""
    walk = Walk(directory, segment_start(directory, number))
    frames = takewhile(lambda _: walk.position.segment == number, walk)
    return [frame for frame in frames if before is None or frame.index < before]
