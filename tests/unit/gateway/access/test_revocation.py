"""A member's list is replaced as a whole, holds what it may hold, and forgets what is over."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta

import pytest

from gateway.access import revocation as module
from gateway.access.errors import RevocationFileError, TokenRevokedError
from gateway.access.revocation import (
    TOKEN_LIFE,
    Revocations,
    RevokedKind,
    gather,
    make_entry,
    read_revocations,
    require_not_revoked,
    require_value,
    revoke,
    undo,
)
from gateway.clock import SystemClock

DIGEST = "ab" * 32
VALUES = {
    RevokedKind.TOKEN: "token-1",
    RevokedKind.OFFICER: "officer-1",
    RevokedKind.CERTIFICATE: DIGEST,
    RevokedKind.MEMBER: "KAZ",
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "revocations.toml"


def test_missing_list_revokes_nothing(path):
    assert read_revocations(path) == ()
    assert gather((), SystemClock().now()) == Revocations()


@pytest.mark.parametrize("kind", RevokedKind)
def test_what_is_revoked_is_read_again_and_can_be_undone(path, world, kind):
    entry = make_entry(kind, VALUES[kind], "lost", world.clock)
    assert revoke(path, entry, world.clock)
    assert read_revocations(path) == (entry,)
    assert not revoke(path, entry, world.clock)
    assert undo(path, kind, VALUES[kind], world.clock)
    assert not undo(path, kind, VALUES[kind], world.clock)
    assert read_revocations(path) == ()


@pytest.mark.parametrize("kind", RevokedKind)
def test_requester_is_held_against_each_kind(world, kind):
    requester = world.verifier.verify(world.token())
    value = {
        RevokedKind.TOKEN: requester.token_id,
        RevokedKind.OFFICER: requester.officer,
        RevokedKind.CERTIFICATE: requester.certificate_sha256.hex(),
        RevokedKind.MEMBER: "KAZ",
    }[kind]
    now = world.clock.now()
    others = {k: v for k, v in VALUES.items() if k is not RevokedKind.MEMBER}
    entries = [make_entry(k, f"{v[:-1]}0", "", world.clock) for k, v in others.items()]
    require_not_revoked(gather(entries, now), requester)
    with pytest.raises(TokenRevokedError) as caught:
        require_not_revoked(gather([make_entry(kind, value, "", world.clock)], now), requester)
    assert value not in str(caught.value)


def test_token_leaves_the_list_when_it_cannot_live_any_more(path, world):
    revoke(path, make_entry(RevokedKind.TOKEN, "t", "lost", world.clock), world.clock)
    revoke(path, make_entry(RevokedKind.OFFICER, "o", "left", world.clock), world.clock)
    world.clock.advance((TOKEN_LIFE - timedelta(seconds=1)).total_seconds())
    assert gather(read_revocations(path), world.clock.now()).tokens == {"t"}
    world.clock.advance(1)
    assert gather(read_revocations(path), world.clock.now()).tokens == frozenset()
    revoke(path, make_entry(RevokedKind.OFFICER, "p", "left", world.clock), world.clock)
    assert [entry.value for entry in read_revocations(path)] == ["o", "p"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (RevokedKind.TOKEN, ""),
        (RevokedKind.TOKEN, "t" * 65),
        (RevokedKind.OFFICER, "a\nb"),
        (RevokedKind.CERTIFICATE, DIGEST.upper()),
        (RevokedKind.CERTIFICATE, DIGEST[:-2]),
        (RevokedKind.CERTIFICATE, "zz" * 32),
    ],
)
def test_value_that_such_an_entry_cannot_name_is_refused(kind, value):
    with pytest.raises(ValueError, match="must be"):
        require_value(kind, value)


ROW = '[[revoked]]\nkind = "token"\nvalue = "t"\nreason = ""\nsince = "2026-01-01T00:00:00Z"\n'
BROKEN = {
    "no TOML": "[[revoked",
    "another table": '[allowed]\nvalue = "x"\n',
    "no list": 'revoked = "t"\n',
    "an unknown kind": ROW.replace("token", "unit"),
    "an unknown key": ROW + 'unitl = "2026-01-01T00:00:00Z"\n',
    "no value": ROW.replace("value", "# value"),
    "a number": ROW.replace('"t"', "7"),
    "no digest": ROW.replace("token", "certificate"),
    "a time without zone": ROW.replace("00Z", "00"),
    "no time": ROW.replace("2026-01-01T00:00:00Z", "yesterday"),
    "a row that is none": "revoked = [1]\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_list_that_does_not_hold_is_refused_as_a_whole(path, text):
    path.write_text(ROW + text if text.startswith("[[revoked]]") else text, encoding="utf-8")
    with pytest.raises(RevocationFileError) as caught:
        read_revocations(path)
    assert caught.value.name == "revocations.toml"


def test_line_of_a_wrong_row_is_named(path):
    path.write_text(ROW + ROW.replace("token", "unit"), encoding="utf-8")
    with pytest.raises(RevocationFileError) as caught:
        read_revocations(path)
    assert caught.value.line == 6


def test_list_that_is_no_text_or_too_large_is_refused(path):
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RevocationFileError):
        read_revocations(path)
    path.write_bytes(b"#" * (module.MAX_FILE + 1))
    with pytest.raises(RevocationFileError):
        read_revocations(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(RevocationFileError):
        read_revocations(path)


def test_list_that_would_not_fit_into_a_notice_is_refused(path, world, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 20)
    revoke(path, make_entry(RevokedKind.OFFICER, "o" * 16, "left", world.clock), world.clock)
    before = path.read_bytes()
    with pytest.raises(RevocationFileError, match="too many"):
        revoke(path, make_entry(RevokedKind.OFFICER, "p", "left", world.clock), world.clock)
    assert path.read_bytes() == before


def test_folder_that_is_not_there_is_named(tmp_path, world):
    entry = make_entry(RevokedKind.OFFICER, "o", "left", world.clock)
    with pytest.raises(RevocationFileError, match="folder"):
        revoke(tmp_path / "none" / "revocations.toml", entry, world.clock)


def test_list_that_cannot_be_written_stays_as_it_was(path, world, monkeypatch):
    clock = world.clock
    revoke(path, make_entry(RevokedKind.OFFICER, "o", "left", clock), clock)
    before = path.read_bytes()

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", fail)
    with pytest.raises(RevocationFileError, match="No space"):
        revoke(path, make_entry(RevokedKind.OFFICER, "p", "left", clock), clock)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["revocations.toml"]


def _revoke_some(path, first):
    for number in range(first, first + 10):
        clock = SystemClock()
        revoke(path, make_entry(RevokedKind.OFFICER, f"o{number}", "left", clock), clock)


def test_two_that_write_at_once_lose_nothing(path):
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_revoke_some, args=(path, first)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert len(read_revocations(path)) == 20
    assert [each.name for each in path.parent.iterdir()] == ["revocations.toml"]
