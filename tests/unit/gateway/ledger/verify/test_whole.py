import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.whole import POLL_S, examine, settle_after
from tests.kit.logs import ORIGIN, SIGNER, check, copy_log, write_log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    return directory, write_log(directory, [300, 700])


def told(directory) -> list[str]:
    return [each.removeprefix(f"{directory}/") for each in check(directory).findings]


def test_a_whole_log_is_sound(log):
    report = check(log[0])
    assert report.sound
    assert (report.origin, report.size, report.entries) == (ORIGIN, 700, 700)


def test_a_copy_without_segments_is_sound(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    for path in (*directory.glob("*.log"), directory / "mark"):
        path.unlink()
    assert (check(directory).sound, check(directory).entries) == (True, 0)


def test_another_key_is_told(log):
    other = Signer(ORIGIN, Ed25519PrivateKey.generate()).vkey
    report = examine(log[0], other, lambda holds: holds())
    assert [each.partition(": ")[2] for each in report.findings] == [
        "no signature of a key that is known"
    ]
    assert report.origin == ""


def test_a_missing_checkpoint_is_told_and_the_segments_are_checked_still(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "checkpoint").unlink()
    assert told(directory) == ["checkpoint: the file is missing"]
    (directory / "00000000.log").write_bytes(b"x")
    assert len(told(directory)) > 1


def test_an_older_checkpoint_is_told(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "checkpoint").write_bytes(log[1][0].note)
    assert told(directory) == ["checkpoint: covers 300 of 700 entries"]
    (directory / "mark").unlink()
    assert "no checkpoint covers it" in told(directory)[0]


def test_lost_segments_are_told(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    max(directory.glob("*.log")).unlink()
    assert any("of 700 entries are there" in each for each in check(directory).findings)


def test_a_damaged_mark_is_told(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "mark").write_bytes(bytes(16))
    assert told(directory) == ["mark: the mark is damaged"]


def test_a_checkpoint_that_comes_in_time_is_no_fault(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "checkpoint").write_bytes(log[1][0].note)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        (directory / "checkpoint").write_bytes(log[1][1].note)

    assert examine(directory, SIGNER.vkey, settle_after(1.0, sleep)).sound
    assert slept == [POLL_S]


def test_patience_ends():
    slept = []
    assert not settle_after(1.0, slept.append)(lambda: False)
    assert len(slept) == 10


def test_a_signed_root_that_is_not_that_of_the_entries_is_told(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    forged = SIGNER.sign(str(Checkpoint(ORIGIN, 700, bytes(32))))
    (directory / "checkpoint").write_bytes(forged.encode())
    assert told(directory) == ["checkpoint: the root is not that of the entries"]
