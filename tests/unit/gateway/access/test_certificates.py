from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.access.authority import Authority
from gateway.access.certificates import peer_of, read_peer, require_current, require_role
from gateway.access.errors import PeerForbiddenError
from gateway.access.keys import generate_key

CLIENT_URI = "kalkan://kalkan-test/client/KAZ/desk"
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made by hand")])
SIGNER = generate_key()


@pytest.fixture
def authority(world):
    return Authority.create("kalkan-test", world.clock)


def _certificate(world, uris=(CLIENT_URI,), usage=ExtendedKeyUsageOID.CLIENT_AUTH, **other):
    """A certificate in PEM as somebody else's authority could make it."""
    key = other.get("key") or generate_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(world.clock.now())
        .not_valid_after(world.clock.now() + timedelta(days=1))
    )
    names = [x509.UniformResourceIdentifier(uri) for uri in uris] + [x509.DNSName("localhost")]
    if uris is not None and other.get("san", True):
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if other.get("limits", True):
        limits = x509.BasicConstraints(ca=other.get("ca", False), path_length=None)
        builder = builder.add_extension(limits, critical=True)
    return builder.sign(SIGNER, SHA256()).public_bytes(Encoding.PEM)


def test_peer_of_reads_a_client(world, authority):
    issued = authority.issue_client("KAZ", "desk-1.a")
    peer = peer_of({"x509_pem_cert": [issued.certificate], "other": [b"x"]})
    assert (peer.federation, peer.role, peer.member, peer.name) == (
        "kalkan-test",
        "client",
        "KAZ",
        "desk-1.a",
    )
    assert peer.der == issued.der
    assert len(peer.sha256) == 32
    assert peer.expires == world.clock.now() + timedelta(days=90)


def test_peer_of_reads_the_hub(authority):
    peer = peer_of({"x509_pem_cert": [authority.issue_hub().certificate]})
    assert (peer.role, peer.member, peer.name) == ("hub", "", "")


def test_read_peer_reads_a_node_that_may_call(world):
    peer = read_peer(_certificate(world, ["kalkan://kalkan-test/node/TUR"]))
    assert (peer.role, peer.member, peer.name) == ("node", "TUR", "")


def test_read_peer_reads_a_node_as_the_authority_issues_it(authority):
    peer = read_peer(authority.issue_node("TUR").certificate)
    assert (peer.role, peer.member, peer.name) == ("node", "TUR", "")


@pytest.mark.parametrize("context", [{}, {"x509_pem_cert": []}, {"x509_pem_cert": [b"a", b"b"]}])
def test_peer_of_refuses_without_one_certificate(context):
    with pytest.raises(PeerForbiddenError, match="no client certificate"):
        peer_of(context)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"garbage",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"x" * 20_000,
    ],
    ids=["empty", "garbage", "no certificate", "too large"],
)
def test_read_peer_refuses_what_is_no_certificate(pem):
    with pytest.raises(PeerForbiddenError):
        read_peer(pem)


FORGED = {
    "no name": {"san": False},
    "no URI": {"uris": ()},
    "two URIs": {"uris": (CLIENT_URI, "kalkan://kalkan-test/hub")},
    "other scheme": {"uris": ("spiffe://kalkan-test/hub",)},
    "unknown role": {"uris": ("kalkan://kalkan-test/root",)},
    "something after": {"uris": ("kalkan://kalkan-test/hub/x",)},
    "line break after": {"uris": ("kalkan://kalkan-test/hub\n",)},
    "query after": {"uris": ("kalkan://kalkan-test/hub?x",)},
    "no federation": {"uris": ("kalkan:///hub",)},
    "client without name": {"uris": ("kalkan://kalkan-test/client/KAZ/",)},
    "client without member": {"uris": ("kalkan://kalkan-test/client/desk",)},
    "member in lower case": {"uris": ("kalkan://kalkan-test/node/kaz",)},
    "no usage": {"usage": None},
    "usage of a server": {"usage": ExtendedKeyUsageOID.SERVER_AUTH},
    "any usage": {"usage": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE},
    "an authority": {"ca": True},
    "no limits": {"limits": False},
    "P-384": {"key": generate_private_key(SECP384R1())},
    "Ed25519": {"key": Ed25519PrivateKey.generate()},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED.keys())
def test_read_peer_refuses_when_it_is_not_for_this(world, changes):
    with pytest.raises(PeerForbiddenError):
        read_peer(_certificate(world, **changes))


def test_the_certificate_made_by_hand_is_well_but_for_the_changes(world):
    assert read_peer(_certificate(world)).name == "desk"


@pytest.mark.parametrize("role", ["hub", "node", "client"])
def test_require_role_accepts_its_own_role_only(authority, role):
    peers = {
        "hub": read_peer(authority.issue_hub().certificate),
        "client": read_peer(authority.issue_client("KAZ", "desk").certificate),
    }
    for name, peer in peers.items():
        if name == role:
            require_role(peer, role)
            continue
        with pytest.raises(PeerForbiddenError):
            require_role(peer, role)


def test_require_role_refuses_another_federation(authority):
    peer = read_peer(authority.issue_hub().certificate)
    require_role(peer, "hub", federation_id="kalkan-test")
    with pytest.raises(PeerForbiddenError, match="another federation"):
        require_role(peer, "hub", federation_id="kalkan-other")


def test_require_current_refuses_when_it_expires_on_an_open_connection(world, authority):
    issued = authority.issue_client("KAZ", "desk", timedelta(hours=1))
    peer = read_peer(issued.certificate)
    world.clock.advance(3599)
    require_current(peer, world.clock)
    world.clock.advance(1)
    with pytest.raises(PeerForbiddenError, match="expired"):
        require_current(peer, world.clock)
