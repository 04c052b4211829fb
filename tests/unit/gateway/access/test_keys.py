import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import (
    generate_private_key as generate_rsa,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from gateway.access.errors import KeyFileError
from gateway.access.keys import (
    encode_key,
    generate_key,
    read_key,
    read_secret,
    write_key,
    write_secret,
)


@pytest.mark.parametrize("kind", ["P-256", "Ed25519"])
def test_key_comes_back_when_written(tmp_path, kind):
    key = generate_key(kind)
    path = tmp_path / "new" / "deeper" / "a.key"
    write_key(path, key)
    assert encode_key(read_key(path)) == encode_key(key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_generate_key_refuses_another_kind():
    with pytest.raises(ValueError, match="P-256 or Ed25519"):
        generate_key("RSA")


def test_write_secret_refuses_when_the_file_exists(tmp_path):
    path = tmp_path / "a.key"
    write_secret(path, b"first")
    with pytest.raises(KeyFileError, match="cannot be written"):
        write_secret(path, b"second")
    assert read_secret(path) == b"first"


def test_write_secret_does_not_follow_a_link(tmp_path):
    (tmp_path / "a.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError):
        write_secret(tmp_path / "a.key", b"secret")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o610, 0o601, 0o777])
def test_read_key_refuses_when_others_have_any_right(tmp_path, mode):
    path = tmp_path / "a.key"
    write_key(path, generate_key())
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(path)


def test_read_key_refuses_when_missing(tmp_path):
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_key(tmp_path / "none.key")


def test_read_key_refuses_when_not_a_plain_file(tmp_path):
    with pytest.raises(KeyFileError):
        read_key(tmp_path)
    with pytest.raises(KeyFileError, match="plain file"):
        read_secret(tmp_path.__class__(os.devnull))


def test_read_key_refuses_when_too_large(tmp_path):
    write_secret(tmp_path / "a.key", b"x" * 20_000)
    with pytest.raises(KeyFileError, match="larger"):
        read_key(tmp_path / "a.key")


def _pem(key, encryption=None):
    from cryptography.hazmat.primitives.serialization import NoEncryption

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no key", "not a private key"),
        (_pem(generate_key(), BestAvailableEncryption(b"word")), "without password"),
        (_pem(generate_private_key(SECP384R1())), "neither"),
        (_pem(generate_rsa(65537, 2048)), "neither"),
    ],
    ids=["garbage", "encrypted", "P-384", "RSA"],
)
def test_read_key_refuses_when_not_a_key_of_ours(tmp_path, data, said):
    write_secret(tmp_path / "a.key", data)
    with pytest.raises(KeyFileError, match=said):
        read_key(tmp_path / "a.key")
