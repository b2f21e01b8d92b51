"""A bound on the processor time that a room may spend on one document, so that none can hold up all the others.

Belongs here: interrupting our own thread.  Must never decide what becomes of the document (`steps` does).
Processor time, not time on the wall: a busy machine must not change what is read.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTimeError(Exception):
    """The bound was reached."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises OutOfTimeError inside the block after so many seconds of processor time.

    Does nothing outside of the main thread, or where the system has no such timer: then nothing bounds the block.
    """
    if (
        seconds == float("inf")
        or not hasattr(signal, "SIGVTALRM")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError(f"it took more than {seconds:g} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
