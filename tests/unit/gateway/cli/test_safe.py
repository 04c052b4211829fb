"""Text of banks is harmless on a terminal, and JSON says the same as before."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.safe import show, write_json

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
OURS = {"\u2068", "\u2069", "\u200c", "\u200d"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rustam", "Rustam"),
        ("\x1b[2J\x1b[1;1Hforged", "<U+001B>[2J<U+001B>[1;1Hforged"),
        ("one\ntwo\ttabs\r", "one<U+000A>two<U+0009>tabs<U+000D>"),
        ("\x9b31m", "<U+009B>31m"),
        ("txt.\u202egpj", "txt.<U+202E>gpj"),
        ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("line\u2028break", "line<U+2028>break"),
        ("private\ue000", "private<U+E000>"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("می\u200cخواهم", "\u2068می\u200cخواهم\u2069"),
        ("קהלת", "\u2068קהלת\u2069"),
        ("क\u200dष", "क\u200dष"),
    ],
)
def test_show_makes_text_harmless(text, shown):
    assert show(text) == shown


def test_show_adds_no_isolate_when_none_is_wanted():
    assert show("قهار", isolate=False) == "قهار"


@given(st.text())
def test_show_leaves_no_hidden_character_but_its_own(text):
    shown = show(text)
    left = {c for c in shown if unicodedata.category(c) in HIDDEN}
    assert left <= OURS
    assert shown.count("\u2068") == shown.count("\u2069") <= 1


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_show_keeps_what_is_printable(text):
    assert show(text, isolate=False) == text


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_json_parses_to_the_same_and_is_harmless(value):
    line = write_json(value)
    assert json.loads(line) == value
    assert not {c for c in line if unicodedata.category(c) in HIDDEN}
    assert "\n" not in line
