"""A small federation with its keys, its clock and an issuer of tokens."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.access.federation import Federation, Hub, Member, Office, Project
from gateway.access.issue import TokenIssuer
from gateway.access.signatures import SigningKey
from gateway.access.tokens import TokenVerifier
from gateway.clock import ManualClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DER = b"the certificate of a desk, in DER"


@dataclass
class World:
    """Everything that a test of access needs, made once for each test."""

    clock: ManualClock
    federation: Federation
    token_key: SigningKey
    answer_key: SigningKey
    receipt_key: SigningKey
    query_key: SigningKey
    issuer: TokenIssuer
    verifier: TokenVerifier

    @property
    def query_jwk(self) -> bytes:
        return json.dumps(self.query_key.public_jwk()).encode()

    def token(self, officer="officer-1", roles=("investigator",), **terms) -> str:
        bindings = {
            "audience": self.federation.id,
            "certificate_sha256": hashlib.sha256(DER).digest(),
            "key_thumbprint": self.query_key.thumbprint,
        }
        return self.issuer.issue(officer, roles, **{**bindings, **terms})


def make_member(code: str, token_key: SigningKey, answer_key: SigningKey, port: int) -> Member:
    return Member(
        code=code,
        title=f"Member {code}",
        issuer=f"https://tokens.{code.lower()}.example",
        node=f"127.0.0.1:{port}",
        node_name="localhost",
        contact=Office(office=f"Bureau {code}", phone="+0 1", email="bureau@example"),
        token_keys=(token_key.public_key,),
        answer_keys=(answer_key.public_key,),
    )


@pytest.fixture
def world() -> World:
    clock = ManualClock(NOW)
    token_key = SigningKey.generate(kid="kaz-token")
    answer_key = SigningKey.generate("Ed25519", kid="kaz-answer")
    receipt_key = SigningKey.generate(kid="hub-receipt")
    others = SigningKey.generate("Ed25519", kid="tur-token"), SigningKey.generate(kid="tur-answer")
    federation = Federation(
        id="kalkan-test",
        ca=Path("/nowhere/ca.pem"),
        hub=Hub(address="127.0.0.1:7443", name="localhost", receipt_keys=(receipt_key.public_key,)),
        members=(
            make_member("KAZ", token_key, answer_key, 7501),
            make_member("TUR", *others, 7502),
        ),
        projects=(Project(name="kalkan", title="Kalkan", members=("KAZ", "TUR")),),
    )
    return World(
        clock=clock,
        federation=federation,
        token_key=token_key,
        answer_key=answer_key,
        receipt_key=receipt_key,
        query_key=SigningKey.generate(),
        issuer=TokenIssuer("KAZ", token_key, "https://tokens.kaz.example", clock),
        verifier=TokenVerifier(federation, clock),
    )
