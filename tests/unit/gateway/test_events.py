"""A client does not take the hub's word: whatever the hub changes, the reader finds."""

from __future__ import annotations

import hashlib

import pytest

from gateway.access.signatures import Domain
from gateway.errors import UntrustedError
from gateway.events import Accepted, BankEnd, Ended, Groups, Reader
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.signed import DIGEST, ID, add_hit, expected, key_of, make_answer, seal

KAZ, TUR, GEO = BANKS = ("KAZ/persons", "TUR/persons", "GEO/persons")


def accepted(asked=BANKS) -> wire.SearchEvent:
    return wire.SearchEvent(accepted=wire.Accepted(search_id=DIGEST[:16].hex(), asked=asked))


def node_end(answer, **changes) -> wire.SearchEvent:
    data, signature = seal(answer)
    values = {"bank": answer.bank, "state": answer.state, "answer": data}
    values["answer_signature"] = signature
    return wire.SearchEvent(bank_ended=wire.BankEnded(**{**values, **changes}))


def hub_end(bank, state) -> wire.SearchEvent:
    return wire.SearchEvent(bank_ended=wire.BankEnded(bank=bank, state=state))


def grouped(*groups) -> wire.SearchEvent:
    """Groups of (bank, hit) pairs."""
    event = wire.SearchEvent(groups=wire.Groups())
    for refs in groups:
        group = event.groups.groups.add()
        group.score, group.handling.tlp = 0.9, model.TLP_AMBER
        for bank, hit in refs:
            group.hits.add(bank=bank, hit=hit)
    return event


def receipt_of(events, **changes) -> wire.Receipt:
    """The receipt that a true hub writes after these events."""
    receipt = wire.Receipt(federation_id=ID, query_sha256=DIGEST, search_id=DIGEST[:16].hex())
    for end in (event.bank_ended for event in events if event.HasField("bank_ended")):
        digest = hashlib.sha256(end.answer).digest() if end.answer else b""
        receipt.coverage.add(bank=end.bank, state=end.state, answer_sha256=digest)
    whole = {model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT, model.BANK_STATE_NOT_CAPABLE}
    receipt.complete = all(c.state in whole for c in receipt.coverage)
    receipt.coverage.add(bank="KAZ/others", state=model.BANK_STATE_NOT_ASKED)
    receipt.MergeFrom(wire.Receipt(**changes))
    return receipt


def ended(receipt, signer="HUB", domain=Domain.RECEIPT) -> wire.SearchEvent:
    data = receipt.SerializeToString()
    signature = key_of(signer).sign(domain, data)
    return wire.SearchEvent(ended=wire.Ended(receipt=data, receipt_signature=signature))


def true_events() -> list[wire.SearchEvent]:
    """A search of three banks: two hits, one hit, and one that the hub could not reach."""
    return [
        accepted(),
        node_end(make_answer(KAZ, hits=2)),
        node_end(make_answer(TUR, hits=1)),
        hub_end(GEO, model.BANK_STATE_UNAVAILABLE),
        grouped([(KAZ, 0), (TUR, 0)], [(KAZ, 1)]),
    ]


def reader(**changes) -> Reader:
    return Reader(expected(**changes), (key_of("HUB").public_key,), BANKS)


def read_all(events, **changes) -> list[object]:
    one = reader(**changes)
    read = [one.read(event) for event in events]
    one.require_ended()
    return read


def read_with(events, **changes) -> list[object]:
    """Read events and the true receipt of them, with changes."""
    return read_all([*events, ended(receipt_of(events, **changes))])


def test_true_search_is_read_event_by_event():
    read = read_with(true_events())
    assert [type(event) for event in read] == [Accepted, BankEnd, BankEnd, BankEnd, Groups, Ended]
    assert read[0].asked == BANKS
    assert [end.state for end in read[1:4]] == ["answered", "answered", "unavailable"]
    assert read[1].answer.hits[0].record.reference == "R0"
    assert read[3].answer is None
    assert not read[-1].complete


def test_search_is_complete_where_every_bank_that_can_has_searched():
    cannot = hub_end(TUR, model.BANK_STATE_NOT_CAPABLE)
    events = [accepted([KAZ, TUR]), node_end(make_answer(KAZ)), cannot, grouped()]
    one = Reader(expected(), (key_of("HUB").public_key,))
    read = [one.read(event) for event in [*events, ended(receipt_of(events))]]
    assert read[-1].complete


def test_refusals_of_node_and_hub_are_told():
    answer = make_answer(KAZ, state=model.BANK_STATE_REFUSED)
    answer.refusal.rule = "kaz.purpose"
    answer.refusal.contact.office = "Office of KAZ"
    by_hub = hub_end(TUR, model.BANK_STATE_REFUSED)
    by_hub.bank_ended.refusal.rule = "baseline.case"
    by_hub.bank_ended.refusal.text = "needs a case"
    one = reader()
    one.read(accepted())
    end = one.read(node_end(answer))
    assert (end.state, end.rule, end.contact) == ("refused", "kaz.purpose", "Office of KAZ")
    end = one.read(by_hub)
    assert (end.state, end.rule, end.text) == ("refused", "baseline.case", "needs a case")


def test_another_question_is_not_accepted():
    event = accepted()
    event.accepted.search_id = "0" * 32
    with pytest.raises(UntrustedError, match="another question"):
        reader().read(event)


@pytest.mark.parametrize("missing", range(5))
def test_events_are_not_believed_where_one_is_left_out(missing):
    events = true_events()
    del events[missing]
    with pytest.raises(UntrustedError):
        read_with(events)


@pytest.mark.parametrize("repeated", range(5))
def test_events_are_not_believed_where_one_comes_twice(repeated):
    events = true_events()
    events.insert(repeated, events[repeated])
    with pytest.raises(UntrustedError):
        read_with(events)


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("second", range(5))
def test_events_are_believed_in_their_order_alone(first, second):
    events = true_events()
    events[first], events[second] = events[second], events[first]
    if first == second or {first, second} <= {1, 2, 3}:  # banks end in any order
        assert len(read_with(events)) == 6
        return
    with pytest.raises(UntrustedError):
        read_with(events)


def test_groups_before_the_last_bank_do_not_hide_its_hits():
    events = [accepted([KAZ]), grouped(), node_end(make_answer(KAZ, hits=1)), grouped()]
    with pytest.raises(UntrustedError, match="does not belong here"):
        read_with(events)


def test_empty_event_is_not_believed():
    with pytest.raises(UntrustedError, match="does not belong here"):
        reader().read(wire.SearchEvent())


def test_bank_of_the_targets_that_is_never_named_is_missed():
    events = true_events()
    events[0] = accepted([KAZ, TUR])
    del events[3]
    with pytest.raises(UntrustedError, match="left out a bank"):
        read_with(events)


def test_bank_that_was_asked_and_never_ends_is_missed():
    events = true_events()
    del events[3]
    with pytest.raises(UntrustedError, match="those that were asked"):
        read_with(events)


def test_bank_that_was_not_asked_and_ends_is_not_believed():
    events = true_events()
    events[0] = accepted([KAZ, TUR])
    with pytest.raises(UntrustedError, match="those that were asked"):
        read_with(events)


@pytest.mark.parametrize("state", set(model.BankState.values()) - {model.BANK_STATE_ANSWERED})
def test_state_of_an_answer_cannot_be_changed(state):
    one = reader()
    one.read(accepted())
    with pytest.raises(UntrustedError, match="changed the state"):
        one.read(node_end(make_answer(KAZ, hits=1), state=state))


def test_answers_cannot_be_swapped():
    one = reader()
    one.read(accepted())
    with pytest.raises(UntrustedError):
        one.read(node_end(make_answer(KAZ, hits=1), bank=TUR))


@pytest.mark.parametrize(
    "state",
    [
        model.BANK_STATE_UNSPECIFIED,
        model.BANK_STATE_ANSWERED,
        model.BANK_STATE_NO_HIT,
        model.BANK_STATE_NOT_ASKED,
        77,
    ],
)
def test_hub_cannot_say_what_is_a_nodes_to_say(state):
    one = reader()
    one.read(accepted())
    with pytest.raises(UntrustedError, match="speaks for a node"):
        one.read(hub_end(KAZ, state))


def test_bank_cannot_end_twice():
    one = reader()
    one.read(accepted())
    one.read(hub_end(KAZ, model.BANK_STATE_TIMED_OUT))
    with pytest.raises(UntrustedError, match="twice"):
        one.read(node_end(make_answer(KAZ, hits=1)))


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [[(KAZ, 0), (TUR, 0)]],
        [[(KAZ, 0), (TUR, 0)], [(KAZ, 1), (KAZ, 1)]],
        [[(KAZ, 0), (TUR, 0)], [(KAZ, 1)], [(KAZ, 2)]],
        [[(KAZ, 0), (TUR, 0)], [(KAZ, 1)], [(GEO, 0)]],
    ],
)
def test_groups_hold_each_hit_once(groups):
    events = true_events()
    events[4] = grouped(*groups)
    with pytest.raises(UntrustedError, match="each hit once"):
        read_with(events)


def test_groups_are_of_the_probe_that_their_hits_answer():
    events = true_events()
    events[4].groups.groups[0].probe_index = 1
    with pytest.raises(UntrustedError, match="each hit once"):
        read_with(events)


def test_receipt_signed_by_another_is_not_believed():
    events = true_events()
    for forged in (
        ended(receipt_of(events), "KAZ"),
        ended(receipt_of(events), domain=Domain.ANSWER),
        ended(receipt_of(events), domain=Domain.QUERY),
    ):
        with pytest.raises(UntrustedError, match="not the hub's"):
            read_all([*events, forged])


def test_receipt_that_is_changed_after_signing_is_not_believed():
    events = true_events()
    changed = ended(receipt_of(events))
    changed.ended.receipt += b"\x48\x07"
    with pytest.raises(UntrustedError, match="not the hub's"):
        read_all([*events, changed])


def test_signed_bytes_that_are_no_receipt_are_not_believed():
    data = b"\xff\xff"
    signature = key_of("HUB").sign(Domain.RECEIPT, data)
    forged = wire.SearchEvent(ended=wire.Ended(receipt=data, receipt_signature=signature))
    with pytest.raises(UntrustedError, match="not the hub's"):
        read_all([*true_events(), forged])


def test_receipt_of_another_question_is_not_believed():
    with pytest.raises(UntrustedError, match="another question"):
        read_with(true_events(), query_sha256=b"\x01" * 32)


def test_receipt_of_another_state_is_not_believed():
    events = true_events()
    receipt = receipt_of(events)
    receipt.coverage[2].state = model.BANK_STATE_TIMED_OUT
    with pytest.raises(UntrustedError, match="how a bank ended"):
        read_all([*events, ended(receipt)])


def test_receipt_of_another_answer_is_not_believed():
    for digest in (b"", b"\x01" * 32):
        events = true_events()
        receipt = receipt_of(events)
        receipt.coverage[0].answer_sha256 = digest
        with pytest.raises(UntrustedError, match="another answer"):
            read_all([*events, ended(receipt)])


def test_receipt_that_leaves_out_a_bank_is_not_believed():
    events = true_events()
    receipt = receipt_of(events)
    receipt.coverage[2].state = model.BANK_STATE_NOT_ASKED
    with pytest.raises(UntrustedError, match="other banks"):
        read_all([*events, ended(receipt)])


def test_receipt_that_names_a_bank_twice_is_not_believed():
    events = true_events()
    receipt = receipt_of(events)
    receipt.coverage.add(bank=KAZ, state=model.BANK_STATE_NOT_ASKED)
    with pytest.raises(UntrustedError, match="twice"):
        read_all([*events, ended(receipt)])


def test_receipt_that_claims_completeness_is_not_believed():
    with pytest.raises(UntrustedError, match="completeness"):
        read_with(true_events(), complete=True)


def test_search_without_a_receipt_has_not_ended():
    with pytest.raises(UntrustedError, match="without a receipt"):
        read_all(true_events())


def outcomes(*hits, complete=True) -> list[wire.DocumentOutcome]:
    """One outcome for each list of (bank, hit) pairs."""
    made = [wire.DocumentOutcome(probe_index=i, complete=complete) for i in range(len(hits))]
    for outcome, refs in zip(made, hits, strict=True):
        for bank, hit in refs:
            outcome.hits.add(bank=bank, hit=hit)
    return made


def read_batch(*ends) -> Reader:
    one = reader(probes=2)
    for end in ends:
        one.bank_end(end.bank_ended)
    return one


def batch_answer() -> wire.SearchEvent:
    answer = make_answer(KAZ)
    add_hit(answer, "R0").probe_index = 1
    add_hit(answer, "R1").probe_index = 0
    return node_end(answer)


def test_outcomes_of_a_batch_are_those_of_the_answers():
    one = read_batch(batch_answer(), hub_end(TUR, model.BANK_STATE_NOT_CAPABLE))
    one.require_outcomes(outcomes([(KAZ, 1)], [(KAZ, 0)]))
    one = read_batch(batch_answer(), hub_end(TUR, model.BANK_STATE_TIMED_OUT))
    one.require_outcomes(outcomes([(KAZ, 1)], [(KAZ, 0)], complete=False))


@pytest.mark.parametrize(
    "wrong",
    [
        outcomes([(KAZ, 1)], []),
        outcomes([(KAZ, 0)], [(KAZ, 1)]),
        outcomes([(KAZ, 1)], [(KAZ, 0), (TUR, 0)]),
        outcomes([(KAZ, 1), (KAZ, 0)]),
        outcomes([(KAZ, 1)], [(KAZ, 0)])[::-1],
        outcomes([(KAZ, 1)], [(KAZ, 0)], complete=False),
    ],
)
def test_outcomes_of_a_batch_that_are_others_are_not_believed(wrong):
    with pytest.raises(UntrustedError, match="outcomes"):
        read_batch(batch_answer()).require_outcomes(wrong)
