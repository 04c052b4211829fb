"""What the tests of the ldap kind share: its mapping, read from a file."""

import pytest

from adapters.mapping.read import read_mapping
from tests.kit.directory import write_bank


@pytest.fixture
def make_mapping(tmp_path):
    """Return a function that reads the mapping of the small directory, changed where asked."""

    def make(change=("", ""), url="ldap://127.0.0.1:9"):
        return read_mapping(write_bank(tmp_path, url, change))

    return make
