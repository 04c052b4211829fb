"""Times and filters as people write them; the commands run in tests/integration."""

from __future__ import annotations

from base64 import b64encode
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from gateway.cli import inquiry
from gateway.cli.audit import Search
from gateway.cli.exits import CommandError
from gateway.cli.inquiry import _questions, filter_of, read_time
from gateway.cli.options import Wanted
from gateway.ledger.filter import Filter
from gateway.ledger.kinds import Kind
from kalkan.v1 import model_pb2 as model


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


def ask(case):
    """The part of an entry that holds a question."""
    return {"query": b64encode(model.Query(case_reference=case).SerializeToString()).decode()}


async def test_question_is_read_once_whoever_else_was_asked(desk):
    """Two entries of one search hold the same question; another member's is not opened."""
    await desk.write(number=1, KAZ=ask("a"))
    await desk.write(number=2, TUR=ask("b"))
    await desk.write(Kind.OUTCOME, number=1, KAZ=ask("a"))
    await desk.write(number=3, KAZ={"reason": "no question"})
    for member, case in (("KAZ", "a"), ("TUR", "b")):
        opener = desk.opener(member)
        found = _questions(opener.ledger, opener, Filter())
        assert [query.case_reference async for _, _, query in found] == [case]


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (100, 3)])
async def test_case_is_found_as_often_as_it_was_asked_newest_first_up_to_a_limit(
    desk, monkeypatch, limit, count
):
    indices = [await desk.write(number=n, KAZ=ask(case)) for n, case in enumerate("abaa")]

    @asynccontextmanager
    async def opened(_options):
        yield desk.opener("KAZ").ledger

    monkeypatch.setattr(inquiry, "open_source", opened)
    monkeypatch.setattr(inquiry, "need_opener", lambda *_: desk.opener("KAZ"))
    found = await inquiry._search(Search(case="a", limit=limit))
    assert [index for index, _ in found] == [indices[0], indices[2], indices[3]][-count:]
