"""What each owner of the demonstration says of everything that can be asked of it.

All combinations of member, purpose, role, bank and probe are decided, and for owners with rules
for records those of kind and handling codes too. The picture is kept in `golden/domains.txt`, so
that a change of a policy shows what it changes:

    python -m tests.attack.test_policy_domains > tests/attack/golden/domains.txt
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from gateway.access.domain import Comparison, Space, compare_releases, compare_searches
from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy, Texts
from seeds.federation import MEMBERS
from tests.kit import cedar

POLICIES = Path(__file__).resolve().parents[2] / "seeds" / "policies"
GOLDEN = Path(__file__).parent / "golden" / "domains.txt"
OWNERS = sorted(member.code for member in MEMBERS)
BANKS = tuple(bank for member in MEMBERS for bank in member.banks)
NOBODY = '@id("{name}.nobody")\n@text("x")\nforbid (principal, action, resource);\n'


@cache
def load(owner: str) -> Policy:
    """An owner's policies as the demonstration has them, those for its own officers left out."""
    name, release = owner.lower(), POLICIES / "release" / f"{owner}.cedar"
    text = (POLICIES / f"{owner}.cedar").read_text("utf-8")
    return Policy.build(Texts(text, release.read_text("utf-8") if release.exists() else None), name)


def compare(owner: str, what: str) -> Comparison:
    """What an owner permits, as what it changes of a policy that permits nothing."""
    name, space = owner.lower(), Space(owner, tuple(OWNERS), BANKS)
    nobody, nothing = (NOBODY.format(name=each) for each in (name, f"{name}.release"))
    if what == "search":
        return compare_searches(Policy.build(Texts(nobody), name), load(owner), space)
    return compare_releases(Policy.build(Texts(nobody, nothing), name), load(owner), space)


def tell(owner: str) -> Iterator[str]:
    """Write the domain of an owner, a line for each thing that it says."""
    for what in ("search", "release"):
        if what == "release" and load(owner).releases_all:
            continue
        compared = compare(owner, what)
        yield f"{owner} {what}: {compared.count} combinations"
        for change in compared.changes:
            where = "; ".join(f"{axis} {' '.join(v)}" for axis, v in sorted(change.where.items()))
            yield f"  {change.after}: {change.count}{' where ' if where else ''}{where}"


@pytest.mark.parametrize("owner", OWNERS)
def test_every_combination_is_decided_as_kept(owner):
    kept = GOLDEN.read_text("utf-8").splitlines()
    begin = next(n for n, line in enumerate(kept) if line.startswith(f"{owner} search"))
    later = [n for n in range(begin, len(kept)) if not kept[n].startswith(("  ", owner))]
    assert list(tell(owner)) == kept[begin : min(later, default=len(kept))]


@pytest.mark.parametrize("owner", OWNERS)
def test_the_domain_is_whole(owner):
    own = [bank for bank in BANKS if bank.startswith(owner)]
    whole = len(OWNERS) * len(PURPOSES) * len(ROLES) * len(own) * (len(PROBES) + 1)
    assert compare(owner, "search").count == whole


@pytest.mark.parametrize("owner", [o for o in OWNERS if o.lower() in cedar.OWNERS])
def test_every_combination_is_decided_as_the_model_decides(owner):
    """Not the classes of the short way: each point by itself, by Cedar and by the model."""
    policy = load(owner)
    own = [bank for bank in BANKS if bank.startswith(owner)]
    for member, purpose, role, bank, probe in product(OWNERS, PURPOSES, ROLES, own, PROBES):
        request = likely_question(
            member, bank=bank, purpose=purpose, probe=probe, roles=frozenset({role})
        )
        decision = policy.decide(request)
        expected = cedar.decide(owner.lower(), asdict(request))
        found = (decision.permitted, decision.rule, decision.granularity)
        assert found == expected, request


if __name__ == "__main__":
    for each in OWNERS:
        print("\n".join(tell(each)))
