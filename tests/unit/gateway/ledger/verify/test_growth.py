import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.verify.growth import check_growth
from gateway.ledger.verify.stored import Stored
from tests.kit.logs import copy_log, make_entries, write_log

SIZES = [200, 300, 700]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    return directory, [published.tree for published in write_log(directory, SIZES)]


def test_growth_gives_the_root(log):
    directory, trees = log
    for old in trees:
        entries = make_entries(700 - old.size, old.size)
        assert check_growth(Stored(directory, 700), old, entries) == trees[-1].root


@pytest.mark.parametrize("name", ["0/001", "0/002.p/188", "1/000.p/2", "entries/001"])
def test_a_turned_bit_is_found_wherever_it_is(log, tmp_path, name):
    directory = copy_log(log[0], tmp_path / "log")
    path = directory / "tile" / name
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(LedgerCorruptError):
        check_growth(Stored(directory, 700), log[1][1], make_entries(400, 300))


def test_entries_that_the_segments_do_not_have_are_found(log):
    wrong = make_entries(400, 300)
    wrong[100] = b"{}"
    for entries in (wrong, wrong[:-1], []):
        with pytest.raises(LedgerCorruptError, match="not as the segments say"):
            check_growth(Stored(log[0], 700), log[1][1], entries)


def test_another_past_than_the_signed_one_is_found(log):
    old = log[1][1]._replace(root=bytes(32))
    with pytest.raises(LedgerCorruptError, match="do not continue the checkpoint of 300"):
        check_growth(Stored(log[0], 700), old, make_entries(400, 300))
