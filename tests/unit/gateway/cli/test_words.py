"""The wire's words as people say them."""

from __future__ import annotations

import pytest

from gateway.cli import words
from gateway.cli.options import Granularity, ProbeKind, Purpose
from kalkan.v1 import model_pb2 as model


def test_words_of_enumerations_are_plain():
    assert words.word_of("kind", model.RECORD_KIND_SUSPECTED_TERRORIST) == "suspected terrorist"
    assert words.word_of("kind", 0) == ""
    assert words.word_of("warning", 4711) == "unknown (4711)"


def test_options_offer_exactly_the_words_of_the_contract():
    assert words.list_words("purpose") == tuple(Purpose)
    assert words.list_words("granularity") == tuple(Granularity)
    assert set(words.list_words("probe")) == {*ProbeKind, "biometric"}


def test_every_verdict_urgency_and_action_of_the_contract_has_words():
    for verdict in filter(None, model.Verdict.values()):
        reason = model.Reason(field=model.FIELD_NAME_NAME, verdict=verdict)
        assert "unknown" not in words.tell_reason(reason)
    assert all(words.tell_urgency(u) for u in model.Urgency.values() if u)
    assert all(words.tell_action(a) for a in model.Action.values() if a)


def test_a_reason_says_field_verdict_and_detail():
    reason = model.Reason(
        field=model.FIELD_NAME_NAME, verdict=model.VERDICT_TRANSLITERATED, detail="Cyrl to Latn"
    )
    assert words.tell_reason(reason) == "name: the same across scripts (Cyrl to Latn)"


@pytest.mark.parametrize(
    ("handling", "told"),
    [
        (model.Handling(tlp=model.TLP_AMBER_STRICT), "TLP:AMBER+STRICT"),
        (
            model.Handling(tlp=model.TLP_RED, europol=[1, 3], confirm_first=True),
            "TLP:RED H0 H2, confirm with the owner before acting",
        ),
        (model.Handling(), "TLP:NONE"),
    ],
)
def test_handling_codes_are_told(handling, told):
    assert words.tell_handling(handling) == told


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (model.Field(text="Tulpar"), "Tulpar"),
        (model.Field(name=model.PersonName(given="A", patronymic="B", family="C")), "A B C"),
        (
            model.Field(name=model.PersonName(full="A C", kind=model.NAME_KIND_WEAK_ALIAS)),
            "A C (alias)",
        ),
        (model.Field(date=model.PartialDate(year=1985)), "1985"),
        (model.Field(date=model.PartialDate(year=1985, month=3, day=4)), "1985-03-04"),
        (
            model.Field(
                range=model.DateRange(
                    first=model.PartialDate(year=1985), last=model.PartialDate(year=1986, month=2)
                )
            ),
            "1985 to 1986-02",
        ),
        (model.Field(sex=model.SEX_FEMALE), "female"),
        (
            model.Field(document=model.Document(number="N1", kind=1, issuer="KAZ"), masked=True),
            "passport N1 KAZ (masked)",
        ),
        (
            model.Field(identifier=model.Identifier(kind=model.IDENTIFIER_KIND_PHONE, value="7")),
            "phone 7",
        ),
        (model.Field(), ""),
    ],
)
def test_each_type_of_field_is_told(field, told):
    assert words.tell_field(field) == told


def test_a_contact_is_told_without_what_is_missing():
    assert words.tell_contact(model.Contact(office="Duty", email="d@x")) == "Duty, d@x"
