"""What a witness has found wrong with logs and nobody has closed, in a file that survives restarts.

The ledger tells all of it too, but a node that starts must not read years of it. The file has a
folder of its own: that of the checkpoints has one writer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from gateway.ledger.disk import Disk
from gateway.ledger.entry import format_time
from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.tiles.files import write_files
from gateway.ledger.witness.state import Fault

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "found"
"""Below the folder of the witness."""
_FILE: Final = "alarms.json"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a log has done wrong.

    Attributes:
        log: The origin of the log.
        fault: What.
        time: When it was found first, in UTC.
    """

    log: str
    fault: Fault
    time: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """All that is kept.

    Attributes:
        alarms: Those that are open, oldest first.
        told: Digests of what is in the ledger already, in hexadecimal, the newest last.
    """

    alarms: tuple[Found, ...] = ()
    told: tuple[str, ...] = field(default=())


class Memory:
    """The file of one witness; its node alone writes it."""

    def __init__(self, folder: Path) -> None:
        """Keep it below the folder of the witness."""
        self._folder = folder / FOLDER

    def read(self) -> Remembered:
        """Read what was kept; nothing before the first.

        Raises:
            LedgerCorruptError: The file is not what was written.
        """
        path = self._folder / _FILE
        try:
            stored = json.loads(path.read_bytes())
            alarms = tuple(_read(one) for one in stored["alarms"])
            return Remembered(alarms, tuple(bytes.fromhex(one).hex() for one in stored["told"]))
        except FileNotFoundError:
            return Remembered()
        except (OSError, ValueError, TypeError, KeyError):
            # Whatever is wrong, it must not pass for "nothing was found".
            raise LedgerCorruptError(f"{path}: is not what a witness has found") from None

    def write(self, kept: Remembered) -> None:
        """Keep all of it instead of what was there; durable on return.

        Raises:
            OSError: It is not known what is durable.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        alarms = [
            {"log": one.log, "alarm": one.fault, "time": format_time(one.time)}
            for one in kept.alarms
        ]
        data = json.dumps({"alarms": alarms, "told": kept.told}, indent=1).encode()
        write_files(Disk(), self._folder, [(_FILE, data)])


def _read(stored: Any) -> Found:  # noqa: ANN401 - decoded JSON
    time = datetime.fromisoformat(stored["time"])
    if time.utcoffset() != timedelta(0) or not isinstance(stored["log"], str):
        raise ValueError("not an alarm")
    return Found(stored["log"], Fault(stored["alarm"]), time)
