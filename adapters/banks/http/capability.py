"""Say what a mapping makes of a service, so that nothing else is asked of it."""

from __future__ import annotations

from adapters.contract import Capability, FieldName, ProbeKind, RecordKind
from adapters.mapping.model import Mapping

__all__ = ["describe_service"]


def describe_service(mapping: Mapping) -> Capability:
    """Describe a bank of kind http.

    A person can be asked for wherever names are mapped: through a declared search, and through
    the node's in-country index, which is fed from the list.
    """
    fields = frozenset(field.name for field in mapping.fields)
    probes = {search.probe for search in mapping.http.searches} if mapping.http else set()
    if FieldName.NAME in fields:
        probes.add(ProbeKind.PERSON)
    return Capability(
        probes=frozenset(probes),
        kinds=_list_kinds(mapping),
        fields=fields,
        scripts=mapping.bank.scripts,
        engine="http json",
    )


def _list_kinds(mapping: Mapping) -> frozenset[RecordKind]:
    source = mapping.kind
    if source.const is not None:
        return frozenset({RecordKind(source.const)})
    if source.codes is not None:
        return frozenset(map(RecordKind, mapping.codes[source.codes].values()))
    return frozenset(RecordKind)
