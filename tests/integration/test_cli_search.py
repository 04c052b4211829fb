"""`kalkan search` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli.tour import _write_zone, read_star

WHY = ("--purpose", "terrorism", "--category", "suspect", "--case", "2026-17")
BORDER = ("--as", "border", "--ask", "XPO", "--purpose", "border_control", "--case", "g4")


@pytest.fixture(scope="module")
def star():
    return read_star()


@pytest.fixture
def search(kalkan, federation):
    def run(*words: str, home: Path = federation.home, stdin: str = ""):
        return kalkan("search", *words, stdin=stdin, KALKAN_HOME=str(home))

    return run


def read_lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_person_is_found_in_every_script_and_ends_with_0(search, star):
    done = search("person", star.cyrillic, "--birth", star.birth, "--ask", "kalkan", *WHY)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    sent = next(i for i, line in enumerate(lines) if "is recorded" in line)
    assert any(line.startswith("Asking kalkan: 20 banks") for line in lines[:sent])
    assert "ARMED, EXPLOSIVES" in done.stdout
    for bank in ("TJK", "KAZ", "IRN", "TUR", "GEO", "IND"):
        assert f"{bank}/persons" in done.stdout
    assert "name: the same across scripts (Cyrl to Geor" in done.stdout
    assert "Complete: 20 banks searched" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_json_has_one_event_a_line(search, star):
    done = search("person", star.persian, "--birth", "1985", "--ask", "kalkan", *WHY, "--json")
    assert done.returncode == 0, done.stderr
    events = read_lines(done)
    kinds = [event["event"] for event in events]
    assert kinds[:2] == ["asking", "accepted"]
    assert kinds[-2:] == ["groups", "ended"]
    assert kinds.count("bank_ended") == len(events[1]["asked"]) == 24
    hits = {
        (e["bank"], hit["record"]["reference"])
        for e in events
        if e["event"] == "bank_ended"
        for hit in e.get("answer", {}).get("hits", [])
    }
    assert {place for place in star.places if place[0] != "XPO/documents"} <= hits


def test_nobody_found_everywhere_ends_with_1(search):
    done = search("person", "Qwzx Vbnmrt", "--birth", "1931", "--ask", "TJK", "--ask", "KGZ", *WHY)
    assert done.returncode == 1, done.stdout
    assert "Complete: 2 banks searched" in done.stdout
    assert "This tells TJK that you are looking." in done.stdout


def test_nobody_found_in_time_ends_with_3(search):
    person = ("person", "Qwzx Vbnmrt", "--birth", "1931")
    while True:
        done = search(*person, "--ask", "TJK", "--deadline", "0.11", *WHY)
        if done.returncode != 5:  # else the machine stood still, and the call itself was over
            break
    assert done.returncode == 3, done.stdout
    assert "Incomplete: 0 banks searched, 1 did not" in done.stdout


def test_a_refusal_by_every_owner_ends_with_4_and_names_the_rule(search, star):
    why = ("--purpose", "organised_crime", "--category", "suspect", "--case", "1")
    done = search("person", star.latin, "--ask", "MDV", *why)
    assert done.returncode == 4, done.stdout
    assert "mdv.organised-crime" in done.stdout
    assert "National Contact Point Malé" in done.stdout


def test_an_auditor_may_not_search_and_is_told_before_asking(search, star):
    done = search("person", star.latin, "--ask", "kalkan", *WHY, "--as", "auditor")
    assert done.returncode == 4
    assert "not KAZ/persons: baseline.auditor" in done.stdout


def test_what_banks_want_is_told_before_the_question_is_sent(search):
    done = search("person", "Гозикулов", "--ask", "TJK", "--ask", "KGZ", *WHY)
    assert done.returncode == 4
    lines = done.stdout.splitlines()
    sent = next(i for i, line in enumerate(lines) if "is recorded" in line)
    (told,) = [line for line in lines[:sent] if "as it is filled in" in line]
    assert "TJK/persons" in told
    assert "KGZ/persons" in told
    assert told.endswith(": add a second part of the name, or add birth date")
    assert any(line.startswith("Asking TJK, KGZ: 0 banks") for line in lines[:sent])


def test_banks_that_want_more_are_told_in_json(search, star):
    asking, *_ = read_lines(search("person", "Гозикулов", "--ask", "kalkan", *WHY, "--json"))
    assert "TJK/persons" in {one["bank"] for one in asking["lacking"]}
    assert all(one["advice"] for one in asking["lacking"])
    assert not {one["bank"] for one in asking["lacking"]} & set(asking["banks"])
    asking, *_ = read_lines(search("person", star.latin, "--ask", "kalkan", *WHY, "--json"))
    assert asking["lacking"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("person", "A B", "--ask", "kalkan", "--purpose", "curiosity", "--case", "1"),
            "curiosity",
        ),
        (("person", "A B", "--ask", "kalkan", "--purpose", "terrorism"), "--case"),
        (("person", "A B", "--purpose", "terrorism", "--case", "1"), "--ask"),
        (
            ("person", "A B", "--ask", "KAZ", "--purpose", "terrorism", "--case", "1"),
            "--category suspect",
        ),
        (("person", "--ask", "kalkan", *WHY), "write a name"),
        (("person", "A B", "--birth", "May 1985", "--ask", "kalkan", *WHY), "1980..1985"),
        (("person", "A B", "--sex", "z", "--ask", "kalkan", *WHY), "male, female"),
        (("document", "--ask", "XPO", *WHY), "write a number"),
        (("vehicle", "--ask", "TUR", *WHY), "write a plate"),
        (("organisation", "--ask", "RCC", *WHY), "write a name"),
        (("identifier", "fax", "123", "--ask", "KAZ", *WHY), "phone, email"),
        (("documents", "no-such.csv", "--ask", "XPO", *WHY), "no-such.csv"),
        (("person", "A B", "--ask", "NOWHERE", *WHY), "federation status"),
        (("person", "A B", "--ask", "kalkan", "--deadline", "31", *WHY), "30"),
        (("person", "A B", "--ask", "kalkan", "--as", "nobody", *WHY), "--as auditor"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_write(search, words, said):
    done = search(*words)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_no_home_ends_with_2_and_says_how_to_get_one(search, tmp_path):
    done = search("person", "A B", "--ask", "kalkan", *WHY, home=tmp_path)
    assert done.returncode == 2
    assert "kalkan demo --keep" in done.stderr


def test_no_hub_ends_with_5(search, federation, tmp_path):
    there = federation.client().parent
    folder = tmp_path / "clients" / "officer"
    folder.mkdir(parents=True)
    names = {"certificate": "certificate.pem", "key": "key.pem", "query_key": "query.key"}
    paths = {key: there / name for key, name in names.items()}
    paths |= {"token": there / "token", "federation": federation.home / "federation.toml"}
    lines = [f'{key} = "{path}"' for key, path in paths.items()]
    # Port 1 needs a privilege that no hub has.
    text = "\n".join([*lines, 'hub = "127.0.0.1:1"'])
    (folder / "client.toml").write_text(text, encoding="utf-8")
    done = search("person", "A B", "--ask", "kalkan", *WHY, home=tmp_path)
    assert done.returncode == 5, done.stderr
    assert "cannot be reached" in done.stderr
    assert done.stdout == ""


def test_a_passport_is_checked_by_number_and_by_zone(search, star):
    done = search("document", star.passport, "--issuer", star.issuer.lower(), *BORDER)
    assert done.returncode == 0, done.stderr
    assert "lost document" in done.stdout
    done = search("document", "--mrz", "-", *BORDER, stdin="\n".join(_write_zone(star)))
    assert done.returncode == 0, done.stderr
    assert "lost document" in done.stdout


def test_a_misread_zone_ends_with_2_and_repeats_nothing_of_it(search, star):
    first, second = _write_zone(star)
    wrong = second[:9] + str((int(second[9]) + 1) % 10) + second[10:]
    done = search("document", "--mrz", first, "--mrz", wrong, *BORDER)
    assert done.returncode == 2
    assert "Read the zone again" in done.stderr
    assert star.passport not in done.stderr


def test_a_batch_is_checked_line_by_line(search, star, tmp_path):
    file = tmp_path / "documents.csv"
    file.write_text(f"number,issuer\nZZ0000001,KAZ\n{star.passport},{star.issuer}\n", "utf-8")
    done = search("documents", str(file), *BORDER)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[:3] for row in rows if row[:1] == [star.passport]] == [
        [star.passport, star.issuer, "HIT"]
    ]
    events = read_lines(search("documents", str(file), *BORDER, "--json"))
    documents = [event for event in events if event["event"] == "document"]
    assert [bool(document["hits"]) for document in documents] == [False, True]
    assert all(document["complete"] for document in documents)
    assert events[-1]["event"] == "ended"


def test_other_things_are_searched_too(search):
    for words in (
        ("vehicle", "000 XXX 00", "--country", "TUR", "--ask", "TUR"),
        ("organisation", "Nonexistent Trading Qwzx", "--ask", "RCC"),
        ("identifier", "phone", "992000305054", "--ask", "TJK"),
    ):
        done = search(*words, "--purpose", "serious_crime", "--case", "1")
        assert done.returncode in {0, 1, 4}, (words, done.stdout, done.stderr)
