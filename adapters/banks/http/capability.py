"""Say what a mapping makes of a service, so that nothing else is asked of it."""

from __future__ import annotations

from adapters.contract import Capability, ProbeKind
from adapters.mapping.lookups import find_probes, list_kinds
from adapters.mapping.model import Mapping

__all__ = ["describe_service"]

_NAMED = frozenset({ProbeKind.PERSON, ProbeKind.ORGANISATION})


def describe_service(mapping: Mapping) -> Capability:
    """Describe a bank of kind http.

    Names can be asked for wherever they are mapped, for the list feeds the node's in-country
    index; everything else where a search is declared.
    """
    declared = {search.probe for search in mapping.http.searches} if mapping.http else set()
    return Capability(
        probes=find_probes(mapping) & _NAMED | declared,
        kinds=list_kinds(mapping),
        fields=frozenset(field.name for field in mapping.fields),
        scripts=mapping.bank.scripts,
        engine="http json",
        strict=mapping.strict,
    )
