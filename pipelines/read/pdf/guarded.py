"""Reading a doubtful PDF in a process of its own, which is ended at the limits of time and memory.

What belongs here: the process and its end.  What must never stand here: any reading.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

from pipelines.model import Block, Finding, Severity
from pipelines.settings import ReadLimits

Result = tuple[tuple[Block, ...], tuple[Finding, ...]]

# Memory follows from the size of document that is allowed; there is no setting of its own.
MEMORY_A_BYTE = 16
_LEAST_MEMORY = 512 * 1024 * 1024


def read_guarded(data: bytes, limits: ReadLimits, document_id: str) -> Result:
    """As `read_document`, in another process; a finding names the limit at which it was ended."""
    project = str(Path(__file__).resolve().parents[3])
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {project!r}); from {__name__} import serve; serve()",
    ]
    request = pickle.dumps((data, limits, document_id))
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=limits.max_seconds + 5, check=False)
    except subprocess.TimeoutExpired:
        return (), (
            _ended(
                document_id,
                "limit-seconds",
                f"Reading was ended after {limits.max_seconds:g} s (max_seconds); nothing of the PDF was kept.",
                "Look at the document; it may be made to exhaust a reader. Raise ReadLimits.max_seconds if it is not.",
            ),
        )
    if done.returncode != 0 or not done.stdout:
        return (), (
            _ended(
                document_id,
                "limit-memory",
                f"Reading failed within {_memory(limits) // 2**20} MiB of memory ({MEMORY_A_BYTE} × max_bytes).",
                "Look at the document; it may be made to exhaust a reader. Raise ReadLimits.max_bytes if it is not.",
            ),
        )
    result: Result = pickle.loads(done.stdout)
    return result


def _memory(limits: ReadLimits) -> int:
    return max(_LEAST_MEMORY, MEMORY_A_BYTE * limits.max_bytes)


def _ended(document_id: str, code: str, message: str, remedy: str) -> Finding:
    return Finding("read", code, Severity.ERROR, message, remedy, document_id=document_id, where="whole document")


def serve() -> None:
    """The other process: reads one request from standard input, writes the result to standard output."""
    import resource

    from pipelines.read.pdf.reading import read_here

    data, limits, document_id = pickle.loads(sys.stdin.buffer.read())
    memory = _memory(limits)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    seconds = int(limits.max_seconds) + 10
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.stdout.buffer.write(pickle.dumps(read_here(data, limits, document_id)))
    sys.stdout.buffer.flush()
