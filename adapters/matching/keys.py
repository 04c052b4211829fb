"""Choose the keys under which a name is found again, whatever script it is asked in.

Each key is coarse on purpose: two spellings of one name should share at least two, so that the
index may rank by what is shared. An index holds keyed hashes of them; without the secret they say
nothing about who is in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import TYPE_CHECKING, Final

from adapters.matching.analysis import Analysed, Token, analyse

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KEYS_VERSION", "KEY_BYTES", "blocking_keys", "keyed"]

KEY_BYTES: Final = 8
KEYS_VERSION: Final = 1
"""Goes up with every change of the keys; an index of another version is built anew."""

_SHORTEST_SECRET: Final = 16
_LONGEST_SECRET: Final = 64
_PREFIX: Final = 3
_OPEN: Final = "aeiouyjvBhAVWYH"
"""Sounds that scripts leave out or exchange with vowels."""

_GROUPS: Final = ("pb", "f", "tdDT", "kqgxG", "szSZcC", "m", "n", "l", "r")
_CLASSES: Final = str.maketrans(
    {sound: group[0] for group in _GROUPS for sound in group} | dict.fromkeys(_OPEN, "")
)
_DOUBLES: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def blocking_keys(name: str) -> frozenset[str]:
    """Return the keys of a name; none where nothing can be transliterated.

    Two spellings of one name should share one key, better two: of every token the whole skeleton
    in two coarsenesses, its start, the first letters and the group of equivalents, and of every
    two tokens the two ends of both.
    """
    analysed = analyse(name)
    single = {key for token in analysed.tokens for key in _token_keys(token)}
    return frozenset(single | _pair_keys(analysed))


def _token_keys(token: Token) -> set[str]:
    """Return the keys of one token, with and without an article glued to it."""
    if token.initial:
        return {f"i:{token.sounds}"}
    keys = {f"c:{_shorten(token.skeleton)}", f"r:{token.roman[:_PREFIX]}"}
    for sounds in filter(None, (token.sounds, token.stem)):
        start = "A" if sounds[0] in _OPEN else ""
        hard = _harden(sounds)
        keys |= {f"s:{start}{hard}", f"p:{start}{hard[:_PREFIX]}"}
    return keys | ({f"g:{token.group}"} if token.group else set())


def _pair_keys(name: Analysed) -> set[str]:
    """Return keys of two tokens together, for names whose parts are all common."""
    hard = [_harden(token.stem or token.sounds) for token in name.tokens]
    starts = combinations(sorted({sounds[:2] for sounds in hard}), 2)
    ends = combinations(sorted({sounds[:1] + sounds[-1:] for sounds in hard}), 2)
    return {f"2:{a} {b}" for a, b in starts} | {f"e:{a} {b}" for a, b in ends}


def _harden(sounds: str) -> str:
    """Return the consonants that survive every script, by the place where they are spoken."""
    return _shorten(sounds.translate(_CLASSES))


def _shorten(skeleton: str) -> str:
    return _DOUBLES.sub(r"\1", skeleton)


def keyed(keys: Iterable[str], secret: bytes) -> frozenset[bytes]:
    """Return keyed BLAKE2b hashes of keys, eight bytes each.

    Args:
        keys: Blocking keys.
        secret: 16 to 64 bytes that stay in the country.

    Raises:
        ValueError: The secret is shorter or longer.
    """
    if not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
        raise ValueError(f"secret must be {_SHORTEST_SECRET}..{_LONGEST_SECRET} bytes")
    return frozenset(
        blake2b(key.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, key=secret).digest()
        for key in keys
    )
