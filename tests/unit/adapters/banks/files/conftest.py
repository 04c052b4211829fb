"""What the tests of the files kind share: a mapping written from a few lines of TOML."""

from pathlib import Path

import pytest

from adapters.mapping.read import read_mapping

HEAD = """
version = 1
[bank]
id = "{bank}"
title = "A bank of files"
kind = "files"
[kind]
const = "wanted"
"""


@pytest.fixture
def make_mapping(tmp_path):
    """Return a function that reads a mapping from the lines after its head."""

    def make(text, bank="export"):
        path = Path(tmp_path / "export.toml")
        path.write_text(HEAD.format(bank=bank) + text, encoding="utf-8")
        return read_mapping(path)

    return make
