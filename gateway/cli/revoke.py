"""`kalkan revoke`: take a token, an officer, a certificate or a whole member out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Home, takes

HELP = """Revoke a token, an officer, a certificate, or a whole member.

It is written to the member's own list, which its node follows: within 5 s the hub and every node
that can be reached refuse it, and what runs on its behalf ends. Run it where that node runs.
"""
app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False)


@dataclass(frozen=True, kw_only=True)
class _Where:
    """Whose list it is, and why."""

    member: Annotated[str, typer.Option(help="The member whose list it is, as KAZ.")]
    reason: Annotated[
        str, typer.Option(help="Why, for your own people; it does not leave your node.")
    ] = ""
    undo: Annotated[bool, typer.Option("--undo", help="Take it off the list again.")] = False
    home: Home = None
    settings: Annotated[
        Path | None,
        typer.Option(
            help="The node's settings; else home/nodes/MEMBER/node.toml.", show_default=False
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class _Token(_Where):
    """Which token."""

    value: Annotated[str, typer.Argument(help="The token's id, its `jti`.", show_default=False)]


@app.command()
@takes(_Token)
def token(options: _Token) -> Exit:
    """Revoke one token by its id."""
    return _revoke(options, "token", options.value)


@dataclass(frozen=True, kw_only=True)
class _Officer(_Where):
    """Which officer."""

    value: Annotated[
        str, typer.Argument(help="The pseudonym, `sub` of the tokens.", show_default=False)
    ]


@app.command()
@takes(_Officer)
def officer(options: _Officer) -> Exit:
    """Revoke all tokens of an officer or a system, those to come too."""
    return _revoke(options, "officer", options.value)


@dataclass(frozen=True, kw_only=True)
class _Certificate(_Where):
    """Which certificate."""

    value: Annotated[
        str,
        typer.Argument(
            help="A file in PEM, or the SHA-256 of the certificate in hexadecimal digits.",
            show_default=False,
        ),
    ]


@app.command()
@takes(_Certificate)
def certificate(options: _Certificate) -> Exit:
    """Revoke a client certificate, and with it every token that is bound to it."""
    return _revoke(options, "certificate", _digest_of(options.value))


@app.command()
@takes(_Where)
def member(options: _Where) -> Exit:
    """Suspend the member: none of its requesters may ask until this is undone."""
    return _revoke(options, "member", options.member)


def _digest_of(text: str) -> str:
    """Read the digest that was typed, or that of the certificate in a file."""
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificate

    path = Path(text)
    if not path.is_file():
        return text.lower().replace(":", "")
    try:
        found = load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        raise CommandError(f"{path}: is not a certificate in PEM") from None
    return hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest()


def _revoke(options: _Where, word: str, value: str) -> Exit:
    """Change the list, and say what has changed."""
    from gateway.access.revocation import RevokedKind, make_entry, require_value, revoke, undo
    from gateway.clock import SystemClock

    kind, path, clock = RevokedKind(word), _list_of(options), SystemClock()
    try:
        require_value(kind, value)
    except ValueError as exc:
        raise CommandError(f"{word}: {exc}") from None
    if options.undo:
        changed = undo(path, kind, value, clock)
        print(f"{word} {value}: {'no longer revoked' if changed else 'was not revoked'}")
        return Exit.HIT
    if not options.reason.strip():
        raise CommandError("say why: --reason TEXT")
    changed = revoke(path, make_entry(kind, value, options.reason, clock), clock)
    print(f"{word} {value}: {'revoked' if changed else 'was revoked already'}")
    return Exit.HIT


def _list_of(options: _Where) -> Path:
    """Find the list of the member's node."""
    from gateway.settings import NodeSettings, home_of, read_settings

    path = options.settings or home_of(options.home) / "nodes" / options.member / "node.toml"
    settings = read_settings(NodeSettings, path)
    if settings.member != options.member:
        raise CommandError(f"{path}: is the node of {settings.member}, not of {options.member}")
    return settings.at(settings.revocations)
