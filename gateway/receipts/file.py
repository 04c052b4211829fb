"""The receipt file: all that proves a search, and nothing personal.

JSON, so that any language reads it; what is signed is in base64, byte for byte as it came. The
attestations are inside the receipt. See docs/receipts.md.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gateway.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = "kalkan-receipt/1"
MAX_FILE: Final = 4_194_304
"""Largest receipt file in bytes."""
_TEXTS: Final = frozenset({"format", "receipt", "receipt_signature", "entry", "proof"})
_NAMES: Final = _TEXTS | {"targets"}


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """The content of a receipt file.

    Attributes:
        receipt: The serialised Receipt.
        signature: The hub's detached JWS over it.
        targets: What was asked for, as the one who asked says: projects, members or banks.
        entry: The outcome entry of the hub's ledger as stored; empty while there is no proof.
        proof: The C2SP tlog-proof of the entry; empty while there is none.
    """

    receipt: bytes
    signature: str
    targets: tuple[str, ...]
    entry: bytes = b""
    proof: bytes = b""

    def proved(self, entry: bytes, proof: bytes) -> ReceiptFile:
        """Return the same with its proof."""
        return replace(self, entry=entry, proof=proof)

    def encode(self) -> str:
        """Return the text of the file."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "targets": list(self.targets),
            "receipt": b64encode(self.receipt).decode(),
            "receipt_signature": self.signature,
        }
        if self.proof:
            content["entry"] = b64encode(self.entry).decode()
            content["proof"] = b64encode(self.proof).decode()
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def parse_receipt_file(text: str) -> ReceiptFile:
    """Return the content of a receipt file; nothing is verified.

    Raises:
        InputError: It is none.
    """
    try:
        content = json.loads(text, object_pairs_hook=_collect)
        _require_form(content)
        return ReceiptFile(
            receipt=b64decode(content["receipt"], validate=True),
            signature=content["receipt_signature"],
            targets=tuple(content["targets"]),
            entry=b64decode(content.get("entry", ""), validate=True),
            proof=b64decode(content.get("proof", ""), validate=True),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("this is no receipt file of a form that is known") from None


def read_receipt_file(path: Path) -> ReceiptFile:
    """Read a receipt file.

    Raises:
        InputError: It cannot be read, or is none.
    """
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE:
            raise InputError(f"{path}: is larger than {MAX_FILE} bytes")
        return parse_receipt_file(data.decode("utf-8"))
    except OSError as exc:
        raise InputError(f"{path}: cannot be read: {exc.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8") from None


def _collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    collected = dict(pairs)
    if len(collected) != len(pairs):
        raise ValueError("a name occurs twice")
    return collected


def _require_form(content: dict[str, Any]) -> None:
    """Check names and types."""
    if content["format"] != FORMAT or not content.keys() <= _NAMES:
        raise ValueError("another format")
    texts = [content[name] for name in _TEXTS & content.keys()]
    targets = content["targets"]
    if not isinstance(targets, list) or not all(isinstance(t, str) for t in (*texts, *targets)):
        raise ValueError("something other than text")
    if ("entry" in content) != ("proof" in content):
        raise ValueError("a proof without its entry")
