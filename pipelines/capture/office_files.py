"""Files that hold no readable release: office files, archives, pictures; recognised by their bytes.

What belongs here: what such a file is and what a person can do.  What must never happen here: unpacking one.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF"}


def describe_unreadable_kind(path: Path) -> str:
    """What the file is and the way out, as a sentence; "" where it is none of these kinds."""
    with path.open("rb") as file:
        head = file.read(8)
    for magic, name in _PICTURES.items():
        if head.startswith(magic):
            return f"it is a picture ({name}); import the page or the PDF that it was taken from."
    if head == _OLE:
        return "it is an old office file (.doc or .xls); save the sheet as CSV, or the text as PDF."
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        names = set()
    if "xl/workbook.xml" in names:
        return "it is a workbook (.xlsx); save the sheet as CSV."
    if "word/document.xml" in names:
        return "it is a Word document (.docx); save it as PDF."
    if "mimetype" in names and "content.xml" in names:
        return "it is an OpenDocument file (.ods or .odt); save the sheet as CSV, or the text as PDF."
    return "it is a ZIP archive; unpack it and import the files in it."
