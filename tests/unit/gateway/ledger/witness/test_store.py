from __future__ import annotations

import pytest

from gateway.ledger.errors import LedgerCorruptError, LedgerLockedError
from gateway.ledger.witness.state import Fault
from gateway.ledger.witness.store import Store
from tests.kit.logs import SIGNER, UnsyncedDisk, write_log
from tests.kit.witnesses import other_signer

NAME = SIGNER.vkey.name


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory", UnsyncedDisk())
    yield store
    store.close()
    store.close()


def test_the_last_checkpoint_is_kept(store, tmp_path):
    assert store.read(SIGNER.vkey) is None
    for published in write_log(tmp_path / "log", [3, 9]):
        store.keep(NAME, published.note)
        assert store.read(SIGNER.vkey) == published.tree
    assert store.read(other_signer("another").vkey) is None


def test_what_is_not_its_logs_is_no_memory(store, tmp_path):
    (published,) = write_log(tmp_path / "log", [3])
    store.keep(NAME, published.note)
    with pytest.raises(LedgerCorruptError):
        store.read(other_signer().vkey)


def test_the_first_fork_stays_and_the_newest_of_the_rest(store, tmp_path):
    for note in (b"one", b"two"):
        for fault in Fault:
            store.accuse(NAME, note, fault)
    kept = {p.suffix: p.read_bytes() for p in (tmp_path / "memory").glob("*.log_*")}
    assert kept == {
        ".log_forked": b"one",
        ".log_rolled_back": b"two",
        ".log_inconsistent": b"two",
    }


def test_there_is_one_writer_and_nobody_else_may_look(store, tmp_path):
    assert (tmp_path / "memory").stat().st_mode & 0o777 == 0o700
    with pytest.raises(LedgerLockedError):
        Store(tmp_path / "memory", UnsyncedDisk())
