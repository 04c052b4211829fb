"""The errors of the gateway, named by what the caller must do next.

Each has a `reason` that is a value of ErrorReason in the contract. `metadata` travels in ErrorInfo.
Texts are written here and hold no value of a query, no text of a bank and no text of a driver.
"""

from __future__ import annotations

from typing import ClassVar


class GatewayError(Exception):
    """The root. `metadata` names the field, the limit or the rule, in the caller's words."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, text: str, **metadata: str) -> None:
        """Keep the text and the metadata."""
        super().__init__(text)
        self.text = text
        self.metadata = metadata


class MalformedError(GatewayError):
    """The message is not valid protobuf; mend the client."""

    reason: ClassVar[str] = "MALFORMED"


class OversizedError(GatewayError):
    """The message is too large; send less."""

    reason: ClassVar[str] = "OVERSIZED"


class FieldInvalidError(GatewayError):
    """A field is missing or against its limits; mend that field."""

    reason: ClassVar[str] = "FIELD_INVALID"


class TargetsMissingError(GatewayError):
    """No target is named; say who is asked."""

    reason: ClassVar[str] = "TARGETS_MISSING"


class TargetUnknownError(GatewayError):
    """A target is unknown; look into the directory."""

    reason: ClassVar[str] = "TARGET_UNKNOWN"


class PurposeMissingError(GatewayError):
    """No purpose is named; say why it is asked."""

    reason: ClassVar[str] = "PURPOSE_MISSING"


class MrzInvalidError(GatewayError):
    """A machine-readable zone is misread; read it again."""

    reason: ClassVar[str] = "MRZ_INVALID"


class DeadlineInvalidError(GatewayError):
    """The deadline is outside its limits; choose another."""

    reason: ClassVar[str] = "DEADLINE_INVALID"


class PolicyRefusedError(GatewayError):
    """A policy refuses; metadata name the rule and the contact."""

    reason: ClassVar[str] = "POLICY_REFUSED"


class OverloadedError(GatewayError):
    """The server has too much to do; try again later."""

    reason: ClassVar[str] = "OVERLOADED"


class DrainingError(GatewayError):
    """The server is going down; ask another, or later."""

    reason: ClassVar[str] = "DRAINING"


class MethodUnknownError(GatewayError):
    """The method does not exist here; mend the client."""

    reason: ClassVar[str] = "METHOD_UNKNOWN"


class BankUnknownError(GatewayError):
    """The bank is not hosted here; look into the directory."""

    reason: ClassVar[str] = "BANK_UNKNOWN"


class DeadlineOverError(GatewayError):
    """The call's deadline is over; allow more time."""

    reason: ClassVar[str] = "DEADLINE_OVER"


class AnswerRejectedError(GatewayError):
    """An answer does not hold: its signature, its digest or its labels. Trust nothing of it."""

    reason: ClassVar[str] = "INTERNAL"


class SettingsError(GatewayError):
    """A settings file is wrong; the text names file, key and what to write."""

    reason: ClassVar[str] = "FIELD_INVALID"


class UnreachableError(GatewayError):
    """The hub cannot be reached; check the address and the network."""

    reason: ClassVar[str] = "DRAINING"
