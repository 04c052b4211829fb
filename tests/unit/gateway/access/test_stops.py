"""Stops: read strictly, written whole, found by whatever of a question is stopped."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.errors import StopFileError
from gateway.access.stops import Asking, Stop, change_stops, parse_stops, read_stop, read_stops

ASKING = Asking(member="KAZ", officer="k-17", unit="border", purpose="terrorism")
GOOD = ["officer=KAZ/k-17", "unit=KAZ/border", "member=KAZ", "purpose=terrorism", "bank=TUR/people"]


def stop_it(path, *texts):
    def add(stops):
        for text in texts:
            stop = read_stop(text, "why", "2026-01-01T00:00:00Z")
            stops[stop.kind, stop.value] = stop

    return change_stops(path, add)


@pytest.mark.parametrize("text", GOOD)
def test_whatever_is_stopped_is_found(tmp_path, text):
    stops = stop_it(tmp_path / "stops.toml", text, "member=GEO")
    found = stops.find(ASKING, "TUR/people")
    assert str(found) == text
    assert found.reason == "why"


@pytest.mark.parametrize(
    "text",
    [
        "officer=KAZ/k-1",
        "officer=TUR/k-17",
        "unit=TUR/border",
        "member=TUR",
        "purpose=border_control",
        "bank=TUR/persons",
    ],
)
def test_others_are_not_stopped(tmp_path, text):
    stops = stop_it(tmp_path / "stops.toml", text)
    assert stops.find(ASKING, "TUR/people") is None


def test_pseudonym_may_be_in_any_script():
    assert read_stop("officer=KAZ/қызметкер 7").value == "KAZ/қызметкер 7"
    with pytest.raises(StopFileError):
        read_stop("officer=KAZ/a\u202eb")


def test_empty_unit_is_nobodys(tmp_path):
    with pytest.raises(StopFileError):
        read_stop("unit=KAZ/")


def test_where_no_file_is_nothing_is_stopped(tmp_path):
    stops = read_stops(tmp_path / "stops.toml")
    assert stops.stops == {}
    assert stops.digest == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[[stop]]\nkind = "country"\nvalue = "KAZ"', "stops.toml:2: kind: kind must be one of"),
        ('[[stop]]\nkind = "member"\nvalue = "kaz"', "stops.toml:3: value: member must be"),
        ('[[stop]]\nkind = "bank"\nvalue = "KAZ"', "MEMBER/bank"),
        ('[[stop]]\nkind = "member"', "stops.toml:1: needs kind and value"),
        ('[[stop]]\nkind = "member"\nvalue = "KAZ"\nx = "y"', "needs kind and value"),
        ('[[stop]]\nkind = "member"\nvalue = 7', "texts of at most"),
        ('[stop]\nkind = "member"', r"\[\[stop\]\] tables alone"),
        ("other = 1", "tables alone"),
        ('x = "', "stops.toml:1: is not TOML"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_file_that_does_not_hold_names_its_place(tmp_path, content, said):
    path = tmp_path / "stops.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StopFileError, match=said):
        read_stops(path)


def test_large_or_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "stops.toml"
    path.write_bytes(b"#" * 1_048_577)
    with pytest.raises(StopFileError, match="larger"):
        read_stops(path)
    with pytest.raises(StopFileError, match="cannot be read"):
        read_stops(tmp_path)
    with pytest.raises(StopFileError, match="cannot be written"):
        stop_it(tmp_path / "away" / "stops.toml", "member=KAZ")


def test_lifted_stop_leaves_the_others(tmp_path):
    path = tmp_path / "stops.toml"
    stop_it(path, *GOOD)
    stops = change_stops(path, lambda stops: stops.pop(("member", "KAZ")))
    assert sorted(map(str, stops.stops.values())) == sorted(set(GOOD) - {"member=KAZ"})
    assert len(stops.digest) == 64


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    path = tmp_path / "stops.toml"
    threads = [
        threading.Thread(target=stop_it, args=(path, f"officer=KAZ/k-{n}")) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_stops(path).stops) == 20


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda t: f"[[stop]]\n{t}".encode()))
def test_whatever_the_file_holds_it_is_read_or_refused(data):
    with suppress(StopFileError):
        assert all(isinstance(stop, Stop) for stop in parse_stops(data, "stops.toml"))
