"""The file of closed alarms: added to, read strictly."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from gateway.errors import SettingsError
from gateway.witnessing.closing import MAX_FILE, Closing, add_closing, read_closings

ONE = Closing("log_forked", "log.example", "k-2", 'the "copy" of May', "2026-11-24T12:00:00.0Z")
FACTS = asdict(ONE)


def test_closings_are_added_and_none_is_taken_out(tmp_path):
    path = tmp_path / "closed.toml"
    assert read_closings(path) == []
    other = Closing(**{**FACTS, "alarm": "log_rolled_back", "reason": "учения"})
    add_closing(path, ONE)
    add_closing(path, other)
    assert read_closings(path) == [ONE, other]


@pytest.mark.parametrize(
    "changes",
    [
        {"alarm": "witness_away"},
        {"log": ""},
        {"by": " "},
        {"by": "k" * 65},
        {"reason": ""},
        {"reason": "r" * 201},
        {"reason": "a\nb"},
        {"time": "noon"},
        {"time": "2026-11-24T12:00:00+05:00"},
        {"time": "2026-11-24T12:00:00"},
    ],
)
def test_closing_says_what_who_and_why(changes):
    with pytest.raises(ValueError, match=r"characters|Fault|isoformat|in UTC"):
        Closing(**{**FACTS, **changes})


@pytest.mark.parametrize(
    "text",
    [
        "[[closed",
        "closed = 3",
        "closed = [3]",
        "other = 1",
        '[[closed]]\nalarm = "log_forked"\n',
        '[[closed]]\nalarm = "a"\nlog = "l"\nby = "k"\nreason = "r"\ntime = "2026-11-24T12:00Z"\n',
        '[[closed]]\nalarm = 1\nlog = 2\nby = "k"\nreason = "r"\ntime = "2026-11-24T12:00Z"\n',
        "#" * (MAX_FILE + 1),
    ],
)
def test_file_that_does_not_hold_is_told(tmp_path, text):
    path = tmp_path / "closed.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"closed\.toml"):
        read_closings(path)


def test_file_that_cannot_be_used_is_told(tmp_path):
    for act in (read_closings, lambda path: add_closing(path, ONE)):
        with pytest.raises(SettingsError, match="cannot be"):
            act(tmp_path)
