from __future__ import annotations

import pytest

from gateway.access.cases import read_cases, tell_shown, try_cases
from gateway.access.errors import PolicyFileError
from gateway.access.policy import Policy, Texts
from gateway.access.request import RecordFacts
from gateway.access.shown import Shown

SEARCH = """
@id("kaz.open")
permit (principal, action, resource);

@id("kaz.missing")
@granularity("reference")
permit (principal, action, resource)
when { context.purpose == Kalkan::Purpose::"missing_person" };
"""
RELEASE = """
@id("kaz.release.all")
@fields("identifier:masked")
permit (principal, action, resource);

@id("kaz.release.red")
forbid (principal, action, resource is Kalkan::Record)
when { resource.tlp == Kalkan::Tlp::"red" };
"""
POLICY = Policy.build(Texts(SEARCH, RELEASE), "kaz")
CASE = """
[[case]]
name = "an investigator"
member = "UZB"
roles = ["investigator"]
purpose = "terrorism"
bank = "KAZ/persons"
probe = "person"
expect = "record"
rule = "kaz.open"
[[case.record]]
kind = "wanted"
expect = "released"
fields = { identifier = "masked", name = "released" }
[[case.record]]
kind = "wanted"
tlp = "red"
expect = "withheld"
rule = "kaz.release.red"
"""


def run(text):
    return try_cases(POLICY, read_cases(text, "cases.toml"))


def test_examples_that_come_out_as_written_tell_nothing():
    assert run(CASE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('expect = "record"', 'expect = "refused"', ("answer", "refused", "record (kaz.open)")),
        ('rule = "kaz.open"', 'rule = "kaz.x"', ("rule", "kaz.x", "kaz.open")),
        (
            'expect = "released"',
            'expect = "withheld"',
            ("record 1", "withheld", "released (kaz.release.all)"),
        ),
        (
            'identifier = "masked"',
            'identifier = "withheld"',
            ("record 1: identifier", "withheld", "masked"),
        ),
        (
            '"kaz.release.red"',
            '"kaz.release.all"',
            ("record 2: rule", "kaz.release.all", "kaz.release.red"),
        ),
    ],
)
def test_what_comes_out_otherwise_is_told_with_both_sides(old, new, told):
    (difference,) = run(CASE.replace(old, new))
    assert (difference.what, difference.expected, difference.found) == told
    assert difference.case == "an investigator"


def test_what_an_example_does_not_say_is_said_well():
    (case,) = read_cases(CASE, "x")
    assert case.request.has_case
    assert case.request.person_category == "suspect"
    changed = CASE.replace('expect = "record"', 'case = false\nexpect = "refused"')
    (difference,) = run(changed)
    assert difference.found == "baseline.case"


def test_an_example_can_leave_out_the_offence():
    changed = CASE.replace('expect = "record"', 'offence = false\nexpect = "refused"')
    assert [each.found for each in run(changed)] == ["baseline.offence"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[case", "is not TOML"),
        ("", "case"),
        (CASE.replace('bank = "KAZ/persons"\n', ""), "case.0.bank"),
        (CASE.replace("expect = ", "expects = ", 1), "case.0"),
        (CASE + 'surprise = "x"\n', "case.0.record.1.surprise"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_with_its_place(text, told):
    with pytest.raises(PolicyFileError, match=told):
        read_cases(text, "cases.toml")


def test_a_wrong_key_is_told_with_its_line():
    with pytest.raises(PolicyFileError) as caught:
        read_cases(CASE.replace('tlp = "red"', "tlp = 7"), "cases.toml")
    assert caught.value.line == CASE.split("\n").index('tlp = "red"') + 1


def test_shown_is_told_in_a_word():
    assert tell_shown(Shown()) == "released"
    assert tell_shown(Shown(whole=False)) == "reference"
    assert tell_shown(Shown(withheld=True, whole=False)) == "withheld"


def test_an_example_need_not_name_its_rule():
    changed = CASE.replace('rule = "kaz.open"\n', "").replace('rule = "kaz.release.red"\n', "")
    assert changed.count("rule") == 0
    assert run(changed) == []


def test_a_record_of_an_example_is_an_ordinary_one():
    changed = CASE.replace('tlp = "red"\n', "")
    facts = read_cases(changed, "x")[0].record[1].facts
    assert facts == RecordFacts(kind="wanted")
