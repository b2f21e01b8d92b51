"""The media type comes from the bytes, never from the name."""

import pytest

from pipelines.capture import sniff


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "application/octet-stream"),
        (b"   \n", "text/plain"),
        (b"%PDF-1.4\n%\xe2\xe3", "application/pdf"),
        (b"junk before\n%PDF-1.7\n", "application/pdf"),
        (b"<html><body>404 Not Found: report.pdf %PDF-1.4", "text/html"),
        (b"<!-- a comment -->\n<meta charset=x>\n<HTML>", "text/html"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "text/html"),
        ("<html><p>二</p>".encode("utf-16"), "text/html"),
        (b"Some words\n<TABLE border=1><tr><td>1</table>", "text/html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "application/octet-stream"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "application/octet-stream"),
        (b"Year,Received,Allotted\n2007,627,239\n2008,1358,564\n", "text/csv"),
        (b"a\tb\n1\t2\n3\t4\n", "text/csv"),
        ("Year 申請\n2007 627 239\nTotal 36 689\n".encode(), "text/plain"),
        ("年份,申請\n".encode("big5") + b"2007,627\n", "text/csv"),
        (b"Dear Sir, I write.\nThe sum, as it were, is 5, and 6.\nYours\n", "text/plain"),
        (b"1 < 2 and 3 > 2\n", "text/plain"),
    ],
)
def test_the_type_is_that_of_the_bytes(data: bytes, expected: str) -> None:
    assert sniff(data) == expected
