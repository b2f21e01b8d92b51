"""The media type of bytes, from the bytes.

What belongs here: a coarse answer for the capture log.  It never looks at a file's name, never decodes a whole
document and decides nothing about its content; reading makes its own, finer decision.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

HEAD = 64 * 1024

_MARKUP_START = re.compile(rb"<(?:!doctype|!--|\?xml|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_MARKUP_INSIDE = re.compile(rb"<(?:html|head|body|table|pre)[\s>]", re.IGNORECASE)
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_BINARY = frozenset(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B}


def sniff(data: bytes) -> str:
    """One of text/html, application/pdf, text/csv, text/plain, application/octet-stream (also for no bytes).

    A PDF may have junk in front of its header, within the first 1,024 bytes (ISO 32000-1, annex H.3.4.1); but a
    page of markup that speaks of PDFs is markup, so markup at the very start goes before.
    """
    head = data[:HEAD]
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(encoding, errors="replace").encode("utf-8")
            break
    start = head.lstrip(b" \t\r\n\x0b\x0c")
    if not start:
        return "text/plain" if data else "application/octet-stream"
    if _MARKUP_START.match(start):
        return "text/html"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if sum(byte in _BINARY for byte in head) > len(head) // 200:
        return "application/octet-stream"
    if _MARKUP_INSIDE.search(head):
        return "text/html"
    return "text/csv" if _looks_like_csv(head, whole=len(data) <= HEAD) else "text/plain"


def _looks_like_csv(head: bytes, *, whole: bool) -> bool:
    """Nine lines of ten have the same number of fields, at least two; remarks above or below may differ."""
    lines = head.decode("latin-1").splitlines()
    if not whole:
        lines = lines[:-1]
    lines = [line for line in lines if line.strip()][:200]
    if len(lines) < 2:
        return False
    for delimiter in ",\t;|":
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        width, times = widths.most_common(1)[0]
        if width >= 2 and times * 10 >= sum(widths.values()) * 9:
            return True
    return False
