from __future__ import annotations

import pytest

from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_likely_question_says_all_that_the_baseline_asks_for(purpose, probe):
    asked = likely_question(
        "KAZ",
        bank="TUR/persons",
        purpose=purpose,
        probe=probe,
        roles=frozenset({"investigator", "border"}),
    )
    rule = Policy.for_hub().decide(asked).rule
    missing = {"case", "offence", "category", "aim", "single_name", "error"}
    assert rule not in {f"baseline.{word}" for word in missing}
    assert asked.owner == "TUR"
