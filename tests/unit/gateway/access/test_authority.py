import ipaddress
import stat
from datetime import timedelta

import grpc
import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from gateway.access.authority import Authority
from gateway.access.certificates import peer_of
from gateway.access.errors import KeyFileError
from gateway.access.keys import generate_key, read_key, write_key
from gateway.clock import SystemClock


@pytest.fixture
def authority(world):
    return Authority.create("kalkan-test", world.clock)


def _builder(authority, at):
    root = x509.load_pem_x509_certificate(authority.certificate)
    return PolicyBuilder().store(Store([root])).time(at)


def _leaf(issued):
    return x509.load_pem_x509_certificate(issued.certificate)


@pytest.mark.parametrize("kind", ["hub", "node"])
def test_servers_are_verified_under_their_names(world, authority, kind):
    issued = authority.issue_hub() if kind == "hub" else authority.issue_node("KAZ")
    for name in (
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ):
        verifier = _builder(authority, world.clock.now()).build_server_verifier(name)
        assert len(verifier.verify(_leaf(issued), [])) == 2


def test_server_is_not_verified_under_another_name(world, authority):
    verifier = _builder(authority, world.clock.now()).build_server_verifier(
        x509.DNSName("elsewhere.example")
    )
    with pytest.raises(VerificationError):
        verifier.verify(_leaf(authority.issue_hub()), [])


def test_server_can_have_other_names(world, authority):
    issued = authority.issue_node("KAZ", ["node.kaz.example"])
    verifier = _builder(authority, world.clock.now()).build_server_verifier(
        x509.DNSName("node.kaz.example")
    )
    verifier.verify(_leaf(issued), [])


def test_client_is_verified_and_names_itself(world, authority):
    verifier = _builder(authority, world.clock.now()).build_client_verifier()
    verified = verifier.verify(_leaf(authority.issue_client("KAZ", "desk")), [])
    assert [name.value for name in verified.subjects] == ["kalkan://kalkan-test/client/KAZ/desk"]


def test_a_node_may_call_nodes_of_its_member(world, authority):
    verifier = _builder(authority, world.clock.now()).build_client_verifier()
    verified = verifier.verify(_leaf(authority.issue_node("KAZ")), [])
    assert verified.subjects[-1].value == "kalkan://kalkan-test/node/KAZ"


def test_usages_are_kept_apart(world, authority):
    at = world.clock.now()
    with pytest.raises(VerificationError):
        _builder(authority, at).build_server_verifier(x509.DNSName("localhost")).verify(
            _leaf(authority.issue_client("KAZ", "desk")), []
        )


@pytest.mark.parametrize("offset", [timedelta(minutes=-6), timedelta(days=90, seconds=1)])
def test_certificate_holds_only_in_its_time(world, authority, offset):
    leaf = _leaf(authority.issue_client("KAZ", "desk"))
    with pytest.raises(VerificationError):
        _builder(authority, world.clock.now() + offset).build_client_verifier().verify(leaf, [])


def test_another_authority_is_not_trusted(world, authority):
    stranger = Authority.create("kalkan-test", world.clock)
    with pytest.raises(VerificationError):
        _builder(authority, world.clock.now()).build_client_verifier().verify(
            _leaf(stranger.issue_client("KAZ", "desk")), []
        )


def test_authority_signs_leaves_only(authority):
    root = x509.load_pem_x509_certificate(authority.certificate)
    limits = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert limits.critical
    assert (limits.value.ca, limits.value.path_length) == (True, 0)


def test_a_leaf_cannot_sign_certificates(authority):
    leaf = _leaf(authority.issue_hub())
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert not usage.key_cert_sign
    assert usage.digital_signature


def test_authority_comes_back_when_saved(world, authority, tmp_path):
    folder = tmp_path / "ca"
    authority.save(folder)
    assert stat.S_IMODE((folder / "ca.key").stat().st_mode) == 0o600
    again = Authority.load(folder, "kalkan-test", world.clock)
    assert again.certificate == authority.certificate
    verifier = _builder(authority, world.clock.now()).build_client_verifier()
    verifier.verify(_leaf(again.issue_client("KAZ", "desk")), [])


def test_load_refuses_when_key_and_certificate_do_not_fit(world, authority, tmp_path):
    authority.save(tmp_path)
    (tmp_path / "ca.key").unlink()
    write_key(tmp_path / "ca.key", generate_key())
    with pytest.raises(KeyFileError, match="not the key"):
        Authority.load(tmp_path, "kalkan-test", world.clock)


def test_load_refuses_a_key_of_another_kind(world, authority, tmp_path):
    authority.save(tmp_path)
    (tmp_path / "ca.key").unlink()
    write_key(tmp_path / "ca.key", generate_key("Ed25519"))
    with pytest.raises(KeyFileError, match="not the key"):
        Authority.load(tmp_path, "kalkan-test", world.clock)


@pytest.mark.parametrize("data", [None, b"garbage"])
def test_load_refuses_without_certificate(world, authority, tmp_path, data):
    authority.save(tmp_path)
    (tmp_path / "ca.pem").unlink()
    if data is not None:
        (tmp_path / "ca.pem").write_bytes(data)
    with pytest.raises(KeyFileError, match="not a certificate"):
        Authority.load(tmp_path, "kalkan-test", world.clock)


def test_issued_is_saved_with_a_private_key_file(authority, tmp_path):
    issued = authority.issue_client("KAZ", "desk")
    issued.save(tmp_path / "keys", "desk")
    key = read_key(tmp_path / "keys" / "desk.key")
    assert key.public_key() == _leaf(issued).public_key()
    assert (tmp_path / "keys" / "desk.pem").read_bytes() == issued.certificate
    assert b"PRIVATE" not in repr(issued).encode()


def test_long_federation_names_fit(world):
    authority = Authority.create("k" * 64, world.clock)
    assert authority.issue_client("KAZ", "d" * 64).certificate


class _Echo(grpc.GenericRpcHandler):
    """Answers every call with who called."""

    def service(self, handler_call_details):
        async def answer(request, context):
            peer = peer_of(context.auth_context())
            return f"{peer.role} {peer.member} {peer.name} {peer.sha256.hex()}".encode()

        return grpc.unary_unary_rpc_method_handler(answer)


async def test_certificates_pass_grpc_s_handshake():
    authority = Authority.create("kalkan-test", SystemClock())
    hub, desk = authority.issue_hub(), authority.issue_client("KAZ", "desk")
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Echo(),))
    credentials = grpc.ssl_server_credentials(
        [(hub.key, hub.certificate)], authority.certificate, require_client_auth=True
    )
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    client = grpc.ssl_channel_credentials(authority.certificate, desk.key, desk.certificate)
    async with grpc.aio.secure_channel(f"localhost:{port}", client) as channel:
        said = await channel.unary_unary("/any/Method")(b"", timeout=60)
    await server.stop(0)
    expected = peer_of({"x509_pem_cert": [desk.certificate]}).sha256.hex()
    assert said.decode() == f"client KAZ desk {expected}"
