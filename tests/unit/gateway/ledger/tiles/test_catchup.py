import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import Mark
from gateway.ledger.segments import START, Walk
from gateway.ledger.tiles.catchup import Catchup
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.writer import Place, Writer
from tests.kit.logs import ORIGIN, SIGNER, make_entries, write_log


def catch_up(directory, key=SIGNER.vkey) -> Catchup:
    catchup = Catchup(directory, key)
    walk = Walk(directory)
    for frame in walk:
        catchup.watch(frame, walk.position)
    return catchup


def test_a_new_log_begins_at_its_beginning(tmp_path):
    catchup = Catchup(tmp_path, SIGNER.vkey)
    catchup.require_whole()
    assert (catchup.note, catchup.signed.size, catchup.position) == (b"", 0, START)


def test_it_stands_where_the_checkpoint_ends(tmp_path):
    old, new = write_log(tmp_path, [300, 400])
    catchup = catch_up(tmp_path)
    catchup.require_whole()
    assert (catchup.note, catchup.signed, catchup.edge.tree()) == (new.note, new.tree, new.tree)
    assert catchup.position.next_index == 400
    (tmp_path / "checkpoint").write_bytes(old.note)
    catchup = catch_up(tmp_path)
    catchup.require_whole()
    assert catchup.position.next_index == 300


def test_a_checkpoint_larger_than_the_log_is_refused(tmp_path):
    write_log(tmp_path, [300])
    with pytest.raises(LedgerCorruptError, match="covers 300 entries, the log has only 0"):
        Catchup(tmp_path, SIGNER.vkey).require_whole()


def test_a_checkpoint_of_another_key_or_none_is_refused(tmp_path):
    write_log(tmp_path, [3])
    other = Signer(ORIGIN, Ed25519PrivateKey.generate())
    with pytest.raises(LedgerCorruptError, match="start with the key that signed it"):
        Catchup(tmp_path, other.vkey)
    (tmp_path / "checkpoint").write_bytes(b"nonsense")
    with pytest.raises(LedgerCorruptError, match="checkpoint: a note is"):
        Catchup(tmp_path, SIGNER.vkey)


def test_a_log_that_was_written_anew_is_refused(tmp_path):
    write_log(tmp_path / "old", [300])
    write_log(tmp_path / "new", [1, 300])
    entries = make_entries(300, first=1)
    for path in (tmp_path / "new").glob("*.log"):
        path.unlink()
    place = Place(tmp_path / "new", Disk(), 60_000)
    mark = Mark(place.directory, place.disk)
    writer = Writer(place, START, mark)
    writer.commit(entries)
    writer.close(clean=True)
    with pytest.raises(LedgerCorruptError, match="not of the 300 entries that the log begins with"):
        catch_up(tmp_path / "new").require_whole()


def test_tiles_of_another_log_are_refused(tmp_path):
    write_log(tmp_path, [300])
    tile = tmp_path / "tile/0/000"
    data = bytearray(tile.read_bytes())
    data[-1] ^= 1
    tile.write_bytes(data)
    partial = tmp_path / "tile/1/000.p/1"
    partial.write_bytes(bytes(32))
    with pytest.raises(LedgerCorruptError, match="not of the tiles that lie beside it"):
        catch_up(tmp_path).require_whole()
