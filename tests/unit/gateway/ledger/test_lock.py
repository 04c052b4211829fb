import os

import pytest

from gateway.ledger.errors import LedgerLockedError
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
