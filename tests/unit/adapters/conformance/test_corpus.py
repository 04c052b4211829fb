"""What is fed to adapters."""

import unicodedata

from hypothesis import find

from adapters.conformance.corpus import ABSENT, BEGINNINGS, HOSTILE, MARKER, SAMPLES, make_texts
from adapters.contract import ProbeKind


def test_each_text_is_there_once():
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert not {ABSENT, MARKER} & set(HOSTILE)


def test_there_is_a_probe_for_every_kind():
    assert {probe.kind for _, probe in SAMPLES} == set(ProbeKind) - {ProbeKind.BIOMETRIC}


def test_texts_may_hold_half_a_surrogate_pair():
    assert find(make_texts(), lambda text: any("\ud800" <= each <= "\udfff" for each in text))


def test_every_kind_of_character_begins_a_text():
    known = {unicodedata.category(chr(code)) for code in range(0x110000)}
    assert {unicodedata.category(text[0]) for text in BEGINNINGS} == known
