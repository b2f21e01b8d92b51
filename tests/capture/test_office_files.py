"""An office file, an archive or a picture is refused by its bytes with the way out, and nothing is captured."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.capture.importing import import_files


def write_zip(path: Path, *members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "x")


@pytest.mark.parametrize(
    ("members", "way_out"),
    [
        (("xl/workbook.xml",), "as CSV"),
        (("word/document.xml",), "as PDF"),
        (("mimetype", "content.xml"), "OpenDocument"),
        (("a.htm",), "unpack it"),
    ],
)
def test_a_packed_file_is_refused_whatever_its_name(tmp_path: Path, members: tuple[str, ...], way_out: str) -> None:
    path = tmp_path / "page.htm"
    write_zip(path, *members)
    report = import_files([path], tmp_path / "raw", now=datetime(2026, 12, 1, tzinfo=UTC))
    assert not report.held
    assert way_out in report.refused[0].reason


@pytest.mark.parametrize("magic", [b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_pictures_and_old_office_files_are_refused(tmp_path: Path, magic: bytes) -> None:
    path = tmp_path / "annex.pdf"
    path.write_bytes(magic + bytes(100))
    report = import_files([path], tmp_path / "raw", now=datetime(2026, 12, 1, tzinfo=UTC))
    assert report.refused and not report.held
