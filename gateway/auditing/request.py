"""Read what an auditor asks for: filters within their limits, and where a page goes on."""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import FieldInvalidError
from gateway.ledger.fields import MAX_TEXT
from gateway.ledger.filter import Filter
from gateway.ledger.kinds import Kind
from kalkan.v1 import audit_service_pb2 as wire

MAX_ENTRIES: Final = 10_000
DEFAULT_ENTRIES: Final = 100
MAX_INDEX: Final = 2**53 - 1
_TOKEN: Final = struct.Struct(">Q8s")
_MAX_TOKEN: Final = 64
_SEARCH: Final = re.compile(r"[0-9a-f]{8,32}")
_MEMBER: Final = re.compile(r"[A-Z]{3}")
_PATTERNS: Final = {"search_id": _SEARCH, "requester_member": _MEMBER}
_TEXTS: Final = (
    "search_id",
    "who",
    "requester_member",
    "bank",
    "purpose",
    "rule",
    "kind",
    "state",
    "probe",
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is to be listed.

    Attributes:
        filter: Which entries.
        start: The first index; None for the newest, where these come first.
        limit: How many at most, 1 to 10,000.
        newest_first: The order.
        digest: What filter and order are: a page goes on with the same.
        follow: Whether to go on as entries come.
    """

    filter: Filter
    start: int | None
    limit: int
    newest_first: bool
    digest: bytes
    follow: bool = False

    def token_after(self, index: int) -> str:
        """The page token that goes on after an entry."""
        return urlsafe_b64encode(_TOKEN.pack(index, self.digest)).rstrip(b"=").decode("ascii")


def read_listing(request: wire.ListEntriesRequest) -> Listing:
    """Read a request for entries.

    Raises:
        FieldInvalidError: A field is against its limits; it is named, its value is not.
    """
    limit = request.limit or DEFAULT_ENTRIES
    if limit > MAX_ENTRIES:
        raise FieldInvalidError("limit must be 1 to 10,000", field="limit", limit="1 to 10,000")
    require_index("start_index", request.start_index)
    found = _read_filter(request)
    newest = request.newest_first
    if newest and request.follow:
        rule = "not together with newest_first"
        raise FieldInvalidError(f"follow is {rule}", field="follow", limit=rule)
    digest = hashlib.sha256(repr((found, newest)).encode()).digest()[:8]
    start: int | None = request.start_index
    if newest:
        start = start + 1 if start else None
    if request.page_token:
        index = _read_token(request.page_token, digest)
        start = index if newest else index + 1
    return Listing(found, start, limit, newest, digest, request.follow)


def require_index(field: str, value: int) -> None:
    """Check the number of an entry.

    Raises:
        FieldInvalidError: It is larger than any ledger has.
    """
    if value > MAX_INDEX:
        limit = f"0 to {MAX_INDEX}"
        raise FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit)


def read_time(field: str, stamp: Timestamp) -> datetime:
    """Read a time.

    Raises:
        FieldInvalidError: It is impossible.
    """
    try:
        return stamp.ToDatetime(tzinfo=UTC)
    except ValueError:
        limit = "a possible time"
        raise FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit) from None


def _read_filter(request: wire.ListEntriesRequest) -> Filter:
    asked = request.filter
    texts = {name: str(getattr(asked, name)) for name in _TEXTS}
    texts["search_id"] = texts["search_id"] or request.search_id
    for name, text in texts.items():
        _require_text(f"filter.{name}", text, _PATTERNS.get(name))
    if texts["kind"] and texts["kind"] not in Kind.__members__:
        limit = "a kind of entry"
        raise FieldInvalidError(f"filter.kind must be {limit}", field="filter.kind", limit=limit)
    since = (
        read_time("filter.start_time", asked.start_time) if asked.HasField("start_time") else None
    )
    until = read_time("filter.end_time", asked.end_time) if asked.HasField("end_time") else None
    return Filter(**texts, since=since, until=until)


def _require_text(field: str, text: str, pattern: re.Pattern[str] | None) -> None:
    if len(text) > MAX_TEXT or not text.isprintable():
        limit = f"at most {MAX_TEXT} printable characters"
        raise FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit)
    if text and pattern is not None and not pattern.fullmatch(text):
        limit = "8 to 32 hexadecimal digits" if pattern is _SEARCH else "three capital letters"
        raise FieldInvalidError(f"{field} must be {limit}", field=field, limit=limit)


def _read_token(token: str, digest: bytes) -> int:
    try:
        data = urlsafe_b64decode(token[:_MAX_TOKEN] + "=" * (-len(token) % 4))
        index, known = _TOKEN.unpack(data)
    except (ValueError, struct.error):
        index, known = 0, b""
    if known != digest or index > MAX_INDEX:
        limit = "a token of the same filter and order"
        raise FieldInvalidError(f"page_token must be {limit}", field="page_token", limit=limit)
    return int(index)
