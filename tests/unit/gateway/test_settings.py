from __future__ import annotations

from pathlib import Path

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.errors import SettingsError
from gateway.settings import (
    ClientSettings,
    HubSettings,
    NodeSettings,
    home_of,
    in_ci,
    read_settings,
)

HUB = """
listen = "127.0.0.1:0"
federation = "../federation.toml"
certificate = "certificate.pem"
key = "key.pem"
receipt_key = "receipt.key"
ledger_key = "ledger.key"
ledger = "ledger"
"""
NODE = """
member = "KAZ"
listen = "127.0.0.1:0"
federation = "../../federation.toml"
certificate = "certificate.pem"
key = "key.pem"
answer_key = "answer.key"
ledger_key = "ledger.key"
index_key = "index.key"
policy = "policy.cedar"
ledger = "ledger"
index = "index"
banks = ["banks/persons/mapping.toml"]
"""


@pytest.fixture
def write(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "hub.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_read_settings_gives_paths_from_the_folder_of_the_file(write, tmp_path, monkeypatch):
    write(HUB)
    monkeypatch.chdir(tmp_path)
    found = read_settings(HubSettings, Path("hub.toml"))
    assert found.at(found.key) == tmp_path / "key.pem"
    assert found.at(Path("/etc/key.pem")) == Path("/etc/key.pem")


def test_read_settings_has_defaults(write):
    found = read_settings(HubSettings, write(HUB))
    assert (found.drain_s, found.max_searches, found.trace.otlp_endpoint) == (10.0, 512, "")


def test_read_settings_reads_a_node(write):
    found = read_settings(NodeSettings, write(NODE))
    assert (found.member, found.banks) == ("KAZ", (Path("banks/persons/mapping.toml"),))


def test_read_settings_reads_a_client(write):
    text = 'federation="f"\ncertificate="c"\nkey="k"\nquery_key="q"\ntoken="t"\n'
    assert read_settings(ClientSettings, write(text)).hub == ""


def test_settings_cannot_be_changed(write):
    found = read_settings(HubSettings, write(HUB))
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        found.listen = "0.0.0.0:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HUB + "drian_s = 3", "drian_s: is not a key of this file"),
        (HUB + 'folder = "elsewhere"', "folder: is not a key of this file"),
        (HUB + "[trace]\nendpoint = 1", "trace.endpoint: is not a key of this file"),
        (HUB.replace("ledger", "leger"), "ledger: is missing"),
        (HUB + "drain_s = 0", "drain_s: "),
        (HUB + "drain_s = 61", "drain_s: "),
        (HUB + "drain_s = nan", "drain_s: "),
        (HUB + "max_searches = 0", "max_searches: "),
        (HUB + "max_searches = 10001", "max_searches: "),
        (HUB + "listen =", "is not TOML"),
    ],
)
def test_read_settings_names_file_and_key_when_one_is_wrong(write, text, message):
    path = write(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(HubSettings, path)
    assert str(caught.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize("member", ["kaz", "KAZA", "", "KÄZ", "KAZ\\n"])
def test_read_settings_refuses_a_member_that_is_no_code(write, member):
    with pytest.raises(SettingsError, match="member"):
        read_settings(NodeSettings, write(NODE.replace("KAZ", member)))


def test_read_settings_names_the_place_in_a_list(write):
    text = NODE.replace('["banks/persons/mapping.toml"]', '["a", 3]')
    with pytest.raises(SettingsError, match=r"banks\.1: "):
        read_settings(NodeSettings, write(text))


def test_read_settings_does_not_repeat_what_the_file_holds(write):
    with pytest.raises(SettingsError) as caught:
        read_settings(HubSettings, write(HUB + 'drain_s = "hunter2"'))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_read_settings_says_when_the_file_cannot_be_read(tmp_path, name):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(HubSettings, tmp_path / name)


@given(data=st.binary(max_size=100))
def test_read_settings_raises_its_own_error_alone(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("settings") / "hub.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError):
        read_settings(HubSettings, path)


def test_home_of_prefers_the_option_to_the_environment(monkeypatch):
    monkeypatch.setenv(settings.HOME_VARIABLE, "/somewhere")
    assert home_of(Path("here")) == Path("here")
    assert home_of(None) == Path("/somewhere")


@pytest.mark.parametrize("value", [None, ""])
def test_home_of_has_a_default(monkeypatch, value):
    monkeypatch.delenv(settings.HOME_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(settings.HOME_VARIABLE, value)
    assert home_of(None) == settings.DEFAULT_HOME


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("", False)])
def test_in_ci_reads_the_environment(monkeypatch, value, expected):
    monkeypatch.setenv("CI", value)
    assert in_ci() is expected


def test_read_settings_reads_shadows(write):
    text = NODE + '[[shadow]]\nmapping = "banks/new/mapping.toml"\nof = "persons"\n'
    [shadow] = read_settings(NodeSettings, write(text)).shadow
    assert (shadow.mapping, shadow.of) == (Path("banks/new/mapping.toml"), "persons")
    assert shadow.deadline_s == 3.0


@pytest.mark.parametrize(
    "line", ['of = "KAZ/persons"', 'of = "persons"\ndeadline_s = 31', 'of = "persons"\nbank = "x"']
)
def test_read_settings_names_what_is_wrong_with_a_shadow(write, line):
    text = f'{NODE}[[shadow]]\nmapping = "m.toml"\n{line}\n'
    with pytest.raises(SettingsError, match=r"shadow\.0\.(of|deadline_s|bank)"):
        read_settings(NodeSettings, write(text))
