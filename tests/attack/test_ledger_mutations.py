"""Change a log of 1,000 entries in every way that an insider can: `verify` or a witness finds all.

As a script it tries as many as are wanted, of another seed each 10,000:
`python -m tests.attack.test_ledger_mutations --most 100000`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

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
    assert not mutator.ask_witness()
    missed = [name for name in mutator.run(MUTATIONS // SHARDS) if name]
    assert missed == []
    assert check(mutator.directory).findings == ()
    assert {name for name, _ in mutator.done} == {way.__name__ for way in mutator.ways}


@pytest.mark.parametrize("way", ["cut_back", "signed_anew"])
def test_what_has_the_key_s_own_signature_is_found_by_a_witness_alone(tmp_path, way):
    mutator = Mutator(tmp_path / "log", seed=0)
    mutator.put(getattr(mutator, way)())
    assert check(mutator.directory).findings == ()
    assert mutator.found_by() == "witness"


def main(most: int) -> int:
    """Try so many, tell how many of each way were found by whom; 1 if one was missed."""
    done: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for seed in range(-(-most // MUTATIONS)):
        with tempfile.TemporaryDirectory() as folder:
            mutator = Mutator(Path(folder) / "log", seed=seed)
            tries = min(MUTATIONS, most - seed * MUTATIONS)
            missed += [name for name in mutator.run(tries) if name]
            done += mutator.done
        print(f"{done.total()} mutations, {len(missed)} not found", flush=True)
    for (way, by), count in sorted(done.items()):
        print(f"{count:8} {way}, found by {by or 'nobody'}")
    print(*missed, sep="\n")
    return bool(missed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000)
    sys.exit(main(parser.parse_args().most))
