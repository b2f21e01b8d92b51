"""What kind of document bytes are, told from the bytes alone.

What belongs here: the look at the first bytes.  What must never happen here: trusting a file's name or a server's word.
"""

from __future__ import annotations

import csv
import re

from pipelines.read.charset import decode

HTML = "text/html"
PDF = "application/pdf"
CSV = "text/csv"
TEXT = "text/plain"
OTHER = "application/octet-stream"

_LOOK = 65_536  # bytes that are looked at: some pages open with a screen of blank lines or a long comment
_TAG = re.compile(
    rb"<(?:!doctype\s+html|/?(?:html|head|body|title|meta|table|tbody|tr|td|th|div|span|p|br|pre|font|center|script)"
    rb"[\s/>])",
    re.IGNORECASE,
)
_DOCUMENT_TAG = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)


_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))


def sniff(data: bytes) -> str:
    """Media type of `data`: text/html, application/pdf, text/csv, text/plain or application/octet-stream.

    Empty bytes are application/octet-stream.  Never raises.
    """
    head = data[:_LOOK]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return OTHER
    if b"%PDF-" in head[:1024]:
        return PDF
    wide = _is_utf16(head)
    if not wide and _is_binary(head):
        return OTHER
    narrow = head.replace(b"\x00", b"") if wide else head
    if _DOCUMENT_TAG.search(narrow[:8192]) or len(_TAG.findall(narrow)) >= 3:
        return HTML
    return CSV if looks_like_csv(decode(head).text, cut=len(data) > _LOOK) else TEXT


def _is_utf16(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return len(head) >= 8 and (head[1:200:2].count(0) > 80 or head[0:200:2].count(0) > 80)


def _is_binary(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\x00" in head or controls > len(head) // 20


def looks_like_csv(text: str, *, cut: bool = False) -> bool:
    """Whether `text` is a comma-, semicolon- or tab-separated table with a header line (RFC 4180 and its cousins)."""
    return separator(text, cut=cut) is not None


def separator(text: str, *, cut: bool = False) -> str | None:
    """The character that separates the fields of `text`, or None where it is no such table.

    Lines of prose have commas too: so every line must have the same number of fields, and a comma inside an unquoted
    field is followed by a space in prose but never separates fields there.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()][:60]
    if cut and len(lines) > 1:
        lines = lines[:-1]
    if len(lines) < 2:
        return None
    for mark in (",", "\t", ";"):
        if mark not in lines[0]:
            continue
        try:
            rows = list(csv.reader(lines, delimiter=mark, strict=True))
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        width = widths[0]
        same = sum(w == width for w in widths)
        spaced = sum(cell.startswith(" ") for row in rows for cell in row[1:])
        if width < 2 or same < max(2, (9 * len(rows) + 9) // 10) or (mark == "," and spaced * 3 > len(rows)):
            continue
        if width == 2 and (len(rows) < 3 or any(len(cell) > 120 for row in rows for cell in row)):
            continue
        if not rows[0][0].strip() and not rows[0][1].strip():
            continue
        return mark
    return None
