"""How much of the time of one call is left; every statement of the call gets no more than that."""

from __future__ import annotations

import asyncio

from adapters.contract import BankTimeoutError

__all__ = ["Deadline"]


class Deadline:
    """The end of one call.

    Args:
        timeout_s: Seconds from now.
    """

    def __init__(self, timeout_s: float) -> None:
        self._end = asyncio.get_running_loop().time() + timeout_s

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            BankTimeoutError: None are.
        """
        left = self._end - asyncio.get_running_loop().time()
        if left <= 0:
            raise BankTimeoutError("the bank did not answer in time")
        return left
