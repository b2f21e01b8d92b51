"""What a long run says while it works: one line a room, rewritten in place on a terminal.

Belongs here: words on standard error.  Must never decide anything.  Standard output is kept for results.
"""

from __future__ import annotations

import sys
import time


class Progress:
    """Told (what, done, total) as often as one likes; prints at most ten times a second."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._open = ""
        self._last = 0.0
        self._began: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        """`done` of `total` items of `what` are done; the first call for `what` starts its clock."""
        now = time.monotonic()
        began = self._began.setdefault(what, now)
        if self._quiet:
            return
        ended = done >= total
        text = f"  {what:<12} {done:>6,} of {total:,}   {now - began:5.1f} s"
        if self._terminal:
            if self._open and self._open != what:
                self.close()
            if ended or now - self._last > 0.1:
                sys.stderr.write(f"\r\033[K{text}")
                sys.stderr.flush()
                self._open, self._last = what, now
            if ended:
                self.close()
        elif ended or now - self._last > 10:
            sys.stderr.write(text + "\n")
            self._last = now

    def say(self, sentence: str) -> None:
        """A sentence on a line of its own."""
        if not self._quiet:
            self.close()
            sys.stderr.write(f"  {sentence}\n")
            sys.stderr.flush()

    def close(self) -> None:
        """Ends a line that was being rewritten."""
        if self._open:
            sys.stderr.write("\n")
            sys.stderr.flush()
            self._open = ""
