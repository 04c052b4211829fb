"""`kalkan policy` over the files of a federation, without any server."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from tests.kit.world import build_world

ASKING = """
@id("kaz.asking.all")
permit (principal, action, resource);

@id("kaz.asking.georgia")
@text("Not to be told.")
@contact("Desk")
forbid (principal, action, resource) when { resource.owner == "GEO" };
"""
CASES = """
[[case]]
name = "property is another office's"
member = "TUR"
roles = ["investigator"]
purpose = "stolen_property"
bank = "KAZ/persons"
probe = "document"
expect = "refused"
rule = "kaz.secret"
"""
NARROW = """
@id("kaz.terrorism")
permit (principal, action, resource)
when { context.purpose == Kalkan::Purpose::"terrorism" };
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("policy") / "home"
    build_world(home)
    node = home / "nodes" / "KAZ"
    (node / "asking.cedar").write_text(ASKING, encoding="utf-8")
    settings = (node / "node.toml").read_text(encoding="utf-8")
    (node / "node.toml").write_text(settings + 'asking = "asking.cedar"\n', encoding="utf-8")
    return home


@pytest.fixture
def run(home):
    def call(*words):
        return CliRunner().invoke(app, ["policy", *words, "--home", str(home)])

    return call


def explain(run, *words, bank="TUR/persons", purpose="terrorism"):
    return run("explain", "--member", "KAZ", "--bank", bank, "--purpose", purpose, *words)


def test_explain_names_what_each_layer_says(run):
    done = explain(run)
    assert done.exit_code == 0, done.output
    for part in ("baseline.purposes", "kaz.asking.all", "tur.all", "holds at most: record"):
        assert part in done.output


def test_explain_names_the_rule_that_refuses_with_text_and_contact(run):
    done = explain(run, bank="GEO/persons")
    assert done.exit_code == 4
    for part in ("Refused by kaz.asking.georgia", "Not to be told.", "Ask: Desk"):
        assert part in done.output
    assert "baseline.offence" in explain(run, "--no-offence").output
    assert "tur.secret" in explain(run, "--probe", "document", purpose="stolen_property").output


def test_explain_says_which_policy_is_not_here(run, home):
    (home / "nodes" / "TUR" / "node.toml").rename(home / "away.toml")
    try:
        done = explain(run, "--json")
    finally:
        (home / "away.toml").rename(home / "nodes" / "TUR" / "node.toml")
    told = json.loads(done.output)
    assert (told["permitted"], told["owner_known"]) == (True, False)
    assert told["layers"][2]["says"] == "unknown"


def test_explain_of_a_single_name(run):
    done = explain(run, "--fields", "name")
    assert done.exit_code == 4
    assert "baseline.single_name" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--probe", "thought"), "choose one of person"),
        (("--category", "king"), "king"),
    ],
)
def test_wrong_words_are_wrong_usage(run, words, told):
    done = explain(run, *words)
    assert done.exit_code == 2
    assert told in done.output


def test_unknown_member_is_wrong_usage(run):
    done = run("explain", "--member", "XXX", "--bank", "TUR/persons", "--purpose", "terrorism")
    assert done.exit_code == 2
    assert "XXX is not a member" in done.output


def test_examples_tell_what_comes_out_otherwise(run, tmp_path):
    cases = tmp_path / "cases.toml"
    cases.write_text(CASES, encoding="utf-8")
    done = run("test", str(cases), "--node", "KAZ")
    assert done.exit_code == 0, done.output
    assert "1 of 1 examples come out as written" in done.output
    cases.write_text(CASES.replace('"refused"', '"record"'), encoding="utf-8")
    done = run("test", str(cases), "--node", "KAZ")
    assert done.exit_code == 1
    assert "refused (kaz.secret)" in done.output
    done = run("test", str(cases), "--node", "KAZ", "--json")
    assert json.loads(done.output)["expected"] == "record"


def test_check_shows_what_a_new_text_changes(run, tmp_path):
    new = tmp_path / "new.cedar"
    new.write_text(NARROW, encoding="utf-8")
    done = run("check", "--node", "KAZ", "--search", str(new))
    assert done.exit_code == 0, done.output
    assert "The policies hold." in done.output
    assert "refused: kaz.default" in done.output
    done = run("check", "--node", "KAZ", "--search", str(new), "--json")
    changes = [json.loads(line) for line in done.output.splitlines()]
    assert {change["action"] for change in changes} == {"search"}
    assert all("terrorism" not in change["where"]["purpose"] for change in changes)


def test_check_of_what_is_in_force_changes_nothing(run):
    done = run("check", "--node", "KAZ")
    assert done.exit_code == 0
    assert done.output.count(": 0 of ") == 3


def test_check_of_a_text_that_does_not_hold_names_the_place(run, tmp_path):
    new = tmp_path / "new.cedar"
    new.write_text(NARROW.replace("terrorism", "religion"), encoding="utf-8")
    done = run("check", "--node", "KAZ", "--search", str(new))
    assert done.exit_code == 2
    assert "kaz:2" in done.output


def test_replay_needs_a_day(run):
    done = run("replay", "--node", "KAZ", "--since", "yesterday")
    assert done.exit_code == 2
    assert "write a day" in done.output


def test_it_must_be_said_whose_policy_is_meant(run):
    done = run("check")
    assert done.exit_code == 2
    assert "--node KAZ" in done.output
