"""`kalkan audit` against running servers: followed, exported, keys listed, proved."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import duckdb
import pytest

from gateway.cli.tour import read_star


@pytest.fixture(scope="module")
def home(federation):
    return ("--home", str(federation.home))


@pytest.fixture(scope="module")
def search(kalkan, home):
    """Ask the hub for a person; return the search's number."""

    def search(case="w-1"):
        star = read_star()
        why = ("--purpose", "terrorism", "--category", "suspect", "--case", case)
        words = ("--ask", "KAZ", *why, "--json", *home)
        done = kalkan("search", "person", star.latin, "--birth", star.birth, *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[1])["search_id"]

    return search


@pytest.fixture(scope="module")
def searched(search):
    return search()


HUB = ("--as", "auditor", "--at", "hub")
NODE = ("--as", "custodian", "--at", "KAZ")


@pytest.mark.parametrize(("where", "as_json"), [(HUB, True), (NODE, False)])
def test_a_running_server_is_followed_until_ctrl_c(search, searched, home, where, as_json):
    command = [sys.executable, "-m", "gateway.cli.main", "audit", "tail", *home]
    words = ["-n", "1", "-f", *where, *(["--json"] if as_json else [])]
    follower = subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        seen = "" if as_json else follower.stdout.readline()  # its headings
        first = follower.stdout.readline()
        later = search("w-2")
        kinds = []
        while kinds != ["INTENT", "OUTCOME"]:
            line = follower.stdout.readline()
            assert line, follower.stderr.read()
            seen += line
            found = json.loads(line) if as_json else {}
            of_it = found.get("search_id") == later if as_json else later[:8] in line
            if of_it:
                kinds.append(found["kind"] if as_json else line.split()[2])
    finally:
        follower.send_signal(signal.SIGINT)
        _, errors = follower.communicate(timeout=60)
    assert follower.returncode == 130
    assert "Traceback" not in errors
    star = read_star()
    for word in (*star.latin.split(), star.birth, star.passport):
        assert word not in first + seen


def test_following_is_for_auditors(kalkan, home):
    done = kalkan("audit", "tail", "-f", "--as", "officer", *home)
    assert done.returncode == 4
    assert "for auditors" in done.stderr


@pytest.mark.parametrize("name", ["hub.jsonl", "node.csv", "node.parquet"])
def test_export_asks_the_server(kalkan, home, searched, tmp_path, name):
    path, where = tmp_path / name, HUB if name.startswith("hub") else NODE
    words = (*where, "--search", searched, "--to", str(path), *home)
    done = kalkan("audit", "export", *words)
    assert done.returncode == 0, done.stderr
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT kind, search_id FROM '{path}' ORDER BY \"index\"")
        rows = [(kind, str(number).replace("-", "")) for kind, number in found.fetchall()]
    assert rows == [("INTENT", searched), ("OUTCOME", searched)]
    assert "2 entries" in path.with_name(f"{path.name}.notice.txt").read_text()


def test_export_opens_with_a_custodians_key_over_the_wire(kalkan, home, searched, tmp_path):
    path, folder = tmp_path / "out.jsonl", home[1]
    key = f"{folder}/custodians/KAZ/duty.key"
    words = (*NODE, "--search", searched, "--kind", "INTENT", "--to", str(path), *home)
    done = kalkan("audit", "export", *words, "--key", key, "--reason", "inspection")
    assert done.returncode == 0, done.stderr
    assert json.loads(path.read_text())["opened"]["case"] == "w-1"


@pytest.mark.parametrize("at", ["hub", "KAZ"])
def test_keys_are_listed_for_their_member(kalkan, home, searched, at):
    done = kalkan("audit", "keys", "--as", "custodian", "--at", at, "--json", *home)
    assert done.returncode == 0, done.stderr
    keys = [json.loads(line) for line in done.stdout.splitlines()]
    assert {key["authority"] for key in keys} == {"KAZ"}
    table = kalkan("audit", "keys", "--as", "custodian", "--at", at, *home).stdout
    assert re.search(r"^20\d\d-\d\d +KAZ +[1-9]", table, re.MULTILINE)


def test_keys_are_for_their_own_member_and_not_for_officers(kalkan, home, searched):
    # The federation is shared with other tests, which may have asked for the auditor's own member.
    done = kalkan("audit", "keys", "--as", "auditor", "--json", *home)
    assert done.returncode in {0, 1}, done.stderr
    assert {json.loads(line)["authority"] for line in done.stdout.splitlines()} <= {"RCC"}
    assert kalkan("audit", "keys", "--as", "officer", *home).returncode == 4


def read_witnessed(kalkan, *words):
    """Run until what it tells is witnessed: who signs may be slow."""
    while True:
        done = kalkan(*words)
        assert done.returncode in {0, 3}, done.stdout + done.stderr
        found = [json.loads(line) for line in done.stdout.splitlines()]
        if {one["state"] for one in found} == {"witnessed"}:
            assert done.returncode == 0, done.stdout + done.stderr
            return found


@pytest.mark.parametrize("where", [HUB, NODE, ()])
def test_entries_are_proved(kalkan, home, searched, tmp_path, where):
    found = read_witnessed(kalkan, "audit", "prove", "--search", searched, "--json", *where, *home)
    assert [one["kind"] for one in found] == ["INTENT", "OUTCOME"]
    assert {(one["state"], one["needed"]) for one in found} == {("witnessed", 2)}
    assert all(len(one["witnesses"]) >= 2 for one in found)
    folder = tmp_path / "proofs"
    words = ("audit", "prove", str(found[0]["index"]), "--to", str(folder), *where, *home)
    done = kalkan(*words)
    assert done.returncode == 0, done.stderr
    assert "witnessed" in done.stdout
    index = found[0]["index"]
    assert {path.name for path in folder.iterdir()} == {f"{index}.json", f"{index}.tlog-proof"}
    assert kalkan(*words).returncode == 2  # nothing is overwritten


def test_what_is_to_be_proved_is_named(kalkan, home, searched):
    assert kalkan("audit", "prove", *home).returncode == 2
    assert kalkan("audit", "prove", "0", "--search", searched, *home).returncode == 2
    done = kalkan("audit", "prove", "--search", "0" * 32, "--as", "auditor", *home)
    assert done.returncode == 2


@pytest.mark.parametrize("where", [("--as", "border", "--at", "TUR"), ()])
def test_a_checkpoint_is_remembered_and_continued(kalkan, home, search, tmp_path, where):
    path = tmp_path / "hub.checkpoint"
    words = ("audit", "checkpoint", "--remember", str(path), "--json", *where, *home)
    search()
    first = kalkan(*words)
    assert first.returncode == 0, first.stdout + first.stderr
    old = json.loads(first.stdout)
    assert (old["state"], old["needed"], old["continues"]) == ("witnessed", 2, 0)
    search()
    later = json.loads(kalkan(*words).stdout)
    assert later["continues"] == old["entries"] <= later["entries"]
    assert path.read_text(encoding="utf-8") == later["note"]
    done = kalkan("audit", "checkpoint", *where, *home)
    assert "witnessed" in done.stdout


def test_a_checkpoint_of_another_history_is_told(kalkan, home, searched, tmp_path):
    path = tmp_path / "other.checkpoint"
    kalkan("audit", "checkpoint", "--remember", str(path), *home)
    kept = path.read_text(encoding="utf-8")
    done = kalkan("audit", "checkpoint", "--remember", str(path), "--node", "KAZ", *home)
    assert done.returncode == 1
    assert "wrong:" in done.stdout
    assert path.read_text(encoding="utf-8") == kept
