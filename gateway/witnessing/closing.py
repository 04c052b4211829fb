"""Alarms that somebody has looked into: a file that `kalkan audit close` adds to.

The node follows it, as it follows its stops: the command needs no way into a running server, and
what was closed while the server stood still is taken over when it starts. Nothing is ever taken
out of the file; a closing is for what was found before it, so what is found later is open again.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from gateway.access.toml import write_toml
from gateway.errors import SettingsError
from gateway.ledger.witness.state import Fault

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE: Final = 1_048_576
"""Largest file in bytes."""
MAX_WHO: Final = 64
MAX_REASON: Final = 200
_MAX_LOG: Final = 255


@dataclass(frozen=True, slots=True)
class Closing:
    """One alarm that is closed.

    Attributes:
        alarm: What was wrong, a word of `Fault`.
        log: The origin of the log that it was about.
        by: Who closed it, a pseudonym of 1 to 64 characters.
        reason: Why, 1 to 200 characters.
        time: When, RFC 3339 in UTC.

    Raises:
        ValueError: One of them is not so.
    """

    alarm: str
    log: str
    by: str
    reason: str
    time: str

    def __post_init__(self) -> None:
        limits = {"log": _MAX_LOG, "by": MAX_WHO, "reason": MAX_REASON}
        for name, most in limits.items():
            text = getattr(self, name).strip()
            if not text or len(text) > most or not text.isprintable():
                raise ValueError(f"{name}: 1 to {most} printable characters are needed")
        Fault(self.alarm)
        if self.moment.utcoffset() != timedelta(0):
            raise ValueError("time: write it in UTC")

    @property
    def moment(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.time)


def read_closings(path: Path) -> list[Closing]:
    """Read the file, oldest first; nothing where there is none.

    Raises:
        SettingsError: It cannot be read or does not hold.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read: {exc.strerror}") from None
    if len(data) > MAX_FILE:
        raise SettingsError(f"{path}: is larger than {MAX_FILE} bytes")
    try:
        table = tomllib.loads(data.decode())
        closings = [_read(one) for one in table.pop("closed", [])]
        _require_nothing(table)
    except (ValueError, TypeError, AttributeError):
        raise SettingsError(f"{path}: holds [[closed]] tables as the command writes them") from None
    return closings


def _require_nothing(table: dict[str, Any]) -> None:
    if table:
        raise ValueError("another table")


def _read(table: dict[str, Any]) -> Closing:
    if table.keys() != {item.name for item in fields(Closing)}:
        raise ValueError("another key")
    return Closing(**table)


def add_closing(path: Path, closing: Closing) -> None:
    """Add one; durable on return.

    Raises:
        SettingsError: The file cannot be written.
    """
    block = "\n" + write_toml({"closed": [asdict(closing)]})
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be written: {exc.strerror}") from None
