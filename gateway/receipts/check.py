"""Check a receipt file offline, with the public keys of the federation file alone.

Nothing is taken from the file on trust: keys, origins, banks of targets and the quorum come from
the reader's own copy of the federation file.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError

from gateway.access.errors import SignatureInvalidError, TargetUnknownError
from gateway.access.signatures import verify_receipt
from gateway.access.targets import resolve_targets
from gateway.attestations import NOTHING, Signed, read_attestation
from gateway.errors import UntrustedError
from gateway.ledger.entry import Entry, parse_entry
from gateway.ledger.errors import LedgerError
from gateway.ledger.kinds import Kind
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.proof import parse_proof
from gateway.ledger.tlog.vkey import KeyType
from gateway.question import state_name
from gateway.receipts.verdict import Bank, Step, Verdict
from gateway.witnessing.panel import HUB, panel_of, read_vkey
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.access.federation import Federation
    from gateway.receipts.file import ReceiptFile

_SEARCHED: Final = frozenset({model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT})
"""States that only a node's own word can prove."""
_COMPLETE: Final = _SEARCHED | {model.BANK_STATE_NOT_CAPABLE}


def check_receipt(file: ReceiptFile, federation: Federation) -> Verdict:
    """Check a receipt file, step by step; what is wrong is in the verdict."""
    verdict = Verdict()
    receipt = _read_receipt(file, federation, verdict)
    if receipt is None:
        return verdict
    verdict.search_id = receipt.search_id
    verdict.start = receipt.start_time.ToDatetime(tzinfo=UTC)
    verdict.complete = receipt.complete
    _check_coverage(receipt, federation, verdict)
    _check_targets(file.targets, receipt, federation, verdict)
    _check_ledger(file, receipt, federation, verdict)
    return verdict


def _read_receipt(
    file: ReceiptFile, federation: Federation, verdict: Verdict
) -> wire.Receipt | None:
    try:
        verify_receipt(file.receipt, file.signature, federation.hub.receipt_keys)
        receipt = wire.Receipt.FromString(file.receipt)
    except (SignatureInvalidError, DecodeError):
        verdict.fail(Step.RECEIPT, "the receipt is not signed by the hub of this federation")
        return None
    if receipt.federation_id != federation.id:
        verdict.fail(Step.RECEIPT, "the receipt is of another federation")
    if receipt.search_id != receipt.query_sha256[:16].hex():
        verdict.fail(Step.RECEIPT, "the search is not that of the query")
    return receipt


def _check_coverage(receipt: wire.Receipt, federation: Federation, verdict: Verdict) -> None:
    """Each bank once, each that searched by its own node's word, completeness as the banks say."""
    seen = [coverage.bank for coverage in receipt.coverage]
    if len(set(seen)) != len(seen):
        verdict.fail(Step.RECEIPT, "the receipt says twice how a bank ended")
    for coverage in receipt.coverage:
        attested = _check_node(coverage, receipt, federation, verdict)
        name = state_name(coverage.state)
        bank = Bank(coverage.bank, name, attested, coverage.truncated, coverage.rule)
        verdict.banks.append(bank)
    states = [c.state for c in receipt.coverage if c.state != model.BANK_STATE_NOT_ASKED]
    if receipt.complete != (bool(states) and all(state in _COMPLETE for state in states)):
        verdict.fail(Step.RECEIPT, "the receipt's completeness does not fit its banks")


def _check_node(
    coverage: wire.Coverage, receipt: wire.Receipt, federation: Federation, verdict: Verdict
) -> bool:
    """Check the attestation of one bank's node; tell whether there is one that holds."""
    signed = Signed(coverage.attestation, coverage.attestation_signature)
    if signed == NOTHING:
        if coverage.answer_sha256 or coverage.state not in _SEARCHED:
            return False
        verdict.fail(Step.NODES, f"{coverage.bank}: the hub alone says that it has searched")
        return False
    member = federation.member(coverage.bank.partition("/")[0])
    try:
        found = read_attestation(signed, member.answer_keys if member else ())
    except UntrustedError as exc:
        verdict.fail(Step.NODES, f"{coverage.bank}: {exc.text}")
        return False
    said = (found.bank, found.state, found.answer_sha256, found.truncated, found.policy_epoch)
    covered = (
        coverage.bank,
        coverage.state,
        coverage.answer_sha256,
        coverage.truncated,
        coverage.policy_epoch,
    )
    of_this = (found.federation_id, found.query_sha256) == (federation.id, receipt.query_sha256)
    if said != covered or not of_this:
        verdict.fail(Step.NODES, f"{coverage.bank}: its node has attested something else")
        return False
    return True


def _check_targets(
    targets: Sequence[str], receipt: wire.Receipt, federation: Federation, verdict: Verdict
) -> None:
    """Check that no bank which the targets mean was left out."""
    banks = {member.code: member.banks for member in federation.members}
    try:
        meant = resolve_targets(federation, [_pair(target) for target in targets], banks)
    except TargetUnknownError:
        verdict.fail(Step.TARGETS, "a target is not known to this federation file")
        return
    asked = {c.bank for c in receipt.coverage if c.state != model.BANK_STATE_NOT_ASKED}
    for bank in meant:
        if bank not in asked:
            verdict.fail(Step.TARGETS, f"{bank}: is meant by the targets and left out")


def _pair(target: str) -> tuple[str, str]:
    """Read a target as people write it."""
    if "/" in target:
        return "bank", target
    is_member = len(target) == 3 and target.isascii() and target.isupper()  # noqa: PLR2004 - ISO alpha-3
    return ("member" if is_member else "project"), target


def _check_ledger(
    file: ReceiptFile, receipt: wire.Receipt, federation: Federation, verdict: Verdict
) -> None:
    """Check entry and proof, where there are any."""
    panel = panel_of(federation, HUB)
    verdict.quorum = panel.quorum if panel else 0
    if not file.proof:
        verdict.pending = "the file holds no proof yet"
        return
    try:
        entry = parse_entry(file.entry)
    except LedgerError:
        verdict.fail(Step.ENTRY, "the entry is none of a ledger")
        return
    _check_entry(entry, file, receipt, verdict)
    try:
        _check_proof(file, receipt, federation, verdict)
    except LedgerError as exc:
        verdict.fail(Step.PROOF, str(exc))


def _check_entry(entry: Entry, file: ReceiptFile, receipt: wire.Receipt, verdict: Verdict) -> None:
    """The entry ends the same search, for the same targets, in the same states."""
    same = (entry.kind, entry.search_id, entry.query_sha256)
    if same != (Kind.OUTCOME, receipt.search_id, receipt.query_sha256.hex()):
        verdict.fail(Step.ENTRY, "the entry is of another search")
    if set(entry.targets) != set(file.targets):
        verdict.fail(Step.ENTRY, "the entry names other targets than the file")
    ends = sorted((s.bank, s.state, s.rule, s.truncated) for s in entry.states)
    covered = sorted(
        (c.bank, state_name(c.state), c.rule, c.truncated)
        for c in receipt.coverage
        if c.state != model.BANK_STATE_NOT_ASKED
    )
    if ends != covered:
        verdict.fail(Step.ENTRY, "the entry says otherwise how the banks ended")


def _check_proof(
    file: ReceiptFile, receipt: wire.Receipt, federation: Federation, verdict: Verdict
) -> None:
    """The entry is in the hub's log at the receipt's index, under enough signatures.

    Raises:
        LedgerError: The proof, the log's signature or a witness's does not hold.
    """
    panel = panel_of(federation, HUB)
    log = panel.log if panel else read_vkey(federation.hub.ledger_vkey, KeyType.LOG)
    proof = parse_proof(file.proof)
    checkpoint = proof.verify(file.entry, log)
    if proof.index != receipt.ledger_index:
        verdict.fail(Step.PROOF, "the proof is of another entry than the receipt names")
    signers = parse_note(proof.checkpoint).signers(panel.keys if panel else ())
    verdict.entries = checkpoint.size
    verdict.witnesses = tuple(key.name for key in signers)
    if len(signers) < verdict.quorum:
        text = f"{len(signers)} witnesses have signed where {verdict.quorum} are needed"
        verdict.fail(Step.PROOF, text)
