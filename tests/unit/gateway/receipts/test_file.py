from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InputError
from gateway.receipts.file import MAX_FILE, ReceiptFile, parse_receipt_file, read_receipt_file

FILE = ReceiptFile(b"receipt", "a..b", ("trio",))


@given(st.binary(), st.text(), st.lists(st.text()), st.binary(), st.binary(min_size=1))
def test_what_is_written_is_read(receipt, signature, targets, entry, proof):
    bare = ReceiptFile(receipt, signature, tuple(targets))
    for file in (bare, bare.proved(entry, proof)):
        assert parse_receipt_file(file.encode()) == file


def test_what_is_no_receipt_file_is_refused(tmp_path):
    good = json.loads(FILE.encode())
    wrong = [
        "",
        "[]",
        "1",
        "[" * 100_000,
        json.dumps({**good, "format": "kalkan-receipt/2"}),
        json.dumps({**good, "more": "x"}),
        json.dumps({**good, "receipt": "?"}),
        json.dumps({**good, "receipt": 1}),
        json.dumps({**good, "targets": "trio"}),
        json.dumps({**good, "targets": [1]}),
        json.dumps({**good, "proof": "AAAA"}),
        json.dumps({k: v for k, v in good.items() if k != "receipt_signature"}),
        FILE.encode().replace('"targets"', '"format": "x", "targets"'),
    ]
    for text in wrong:
        with pytest.raises(InputError, match="no receipt file"):
            parse_receipt_file(text)
    with pytest.raises(InputError, match="cannot be read"):
        read_receipt_file(tmp_path / "absent")
    path = tmp_path / "receipt"
    for data in (b"\xff", bytes(MAX_FILE + 1)):
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_receipt_file(path)
    path.write_text(FILE.encode(), encoding="utf-8")
    assert read_receipt_file(path) == FILE
