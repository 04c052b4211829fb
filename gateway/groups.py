"""What holds for hits that are one subject: the rule of the hub that every client can check.

Which hits are one subject is the hub's judgement; what follows from them is not. The hub writes a
group by this rule, and a client computes the same from the verified hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.errors import UntrustedError
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


def strictest(handlings: Iterable[model.Handling]) -> model.Handling:
    """The handling codes that hold for all: nothing is weakened, nothing is dropped."""
    tlp, confirm_first = model.TLP_UNSPECIFIED, False
    europol: set[model.EuropolCode.ValueType] = set()
    for handling in handlings:
        tlp = max(tlp, handling.tlp)
        confirm_first = confirm_first or handling.confirm_first
        europol.update(handling.europol)
    return model.Handling(tlp=tlp, confirm_first=confirm_first, europol=sorted(europol))


def describe(hits: Sequence[model.Hit]) -> wire.Group:
    """What holds for a group of one or more hits of one probe: score, handling codes, warnings.

    The strictest codes of all records and fields hold, and every warning.
    """
    return wire.Group(
        score=max(hit.score for hit in hits),
        probe_index=hits[0].probe_index,
        handling=strictest(_handlings(hits)),
        warnings=sorted({warning for hit in hits for warning in hit.record.warnings}),
    )


def rank(group: wire.Group) -> tuple[int, bool, float, str, int]:
    """The place of a group among others: by probe, those with warnings first, then by score."""
    first = group.hits[0]
    return (group.probe_index, not group.warnings, -group.score, first.bank, first.hit)


def require_groups(groups: Sequence[wire.Group], hits: Mapping[str, Sequence[model.Hit]]) -> None:
    """Check groups against the verified hits of each bank.

    Raises:
        UntrustedError: A hit is in no group or in two, or something of a group, or the order of
            the groups, is not what follows from the hits.
    """
    refs = sorted((g.probe_index, ref.bank, ref.hit) for g in groups for ref in g.hits)
    if refs != refs_of(hits) or not all(group.hits for group in groups):
        raise UntrustedError("the groups do not hold each hit once")
    for group in groups:
        found = [hits[ref.bank][ref.hit] for ref in group.hits]
        own = describe(found)
        if found[0].score != own.score:
            raise UntrustedError("the hub changed the order of a group")
        if group.handling != own.handling:
            raise UntrustedError("the hub changed the handling codes of a group")
        if group.warnings != own.warnings:
            raise UntrustedError("the hub changed the warnings of a group")
        if group.score != own.score:
            raise UntrustedError("the hub changed the score of a group")
    if sorted(groups, key=rank) != list(groups):
        raise UntrustedError("the hub changed the order of the groups")


def refs_of(hits: Mapping[str, Sequence[model.Hit]]) -> list[tuple[int, str, int]]:
    """All hits, sorted: the probe that each answers, its bank, its number."""
    return sorted(
        (hit.probe_index, bank, number)
        for bank, found in hits.items()
        for number, hit in enumerate(found)
    )


def _handlings(hits: Iterable[model.Hit]) -> Iterator[model.Handling]:
    for hit in hits:
        yield hit.record.handling
        for field in hit.record.fields:
            yield field.handling
