"""Who reads a ledger: identified by certificate and token, held to a role, given a scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gateway.access.certificates import CLIENT, require_current, require_role
from gateway.access.claims import SKEW_S
from gateway.access.errors import TokenExpiredError, TokenInvalidError
from gateway.access.federation import Federation
from gateway.access.jwks import KeySets
from gateway.access.tokens import Requester, TokenVerifier, require_certificate
from gateway.clock import Clock
from gateway.errors import PolicyRefusedError
from gateway.identity import requester_facts
from gateway.ledger.filter import Scope
from gateway.serving import Call

AUDITOR: Final = frozenset({"auditor"})
KEEPER: Final = frozenset({"auditor", "custodian"})
_BEARER: Final = "Bearer "


def token_of(call: Call) -> str:
    """The token in the call's metadata.

    Raises:
        TokenInvalidError: There is none.
    """
    for key, value in call.context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str) and value.startswith(_BEARER):
            return value.removeprefix(_BEARER)
    raise TokenInvalidError("the metadata carry no bearer token", field="authorization")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read, and what."""

    member: str
    scope: Scope
    requester: Requester


@dataclass(frozen=True, slots=True)
class Standing:
    """How a server knows that a member still stands by its requesters.

    Attributes:
        require: Raises TokenRevokedError, or what else the server says of a requester.
        published: The token keys that members publish.
    """

    require: Callable[[Requester], None]
    published: KeySets | None = None


def _ignore(requester: Requester) -> None:
    """Nobody is revoked where nobody can be."""


class Readers:
    """Lets in those who may read one ledger.

    Args:
        federation: Its members and their token keys; whose auditors oversee all.
        clock: Tells the time.
        owner: The member whose ledger this is; "" for the hub's.
        standing: Tells who has been revoked.
    """

    def __init__(
        self,
        federation: Federation,
        clock: Clock,
        owner: str = "",
        standing: Standing | None = None,
    ) -> None:
        self._federation = federation
        self._clock = clock
        self._owner = owner
        self._require_standing = standing.require if standing is not None else _ignore
        published = standing.published if standing is not None else None
        self._verifier = TokenVerifier(federation, clock, published=published)

    def identify(self, call: Call, roles: frozenset[str]) -> Reader:
        """Find out who reads.

        Raises:
            AccessError: The certificate or the token does not hold.
            PolicyRefusedError: The requester has none of the roles, or this is not its ledger.
        """
        requester = self._identify(call)
        self._require_permitted(requester, roles)
        whole = bool(self._owner) or requester.member in self._federation.hub.oversight
        return Reader(requester.member, Scope(requester.member, whole), requester)

    def _identify(self, call: Call) -> Requester:
        require_current(call.peer, self._clock)
        require_role(call.peer, CLIENT, federation_id=self._federation.id)
        requester = self._verifier.verify(token_of(call))
        call.facts.update(requester_facts(requester))
        require_certificate(requester, call.peer.der)
        self._require_standing(requester)
        return requester

    def identify_member(self, call: Call) -> None:
        """Find out that a requester of any member calls, whatever its role.

        Raises:
            AccessError: The certificate or the token does not hold.
        """
        self._identify(call)

    def require_standing(self, reader: Reader) -> None:
        """Check between two parts of a long answer that the reader may still have it.

        Raises:
            TokenExpiredError: Its token has ended meanwhile.
            TokenRevokedError: Its member has revoked it meanwhile.
        """
        if self._clock.now() > reader.requester.expires + timedelta(seconds=SKEW_S):
            raise TokenExpiredError("the token has expired")
        self._require_standing(reader.requester)

    def _require_permitted(self, requester: Requester, roles: frozenset[str]) -> None:
        if not roles & requester.roles:
            raise PolicyRefusedError("the ledger is for auditors", rule="ledger.auditor")
        if self._owner not in {"", requester.member}:
            raise PolicyRefusedError(
                "a node's ledger is for its own member", rule="ledger.own_member"
            )
