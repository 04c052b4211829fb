"""Destroyed keys are entries first; the whole runs in tests/integration/test_cli_keeping.py."""

from __future__ import annotations

import pytest

from gateway.auditing.retention import destroy_keys
from gateway.ledger.custody import KeyFolder, make_key
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError


class Recorder:
    """Writes, or cannot."""

    def __init__(self, folder, *, works=True):
        self.folder, self.works, self.seen = folder, works, []

    async def write_all(self, kind, many):
        if not self.works:
            raise LedgerUnavailableError("no")
        self.seen += [(fact["key_id"], list(KeyFolder(self.folder).present())) for fact in many]


@pytest.fixture
def key(tmp_path):
    made = make_key("KAZ", "2026-01")
    KeyFolder(tmp_path).store(made, [])
    return made.authority, made.period, made.id


async def test_entry_comes_before_the_key_is_gone(tmp_path, key):
    recorder = Recorder(tmp_path)
    await destroy_keys(recorder, tmp_path, [key])
    assert recorder.seen == [(key[2], [key])]
    assert not list(KeyFolder(tmp_path).present())
    with pytest.raises(KeyUnavailableError):
        await destroy_keys(recorder, tmp_path, [key])


async def test_what_cannot_be_recorded_is_not_destroyed(tmp_path, key):
    with pytest.raises(LedgerUnavailableError):
        await destroy_keys(Recorder(tmp_path, works=False), tmp_path, [key])
    assert list(KeyFolder(tmp_path).present()) == [key]
    await destroy_keys(Recorder(tmp_path, works=False), tmp_path, [])
