import pytest

from adapters.mapping.locate import Inside, Key, Origin, name_place, suggest

TEXT = '''# a comment = 1
version = 1
[bank]
title = "a [b] = c # d"   # x = 1
list = [
  "one", # ]
  { a = 1 },
]
long = """
key = 1
[table]
"""
[[field]]
field = "name"
[field.kind]
column = "x"
[[field]]
'quoted key' = 1
a."b c".d = 2
where = "😀\\tx = 1"
[codes."two words"]
"1" = "male"
'''
ORIGIN = Origin("b.toml", TEXT)


@pytest.mark.parametrize(
    ("place", "point"),
    [
        (("version",), (2, 11)),
        ((Key("version"),), (2, 1)),
        (("bank", "list", 1, "a"), (7, 9)),
        (("bank", "list", 1, Key("a")), (7, 5)),
        (("field", 0, "kind", "column"), (16, 10)),
        (("field", 1, "quoted key"), (18, 16)),
        (("field", 1, "a", "b c", "d"), (19, 13)),
        (("field", 1, "a", "b c", Key("d")), (19, 9)),
        (("codes", "two words", "1"), (22, 7)),
        (("field", 1, "where", Inside(0)), (20, 10)),
        (("field", 1, "where", Inside(2)), (20, 13)),
        ((), (1, 1)),
    ],
)
def test_point_is_the_value_or_the_key_or_inside_a_text(place, point):
    assert ORIGIN.point(place) == point


@pytest.mark.parametrize("last", ["missing", Key("missing"), Inside(3)])
def test_what_is_not_there_is_told_at_its_block(last):
    assert ORIGIN.point(("field", 1, last)) == (17, 1)
    assert ORIGIN.point(("field", 1, "missing", last)) == (17, 1)
    assert ORIGIN.point(("nowhere", last)) == (1, 1)


def test_place_is_written_with_file_line_column_and_key():
    assert ORIGIN.tell(("field", 1, "missing")) == "b.toml:17:1: field.2.missing"
    assert ORIGIN.tell(("field", 1, "where", Inside(2))) == "b.toml:20:13: field.2.where"
    assert ORIGIN.tell(()) == "b.toml:1:1"
    assert Origin().tell(("a", "b")) == "mapping:1:1: a.b"
    assert name_place(("field", 1, Key("x"), Inside(3))) == "field.2.x"


def test_faults_are_told_once_in_the_order_of_the_file():
    codes, version = ("codes", "two words", "1"), ("version",)
    faults = [(codes, "z"), (version, "b"), (codes, "z"), (version, "a")]
    assert ORIGIN.report(faults).splitlines() == [
        "b.toml:2:11: version: a",
        "b.toml:2:11: version: b",
        "b.toml:22:7: codes.two words.1: z",
    ]
    assert ORIGIN.report(faults, 1).splitlines() == ["b.toml:2:11: version: a", "b.toml: 2 more"]


def test_line_ten_comes_after_line_nine():
    origin = Origin("b.toml", "\n" * 8 + "b = 1\na = 1")
    told = origin.report([(("a",), "x"), (("b",), "x")])
    assert told.splitlines() == ["b.toml:9:5: b: x", "b.toml:10:5: a: x"]


def test_near_words_are_suggested():
    assert suggest("nmae", ["name", "kind"]) == "; did you mean name?"
    assert suggest("фио", ["ФИО", "ИИН"]) == "; did you mean ФИО?"
    assert suggest("zzz", ["name"]) == ""
