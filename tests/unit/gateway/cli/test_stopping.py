"""`kalkan stop` writes the file that a server follows, and nothing when it is misused."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gateway.access.stops import read_stops
from gateway.cli.main import app
from tests.kit.world import build_world


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return build_world(tmp_path_factory.mktemp("stop") / "home", ("KAZ",)).home


@pytest.fixture
def run(home):
    def run(*words):
        return CliRunner().invoke(app, ["stop", *words, "--home", str(home)])

    yield run
    for folder in ("hub", "nodes/KAZ"):
        (home / folder / "stops.toml").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("where", "folder"), [(("--hub",), "hub"), (("--node", "kaz"), "nodes/KAZ")]
)
def test_stop_list_and_lift(run, home, where, folder):
    done = run("officer=KAZ/k-17", "purpose=terrorism", *where, "--reason", "token lost")
    assert done.exit_code == 0, done.output
    assert done.output == "stopped officer=KAZ/k-17\nstopped purpose=terrorism\n"
    stops = read_stops(home / folder / "stops.toml").stops
    assert stops["officer", "KAZ/k-17"].reason == "token lost"
    assert stops["officer", "KAZ/k-17"].since
    shown = run("--list", *where)
    assert "officer=KAZ/k-17" in shown.output
    assert "token lost" in shown.output
    lines = run("--list", "--json", *where).output.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["officer", "purpose"]
    assert run("officer=KAZ/k-17", "--lift", *where).exit_code == 0
    assert list(read_stops(home / folder / "stops.toml").stops) == [("purpose", "terrorism")]


def test_nothing_is_stopped_at_first(run):
    assert run("--list", "--hub").output == "nothing is stopped\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("member=KAZ",), "say where"),
        (("member=KAZ", "--hub", "--node", "KAZ"), "say where"),
        (("member=KAZ", "--node", "QQQ"), "is not there"),
        (("--hub",), "say what"),
        (("member=kaz", "--hub"), "member must be"),
        (("country=KAZ", "--hub"), "kind must be one of"),
        (("purpose=politics", "--hub"), "purpose must be one of"),
        (("member=TUR", "--hub", "--lift"), "is not stopped here"),
        (("member=TUR", "--hub", "--reason", "x" * 201), "at most 200"),
    ],
)
def test_misuse_is_told_and_changes_nothing(run, home, words, said):
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.output
    assert read_stops(home / "hub" / "stops.toml").stops == {}


def test_file_that_is_wrong_is_told(run, home):
    (home / "hub" / "stops.toml").write_text("[[stop")
    for words in (("--list",), ("member=KAZ",)):
        done = run(*words, "--hub")
        assert done.exit_code == 2
        assert "is not TOML" in done.output


def test_bank_that_is_in_no_file_is_stopped_and_told(run, home):
    """It can be a hidden one, or a slip that would stop nothing."""
    slip = run("bank=KAZ/person", "bank=KAZ/persons", "--node", "KAZ")
    assert slip.exit_code == 0
    assert ("bank", "KAZ/person") in read_stops(home / "nodes/KAZ/stops.toml").stops
    assert "note: KAZ/person is in no federation file" in slip.output
    assert "KAZ/persons is in no" not in slip.output
    assert "note" not in run("bank=KAZ/person", "--lift", "--node", "KAZ").output


def test_stop_waits_for_no_federation_file(run, home):
    path = home / "federation.toml"
    kept = path.read_bytes()
    path.unlink()
    try:
        done = run("bank=KAZ/person", "--node", "KAZ")
    finally:
        path.write_bytes(kept)
    assert (done.exit_code, done.output) == (0, "stopped bank=KAZ/person\n")
