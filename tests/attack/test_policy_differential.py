"""Two that know nothing of each other decide the same: Cedar, and a model written by hand.

Here 10,000 random requests; as a script as many as wanted:

    python -m tests.attack.test_policy_differential --most 1000000

A random request is often nonsense: words that there are not, nothing where something must be. Then
both must refuse.
"""

import argparse
import logging
import random
import time
from collections import Counter
from dataclasses import asdict

import pytest

from gateway.access.policy import Policy, PolicyRequest, read_asking
from gateway.access.rules import read_text
from tests.conftest import ROOT
from tests.kit import cedar

MOST = 10_000
ROLES = [
    "investigator", "analyst", "border", "contact_officer", "supervisor", "auditor", "system",
    "boss", "", "INVESTIGATOR",
]  # fmt: skip
MEMBERS = ["KAZ", "UZB", "GEO", "TUR", "AFG", "", "kaz", "XXX"]
BANKS = [
    "KAZ/persons", "XPO/registry", "RCC/suspects", "RCC/officers", "RCC/organised", "TUR/persons",
    "", "xpo/registry", "RCC/officers ", "Ж/б",
]  # fmt: skip
ODD = ["religion", "", "TERRORISM", "terrorism ", "unspecified", "всё", "*", '"', "person"]
"""Words that are nowhere right, or are right elsewhere."""


def make_policies() -> dict[tuple[str, str], Policy]:
    """Each policy that the model knows, by owner and by what a requester's member says itself."""
    folder = ROOT / "seeds/policies"
    asking = read_asking((folder / "asking/GEO.cedar").read_text("utf-8"), "GEO")
    policies = {("hub", ""): Policy.for_hub(), ("hub", "geo.asking"): Policy.for_hub(asking)}
    policies["example", ""] = Policy.load(read_text("example.cedar"), "example")
    for name in ("afg", "kaz", "tur", "rcc"):
        text = (folder / f"{name.upper()}.cedar").read_text("utf-8")
        policies[name, ""] = Policy.load(text, name)
    return policies


class Maker:
    """Makes random requests."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def word(self, words: list[str]) -> str:
        """One of these, seldom another."""
        return self._random.choice(ODD if self._random.random() < 0.01 else words)

    def some(self, words: list[str], at_most: int) -> frozenset[str]:
        """None to some of these."""
        return frozenset(self._random.sample(words, self._random.randint(0, at_most)))

    def likely(self) -> object:
        """Mostly true; seldom no truth value at all."""
        return self._random.choices([True, False, None, "yes"], [85, 14.6, 0.2, 0.2])[0]

    def request(self) -> PolicyRequest:
        """Make one."""
        bank = self._random.choice(BANKS)
        fields = self.some(sorted(cedar.FIELDS), 4)
        if self._random.random() < 0.01:
            fields |= {self._random.choice(ODD)}
        return PolicyRequest(
            requester_member=self._random.choice(MEMBERS),
            roles=self.some(ROLES, 3),
            unit=self._random.choice(["", "Unit 7", "отдел"]),
            purpose=self.word(sorted(cedar.PURPOSES)),
            owner=bank.partition("/")[0],
            bank=bank,
            probe=self.word(sorted(cedar.PROBES)),
            granularity=self.word(cedar.STEPS),
            fields=fields,
            has_case=self.likely(),
            has_offence=self.likely(),
            has_justification=self.likely(),
            person_category=self.word(sorted(cedar.CATEGORIES)),
            aim=self.word(sorted(cedar.AIMS)),
        )


def compare(policy: Policy, owner: str, asking: str, request: PolicyRequest) -> str:
    """Decide by both; return the rule, or fail with what differs."""
    expected = cedar.decide(owner, asdict(request), asking)
    decision = policy.decide(request)
    rule = "error" if decision.rule.endswith(".error") else decision.rule
    found = (decision.permitted, rule, decision.granularity)
    assert found == expected, f"{owner} {asking}: {request}"
    return rule


def run(most: int, seed: int) -> Counter[str]:
    """Compare so many random decisions; return how often each rule decided."""
    maker, rules = Maker(seed), Counter[str]()
    policies = sorted(make_policies().items())
    for number in range(most):
        (owner, asking), policy = policies[number % len(policies)]
        rules[compare(policy, owner, asking, maker.request())] += 1
    return rules


@pytest.fixture(scope="module")
def rules():
    return run(MOST, seed=1)


def test_cedar_and_the_model_decide_the_same(rules):
    assert rules.total() == MOST


def test_every_rule_decided_somewhere(rules):
    """So the comparison above has seen what it compares."""
    files = [cedar.BASELINE, *cedar.OWNERS.values(), *cedar.ASKING.values()]
    named = {line.id for lines in files for line in lines}
    # These permit beside others: the owner's first permit is the one that is named.
    never = {"baseline.purposes", "geo.asking.all"}
    assert named - never <= rules.keys()
    assert {"error", "example.default", "afg.default"} <= rules.keys()


@pytest.mark.parametrize("owner", sorted({*cedar.OWNERS} - {"hub"}))
def test_the_model_has_every_rule_of_the_file(owner):
    policy = make_policies()[owner, ""]
    assert [line.id for line in cedar.OWNERS[owner]] == [
        rule.id for rule in policy._owner.rules.values()
    ]
    assert [line.id for line in cedar.BASELINE] == [
        rule.id for rule in policy._baseline.rules.values()
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable()  # nonsense is logged as what could not be evaluated
    began = time.monotonic()
    found = run(given.most, given.seed)
    seconds = time.monotonic() - began
    print(f"{found.total()} decisions equal, {len(found)} rules decided, {seconds:.0f} s")
