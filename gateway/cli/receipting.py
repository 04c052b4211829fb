"""Save receipts, fetch their proofs, check them, and say in words what they prove."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gateway.access.federation import read_federation
from gateway.cli.clients import open_client
from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.errors import RefusedError, UnreachableError
from gateway.receipts.check import check_receipt
from gateway.receipts.file import ReceiptFile, read_receipt_file
from gateway.receipts.proof import Given
from gateway.settings import home_of
from kalkan.v1 import search_service_pb2 as wire

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.found import Found
    from gateway.cli.options import Asking
    from gateway.cli.receipt import Proof, Verify
    from gateway.client import Client
    from gateway.receipts.verdict import Bank, Verdict

_SEARCHED: Final = frozenset({"answered", "no_hit"})
NO_HIT: Final = (
    "A no hit says: on this question this bank was searched by its own node and held nothing that"
    " its owner releases to this requester. It does not say that the bank holds nothing."
)


async def save_receipt(options: Asking, client: Client, found: Found) -> None:
    """Write the receipt of a search to the file that the options name, with its proof if it comes.

    Raises:
        OSError: The file cannot be written.
    """
    if options.save is None or found.ended is None:
        return
    signed, receipt = found.ended.signed, found.ended.receipt
    file = ReceiptFile(signed.data, signed.signature, tuple(options.ask))
    write_file(options.save, file)
    screen = None if options.as_json else Screen()
    try:
        given = await client.standing(receipt.search_id, receipt.ledger_index)
    except (RefusedError, UnreachableError):
        # The receipt is safe; the proof can be fetched later.
        given = Given(receipt.ledger_index, b"", b"", 0, receipt.cosignatures_needed)
    if given.proof:
        write_file(options.save, file.proved(given.entry, given.proof))
    if screen is None:
        print(write_json({"event": "receipt", "file": str(options.save), **_shape(given)}))
        return
    screen.say(show(f"Receipt: {options.save}, {given.tell()}"))
    if not given.proof:
        screen.say(show(f"Fetch its proof later: kalkan receipt proof {options.save}"))


def _shape(given: Given) -> dict[str, object]:
    """How far a search is proved, for programs."""
    counts = {"cosignatures": given.signed, "needed": given.needed}
    return {"state": str(given.state), **counts}


def write_file(path: Path, file: ReceiptFile) -> None:
    """Write a receipt file; what was there before is whole until the new one is."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(file.encode(), encoding="utf-8")
    new.replace(path)


def fetch_proof(options: Proof) -> Exit:
    """Fetch the proof of a file and add it."""
    return asyncio.run(_fetch(options))


async def _fetch(options: Proof) -> Exit:
    file = read_receipt_file(options.file)
    receipt = wire.Receipt.FromString(file.receipt)
    async with open_client(options) as client:
        given = await client.standing(receipt.search_id, receipt.ledger_index)
    if given.proof:
        write_file(options.file, file.proved(given.entry, given.proof))
    if options.as_json:
        print(write_json({"file": str(options.file), **_shape(given)}))
    else:
        later = "" if given.proof else "; try again later"
        Screen().say(show(f"{options.file}: {given.tell()}{later}"))
    return Exit.HIT if given.proof else Exit.INCOMPLETE


def check_file(options: Verify) -> Exit:
    """Check a file and say what it proves.

    Raises:
        CommandError: There is no federation file.
        InputError: The file is no receipt.
    """
    path = options.federation or home_of(options.home) / "federation.toml"
    if not path.is_file():
        raise CommandError(f"{path}: no federation file is here; name it with --federation")
    verdict = check_receipt(read_receipt_file(options.file), read_federation(path))
    if options.as_json:
        print(write_json(verdict.as_json()), flush=True)
    else:
        tell(Screen(), verdict)
    if not verdict.sound:
        return Exit.NO_HIT
    return Exit.INCOMPLETE if verdict.pending else Exit.HIT


def tell(screen: Screen, verdict: Verdict) -> None:
    """Say what was found, for people."""
    for step, text in verdict.wrong:
        screen.say(show(f"wrong: {step}: {text}"))
    if not verdict.sound:
        screen.say("Trust nothing of this receipt.")
        return
    began = verdict.start.isoformat(timespec="seconds") if verdict.start else ""
    screen.say(show(f"Search {verdict.search_id} of {began}, as the hub has signed it:"), "bold")
    for bank in verdict.banks:
        screen.say(show(f"  {bank.bank:<24}{_tell_bank(bank)}"))
    if any(bank.state == "no_hit" for bank in verdict.banks):
        screen.say(NO_HIT)
    whole = "Every bank that can search for this has searched."
    screen.say(whole if verdict.complete else "Not every bank has searched: a gap is left.")
    screen.say(show(_tell_proof(verdict)))


def _tell_bank(bank: Bank) -> str:
    told = bank.state.replace("_", " ")
    told += ", more matched than was given" if bank.truncated else ""
    told += f" by {bank.rule}" if bank.rule else ""
    if bank.attested:
        return f"{told}; its node has signed that"
    return f"{told}; the hub alone says that" if bank.state in _SEARCHED else told


def _tell_proof(verdict: Verdict) -> str:
    if verdict.pending:
        needed = f"; {verdict.quorum} witnesses must sign" if verdict.quorum else ""
        return f"Pending: not proved to be in the hub's ledger: {verdict.pending}{needed}."
    ledger = f"it is in the hub's ledger of {verdict.entries} entries"
    if not verdict.quorum:
        return f"Logged: {ledger}, signed by no witness, and the federation asks for none."
    signed = f"{len(verdict.witnesses)} witnesses, {verdict.quorum} are needed"
    return f"Witnessed: {ledger}, signed by {signed}."
