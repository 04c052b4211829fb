"""A file of documents is read, or the line that is wrong is named."""

from __future__ import annotations

import pytest

from gateway.cli.batch import Paper, read_documents
from gateway.cli.exits import CommandError


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("number,issuer\nA1234,kaz\n\nB5678\n", [Paper("A1234", "KAZ"), Paper("B5678", "")]),
        ("\ufeffA1234 , TJK\n", [Paper("A1234", "TJK")]),
        ('"A,1234",TJK\r\n', [Paper("A,1234", "TJK")]),
    ],
)
def test_documents_are_read(tmp_path, text, papers):
    file = tmp_path / "d.csv"
    file.write_text(text, encoding="utf-8")
    assert read_documents(file) == papers


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"number,issuer\n", "has 0 documents"),
        (b"", "has 0 documents"),
        (b"A1,KAZ,more\n", "line 1: write NUMBER,ISSUER"),
        (b"A1234,KAZ\n,KAZ\n", "line 2: write NUMBER,ISSUER"),
        (b"A\xff\n", "is not UTF-8"),
        (b"A1234,KAZ\n" * 201, "has 201 documents"),
    ],
)
def test_a_file_that_is_wrong_is_told(tmp_path, data, said):
    file = tmp_path / "d.csv"
    file.write_bytes(data)
    with pytest.raises(CommandError, match=said):
        read_documents(file)
