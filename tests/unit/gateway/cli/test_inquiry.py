"""Times and filters as people write them; the commands run in tests/integration."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.cli.exits import CommandError
from gateway.cli.inquiry import filter_of, read_time
from gateway.cli.options import Wanted


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("", None),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:30", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01T08:30+05:00", datetime(2026, 11, 1, 3, 30, tzinfo=UTC)),
    ],
)
def test_time_is_utc_where_no_zone_is_written(text, time):
    assert read_time("since", text) == time


def test_time_that_cannot_be_read_is_named():
    with pytest.raises(CommandError) as caught:
        read_time("since", "yesterday")
    assert caught.value.text.startswith("since:")


def test_words_are_taken_as_people_write_them():
    wanted = filter_of(
        Wanted(member="kaz", kind="intent", purpose="organised-crime", state="no-hit")
    )
    assert (wanted.requester_member, wanted.kind) == ("KAZ", "INTENT")
    assert (wanted.purpose, wanted.state) == ("organised_crime", "no_hit")
    assert filter_of(Wanted()).names == ()
