"""Requests to join: what they may hold, what is believed of them, and who is let in."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ValidationError

from gateway.access.authority import Authority
from gateway.access.certificates import read_peer
from gateway.access.errors import FederationFileError
from gateway.access.federation import Federation, Hub, Member, Office
from gateway.access.joining import (
    MAX_FILE,
    Joining,
    admit,
    digest_of,
    key_of,
    make_signing_request,
    read_joining,
    write_joining,
)
from gateway.access.keys import generate_key
from gateway.access.signatures import SigningKey
from gateway.clock import SystemClock

ID = "alliance"


def member(code="KAZ", **changes):
    name = code.lower()
    values = {
        "code": code,
        "title": code,
        "issuer": f"https://id.{name}.example",
        "node": f"node.{name}.example:7710",
        "node_name": f"node.{name}.example",
        "contact": Office(office="Contact Point"),
        "answer_keys": (SigningKey.generate(kid=f"{name}-answer-1").public_key,),
        "token_keys": (SigningKey.generate(kid=f"{name}-token-1").public_key,),
        **changes,
    }
    return Member(**values)


def federation(*members):
    key = SigningKey.generate(kid="hub-receipt-1").public_key
    hub = Hub(address="hub.example:7700", name="hub.example", receipt_keys=(key,))
    return Federation(id=ID, ca="ca.pem", hub=hub, members=members)


def joining(**changes):
    found = member()
    request = make_signing_request(generate_key(), "node/KAZ")
    values = {"federation": ID, "code": "KAZ", "member": found, "request": request, **changes}
    return Joining(**values)


def test_request_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "KAZ.request.toml"
    made = joining()
    digest = write_joining(made, path)
    assert read_joining(path, federation()) == (made, digest)
    assert digest == digest_of(path.read_bytes())
    assert [len(group) for group in digest.split()] == [4] * 16


def test_clients_request_holds_no_member(tmp_path):
    path = tmp_path / "desk.request.toml"
    write_joining(joining(member=None, client="desk"), path)
    assert read_joining(path, federation())[0].client == "desk"


@pytest.mark.parametrize(
    "changes",
    [
        {"client": "desk"},
        {"member": None},
        {"code": "UZB"},
        {"code": "kaz"},
        {"member": None, "client": "../desk"},
        {"federation": "Alliance"},
        {"request": "x" * 8_193},
        {"more": 1},
    ],
)
def test_request_is_for_one_and_holds_nothing_else(changes):
    with pytest.raises(ValidationError):
        joining(**changes)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"federation = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b'federation = "alliance"\ncode = "kaz"\n', "code"),
        (b"#" * (MAX_FILE + 1), "larger"),
    ],
)
def test_file_that_does_not_hold_is_refused_with_its_place(tmp_path, data, said):
    path = tmp_path / "KAZ.request.toml"
    path.write_bytes(data)
    with pytest.raises(FederationFileError, match=said):
        read_joining(path, federation())


def test_file_that_is_not_there_or_for_others_is_refused(tmp_path):
    path = tmp_path / "KAZ.request.toml"
    with pytest.raises(FederationFileError, match="cannot be read"):
        read_joining(path, federation())
    write_joining(joining(federation="others"), path)
    with pytest.raises(FederationFileError, match="another federation"):
        read_joining(path, federation())


def signing_request(key):
    """A signing request that claims more than it should."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    claims = (
        x509.SubjectAlternativeName(
            [x509.UniformResourceIdentifier(f"kalkan://{ID}/hub"), x509.DNSName("hub.example")]
        ),
        x509.BasicConstraints(ca=True, path_length=None),
    )
    for claim in claims:
        builder = builder.add_extension(claim, critical=False)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM).decode()


def test_nothing_but_the_key_of_a_signing_request_is_believed():
    authority = Authority.create(ID, SystemClock())
    key = key_of(joining(request=signing_request(generate_key())), "r.toml")
    pem = authority.sign_client("KAZ", "desk", key)
    peer = read_peer(pem)
    assert (peer.role, peer.member, peer.name) == ("client", "KAZ", "desk")
    certificate = x509.load_pem_x509_certificate(pem)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == []
    node = read_peer(authority.sign_node("KAZ", key, ("node.kaz.example",)))
    assert (node.role, node.member) == ("node", "KAZ")


def swapped():
    """The request of one key with the signature of another."""
    ours, theirs = (
        x509.load_pem_x509_csr(make_signing_request(generate_key(), "x").encode()) for _ in "ab"
    )
    data = ours.public_bytes(Encoding.DER)
    mixed = data.replace(ours.signature, theirs.signature)
    if len(ours.signature) != len(theirs.signature):
        return swapped()
    return x509.load_der_x509_csr(mixed).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("request_of", "said"),
    [
        (lambda: "", "not a signing request"),
        (lambda: "-----BEGIN CERTIFICATE REQUEST-----", "not a signing request"),
        (swapped, "P-256"),
        (lambda: signing_request(ed25519.Ed25519PrivateKey.generate()), "P-256"),
        (lambda: signing_request(ec.generate_private_key(ec.SECP384R1())), "P-256"),
    ],
)
def test_request_without_its_keys_signature_is_refused(request_of, said):
    with pytest.raises(FederationFileError, match=said):
        key_of(joining(request=request_of()), "KAZ.request.toml")


def test_member_is_let_in_beside_others_and_into_its_circles():
    whole = admit(federation(), member("UZB"), ["alliance"], replace=False)
    whole = admit(whole, member("KAZ"), ["alliance", "north"], replace=False)
    assert [m.code for m in whole.members] == ["KAZ", "UZB"]
    assert whole.project("alliance").members == ("UZB", "KAZ")
    assert whole.project("north").members == ("KAZ",)
    other = member("KAZ", title="Changed")
    again = admit(whole, other, ["north"], replace=True)
    assert again.member("KAZ") == other
    assert again.projects == whole.projects


def test_nobody_is_let_in_as_somebody_else():
    kaz = member("KAZ")
    there = federation(kaz)
    uzb = member("UZB")
    cases = [
        (kaz, False, "already"),
        (uzb, True, "no member yet"),
        (member("UZB", issuer=kaz.issuer), False, "twice"),
        (member("UZB", answer_keys=kaz.answer_keys), False, "twice"),
        (member("UZB", token_keys=kaz.answer_keys), False, "twice"),
        (member("UZB", answer_keys=there.hub.receipt_keys), False, "twice"),
        (member("UZB", node_name="HUB.example"), False, "another's name"),
        (member("UZB", node_name="node.kaz.example"), False, "another's name"),
        (member("HUB"), False, "no member is called"),
    ]
    for who, replace, said in cases:
        with pytest.raises(FederationFileError, match=said):
            admit(there, who, [], replace=replace)
    assert member("UZB", banks=("UZB/persons", "UZB/cars")).banks
    with pytest.raises(ValidationError, match="another member's"):
        member("UZB", banks=("UZB/cars", "KAZ/persons"))
    with pytest.raises(FederationFileError, match="name"):
        admit(there, uzb, ["Not A Name"], replace=False)


def test_local_names_may_be_shared():
    first = member("KAZ", node_name="localhost")
    whole = admit(federation(first), member("UZB", node_name="localhost"), [], replace=False)
    assert len(whole.members) == 2


def test_authority_of_a_member_has_a_name_of_its_own(tmp_path):
    """By the name of another it could shut out whom the other has signed for."""
    own, twin, shared = (Authority.create("alliance", SystemClock(), n) for n in "KKS")
    (tmp_path / "ca.pem").write_bytes(shared.certificate)
    taken = federation(member("TUR", ca=own.certificate.decode()))
    taken = taken.model_copy(update={"ca": tmp_path / "ca.pem"})
    like_shared = Authority.create("alliance", SystemClock(), " s ")
    for signer in (twin, like_shared):
        with pytest.raises(FederationFileError, match="name of its authority"):
            admit(taken, member(ca=signer.certificate.decode()), (), replace=False)
    fresh = Authority.create("alliance", SystemClock(), "F").certificate.decode()
    assert admit(taken, member(ca=fresh), (), replace=False).member("KAZ").ca == fresh
    assert admit(taken, member("TUR", ca=twin.certificate.decode()), (), replace=True)
    (tmp_path / "ca.pem").unlink()
    with pytest.raises(FederationFileError, match="cannot be read"):
        admit(taken, member(ca=fresh), (), replace=False)
    assert admit(taken, member(), (), replace=False).member("KAZ").ca == ""
