from __future__ import annotations

from itertools import product

from gateway.access.domain import (
    EUROPOL,
    KINDS,
    TLPS,
    Space,
    compare_asking,
    compare_releases,
    compare_searches,
)
from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES, likely_question
from gateway.access.policy import Policy, Texts

SPACE = Space("KAZ", ("KAZ", "UZB", "TUR", "GEO"), ("KAZ/persons", "KAZ/cars", "TUR/persons"))
OPEN = '@id("kaz.open")\npermit (principal, action, resource);\n'


def build(search=OPEN, release=None, asking=None) -> Policy:
    return Policy.build(Texts(search, release, asking), "kaz")


def forbid(kind, condition, scope="resource"):
    return (
        f'@id("kaz.{kind}")\n@text("x")\nforbid (principal, action, {scope}) '
        f"when {{ {condition} }};\n"
    )


def test_a_policy_changes_nothing_of_itself():
    for compare in (compare_searches, compare_releases, compare_asking):
        assert compare(build(), build(), SPACE).changes == ()


def test_what_a_new_text_changes_is_told_with_its_count():
    new = build(OPEN + forbid("uzb", 'principal.member == "UZB"'))
    compared = compare_searches(build(), new, SPACE)
    probes = len(PROBES) + 1
    assert compared.count == 4 * len(PURPOSES) * len(ROLES) * 2 * probes
    (change,) = compared.changes
    assert (change.before, change.after) == ("record", "refused: kaz.uzb")
    assert change.where == {"member": ("UZB",)}
    assert change.count == compared.count / 4


def test_classes_tell_what_every_single_combination_tells():
    """The short way gives the same number as deciding each combination by itself."""
    old = build()
    new = build(
        OPEN
        + forbid("a", 'resource.name == "KAZ/cars" && principal.member != "GEO"')
        + forbid("b", "principal.member == resource.owner")
        + forbid("c", 'principal.roles.contains(Kalkan::Role::"analyst")')
    )
    differ = 0
    for member, purpose, role, bank, probe in product(
        SPACE.members, PURPOSES, ROLES, SPACE.banks[:2], PROBES
    ):
        asked = likely_question(
            member, bank=bank, purpose=purpose, probe=probe, roles=frozenset({role})
        )
        told = [dict(policy.explain(asked))["kaz"].permitted for policy in (old, new)]
        differ += told[0] != told[1]
    compared = compare_searches(old, new, SPACE)
    found = sum(c.count for c in compared.changes)
    single = len(PROBES) + 1
    assert found * len(PROBES) == differ * single


def test_a_pattern_tells_every_value_apart():
    new = build(OPEN + forbid("t", 'principal.member like "T*"'))
    (change,) = compare_searches(build(), new, SPACE).changes
    assert change.where["member"] == ("TUR",)


def test_records_are_compared_by_kind_and_code():
    all_ = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
    red = forbid("release.red", 'resource.tlp == Kalkan::Tlp::"red"', "resource is Kalkan::Record")
    compared = compare_releases(build(release=all_), build(release=all_ + red), SPACE)
    (change,) = compared.changes
    assert (change.before, change.after) == ("released", "withheld")
    assert change.where == {"tlp": ("red",)}
    assert change.count * len(TLPS) == compared.count
    questions = 4 * len(PURPOSES) * len(ROLES) * 2 * len(PROBES)
    assert compared.count == questions * len(KINDS) * len(TLPS) * len(EUROPOL) * 4


def test_masks_and_ages_are_told():
    old = '@id("kaz.release.old")\n@fields("name:masked")\npermit (principal, action, resource);\n'
    aged = forbid(
        "release.age",
        "resource has age_years && resource.age_years >= 5",
        "resource is Kalkan::Record",
    )
    compared = compare_releases(build(release=old), build(release=old + aged), SPACE)
    (change,) = compared.changes
    assert change.before == "released name:masked"
    assert change.where["age_years"] == ("5", "6")


def test_asking_is_about_all_banks_and_the_own_officers():
    all_ = '@id("kaz.asking.all")\npermit (principal, action, resource);\n'
    abroad = forbid("asking.abroad", "principal.member != resource.owner")
    (change,) = compare_asking(build(), build(asking=all_ + abroad), SPACE).changes
    assert (change.before, change.after) == ("permitted", "refused: kaz.asking.abroad")
    assert change.where["bank"] == ("TUR/persons",)
    assert "member" not in change.where


UNIT = 'principal.unit == "Border post"'
SMALL = Space("KAZ", ("KAZ",), ("KAZ/persons",))


def test_what_is_said_of_a_unit_is_told():
    new = build(OPEN + "// the unit\n" + forbid("post", UNIT))
    compared = compare_searches(build(), new, SMALL)
    (change,) = compared.changes
    assert change.where == {"unit": ("Border post",)}
    assert compared.count == change.count * 3, "of that unit, of another, of none"
    everybody_else = build(OPEN + forbid("post", UNIT.replace("==", "!=")))
    (change,) = compare_searches(build(), everybody_else, SMALL).changes
    assert change.where == {"unit": ("none", "another unit")}


def test_units_of_a_set_and_of_a_pattern_are_tried():
    listed = '["Border post", "Customs"].contains(principal.unit)'
    (change,) = compare_searches(build(), build(OPEN + forbid("posts", listed)), SMALL).changes
    assert change.where == {"unit": ("Border post", "Customs")}
    (change,) = compare_searches(
        build(), build(OPEN + forbid("posts", 'principal.unit like "Border*"')), SMALL
    ).changes
    assert change.where["unit"] == ("Border",)


def test_units_are_told_of_records_and_of_what_officers_may_ask():
    asking = OPEN.replace("kaz.open", "kaz.asking.open")
    closed = asking + forbid("asking.post", UNIT)
    (change,) = compare_asking(build(asking=asking), build(asking=closed), SMALL).changes
    assert change.where["unit"] == ("Border post",)
    release = OPEN.replace("kaz.open", "kaz.release.open")
    closed = release + forbid("release.post", UNIT)
    (change,) = compare_releases(build(release=release), build(release=closed), SMALL).changes
    assert (change.after, change.where) == ("withheld", {"unit": ("Border post",)})


def test_unit_that_only_people_read_of_is_none():
    told = OPEN + '@id("kaz.x")\n@text("Not for a unit // at sea.")\n'
    told += "forbid (principal, action, resource) when { context.has_case == false };\n"
    assert compare_searches(build(), build(told), SMALL).count == (
        compare_searches(build(), build(), SMALL).count
    )
