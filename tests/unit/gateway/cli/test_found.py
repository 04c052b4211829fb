"""What the ends of banks mean together."""

from __future__ import annotations

import pytest

from gateway.cli.exits import Exit
from gateway.cli.found import Found, count_hits
from gateway.events import BankEnd
from kalkan.v1 import model_pb2 as model


def make_end(bank: str, state: str, answer: model.Answer | None = None) -> BankEnd:
    return BankEnd(bank, state, 0.1, answer)


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["answered", "timed_out"], Exit.HIT),
        (["no_hit", "no_hit"], Exit.NO_HIT),
        (["no_hit", "not_capable"], Exit.NO_HIT),
        (["no_hit", "refused"], Exit.INCOMPLETE),
        (["no_hit", "timed_out"], Exit.INCOMPLETE),
        (["no_hit", "unavailable"], Exit.INCOMPLETE),
        (["no_hit", "suspended"], Exit.INCOMPLETE),
        (["no_hit", "faulty"], Exit.INCOMPLETE),
        (["not_capable"], Exit.INCOMPLETE),
        (["refused", "not_capable"], Exit.REFUSED),
        (["refused", "refused"], Exit.REFUSED),
        (["refused", "unavailable"], Exit.INCOMPLETE),
        ([], Exit.INCOMPLETE),
    ],
)
def test_a_search_ends_with_the_code_of_its_states(states, code):
    found = Found()
    for number, state in enumerate(states):
        found.add(make_end(f"KAZ/b{number}", state))
    assert found.exit_code is code


def test_gaps_that_nobody_decided_come_first():
    found = Found()
    for bank, state in (("A/a", "refused"), ("B/b", "no_hit"), ("C/c", "timed_out")):
        found.add(make_end(bank, state))
    assert [end.bank for end in found.gaps] == ["C/c", "A/a"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (model.Answer(hits=[model.Hit()]), "1 hit"),
        (model.Answer(hits=[model.Hit()] * 2, truncated=True), "more than 2 hits"),
        (model.Answer(tallies=[model.Tally(count=3)]), "3 hits"),
        (model.Answer(tallies=[model.Tally()]), "something matches"),
    ],
)
def test_hits_are_counted_at_every_granularity(answer, told):
    assert count_hits(make_end("KAZ/persons", "answered", answer)) == told
    assert count_hits(make_end("KAZ/persons", "no_hit", model.Answer())) == ""
