"""An officer's desk without a server: token, key, signed questions, and calls to hand them in."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration

from gateway.access.certificates import Peer
from gateway.access.federation import Federation
from gateway.access.issue import TokenIssuer
from gateway.access.signatures import Domain, SigningKey
from gateway.clock import Clock
from gateway.probe import person
from gateway.serving import Call
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.signed import ID, key_of

DER = b"a certificate in DER"
WHY = model.Justification(
    offence="preparation",
    person_category=model.PERSON_CATEGORY_SUSPECT,
    aim=model.AIM_LEARN_MORE,
)


@dataclass
class Context:
    """What handlers use of gRPC's context."""

    seconds: float | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    def time_remaining(self) -> float | None:
        return self.seconds

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return self.metadata


@dataclass
class Desk:
    """An officer of KAZ, or of another member, who asks."""

    federation: Federation
    clock: Clock
    roles: tuple[str, ...] = ("investigator",)
    member: str = "KAZ"
    key: SigningKey = field(default_factory=lambda: key_of("officer"))
    token: str = field(init=False)

    def __post_init__(self) -> None:
        key, uri = key_of(f"{self.member}-token"), f"https://id.{self.member.lower()}.example"
        issuer = TokenIssuer(self.member, key, uri, self.clock)
        self.token = issuer.issue(
            "officer",
            self.roles,
            audience=ID,
            certificate_sha256=hashlib.sha256(DER).digest(),
            key_thumbprint=self.key.thumbprint,
        )

    def compose(self, *targets: model.Target, **changes) -> model.Query:
        """A question that everybody may be asked; to the three without targets.

        It has much time: what ends by itself does so on a busy machine too.
        """
        values = {
            "federation_id": ID,
            "token_sha256": hashlib.sha256(self.token.encode()).digest(),
            "targets": targets or (model.Target(project="trio"),),
            "purpose": model.PURPOSE_TERRORISM,
            "case_reference": "T-1",
            "justification": WHY,
            "probes": [person("Рустам Каримов", birth="1984-05-01")],
            "nonce": b"\x01" * 16,
            "deadline": Duration(seconds=20),
        }
        query = model.Query(**{**values, **changes})
        query.time.FromDatetime(self.clock.now())
        return query

    def sign(self, query: model.Query) -> wire.SearchRequest:
        """The request of a question."""
        data = query.SerializeToString()
        return wire.SearchRequest(
            query=data,
            token=self.token,
            signature=self.key.sign(Domain.QUERY, data),
            public_key=json.dumps(self.key.public_jwk()).encode(),
        )

    def call(self, role: str = "client", seconds: float | None = None, **changes) -> Call:
        """A call of this officer, or of a peer that is something else."""
        peer = Peer(
            federation=ID,
            role=role,
            member=self.member,
            name="officer",
            der=DER,
            sha256=hashlib.sha256(DER).digest(),
            expires=self.clock.now() + timedelta(days=1),
        )
        bearer = (("authorization", f"Bearer {self.token}"),)
        return Call("/test", peer, Context(seconds, changes.get("metadata", bearer)))
