"""What is fed to adapters."""

from hypothesis import find

from adapters.conformance.corpus import ABSENT, HOSTILE, MARKER, SAMPLES, make_texts
from adapters.contract import ProbeKind


def test_each_text_is_there_once():
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert not {ABSENT, MARKER} & set(HOSTILE)


def test_there_is_a_probe_for_every_kind():
    assert {probe.kind for _, probe in SAMPLES} == set(ProbeKind) - {ProbeKind.BIOMETRIC}


def test_texts_may_hold_half_a_surrogate_pair():
    assert find(make_texts(), lambda text: any("\ud800" <= each <= "\udfff" for each in text))
