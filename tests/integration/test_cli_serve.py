"""`kalkan hub serve` and `kalkan node serve` say what is wrong before they start."""

from __future__ import annotations

import pytest

from tests.kit.world import build_world


def test_a_taken_port_is_told(kalkan, federation):
    settings = federation.home / "hub" / "hub.toml"
    done = kalkan("hub", "serve", "--settings", str(settings))
    assert done.returncode == 2
    assert f"127.0.0.1:{federation.ports.hub} is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ledger_that_is_in_use_is_told(kalkan, federation, tmp_path):
    text = (federation.home / "nodes" / "KGZ" / "node.toml").read_text(encoding="utf-8")
    text = text.replace(f":{federation.ports.node('KGZ')}", ":0")
    other = federation.home / "nodes" / "KGZ" / "other.toml"
    other.write_text(text, encoding="utf-8")
    done = kalkan("node", "serve", "--settings", str(other))
    assert done.returncode == 2
    assert "KGZ/ledger is already written by process" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("text", "said"), [("", "listen"), ("no toml", "is not TOML")])
def test_wrong_settings_are_told_with_file_and_key(kalkan, tmp_path, text, said):
    path = tmp_path / "hub.toml"
    path.write_text(text, encoding="utf-8")
    done = kalkan("hub", "serve", "--settings", str(path))
    assert done.returncode == 2
    assert "hub.toml" in done.stderr
    assert said in done.stderr


def test_a_member_that_the_federation_does_not_have_is_told(kalkan, tmp_path):
    build_world(tmp_path / "home", ("KAZ",))
    path = tmp_path / "home" / "nodes" / "KAZ" / "node.toml"
    path.write_text(path.read_text().replace('member = "KAZ"', 'member = "UZB"'), encoding="utf-8")
    done = kalkan("node", "serve", "--settings", str(path))
    assert done.returncode == 2
    assert "member: UZB is not in the federation file" in done.stderr
    assert not path.with_name("ledger").exists()


def test_version_is_told(kalkan):
    done = kalkan("version")
    assert done.returncode == 0
    assert done.stdout.startswith("kalkan 0.")
