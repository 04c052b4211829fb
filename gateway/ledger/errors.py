"""The errors of the ledger, named by what the caller must do next.

Messages name files, offsets and limits, never the content of an entry. `reason` is the name in
the contract's `ErrorReason` that a caller on the wire gets.
"""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """The root of all errors of the ledger."""

    reason: ClassVar[str] = "INTERNAL"


class EntryRejectedError(LedgerError):
    """The entry is not one that the ledger may hold: correct the code that made it."""

    reason: ClassVar[str] = "INTERNAL"


class EntryTooLargeError(EntryRejectedError):
    """The entry is over the limit: shorten its lists before it is appended."""

    reason: ClassVar[str] = "INTERNAL"


class LedgerUnavailableError(LedgerError):
    """The ledger cannot write and never will in this process: answer nothing, stop the server."""

    reason: ClassVar[str] = "LEDGER_UNAVAILABLE"


class LedgerBusyError(LedgerError):
    """Too much is waiting to be written: refuse this request, serve the next."""

    reason: ClassVar[str] = "OVERLOADED"


class LedgerCorruptError(LedgerError):
    """The stored bytes are not what was written: stop, compare with the copies."""

    reason: ClassVar[str] = "LEDGER_UNAVAILABLE"


class LedgerLockedError(LedgerError):
    """Another process writes this ledger: stop that one first."""

    reason: ClassVar[str] = "LEDGER_UNAVAILABLE"


class KeyUnavailableError(LedgerError):
    """A sealed part cannot be opened: use the key of its authority and period, if it still is."""

    reason: ClassVar[str] = "INTERNAL"


class NoteRejectedError(LedgerError):
    """Bytes of a log, a witness or a proof are not in their one form: do not use them."""

    reason: ClassVar[str] = "MALFORMED"


class SignatureRejectedError(LedgerError):
    """A signature does not hold, or none of a known key is there: do not believe the text."""

    reason: ClassVar[str] = "SIGNATURE_INVALID"


class ProofRejectedError(LedgerError):
    """A Merkle proof does not hold: do not believe the log, keep what it sent."""

    reason: ClassVar[str] = "SIGNATURE_INVALID"


class ProofPendingError(LedgerError):
    """No checkpoint covers the entry yet: ask again in a second."""

    reason: ClassVar[str] = "LEDGER_UNAVAILABLE"


class HoldInvalidError(LedgerError):
    """A file of legal holds cannot be read: mend it; nothing is destroyed until then."""

    reason: ClassVar[str] = "INTERNAL"


class RollbackError(LedgerError):
    """A copy has less than the ledger had: find a newer one, or accept the loss."""

    reason: ClassVar[str] = "LEDGER_UNAVAILABLE"
