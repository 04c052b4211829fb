from gateway.ledger.verify.report import Report


def test_a_report_without_findings_is_sound():
    assert Report("o", 3, 3, ()).sound
    assert not Report("o", 3, 3, ("checkpoint: ...",)).sound


def test_a_report_is_an_object_in_json():
    expected = {"sound": False, "origin": "o", "size": 3, "entries": 4, "findings": ["x"]}
    assert Report("o", 3, 4, ("x",)).as_json() == expected
