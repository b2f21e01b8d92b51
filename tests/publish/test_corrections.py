"""Known errors of sources: applied while the source prints them, refused with a finding once it does not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.cards import load
from pipelines.model import Capture, CaptureKind, Correction, Document, DocumentProof, Severity, ShapeResult
from pipelines.prove import prove_document
from pipelines.read import read_document
from pipelines.settings import PROJECT
from tests.publish.making import Made, built, select
from tests.support.facsimile_corrections import SECTORS, THRESHOLD, documents

BUNDLED = PROJECT / "raw" / "facsimile"


def corrections() -> dict[str, Correction]:
    rooms = PROJECT / "pipelines"
    return {c.name: c for c in load(rooms / "series", rooms / "vocabulary", rooms / "corrections").corrections}


def read(data: bytes, name: str) -> Document:
    document = read_document(data, name=name).document
    assert document is not None
    return document


def made(name: str, *applied: Correction) -> Made:
    """The bundled document, proven with these corrections; of no series."""
    data = (BUNDLED / name).read_bytes()
    result = read_document(data, name=name)
    assert result.document is not None
    proof: DocumentProof = prove_document(result.document, applied)
    digest = hashlib.sha256(data).hexdigest()
    capture = Capture(digest, f"facsimile/{name}", len(data), "text/html", CaptureKind.FACSIMILE, name)
    return Made(capture, result, proof, ShapeResult(digest[:16], (), ()), proof.findings)


def test_the_bundled_documents_are_those_that_their_script_builds() -> None:
    for name, bundled in documents().items():
        assert (BUNDLED / name).read_bytes() == bundled.data
        assert bundled.note.startswith("Facsimile")


def test_each_correction_names_a_bundled_document_a_reason_and_its_evidence() -> None:
    hashes = {hashlib.sha256(b.data).hexdigest() for b in documents().values()}
    known = corrections()
    assert len(known) >= 2
    assert {c.content_hash for c in known.values()} == hashes
    assert all(len(c.reason) > 60 and len(c.evidence) > 60 for c in known.values())


REAL = [
    ("share-of-twenty-in-seventy-three", SECTORS, "28%", Decimal(28), Decimal(27)),
    ("income-of-category-a-a-tenth", THRESHOLD, "25萬元", Decimal(250_000), Decimal(2_500_000)),
]


@pytest.mark.parametrize(("name", "document", "printed", "read_as", "should_be"), REAL, ids=[r[0] for r in REAL])
def test_a_correction_gives_the_reading_keeps_the_print_and_is_named_in_the_argument(
    tmp_path: Path, name: str, document: str, printed: str, read_as: Decimal, should_be: Decimal
) -> None:
    correction = corrections()[name]
    query = f"SELECT text, value, correction, argument, verdict FROM core.cells WHERE text = '{printed}'"
    with built(tmp_path / "as printed", [made(document)], "core.cells") as build:
        (before,) = select(build, query)
        others_before = select(build, f"SELECT row, col, value FROM core.cells WHERE text <> '{printed}' ORDER BY ALL")
    assert (before["value"], before["correction"]) == (read_as, "")
    with built(tmp_path / "corrected", [made(document, correction)], "core.cells") as build:
        (after,) = select(build, query)
        others_after = select(build, f"SELECT row, col, value FROM core.cells WHERE text <> '{printed}' ORDER BY ALL")
    assert (after["text"], after["value"], after["correction"]) == (printed, should_be, name)
    assert repr(name) in after["argument"]
    assert others_before == others_after


@pytest.mark.parametrize(("name", "document", "printed", "read_as", "should_be"), REAL, ids=[r[0] for r in REAL])
def test_a_correction_whose_guard_has_expired_is_refused_with_a_finding(
    tmp_path: Path, name: str, document: str, printed: str, read_as: Decimal, should_be: Decimal
) -> None:
    """The source was mended (other text, other bytes), and somebody bound the old correction to the new document."""
    old = (BUNDLED / document).read_bytes()
    mended = old.replace(printed.encode(), {"28%": "27%", "25萬元": "250萬元"}[printed].encode())
    assert mended != old
    page = read(mended, document)
    bound = replace(corrections()[name], content_hash=page.content_hash)
    proof = prove_document(page, (bound,))
    assert proof.tables == prove_document(page).tables
    (told,) = proof.findings
    assert (told.code, told.severity) == ("correction-not-applied", Severity.WARNING)
    assert name in told.message and printed in told.message
    # and one that is not bound to it touches nothing
    assert prove_document(page, (corrections()[name],)) == prove_document(page)


def test_the_refusal_reaches_the_findings_of_the_warehouse(tmp_path: Path) -> None:
    expired = replace(corrections()["share-of-twenty-in-seventy-three"], expected_text="29%")
    with built(tmp_path, [made(SECTORS, expired)], "quality.findings", "core.cells") as build:
        (told,) = select(build, "SELECT code, message, path FROM quality.findings WHERE room = 'prove'")
        (cell,) = select(build, "SELECT value, correction FROM core.cells WHERE text = '28%'")
    assert (told["code"], told["path"]) == ("correction-not-applied", f"facsimile/{SECTORS}")
    assert "'29%'" in told["message"]
    assert (cell["value"], cell["correction"]) == (28, "")
