"""Read base64url and JSON strictly, so that one meaning has one spelling.

What a second reader could understand differently (a name twice, trailing bits, NaN) is refused,
because a check that reads other words than its neighbour is no check. Raises plain ValueError;
each caller says which of its own errors that is.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Final

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


def encode_base64url(data: bytes) -> str:
    """Encode without padding, as RFC 7515 section 2 asks for."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Decode text that has no padding and no bits to spare.

    Raises:
        ValueError: It has other characters, an impossible length, or is not the one spelling.
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(data) != text:
        raise ValueError("not the canonical base64url")
    return data


def read_object(data: bytes) -> dict[str, Any]:
    """Read one JSON object in UTF-8 in which no name occurs twice, at any depth.

    Raises:
        ValueError: It is anything else, or nested too deeply, or holds NaN or Infinity.
    """
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if isinstance(value, dict):
        return value
    raise ValueError("not a JSON object")


def is_plain(value: object, limit: int) -> bool:
    """Tell whether this is text of 1 to `limit` printable characters; controls are not."""
    return isinstance(value, str) and 1 <= len(value) <= limit and value.isprintable()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
