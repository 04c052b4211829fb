"""Handling codes never weaken and never vanish on the way from a record to a client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from google.protobuf.json_format import ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import (
    Document,
    EuropolCode,
    Field,
    FieldName,
    Handling,
    PartialDate,
    PersonName,
    PersonProbe,
    Record,
    RecordKind,
    Tlp,
)
from gateway.access.likely import likely_question
from gateway.access.policy import Policy, Texts
from gateway.cli.shapes import shape_message
from gateway.cli.words import tell_handling
from gateway.hub.merge import merge
from gateway.node.bank import Bank, Titles
from gateway.node.convert import EUROPOL, FIELDS, TLPS
from gateway.node.release import release
from gateway.node.sieve import Sieve, facts_of
from kalkan.v1 import model_pb2 as model

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OPEN = '@id("kaz.open")\npermit (principal, action, resource);\n'
SHOWN = '@id("kaz.release.all")\n@fields("{}")\npermit (principal, action, resource);\n'
ANNOTATIONS = (
    "*:released",
    "*:masked",
    "name:masked birth_date:masked",
    "document:withheld *:released",
    "remark:withheld birth_date:masked",
)
POLICIES = tuple(Policy.build(Texts(OPEN, SHOWN.format(a)), "kaz") for a in ANNOTATIONS)
ASKED = likely_question(
    "UZB",
    bank="KAZ/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)
PROBE = PersonProbe((PersonName(full="Рустам Каримов"),))
WORKERS = ThreadPoolExecutor(1)

handlings = st.builds(
    Handling,
    tlp=st.sampled_from(Tlp),
    europol=st.lists(st.sampled_from(EuropolCode), unique=True).map(tuple),
    confirm_first=st.booleans(),
)
values = st.sampled_from(
    [
        (FieldName.BIRTH_DATE, PartialDate(1984, 5, 1)),
        (FieldName.DOCUMENT, Document("N10000058", issuer="KAZ")),
        (FieldName.REMARK, "text"),
    ]
)
fields = st.builds(lambda pair, own: Field(*pair, own), values, st.none() | handlings)
records = st.builds(
    lambda own, name, more: Record(
        "R1",
        RecordKind.WANTED,
        (Field(FieldName.NAME, PersonName(full="Рустам Каримов"), name), *more),
        own,
    ),
    handlings,
    st.none() | handlings,
    st.lists(fields, max_size=4),
)


def at_least(wire: model.Handling, own: Handling) -> bool:
    """Whether what is on the wire is no weaker than what the owner said."""
    return (
        wire.tlp >= TLPS[own.tlp]
        and set(wire.europol) >= {EUROPOL[code] for code in own.europol}
        and wire.confirm_first >= own.confirm_first
    )


@given(st.lists(records, min_size=1, max_size=3), st.sampled_from(POLICIES))
@settings(deadline=None, max_examples=80)
def test_labels_hold_from_the_record_to_the_client(found, policy):
    answers = []
    for number, record in enumerate(found):
        bank = Bank(f"KAZ/b{number}", None, Titles("T", "O", "", ""), WORKERS)
        judged = Sieve(policy, ASKED, NOW).judge(PROBE, [record], 200)
        answer = model.Answer(bank=bank.name, granularity=model.GRANULARITY_RECORD)
        release(answer, bank, 0, judged.matches, limit=20)
        answers.append(model.Answer.FromString(answer.SerializeToString()))
    for record, answer in zip(found, answers, strict=True):
        _check_hits(record, answer, policy)
        # As JSON nothing is lost either.
        assert ParseDict(shape_message(answer), model.Answer()) == answer
    _check_groups(answers)


def _check_hits(record, answer, policy):
    for hit in answer.hits:
        assert at_least(hit.record.handling, record.handling)
        shown = policy.release(ASKED, facts_of(record, NOW))
        sources = [f for f in record.fields if shown.treat(f.name.value) != "withheld"]
        assert len(hit.record.fields) == len(sources)
        for field, source in zip(hit.record.fields, sources, strict=True):
            assert field.field == FIELDS[source.name]
            assert at_least(field.handling, source.handling or record.handling)
            assert field.masked == (shown.treat(source.name.value) == "masked")


def _check_groups(answers):
    by_bank = {answer.bank: answer for answer in answers}
    for group in merge(answers):
        for ref in group.hits:
            hit = by_bank[ref.bank].hits[ref.hit]
            for handling in (hit.record.handling, *(f.handling for f in hit.record.fields)):
                assert group.handling.tlp >= handling.tlp
                assert set(group.handling.europol) >= set(handling.europol)
                assert group.handling.confirm_first >= handling.confirm_first


@given(handlings)
def test_command_names_every_label(own):
    wire = model.Handling(tlp=TLPS[own.tlp], confirm_first=own.confirm_first)
    wire.europol.extend(sorted(EUROPOL[code] for code in own.europol))
    told = tell_handling(wire)
    assert own.tlp.value.upper().replace("AMBER_STRICT", "AMBER+STRICT") in told
    assert all(code.value in told for code in own.europol)
    assert ("confirm with the owner" in told) == own.confirm_first
