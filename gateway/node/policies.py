"""A member's policies while its node serves: read at the start, followed when they change.

A new text decides nothing before the ledger says that it is in force. A search keeps the policies
that it began with, so what its answer says of its epoch is true; every search that begins after the
change uses the new ones. A text that does not hold changes nothing: it is logged and recorded with
its file, line and rule, and what was in force stays.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from gateway.access.errors import PolicyFileError
from gateway.access.policy import Policy, Texts
from gateway.ledger.kinds import Kind
from gateway.node.parts import Parts
from gateway.recorder import Recorder
from gateway.settings import NodeSettings

log = logging.getLogger(__name__)

LOADED: Final = "policy_loaded"
SHADOW_LOADED: Final = "policy_shadow_loaded"
REFUSED: Final = "policy_refused"
"""The actions of the entries."""


class Policies:
    """The policy files of one node."""

    def __init__(self, settings: NodeSettings, recorder: Recorder) -> None:
        """Read the files that `settings` name; write what changes by `recorder`."""
        self._settings = settings
        self._recorder = recorder
        self._name = settings.member.lower()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are followed."""
        settings = self._settings
        named = (settings.policy, settings.release, settings.asking, settings.policy_shadow)
        return tuple(settings.at(path) for path in named if path is not None)

    def read(self) -> Policy:
        """Read and check what is to be in force.

        Raises:
            PolicyFileError: A file does not hold or cannot be read.
        """
        settings = self._settings
        texts = Texts(
            search=self._read_text(settings.policy) or "",
            release=self._read_text(settings.release),
            asking=self._read_text(settings.asking),
        )
        return Policy.build(texts, self._name)

    def read_shadow(self) -> Policy | None:
        """Read and check the policy on trial, with the other files as they are.

        Raises:
            PolicyFileError: A file does not hold or cannot be read.
        """
        text = self._read_text(self._settings.policy_shadow)
        if text is None:
            return None
        asking = self._read_text(self._settings.asking)
        return Policy.build(Texts(text, None, asking), self._name)

    async def begin(self, parts: Parts) -> None:
        """Record what is in force from the start.

        Raises:
            PolicyFileError: The policy on trial does not hold.
            LedgerUnavailableError: The ledger cannot write.
        """
        await self._record(parts.policy, LOADED)
        parts.policy_shadow = self.read_shadow()
        if parts.policy_shadow is not None:
            await self._record(parts.policy_shadow, SHADOW_LOADED)

    async def reload(self, parts: Parts) -> None:
        """Take over what has changed, or keep what is in force and say why.

        Raises:
            LedgerUnavailableError: The ledger cannot write: what was in force stays.
        """
        try:
            policy, shadow = self.read(), self.read_shadow()
        except PolicyFileError as exc:
            await self._refuse(exc)
            return
        if policy.epoch != parts.policy.epoch:
            await self._record(policy, LOADED)
            parts.policy = policy
            log.info("policy of epoch %s is in force", policy.epoch)
        if shadow is not None and _epoch_of(shadow) != _epoch_of(parts.policy_shadow):
            await self._record(shadow, SHADOW_LOADED)
        parts.policy_shadow = shadow

    def _read_text(self, path: Path | None) -> str | None:
        if path is None:
            return None
        try:
            return self._settings.at(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            text = f"cannot be read: {type(exc).__name__}"
            raise PolicyFileError(path.name, text) from None

    async def _record(self, policy: Policy, action: str) -> None:
        facts = {
            "policy_epoch": policy.epoch,
            "policy_sha256": policy.sha256,
            "action": action,
        }
        await self._recorder.write(Kind.POLICY, facts)

    async def _refuse(self, error: PolicyFileError) -> None:
        """Say where a text does not hold; what it says itself is for the log alone."""
        log.error("the policy is not taken over: %s", error)
        facts = {
            "action": REFUSED,
            "reason": error.reason,
            "rule": f"{error.name}:{error.line} {error.key}".strip()[:128],
        }
        await self._recorder.write(Kind.ADMIN, facts)


def _epoch_of(policy: Policy | None) -> str:
    return policy.epoch if policy is not None else ""
