"""What failed, in words for a person: the disk, the rights, the memory, and what no one foresaw.

What belongs here: from an error to sentences.  They name no class and show no traceback.  It must never decide what is
done about a fault.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
_ERRNO = re.compile(r"^\[Errno (\d+)\] [^:]*(?:: '(.*?)'(?: -> '(.*)')?)?\s*$", re.DOTALL)
_CLASS = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)(?::\s+|\s*$)")
_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
_ROTTEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def describe_fault(error: BaseException) -> str:
    """One or two sentences: what is wrong, and what to do where that is known."""
    if isinstance(error, MemoryError):
        return "The memory is used up.  End other programs or set TALENT_WORKERS=1, then run the same again."
    known: BaseException | None = error
    for _ in range(10):
        if known is None:
            break
        code = getattr(known, "sqlite_errorcode", None)
        if isinstance(code, int) and code & 0xFF in _ROTTEN:
            return (
                "Dagster's history in the folder dagster_home of the warehouse is damaged.  Move that folder away; it "
                "is made again, and only the list of past runs is lost."
            )
        if isinstance(code, int) and code & 0xFF in _SQLITE:
            return describe_errno(_SQLITE[code & 0xFF], "the folder dagster_home of the warehouse")
        known = known.__cause__ or known.__context__
    if isinstance(error, OSError) and error.errno is not None:
        named = error.filename2 if error.filename2 is not None else error.filename
        return describe_errno(error.errno, str(named) if named is not None else "")
    return without_class(str(error)) or "It failed without saying why."


def describe_errno(number: int, where: str = "") -> str:
    """The sentence of a number of the system; `where` names the file or folder.

    >>> describe_errno(28, "/data/x")
    'The disk is full (/data/x).  Free some space, then run the same again.'
    """
    named = f" ({where})" if where else ""
    if number in _FULL:
        return f"The disk is full{named}.  Free some space, then run the same again."
    if number == errno.EROFS:
        return f"The disk is read-only{named}.  Choose another folder (--raw, --warehouse) or make it writable."
    if number in (errno.EACCES, errno.EPERM):
        owner = _owner(where)
        return f"This user may not do that{named}{owner}.  Change the owner or the rights, or choose another folder."
    if number == errno.EISDIR:
        return f"A folder stands where a file belongs{named}.  Move it away, then run the same again."
    if number in (errno.ENOTDIR, errno.EEXIST):
        return f"A file stands where a folder belongs{named}.  Move it away, then run the same again."
    return f"{os.strerror(number)}{named}."


def without_class(message: str) -> str:
    """A message without the name of a class before it, and an error of the system in words.

    >>> without_class("OSError: [Errno 28] No space left on device: '/x'")
    'The disk is full (/x).  Free some space, then run the same again.'
    >>> without_class("pipelines.publish.swap.AuditFailedError: Two rows differ.")
    'Two rows differ.'
    """
    text = message.strip()
    while (hit := _CLASS.match(text)) is not None:
        text = text[hit.end() :].strip()
    number = _ERRNO.match(text)
    return text if number is None else describe_errno(int(number[1]), number[3] or number[2] or "")


def _owner(where: str) -> str:
    """Whom a path belongs to, where that is another user; else ""."""
    if not where or not hasattr(os, "geteuid"):
        return ""
    for path in (Path(where), *Path(where).parents):
        try:
            owner = path.stat().st_uid
        except OSError:
            continue
        return "" if owner == os.geteuid() else f", which belongs to user {owner}"
    return ""
