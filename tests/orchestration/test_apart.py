"""Documents made to exhaust a library: read in a process that the system ends, and named as late."""

from __future__ import annotations

import os
import time
import zlib
from pathlib import Path

import pytest

from pipelines.capture import sniff
from pipelines.model import Capture, CaptureKind
from pipelines.orchestration.apart import EndedError, is_doubtful, run_apart
from pipelines.orchestration.deadline import OutOfTimeError
from pipelines.orchestration.tasks import Kind, ReadTask, read_one


def spend(_seconds: float) -> int:
    """Keeps a library busy that does not come back to Python in between."""
    data = bytes(1 << 28)
    while True:
        zlib.crc32(data)


def die(code: int) -> None:
    os._exit(code)


def double(number: int) -> int:
    return 2 * number


def task(folder: Path, data: bytes, seconds: float) -> ReadTask:
    import hashlib

    (folder / "a.htm").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    capture = Capture(digest, "a.htm", len(data), sniff(data), CaptureKind.DROPPED, "a.htm")
    return ReadTask("k", digest, folder, seconds=seconds, raw=folder, capture=capture)


def test_a_result_comes_back_and_a_process_that_ends_is_told_apart_from_a_late_one() -> None:
    assert run_apart(double, 21, seconds=30) == 42
    with pytest.raises(EndedError):
        run_apart(die, 3, seconds=30)
    with pytest.raises(OutOfTimeError):
        run_apart(spend, 0.0, seconds=0.5)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<p>text</p>" * 1_000, False),
        (b"text without tags " * 10_000, False),
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">", True),
        (b"<td>" * 200_001, True),
        (b"<" * 60_000, True),
        (b"x" * (8 * 1024 * 1024 + 1), True),
    ],
)
def test_only_what_is_out_of_proportion_is_doubtful(data: bytes, expected: bool) -> None:
    assert is_doubtful(data) is expected


def test_a_tag_with_a_hundred_thousand_attributes_is_late_at_the_bound(tmp_path: Path) -> None:
    attributes = b" ".join(b"a%d=1" % n for n in range(100_000))
    began = time.monotonic()
    done = read_one(task(tmp_path, b"<html><body><p " + attributes + b">1</p></body></html>", 1.0))
    assert time.monotonic() - began < 60
    assert done.kind is Kind.LATE
    assert done.value.document is None
    assert done.value.findings


def test_a_doubtful_document_that_is_harmless_is_read_as_any_other(tmp_path: Path) -> None:
    image = b'<img src="data:image/png;base64,' + b"A" * 60_000 + b'">'
    page = b"<html><body>" + image + b"<table><tr><td>a</td><td>1</td></tr></table></body></html>"
    done = read_one(task(tmp_path, page, 60.0))
    assert done.kind is Kind.MADE
    assert done.value.document is not None
