"""What one member has revoked: tokens, officers, certificates, or all of its requesters at once.

A member keeps the list in a file on its own node (revocations.toml), which `kalkan revoke` writes.
How the list travels to others is a matter of `gateway.notices`; what it means is decided here.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import tomllib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.access.claims import MAX_LIFETIME_S, SKEW_S
from gateway.access.errors import RevocationFileError, TokenRevokedError
from gateway.access.strict import is_plain
from gateway.access.toml import line_of, write_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gateway.access.tokens import Requester
    from gateway.clock import Clock

MAX_VALUE: Final = 64
"""Longest token id or pseudonym in characters, as in a token."""
MAX_BYTES: Final = 60_000
"""What all values may take in a notice of 65,536 bytes, with 4 bytes of framing each."""
MAX_FILE: Final = 1_048_576
TOKEN_LIFE: Final = timedelta(seconds=MAX_LIFETIME_S + 2 * SKEW_S)
"""How long after its revocation a token could live: a shift, and two clocks that differ."""

_FRAMING: Final = 4
_DIGEST_HEX: Final = 64
_KEYS: Final = frozenset({"kind", "value", "reason", "since", "until"})


class RevokedKind(StrEnum):
    """What an entry of the list names."""

    TOKEN = "token"  # noqa: S105 - a word of the file, no password
    OFFICER = "officer"
    CERTIFICATE = "certificate"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Revoked:
    """One entry of the list.

    Attributes:
        kind: What is named.
        value: The token's id, the officer's pseudonym, the certificate's SHA-256 in 64 lower-case
            hexadecimal digits, or the member's code.
        reason: Why, for the member's own people; it never leaves the file. At most 200 characters.
        since: When it was revoked, aware.
        until: When the entry has no meaning any more; None where it stays until it is undone.
    """

    kind: RevokedKind
    value: str
    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revocations:
    """What a member has revoked, as a search is held against it."""

    tokens: frozenset[str] = frozenset()
    officers: frozenset[str] = frozenset()
    certificates: frozenset[bytes] = frozenset()
    suspended: bool = False

    def covers(self, requester: Requester) -> bool:
        """Whether this requester of the member may not ask any more."""
        return (
            self.suspended
            or requester.token_id in self.tokens
            or requester.officer in self.officers
            or requester.certificate_sha256 in self.certificates
        )


def require_not_revoked(revocations: Revocations, requester: Requester) -> None:
    """Hold a requester against what its own member has revoked.

    Raises:
        TokenRevokedError: It is on the list. The text does not say by which entry.
    """
    if revocations.covers(requester):
        raise TokenRevokedError("the requester's own member has revoked this access")


def gather(entries: Iterable[Revoked], now: datetime) -> Revocations:
    """Put together what holds at this time."""
    by_kind: dict[RevokedKind, set[str]] = {kind: set() for kind in RevokedKind}
    for entry in entries:
        if entry.until is None or now < entry.until:
            by_kind[entry.kind].add(entry.value)
    return Revocations(
        tokens=frozenset(by_kind[RevokedKind.TOKEN]),
        officers=frozenset(by_kind[RevokedKind.OFFICER]),
        certificates=frozenset(bytes.fromhex(v) for v in by_kind[RevokedKind.CERTIFICATE]),
        suspended=bool(by_kind[RevokedKind.MEMBER]),
    )


def read_revocations(path: Path) -> tuple[Revoked, ...]:
    """Read the list; a file that is not there revokes nothing.

    Raises:
        RevocationFileError: It cannot be read or does not hold; names file, line and key.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return ()
    except OSError as exc:
        raise RevocationFileError(path.name, f"cannot be read: {exc.strerror}") from None
    if len(data) > MAX_FILE:
        raise RevocationFileError(path.name, f"is larger than {MAX_FILE} bytes")
    try:
        text = data.decode("utf-8")
        table = tomllib.loads(text)
    except ValueError as exc:
        raise RevocationFileError(path.name, f"is not TOML: {exc}") from None
    return _read_table(path.name, text, table)


def revoke(path: Path, entry: Revoked, clock: Clock) -> bool:
    """Add an entry; False where it is on the list already. Two that write at once both succeed.

    Raises:
        RevocationFileError: The file does not hold, or has no room for another entry.
    """
    require_value(entry.kind, entry.value)
    with _alone(path):
        entries = read_revocations(path)
        if any(_same(each, entry) for each in _living(entries, clock)):
            return False
        kept = (*_living(entries, clock), entry)
        _require_room(path.name, kept)
        _write(path, kept)
    return True


def undo(path: Path, kind: RevokedKind, value: str, clock: Clock) -> bool:
    """Take an entry off the list; False where it is not on it.

    Raises:
        RevocationFileError: The file does not hold.
    """
    with _alone(path):
        entries = _living(read_revocations(path), clock)
        kept = tuple(each for each in entries if (each.kind, each.value) != (kind, value))
        if len(kept) == len(entries):
            return False
        _write(path, kept)
    return True


def make_entry(kind: RevokedKind, value: str, reason: str, clock: Clock) -> Revoked:
    """Make an entry of now; one for a token ends when no such token can live any more."""
    now = clock.now().replace(microsecond=0)
    until = now + TOKEN_LIFE if kind is RevokedKind.TOKEN else None
    return Revoked(kind, value, reason, now, until)


def require_value(kind: RevokedKind, value: str) -> None:
    """Check what an entry names.

    Raises:
        ValueError: It is not what such an entry can name.
    """
    if kind is RevokedKind.CERTIFICATE:
        if len(value) != _DIGEST_HEX or not set(value) <= set("0123456789abcdef"):
            raise ValueError("must be a SHA-256 in 64 lower-case hexadecimal digits")
    elif not is_plain(value, MAX_VALUE):
        raise ValueError(f"must be 1 to {MAX_VALUE} printable characters")


def _same(one: Revoked, other: Revoked) -> bool:
    return (one.kind, one.value) == (other.kind, other.value)


def _living(entries: Iterable[Revoked], clock: Clock) -> tuple[Revoked, ...]:
    now = clock.now()
    return tuple(each for each in entries if each.until is None or now < each.until)


def _require_room(name: str, entries: Iterable[Revoked]) -> None:
    """Check that all entries fit into a notice: one that cannot be sent would stop every search."""
    size = sum(len(entry.value.encode()) + _FRAMING for entry in entries)
    if size > MAX_BYTES:
        raise RevocationFileError(name, "holds too many entries for a notice: revoke the member")


def _read_table(name: str, text: str, table: dict[str, Any]) -> tuple[Revoked, ...]:
    rows = table.get("revoked", [])
    if table.keys() - {"revoked"} or not isinstance(rows, list):
        raise RevocationFileError(name, "holds [[revoked]] tables and nothing else")
    entries = []
    for index, row in enumerate(rows):
        try:
            entries.append(_read_row(row))
        except (ValueError, KeyError, TypeError, AttributeError):
            line = line_of(text, ("revoked", index))
            said = "needs kind, value, reason and since, as `kalkan revoke` writes them"
            raise RevocationFileError(name, said, line=line, key=f"revoked.{index}") from None
    _require_room(name, entries)
    return tuple(entries)


def _read_row(row: dict[str, Any]) -> Revoked:
    if row.keys() - _KEYS:
        raise ValueError("an unknown key")
    kind = RevokedKind(row["kind"])
    require_value(kind, row["value"])
    until = _time(row["until"]) if "until" in row else None
    return Revoked(kind, row["value"], str(row["reason"]), _time(row["since"]), until)


def _time(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.utcoffset() is None:
        raise ValueError("a time needs a time zone")
    return moment.astimezone(UTC)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep others who write this file waiting; the folder is locked, because the file is replaced.

    Raises:
        RevocationFileError: There is no such folder.
    """
    try:
        handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as exc:
        raise RevocationFileError(path.name, f"has no folder: {exc.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, entries: Iterable[Revoked]) -> None:
    """Replace the file as a whole: who follows it never meets half a list."""
    text = write_toml({"revoked": [_row(entry) for entry in entries]})
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            _hand_over(handle, path.parent)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as exc:
        Path(name).unlink(missing_ok=True)
        raise RevocationFileError(path.name, f"cannot be written: {exc.strerror}") from None


def _hand_over(handle: int, folder: Path) -> None:
    """Give the file to the folder's owner: the node may run as another user than who revokes."""
    owner = folder.stat()
    with suppress(PermissionError):
        os.fchown(handle, owner.st_uid, owner.st_gid)
    os.fchmod(handle, 0o640)


def _row(entry: Revoked) -> dict[str, str]:
    row = {
        "kind": entry.kind.value,
        "value": entry.value,
        "reason": entry.reason,
        "since": entry.since.isoformat(),
    }
    return {**row, "until": entry.until.isoformat()} if entry.until else row
