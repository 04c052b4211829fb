"""The errors of the gateway, named by what the caller must do next.

Each has a `reason` that is a value of ErrorReason in the contract. `metadata` travels in ErrorInfo.
Texts are written here and hold no value of a query, no text of a bank and no text of a driver.
"""

from __future__ import annotations


class GatewayError(Exception):
    """The root. `metadata` names the field, the limit or the rule, in the caller's words."""

    reason: str = "INTERNAL"

    def __init__(self, text: str, **metadata: str) -> None:
        """Keep the text and the metadata."""
        super().__init__(text)
        self.text = text
        self.metadata = metadata


class MalformedError(GatewayError):
    """The message is not valid protobuf; mend the client."""

    reason: str = "MALFORMED"


class OversizedError(GatewayError):
    """The message is too large; send less."""

    reason: str = "OVERSIZED"


class FieldInvalidError(GatewayError):
    """A field is missing or against its limits; mend that field."""

    reason: str = "FIELD_INVALID"


class TargetsMissingError(GatewayError):
    """No target is named; say who is asked."""

    reason: str = "TARGETS_MISSING"


class TargetUnknownError(GatewayError):
    """A target is unknown; look into the directory."""

    reason: str = "TARGET_UNKNOWN"


class PurposeMissingError(GatewayError):
    """No purpose is named; say why it is asked."""

    reason: str = "PURPOSE_MISSING"


class MrzInvalidError(GatewayError):
    """A machine-readable zone is misread; read it again."""

    reason: str = "MRZ_INVALID"


class DeadlineInvalidError(GatewayError):
    """The deadline is outside its limits; choose another."""

    reason: str = "DEADLINE_INVALID"


class PolicyRefusedError(GatewayError):
    """A policy refuses; metadata name the rule and the contact."""

    reason: str = "POLICY_REFUSED"


class StoppedError(GatewayError):
    """The requester or the purpose was stopped; metadata name the rule and the contact."""

    reason: str = "STOPPED"


class UnwitnessedError(GatewayError):
    """The ledger's witnesses have been missing for too long; ask again when they are back."""

    reason: str = "LEDGER_UNAVAILABLE"


class BudgetsAwayError(GatewayError):
    """The owner's budgets cannot be kept now; ask again when the owner has mended that."""

    reason: str = "BUDGETS_AWAY"


class OverloadedError(GatewayError):
    """The server has too much to do; try again later."""

    reason: str = "OVERLOADED"


class DrainingError(GatewayError):
    """The server is going down; ask another, or later."""

    reason: str = "DRAINING"


class MethodUnknownError(GatewayError):
    """The method does not exist here; mend the client."""

    reason: str = "METHOD_UNKNOWN"


class BankUnknownError(GatewayError):
    """The bank is not hosted here; look into the directory."""

    reason: str = "BANK_UNKNOWN"


class DeadlineOverError(GatewayError):
    """The call's deadline is over; allow more time."""

    reason: str = "DEADLINE_OVER"


class UntrustedError(GatewayError):
    """What arrived does not hold: a signature, a digest, a label. Trust nothing of it."""


class InputError(GatewayError):
    """What was typed is no question; the text says what to write."""

    reason: str = "FIELD_INVALID"


class SettingsError(GatewayError):
    """A settings file is wrong; the text names file, key and what to write."""

    reason: str = "FIELD_INVALID"


class RefusedError(GatewayError):
    """The server refused; `reason` says why, the metadata name field, limit or rule."""

    reason: str = "POLICY_REFUSED"

    def __init__(self, reason: str, text: str, **metadata: str) -> None:
        """Keep the server's own reason."""
        super().__init__(text, **metadata)
        self.reason = reason


class UnreachableError(GatewayError):
    """The server cannot be reached, or cannot answer now; check the address, try again later."""

    reason: str = "DRAINING"


class StreamEndedError(UnreachableError):
    """A stream ended before a search in it did; ask the same bytes in a call of their own."""
