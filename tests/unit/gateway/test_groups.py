"""What follows from the hits of a group is checked by the client, whatever the hub says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import UntrustedError
from gateway.groups import describe, rank, refs_of, require_groups, strictest
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.signed import add_hit, make_answer

KAZ, TUR = "KAZ/persons", "TUR/persons"
handlings = st.builds(
    model.Handling,
    tlp=st.integers(1, 5),
    europol=st.lists(st.integers(1, 4), unique=True).map(sorted),
    confirm_first=st.booleans(),
)


@pytest.fixture
def hits():
    """Two hits of KAZ, the first with a warning and stricter codes, and one of TUR."""
    kaz, tur = make_answer(KAZ, hits=1), make_answer(TUR, hits=1)
    kaz.hits[0].record.warnings.append(model.WARNING_ARMED)
    kaz.hits[0].record.fields[0].handling.tlp = model.TLP_RED
    kaz.hits[0].record.handling.europol.append(model.EUROPOL_CODE_H2)
    kaz.hits[0].record.handling.confirm_first = True
    add_hit(kaz, "R1", score=0.8)
    return {KAZ: kaz.hits, TUR: tur.hits}


@pytest.fixture
def groups(hits):
    """Groups as a true hub writes them."""
    found = []
    for refs in ([(KAZ, 0), (TUR, 0)], [(KAZ, 1)]):
        group = describe([hits[bank][hit] for bank, hit in refs])
        for bank, hit in refs:
            group.hits.add(bank=bank, hit=hit)
        found.append(group)
    return sorted(found, key=rank)


def test_true_groups_hold(hits, groups):
    require_groups(groups, hits)
    require_groups([], {})
    assert refs_of(hits) == [(0, KAZ, 0), (0, KAZ, 1), (0, TUR, 0)]


def test_group_is_described_by_the_strictest_of_its_hits(groups):
    handling = groups[0].handling
    assert (handling.tlp, handling.confirm_first) == (model.TLP_RED, True)
    assert list(handling.europol) == [model.EUROPOL_CODE_H2]
    assert list(groups[0].warnings) == [model.WARNING_ARMED]
    assert groups[0].score == 0.9


def weaken(groups):
    groups[0].handling.tlp = model.TLP_GREEN


def drop_codes(groups):
    groups[0].handling.ClearField("europol")


def drop_confirmation(groups):
    groups[0].handling.confirm_first = False


def drop_handling(groups):
    groups[1].ClearField("handling")


def sharpen(groups):
    groups[1].handling.tlp = model.TLP_RED


def drop_warning(groups):
    groups[0].ClearField("warnings")


def invent_warning(groups):
    groups[1].warnings.append(model.WARNING_ARMED)


def raise_score(groups):
    groups[1].score = 1.0


def lower_score(groups):
    groups[0].score = 0.1


def turn_round(groups):
    groups.reverse()


def put_weaker_first(groups):
    groups[0].hits.extend(groups[1].hits)
    groups[0].hits.reverse()
    del groups[1]


def leave_out(groups):
    del groups[1]


def empty_group(groups):
    groups.append(wire.Group())


def hit_twice(groups):
    groups[1].hits.add(bank=KAZ, hit=0)


def hit_of_nobody(groups):
    groups[1].hits.add(bank="GEO/persons", hit=0)


def another_probe(groups):
    groups[1].probe_index = 1


CHANGES = (
    *(weaken, drop_codes, drop_confirmation, drop_handling, sharpen, drop_warning, invent_warning),
    *(raise_score, lower_score, turn_round, put_weaker_first, leave_out, empty_group, hit_twice),
    *(hit_of_nobody, another_probe),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_groups_are_not_believed(hits, groups, change):
    change(groups)
    with pytest.raises(UntrustedError):
        require_groups(groups, hits)


@given(st.lists(handlings, max_size=6))
def test_strictest_holds_all_codes_and_nothing_else(all_of):
    result = strictest(all_of)
    assert result.tlp == max((h.tlp for h in all_of), default=0)
    assert result.confirm_first == any(h.confirm_first for h in all_of)
    assert list(result.europol) == sorted({code for h in all_of for code in h.europol})


@given(st.lists(handlings, min_size=1, max_size=6), st.data())
def test_strictest_does_not_depend_on_order_or_repetition(all_of, data):
    shuffled = data.draw(st.permutations(all_of))
    assert strictest([*shuffled, *all_of]) == strictest(all_of)
