"""The published test vectors, verified by Kalkan, by PyJWT, and by hand with `cryptography`."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from google.protobuf.unknown_fields import UnknownFieldSet

from gateway.access.jwk import parse_jwk
from gateway.access.signatures import (
    Domain,
    SigningKey,
    thumbprint_of,
    verify_answer,
    verify_attestation,
    verify_notice,
    verify_query,
    verify_receipt,
)
from gateway.access.strict import decode_base64url, encode_base64url
from gateway.access.tokens import TokenVerifier, require_certificate, require_key, require_query
from gateway.clock import ManualClock
from kalkan.v1 import attestation_pb2, model_pb2, node_service_pb2, search_service_pb2

PROTO = Path(__file__).parents[4] / "proto"
DATA = json.loads((PROTO / "vectors.json").read_text("utf-8"))
VECTORS = DATA["vectors"]
BY_NAME = {vector["name"]: vector for vector in VECTORS}
MESSAGES = {
    "kalkan.v1.Query": model_pb2.Query,
    "kalkan.v1.Answer": model_pb2.Answer,
    "kalkan.v1.Attestation": attestation_pb2.Attestation,
    "kalkan.v1.Notice": node_service_pb2.Notice,
    "kalkan.v1.Receipt": search_service_pb2.Receipt,
}
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])


def _payload(vector):
    return bytes.fromhex(vector["payload_hex"])


def _verify_by_hand(jwk, signing_input, signature):
    """Verify as proto/SIGNING.md says, with `cryptography` alone."""
    x = decode_base64url(jwk["x"])
    if jwk["kty"] == "OKP":
        ed25519.Ed25519PublicKey.from_public_bytes(x).verify(signature, signing_input)
        return
    point = b"\x04" + x + decode_base64url(jwk["y"])
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key.verify(encode_dss_signature(r, s), signing_input, ec.ECDSA(SHA256()))


@each_vector
def test_vector_holds_by_hand(vector):
    protected, nothing, signature = vector["signature"].split(".")
    assert nothing == ""
    assert decode_base64url(protected).decode() == vector["protected"]
    signing_input = protected.encode() + b"." + _payload(vector)
    assert signing_input.hex() == vector["signing_input_hex"]
    raw = decode_base64url(signature)
    assert len(raw) == 64
    _verify_by_hand(vector["public_key"], signing_input, raw)


@each_vector
def test_vector_holds_by_pyjwt(vector):
    key = jwt.PyJWK(vector["public_key"])
    decoded = jwt.PyJWS().decode_complete(
        vector["signature"], key, [key.algorithm_name], detached_payload=_payload(vector)
    )
    assert decoded["header"] == json.loads(vector["protected"])
    assert decoded["header"]["typ"] == vector["typ"]


@each_vector
def test_vector_holds_by_kalkan(vector):
    key = parse_jwk(vector["public_key"])
    jwk = json.dumps(vector["public_key"]).encode()
    if vector["typ"] == Domain.QUERY:
        verify_query(_payload(vector), vector["signature"], jwk)
    elif vector["typ"] == Domain.ANSWER:
        verify_answer(_payload(vector), vector["signature"], [key])
    elif vector["typ"] == Domain.ATTESTATION:
        verify_attestation(_payload(vector), vector["signature"], [key])
    elif vector["typ"] == Domain.NOTICE:
        verify_notice(_payload(vector), vector["signature"], [key])
    else:
        verify_receipt(_payload(vector), vector["signature"], [key])
    assert thumbprint_of(jwk) == vector["thumbprint"]


@each_vector
def test_vector_thumbprint_is_the_hash_of_its_input(vector):
    digest = hashlib.sha256(vector["thumbprint_input"].encode()).digest()
    assert encode_base64url(digest) == vector["thumbprint"]


@each_vector
def test_vector_can_be_signed_again(vector):
    d = decode_base64url(vector["private_key"]["d"])
    if vector["public_key"]["kty"] == "OKP":
        private = ed25519.Ed25519PrivateKey.from_private_bytes(d)
    else:
        private = ec.derive_private_key(int.from_bytes(d, "big"), ec.SECP256R1())
    key = SigningKey(private, vector["public_key"]["kid"])
    assert key.public_jwk() == vector["public_key"]
    again = key.sign(Domain(vector["typ"]), _payload(vector))
    assert again.partition("..")[0] == vector["signature"].partition("..")[0]
    if key.alg == "EdDSA":
        assert again == vector["signature"]


@each_vector
def test_vector_payload_is_its_message(vector):
    payload = _payload(vector)
    assert hashlib.sha256(payload).hexdigest() == vector["payload_sha256_hex"]
    message = MESSAGES[vector["message"]].FromString(payload)
    assert message.federation_id == DATA["federation_id"]
    assert len(UnknownFieldSet(message)) == 0


def test_vectors_hang_together():
    query = _payload(BY_NAME["query-es256"])
    answer = _payload(BY_NAME["answer-eddsa"])
    digest = hashlib.sha256(query).digest()
    receipt = search_service_pb2.Receipt.FromString(_payload(BY_NAME["receipt-es256"]))
    assert digest.hex()[:32] == DATA["search_id"] == receipt.search_id
    assert model_pb2.Answer.FromString(answer).query_sha256 == digest == receipt.query_sha256
    attestation = attestation_pb2.Attestation.FromString(_payload(BY_NAME["attestation-eddsa"]))
    assert attestation.query_sha256 == digest
    assert attestation.answer_sha256 == hashlib.sha256(answer).digest()
    assert receipt.coverage[0].answer_sha256 == hashlib.sha256(answer).digest()


def test_vector_token_is_accepted_at_its_time(world):
    token = DATA["token"]
    assert hashlib.sha256(token["token"].encode()).hexdigest() == token["sha256_hex"]
    member = world.federation.members[0].model_copy(
        update={"issuer": token["issuer"], "token_keys": (parse_jwk(token["issuer_key"]),)}
    )
    federation = world.federation.model_validate(
        {
            **dict(world.federation),
            "id": DATA["federation_id"],
            "members": (member,),
            "projects": (),
        }
    )
    at = datetime.fromisoformat(token["valid_at"]).astimezone(UTC)
    requester = TokenVerifier(federation, ManualClock(at)).verify(token["token"])
    query = model_pb2.Query.FromString(_payload(BY_NAME["query-es256"]))
    require_certificate(requester, bytes.fromhex(token["certificate_der_hex"]))
    require_key(requester, json.dumps(BY_NAME["query-es256"]["public_key"]).encode())
    require_query(
        requester,
        federation,
        federation_id=query.federation_id,
        token_sha256=query.token_sha256,
    )


def test_page_names_what_the_code_uses():
    page = (PROTO / "SIGNING.md").read_text("utf-8")
    for domain in Domain:
        assert f"`{domain}`" in page
    assert "`at+jwt`" in page
    assert "8,192" in page
