"""What a witness has found is there after a restart, or the node says that it is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.witness.state import Fault
from gateway.witnessing.memory import Found, Memory, Remembered

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEPT = Remembered((Found("log.example", Fault.FORKED, NOON),), ("ab" * 32,))


def test_what_was_kept_is_read_again(tmp_path):
    folder = tmp_path / "not" / "yet"
    assert Memory(folder).read() == Remembered()
    Memory(folder).write(KEPT)
    assert Memory(folder).read() == KEPT
    Memory(folder).write(Remembered())
    assert Memory(folder).read() == Remembered()
    assert (folder / "found").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("log_forked", "log_eaten"),
        ('"alarms"', '"alarm"'),
        ("Z", ""),
        ('"log.example"', "5"),
        ('"abab', '"x'),
        ("{", ""),
    ],
)
def test_file_that_is_not_what_was_written_is_told(tmp_path, old, new):
    Memory(tmp_path).write(KEPT)
    path = tmp_path / "found" / "alarms.json"
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LedgerCorruptError, match=r"alarms\.json"):
        Memory(tmp_path).read()
