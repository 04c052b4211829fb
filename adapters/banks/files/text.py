"""Open text of any code page, and name the line where it does not decode."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from adapters.contract import BankFaultError, MappingError

__all__ = ["open_text"]

_BLOCK = 1 << 16


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a file for reading, line ends kept as they are.

    Args:
        path: The file.
        encoding: A code page that Python knows. With utf-8 a byte order mark is skipped.

    Raises:
        MappingError: Python does not know the code page.
        BankFaultError: A byte does not decode; the text names the line.
    """
    codec = _find_codec(encoding)
    try:
        with path.open(encoding=codec, newline="") as file:
            yield file
    except UnicodeError:
        line = _find_line(path, codec)
        raise BankFaultError(f"line {line}: a byte is not {encoding}") from None


def _find_codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError:
        raise MappingError(f'encoding = "{encoding}": Python knows no such code page') from None
    return "utf-8-sig" if name == "utf-8" else name


def _find_line(path: Path, codec: str) -> int:
    """Decode again, block by block, and count the lines up to the byte that does not decode."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                line += decoder.decode(block, final=not block).count("\n")
            except UnicodeError as exc:
                if not isinstance(exc, UnicodeDecodeError):
                    return line
                good = exc.object[: exc.start].decode(codec, "replace")
                return line + good.count("\n")
            if not block:
                return line
