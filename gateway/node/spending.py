"""The books of a node's budgets: a small SQLite file that survives restarts and is shared.

It holds counts and keyed digests, no name, no number and no date. One question, or one batch, is
one transaction. It blocks: whoever asks it does so off the loop, from one thread.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.contract import Probe
from gateway.access.budgets import FACTORS, Budgets, Limit, scopes_of
from gateway.access.stops import Asking
from gateway.node.breadth import Mark, Runs, form_of, marks_of, places_of
from gateway.node.store import open_store

DAY_S: Final = 86_400
WAIT_S: Final = 2.0
"""Seconds to wait for another process of the node."""
TIDY_S: Final = 600
"""Seconds between two cleanings of the books."""
_SLOTS: Final = {"hour": 300, "day": 3_600}
"""Seconds of one slot of a limit's time."""
_SPANS: Final = {"hour": 3_600, "day": DAY_S}
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS spent (account BLOB, slot INTEGER, count INTEGER, ends INTEGER,
  PRIMARY KEY (account, slot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (question BLOB PRIMARY KEY, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (thing BLOB, value BLOB, at INTEGER,
  PRIMARY KEY (thing, value)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarms (at INTEGER, kind TEXT, scope TEXT, subject TEXT, count INTEGER,
  until INTEGER);
CREATE INDEX IF NOT EXISTS blocked ON alarms (subject, until);
CREATE INDEX IF NOT EXISTS old ON marks (at);
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody asks as harvesters do.

    Attributes:
        at: When, seconds since 1970.
        kind: What of it, as in the file of budgets.
        scope: Whether an "officer", a "unit" or a "member".
        subject: Which one, as MEMBER/pseudonym, MEMBER/unit or MEMBER.
        count: How many of it.
        until: Until when it is refused, seconds since 1970; `at` where it is not.
    """

    at: int
    kind: str
    scope: str
    subject: str
    count: int
    until: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of a question: the rule that refuses it and why, or "" twice; and its alarms."""

    rule: str = ""
    text: str = ""
    alarms: tuple[Alarm, ...] = ()


class Spending:
    """Keeps the books of one node.

    Attributes:
        budgets: What is allowed; it may be exchanged at any time.
        worker: The thread in which `spend` is called.
    """

    def __init__(self, path: Path, secret: bytes, budgets: Budgets) -> None:
        """Open the books.

        Args:
            path: The file; it is made where it is missing.
            secret: The key of its digests.
            budgets: What is allowed.

        Raises:
            sqlite3.Error: The file cannot be opened, or is something else.
        """
        self.budgets = budgets
        self._secret = hmac.digest(secret, b"kalkan budgets", "sha256")
        self._runs = Runs()
        self._tidied = 0
        # One thread: the books are one file, and questions come one after the other.
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="budget")
        # Made here and used in the one thread that asks.
        self._db = open_store(path, WAIT_S)
        path.chmod(0o600)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Let the thread end what it does, and close the file."""
        self.worker.shutdown()
        self._db.close()

    def spend(self, asking: Asking, probes: Sequence[Probe], now: datetime) -> Spent:
        """Count a question, or refuse it; what was asked before within the time costs nothing.

        Raises:
            sqlite3.Error: The books cannot be kept.
        """
        at = int(now.timestamp())
        with self._transaction():
            self._tidy(at)
            refused = self._blocked(asking, at)
            if refused is not None:
                return refused
            fresh = self._fresh(asking, probes, at)
            refused = self._over(asking, len(fresh), at)
            if refused is not None:
                return refused
            self._count(asking, fresh, at)
            alarms = tuple(self._watch(asking, list(fresh.values()), at))
            self._note(alarms)
            refused = self._blocked(asking, at) or Spent()
            return replace(refused, alarms=alarms)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, and one process at a time."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _digest(self, *words: str) -> bytes:
        return hmac.digest(self._secret, "\0".join(words).encode(), "sha256")[:16]

    def _blocked(self, asking: Asking, at: int) -> Spent | None:
        """The refusal of whoever raised an alarm not long ago."""
        scopes = [pair for pair in scopes_of(asking).items() if pair[0] in FACTORS]
        marks = ", ".join(["(?, ?)"] * len(scopes))
        found = self._db.execute(
            f"SELECT kind, until FROM alarms WHERE (scope, subject) IN (VALUES {marks})"  # noqa: S608 - question marks alone
            " AND until > ? ORDER BY until DESC LIMIT 1",
            (*(word for pair in scopes for word in pair), at),
        ).fetchone()
        if found is None:
            return None
        text = f"too many questions of one kind; free again at {_tell(found[1])}"
        return Spent(f"alarm.{found[0]}", text)

    def _fresh(self, asking: Asking, probes: Sequence[Probe], at: int) -> dict[bytes, Probe]:
        """The probes that this officer has not asked for this purpose within the time."""
        since = at - self.budgets.repeat_hours * 3_600
        officer = (asking.member, asking.officer, asking.purpose)
        digests = {self._digest("question", *officer, form_of(p)): p for p in probes}
        known = "SELECT 1 FROM seen WHERE question = ? AND at > ?"
        return {
            digest: probe
            for digest, probe in digests.items()
            if self._db.execute(known, (digest, since)).fetchone() is None
        }

    def _over(self, asking: Asking, count: int, at: int) -> Spent | None:
        """The refusal by the first limit that has no room for so many."""
        for limit in self.budgets.limit if count else ():
            subject = limit.subject_of(asking)
            free = self._free_at(limit, subject, count, at) if subject else at
            if free > at:
                text = f"{limit.limit} questions for each {limit.each} in one {limit.per} are used"
                return Spent(f"budget.{limit.name}", f"{text} up; free again at {_tell(free)}")
        return None

    def _free_at(self, limit: Limit, subject: str, count: int, at: int) -> int:
        """When a limit has room for so many; `at` where it has now.

        A slot counts until its newest question is out of the time, so that never more than the
        limit fit into any hour or day.
        """
        account = self._digest("account", limit.name, subject)
        query = "SELECT ends, count FROM spent WHERE account = ? AND ends > ? ORDER BY ends"
        slots = self._db.execute(query, (account, at)).fetchall()
        used = sum(n for _, n in slots)
        free = at
        for ends, n in slots:
            if used + count <= limit.limit:
                break
            used, free = used - n, ends
        # A batch that is larger than the whole limit never fits.
        return free if used + count <= limit.limit else at + _SPANS[limit.per]

    def _count(self, asking: Asking, fresh: dict[bytes, Probe], at: int) -> None:
        """Put the questions on every account that they are on."""
        self._db.executemany(
            "INSERT OR REPLACE INTO seen VALUES (?, ?)", [(digest, at) for digest in fresh]
        )
        for limit in self.budgets.limit if fresh else ():
            subject = limit.subject_of(asking)
            if subject:
                slot = at // _SLOTS[limit.per]
                ends = (slot + 1) * _SLOTS[limit.per] + _SPANS[limit.per]
                self._db.execute(
                    "INSERT INTO spent VALUES (?, ?, ?, ?) ON CONFLICT (account, slot)"
                    " DO UPDATE SET count = count + excluded.count",
                    (self._digest("account", limit.name, subject), slot, len(fresh), ends),
                )

    def _watch(self, asking: Asking, probes: list[Probe], at: int) -> Iterator[Alarm]:
        """Look for the signs of harvesting, for the officer, the unit and the member."""
        scopes = scopes_of(asking)
        for probe in probes:
            raised: set[str] = set()
            for scope in FACTORS:
                for kind, count in self._signs(scope, scopes.get(scope, ""), probe, at):
                    # The narrowest alone: a unit is not to blame for what one officer did.
                    if self._is_too_many(kind, scope, count) and kind not in raised:
                        raised.add(kind)
                        yield self._alarm(kind, scope, scopes[scope], count, at)

    def _is_too_many(self, kind: str, scope: str, count: int) -> bool:
        """Whether to raise an alarm: at each multiple, for one that was slept through."""
        most: int = getattr(self.budgets.alarms, kind)
        return count > 0 and count % (most * (1 if kind == "steps" else FACTORS[scope])) == 0

    def _alarm(self, kind: str, scope: str, subject: str, count: int, at: int) -> Alarm:
        alarms = self.budgets.alarms
        minutes = alarms.block_minutes if scope in alarms.blocks else 0
        return Alarm(at, kind, scope, subject, count, at + minutes * 60)

    def _signs(self, scope: str, subject: str, probe: Probe, at: int) -> Iterator[tuple[str, int]]:
        """Each sign with its count, 0 where this probe adds nothing to it."""
        if not subject:
            return
        # An officer and a unit can have the same name.
        who = f"{scope} {subject}"
        for place in places_of(probe):
            yield place.kind, self._runs.follow(who, place, at)
        for mark in marks_of(probe):
            yield mark.kind, self._mark(who, mark, at)

    def _mark(self, who: str, mark: Mark, at: int) -> int:
        """Remember a value for a day; return how many there are now, 0 where it was known."""
        thing = self._digest("thing", who, mark.kind, mark.of)
        value = self._digest("value", mark.value)
        known = "SELECT 1 FROM marks WHERE thing = ? AND value = ? AND at > ?"
        if self._db.execute(known, (thing, value, at - DAY_S)).fetchone():
            return 0
        self._db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (thing, value, at))
        count = "SELECT count(*) FROM marks WHERE thing = ? AND at > ?"
        return int(self._db.execute(count, (thing, at - DAY_S)).fetchone()[0])

    def _note(self, alarms: Sequence[Alarm]) -> None:
        """Write alarms down."""
        self._db.executemany(
            "INSERT INTO alarms VALUES (?, ?, ?, ?, ?, ?)", [astuple(alarm) for alarm in alarms]
        )

    def _tidy(self, at: int) -> None:
        """Forget what counts no more; alarms are kept."""
        if 0 <= at - self._tidied < TIDY_S:
            return
        self._tidied = at
        self._db.execute("DELETE FROM spent WHERE ends <= ?", (at,))
        self._db.execute("DELETE FROM seen WHERE at <= ?", (at - DAY_S,))
        self._db.execute("DELETE FROM marks WHERE at <= ?", (at - DAY_S,))


def read_alarms(path: Path) -> list[Alarm]:
    """Read the alarms of a node, oldest first, beside its running server.

    Raises:
        sqlite3.Error: The file is missing or something else.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT at, kind, scope, subject, count, until FROM alarms ORDER BY at")
        return [Alarm(*row) for row in rows]


def _tell(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
