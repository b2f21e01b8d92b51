"""Reading what may exhaust a library in a process of its own, which the system ends at the bound.

Belongs here: the cheap look that says which bytes are doubtful, and the process and its end.  Must never: read.

`deadline` interrupts our own Python; it cannot interrupt a library that does not come back.  The parser of libxml2, for
one, compares each attribute of a tag with all before it: 100,000 attributes take minutes under any bound of ours.
"""

from __future__ import annotations

import math
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from pipelines.orchestration.deadline import OutOfTimeError

Item = TypeVar("Item")
Result = TypeVar("Result")

_LONG_TAG = 50_000
_MANY_TAGS = 200_000
_LARGE = 8 * 1024 * 1024


class EndedError(Exception):
    """The process ended without a result."""


def is_doubtful(data: bytes) -> bool:
    """Whether a document is so large, or has so long or so many tags, that a library might not come back from it.

    Releases have some thousand tags and no longer tag than an image written into the page.
    """
    if len(data) > _LARGE or data.count(b"<") > _MANY_TAGS:
        return True
    if len(data) <= _LONG_TAG or b"<" not in data:
        return False
    return any(len(part) - part.find(b"<") > _LONG_TAG for part in data.split(b">") if b"<" in part)


def run_apart(function: Callable[[Item], Result], item: Item, *, seconds: float) -> Result:
    """The result of the function, from a process that may use so many seconds of processor time.

    Raises OutOfTimeError where the system ended it at the bound, EndedError where it ended otherwise.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(function, item, seconds, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        result: Result = ours.recv()
    except EOFError:
        process.join()
        if process.exitcode in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)):
            raise OutOfTimeError(f"it took more than {seconds:g} seconds of processor time") from None
        raise EndedError("the process that worked on it died (out of memory, or a fault in a library)") from None
    finally:
        ours.close()
        if process.is_alive():
            process.join(5)
        if process.is_alive():
            process.kill()
    return result


def _serve(function: Callable[[Any], Any], item: Any, seconds: float, to: Connection) -> None:
    """The other process.  What it needs to start is not counted: a second of it is given on top."""
    try:
        import resource
    except ImportError:  # no such limits on this system
        pass
    else:
        if math.isfinite(seconds):
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    to.send(function(item))
