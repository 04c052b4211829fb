"""The address of a directory, its password, and when a password may travel."""

import pytest

from adapters.banks.ldap.address import read_address
from adapters.contract import MappingError
from tests.kit.directory import PASSWORD
from tests.kit.tls import Authority


def read(make_mapping, folder, *change, url="ldap://127.0.0.1:9"):
    mapping = make_mapping(change or ("", ""), url)
    return read_address(mapping, mapping.ldap, folder)


def test_password_is_read_and_never_shown(make_mapping, tmp_path):
    address = read(make_mapping, tmp_path)
    assert address.password == PASSWORD
    assert PASSWORD not in repr(address)
    assert address.user == "uid=reader,dc=gov,dc=pk"
    assert address.tls is None


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("ldaps://directory.example", "directory.example", 636),
        ("ldaps://directory.example:1636/", "directory.example", 1636),
        ("ldap://127.0.0.1", "127.0.0.1", 389),
        ("ldap://[::1]:3389", "::1", 3389),
    ],
)
def test_port_is_the_usual_one_where_none_is_written(make_mapping, tmp_path, url, host, port):
    address = read(make_mapping, tmp_path, url=url)
    assert (address.host, address.port) == (host, port)
    assert (address.tls is not None) == url.startswith("ldaps")


def test_start_tls_checks_the_servers_name(make_mapping, tmp_path):
    Authority(tmp_path)
    change = ("page = 2", 'start_tls = true\nca_file = "ca.pem"')
    address = read(make_mapping, tmp_path, *change, url="ldap://directory.example")
    assert address.start_tls
    assert address.tls.check_hostname


@pytest.mark.parametrize(
    ("change", "url", "told"),
    [
        (("", ""), "ldap://directory.example:389", "would travel in the clear"),
        (("page = 2", "start_tls = true"), "ldaps://directory.example", "start_tls belongs"),
        (('password_file = "password"', ""), "ldap://127.0.0.1", "both bind and password_file"),
        (("", ""), "ldap://reader:secret@127.0.0.1", "ldap.url"),
        (("", ""), "ldap://127.0.0.1:99999", r"write ldaps://host:port"),
        (('password_file = "password"', 'password_file = "../x"'), "ldap://127.0.0.1", "read"),
        (('password_file = "password"', 'password_file = "empty"'), "ldap://127.0.0.1", "one line"),
        (("page = 2", 'ca_file = "password"'), "ldaps://127.0.0.1", "no certificates"),
    ],
)
def test_wrong_address_is_a_mistake(make_mapping, tmp_path, change, url, told):
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    with pytest.raises(MappingError, match=told) as caught:
        read(make_mapping, tmp_path, *change, url=url)
    assert PASSWORD not in str(caught.value)
