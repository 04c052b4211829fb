"""A directory is looked at by its schema and a sample of its entries, on a real server."""

import pytest

from adapters.contract import BankFaultError
from adapters.drafting.directory import look_at_directory
from adapters.drafting.shape import DraftError, Login
from tests.kit.directory import PASSWORD, SUFFIX, make_directory, start_directory

READER = Login("password", f"uid=reader,{SUFFIX}")


@pytest.fixture(scope="module")
def server():
    """A directory that lets everybody read everything, passwords too."""
    with start_directory(make_directory(access="access to * by * read")) as running:
        yield running


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "password").write_text(PASSWORD)
    return tmp_path


@pytest.mark.servers
def test_classes_are_tables_and_attributes_with_several_values_are_inside(server, folder):
    seen = look_at_directory(f"{server.url('')}/ou=people,{SUFFIX}", folder, READER)
    tables = {table.name: table for table in seen.tables if not table.inside}
    fard = tables["fard"]
    assert (fard.key, fard.rows) == ("uid", 2)
    assert fard.column("born").texts == ("1982-05-03",)
    assert "commonName;lang-ur" in fard.column("cn;lang-ur").called
    assert {table.path for table in seen.tables if table.inside == "fard"} == {
        *("sn", "mobile", "passport"),
    }
    assert any("(objectClass=fard)" in line for line in fard.source)


@pytest.mark.servers
def test_base_is_the_first_of_the_directory_and_secrets_are_no_columns(server, folder):
    seen = look_at_directory(server.url(""), folder, READER)
    assert any(line.startswith(f'base = "{SUFFIX}"  # guess') for line in seen.block)
    columns = {column.name for table in seen.tables for column in table.columns}
    assert "uid" in columns
    assert not columns & {"userPassword", "objectClass", "photo", "entryDN"}
    assert PASSWORD not in str(seen)


@pytest.mark.servers
def test_base_that_is_not_there_is_a_fault(server, folder):
    with pytest.raises(BankFaultError, match="base"):
        look_at_directory(f"{server.url('')}/ou=nobody,{SUFFIX}", folder, READER)


def test_password_never_goes_to_another_machine_in_the_clear(folder):
    with pytest.raises(DraftError, match="a file is wrong"):
        look_at_directory("ldap://host/dc=gov", folder, Login("missing", "cn=a"))
    with pytest.raises(DraftError, match="ldap://host/base"):
        look_at_directory("ldap:///dc=gov", folder, Login())
