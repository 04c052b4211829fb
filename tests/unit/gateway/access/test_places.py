"""Files that operators write: which place a refusal names, and who may read what is written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.access.budgets import parse_budgets
from gateway.access.cases import read_cases
from gateway.access.errors import (
    BudgetFileError,
    FederationFileError,
    KeyFileError,
    PolicyFileError,
    RevocationFileError,
    StopFileError,
)
from gateway.access.federation import Federation, read_federation, write_federation
from gateway.access.keys import read_secret, write_secret
from gateway.access.revocation import (
    RevokedKind,
    make_entry,
    read_revocations,
    revoke,
    undo,
)
from gateway.access.stops import KINDS, read_stops
from gateway.access.toml import line_of


def test_the_first_of_two_faults_is_named():
    with pytest.raises(BudgetFileError, match=r"alarms\.steps"):
        parse_budgets(b"[alarms]\nsteps = 1\nblock = 1\n", "budgets.toml")


def test_the_first_of_two_faults_of_an_example_is_named():
    text = (
        '[[case]]\nname = "a"\nmember = "UZB"\nroles = []\npurpose = "terrorism"\n'
        'bank = "KAZ/persons"\nprobe = 1\nexpect = "all"\n'
    )
    with pytest.raises(PolicyFileError) as caught:
        read_cases(text, "cases.toml")
    assert caught.value.key == "case.0.probe"


@pytest.mark.parametrize("kind", KINDS)
def test_stop_of_another_form_is_told_how_it_is_written(kind, tmp_path):
    path = tmp_path / "stops.toml"
    path.write_text(f'[[stop]]\nkind = "{kind}"\nvalue = "%"\n')
    with pytest.raises(StopFileError, match=f"{kind} must be "):
        read_stops(path)


def test_reason_of_a_stop_is_as_long_as_it_may_be_and_no_longer(tmp_path):
    path = tmp_path / "stops.toml"
    path.write_text(f'[[stop]]\nkind = "member"\nvalue = "KAZ"\nreason = "{"r" * 200}"\n')
    assert len(read_stops(path).stops) == 1
    path.write_text(path.read_text().replace("rr", "rrr", 1))
    with pytest.raises(StopFileError, match="at most 200"):
        read_stops(path)


def test_line_that_is_no_toml_is_named(world, tmp_path):
    path = tmp_path / "federation.toml"
    write_federation(world.federation, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "wrong", *lines[3:]]))
    with pytest.raises(FederationFileError) as caught:
        read_federation(path)
    assert caught.value.line == 4


@pytest.mark.parametrize("ring", ["token_keys", "answer_keys"])
def test_key_that_another_ring_has_is_named_where_it_is(world, ring):
    update = {ring: (world.receipt_key.public_key,)}
    first, second = world.federation.members
    members = (first, second.model_copy(update=update))
    with pytest.raises(ValidationError) as caught:
        Federation.model_validate({**dict(world.federation), "members": members})
    (fault,) = caught.value.errors()
    assert fault["ctx"]["error"].place[:3] == ("members", 1, ring)


def test_names_in_quotes_and_letters_at_their_ends_are_found():
    assert line_of("[x]\nx = 1\n[box.taxx]\nbox = 2\n", ("box", "taxx", "box")) == 4
    assert line_of("[\"a\"]\n'x' = 1\n", ("a", "x")) == 2


def test_what_was_not_on_the_list_is_told_as_such(world, tmp_path):
    assert undo(tmp_path / "revoked.toml", RevokedKind.OFFICER, "k-17", world.clock) is False


def test_list_is_for_its_owner_and_group_and_on_the_disk_before_its_folder(
    world, tmp_path, monkeypatch
):
    written = []
    fsync = os.fsync

    def note(handle):
        written.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    path = tmp_path / "revoked.toml"
    entry = make_entry(RevokedKind.OFFICER, "k-17", "left", world.clock)
    assert revoke(path, entry, world.clock) is True
    assert [each.parent for each in written] == [tmp_path, tmp_path.parent]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_row_that_is_no_entry_is_told_how_they_are_written(tmp_path):
    path = tmp_path / "revoked.toml"
    path.write_text("[[revoked]]\nkind = 7\n")
    with pytest.raises(RevocationFileError, match=r"as `kalkan revoke` writes them$"):
        read_revocations(path)


def test_key_file_is_as_large_as_it_may_be_and_no_larger(tmp_path):
    path = tmp_path / "a.key"
    path.write_bytes(b"k" * 16_384)
    path.chmod(0o600)
    assert len(read_secret(path)) == 16_384
    path.write_bytes(b"k" * 16_385)
    with pytest.raises(KeyFileError, match="larger than 16384 bytes"):
        read_secret(path)


def test_folders_of_keys_are_for_their_owner_alone(tmp_path):
    write_secret(tmp_path / "a" / "b" / "c.key", b"k")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b", "a/b/c.key")]
    assert modes == [0o700, 0o700, 0o600]


def test_file_without_a_key_is_told_by_its_name_alone():
    error = StopFileError("stops.toml", "cannot be read")
    assert (str(error), error.key, error.line) == ("stops.toml: cannot be read", "", 0)
