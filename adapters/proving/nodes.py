"""What can be proved of another node as a bank: that it takes us, and has the bank.

It answers an officer's signed question alone, and a check has no officer. So no record is read,
and whether it signs with the pinned keys only its first answer shows.
"""

from __future__ import annotations

from typing import Final

from adapters.contract import MappingError
from adapters.proving.report import Part
from adapters.proving.subject import Subject

__all__ = ["check_node"]

_UNSEEN: Final = (
    "records, and whether its answers are signed with a pinned key, are not seen here: it answers "
    "an officer's signed question alone. Search it once through its node before you rely on it"
)


async def check_node(subject: Subject) -> Part:
    """Ask the node what it is, over TLS in both directions, and tell what it says.

    Raises:
        MappingError: The bank is of another kind.
        AdapterError: It cannot be asked now.
    """
    from adapters.banks.node.adapter import NodeAdapter  # gRPC is for those who need it

    adapter = subject.adapter
    if not isinstance(adapter, NodeAdapter):
        raise MappingError(f"{subject.tell(('bank', 'kind'))}: is not a node")
    told, bank = await adapter.describe()
    capability = adapter.capability
    part = Part("node")
    for what, value in (
        ("member", told.member),
        ("software", told.software),
        ("bank", bank.bank),
        ("title", bank.title),
        ("probes", ", ".join(sorted(capability.probes))),
        ("kinds", ", ".join(sorted(capability.kinds))),
        ("fields", ", ".join(sorted(capability.fields))),
        ("scripts", ", ".join(capability.scripts)),
    ):
        part.rows.append({"what": what, "told": value})
    if not bank.available:
        part.warn("the node says that its bank cannot be reached now")
    if not capability.probes:
        part.error("the node says that its bank can be searched for nothing")
    part.warn(_UNSEEN)
    return part
