"""The time that one document may take.

What belongs here: the clock of a reading.  What must never happen here: deciding what becomes of a document whose
time is over.
"""

from __future__ import annotations

import time


class OverLimitError(Exception):
    """A bound of `ReadLimits` is reached.  `limit` is the field's name."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit
        self.message = message


class Clock:
    """Counts the seconds of one reading; `check` is cheap enough for inner loops."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._calls = 0

    def check(self) -> None:
        """Raise OverLimitError where the time is over (looked at every 256 calls)."""
        self._calls += 1
        if self._calls & 0xFF == 0:
            self.look()

    def look(self) -> None:
        """Raise OverLimitError where the time is over."""
        if time.monotonic() > self._end:
            raise OverLimitError("max_seconds", f"Reading takes longer than {self.seconds:g} seconds.")
