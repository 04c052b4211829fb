import tomllib

from hypothesis import given
from hypothesis import strategies as st

from adapters.mapping.locate import Origin, index_lines

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
[codes."two words"]
"1" = "male"
'''


def test_index_knows_each_header_and_key():
    lines = index_lines(TEXT)
    assert lines[("version",)] == 2
    assert lines[("bank", "list")] == 5
    assert lines[("bank", "long")] == 9
    assert lines[("field", 0)] == 13
    assert lines[("field", 0, "kind", "column")] == 16
    assert lines[("field", 1, "quoted key")] == 18
    assert lines[("field", 1, "a", "b c", "d")] == 19
    assert lines[("codes", "two words", "1")] == 21


def test_index_is_not_misled_by_strings_and_arrays():
    assert not {("key",), ("table",), ("bank", "key"), ("x",)} & set(index_lines(TEXT))


def test_line_of_unknown_key_is_that_of_its_block():
    origin = Origin("b.toml", index_lines(TEXT))
    assert origin.line(("field", 1, "missing", "deeper")) == 17
    assert origin.line(("nowhere",)) == 1
    assert origin.tell(("field", 1, "missing")) == "b.toml:17: field.2.missing"


KEYS = st.text("abcdefghij", min_size=1, max_size=5)
VALUES = st.one_of(
    st.integers(0, 9).map(str),
    st.sampled_from(['"[x] = 1"', "'# no'", '["a", "]"]', '"""\nz = 1\n"""', "{ y = 1 }"]),
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_index_holds_exactly_the_keys_that_toml_reads(table):
    text = "".join(f"{key} = {value} # {key} = 2\n" for key, value in table.items())
    lines = index_lines(text)
    assert {place[0] for place in lines} == set(tomllib.loads(text))
    for place, line in lines.items():
        assert text.splitlines()[line - 1].startswith(f"{place[0]} = ")


@given(st.text(max_size=200))
def test_index_reads_any_text(text):
    index_lines(text)
