"""The assembly: bytes → `ReadResult`, by what the bytes are.

What belongs here: choosing the reader, bounds, the order of blocks, findings about the document as a whole.  What must never
happen here: markup, glyphs or the layout of a table, each of which has its own module.
"""

from __future__ import annotations

import hashlib

from pipelines.model import Block, Document, Finding, Medium, Paragraph, Place, ReadResult, ReleaseFacts, Severity
from pipelines.read.charset import decode
from pipelines.read.sniffing import OTHER, sniff
from pipelines.settings import ReadLimits

_DEFAULT = ReadLimits()


def read_document(
    data: bytes, *, name: str = "", source_url: str | None = None, limits: ReadLimits = _DEFAULT
) -> ReadResult:
    """Read a document of any kind.  Bad input gives findings, and `ReadResult(None, ...)` where nothing could be read.

    name        how the document is called in findings; never tells what it is
    source_url  the address it was served from, if known: evidence of the release date
    """
    content_hash = hashlib.sha256(data).hexdigest()
    document_id = content_hash[:16]
    if sniff(data) == OTHER:
        return ReadResult(
            None,
            (
                Finding(
                    "read", "not-a-document", Severity.ERROR, f"{name or document_id} is no document.", "", document_id
                ),
            ),
        )
    decoded = decode(data)
    blocks: tuple[Block, ...] = tuple(
        Paragraph(" ".join(line.split()), Place(line=i + 1))
        for i, line in enumerate(decoded.text.splitlines())
        if line.strip()
    )
    return ReadResult(
        Document(
            document_id, content_hash, content_hash, Medium.TEXT, decoded.encoding, "plain", ReleaseFacts(), blocks
        )
    )
