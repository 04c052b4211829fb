"""`kalkan revoke` changes the list of one member, and says what has changed."""

from __future__ import annotations

import hashlib

import pytest
from typer.testing import CliRunner

from gateway.access.authority import Authority
from gateway.access.revocation import RevokedKind, read_revocations
from gateway.cli.main import app
from gateway.clock import SystemClock

SETTINGS = """member = "KAZ"
listen = "127.0.0.1:0"
federation = "federation.toml"
certificate = "c"
key = "k"
answer_key = "a"
index_key = "i"
policy = "p"
ledger = "l"
ledger_key = "k"
index = "x"
banks = []
"""


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "nodes" / "KAZ"
    folder.mkdir(parents=True)
    (folder / "node.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(home):
    def run(*words, member="KAZ"):
        where = ("--home", str(home), "--member", member)
        return CliRunner().invoke(app, ["revoke", *words, *where])

    return run


def entries(home):
    return read_revocations(home / "nodes" / "KAZ" / "revocations.toml")


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        (("token", "t-1"), RevokedKind.TOKEN, "t-1"),
        (("officer", "o-1"), RevokedKind.OFFICER, "o-1"),
        (("certificate", "AB:" * 31 + "AB"), RevokedKind.CERTIFICATE, "ab" * 32),
        (("member",), RevokedKind.MEMBER, "KAZ"),
    ],
)
def test_each_kind_is_written_and_undone(run, home, words, kind, value):
    done = run(*words, "--reason", "lost")
    assert (done.exit_code, done.stdout) == (0, f"{kind} {value}: revoked\n")
    assert [(e.kind, e.value, e.reason) for e in entries(home)] == [(kind, value, "lost")]
    assert "already" in run(*words, "--reason", "lost").stdout
    assert "no longer" in run(*words, "--undo").stdout
    assert entries(home) == ()
    assert "was not" in run(*words, "--undo").stdout


def test_certificate_is_read_from_its_file(run, home, tmp_path):
    issued = Authority.create("f", SystemClock()).issue_client("KAZ", "desk")
    (tmp_path / "desk.pem").write_bytes(issued.certificate)
    assert run("certificate", str(tmp_path / "desk.pem"), "--reason", "lost").exit_code == 0
    assert entries(home)[0].value == hashlib.sha256(issued.der).hexdigest()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("officer", "o-1"), "--reason"),
        (("token", "x" * 65, "--reason", "lost"), "64"),
        (("certificate", "abc", "--reason", "lost"), "SHA-256"),
    ],
)
def test_what_cannot_be_revoked_is_told(run, home, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert entries(home) == ()


def test_file_that_is_no_certificate_is_told(run, tmp_path):
    (tmp_path / "desk.pem").write_text("none", encoding="utf-8")
    result = run("certificate", str(tmp_path / "desk.pem"), "--reason", "lost")
    assert (result.exit_code, "not a certificate" in result.output) == (2, True)


def test_list_of_another_member_is_not_touched(run, home):
    (home / "nodes" / "TUR").symlink_to(home / "nodes" / "KAZ")
    result = run("officer", "o", "--reason", "lost", member="TUR")
    assert (result.exit_code, "node of KAZ" in result.output) == (2, True)
    assert entries(home) == ()
