"""Whom the targets of a question mean: a project, a member or a bank becomes a list of banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from gateway.access.errors import TargetUnknownError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gateway.access.federation import Federation

Target: TypeAlias = tuple[str, str]
"""A kind ("project", "member" or "bank") and a value."""


class TargetMessage(Protocol):
    """What is read of the contract's Target."""

    project: str
    member: str
    bank: str

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802 - protobuf's own name
        """Name the field that is set."""


def resolve_targets(
    federation: Federation,
    targets: Iterable[TargetMessage | Target],
    banks: Mapping[str, Collection[str]],
) -> tuple[str, ...]:
    """Name the banks that a question is for: each once, sorted.

    Args:
        federation: Members and projects.
        targets: The question's targets, as messages or as pairs of kind and value.
        banks: The banks, as MEMBER/bank, that the requester may know, by member.

    Raises:
        TargetUnknownError: A target is not known; it has the index.
    """
    found: set[str] = set()
    for index, target in enumerate(targets):
        kind, value = target if isinstance(target, tuple) else _pair(target)
        members = _members_of(federation, kind, value)
        if members is None:
            raise TargetUnknownError(f"targets[{index}] is not known", index=index)
        known = {bank for member in members for bank in banks.get(member, ())}
        if kind == "bank" and value not in known:
            raise TargetUnknownError(f"targets[{index}] is not known", index=index)
        found |= {value} if kind == "bank" else known
    return tuple(sorted(found))


def _pair(target: TargetMessage) -> Target:
    kind = target.WhichOneof("target") or ""
    return kind, getattr(target, kind, "")


def _members_of(federation: Federation, kind: str, value: str) -> tuple[str, ...] | None:
    if kind == "project":
        project = federation.project(value)
        return project.members if project else None
    code = value.partition("/")[0] if kind == "bank" else value
    if kind not in {"member", "bank"} or federation.member(code) is None:
        return None
    return (code,)
