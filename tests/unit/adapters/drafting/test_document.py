"""The bytes of an OpenAPI document become plain values, in JSON and in YAML, or a clear refusal."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.drafting.document import LIMIT, read_document, read_file
from adapters.drafting.shape import DraftError
from tests.kit.staff import describe

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def read(text):
    return read_document(text.encode(), "api.yaml")


def test_document_is_the_same_in_json_and_yaml():
    document = describe("page")
    for text in (json.dumps(document), yaml.safe_dump(document), json.dumps(document) + "\n# JSON"):
        assert read(text) == document


@given(st.dictionaries(st.text(max_size=8), PLAIN, max_size=4))
@example({"\x85": "\u2028", "<<": "a", "": [1, None, "1", "null", True]})
def test_what_another_writes_in_yaml_is_read_as_it_was(document):
    text = yaml.safe_dump(document, allow_unicode=True, default_style='"')
    assert read_document(text.encode(), "a") == document


def test_plain_words_are_what_json_would_say():
    told = read(
        "openapi: 3.1.0\nversion: 3.0\nlow: -5\nreal: 1.5e3\nyes: true\nno: False\nnothing:\n"
        "tilde: ~\nborn: 1985-03-14\nat: 2001-12-14T21:59:43Z\ncountries: [NO, 'true', SE, on]\n"
        "code: 007\ngrouped: 1_000\nclock: 12:30:45\nhex: 0x1F\nmerged: =\n"
        "responses: {200: {description: good}, default: x}\n"
    )
    assert told == {
        "openapi": "3.1.0", "version": 3.0, "low": -5, "real": 1500.0, "yes": True, "no": False,
        "nothing": None, "tilde": None, "born": "1985-03-14", "at": "2001-12-14T21:59:43Z",
        "countries": ["NO", "true", "SE", "on"], "code": "007", "grouped": "1_000",
        "clock": "12:30:45", "hex": "0x1F", "merged": "=",
        "responses": {"200": {"description": "good"}, "default": "x"},
    }  # fmt: skip


def test_numbers_of_any_length_are_read():
    told = read(f"a: {'9' * 5000}\nb: 1e999\nc: 1.\n")
    assert told == {"a": "9" * 5000, "b": "1e999", "c": 1.0}


def test_anchors_and_merges_are_followed():
    told = read(
        "base: &base {type: string, nullable: true}\nmore: &more {type: integer, minimum: 1}\n"
        "one: *base\ntwo: {<<: *base, type: number}\nthree:\n  maximum: 9\n  <<: [*base, *more]\n"
    )
    assert told["one"] == {"type": "string", "nullable": True}
    assert told["two"] == {"type": "number", "nullable": True}
    assert told["three"] == {"maximum": 9, "type": "string", "nullable": True, "minimum": 1}
    assert read('"<<": {a: 1}\n') == {"<<": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("a: 1\n b: 2\n", "2:3", "mapping values are not allowed"),
        ("paths:\n\t- x\n", "2:1", "cannot start any token"),
        ("a: [1, 2\nb: 3\n", "2:2", "expected ',' or ']'"),
        ('{"a": 1,\n "b": 2 "c": 3}', "2:12", "expected ',' or '}'"),
        ("a: 'x\n", "2:1", "end of stream"),
        ("é: ä\nb: \x07\n", "2:4", "control characters"),
        ("a: {b: 1}\nc:\n  get: 1\n  put: 2\n  'get': 3\n", "5:3", "'get' is there twice"),
        ("a: !!timestamp 2001-12-14\n", "1:4", "tag"),
        ("a: !!python/object/apply:os.system [ls]\n", "1:4", "tag"),
        ("a: !secret x\n", "1:4", "tag"),
        ("!!set {a, b}\n", "1:1", "tag"),
        ("!!int 1: 2\n", "1:1", "key"),
        ("a: *there\n", "1:4", "'there' is not above"),
        ("a: &a [1, *a]\n", "1:11", "inside itself"),
        ("a: &a {b: *a}\n", "1:11", "inside itself"),
        ("? [a, b]\n: 1\n", "1:3", "key"),
        ("a: &a x\n*a : 1\n", "2:1", "key"),
        ("a: {<<: 1}\n", "1:5", "<<"),
        ("a: {<<: [{b: 1}, c]}\n", "1:5", "<<"),
        ("a: 1\n---\nb: 2\n", "2:1", "one document"),
    ],
)
def test_wrong_document_is_refused_with_line_and_column(text, place, why):
    with pytest.raises(DraftError) as refused:
        read(text)
    assert str(refused.value).startswith(f"api.yaml:{place}: ")
    assert why in str(refused.value)


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "[]", "text", "- a", "<html></html>", "7"])
def test_what_is_no_object_is_no_document(text):
    with pytest.raises(DraftError, match="no OpenAPI document in JSON or YAML"):
        read(text)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(DraftError, match=r"api\.yaml:2: is not UTF-8"):
        read_document(b"a: 1\nb: \xff\xfe\n", "api.yaml")


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_forms_of_unicode_are_read(code):
    assert read_document("openapi: 3.1.0\nx: ә".encode(code), "a") == {"openapi": "3.1.0", "x": "ә"}


@pytest.mark.parametrize("made", [*"[{", "- ", "a: &x"])
def test_deep_document_is_refused(made):
    text = {"- ": "- " * 100_000, "a: &x": "".join(f"{' ' * n}a:\n" for n in range(1000))}
    with pytest.raises(DraftError, match=r"levels|nesting"):
        read(text.get(made, made * 100_000))


@pytest.mark.parametrize("way", ["[{}]", "{{a: {}}}", "{{<<: [{}]}}"])
def test_aliases_that_multiply_are_refused(way):
    lines = ["l0: &l0 {a: 1, b: 2}"]
    for level in range(1, 12):
        refers = ", ".join([f"*l{level - 1}"] * 10)
        inner = way.format(refers) if way != "{{a: {}}}" else f"{{a: [{refers}]}}"
        lines.append(f"l{level}: &l{level} {inner}")
    with pytest.raises(DraftError, match=r"api.yaml:\d+:\d+: more than \d+ values"):
        read("\n".join(lines))


def test_too_large_a_document_is_refused_before_it_is_parsed(tmp_path):
    text = b"[" * (LIMIT + 1)
    with pytest.raises(DraftError, match=f"more than {LIMIT} bytes"):
        read_document(text, "a.yaml")
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(50 << 30)  # takes no room on the disk, and would in memory
    with pytest.raises(DraftError, match=f"more than {LIMIT} bytes"):
        read_file(str(tmp_path / "a.yaml"))


def test_file_is_read_and_named_in_its_faults(tmp_path):
    path = tmp_path / "api.yml"
    path.write_text("openapi: 3.1.0\n")
    assert read_file(str(path)) == {"openapi": "3.1.0"}
    path.write_text("a: b: c\n")
    with pytest.raises(DraftError, match=r"api\.yml:1:5: "):
        read_file(str(path))
    with pytest.raises(DraftError, match="cannot be read"):
        read_file(str(tmp_path))
