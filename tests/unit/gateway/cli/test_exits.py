"""Each way to end has its code, and nothing unexpected ends with that of "no hit"."""

from __future__ import annotations

import pytest

from gateway.access.errors import KeyFileError
from gateway.cli.exits import CommandError, Exit, code_of, guard
from gateway.errors import (
    InputError,
    RefusedError,
    SettingsError,
    UnreachableError,
    UntrustedError,
)
from gateway.wire import CODES


def raise_it(error):
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CommandError("write it so"), Exit.USAGE, "write it so"),
        (CommandError("no", Exit.NO_HIT), Exit.NO_HIT, "no"),
        (InputError("sex: write male"), Exit.USAGE, "write male"),
        (SettingsError("x.toml: key"), Exit.USAGE, "x.toml: key"),
        (
            RefusedError("TARGET_UNKNOWN", "targets[0] is not known"),
            Exit.USAGE,
            "federation status",
        ),
        (RefusedError("POLICY_REFUSED", "no", rule="kaz.x"), Exit.REFUSED, "rule: kaz.x"),
        (RefusedError("TOKEN_EXPIRED", "the token has expired"), Exit.REFUSED, "fresh token"),
        (RefusedError("NEW_REASON", "of a later version"), Exit.REFUSED, "NEW_REASON"),
        (RefusedError("OVERLOADED", "too much"), Exit.UNREACHABLE, "Try again"),
        (UnreachableError("cannot be reached"), Exit.UNREACHABLE, "kalkan demo --keep"),
        (UntrustedError("the receipt is not the hub's"), Exit.UNREACHABLE, "Trust nothing"),
        (KeyFileError("a.key", "is open to others: chmod 600 it"), Exit.USAGE, "chmod 600"),
        (FileNotFoundError(2, "No such file", "d.csv"), Exit.USAGE, "d.csv: No such file"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "interrupted"),
        (ZeroDivisionError("secret text"), Exit.FAILED, "ZeroDivisionError"),
    ],
)
def test_guard_ends_with_the_code_of_the_error(error, code, said, capsys):
    assert guard(lambda: raise_it(error)) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert "secret text" not in told


def test_guard_shows_no_control_characters_of_a_server(capsys):
    guard(lambda: raise_it(RefusedError("POLICY_REFUSED", "\x1b[2Jgone")))
    assert "\x1b" not in capsys.readouterr().err


def test_guard_is_silent_when_the_reader_has_gone(capsys):
    assert guard(lambda: raise_it(BrokenPipeError())) == Exit.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_every_reason_of_the_contract_ends_with_a_code_that_says_more_than_no_hit():
    codes = {reason: code_of(reason) for reason in CODES}
    assert set(codes.values()) == {Exit.USAGE, Exit.REFUSED, Exit.UNREACHABLE}
    assert codes["LEDGER_UNAVAILABLE"] is Exit.UNREACHABLE
    assert codes["SIGNATURE_INVALID"] is Exit.REFUSED
    assert codes["MRZ_INVALID"] is Exit.USAGE
