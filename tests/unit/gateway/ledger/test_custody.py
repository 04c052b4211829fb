"""Period keys: wrapped to custodians, opened by each of them alone, destroyed for ever."""

from __future__ import annotations

import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.custody import (
    Custodian,
    KeyFolder,
    make_key,
    read_base64,
    read_point,
    unwrap_key,
    wrap_key,
    write_base64,
    write_point,
)
from gateway.ledger.disk import Disk
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError

PRIVATE = {name: generate_private_key(SECP256R1()) for name in ("anna", "berik")}
CUSTODIANS = tuple(Custodian(name, key.public_key()) for name, key in PRIVATE.items())


@pytest.fixture
def key():
    return make_key("KAZ", "2026-11")


@pytest.fixture
def folder(tmp_path):
    return KeyFolder(tmp_path)


@pytest.mark.parametrize("name", PRIVATE)
def test_each_custodian_opens_the_key(key, name):
    assert unwrap_key(wrap_key(key, CUSTODIANS), name, PRIVATE[name]) == key


def test_nobody_else_opens_it(key):
    data = wrap_key(key, CUSTODIANS[:1])
    with pytest.raises(KeyUnavailableError, match="not wrapped to berik"):
        unwrap_key(data, "berik", PRIVATE["berik"])
    with pytest.raises(KeyUnavailableError, match="does not open"):
        unwrap_key(data, "anna", PRIVATE["berik"])


@pytest.mark.parametrize(
    ("name", "value"), [("authority", "TUR"), ("period", "2026-12"), ("id", "0" * 16)]
)
def test_wrapped_key_does_not_pass_for_another(key, name, value):
    stored = json.loads(wrap_key(key, CUSTODIANS))
    stored[name] = value
    with pytest.raises(KeyUnavailableError):
        unwrap_key(json.dumps(stored).encode(), "anna", PRIVATE["anna"])


@given(st.binary(max_size=200))
def test_what_is_no_wrapped_key_is_refused(data):
    with pytest.raises(KeyUnavailableError):
        unwrap_key(data, "anna", PRIVATE["anna"])


@pytest.mark.parametrize("change", [{"wrapped": []}, {"wrapped": {"anna": 1}}, {"more": 1}])
def test_wrapped_key_of_another_shape_is_refused(key, change):
    stored = {**json.loads(wrap_key(key, CUSTODIANS)), **change}
    with pytest.raises(KeyUnavailableError):
        unwrap_key(json.dumps(stored).encode(), "anna", PRIVATE["anna"])


def test_secret_is_in_no_text(key):
    data = wrap_key(key, CUSTODIANS)
    assert key.secret.hex() not in repr(key)
    assert write_base64(key.secret).encode() not in data
    assert key.secret not in data


def test_keys_are_kept_and_found(folder, key):
    folder.store(key, CUSTODIANS)
    folder.store(make_key("TUR", "2026-10"), CUSTODIANS)
    assert list(folder.present("KAZ")) == [("KAZ", "2026-11", key.id)]
    assert len(list(folder.present())) == 2
    assert unwrap_key(folder.read("KAZ", "2026-11", key.id), "anna", PRIVATE["anna"]) == key


def test_files_are_their_owners_alone(folder, key, tmp_path):
    folder.store(key, CUSTODIANS)
    assert (tmp_path / "keys" / key.file_name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_destroyed_keys_are_gone_and_others_stay(folder, tmp_path):
    old, now = make_key("KAZ", "2023-10"), make_key("KAZ", "2026-11")
    other = make_key("TUR", "2023-10")
    for each in (old, now, other):
        folder.store(each, CUSTODIANS)
    linked = tmp_path / "linked"
    os.link(tmp_path / "keys" / old.file_name, linked)
    before = linked.read_bytes()
    assert folder.destroy("KAZ", "2026-11") == [old.id]
    assert [number for _, _, number in folder.present()] == [now.id, other.id]
    with pytest.raises(KeyUnavailableError, match="not here any more"):
        folder.read("KAZ", "2023-10", old.id)
    assert linked.read_bytes() != before  # the bytes were overwritten, not only the name removed


def test_key_that_cannot_be_stored_stops(tmp_path, key):
    class Full(Disk):
        def write(self, fd, data):
            raise OSError(28, "No space left on device")

    with pytest.raises(LedgerUnavailableError):
        KeyFolder(tmp_path, Full()).store(key, CUSTODIANS)


def test_key_is_synced_before_it_is_used(tmp_path, key):
    done = []

    class Noting(Disk):
        def fdatasync(self, fd):
            done.append("file")
            super().fdatasync(fd)

        def fsync_dir(self, directory):
            done.append("folder")
            super().fsync_dir(directory)

    KeyFolder(tmp_path, Noting()).store(key, CUSTODIANS)
    assert done == ["file", "folder"]


def test_point_is_read_in_one_spelling_only():
    public = PRIVATE["anna"].public_key()
    text = write_base64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    assert read_point(text) == public
    for wrong in (text[:-1], text + "=", "A" * 87, "", text.replace(text[5], "é")):
        with pytest.raises(ValueError):  # noqa: PT011 - of several libraries
            read_point(wrong)


@given(st.binary(max_size=64))
def test_base64_round_trip(data):
    assert read_base64(write_base64(data)) == data


def test_point_comes_back():
    public = PRIVATE["anna"].public_key()
    text = write_point(public)
    assert len(text) == 87
    assert read_point(text) == public


def test_a_key_in_a_log_shows_no_secret(key):
    assert repr(key) == f"PeriodKey('KAZ', '2026-11', '{key.id}')"


def test_where_nothing_is_old_enough_nothing_is_destroyed(tmp_path, key):
    class Untouched(Disk):
        def fsync_dir(self, directory):
            raise AssertionError("nothing was removed")

    KeyFolder(tmp_path).store(key, CUSTODIANS)
    folder = KeyFolder(tmp_path, Untouched())
    assert folder.destroy("KAZ", "2026-11") == []
    assert folder.destroy("TUR", "9999-01") == []
    assert len(list(folder.present())) == 1


@pytest.mark.parametrize("call", ["open", "fdatasync", "fsync_dir"])
def test_key_that_cannot_be_destroyed_is_said_to_be_there(tmp_path, key, call):
    def fail(*_):
        raise OSError(5, "EIO of the disk")

    KeyFolder(tmp_path).store(key, CUSTODIANS)
    disk = Disk()
    setattr(disk, call, fail)
    with pytest.raises(LedgerUnavailableError, match="cannot be destroyed") as caught:
        KeyFolder(tmp_path, disk).destroy("KAZ", "9999-01")
    assert "EIO" not in str(caught.value)


def test_new_bytes_are_synced_before_the_name_goes(tmp_path, key):
    seen = []

    class Noting(Disk):
        def fdatasync(self, fd):
            seen.append(path.exists())
            super().fdatasync(fd)

        def fsync_dir(self, directory):
            seen.append(path.exists())
            super().fsync_dir(directory)

    KeyFolder(tmp_path).store(key, CUSTODIANS)
    path = tmp_path / "keys" / key.file_name
    KeyFolder(tmp_path, Noting()).destroy("KAZ", "9999-01")
    assert seen == [True, False]
