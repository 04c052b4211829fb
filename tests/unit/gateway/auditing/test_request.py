"""What an auditor asks for is within its limits, or is refused by the field's name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from gateway.auditing.request import MAX_ENTRIES, MAX_INDEX, read_listing
from gateway.errors import FieldInvalidError
from kalkan.v1 import audit_service_pb2 as wire


def listing(*, newest_first=False, page_token="", start_index=0, limit=0, **wanted):
    return read_listing(
        wire.ListEntriesRequest(
            filter=wire.EntryFilter(**wanted),
            newest_first=newest_first,
            page_token=page_token,
            start_index=start_index,
            limit=limit,
        )
    )


def test_all_fields_of_a_filter_are_read():
    stamp = Timestamp()
    stamp.FromDatetime(datetime(2026, 11, 1, tzinfo=UTC))
    texts = {"search_id": "ab" * 16, "who": "w", "requester_member": "KAZ", "bank": "KAZ/persons"}
    more = {"purpose": "p", "rule": "r", "kind": "INTENT", "state": "no_hit", "probe": "person"}
    read = listing(**texts, **more, start_time=stamp, end_time=stamp).filter
    for name, value in {**texts, **more}.items():
        assert getattr(read, name) == value
    assert read.since == read.until == datetime(2026, 11, 1, tzinfo=UTC)
    assert len(read.names) == len(wire.EntryFilter.DESCRIPTOR.fields)


def test_search_of_the_older_field_is_kept():
    request = wire.ListEntriesRequest(search_id="ab" * 16)
    assert read_listing(request).filter.search_id == "ab" * 16


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"limit": MAX_ENTRIES + 1}, "limit"),
        ({"start_index": MAX_INDEX + 1}, "start_index"),
        ({"search_id": "abc"}, "filter.search_id"),
        ({"search_id": "AB" * 16}, "filter.search_id"),
        ({"requester_member": "kaz"}, "filter.requester_member"),
        ({"who": "x" * 129}, "filter.who"),
        ({"bank": "a\nb"}, "filter.bank"),
        ({"kind": "NOTHING"}, "filter.kind"),
        ({"start_time": Timestamp(seconds=10**15)}, "filter.start_time"),
        ({"end_time": Timestamp(seconds=10**15)}, "filter.end_time"),
        ({"page_token": "?"}, "page_token"),
        ({"page_token": "A" * 22}, "page_token"),
        ({"page_token": "A" * 9_000}, "page_token"),
    ],
)
def test_what_is_against_its_limits_is_named_and_never_repeated(request_, field):
    with pytest.raises(FieldInvalidError) as caught:
        listing(**request_)
    assert caught.value.metadata["field"] == field
    (value,) = request_.values()
    if isinstance(value, str):
        assert value not in caught.value.text


@given(st.integers(0, MAX_INDEX - 1), st.booleans())
def test_page_goes_on_after_its_entry_with_the_same_filter_only(index, newest):
    first = listing(newest_first=newest, who="a")
    token = first.token_after(index)
    assert listing(newest_first=newest, who="a", page_token=token).start == index + (not newest)
    for other in ({"who": "b"}, {"who": "a", "newest_first": not newest}):
        with pytest.raises(FieldInvalidError):
            listing(**{"newest_first": newest, **other}, page_token=token)


def test_newest_first_begins_at_the_end_or_at_the_named_index():
    assert listing(newest_first=True).start is None
    assert listing(newest_first=True, start_index=7).start == 8
    assert listing(start_index=7).start == 7
