"""The clients of the demonstration: who asks, from where, with which role; and their tokens.

In service a member's own identity provider issues tokens. Here the member's token key lies in the
home, and a token lasts one shift, so every start of the demonstration issues new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from gateway.access.issue import TokenIssuer
from gateway.access.keys import write_secret
from gateway.access.signatures import SigningKey
from gateway.clock import Clock
from seeds.federation import FEDERATION_ID

LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold one client: ``name`` is its folder, ``officer`` the pseudonym in the ledgers."""

    name: str
    member: str
    officer: str
    roles: tuple[str, ...]
    unit: str


DESKS = (
    Desk("officer", "KAZ", "kaz-0417", ("investigator",), "Counter-terrorism, Astana"),
    Desk("border", "UZB", "uzb-1932", ("border",), "Border post, Tashkent airport"),
    Desk("auditor", "RCC", "rcc-0003", ("auditor",), "Inspection"),
    Desk("custodian", "KAZ", "kaz-0009", ("auditor", "custodian"), "Data protection, Astana"),
)


def issuer_uri(member: str) -> str:
    """Return the ``iss`` of a member's tokens."""
    return f"https://id.{member.lower()}.kalkan.example"


def renew_token(home: Path, desk: Desk, clock: Clock) -> None:
    """Issue a client's token for the next twelve hours."""
    folder = home / "clients" / desk.name
    key = SigningKey.load(home / "issuers" / f"{desk.member}.key", token_kid(desk.member))
    certificate = load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    token = TokenIssuer(desk.member, key, issuer_uri(desk.member), clock).issue(
        desk.officer,
        desk.roles,
        audience=FEDERATION_ID,
        certificate_sha256=certificate.fingerprint(SHA256()),
        key_thumbprint=SigningKey.load(folder / "query.key").thumbprint,
        lifetime=LIFETIME,
        unit=desk.unit,
    )
    path = folder / "token"
    fresh = folder / "token.new"
    fresh.unlink(missing_ok=True)
    write_secret(fresh, token.encode())
    # A client that reads meanwhile gets the old one or the new one, never a half.
    fresh.replace(path)


def token_kid(member: str) -> str:
    """Return the name of a member's token key."""
    return f"{member.lower()}-token-1"
