import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import Mark
from gateway.ledger.recovery import recover
from gateway.ledger.tiles import integrator as module
from gateway.ledger.tiles.catchup import Catchup
from gateway.ledger.tiles.integrator import Integrator
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.writer import Place, Writer
from tests.kit.logs import SIGNER, UnsyncedDisk, check, make_entries, write_log


def make_integrator(directory) -> Integrator:
    place = Place(directory, UnsyncedDisk(), 60_000)
    catchup = Catchup(directory, SIGNER.vkey)
    recover(directory, place.disk, catchup.watch)
    return Integrator(place, SIGNER, catchup)


def append(directory, count: int) -> None:
    place = Place(directory, UnsyncedDisk(), 60_000)
    position = recover(directory, place.disk).position
    writer = Writer(place, position, Mark(directory, place.disk))
    writer.commit(make_entries(count, position.next_index))
    writer.close(clean=True)


def test_what_is_published_is_what_is_stored_and_signed(tmp_path):
    for published in write_log(tmp_path, [5, 300, 700]):
        assert open_checkpoint(published.note, SIGNER.vkey).root == published.tree.root
    assert (tmp_path / "checkpoint").read_bytes() == published.note
    assert make_integrator(tmp_path).published == published
    assert check(tmp_path).findings == ()


def test_partial_files_go_when_the_full_one_is_signed(tmp_path):
    write_log(tmp_path, [5, 250])
    assert {p.name for p in (tmp_path / "tile/0/000.p").iterdir()} == {"5", "250"}
    write_log(tmp_path, [257])
    assert not (tmp_path / "tile/0/000.p").exists()
    assert not (tmp_path / "tile/entries/000.p").exists()
    assert (tmp_path / "tile/0/001.p/1").is_file()


def test_a_long_log_is_taken_in_by_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 256)
    write_log(tmp_path, [1, 1_500])
    assert check(tmp_path).size == 1_500


def test_more_entries_than_there_are_cannot_be_signed(tmp_path):
    write_log(tmp_path, [5])
    with pytest.raises(LedgerCorruptError, match="fewer than 6"):
        make_integrator(tmp_path).advance(6)


def test_a_checkpoint_that_changed_under_its_writer_is_not_replaced(tmp_path):
    old, _ = write_log(tmp_path, [5, 6])
    append(tmp_path, 1)
    integrator = make_integrator(tmp_path)
    (tmp_path / "checkpoint").write_bytes(old.note)
    with pytest.raises(LedgerCorruptError, match="was altered while"):
        integrator.advance(7)
    assert (tmp_path / "checkpoint").read_bytes() == old.note


def test_a_hash_that_fell_over_in_memory_is_not_signed(tmp_path):
    write_log(tmp_path, [5])
    append(tmp_path, 1)
    integrator = make_integrator(tmp_path)
    integrator._edge._levels[0][2] = bytes(32)
    note = (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(LedgerCorruptError):
        integrator.advance(6)
    assert (tmp_path / "checkpoint").read_bytes() == note


def test_an_entry_that_fell_over_in_memory_is_not_signed(tmp_path):
    write_log(tmp_path, [5])
    append(tmp_path, 2)
    integrator = make_integrator(tmp_path)
    add = integrator._edge.add
    integrator._edge.add = lambda entry: add(bytes([entry[0] ^ 1]) + entry[1:])
    with pytest.raises(LedgerCorruptError, match="not as the segments say"):
        integrator.advance(7)


def test_a_root_that_fell_over_in_memory_is_not_signed(tmp_path):
    write_log(tmp_path, [5])
    append(tmp_path, 1)
    integrator = make_integrator(tmp_path)
    tree = integrator._edge.tree()
    integrator._edge.tree = lambda: tree._replace(size=6, root=bytes(32))
    note = (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(LedgerCorruptError, match="not what was written"):
        integrator.advance(6)
    assert (tmp_path / "checkpoint").read_bytes() == note


def test_partial_files_that_no_checkpoint_covers_are_written_anew(tmp_path):
    """A writer that died before its first signature leaves them; the log has grown since."""
    write_log(tmp_path, [5])
    (tmp_path / "checkpoint").unlink()
    append(tmp_path, 1)
    make_integrator(tmp_path).advance(6)
    for kind in ("0", "entries"):
        assert [path.name for path in (tmp_path / "tile" / kind / "000.p").iterdir()] == ["6"]
    assert check(tmp_path).findings == ()
