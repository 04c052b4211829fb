"""Clauses N50 to N54: messages that are against the contract are refused, and nothing leaks."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.duration_pb2 import Duration

from gateway.conformance.asker import Asker
from gateway.conformance.clause import clause, require
from gateway.conformance.forms import absent, person
from gateway.wire import MAX_QUERY
from kalkan.v1 import model_pb2 as model

_GARBAGE: Final = b"\xff\xff\xff\xff"
_PADDING: Final = b"\x82\x7d"
"""The key of field 2000, of bytes: the contract has none, so a reader skips it."""
_CANARY: Final = "Qanarixw"

_INVALID: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("TARGETS_MISSING", "no target", {"targets": []}),
    ("PURPOSE_MISSING", "no purpose", {"purpose": model.PURPOSE_UNSPECIFIED}),
    ("FIELD_INVALID", "a purpose that does not exist", {"purpose": 99}),
    ("FIELD_INVALID", "no case", {"case_reference": ""}),
    ("FIELD_INVALID", "a case of 65 characters", {"case_reference": "c" * 65}),
    ("FIELD_INVALID", "a nonce of 15 bytes", {"nonce": bytes(15)}),
    ("FIELD_INVALID", "a digest of 31 bytes", {"token_sha256": bytes(31)}),
    ("FIELD_INVALID", "a limit of 101", {"limit": 101}),
    ("FIELD_INVALID", "a granularity that does not exist", {"granularity": 99}),
    ("FIELD_INVALID", "no time", {"time": None}),
    ("FIELD_INVALID", "no probe", {"probes": []}),
    ("FIELD_INVALID", "an empty probe", {"probes": [model.Probe()]}),
    ("FIELD_INVALID", "a person without a letter", {"probes": [person("12345")]}),
    ("FIELD_INVALID", "a name of 201 characters", {"probes": [person("N" * 201)]}),
)
_DEADLINES: Final = (Duration(), Duration(seconds=-1), Duration(seconds=31))


@clause("N50", safety=True)
async def malformed_is_refused(asker: Asker) -> None:
    """Refuses bytes that are no message, and a question that is none."""
    await asker.require_refused(_GARBAGE, "MALFORMED", "a request that is no message")
    await asker.require_refused(asker.sign(_GARBAGE), "MALFORMED", "a question that is no message")


@clause("N51", safety=True)
async def oversized_is_refused(asker: Asker) -> None:
    """Refuses a question above 131,072 bytes, and goes on."""
    query = asker.compose().SerializeToString()
    padding = _PADDING + _length(MAX_QUERY) + b"0" * MAX_QUERY
    await asker.require_refused(asker.sign(query + padding), "OVERSIZED", "a large question")
    await asker.send_wrong(b"0" * 8_388_608, "eight megabytes")
    await asker.ask(asker.compose())


def _length(size: int) -> bytes:
    """A length as protobuf writes it: seven bits in a byte, the last without the high bit."""
    data = bytearray()
    while size > 0x7F:  # noqa: PLR2004 - seven bits
        data.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*data, size])


@clause("N52")
async def invalid_field_is_refused(asker: Asker) -> None:
    """Refuses a question that is against a limit of the contract."""
    for reason, what, changes in _INVALID:
        request = asker.sign(asker.compose(**changes))
        await asker.require_refused(request, reason, what)
    two = asker.compose(absent(asker.probes), person("Zzqxv Wjkvqx"))
    await asker.require_refused(asker.sign(two), "FIELD_INVALID", "two probes of two kinds")


@clause("N53")
async def invalid_deadline_is_refused(asker: Asker) -> None:
    """Refuses a deadline that is not more than 0 s and at most 30 s."""
    for deadline in _DEADLINES:
        request = asker.sign(asker.compose(deadline=deadline))
        what = f"a deadline of {deadline.seconds} s"
        await asker.require_refused(request, "DEADLINE_INVALID", what)


@clause("N54", safety=True)
async def refusal_holds_no_value(asker: Asker) -> None:
    """Says nothing of what was looked for when it refuses."""
    for name in (f"{_CANARY}\x1b[2J", f"{_CANARY}\u202e", f"{_CANARY} {'x' * 200}"):
        request = asker.sign(asker.compose(person(name)))
        refused = await asker.send_wrong(request, "a name of control characters, or too long")
        require(_CANARY not in refused.text, "the refusal holds the name that was looked for")
