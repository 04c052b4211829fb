"""A scorecard says how each clause ended, and its exit code what to do next."""

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from gateway.cli import checking
from gateway.cli.checking import Choice, _choose_clauses, _exit_of, _read_subject, _show_card
from gateway.cli.exits import CommandError, Exit
from gateway.cli.main import app
from gateway.cli.screen import Screen
from gateway.conformance.clause import Clause, State, Verdict
from gateway.conformance.score import list_clauses
from gateway.errors import SettingsError
from tests.kit.world import build_world

CLAUSE = Clause("N01", "Refuses everybody.", None, safety=True)
KEPT = Verdict(CLAUSE, State.KEPT)
BROKEN = Verdict(CLAUSE, State.BROKEN, "somebody was answered\x1b[2J")
UNTRIED = Verdict(CLAUSE, State.UNTRIED, "tell what the bank holds: --name")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build_world(tmp_path_factory.mktemp("world") / "home", ("KAZ", "TUR"))


def choice(world, **changes):
    values = {
        "address": "",
        "member": "KAZ",
        "bank": "",
        "home": world.home,
        "as_name": "officer",
        "hub_settings": None,
        "token_key": None,
        "names": (),
        "documents": (),
        "purpose": "terrorism",
        "case": "T-1",
        "patience_s": 1.0,
    }
    return Choice(**{**values, **changes})


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([KEPT, KEPT], Exit.HIT),
        ([KEPT, UNTRIED], Exit.INCOMPLETE),
        ([KEPT, UNTRIED, BROKEN], Exit.NO_HIT),
    ],
)
def test_exit_code_tells_broken_from_untried(verdicts, code):
    assert _exit_of(verdicts) is code


def test_clauses_are_chosen_by_number():
    assert [c.number for c in _choose_clauses(["n30", "N01"])] == ["N30", "N01"]
    assert _choose_clauses([]) == list(list_clauses())
    with pytest.raises(CommandError, match="N99"):
        _choose_clauses(["N99"])


def test_subject_comes_of_home_and_choice(world):
    found = _read_subject(
        choice(world, bank="persons", names=("A B",), documents=("N1234567",), address="h:1")
    )
    assert (found.member.code, found.bank, found.address) == ("KAZ", "KAZ/persons", "h:1")
    assert [probe.WhichOneof("probe") for probe in found.known] == ["person", "document"]
    assert found.caller.requester.officer == "officer"
    at_home = _read_subject(choice(world, member="TUR", bank="TUR/other"))
    assert (at_home.bank, at_home.address) == ("TUR/other", world.federation.member("TUR").node)


def test_subject_needs_a_member(world):
    with pytest.raises(SettingsError, match="--member"):
        _read_subject(choice(world, member="", address="h:1"))


@pytest.mark.parametrize(("seconds", "limit"), [("-1", "0"), ("20.1", "20"), ("nan", "20")])
def test_patience_leaves_a_question_a_deadline_that_a_node_takes(seconds, limit):
    """With more of it a node that refuses deadlines above 30 s would be told to be wrong."""
    said = CliRunner().invoke(app, ["node", "check", "h:1", "--patience", seconds])
    assert said.exit_code == Exit.USAGE
    assert f"'--patience': Input should be {'greater' if limit == '0' else 'less'}" in said.output
    assert f"equal to {limit} " in said.output


def test_card_shows_every_clause_and_no_escape_sequence(world):
    out = io.StringIO()
    _show_card(Screen(Console(file=out)), _read_subject(choice(world)), [KEPT, BROKEN, UNTRIED])
    text = out.getvalue()
    assert "The node of KAZ at 127.0.0.1" in text
    assert "[safety: somebody was answered" in text
    assert "\x1b" not in text
    assert "1 kept, 1 broken, 1 untried" in text


def test_verdict_is_written_as_json(capsys):
    checking._write_verdict(BROKEN)
    told = json.loads(capsys.readouterr().out)
    assert (told["event"], told["number"], told["state"]) == ("clause", "N01", "broken")
    assert told["safety"] is True
