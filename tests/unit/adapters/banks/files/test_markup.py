import pytest

from adapters.banks.files import markup
from adapters.banks.files.markup import Branch, read_markup, split_path
from adapters.contract import BankFaultError, MappingError

LIST = """<?xml version="1.0" encoding="utf-8"?>
<list xmlns="urn:example:list" date="2026">
  <!-- <people><person><id>0</id></person></people> -->
  <people>
    <person no="7"><id>1</id><name><first>Oʻtkir</first><last> Gʻaniyev
        oʻgʻli </last></name><alias q="good">A</alias><alias q="low">B</alias></person>
    <person no="8"><id>2</id><name><last>B</last></name><papers><paper><no>X1</no></paper>
      <paper><no>X2</no></paper></papers></person>
  </people>
  <firms><person><id>3</id></person></firms>
</list>
"""
PERSON = ("people", "person")


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(LIST, encoding="utf-8")
    return path


def read(path, rows, columns, within=None, parent=""):
    branch = Branch(rows, within or rows, parent, tuple((c, c) for c in columns))
    return [tuple(row) for row in read_markup(path, branch).rows]


def test_read_markup_reads_paths_attributes_and_texts(listed):
    rows = read(listed, PERSON, ["id", "@no", "name/first", "name/last", "alias/@q", "missing"])
    assert rows == [
        ("1", "7", "Oʻtkir", "Gʻaniyev oʻgʻli", "good", ""),
        ("2", "8", "", "B", "", ""),
    ]


def test_read_markup_joins_paths_and_takes_the_first_that_has_a_text(listed):
    rows = read(listed, PERSON, ["name/first + name/last", "name/first | name/last"])
    assert rows == [("Oʻtkir Gʻaniyev oʻgʻli", "Oʻtkir"), ("B", "B")]


def test_read_markup_reads_child_rows_with_a_value_of_the_parent(listed):
    aliases = read(listed, (*PERSON, "alias"), [".", "@q"], PERSON, "id")
    assert aliases == [("1", "A", "good"), ("1", "B", "low")]
    papers = read(listed, (*PERSON, "papers", "paper"), ["no", "_parent"], PERSON, "@no")
    assert papers == [("8", "X1", "8"), ("8", "X2", "8")]


def test_read_markup_names_the_line_of_broken_xml(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<list>\n<a>\n</b></list>")
    with pytest.raises(BankFaultError, match="line 3"):
        read(path, ("a",), ["."])


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/hostname">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY b "x">',
    ],
)
def test_read_markup_refuses_declared_entities(tmp_path, declared):
    path = tmp_path / "a.xml"
    path.write_text(f"<!DOCTYPE list [{declared}]><list><a>&b;</a></list>")
    with pytest.raises(BankFaultError):
        read(path, ("a",), ["."])


def test_read_markup_does_not_fetch_a_document_type(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text('<!DOCTYPE list SYSTEM "missing.dtd"><list><a>x</a></list>')
    assert read(path, ("a",), ["."]) == [("x",)]


def test_read_markup_refuses_a_document_that_is_too_deep(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<a>" * 100_000)
    with pytest.raises(BankFaultError):
        read(path, ("a",), ["."])


def test_read_markup_keeps_no_more_than_a_row(tmp_path):
    path = tmp_path / "a.xml"
    item = "<p><id>1</id></p>"
    path.write_text(f"<list><other><x>{item * 50}</x></other><ps>{item * 50}</ps></list>")
    kept = [
        len(element.xpath("preceding::*")) for element in markup.iterate_elements(path, ("ps", "p"))
    ]
    assert len(kept) == 50
    assert max(kept) <= 2


def test_split_path_refuses_what_is_no_path_of_names():
    assert split_path("./A/B-c.d") == ("A", "B-c.d")
    for path in ("", ".", "A[1]", "//*", "A/@b"):
        with pytest.raises(MappingError, match="between slashes"):
            split_path(path)
