"""The engine that applies spelling rules."""

import pytest

from seeds.names.respell import compile_rules, fold, follow_case, respell

RULES = compile_rules("^a→Ы (?<=[V])b→в sh→ш s→с h→х", "a→а b→б")


@pytest.mark.parametrize(
    ("latin", "expected"),
    [("sha", "ша"), ("sah", "сах"), ("bab", "бав"), ("ab", "Ыв"), ("zaza", "аа"), ("zz", "")],
)
def test_respell_tries_the_rules_in_their_order(latin, expected):
    assert respell(latin, RULES) == expected


def test_respell_keeps_blanks_hyphens_and_capitals():
    assert respell("  Sha-SAH \t ba ", RULES) == "Ша-САХ ба"


def test_respell_leaves_no_hole_where_a_word_vanishes():
    assert respell("sa 77 sa", RULES) == "са са"


def test_compile_rules_lets_the_earlier_table_win():
    assert respell("a", compile_rules("a→1", "a→2")) == "1"


def test_compile_rules_refuses_an_entry_without_an_arrow():
    with pytest.raises(ValueError, match="entry"):
        compile_rules("a→b c=d")


def test_compile_rules_refuses_a_group_in_a_pattern():
    with pytest.raises(ValueError, match="group"):
        compile_rules("(a)b→x")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Işık", "ışık"),
        ("İlker", "ilker"),
        ("Ilham", "ilham"),
        ("O‘tkir", "o'tkir"),
        ("Oʻtkir", "o'tkir"),
        ("René", "rene"),
        ("Əli", "əli"),
        ("Bâki", "baki"),
    ],
)
def test_fold_lowers_and_keeps_only_known_letters(word, expected):
    assert fold(word) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [("ab", "xy", "xy"), ("Ab", "xy", "Xy"), ("AB", "xyz", "XYZ"), ("A", "xy", "Xy")],
)
def test_follow_case_copies_none_first_or_all(source, target, expected):
    assert follow_case(source, target) == expected


def test_follow_case_dots_the_capital_i_when_told():
    assert follow_case("Ilham", "ilham", dotted_i=True) == "İlham"
    assert follow_case("IL", "il", dotted_i=True) == "İL"
    assert follow_case("Işık", "ışık", dotted_i=True) == "Işık"
