"""What repeats in a document is found with the paths to its values."""

import pytest

from adapters.contract import BankFaultError
from adapters.drafting.branches import find_twigs, read_objects
from adapters.drafting.shape import DraftError

PEOPLE = """<x:list xmlns:x="urn:x"><made>today</made><people>
<p id="1"><name><first>A</first></name><phone>1</phone><phone>2</phone><paper no="N1"/></p>
<p id="2"><name><first>B</first></name><note/><paper no="N2"/><paper no="N3"/></p></people>
<firms><f><title>C</title></f><f><title>D</title></f></firms></x:list>"""


def write(tmp_path, text):
    path = tmp_path / "people.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_repeated_elements_are_tables_and_what_repeats_in_them_is_inside(tmp_path):
    firms, people = find_twigs(write(tmp_path, PEOPLE))
    assert (firms.rows, firms.paths) == (("firms", "f"), ("title",))
    assert people.rows == ("people", "p")
    assert people.paths == ("@id", "name/first", "note")
    assert people.inner == {"phone": (".",), "paper": ("@no",)}


def test_text_beside_attributes_is_a_value_and_blanks_are_none(tmp_path):
    one = '<p id="1"><name lang="tg">A</name><box kind="x"> <n>1</n></box><at day="1"/>{}</p>'
    tels = '<tel kind="m">1</tel><tel kind="h">2</tel>'
    (people,) = find_twigs(write(tmp_path, f"<a>{one.format(tels)}{one.format('')}</a>"))
    assert people.paths == ("@id", "name", "name/@lang", "box/@kind", "box/n", "at/@day")
    assert people.inner == {"tel": (".", "@kind")}


@pytest.mark.parametrize("text", ["no xml", "<a><b/></a>", "<a><b>1</b>", ""])
def test_document_in_which_nothing_repeats_is_refused(tmp_path, text):
    with pytest.raises(DraftError, match=r"people\.xml"):
        find_twigs(write(tmp_path, text))


@pytest.mark.parametrize("end", ['<b c="2"/>', ""])
def test_document_with_entities_of_its_own_is_refused(tmp_path, end):
    bomb = f'<!DOCTYPE a [<!ENTITY e "x">]><a><b c="1">&e;</b>{end}</a>'
    with pytest.raises(BankFaultError, match="entities"):
        find_twigs(write(tmp_path, bomb))


def test_lines_are_objects_or_refused(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text('{"a": 1}\n\n{"a": 2}\n')
    assert read_objects(path, "utf-8").values == {"a": ["1", "2"]}
    for text in ("[1]\n", "{\n", ""):
        path.write_text(text)
        with pytest.raises(DraftError, match=r"people\.jsonl"):
            read_objects(path, "utf-8")
