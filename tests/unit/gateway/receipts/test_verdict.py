from __future__ import annotations

import json

from gateway.receipts.verdict import Bank, Step, Verdict


def test_a_verdict_is_sound_until_something_is_wrong():
    verdict = Verdict(banks=[Bank("KAZ/persons", "no_hit", attested=True)])
    assert verdict.sound
    assert verdict.as_json()["proved"] is True
    assert verdict.as_json()["state"] == "logged"
    verdict.quorum = 2
    assert verdict.as_json()["state"] == "witnessed"
    verdict.pending = "not yet"
    assert verdict.sound
    assert verdict.as_json()["proved"] is False
    assert verdict.as_json()["state"] == "pending"
    verdict.fail(Step.PROOF, "broken")
    assert not verdict.sound
    assert verdict.as_json()["state"] == "wrong"
    told = json.loads(json.dumps(verdict.as_json()))
    assert told["wrong"] == [{"step": "proof", "text": "broken"}]
    assert told["banks"][0]["bank"] == "KAZ/persons"
