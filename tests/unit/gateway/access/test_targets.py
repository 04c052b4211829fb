"""Targets name banks that the requester may know, each once; what is hidden is unknown."""

import pytest

from gateway.access.errors import TargetUnknownError
from gateway.access.targets import resolve_targets
from kalkan.v1 import model_pb2

BANKS = {"KAZ": {"KAZ/persons", "KAZ/documents"}, "TUR": {"TUR/persons"}}


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([("member", "KAZ")], ("KAZ/documents", "KAZ/persons")),
        ([("bank", "TUR/persons")], ("TUR/persons",)),
        ([("project", "kalkan")], ("KAZ/documents", "KAZ/persons", "TUR/persons")),
        (
            [("member", "TUR"), ("project", "kalkan")],
            ("KAZ/documents", "KAZ/persons", "TUR/persons"),
        ),
        ([("bank", "KAZ/persons"), ("member", "TUR")], ("KAZ/persons", "TUR/persons")),
        ([model_pb2.Target(member="TUR"), model_pb2.Target(bank="TUR/persons")], ("TUR/persons",)),
        ([], ()),
    ],
)
def test_resolve_targets_names_each_bank_once(world, targets, expected):
    assert resolve_targets(world.federation, targets, BANKS) == expected


def test_resolve_targets_gives_nothing_for_a_member_without_banks(world):
    assert resolve_targets(world.federation, [("member", "TUR")], {}) == ()


@pytest.mark.parametrize(
    "target",
    [
        ("member", "XXX"),
        ("project", "other"),
        ("bank", "KAZ/nothing"),
        ("bank", "XXX/persons"),
        ("bank", "KAZ"),
        ("bank", ""),
        ("everybody", "KAZ"),
        ("member", "KAZ/persons"),
        model_pb2.Target(),
        model_pb2.Target(bank="KAZ/hidden"),
    ],
)
def test_resolve_targets_names_the_index_when_unknown(world, target):
    with pytest.raises(TargetUnknownError) as caught:
        resolve_targets(world.federation, [("member", "TUR"), target], BANKS)
    assert caught.value.index == 1
    assert caught.value.metadata == {"field": "targets[1]"}


def test_resolve_targets_says_the_same_of_hidden_and_absent_banks(world):
    said = []
    for bank in ("KAZ/hidden", "KAZ/absent", "XXX/absent"):
        with pytest.raises(TargetUnknownError) as caught:
            resolve_targets(world.federation, [("bank", bank)], BANKS)
        said.append((str(caught.value), caught.value.metadata))
    assert said[0] == said[1] == said[2]
