"""`kalkan search`: one question to many banks."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Asking, takes

app = typer.Typer(
    help="Ask one question of every bank that may answer.",
    no_args_is_help=True,
    add_completion=False,
)
WHAT = "What is looked for"
PERSON_EXAMPLE = """\b
Example:
  kalkan search person "Каххор Гозикулов" --birth 1985 \\
      --ask kalkan --purpose terrorism --category suspect --case 17"""
DOCUMENT_EXAMPLE = """\b
Example:
  kalkan search document 400999458 --issuer TJK --as border \\
      --ask XPO --purpose border_control --case 17"""


@dataclass(frozen=True, kw_only=True)
class _Person(Asking):
    """A person."""

    name: Annotated[
        str,
        typer.Argument(help="The whole name, in any script.", show_default=False),
    ] = ""
    given: Annotated[str, typer.Option(help="Given names.", rich_help_panel=WHAT)] = ""
    family: Annotated[str, typer.Option(help="Family name.", rich_help_panel=WHAT)] = ""
    patronymic: Annotated[
        str, typer.Option(help="Patronymic or father's name.", rich_help_panel=WHAT)
    ] = ""
    birth: Annotated[
        str,
        typer.Option(help="Birth: 1985-03-14, 1985-03, 1985 or 1980..1990.", rich_help_panel=WHAT),
    ] = ""
    sex: Annotated[str, typer.Option(help="male, female or other.", rich_help_panel=WHAT)] = ""
    nationality: Annotated[
        str, typer.Option(help="Three capitals, as KAZ.", rich_help_panel=WHAT)
    ] = ""
    place: Annotated[
        str, typer.Option(help="Place of birth or residence.", rich_help_panel=WHAT)
    ] = ""


@app.command("person", epilog=PERSON_EXAMPLE)
@takes(_Person)
def search_person(options: _Person) -> Exit:
    """Look for a person by a name in any script.

    Write two parts of a name, or a name and a birth date. Banks that want something else are
    named, with what to add, before the question is sent.
    """
    if not (options.name or options.given or options.family or options.patronymic):
        raise CommandError('write a name: kalkan search person "Given Family" ..., or --family')
    from gateway.cli.asking import ask
    from gateway.probe import person

    probe = person(
        options.name,
        given=options.given,
        family=options.family,
        patronymic=options.patronymic,
        birth=options.birth,
        sex=options.sex,
        nationality=options.nationality.upper(),
        place=options.place,
    )
    return ask(options, probe)


@dataclass(frozen=True, kw_only=True)
class _Document(Asking):
    """A travel document."""

    number: Annotated[str, typer.Argument(help="The document's number.", show_default=False)] = ""
    issuer: Annotated[str, typer.Option(help="Who issued it, as KAZ.", rich_help_panel=WHAT)] = ""
    kind: Annotated[
        str, typer.Option(help="passport, identity_card, visa, ...", rich_help_panel=WHAT)
    ] = ""
    mrz: Annotated[
        list[str],
        typer.Option(
            help="A line of the machine-readable zone; once for each line, or - to read stdin.",
            rich_help_panel=WHAT,
        ),
    ] = field(default_factory=list)


@app.command("document", epilog=DOCUMENT_EXAMPLE)
@takes(_Document)
def search_document(options: _Document) -> Exit:
    """Check a travel document by its number or its machine-readable zone."""
    lines = sys.stdin.read().split() if options.mrz == ["-"] else options.mrz
    if bool(options.number) == bool(lines):
        raise CommandError("write a number, or --mrz once for each line of the zone")
    from gateway.cli.asking import ask
    from gateway.probe import document

    probe = document(
        number=options.number, issuer=options.issuer.upper(), kind=options.kind, mrz=lines
    )
    return ask(options, probe)


@dataclass(frozen=True, kw_only=True)
class _Vehicle(Asking):
    """A vehicle."""

    plate: Annotated[str, typer.Argument(help="The plate.", show_default=False)] = ""
    vin: Annotated[
        str, typer.Option(help="Vehicle identification number.", rich_help_panel=WHAT)
    ] = ""
    country: Annotated[
        str, typer.Option(help="Country of registration, as TUR.", rich_help_panel=WHAT)
    ] = ""


@app.command("vehicle")
@takes(_Vehicle)
def search_vehicle(options: _Vehicle) -> Exit:
    """Look for a vehicle by plate or identification number."""
    if not (options.plate or options.vin):
        raise CommandError("write a plate or --vin")
    from gateway.cli.asking import ask
    from gateway.probe import vehicle

    country = options.country.upper()
    return ask(options, vehicle(plate=options.plate, vin=options.vin, country=country))


@dataclass(frozen=True, kw_only=True)
class _Organisation(Asking):
    """An organisation."""

    name: Annotated[str, typer.Argument(help="The name, in any script.", show_default=False)] = ""
    number: Annotated[str, typer.Option(help="Registration number.", rich_help_panel=WHAT)] = ""
    country: Annotated[
        str, typer.Option(help="Country of registration, as TUR.", rich_help_panel=WHAT)
    ] = ""


@app.command("organisation")
@takes(_Organisation)
def search_organisation(options: _Organisation) -> Exit:
    """Look for an organisation by name or registration number."""
    if not (options.name or options.number):
        raise CommandError("write a name or --number")
    from gateway.cli.asking import ask
    from gateway.probe import organisation

    country = options.country.upper()
    return ask(options, organisation(name=options.name, number=options.number, country=country))


@dataclass(frozen=True, kw_only=True)
class _Identifier(Asking):
    """An identifier."""

    kind: Annotated[str, typer.Argument(help="phone, email, imei, handle or national_number.")]
    value: Annotated[str, typer.Argument(help="The value.")]
    country: Annotated[str, typer.Option(help="Who gave it, as KAZ.", rich_help_panel=WHAT)] = ""


@app.command("identifier")
@takes(_Identifier)
def search_identifier(options: _Identifier) -> Exit:
    """Look for whoever uses a phone, e-mail, IMEI, handle or national number."""
    from gateway.cli.asking import ask
    from gateway.probe import identifier

    return ask(options, identifier(options.kind, options.value, options.country.upper()))


@dataclass(frozen=True, kw_only=True)
class _Documents(Asking):
    """A batch of travel documents."""

    file: Annotated[
        Path, typer.Argument(help="CSV: number, issuer; one document a line; - for stdin.")
    ]


@app.command("documents")
@takes(_Documents)
def search_documents(options: _Documents) -> Exit:
    """Check up to 200 travel documents under one signature, as a border post does.

    A first line "number,issuer" is a heading.
    """
    from gateway.cli.batch import check_batch, read_documents

    return check_batch(options, read_documents(options.file))
