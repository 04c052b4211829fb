"""Sizes and times that tell nothing: answers are filled up to a bucket, and leave on a grid.

What an answer is filled with is random. The digest of an answer lies in ledgers in clear, and all
else in it can be guessed by somebody who knows the record and tries some times: a digest that could
be made again would confirm whom a search has found.
"""

from __future__ import annotations

import math
import secrets
from typing import Final

from gateway.wire import MAX_ANSWER
from kalkan.v1 import model_pb2 as model

LEAST: Final = 1_024
"""The smallest size of a serialised answer in bytes; the others are its doubles."""
RANDOM: Final = 16
"""Bytes of padding at least: no digest of an answer can be guessed."""
LAST_S: Final = 0.025
"""What is left of a call's time when an answer leaves that could not wait for the grid."""
_TAG: Final = 1
_SEVEN_BITS: Final = 7


def pad_answer(answer: model.Answer) -> bytes:
    """Serialise an answer at the next power of two from 1,024 bytes.

    One that no bucket below the largest answer holds stays as it is: it has too many hits to hide.
    """
    answer.ClearField("padding")
    size = answer.ByteSize()
    bucket = LEAST
    while bucket <= MAX_ANSWER:
        length = _padding_length(bucket - size)
        if length:
            answer.padding = secrets.token_bytes(length)
            break
        bucket *= 2
    return answer.SerializeToString()


def _padding_length(room: int) -> int:
    """The length of a padding that takes exactly so many bytes with its head; 0 where none does.

    One that is too short to be random enough is none.
    """
    for head in range(1, 5):
        length = room - _TAG - head
        if length >= RANDOM and _varint_size(length) == head:
            return length
    return 0


def _varint_size(number: int) -> int:
    return max(1, math.ceil(number.bit_length() / _SEVEN_BITS))


def next_on_grid(elapsed_s: float, grid_s: float, left_s: float | None = None) -> float:
    """Round a time up to the grid, to at least one step of it; without a grid it stays.

    Where the time that is `left_s` does not reach so far it is the end of that time, less what
    recording and signing take: at once would tell when the bank ended.
    """
    if grid_s <= 0:
        return elapsed_s
    ends = max(1, math.ceil(elapsed_s / grid_s)) * grid_s
    latest = math.inf if left_s is None else elapsed_s + left_s - LAST_S
    return max(elapsed_s, min(ends, latest))
