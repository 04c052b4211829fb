"""How a command ends: one exit code for each thing that a caller can do next, and plain errors.

A script that asks must be able to tell "searched everywhere, nothing" from every other silence, so
1 means that alone: nothing unexpected may end with it, not even a fault of our own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from gateway.cli.safe import show
from gateway.errors import GatewayError, InputError, RefusedError, SettingsError


class Exit(IntEnum):
    """The exit codes of `kalkan`."""

    HIT = 0  # something matched; or the command did what it is for
    NO_HIT = 1  # nothing matched, and every bank that was asked has searched
    USAGE = 2  # the command, a file or a setting is wrong
    INCOMPLETE = 3  # nothing matched, but not every bank has searched
    REFUSED = 4  # the question was refused
    UNREACHABLE = 5  # the hub cannot be reached, cannot answer, or cannot be trusted
    FAILED = 70  # a fault of this program
    INTERRUPTED = 130  # Ctrl-C


class CommandError(Exception):
    """The command cannot go on: `text` says why and what to do, `code` how it ends."""

    def __init__(self, text: str, code: Exit = Exit.USAGE) -> None:
        """Keep both."""
        super().__init__(text)
        self.text = text
        self.code = code


_USAGE_REASONS: Final = frozenset(
    {
        "MALFORMED",
        "OVERSIZED",
        "FIELD_INVALID",
        "TARGETS_MISSING",
        "TARGET_UNKNOWN",
        "PURPOSE_MISSING",
        "MRZ_INVALID",
        "DEADLINE_INVALID",
    }
)
_AWAY_REASONS: Final = frozenset(
    {
        "LEDGER_UNAVAILABLE",
        "OVERLOADED",
        "DRAINING",
        "DEADLINE_OVER",
        "CANCELLED",
        "INTERNAL",
        "REVOCATIONS_STALE",
        "NONCES_AWAY",
        "BUDGETS_AWAY",
    }
)
_ADVICE: Final = {
    "TARGET_UNKNOWN": "`kalkan federation status` lists projects, members and banks.",
    "TARGETS_MISSING": "Say who is asked: --ask kalkan, --ask KAZ or --ask KAZ/persons.",
    "PURPOSE_MISSING": "Say why it is asked: --purpose terrorism.",
    "MRZ_INVALID": "Read the zone again; a character was misread.",
    "TOKEN_EXPIRED": "Get a fresh token; `kalkan demo --keep` renews those of the demonstration.",
    "TOKEN_INVALID": "Get a token from your own member.",
    "TOKEN_FOREIGN": "Get a token from a member of this federation.",
    "TOKEN_UNBOUND": "Use the certificate and the query key that the token was made for.",
    "TOKEN_REVOKED": "Ask your own member why.",
    "QUERY_STALE": "Check the clock of this machine.",
    "POLICY_REFUSED": "`kalkan federation explain` tells what may be asked of whom.",
    "STOPPED": "Ask the contact; nothing is answered until the stop is lifted.",
    "PEER_FORBIDDEN": "Use a client's own certificate: --as NAME.",
    "OVERLOADED": "Try again in a moment.",
    "UNREACHABLE": "Start the federation (`kalkan demo --keep`) or check the hub's address.",
    "UNTRUSTED": "Trust nothing of this answer; tell those who run the hub.",
}


def guard(run: Callable[[], Exit]) -> int:
    """Run a command; turn whatever goes wrong into a line on stderr and an exit code."""
    try:
        return run()
    except CommandError as exc:
        return _tell(exc.text, exc.code)
    except GatewayError as exc:
        return _tell_gateway(exc)
    except KeyboardInterrupt:
        return _tell("interrupted", Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone; nobody is left to be told.
        return Exit.INTERRUPTED
    except Exception as exc:  # noqa: BLE001 - whatever escaped must not end with the code of "no hit"
        return _tell_rest(exc)


def _tell_rest(error: Exception) -> int:
    """Errors of the other rooms carry a reason and a text of ours; what is left is a fault."""
    if isinstance(getattr(error, "reason", None), str):
        return _tell(str(error), Exit.USAGE)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _tell(f"{where}{error.strerror or type(error).__name__}", Exit.USAGE)
    told = f"this is a fault of kalkan ({type(error).__name__}); please report it"
    return _tell(told, Exit.FAILED)


def _tell_gateway(error: GatewayError) -> int:
    """Say what a client's error means and what to do."""
    if isinstance(error, InputError | SettingsError):
        return _tell(error.text, Exit.USAGE)
    if isinstance(error, RefusedError):
        return _tell(*_refusal(error))
    name = type(error).__name__.removesuffix("Error").upper()
    return _tell(_with_advice(error.text, name), Exit.UNREACHABLE)


def _refusal(error: RefusedError) -> tuple[str, Exit]:
    told = [f"refused ({error.reason}): {error.text}"]
    told += [f"{key}: {value}" for key, value in sorted(error.metadata.items()) if value]
    return _with_advice("\n  ".join(told), error.reason), code_of(error.reason)


def code_of(reason: str) -> Exit:
    """The exit code of a refused call: wrong usage, a refusal, or a hub that cannot answer."""
    if reason in _USAGE_REASONS:
        return Exit.USAGE
    return Exit.UNREACHABLE if reason in _AWAY_REASONS else Exit.REFUSED


def _with_advice(text: str, reason: str) -> str:
    advice = _ADVICE.get(reason, "")
    return f"{text}\n  {advice}" if advice else text


def _tell(text: str, code: Exit) -> int:
    lines = "\n".join(show(line, isolate=False) for line in text.splitlines())
    print(f"kalkan: {lines}", file=sys.stderr)
    return code
