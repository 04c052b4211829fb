"""An address is tried before a server starts on it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gateway.cli.exits import CommandError
from gateway.cli.serving import require_address

SETTINGS = Path("hub/hub.toml")


def test_a_free_address_is_good():
    require_address("127.0.0.1:0", SETTINGS)
    require_address("[::1]:0", SETTINGS)


def test_a_taken_port_is_told_with_what_to_do():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as caught:
            require_address(f"127.0.0.1:{port}", SETTINGS)
    assert f"127.0.0.1:{port} is taken" in caught.value.text
    assert "hub/hub.toml" in caught.value.text
    assert "--port" in caught.value.text


@pytest.mark.parametrize("address", ["", "7700x", "127.0.0.1:99999", "127.0.0.1:"])
def test_what_is_no_address_is_told(address):
    with pytest.raises(CommandError, match="HOST:PORT"):
        require_address(address, SETTINGS)
