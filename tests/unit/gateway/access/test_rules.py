import re

import pytest

from gateway.access.errors import PolicyFileError
from gateway.access.policy import ROLES
from gateway.access.rules import (
    MAX_FILE,
    WAIVERS,
    is_by_hand,
    read_rules,
    read_schema,
    read_text,
)

PERMIT = """\
// first; a comment with ; in it
@id("own.first")
permit (principal, action, resource)
when { resource.name == "a;b//c" };

"""
FORBID = """\
@id("own.second")
@text("no")
@contact("us")
forbid (principal, action, resource);
"""


def test_read_rules_reads_ids_and_annotations():
    file = read_rules(
        PERMIT.replace("permit", '@granularity("count")\n@allows("single_name")\npermit') + FORBID,
        "own",
    )
    first, second = file.rules.values()
    assert (first.id, first.permits, first.granularity) == ("own.first", True, "count")
    assert first.allows == {"single_name"}
    assert (second.id, second.permits, second.text, second.contact) == (
        "own.second",
        False,
        "no",
        "us",
    )


def test_read_rules_keeps_the_order_of_the_file():
    many = "".join(f'@id("own.r{n}")\npermit (principal, action, resource);\n' for n in range(12))
    assert [rule.id for rule in read_rules(many, "own").rules.values()] == [
        f"own.r{n}" for n in range(12)
    ]


def test_read_rules_reads_an_empty_file():
    assert read_rules("// nothing is permitted\n", "own").rules == {}


@pytest.mark.parametrize("name", ["baseline", "example", "hub"])
def test_files_that_come_with_kalkan_hold(name):
    assert read_rules(read_text(f"{name}.cedar"), name).rules


SCOPE = "permit (principal, action, resource)"
B = '@id("own.b")\n'
FAULTS = {
    "no id": (SCOPE + ";", 1, "@id"),
    "empty id": ("@id\n" + SCOPE + ";", 1, "@id"),
    "id of another file": ('@id("other.first")\n' + SCOPE + ";", 1, "@id"),
    "id in capitals": ('@id("own.First")\n' + SCOPE + ";", 1, "@id"),
    "id without a name": ('@id("own.")\n' + SCOPE + ";", 1, "@id"),
    "id too long": (f'@id("own.{"x" * 97}")\n{SCOPE};', 1, "@id"),
    **{
        f"id of a refusal, {word}": (f'@id("own.{word}")\n{SCOPE};', 1, f"own.{word}")
        for word in ("default", "error", "unknown", "stopped", "budget.border", "alarm.steps")
    },
    "id twice": (PERMIT + PERMIT, 7, "own.first"),
    "unknown annotation": (PERMIT + B + '@granularty("count")\n' + SCOPE + ";", 6, "@granularty"),
    "text on a permit": (B + '@text("x")\n' + SCOPE + ";", 1, "@text"),
    "granularity on a forbid": (FORBID.replace("@contact", "@granularity"), 1, "@granularity"),
    "unknown granularity": (B + '@granularity("all")\n' + SCOPE + ";", 1, "own.b @granularity"),
    "unknown waiver": (B + '@allows("single_name anything")\n' + SCOPE + ";", 1, "own.b @allows"),
    "forbid without text": (B + "forbid (principal, action, resource);", 1, "own.b @text"),
    "text with a line break": (FORBID.replace('"no"', '"no\\nyes"'), 1, "own.second @text"),
    "text too long": (FORBID.replace('"no"', f'"{"x" * 301}"'), 1, "own.second @text"),
    "contact too long": (FORBID.replace('"us"', f'"{"x" * 101}"'), 1, "own.second @contact"),
    "contact with a control": (FORBID.replace('"us"', '"\\u{202e}"'), 1, "own.second @contact"),
    "unknown purpose": (
        PERMIT + B + SCOPE + 'when { context.purpose == Kalkan::Purpose::"political" };',
        6,
        "own.b",
    ),
    "unknown role": (
        PERMIT + B + SCOPE + 'when { principal.roles.contains(Kalkan::Role::"king") };',
        6,
        "own.b",
    ),
    "unknown attribute": (PERMIT + B + SCOPE + "when { context.purpos };", 6, "own.b"),
    "unknown action": (
        B + 'permit (principal, action == Kalkan::Action::"read", resource);',
        1,
        "own.b",
    ),
    "no boolean": (PERMIT + B + SCOPE + "when { 1 };", 6, "own.b"),
    "syntax": (PERMIT + "\n" + B + "permt (principal, action, resource);\n" + FORBID, 7, ""),
    "cut off": (PERMIT + B + "permit (principal", 6, ""),
    "template": (B + "permit (principal == ?principal, action, resource);", 0, ""),
}


@pytest.mark.parametrize(("text", "line", "key"), FAULTS.values(), ids=FAULTS.keys())
def test_read_rules_names_the_line_when_wrong(text, line, key):
    with pytest.raises(PolicyFileError) as caught:
        read_rules(text, "own")
    assert (caught.value.name, caught.value.line, caught.value.key) == ("own", line, key)


def test_rules_may_speak_of_stops_and_budgets_otherwise():
    text = '@id("own.stopped_cars")\n' + SCOPE + ';\n@id("own.cars.stopped")\n' + SCOPE + ";\n"
    assert [rule.id for rule in read_rules(text, "own").rules.values()] == [
        "own.stopped_cars",
        "own.cars.stopped",
    ]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("kaz.stopped", True),
        ("kaz.budget.border", True),
        ("kaz.alarm.steps", True),
        ("kaz.default", False),
        ("kaz.stopped_cars", False),
        ("kaz.release.stopped", False),
        ("tur.stopped", False),
        ("", False),
    ],
)
def test_stops_and_budgets_are_known_by_their_rule(rule, told):
    assert is_by_hand(rule, "kaz") is told


def test_read_rules_refuses_a_file_that_is_too_large():
    with pytest.raises(PolicyFileError, match="larger"):
        read_rules("/" * (MAX_FILE + 1), "own")


def test_a_fault_that_only_the_whole_file_has_names_no_line(monkeypatch):
    # Cedar refuses the whole, and each policy alone is well: then the file is named.
    from gateway.access import rules

    assert rules._line_of_fault(PERMIT + FORBID) == 0


def _enum(name):
    found = re.search(rf"entity {name} enum \[(.*?)\]", read_text("schema.cedarschema"), re.DOTALL)
    return set(re.findall(r'"(\w+)"', found[1]))


def test_schema_and_code_know_the_same_words():
    from kalkan.v1 import model_pb2 as model

    assert _enum("Role") == ROLES
    assert _enum("Waiver") == WAIVERS

    def names(enum, prefix):
        return {name.removeprefix(prefix).lower() for name in enum.keys()}  # noqa: SIM118 - no dict

    assert _enum("Purpose") | {"unspecified"} == names(model.Purpose, "PURPOSE_")
    assert _enum("Granularity") | {"unspecified"} == names(model.Granularity, "GRANULARITY_")
    assert _enum("PersonCategory") == names(model.PersonCategory, "PERSON_CATEGORY_")
    assert _enum("Aim") == names(model.Aim, "AIM_")
    assert _enum("Probe") == {field.name for field in model.Probe.DESCRIPTOR.fields}


def test_read_schema_parses_once():
    assert read_schema() is read_schema()
