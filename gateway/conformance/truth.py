"""Clauses N24 to N28: what is described is true, any text is data, no part is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date

from adapters.conformance.corpus import HOSTILE
from gateway.conformance.asker import Asker
from gateway.conformance.clause import UntriedError, clause, require
from gateway.conformance.forms import FORMS, Form
from gateway.conformance.running import AT_ONCE
from gateway.errors import GatewayError
from gateway.limits import check_probe
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire


@clause("N24")
async def described_is_searched(asker: Asker) -> None:
    """Searches for each kind of probe that it describes."""
    for kind in _kinds(asker):
        forms = await asker.find_forms(kind)
        require(forms, f"{wire.ProbeKind.Name(kind)} is described and not searched")


def _kinds(asker: Asker) -> list[wire.ProbeKind.ValueType]:
    """The kinds that the bank describes and that have forms here."""
    return [kind for kind in FORMS if kind in asker.probes]


@clause("N25", safety=True)
async def any_text_is_data(asker: Asker) -> None:
    """Takes any text that the contract allows as data: it finds nothing and breaks nothing."""
    forms = [form for kind in _kinds(asker) for form in await asker.find_forms(kind)]
    probes = list(_hostile_probes(forms, asker.subject.clock.now().date()))
    for start in range(0, len(probes), AT_ONCE):
        some = [asker.compose(probe) for probe in probes[start : start + AT_ONCE]]
        for answer in await asyncio.gather(*(asker.ask(query) for query in some)):
            found = answer.state == model.BANK_STATE_ANSWERED
            require(not found, "a text that was made to be more than data found something")
            searched = answer.state in {model.BANK_STATE_NO_HIT, model.BANK_STATE_REFUSED}
            require(searched, f"such a text ended as {model.BankState.Name(answer.state)}")


def _hostile_probes(forms: Sequence[Form], today: date) -> Iterator[model.Probe]:
    """Each text of the corpus of adapters, in each form, where the contract allows it."""
    for form in forms:
        for text in HOSTILE:
            try:
                probe = form(text)
                check_probe("probe", probe, today)
            except (GatewayError, UnicodeError, ValueError):
                continue  # N52 and N54 are about what the contract does not allow
            yield probe


@clause("N26", safety=True)
async def number_is_whole(asker: Asker) -> None:
    """Does not find a document by a number that is a character longer, or another."""
    for document in _documents(asker):
        answer = await asker.ask(asker.compose(model.Probe(document=document)))
        right = {hit.record.reference for hit in answer.hits}
        for number in _slips(document.number):
            other = model.Probe(document=model.DocumentProbe(number=number))
            wrong = await asker.ask(asker.compose(other))
            found = right & {hit.record.reference for hit in wrong.hits}
            require(not found, "a record was found by another number than its own")


@clause("N27")
async def released_is_described(asker: Asker) -> None:
    """Gives no record of a kind, and none with a field, that it does not describe."""
    kinds, fields = asker.described("kinds"), asker.described("fields")
    for hit in await _hits(asker):
        require(hit.record.kind in kinds, "a record is of a kind that is not described")
        told = {field.field for field in hit.record.fields}
        require(told <= fields, "a record has a field that is not described")


@clause("N28", safety=True)
async def record_is_given_once(asker: Asker) -> None:
    """Gives each record once, under the same reference and in the same order when asked again."""
    first, again = [
        [hit.record.reference for hit in await _hits(asker, model.GRANULARITY_REFERENCE)]
        for _ in range(2)
    ]
    require(first == again, "the same question got other references, or another order")


async def _hits(
    asker: Asker, granularity: model.Granularity.ValueType = model.GRANULARITY_RECORD
) -> list[model.Hit]:
    """What is found of all that is in the bank for certain.

    Raises:
        BrokenError: A record is twice in one answer.
        UntriedError: Nothing was told, or nothing is released to this requester.
    """
    hits: list[model.Hit] = []
    for probe in asker.subject.known:
        answer = await asker.ask(asker.compose(probe, granularity=granularity))
        references = [hit.record.reference for hit in answer.hits]
        require(len(set(references)) == len(references), "a record is given twice in one answer")
        hits += answer.hits
    if not hits:
        raise UntriedError("tell what the bank holds and releases: --name or --document")
    return hits


def _documents(asker: Asker) -> list[model.DocumentProbe]:
    """The documents that are in the bank for certain.

    Raises:
        UntriedError: None was told.
    """
    known = [probe.document for probe in asker.subject.known if probe.document.number]
    if not known:
        raise UntriedError("tell a document that the bank holds: --document")
    return known


def _slips(number: str) -> tuple[str, str]:
    """A number that is longer, and one that ends otherwise."""
    last = "7" if number[-1] != "7" else "3"
    return f"{number}0", f"{number[:-1]}{last}"
