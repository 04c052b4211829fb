"""Where a server is, read from a mapping; what cannot be used is named by its place in the file."""

import ssl

import pytest

from adapters.banks.sql.address import Address, read_address, read_sqlite_path
from adapters.contract import MappingError
from adapters.mapping.read import read_mapping
from tests.kit.tls import Authority

MAPPING = """version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
[sql]
engine = "{engine}"
url = "{url}"
{more}
[record]
table = "t"
key = "id"
[[field]]
field = "name"
full = "t.name"
[kind]
const = "wanted"
"""
URL = "postgres://asker@db.example:5432/register"


@pytest.fixture
def read(tmp_path):
    def read_text(url=URL, more="", engine="postgres"):
        path = tmp_path / "bank.toml"
        path.write_text(MAPPING.format(engine=engine, url=url, more=more), encoding="utf-8")
        mapping = read_mapping(path)
        return read_address(mapping, mapping.sql, tmp_path)

    return read_text


def test_each_part_of_the_address_is_read(read):
    assert read() == Address("db.example", 5432, "asker", "register")


@pytest.mark.parametrize("database", ["xregister", "x", "a/b", "schema.x"])
def test_database_has_the_name_that_is_written(read, database):
    assert read(f"postgres://asker@db.example:5432/{database}").database == database


def test_what_is_escaped_in_the_address_is_read_as_it_is_meant(read):
    found = read("postgres://as%40ker@[::1]:5432/my%20register")
    assert (found.host, found.user, found.database) == ("::1", "as@ker", "my register")


@pytest.mark.parametrize(
    "url",
    [
        "postgres://db.example:5432/register",
        "postgres://asker@db.example/register",
        "postgres://asker@db.example:port/register",
        "postgres://asker@db.example:70000/register",
        "postgres://asker@db.example:5432/",
        "postgres://asker@:5432/register",
    ],
)
def test_address_without_a_part_is_named(read, url):
    told = r"^bank\.toml:8:7: sql\.url: write postgres://user@host:port/database$"
    with pytest.raises(MappingError, match=told):
        read(url)


def test_password_is_the_text_of_its_file_and_is_never_shown(read, tmp_path):
    (tmp_path / "password").write_text(" pass word \r\n", encoding="utf-8")
    found = read(more='password_file = "password"')
    assert found.password == " pass word "
    assert "pass word" not in repr(found)


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_password_that_cannot_be_read_is_named_by_its_setting_alone(read, tmp_path, data):
    if data is not None:
        (tmp_path / "password").write_bytes(data)
    told = r"^bank\.toml:9:17: sql\.password_file: this file cannot be read$"
    with pytest.raises(MappingError, match=told):
        read(more='password_file = "password"')


def test_server_is_checked_against_the_certificates_of_the_file(read, tmp_path):
    Authority(tmp_path)
    tls = read(more='ca_file = "ca.pem"').tls
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(tls.get_ca_certs()) == 1


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_named(read, tmp_path, text):
    if text is not None:
        (tmp_path / "ca.pem").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"sql\.ca_file: no certificates can be read"):
        read(more='ca_file = "ca.pem"')


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///bank.sqlite", "bank.sqlite"),
        ("sqlite:///data/my%20bank.sqlite", "data/my bank.sqlite"),
        ("sqlite:////srv/bank.sqlite", "/srv/bank.sqlite"),
    ],
)
def test_file_of_sqlite_is_relative_to_the_folder_of_the_bank(read, tmp_path, url, path):
    file = tmp_path / "bank.toml"
    text = MAPPING.format(engine="sqlite", url=url, more="")
    file.write_text(text, encoding="utf-8")
    assert read_sqlite_path(read_mapping(file).sql, tmp_path) == tmp_path / path
