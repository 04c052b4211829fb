"""Check digits of national numbers: that all values of a column have right ones is no accident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["find_scheme"]

_LEAST: Final = 5
_SHARE: Final = 0.9


def _weigh(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _is_iin(digits: Sequence[int]) -> bool:
    """Kazakhstan: twelve digits, weights modulo 11, a second row of weights where that gives 10."""
    check = _weigh(digits, range(1, 12)) % 11
    if check == 10:  # noqa: PLR2004 - no digit; the second row decides
        check = _weigh(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return check == digits[11]


def _is_tckn(digits: Sequence[int]) -> bool:
    """Türkiye: eleven digits, the last two are checks."""
    odd, even = sum(digits[0:9:2]), sum(digits[1:8:2])
    tenth = (odd * 7 - even) % 10
    return digits[0] != 0 and tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def _is_melli(digits: Sequence[int]) -> bool:
    """Iran: ten digits, weights 10 to 2 modulo 11."""
    rest = _weigh(digits, range(10, 1, -1)) % 11
    return digits[9] == (rest if rest < 2 else 11 - rest)  # noqa: PLR2004 - 0 and 1 are their own


def _is_luhn(digits: Sequence[int]) -> bool:
    """Devices: fifteen digits by Luhn's rule."""
    doubled = [digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(map(sum, map(divmod, doubled, [10] * 7)))) % 10 == 0


_SCHEMES: Final[dict[int, tuple[str, str, Callable[[Sequence[int]], bool]]]] = {
    10: ("national number", "national number of Iran", _is_melli),
    11: ("national number", "national number of Türkiye", _is_tckn),
    12: ("national number", "individual number of Kazakhstan", _is_iin),
    15: ("imei", "IMEI", _is_luhn),
}
"""By length: what it means, what it is called, whether it holds."""


def find_scheme(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return what numbers are by their check digits, and what that is called; else None."""
    numbers = ["".join(sign for sign in text if sign.isalnum()) for text in texts]
    scheme = _SCHEMES.get(len(numbers[0])) if numbers else None
    if scheme is None or len(numbers) < _LEAST:
        return None
    meaning, called, holds = scheme
    length = len(numbers[0])
    good = sum(
        number.isdecimal() and len(number) == length and holds([int(d) for d in number])
        for number in numbers
    )
    return (meaning, called) if good >= _SHARE * len(numbers) else None
