from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.tlog.merkle import EMPTY, Tree
from gateway.ledger.tlog.request import parse_request
from gateway.ledger.witness.state import Fault, Verdict, judge
from tests.kit.logs import SIGNER, write_log
from tests.kit.witnesses import LOGS, body


def knowing(tree: Tree | None):
    return {SIGNER.vkey.name: tree}.get


def test_a_first_checkpoint_is_signed(tmp_path):
    (published,) = write_log(tmp_path, [3])
    found = judge(body(tmp_path, published, 0), LOGS, knowing(None))
    assert (found.verdict, found.fault, found.known) == (Verdict.COSIGNED, None, EMPTY)
    assert (found.checkpoint.size, found.note) == (3, published.note)


def test_the_same_checkpoint_again_is_signed_again(tmp_path):
    (published,) = write_log(tmp_path, [3])
    found = judge(body(tmp_path, published, 3), LOGS, knowing(published.tree))
    assert found.verdict is Verdict.COSIGNED


def test_another_old_size_is_a_conflict_and_no_fault(tmp_path):
    first, second = write_log(tmp_path, [3, 9])
    for old in (0, 2, 9):
        found = judge(body(tmp_path, second, old), LOGS, knowing(first.tree))
        assert (found.verdict, found.fault, found.known) == (Verdict.CONFLICT, None, first.tree)


def test_another_root_of_the_same_size_is_a_fork(tmp_path):
    (published,) = write_log(tmp_path, [3])
    other = Tree(3, bytes(32))
    found = judge(body(tmp_path, published, 3), LOGS, knowing(other))
    assert (found.verdict, found.fault) == (Verdict.CONFLICT, Fault.FORKED)


def test_a_smaller_size_is_a_rollback(tmp_path):
    first, second = write_log(tmp_path, [3, 9])
    found = judge(body(tmp_path, first, 0), LOGS, knowing(second.tree))
    assert (found.verdict, found.fault) == (Verdict.CONFLICT, Fault.ROLLED_BACK)


def test_an_old_size_beyond_the_checkpoint_is_no_request(tmp_path):
    (published,) = write_log(tmp_path, [3])
    request = replace(parse_request(body(tmp_path, published, 3)), old_size=4)
    found = judge(request.encode(), LOGS, knowing(None))
    assert (found.verdict, found.checkpoint) == (Verdict.MALFORMED, None)


@given(st.binary(max_size=400))
def test_whatever_comes_is_judged(data):
    assert judge(data, LOGS, knowing(None)).verdict is Verdict.MALFORMED


@given(at=st.integers(min_value=0, max_value=10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_is_signed(at, bit, tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    first, second = write_log(folder, [3, 9])
    data = bytearray(body(folder, second, 3))
    at %= len(data)
    data[at] ^= 1 << bit
    found = judge(bytes(data), LOGS, knowing(first.tree))
    # Another signature line may be damaged: the log's own is the only one here.
    assert found.verdict is not Verdict.COSIGNED
