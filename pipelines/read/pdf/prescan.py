"""A look at the raw bytes before pdfium sees them: whether a PDF may be read here or only under guard.

What belongs here: bounded unpacking and counting.  What must never stand here: opening the PDF, deciding to refuse it.
"""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_PASSIVE = re.compile(
    rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType|XML)\b|/Length1\b|/FunctionType\b|/N\s+\d+\s*/Alternate"
)
_USES = re.compile(rb"[\s/\]]Do\b")
# One page's content of more than this is no page for people; a book's worth of them is still read, under guard.
_CONTENT = 2 * 1024 * 1024
_TOTAL = 48 * 1024 * 1024
_USES_A_STREAM = 2_000


def doubtful(data: bytes) -> bool:
    """Whether reading might take time or memory out of proportion: then it is done in a process that can be ended.

    Streams are unpacked within bounds.  Doubtful are: content that unpacks to more than 2 MiB, 48 MiB in all, forms
    that use several forms in turn, streams packed in ways that this look does not follow, encryption.
    """
    if b"/Encrypt" in data:
        return True
    total = 0
    nested = 0
    for hit in _STREAM.finditer(data):
        start = hit.start()
        if data[start - 3 : start] == b"end":
            continue
        opening = data.rfind(b" obj", max(0, start - 4_096), start)
        head = data[opening if opening >= 0 else max(0, start - 1_024) : start]
        if _PASSIVE.search(head):
            continue
        content, cut = _unpacked(data, hit.end(), head)
        total += len(content)
        if cut or total > _TOTAL:
            return True
        uses = len(_USES.findall(content))
        if uses > _USES_A_STREAM:
            return True
        nested += uses > 1 and bool(_FORM.search(head))
        if nested > 1:
            return True
    return False


def _unpacked(data: bytes, start: int, head: bytes) -> tuple[bytes, bool]:
    """The content of a stream, at most `_CONTENT` bytes, and whether there is or may be more."""
    raw = memoryview(data)[start:]
    if b"LZWDecode" in head or b"RunLengthDecode" in head or head.count(b"FlateDecode") > 1:
        return b"", True
    if b"ASCII85Decode" in head:
        end = data.find(b"~>", start)
        packed = data[start : end if end >= 0 else len(data)]
        if len(packed) > 4 * _CONTENT:
            return b"", True
        try:
            raw = memoryview(base64.a85decode(packed))
        except ValueError:
            return b"", True
    if b"FlateDecode" in head or b"/Fl" in head:
        try:
            unpacker = zlib.decompressobj()
            content = unpacker.decompress(raw, _CONTENT)
        except zlib.error:
            return b"", False
        return content, bool(unpacker.unconsumed_tail) and not unpacker.eof
    end = data.find(b"endstream", start)
    length = (end if end >= 0 else len(data)) - start
    return data[start : start + min(length, _CONTENT)], length > _CONTENT
