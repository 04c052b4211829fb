"""`kalkan federation` as a process."""

from __future__ import annotations

import json


def status(kalkan, federation, *words):
    """Ask; again where a node was late, as the hub itself asks it again."""
    for _ in range(20):
        done = kalkan("federation", "status", *words, "--home", str(federation.home))
        if done.stdout.count("CONDITION_UP") == 24 or "24 of 24" in done.stdout:
            break
    assert done.returncode == 0, done.stderr
    return done


def test_status_shows_every_member_and_bank(kalkan, federation):
    done = status(kalkan, federation)
    assert "17 members, 24 of 24 banks answer" in done.stdout
    assert "TLS refused since the hub's start: " in done.stdout
    assert "\x1b" not in done.stdout


def test_status_as_json_is_one_object_a_line(kalkan, federation):
    done = status(kalkan, federation, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["bank"] * 24 + ["federation"]
    assert {line["condition"] for line in lines[:-1]} == {"CONDITION_UP"}
    assert len(lines[-1]["members"]) == 17


def test_explain_shows_what_may_be_asked(kalkan, federation):
    words = ("federation", "explain", "--ask", "KAZ", "--home", str(federation.home))
    done = kalkan(*words, "--purpose", "stolen_property", "--probe", "person")
    assert done.returncode == 4
    assert "baseline.property" in done.stdout
    done = kalkan(*words)
    assert done.returncode == 0
    assert done.stdout.count("KAZ/persons") == 8
    done = kalkan(*words, "--purpose", "terrorism", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["bank"] for line in lines} == {"KAZ/persons", "KAZ/vehicles"}
