import pytest

from gateway.ledger.errors import EntryRejectedError
from gateway.ledger.kinds import CLOSING, OPENING, BankOutcome, Kind


def test_kinds_either_open_or_close_a_search_or_neither():
    assert not OPENING & CLOSING
    assert set(Kind) >= OPENING | CLOSING
    assert {kind.value for kind in Kind} == {kind.name for kind in Kind}


def test_bank_outcome_stores_rule_and_truncation_when_they_are_set():
    plain = BankOutcome(bank="kaz.persons", state="no_hit", elapsed_ms=12)
    assert plain.as_json() == {
        "bank": "kaz.persons", "state": "no_hit", "hits": 0, "elapsed_ms": 12
    }  # fmt: skip
    full = BankOutcome(bank="b", state="refused", rule="kaz.1", truncated=True).as_json()
    assert full["rule"] == "kaz.1"
    assert full["truncated"] is True
    facts = {"answer_sha256": "1" * 64, "granularity": "count", "policy_epoch": "7"}
    answered = BankOutcome(bank="b", state="answered", **facts).as_json()
    assert answered == {"bank": "b", "state": "answered", "hits": 0, "elapsed_ms": 0, **facts}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bank", ""),
        ("bank", "a\nb"),
        ("state", ""),
        ("state", "s" * 129),
        ("hits", -1),
        ("hits", True),
        ("elapsed_ms", 1.5),
        ("rule", None),
        ("rule", "\x1b[2J"),
        ("truncated", 1),
    ],
)
def test_bank_outcome_names_the_field_when_a_value_is_wrong(field, value):
    with pytest.raises(EntryRejectedError, match=f"^states.{field}: "):
        BankOutcome(**{"bank": "b", "state": "answered", field: value})
