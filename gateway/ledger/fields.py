"""Decide which values the fields of an entry may have.

The ledger holds names of things, never values of a probe: texts are short and printable, so that
neither a free text nor a control sequence can get in by mistake. A check gets the field's name
and its value; it raises an error that names the field and the limit and never the value.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from gateway.ledger.errors import EntryRejectedError

MAX_TEXT: Final = 128
"""The longest text of a field, in characters."""

MAX_NUMBER: Final = 2**53 - 1
"""The largest number of a field: the largest that every JSON reader keeps exactly."""

_SEARCH_ID: Final = re.compile(r"[0-9a-f]{32}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_AUTHORITY: Final = re.compile(r"[A-Z]{3}")
_BLOB: Final = re.compile(r"blob:[0-9a-f]{64}")
_BASE64: Final = (string.ascii_letters + string.digits + "-_").encode()
_LEAST_SEALED, _MOST_SEALED = 40, 32_768

Check = Callable[[str, object], None]


def require_text(name: str, value: object) -> None:
    """Check a text: printable (Unicode's sense, the space included), at most 128 characters.

    Raises:
        EntryRejectedError: Another type, too long, or a control, format or line character.
    """
    if not isinstance(value, str):
        raise EntryRejectedError(f"{name}: a text is needed")
    if len(value) > MAX_TEXT:
        raise EntryRejectedError(f"{name}: longer than {MAX_TEXT} characters")
    if not value.isprintable():
        raise EntryRejectedError(f"{name}: control, format and line characters are not allowed")


def require_filled_text(name: str, value: object) -> None:
    """Check a text that may not be empty.

    Raises:
        EntryRejectedError: As `require_text`, or the text is empty.
    """
    require_text(name, value)
    if not value:
        raise EntryRejectedError(f"{name}: may not be empty")


def require_search_id(name: str, value: object) -> None:
    """Check a search id: 32 lower-case hexadecimal digits, or empty.

    Raises:
        EntryRejectedError: Anything else.
    """
    if value != "" and not (isinstance(value, str) and _SEARCH_ID.fullmatch(value)):
        raise EntryRejectedError(f"{name}: 32 lower-case hexadecimal digits are needed")


def require_sha256(name: str, value: object) -> None:
    """Check a SHA-256: 64 lower-case hexadecimal digits, or empty.

    Raises:
        EntryRejectedError: Anything else.
    """
    if value != "" and not (isinstance(value, str) and _SHA256.fullmatch(value)):
        raise EntryRejectedError(f"{name}: 64 lower-case hexadecimal digits are needed")


def require_number(name: str, value: object) -> None:
    """Check a whole number from 0 to 2**53 - 1.

    Raises:
        EntryRejectedError: Another type (a truth value too) or out of range.
    """
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise EntryRejectedError(f"{name}: a whole number from 0 to {MAX_NUMBER} is needed")


def require_optional_number(name: str, value: object) -> None:
    """Check a number that may be missing.

    Raises:
        EntryRejectedError: As `require_number`.
    """
    if value is not None:
        require_number(name, value)


def require_truth(name: str, value: object) -> None:
    """Check a truth value.

    Raises:
        EntryRejectedError: Another type.
    """
    if type(value) is not bool:
        raise EntryRejectedError(f"{name}: true or false is needed")


def require_time(name: str, value: object) -> None:
    """Check an aware time in UTC.

    Raises:
        EntryRejectedError: Another type, no time zone or another offset.
    """
    if not isinstance(value, datetime) or value.utcoffset() != timedelta(0):
        raise EntryRejectedError(f"{name}: a time in UTC is needed")


def require_texts(name: str, value: object) -> None:
    """Check a tuple of texts, none of them empty.

    Raises:
        EntryRejectedError: Another type or a text that `require_filled_text` rejects.
    """
    if not isinstance(value, tuple):
        raise EntryRejectedError(f"{name}: a tuple of texts is needed")
    for item in value:
        require_filled_text(name, item)


def require_text_map(name: str, value: object) -> None:
    """Check a mapping of texts to texts, none of them empty.

    Raises:
        EntryRejectedError: Another type or a text that `require_filled_text` rejects.
    """
    if not isinstance(value, Mapping):
        raise EntryRejectedError(f"{name}: a mapping of texts is needed")
    for key, item in value.items():
        require_filled_text(name, key)
        require_filled_text(name, item)


def require_sealed(name: str, value: object) -> None:
    """Check sealed parts by authority: base64url, or a reference to a blob.

    Raises:
        EntryRejectedError: Another type, or a part that is not sealed.
    """
    if not isinstance(value, Mapping):
        raise EntryRejectedError(f"{name}: a mapping of authorities to sealed parts is needed")
    for authority, part in value.items():
        if not (isinstance(authority, str) and _AUTHORITY.fullmatch(authority)):
            raise EntryRejectedError(f"{name}: an authority has three capital letters")
        if not (isinstance(part, str) and _is_sealed(part)):
            raise EntryRejectedError(f"{name}: a part in clear, or too large")


def _is_sealed(part: str) -> bool:
    if not (_LEAST_SEALED <= len(part) <= _MOST_SEALED and part.isascii()):
        return False
    # Three times as fast as a regular expression, and each entry has such a part.
    return not part.encode().translate(None, _BASE64) or _BLOB.fullmatch(part) is not None
