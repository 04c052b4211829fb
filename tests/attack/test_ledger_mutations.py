"""Change a log of 1,000 entries in every way that an insider can without its key: all are found."""

from __future__ import annotations

import pytest

from tests.kit.logs import check
from tests.kit.mutations import Mutator

MUTATIONS = 10_000
SHARDS = 8


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_mutation_is_found(tmp_path, shard):
    mutator = Mutator(tmp_path / "log", seed=shard)
    assert check(mutator.directory).findings == ()
    missed = [name for name in mutator.run(MUTATIONS // SHARDS) if name]
    assert missed == []
    assert check(mutator.directory).findings == ()
    assert len(mutator.done) == len(mutator.ways)


def test_what_needs_the_key_or_a_witness_is_not_claimed(tmp_path):
    """A log cut back as a whole to an older checkpoint is whole: only a witness remembers more."""
    mutator = Mutator(tmp_path / "log", seed=0)
    mutator.cut_back()
    assert check(mutator.directory).findings == ()
