"""A copy is the ledger as its checkpoint says; going back is refused; more in integration."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger import backup
from gateway.ledger.backup import back_up, put_back
from gateway.ledger.blobs import BlobFolder
from gateway.ledger.custody import Custodian, KeyFolder, make_key
from gateway.ledger.errors import (
    LedgerCorruptError,
    LedgerLockedError,
    RollbackError,
    SignatureRejectedError,
)
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.mark import Mark, read_mark
from gateway.ledger.read import check_chain, read_stored
from gateway.ledger.recovery import recover
from gateway.ledger.segments import list_segments
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.tlog.merkle import EMPTY
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.whole import examine
from gateway.ledger.writer import Place, Writer
from tests.kit.logs import SIGNER as LOG_SIGNER
from tests.kit.logs import UnsyncedDisk, check, write_log

LOG_KEY = LOG_SIGNER.vkey
CUSTODIAN = Custodian("anna", generate_private_key(SECP256R1()).public_key())
SIGNER = Signer("kalkan.example/test/HUB", Ed25519PrivateKey.generate())
KEY = SIGNER.vkey


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ledger"


@pytest.fixture
def grow(folder, clock, make_entry):
    """Append entries and wait for the checkpoint that covers them."""

    async def grow(count, first=0):
        ledger = await Ledger.open(folder, clock, signer=SIGNER, limits=Limits(segment_bytes=4_000))
        try:
            entries = [make_entry(0, count=first + number) for number in range(count)]
            for entry in entries:
                last = await ledger.append(entry)
            await ledger.covered(last)
        finally:
            await ledger.close()

    return grow


def same(folder, copy):
    return list(read_stored(folder)) == list(read_stored(copy))


@pytest.mark.parametrize("count", [1, 40, 256, 300])
async def test_copy_verifies_by_itself(folder, grow, tmp_path, count):
    await grow(count)
    copy = tmp_path / "copy"
    assert back_up(folder, KEY, copy) == count
    assert same(folder, copy)
    assert read_mark(copy) == count == check_chain(copy)
    assert examine(copy, KEY, lambda covers: covers()).sound


async def test_whole_copy_is_put_back(folder, grow, tmp_path):
    await grow(40)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    assert put_back(copy, folder, KEY) == 0
    assert same(folder, copy)
    await grow(5, 40)
    assert check_chain(folder) == 45


async def test_older_copy_is_refused_by_mark_and_by_checkpoint(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    await grow(5, 10)
    for gone in ("mark", "checkpoint"):
        kept = (folder / gone).read_bytes()
        (folder / gone).unlink()
        with pytest.raises(RollbackError, match="5 entries"):
            put_back(copy, folder, KEY)
        (folder / gone).write_bytes(kept)
    assert put_back(copy, folder, KEY, accept_loss=True) == 5
    assert check_chain(folder) == 10
    assert check_chain(folder.with_name("ledger-before-1")) == 15


async def test_copy_with_other_entries_is_refused(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    shutil.rmtree(folder)
    await grow(8, first=100)
    with pytest.raises(RollbackError, match="entry 0"):
        put_back(copy, folder, KEY)


async def test_damaged_ledger_is_replaced_by_its_copy(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    path = folder / "00000000.log"
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.write_bytes(data)
    assert put_back(copy, folder, KEY) == 0
    assert check_chain(folder) == 10


async def test_copy_is_put_back_where_nothing_is_left(folder, grow, tmp_path):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    shutil.rmtree(folder)
    assert put_back(copy, folder, KEY) == 0
    assert check_chain(folder) == 10


async def test_nothing_is_put_under_a_running_writer_nor_by_another_key(
    folder, grow, tmp_path, clock
):
    await grow(10)
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    other = Signer(KEY.name, Ed25519PrivateKey.generate()).vkey
    with pytest.raises(SignatureRejectedError):
        put_back(copy, folder, other)
    with pytest.raises(SignatureRejectedError):
        back_up(folder, other, tmp_path / "other")
    ledger = await Ledger.open(folder, clock)
    try:
        with pytest.raises(LedgerLockedError):
            put_back(copy, folder, KEY)
    finally:
        await ledger.close()


@pytest.fixture
def before_each(monkeypatch):
    """Do something before each file that a copy takes of a ledger."""

    def hook(act):
        copy = backup._copy

        def copy_late(source, target):
            act(source)
            copy(source, target)

        monkeypatch.setattr(backup, "_copy", copy_late)

    return hook


def test_tile_that_becomes_whole_while_it_is_copied_is_no_gap(tmp_path, before_each):
    """The writer removes the partial file of a tile when the full one is signed."""
    folder = tmp_path / "ledger"
    write_log(folder, [200])
    sizes = iter([300])
    before_each(lambda _: [write_log(folder, [size]) for size in sizes])
    assert back_up(folder, LOG_KEY, tmp_path / "copy") == 300
    assert same(folder, tmp_path / "copy")
    assert check(tmp_path / "copy").sound


def test_ledger_that_grew_since_its_checkpoint_was_read_is_no_gap(tmp_path, monkeypatch):
    folder = tmp_path / "ledger"
    write_log(folder, [200])
    sizes = iter([300])

    def open_late(note, key):
        checkpoint = open_checkpoint(note, key)
        for size in sizes:
            write_log(folder, [size])
        return checkpoint

    monkeypatch.setattr(backup, "open_checkpoint", open_late)
    assert back_up(folder, LOG_KEY, tmp_path / "copy") == 300
    assert check(tmp_path / "copy").sound


def test_tiles_that_never_stay_are_told(tmp_path, before_each):
    folder = tmp_path / "ledger"
    write_log(folder, [200])
    sizes = iter(range(300, 30_000, 256))
    before_each(lambda path: path.parent.suffix and write_log(folder, [next(sizes)]))
    with pytest.raises(LedgerCorruptError, match="do not stay long enough"):
        back_up(folder, LOG_KEY, tmp_path / "copy")


@pytest.mark.parametrize("count", [1, 255, 256, 257, 300, 512, 600])
def test_copy_has_the_tiles_of_its_checkpoint_and_no_others(tmp_path, count):
    folder = tmp_path / "ledger"
    write_log(folder, [count, 700])
    (published,) = write_log(tmp_path / "alone", [count])
    (folder / "checkpoint").write_bytes(published.note)
    for path in (tmp_path / "alone/tile").rglob("*"):  # what went when the log grew
        target = folder / path.relative_to(tmp_path / "alone")
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    assert back_up(folder, LOG_KEY, tmp_path / "copy") == count
    assert files(tmp_path / "copy") == files(tmp_path / "alone")
    assert check(tmp_path / "copy").sound


def files(folder):
    """The tiles under a folder with their bytes."""
    paths = sorted((folder / "tile").rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() for p in paths if p.is_file()}


def append(folder, entries, segment_bytes):
    """Append entries that no checkpoint covers yet."""
    disk = UnsyncedDisk()
    place = Place(folder, disk, segment_bytes)
    writer = Writer(place, recover(folder, disk).position, Mark(folder, disk))
    for entry in entries:
        writer.commit([entry])
    writer.close(clean=True)


def test_what_no_checkpoint_covers_yet_is_known_by_the_mark(tmp_path, make_entry):
    folder = tmp_path / "ledger"
    write_log(folder, [10])
    back_up(folder, LOG_KEY, tmp_path / "copy")
    append(folder, [make_entry(0, count=number).encode() for number in range(3)], 60_000)
    with pytest.raises(RollbackError, match="3 entries"):
        put_back(tmp_path / "copy", folder, LOG_KEY)
    assert check_chain(folder) == 13


def test_copy_ends_where_its_checkpoint_does(tmp_path, make_entry):
    """What the writer has appended since lies in the same segment and in later ones."""
    folder = tmp_path / "ledger"
    write_log(folder, [100])
    append(folder, [make_entry(0, count=number).encode() for number in range(20)], 60_000)
    assert len(list_segments(folder)) == 1
    append(folder, [make_entry(0, count=number).encode() for number in range(80)], 4_000)
    assert len(list_segments(folder)) > 2
    assert back_up(folder, LOG_KEY, tmp_path / "copy") == 100
    assert list(read_stored(tmp_path / "copy")) == list(read_stored(folder))[:100]
    assert len(list_segments(tmp_path / "copy")) == 1
    assert check(tmp_path / "copy").sound


def test_ledger_without_entries_is_copied(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    note = LOG_SIGNER.sign(str(Checkpoint(LOG_KEY.name, 0, EMPTY.root))).encode()
    (folder / "checkpoint").write_bytes(note)
    (folder / "00000000.log").touch()
    assert back_up(folder, LOG_KEY, tmp_path / "copy") == 0
    assert (tmp_path / "copy/checkpoint").read_bytes() == note
    assert list(read_stored(tmp_path / "copy")) == []
    assert read_mark(tmp_path / "copy") == 0


def test_ledger_that_ends_before_its_checkpoint_is_not_copied(tmp_path):
    folder = tmp_path / "ledger"
    write_log(folder, [100])
    for path in (folder / "00000000.log", folder / "mark"):
        path.unlink()
    with pytest.raises(LedgerCorruptError, match="ends before its checkpoint"):
        back_up(folder, LOG_KEY, tmp_path / "copy")


def test_target_that_is_there_is_left_alone(tmp_path):
    write_log(tmp_path / "ledger", [10])
    (tmp_path / "copy").mkdir()
    with pytest.raises(FileExistsError):
        back_up(tmp_path / "ledger", LOG_KEY, tmp_path / "copy")
    assert list((tmp_path / "copy").iterdir()) == []


@pytest.fixture
def beside(folder):
    """Put keys and a blob beside a ledger."""

    def beside(*authorities):
        for authority in authorities:
            KeyFolder(folder).store(make_key(authority, "2026-11"), [CUSTODIAN])
        BlobFolder(folder).store(b"a large part")

    return beside


def shown(folder):
    """All files of a folder with their bytes and what others may do with them."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o077)
        for path in paths
    }


async def test_wrapped_keys_and_blobs_are_copied_and_come_back(folder, grow, beside, tmp_path):
    await grow(10)
    beside("KAZ", "TUR")
    before = {name: data for name, data in shown(folder).items() if name[:4] in {"keys", "blob"}}
    assert len(before) == 3
    copy = tmp_path / "copy"
    back_up(folder, KEY, copy)
    assert before.items() <= shown(copy).items()
    assert {mode for _, mode in shown(copy).values()} == {0}
    shutil.rmtree(folder)
    put_back(copy, folder, KEY)
    assert before.items() <= shown(folder).items()
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_key_that_is_destroyed_in_the_moment_of_the_copy_is_not_in_it(
    folder, grow, beside, tmp_path, before_each
):
    await grow(10)
    beside("KAZ", "TUR")
    ((_, period, number),) = KeyFolder(folder).present("TUR")
    before_each(lambda path: path.match("KAZ*") and KeyFolder(folder).remove("TUR", period, number))
    back_up(folder, KEY, tmp_path / "copy")
    assert [key[0] for key in KeyFolder(tmp_path / "copy").present()] == ["KAZ"]
    assert len(list((tmp_path / "copy/blobs").iterdir())) == 1


async def test_key_that_was_destroyed_after_the_copy_does_not_come_back(
    folder, grow, beside, tmp_path
):
    await grow(10)
    beside("KAZ", "TUR")
    back_up(folder, KEY, tmp_path / "copy")
    KeyFolder(folder).remove(*next(iter(KeyFolder(folder).present("TUR"))))
    put_back(tmp_path / "copy", folder, KEY)
    assert [key[0] for key in KeyFolder(folder).present()] == ["KAZ"]


async def test_what_was_there_is_kept_each_time(folder, grow, tmp_path):
    await grow(10)
    back_up(folder, KEY, tmp_path / "copy")
    for _ in range(2):
        put_back(tmp_path / "copy", folder, KEY)
    for number in (1, 2):
        assert check_chain(folder.with_name(f"ledger-before-{number}")) == 10


async def test_ledger_that_is_put_back_keeps_its_mark(folder, grow, tmp_path):
    """Who cuts it afterwards is found out, as before."""
    await grow(10)
    back_up(folder, KEY, tmp_path / "copy")
    shutil.rmtree(folder)
    put_back(tmp_path / "copy", folder, KEY)
    assert read_mark(folder) == 10
    (folder / "00000000.log").write_bytes(b"")
    with pytest.raises(LedgerCorruptError, match="of 10"):
        check_chain(folder)


async def test_copy_and_what_is_put_back_are_on_the_medium_when_they_are_told(
    folder, grow, beside, tmp_path, monkeypatch
):
    await grow(300)
    beside("KAZ")
    synced = set()

    def note(sync):
        def noted(fd):
            synced.add(Path(f"/proc/self/fd/{fd}").readlink())
            sync(fd)

        return noted

    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, note(getattr(os, name)))
    back_up(folder, KEY, tmp_path / "copy")
    assert everything(tmp_path / "copy") <= synced
    synced.clear()
    put_back(tmp_path / "copy", folder, KEY)
    assert everything(folder) <= synced


def everything(folder):
    return {folder.parent, folder, *folder.rglob("*")}
