"""Read the name lists, which are written as plain text.

A list of two hundred names is easier to proof-read as ``Latin=local, Latin=local`` than as
two hundred constructor calls.
"""

import random

from seeds.names.model import Part


def read_parts(text: str) -> tuple[Part, ...]:
    """Read ``Latin=local`` entries separated by commas; the order is kept.

    Raises:
        ValueError: an entry has no equals sign or an empty side.
    """
    parts = []
    for entry in text.split(","):
        latin, sign, local = (piece.strip() for piece in entry.partition("="))
        if not (latin and sign and local):
            raise ValueError(f"name list: entry {entry.strip()!r} is not Latin=local")
        parts.append(Part(local=local, latin=latin))
    return tuple(parts)


def read_same(text: str) -> tuple[Part, ...]:
    """Read names separated by commas whose passport form is the local form."""
    return read_parts(",".join(f"{name.strip()}={name.strip()}" for name in text.split(",")))


def join_parts(*parts: Part, glue: str = " ") -> Part:
    """Put parts together to one part, with the same glue in both scripts."""
    return Part(
        local=glue.join(part.local for part in parts),
        latin=glue.join(part.latin for part in parts),
    )


def draw(rng: random.Random, parts: tuple[Part, ...], *, unlike: Part | None = None) -> Part:
    """Draw one part, another one than ``unlike`` when that is given."""
    drawn = rng.choice(parts)
    while unlike is not None and drawn == unlike:
        drawn = rng.choice(parts)
    return drawn
