"""The commands of `kalkan federation` that make a federation and let members and officers in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Home, takes

_Member = Annotated[str, typer.Argument(help="The member, as KAZ.", show_default=False)]
_Request = Annotated[Path, typer.Argument(help="The file of the request.", show_default=False)]
_To = Annotated[
    Path | None, typer.Option(help="The file to write; else beside the rest.", show_default=False)
]


class Key(StrEnum):
    """What a member can renew."""

    CERTIFICATE = "certificate"
    ANSWER = "answer"
    TOKEN = "token"  # noqa: S105 - a word, no password


@dataclass(frozen=True, kw_only=True)
class Init:
    """What a federation begins with."""

    federation: Annotated[
        str, typer.Argument(help="Its id, the audience of all tokens.", show_default=False)
    ]
    hub: Annotated[str, typer.Option(help="Where the hub is reached, HOST:PORT.")]
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class RequestMember:
    """Who wants to join."""

    member: _Member
    federation: Annotated[str, typer.Option(help="The id of the federation.")]
    title: Annotated[str, typer.Option(help="The member's name in English.")]
    node: Annotated[str, typer.Option(help="Where its node is reached, HOST:PORT.")]
    office: Annotated[str, typer.Option(help="Whom to ask about its answers.")]
    issuer: Annotated[str, typer.Option(help="The `iss` of its tokens, a URI.")]
    jwks_url: Annotated[
        str,
        typer.Option(help="Where its identity provider publishes keys; else a key is made here."),
    ] = ""
    ca: Annotated[
        Path | None,
        typer.Option(
            help="Its own authority's certificates in PEM, for its officers.", show_default=False
        ),
    ] = None
    bank: Annotated[
        list[str], typer.Option(help="A bank that others may know, as persons; may be repeated.")
    ] = field(default_factory=list)
    to: _To = None
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class RequestOfficer:
    """Whose workplace wants to join."""

    client: Annotated[
        str, typer.Argument(help="The workplace or system, as border-1.", show_default=False)
    ]
    member: Annotated[str, typer.Option(help="Its member, as KAZ.")]
    federation: Annotated[str, typer.Option(help="The id of the federation.")]
    to: _To = None
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class AddMember:
    """Which member is let in."""

    request: _Request
    project: Annotated[
        list[str], typer.Option(help="A circle that it belongs to; may be repeated.")
    ] = field(default_factory=list)
    replace: Annotated[
        bool, typer.Option("--replace", help="It is a member; take its new keys and facts.")
    ] = False
    to: _To = None
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class AddOfficer:
    """Which workplace is let in."""

    request: _Request
    authority: Annotated[
        Path | None,
        typer.Option(
            help="The folder of ca.key and ca.pem that sign; else the home.", show_default=False
        ),
    ] = None
    to: _To = None
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class Rotate:
    """What is renewed."""

    member: _Member
    key: Annotated[Key, typer.Option(help="certificate, answer or token.", metavar="WORD")]
    retire: Annotated[
        str, typer.Option(help="Leave out this old key, by its kid, and make none.")
    ] = ""
    to: _To = None
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """Whose token, and what it says."""

    client: Annotated[
        str, typer.Argument(help="The client, a folder in home/clients.", show_default=False)
    ]
    member: Annotated[str, typer.Option(help="Its member, whose key signs.")]
    officer: Annotated[str, typer.Option(help="The officer's pseudonym.")]
    role: Annotated[list[str], typer.Option(help="investigator, border, ...; may be repeated.")]
    unit: Annotated[str, typer.Option(help="The officer's unit.")] = ""
    hours: Annotated[int, typer.Option(help="How long it holds.", min=1, max=12)] = 8
    home: Home = None


@takes(Init)
def init(options: Init) -> Exit:
    """Make a federation: its authority, its hub and its file. No member is in it yet."""
    from gateway.cli.joining import found

    return found(options)


@takes(RequestMember)
def request_member(options: RequestMember) -> Exit:
    """Make a member's keys and settings here, and a request to join, which holds no secret."""
    from gateway.cli.joining import ask_for_member

    return ask_for_member(options)


@takes(RequestOfficer)
def request_officer(options: RequestOfficer) -> Exit:
    """Make a client's keys and settings here, and a request for its certificate."""
    from gateway.cli.joining import ask_for_client

    return ask_for_client(options)


@takes(AddMember)
def add_member(options: AddMember) -> Exit:
    """Let a member in by its request: sign its certificate, write the federation file anew."""
    from gateway.cli.admitting import add_member as add

    return add(options)


@takes(AddOfficer)
def add_officer(options: AddOfficer) -> Exit:
    """Sign the certificate of an officer's workplace or of a system, by its request."""
    from gateway.cli.admitting import add_client

    return add_client(options)


@takes(Rotate)
def rotate(options: Rotate) -> Exit:
    """Make a member's next key, or retire an old one, and a request that tells of it."""
    from gateway.cli.admitting import rotate as renew

    return renew(options)


@takes(Token)
def token(options: Token) -> Exit:
    """Issue a token with the member's own key, where it has no identity provider."""
    from gateway.cli.admitting import issue_token

    return issue_token(options)


def register(app: typer.Typer) -> None:
    """Put the commands beside the others."""
    for name, command in (
        ("init", init),
        ("request-member", request_member),
        ("add-member", add_member),
        ("request-officer", request_officer),
        ("add-officer", add_officer),
        ("token", token),
        ("rotate", rotate),
    ):
        app.command(name)(command)
