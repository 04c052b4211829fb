"""Write a first mapping, and say what is to be done with it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.contract import MappingError
from adapters.drafting.draft import DOCUMENTS, draft, look
from adapters.drafting.shape import Login
from adapters.mapping.read import read_mapping
from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show

if TYPE_CHECKING:
    from gateway.cli.bank import Draft

_GUESS = "# guess:"


def write_draft(options: Draft) -> Exit:
    """Look, write the draft, and tell on stderr how many guesses are to be read."""
    target = options.to
    if target is not None and target.exists():
        raise CommandError(f"{target}: is there already; draft to another file")
    folder = target.parent if target is not None else Path()
    files = Path(options.url)
    if files.exists() and files.suffix.lower() not in DOCUMENTS and target is not None:
        require_same(files if files.is_dir() else files.parent, folder)
    login = Login(options.password_file, options.bind, options.ca_file)
    seen = look(options.url, folder, login)
    text = draft(seen, table=options.table, bank=options.bank)
    if target is None:
        sys.stdout.write(text)
    else:
        target.write_text(text, encoding="utf-8")
    for line in advise(text, target):
        print(show(line, isolate=False), file=sys.stderr)
    return Exit.HIT


def require_same(files: Path, folder: Path) -> None:
    """Require that the mapping of files lies beside them: its paths are relative to it.

    Raises:
        CommandError: It would lie elsewhere.
    """
    if files.resolve() != folder.resolve():
        raise CommandError(f"write the mapping beside the files: --to {files / 'mapping.toml'}")


def advise(text: str, target: Path | None) -> list[str]:
    """Return what an engineer does next, one line for each thing."""
    told = [f"{text.count(_GUESS)} guesses to read"]
    told += find_edits(text)
    return [*told, f"then: kalkan bank check {target or 'MAPPING'}"]


def find_edits(text: str) -> list[str]:
    """Return what has to be written before the draft can be read at all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        try:
            read_mapping(path)
        except MappingError as exc:
            return [f"edit {line}" for line in str(exc).splitlines()]
    return []
