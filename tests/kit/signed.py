"""Answers and receipts of a federation of three, signed by real keys, without a server."""

import hashlib
from functools import cache
from pathlib import Path

from gateway.access.federation import Federation, Hub, Member, Office, Project
from gateway.access.signatures import Domain, SigningKey
from gateway.answers import Expected
from kalkan.v1 import model_pb2 as model

ID = "test-federation"
MEMBERS = ("GEO", "KAZ", "TUR")
DIGEST = hashlib.sha256(b"a question").digest()


@cache
def key_of(name: str) -> SigningKey:
    """The answer key of a member, or the receipt key of "HUB"; the same in the whole run."""
    return SigningKey.generate(kid=f"{name}-key")


def expected(**changes) -> Expected:
    """What an answer to the one question of these tests must fit."""
    values = {
        "federation_id": ID,
        "digest": DIGEST,
        "granularity": model.GRANULARITY_RECORD,
        "limit": 3,
        "probes": 1,
        "keys": {member: (key_of(member).public_key,) for member in MEMBERS},
    }
    return Expected(**{**values, **changes})


def make_answer(bank: str = "KAZ/persons", hits: int = 0, **fields) -> model.Answer:
    """An answer that holds, with so many hits."""
    values = {
        "federation_id": ID,
        "member": bank.partition("/")[0],
        "bank": bank,
        "query_sha256": DIGEST,
        "state": model.BANK_STATE_ANSWERED if hits else model.BANK_STATE_NO_HIT,
        "granularity": model.GRANULARITY_RECORD,
    }
    answer = model.Answer(**{**values, **fields})
    for number in range(hits):
        add_hit(answer, f"R{number}")
    return answer


def add_hit(answer: model.Answer, reference: str, score: float = 0.9) -> model.Hit:
    """Add a hit with one field to an answer, labelled as the contract wants it."""
    record = model.Record(owner=answer.member, bank=answer.bank, reference=reference)
    record.handling.tlp = model.TLP_GREEN
    field = record.fields.add(field=model.FIELD_NAME_REMARK, text="seen")
    field.handling.tlp = model.TLP_AMBER
    answer.state = model.BANK_STATE_ANSWERED
    return answer.hits.add(record=record, score=score)


def seal(answer: model.Answer, signer: str = "") -> tuple[bytes, str]:
    """Serialise an answer and sign it as its node does, or as another."""
    data = answer.SerializeToString()
    return data, key_of(signer or answer.member).sign(Domain.ANSWER, data)


def make_federation(home: Path = Path("/nowhere")) -> Federation:
    """The three members with their keys; KAZ has two banks, the others one."""
    return Federation(
        id=ID,
        ca=home / "ca.pem",
        hub=Hub(
            address="127.0.0.1:7443", name="localhost", receipt_keys=(key_of("HUB").public_key,)
        ),
        members=tuple(_make_member(code, port) for port, code in enumerate(MEMBERS, 7501)),
        projects=(
            Project(name="trio", title="All three", members=MEMBERS),
            Project(name="pair", title="Two of them", members=("KAZ", "TUR")),
        ),
    )


def _make_member(code: str, port: int) -> Member:
    banks = ("persons", "vehicles") if code == "KAZ" else ("persons",)
    return Member(
        code=code,
        title=f"Member {code}",
        issuer=f"https://id.{code.lower()}.example",
        node=f"127.0.0.1:{port}",
        node_name="localhost",
        contact=Office(office=f"Office of {code}"),
        token_keys=(key_of(f"{code}-token").public_key,),
        answer_keys=(key_of(code).public_key,),
        banks=tuple(f"{code}/{bank}" for bank in banks),
        notices="none",  # tests/kit/notices.py is for those who look at them
    )
