"""Whose node is asked, and by which keys."""

import pytest

from gateway.access.signatures import SigningKey
from gateway.clock import SystemClock
from gateway.conformance.subject import find_member, read_caller
from gateway.errors import SettingsError
from gateway.settings import HubSettings, read_settings


@pytest.fixture
def hub(world):
    return read_settings(HubSettings, world.home / "hub" / "hub.toml")


def test_member_is_found_by_code_or_address(world):
    address = world.federation.member("TUR").node
    assert find_member(world.federation, "elsewhere:1", "KAZ").code == "KAZ"
    assert find_member(world.federation, address, "").code == "TUR"


def test_member_that_cannot_be_told_is_asked_for(world):
    for address, code in (("elsewhere:1", ""), ("", "XXX")):
        with pytest.raises(SettingsError, match="--member"):
            find_member(world.federation, address, code)


def test_caller_hides_its_keys(world, hub):
    caller = read_caller(hub, world.settings(), None, SystemClock())
    assert "PRIVATE" not in repr(caller)
    assert caller.token_key is None
    assert caller.requester.officer == "officer"


def test_token_key_gets_its_pinned_name(world, hub, subject, tmp_path):
    caller = read_caller(hub, world.settings(), tmp_path / "token.key", SystemClock())
    assert caller.token_key.kid == "KAZ-token"


def test_key_that_signs_no_tokens_is_refused(world, hub, tmp_path):
    SigningKey.generate().save(tmp_path / "other.key")
    with pytest.raises(SettingsError, match="not a token key of"):
        read_caller(hub, world.settings(), tmp_path / "other.key", SystemClock())


def test_certificate_of_another_role_is_refused(world, hub):
    client = world.settings()
    swapped = hub.model_copy(
        update={
            "certificate": client.at(client.certificate).absolute(),
            "key": client.at(client.key).absolute(),
        }
    )
    with pytest.raises(SettingsError, match="for a hub"):
        read_caller(swapped, client, None, SystemClock())


def test_token_of_another_key_is_refused(world, hub):
    client = world.settings()
    other = world.settings("auditor")
    mixed = client.model_copy(update={"query_key": other.at(other.query_key)})
    with pytest.raises(SettingsError, match="token"):
        read_caller(hub, mixed, None, SystemClock())
