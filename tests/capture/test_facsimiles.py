"""The bundled documents: intact, marked as what they are, and the ones that their script builds."""

from pathlib import Path

from pipelines.capture import load_bytes, walk
from pipelines.model import CaptureKind
from tests.support.facsimile import INDUSTRIES, MIRROR, PLACES, YEARS, documents

RAW = Path(__file__).resolve().parents[2] / "raw"


def bundled() -> dict[str, bytes]:
    captures, _ = walk(RAW / "facsimile")
    return {c.original_name: load_bytes(RAW / "facsimile", c) for c in captures}


def test_each_bundled_document_has_its_record_and_says_that_it_is_a_facsimile() -> None:
    captures, findings = walk(RAW / "facsimile")
    assert findings == ()
    assert {c.original_name for c in captures} >= set(documents())
    for capture in captures:
        assert capture.kind is CaptureKind.FACSIMILE
        assert capture.note.startswith("Facsimile")
    assert {c.source_url for c in captures if c.original_name in documents()} == {MIRROR}


def test_the_script_builds_the_documents_that_are_bundled() -> None:
    # a PDF's bytes also depend on the library's version, so its size is compared roughly and its figures elsewhere
    here = bundled()
    for name, (data, _) in documents().items():
        if name.endswith(".pdf"):
            assert here[name].startswith(b"%PDF-")
            assert len(data) / 2 < len(here[name]) < len(data) * 2
        else:
            assert here[name] == data


def test_the_figures_add_up_to_the_totals_that_were_published() -> None:
    *years, (_, _, received, allotted) = YEARS
    assert (received, allotted) == (36689, 9131) == (sum(y[2] for y in years), sum(y[3] for y in years))
    for *rows, total in (INDUSTRIES, PLACES):
        assert total[2] == 9131 == sum(row[2] for row in rows)
    assert (len(years), len(INDUSTRIES) - 1, len(PLACES) - 1) == (16, 15, 11)
