"""How proofs and checkpoints are told. Over the wire and on disk: tests/integration."""

from __future__ import annotations

import io
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from rich.console import Console

from gateway.access.witnesses import Witnessing
from gateway.cli import proofs
from gateway.cli.audit import Checkpoint, Prove
from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import Opened
from gateway.cli.screen import Screen
from gateway.ledger.tlog.hashing import hash_leaf, root_of
from gateway.ledger.tlog.merkle import consistency_path
from gateway.receipts.proof import Checkpoints, Given
from tests.kit.receipts import open_press
from tests.kit.world import build_world


class Source:
    """A server that gives what it was told to give."""

    def __init__(self):
        self.given, self.found, self.hashes = [], Checkpoints(b"", b"", 0, 2), ()

    async def proofs(self, index, search_id):
        return self.given

    async def checkpoints(self):
        return self.found

    async def consistency(self, old, new):
        return self.hashes


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    world = build_world(tmp_path_factory.mktemp("world"), witnessing=Witnessing(quorum=2))
    return open_press(world)


@pytest.fixture
def source(press, monkeypatch):
    source = Source()

    @asynccontextmanager
    async def open_source(options):
        yield Opened(source, press.federation, "HUB")

    monkeypatch.setattr(proofs, "open_source", open_source)
    return source


@pytest.fixture
def shown(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(proofs, "Screen", lambda: Screen(Console(file=out, width=200)))
    return out


def given_of(press, *witnesses):
    file = press.prove(press.sign(press.receipt()), witnesses=witnesses)
    return Given(1, file.entry, file.proof, len(witnesses), 2)


PROVED = (("KAZ", "TUR"), Exit.HIT, "witnessed")
ALONE = (("KAZ",), Exit.INCOMPLETE, "pending")


@pytest.mark.parametrize("case", [PROVED, ALONE])
def test_the_federation_file_decides_what_is_proved(press, source, shown, case):
    witnesses, code, word = case
    source.given = [given_of(press, *witnesses)]
    assert proofs.show_proofs(Prove(index=1)) is code
    told = " ".join(shown.getvalue().split())
    assert f"{word} 2 {len(witnesses)}, 2 are needed" in told


def test_what_is_pending_and_what_is_wrong_is_told(press, source, shown, capsys):
    good = given_of(press, "KAZ", "TUR")
    source.given = [replace(good, proof=b"", signed=1)]
    assert proofs.show_proofs(Prove(index=1)) is Exit.INCOMPLETE
    assert "1, 2 are needed" in shown.getvalue()
    for wrong in (
        replace(good, proof=good.proof.replace(b"index 1", b"index 0")),
        replace(good, entry=good.entry.replace(b"no_hit", b"faulty")),
    ):
        source.given = [wrong]
        assert proofs.show_proofs(Prove(index=1)) is Exit.NO_HIT
        assert proofs.show_proofs(Prove(index=1, as_json=True)) is Exit.NO_HIT
        assert '"state": "wrong"' in capsys.readouterr().out
    assert "wrong: entry 1: " in shown.getvalue()


def test_an_entry_that_nobody_asked_for_proves_nothing(press, source, shown):
    source.given = [given_of(press, "KAZ", "TUR")]
    assert proofs.show_proofs(Prove(index=2)) is Exit.NO_HIT
    assert "another entry was asked for" in shown.getvalue()
    assert proofs.show_proofs(Prove(search="0" * 32)) is Exit.NO_HIT


def test_wrong_usage_is_told(source, tmp_path):
    for options in (Prove(), Prove(index=1, search="ab"), Prove(index=1, to=tmp_path)):
        with pytest.raises(CommandError):
            proofs.show_proofs(options)
    with pytest.raises(CommandError, match="no checkpoint"):
        proofs.show_checkpoint(Checkpoint())


def test_proofs_are_written_for_other_tools(press, source, shown, tmp_path):
    good = given_of(press, "KAZ", "TUR")
    source.given = [good]
    proofs.show_proofs(Prove(index=1, to=tmp_path / "out"))
    assert (tmp_path / "out" / "1.tlog-proof").read_bytes() == good.proof
    assert (tmp_path / "out" / "1.json").read_bytes() == good.entry


def test_a_remembered_checkpoint_must_be_continued(press, source, shown, tmp_path):
    path = tmp_path / "hub.checkpoint"
    note, _ = press.checkpoint(b"entry", ("KAZ", "GEO"))
    source.found = Checkpoints(note, note, 2, 2)
    options = Checkpoint(remember=path)
    assert proofs.show_checkpoint(options) is Exit.HIT
    assert proofs.show_checkpoint(options) is Exit.HIT
    assert "continues the one of 2 entries" in shown.getvalue()
    other, _ = press.checkpoint(b"another history", ("KAZ", "GEO"))
    source.found = Checkpoints(other, other, 2, 2)
    leaves = [hash_leaf(b"first"), hash_leaf(b"entry")]
    source.hashes = consistency_path(1, 2, lambda a, b: root_of(leaves[a:b]))
    assert proofs.show_checkpoint(options) is Exit.NO_HIT
    assert path.read_bytes() == note


def test_without_a_quorum_a_checkpoint_is_pending(press, source, shown, capsys):
    note, _ = press.checkpoint(b"entry", ("KAZ",))
    source.found = Checkpoints(note, b"", 1, 2)
    assert proofs.show_checkpoint(Checkpoint()) is Exit.INCOMPLETE
    assert "1 of 2 witnesses have signed the newest" in shown.getvalue()
    assert proofs.show_checkpoint(Checkpoint(as_json=True)) is Exit.INCOMPLETE
    assert '"state": "pending"' in capsys.readouterr().out
