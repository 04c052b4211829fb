"""Empty the caches of this package, which hold names, dates and numbers in memory.

They make a search fast and are bounded, but they are data of a bank: a process that must not keep
any between searches calls `forget`.
"""

from __future__ import annotations

from typing import Final

from adapters.matching.analysis import analyse, make_token
from adapters.matching.dates import parse_date
from adapters.matching.documents import normalise_number
from adapters.matching.keys import blocking_keys
from adapters.matching.names import score_cached
from adapters.matching.scripts import clean, romanise, transcribe
from adapters.matching.sounds import consonants, encode, similarity

__all__ = ["forget"]

_CACHES: Final = (
    analyse,
    blocking_keys,
    clean,
    consonants,
    encode,
    make_token,
    normalise_number,
    parse_date,
    romanise,
    score_cached,
    similarity,
    transcribe,
)


def forget() -> None:
    """Drop everything that this package remembers."""
    for cache in _CACHES:
        cache.cache_clear()
