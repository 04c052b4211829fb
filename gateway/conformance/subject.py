"""What is known of the node under test, and as whom it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.access.certificates import read_peer, require_role
from gateway.access.errors import AccessError
from gateway.access.federation import Federation, Member
from gateway.access.jwk import PublicKey
from gateway.access.jwks import KeySets
from gateway.access.keys import read_secret
from gateway.access.signatures import SigningKey
from gateway.access.tokens import Requester, TokenVerifier, require_key
from gateway.clock import Clock, SystemClock
from gateway.errors import SettingsError
from gateway.settings import ClientSettings, HubSettings
from kalkan.v1 import model_pb2 as model

__all__ = ["Caller", "Credentials", "Subject", "find_member", "read_caller"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate chain and its private key, in PEM."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        """Keep the key out of logs."""
        return "Credentials(...)"


@dataclass(frozen=True, slots=True)
class Caller:
    """As whom the node is asked: it is reached as the hub, and asked as a client.

    Attributes:
        hub: The hub's certificate: a node answers the hub alone.
        desk: The client's own certificate, which a node must not accept.
        token: The client's token.
        key: The client's query key.
        requester: What the token says.
        token_key: The key that signed the token, where it is at hand: some clauses need tokens
            that a proper issuer would not give.
    """

    hub: Credentials
    desk: Credentials
    token: str
    key: SigningKey
    requester: Requester
    token_key: SigningKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The node under test.

    Attributes:
        federation: The federation file.
        member: The member that runs the node.
        address: Where it listens, "host:port".
        bank: The bank that is asked, as MEMBER/bank; "" takes the first that is described.
        known: Probes that find something in that bank.
        purpose: Why it is asked; the node's policy must permit it.
        case: The case that the node records.
        patience_s: What a node may take beyond the deadline of a question, in seconds.
        clock: Tells the time.
    """

    federation: Federation
    member: Member
    address: str
    caller: Caller
    bank: str = ""
    known: tuple[model.Probe, ...] = ()
    purpose: model.Purpose.ValueType = model.PURPOSE_TERRORISM
    case: str = "conformance"
    patience_s: float = 2.0
    clock: Clock = field(default_factory=SystemClock)


def find_member(federation: Federation, address: str, code: str) -> Member:
    """Find the member that runs a node, by its code or else by the node's address.

    Raises:
        SettingsError: There is none, or several share the address.
    """
    found = [m for m in federation.members if (m.code == code if code else m.node == address)]
    if len(found) != 1:
        what = f"{code} is no member" if code else f"{address} is not the node of one member"
        raise SettingsError(f"{what} of {federation.id}: say which with --member")
    return found[0]


def read_caller(
    hub: HubSettings,
    client: ClientSettings,
    token_key: Path | None,
    clock: Clock,
    published: KeySets | None = None,
) -> Caller:
    """Read the keys and the token of hub and client.

    The token may be signed with a pinned key or with one of `published`, fetched before.

    Raises:
        SettingsError: A certificate, the token or a key is not what it has to be.
        AccessError: A file is missing or open to others.
    """
    from gateway.access.federation import read_federation

    federation = read_federation(client.at(client.federation))
    token = client.at(client.token).read_text(encoding="utf-8").strip()
    key = SigningKey.load(client.at(client.query_key))
    try:
        requester = TokenVerifier(federation, clock, published=published).verify(token)
        require_key(requester, _public(key))
    except AccessError as exc:
        raise SettingsError(f"{client.at(client.token)}: {exc}") from None
    return Caller(
        hub=_credentials(hub, "hub"),
        desk=_credentials(client, "client"),
        token=token,
        key=key,
        requester=requester,
        token_key=_load_token_key(token_key, _keys_of(federation, requester.member, published))
        if token_key
        else None,
    )


def _public(key: SigningKey) -> bytes:
    import json

    return json.dumps(key.public_jwk()).encode()


def _credentials(settings: HubSettings | ClientSettings, role: str) -> Credentials:
    path = settings.at(settings.certificate)
    certificate = path.read_bytes()
    try:
        require_role(read_peer(certificate), role)
    except AccessError as exc:
        raise SettingsError(f"{path}: {exc}") from None
    return Credentials(certificate, read_secret(settings.at(settings.key)))


def _keys_of(federation: Federation, code: str, published: KeySets | None) -> tuple[PublicKey, ...]:
    """The keys that a member's tokens are signed with: pinned ones before published ones."""
    member = federation.member(code)
    pinned = member.token_keys if member else ()
    return (*pinned, *(published.keys(code).values() if published else ()))


def _load_token_key(path: Path, known: Sequence[PublicKey]) -> SigningKey:
    """Read the key that signs tokens of the requester's member, under its known name."""
    thumbprint = SigningKey.load(path).thumbprint
    kid = next((key.kid for key in known if key.thumbprint == thumbprint), "")
    if not kid:
        raise SettingsError(f"{path}: is not a token key of the client's member")
    return SigningKey.load(path, kid)
