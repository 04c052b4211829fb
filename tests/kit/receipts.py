"""A receipt file with its proof, made by hand: keys, log, witnesses; each part can be forged."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gateway.access.federation import Federation
from gateway.access.signatures import Domain, SigningKey
from gateway.ledger.entry import BankOutcome, Entry, Kind, Side
from gateway.ledger.tiles.edge import Edge
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.hashing import hash_leaf
from gateway.ledger.tlog.note import Note
from gateway.ledger.tlog.proof import Proof
from gateway.ledger.tlog.signer import Cosigner, Signer
from gateway.question import state_name
from gateway.receipts.file import ReceiptFile
from gateway.witnessing.panel import witness_name
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from kalkan.v1.attestation_pb2 import Attestation
from tests.kit.world import World

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUERY = hashlib.sha256(b"query").digest()


@dataclass
class Press:
    """Makes receipts of a world with the keys that its servers have."""

    world: World
    states: dict[str, int]
    targets: tuple[str, ...] = ("trio",)

    @property
    def federation(self) -> Federation:
        return self.world.federation

    def attestation(self, bank: str, **changes) -> Attestation:
        said = Attestation(
            federation_id=self.federation.id,
            bank=bank,
            query_sha256=QUERY,
            state=self.states[bank],
            answer_sha256=hashlib.sha256(bank.encode()).digest(),
            policy_epoch="p1",
            ledger_index=3,
        )
        said.MergeFrom(Attestation(**changes))
        return said

    def node_key(self, member: str) -> SigningKey:
        return SigningKey.load(
            self.world.home / "nodes" / member / "answer.key", f"{member}-answer"
        )

    def coverage(self, bank: str) -> wire.Coverage:
        data = self.attestation(bank).SerializeToString()
        return wire.Coverage(
            bank=bank,
            state=self.states[bank],
            answer_sha256=hashlib.sha256(bank.encode()).digest(),
            policy_epoch="p1",
            attestation=data,
            attestation_signature=self.node_key(bank[:3]).sign(Domain.ATTESTATION, data),
        )

    def receipt(self) -> wire.Receipt:
        receipt = wire.Receipt(
            federation_id=self.federation.id,
            search_id=QUERY[:16].hex(),
            query_sha256=QUERY,
            coverage=[self.coverage(bank) for bank in sorted(self.states)],
            complete=True,
            ledger_index=1,
        )
        receipt.start_time.FromDatetime(NOON)
        return receipt

    def sign(self, receipt: wire.Receipt) -> ReceiptFile:
        """Sign a receipt, true or forged, as the hub; without a proof."""
        data = receipt.SerializeToString()
        key = SigningKey.load(self.world.home / "hub" / "receipt.key", "hub-receipt")
        return ReceiptFile(data, key.sign(Domain.RECEIPT, data), self.targets)

    def entry(self, **changes) -> Entry:
        states = tuple(BankOutcome(bank=b, state=state_name(s)) for b, s in self.states.items())
        entry = Entry(
            kind=Kind.OUTCOME,
            time=NOON,
            side=Side.HUB,
            member="HUB",
            search_id=QUERY[:16].hex(),
            query_sha256=QUERY.hex(),
            targets=self.targets,
            states=states,
        )
        return replace(entry, **changes)

    def checkpoint(self, entry: bytes, witnesses: tuple[str, ...]) -> tuple[bytes, bytes]:
        """A log of two entries: the cosigned note, and the hash beside the second leaf."""
        edge = Edge()
        edge.add(b"first")
        edge.add(entry)
        tree = edge.tree()
        key = SigningKey.load(self.world.home / "hub" / "ledger.key").private_key
        signer = Signer(f"kalkan.example/{self.federation.id}/HUB", key)
        note = signer.sign(str(Checkpoint(signer.vkey.name, tree.size, tree.root)))
        lines = [self.cosigner(code).cosign(note.text, 1_700_000_000) for code in witnesses]
        return Note(note.text, (*note.signatures, *lines)).encode(), hash_leaf(b"first")

    def cosigner(self, code: str) -> Cosigner:
        path = self.world.home / "nodes" / code / "witness.key"
        return Cosigner(witness_name(self.federation.id, code), SigningKey.load(path).private_key)

    def prove(
        self,
        file: ReceiptFile,
        entry: Entry | None = None,
        witnesses: tuple[str, ...] = ("KAZ", "TUR"),
    ) -> ReceiptFile:
        stored = (entry or self.entry()).encode()
        note, sibling = self.checkpoint(stored, witnesses)
        return file.proved(stored, Proof(1, (sibling,), note).encode())


def open_press(world: World) -> Press:
    """Receipts of the whole world: one hit, the rest searched without one."""
    states = {f"{code}/persons": model.BANK_STATE_NO_HIT for code in ("GEO", "KAZ", "TUR")}
    return Press(world, {**states, "KAZ/persons": model.BANK_STATE_ANSWERED})
