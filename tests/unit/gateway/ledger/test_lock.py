import os

import pytest

from gateway.ledger.errors import LedgerLockedError, LedgerUnavailableError
from gateway.ledger.lock import acquire_lock, release_lock


def test_lock_refuses_a_second_writer_until_it_is_given_back(tmp_path):
    first = acquire_lock(tmp_path)
    with pytest.raises(LedgerLockedError, match=f"process {os.getpid()}$"):
        acquire_lock(tmp_path)
    release_lock(first)
    release_lock(acquire_lock(tmp_path))


def test_lock_names_no_process_when_none_is_written(tmp_path):
    first = acquire_lock(tmp_path)
    (tmp_path / "lock").write_bytes(b"")
    with pytest.raises(LedgerLockedError, match="process unknown"):
        acquire_lock(tmp_path)
    release_lock(first)


def test_an_error_of_the_system_while_the_lock_is_given_back_is_the_ledger_s(tmp_path):
    lock = acquire_lock(tmp_path)
    os.close(lock)
    with pytest.raises(LedgerUnavailableError, match="could not be closed in order"):
        release_lock(lock)
