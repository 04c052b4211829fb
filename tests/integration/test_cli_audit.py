"""`kalkan audit tail` beside running writers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from gateway.cli.tour import read_star


@pytest.fixture(scope="module")
def search_id(kalkan, federation) -> str:
    star = read_star()
    words = ("--ask", "KAZ", "--purpose", "terrorism", "--category", "suspect")
    words = (*words, "--case", "a-1", "--json")
    home = ("--home", str(federation.home))
    done = kalkan("search", "person", star.latin, "--birth", star.birth, *words, *home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[1])["search_id"]


@pytest.fixture
def tail(kalkan, federation):
    return lambda *words: kalkan("audit", "tail", "--home", str(federation.home), *words)


@pytest.mark.parametrize("ledger", [(), ("--hub",), ("--node", "kaz")])
def test_a_search_is_in_both_ledgers_without_a_name(tail, search_id, ledger):
    done = tail(*ledger, "--search", search_id, "--json")
    assert done.returncode == 0, done.stderr
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["kind"] for entry in entries] == ["INTENT", "OUTCOME"]
    assert {entry["search_id"] for entry in entries} == {search_id}
    star = read_star()
    for word in (*star.latin.split(), star.birth, star.passport):
        assert word not in done.stdout


def test_the_newest_entries_are_a_table(tail, search_id):
    done = tail("-n", "3")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4
    assert "\x1b" not in done.stdout
    assert search_id[:8] in tail("--search", search_id[:8]).stdout


def test_a_search_that_is_not_there_ends_with_1(tail):
    assert tail("--search", "0" * 32).returncode == 1


def test_a_wrong_choice_ends_with_2(tail):
    assert tail("--hub", "--node", "KAZ").returncode == 2
    done = tail("--node", "QQQ")
    assert done.returncode == 2
    assert "has no node of QQQ" in done.stderr


def test_following_shows_entries_as_they_come_until_ctrl_c(kalkan, federation, search_id):
    home = ("--home", str(federation.home))
    command = [sys.executable, "-m", "gateway.cli.main", "audit", "tail", *home]
    follower = subprocess.Popen(
        [*command, "-n", "1", "-f", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        first = json.loads(follower.stdout.readline())
        kalkan("federation", "status", *home)
        words = ("--ask", "XPO", "--purpose", "border_control", "--case", "f", "--as", "border")
        kalkan("search", "document", "QX9900", *words, *home)
        later = json.loads(follower.stdout.readline())
        assert later["index"] == first["index"] + 1
    finally:
        follower.send_signal(signal.SIGINT)
        _, errors = follower.communicate(timeout=30)
    assert follower.returncode == 130
    assert "Traceback" not in errors
