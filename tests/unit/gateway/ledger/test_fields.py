from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.ledger import fields
from gateway.ledger.errors import EntryRejectedError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

ACCEPTED = [
    (fields.require_text, ""),
    (fields.require_text, "x" * 128),
    (fields.require_text, "Күдікті ұйым №7"),
    (fields.require_filled_text, "x"),
    (fields.require_search_id, ""),
    (fields.require_search_id, "0123456789abcdef" * 2),
    (fields.require_sha256, ""),
    (fields.require_sha256, "0123456789abcdef" * 4),
    (fields.require_number, 0),
    (fields.require_number, 2**53 - 1),
    (fields.require_optional_number, None),
    (fields.require_truth, False),
    (fields.require_time, NOON),
    (fields.require_texts, ()),
    (fields.require_texts, ("name", "birth_date")),
    (fields.require_text_map, {}),
    (fields.require_text_map, {"kalkan": "0.1.0"}),
]

REJECTED = [
    (fields.require_text, None),
    (fields.require_text, b"bytes"),
    (fields.require_text, "x" * 129),
    *((fields.require_text, f"a{c}b") for c in "\n\r\t\x00\x1b\x7f\u0085\u2028\u202e\u200b\ud800"),
    (fields.require_filled_text, ""),
    (fields.require_search_id, None),
    (fields.require_search_id, "0" * 31),
    (fields.require_search_id, "A" * 32),
    (fields.require_search_id, "0" * 32 + "\n"),
    (fields.require_sha256, "0" * 32),
    (fields.require_sha256, "٣" * 64),
    (fields.require_number, -1),
    (fields.require_number, 2**53),
    (fields.require_number, True),
    (fields.require_number, 1.0),
    (fields.require_number, None),
    (fields.require_optional_number, -1),
    (fields.require_truth, 0),
    (fields.require_time, NOON.replace(tzinfo=None)),
    (fields.require_time, NOON.astimezone(timezone(timedelta(hours=5)))),
    (fields.require_time, "2026-11-21T12:00:00Z"),
    (fields.require_texts, ["name"]),
    (fields.require_texts, "name"),
    (fields.require_texts, ("name", "")),
    (fields.require_texts, ("a\nb",)),
    (fields.require_text_map, (("a", "b"),)),
    (fields.require_text_map, {"a": ""}),
    (fields.require_text_map, {"a": 1}),
    (fields.require_text_map, {"a\nb": "1"}),
]


@pytest.mark.parametrize(("check", "value"), ACCEPTED)
def test_check_accepts_a_value_within_its_limits(check, value):
    check("here", value)


@pytest.mark.parametrize(("check", "value"), REJECTED)
def test_check_names_the_field_and_not_the_value_when_it_rejects(check, value):
    with pytest.raises(EntryRejectedError) as caught:
        check("here", value)
    assert str(caught.value).startswith("here: ")
    assert not isinstance(value, str) or not value or value not in str(caught.value)


def test_text_error_names_the_limit_when_it_is_too_long():
    with pytest.raises(EntryRejectedError, match="128"):
        fields.require_text("who", "x" * 129)
