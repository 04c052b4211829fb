import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.toml import line_of, line_of_fault, write_toml

TEXT = """\
id = "a"

[hub]
name = "h"   # a comment
"quoted key" = 1

[[members]]
code = "KAZ"

[members.contact]
office = "o"

[[members.keys]]
kid = "1"
[[members.keys]]
kid = "2"

[[members]] # another
code = "TUR"
contact.office = "p"
[[members.keys]]
kid = "3"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("id",), 1),
        (("hub",), 3),
        (("hub", "name"), 4),
        (("hub", "quoted key"), 5),
        (("hub", "missing"), 3),
        (("members", 0, "code"), 8),
        (("members", 0, "contact", "office"), 11),
        (("members", 0, "contact", "phone"), 10),
        (("members", 0, "keys", 1, "kid"), 16),
        (("members", 1), 18),
        (("members", 1, "code"), 19),
        (("members", 1, "contact", "office"), 20),
        (("members", 1, "keys", 0, "kid"), 22),
        (("members", 2, "code"), 0),
        (("nothing",), 0),
        ((), 0),
    ],
)
def test_line_of_finds_the_closest_line(place, line):
    assert line_of(TEXT, place) == line


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_scalars = _texts | st.integers(-(2**60), 2**60) | st.lists(_texts, max_size=3)
_tables = st.recursive(
    st.dictionaries(_texts, _scalars, max_size=3),
    lambda inner: st.dictionaries(
        _texts, inner | st.lists(inner, min_size=1, max_size=3) | _scalars, max_size=3
    ),
    max_leaves=8,
)


@given(_tables)
def test_write_toml_is_read_back_by_tomllib(table):
    assert tomllib.loads(write_toml(table)) == table


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = = 2\n", 2), ('a = 1\nb = "', 2)])
def test_line_at_which_a_text_is_no_toml(text, line):
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert line_of_fault(caught.value, text) == line
