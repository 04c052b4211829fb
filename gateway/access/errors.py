"""The errors of access, named by what the caller must do next.

`metadata` travels in ErrorInfo. Texts are written here: none holds a value of a token, of a query
or of a key, so each is safe to send, to log and to trace.
"""

from __future__ import annotations

from typing import ClassVar


class AccessError(Exception):
    """The root. `text` says what is wrong, `metadata` names the field or the limit."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, text: str, **metadata: str) -> None:
        """Keep the text and the metadata."""
        super().__init__(text)
        self.text = text
        self.metadata = metadata


class TokenInvalidError(AccessError):
    """The token is missing, malformed or fails a check; get a proper one."""

    reason: ClassVar[str] = "TOKEN_INVALID"


class TokenExpiredError(AccessError):
    """The token has expired or is not valid yet; get a fresh one, check the clock."""

    reason: ClassVar[str] = "TOKEN_EXPIRED"


class TokenForeignError(AccessError):
    """The token's issuer or key is not of this federation; ask the own member for one."""

    reason: ClassVar[str] = "TOKEN_FOREIGN"


class TokenUnboundError(AccessError):
    """The token belongs to another certificate, key or query; use the ones it was made for."""

    reason: ClassVar[str] = "TOKEN_UNBOUND"


class TokenRevokedError(AccessError):
    """The token, its officer, its certificate or its member was revoked; ask your own member."""

    reason: ClassVar[str] = "TOKEN_REVOKED"


class RevocationsStaleError(AccessError):
    """What the requester's member has revoked is not known freshly enough; try again later."""

    reason: ClassVar[str] = "REVOCATIONS_STALE"


class NoncesAwayError(AccessError):
    """The store that knows which nonces were used cannot be reached; try again later."""

    reason: ClassVar[str] = "NONCES_AWAY"


class SignatureInvalidError(AccessError):
    """The signature does not hold over these bytes; trust nothing of them."""

    reason: ClassVar[str] = "SIGNATURE_INVALID"


class QueryStaleError(AccessError):
    """The query's time is outside the window; make the query anew, check the clock."""

    reason: ClassVar[str] = "QUERY_STALE"

    def __init__(self, text: str, *, limit: str) -> None:
        """Keep the text and the limit, as "120 s"."""
        super().__init__(text, limit=limit)
        self.limit = limit


class NonceReusedError(AccessError):
    """The nonce was used with other bytes; make the query anew with a fresh one."""

    reason: ClassVar[str] = "NONCE_REUSED"


class AccessBusyError(AccessError):
    """Too many queries came within the window; try again later."""

    reason: ClassVar[str] = "OVERLOADED"


class FederationWrongError(AccessError):
    """The query is for another federation; ask that one."""

    reason: ClassVar[str] = "FEDERATION_WRONG"


class PeerForbiddenError(AccessError):
    """The peer's certificate does not allow this call; call with another certificate."""

    reason: ClassVar[str] = "PEER_FORBIDDEN"


class TargetUnknownError(AccessError):
    """A target is not known; metadata `field` says which, the directory names the others."""

    reason: ClassVar[str] = "TARGET_UNKNOWN"

    def __init__(self, text: str, *, index: int) -> None:
        """Keep the text and the place of the target, from 0."""
        super().__init__(text, field=f"targets[{index}]")
        self.index = index


class _FileError(AccessError):
    """A file is wrong; its text names file, line and key."""

    reason: ClassVar[str] = "FIELD_INVALID"

    def __init__(self, name: str, text: str, *, line: int = 0, key: str = "") -> None:
        """Keep the place: `line` from 1, 0 for the whole file; `key` as a dotted path."""
        place = f"{name}:{line}" if line else name
        super().__init__(f"{place}: {key}: {text}" if key else f"{place}: {text}", field=key)
        self.name = name
        self.line = line
        self.key = key


class FederationFileError(_FileError):
    """The federation file is wrong; mend the place that the text names."""


class PolicyFileError(_FileError):
    """A policy file is wrong; mend the place that the text names."""


class StopFileError(_FileError):
    """A file of stops is wrong; mend the place that the text names."""


class BudgetFileError(_FileError):
    """A file of budgets is wrong; mend the place that the text names."""


class KeyFileError(_FileError):
    """A key file is missing, unreadable or open to others; mend the file or its mode."""


class RevocationFileError(_FileError):
    """The file of revocations is wrong; mend the place that the text names."""
