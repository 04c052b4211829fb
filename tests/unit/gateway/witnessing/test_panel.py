from __future__ import annotations

import pytest

from gateway.access.witnesses import ForeignWitness, Witnessing
from gateway.errors import SettingsError
from gateway.ledger.tlog.vkey import KeyType
from gateway.witnessing.panel import HUB, logs_of, panel_of, read_vkey, witness_name
from tests.kit.witnesses import make_cosigner
from tests.kit.world import build_world

CODES = ("KAZ", "TUR", "GEO", "IND", "UZB")


@pytest.fixture(scope="module")
def federation(tmp_path_factory):
    return build_world(tmp_path_factory.mktemp("w"), CODES, Witnessing()).federation


def change(federation, **values):
    return federation.model_copy(update={"witnessing": Witnessing(**values)})


def test_without_witnessing_there_is_no_panel(federation):
    assert panel_of(federation.model_copy(update={"witnessing": None}), HUB) is None
    assert panel_of(federation, "XXX") is None


def test_three_others_are_chosen_and_always_the_same(federation):
    for log in (HUB, *CODES):
        panel = panel_of(federation, log)
        members = [seat.member for seat in panel.seats]
        assert len(set(members)) == 3
        assert log not in members
        assert (panel.quorum, panel.patience_s) == (2, 600)
        turned = federation.model_copy(update={"members": federation.members[::-1]})
        assert panel_of(turned, log) == panel
    assert len({panel_of(federation, log).keys for log in CODES}) > 1


def test_named_and_foreign_witnesses_take_their_seats(federation):
    key = make_cosigner().vkey
    foreign = ForeignWitness(url="https://w.example", vkey=str(key))
    panel = panel_of(
        change(federation, witnesses=("TUR", "TUR"), foreign=(foreign,), quorum=2), HUB
    )
    assert [(s.member, s.url) for s in panel.seats] == [("TUR", ""), ("", "https://w.example")]
    assert panel.keys[1] == key
    assert panel.keys[0].name == witness_name(federation.id, "TUR")


def test_a_log_may_have_witnesses_of_its_own(federation):
    own = federation.hub.model_copy(update={"witnessing": Witnessing(witnesses=("GEO",), quorum=1)})
    changed = federation.model_copy(update={"hub": own})
    assert [seat.member for seat in panel_of(changed, HUB).seats] == ["GEO"]
    assert len(panel_of(changed, "KAZ").seats) == 3


def test_a_file_that_contradicts_itself_is_refused(federation):
    foreign = ForeignWitness(url="https://w.example", vkey=federation.hub.ledger_vkey)
    wrong = (
        {"witnesses": ("XXX",)},
        {"witnesses": ("TUR",), "quorum": 2},
        {"foreign": (foreign,)},
    )
    for values in wrong:
        with pytest.raises(SettingsError):
            panel_of(change(federation, **values), HUB)
    bare = federation.hub.model_copy(update={"ledger_vkey": ""})
    with pytest.raises(SettingsError, match="ledger_vkey"):
        panel_of(federation.model_copy(update={"hub": bare}), HUB)


def test_all_logs_of_the_federation_are_known(federation):
    logs = logs_of(federation)
    assert len(logs) == 1 + len(CODES)
    assert all(name == key.name for name, key in logs.items())
    with pytest.raises(SettingsError):
        read_vkey("nonsense", KeyType.LOG)
