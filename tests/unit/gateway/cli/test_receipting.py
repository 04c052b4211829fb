from __future__ import annotations

import io

from rich.console import Console

from gateway.cli.receipting import NO_HIT, tell, write_file
from gateway.cli.screen import Screen
from gateway.receipts.file import ReceiptFile, read_receipt_file
from gateway.receipts.verdict import Bank, Step, Verdict


def told(verdict: Verdict) -> str:
    out = io.StringIO()
    tell(Screen(Console(file=out, width=200)), verdict)
    return " ".join(out.getvalue().split())


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "receipt.json"
    first = ReceiptFile(b"1", "a..b", ("KAZ",))
    for file in (first, first.proved(b"entry", b"proof")):
        write_file(path, file)
        assert read_receipt_file(path) == file
    assert list(tmp_path.iterdir()) == [path]


def test_each_bank_is_told_with_who_says_so():
    banks = [
        Bank("KAZ/persons", "answered", attested=True, truncated=True),
        Bank("TUR/persons", "answered", attested=False),
        Bank("GEO/persons", "refused", attested=False, rule="geo.rule"),
    ]
    text = told(Verdict(banks=banks, complete=False))
    assert "KAZ/persons answered, more matched than was given; its node has signed that" in text
    assert "TUR/persons answered; the hub alone says that" in text
    assert "GEO/persons refused by geo.rule" in text
    assert "Not every bank has searched: a gap is left." in text
    assert NO_HIT not in text


def test_a_no_hit_is_explained_and_what_is_wrong_says_no_more():
    verdict = Verdict(banks=[Bank("KAZ/persons", "no_hit", attested=True)], complete=True)
    assert NO_HIT in told(verdict)
    assert "no witness, and the federation asks for none" in told(verdict)
    verdict.fail(Step.NODES, "KAZ/persons: forged")
    assert told(verdict) == "wrong: nodes: KAZ/persons: forged Trust nothing of this receipt."
