"""Law 2: a numeric cell that no one accounts for is found, counted from what was read."""

from pathlib import Path

import pytest

from pipelines.capture import load_bytes, walk
from pipelines.cards import load
from pipelines.check import coverage
from pipelines.model import Cell, Disposition, Document, Fate, Grid, GridKind, Medium, Place, ReleaseFacts, Severity
from pipelines.model import cell_id as id_of_cell
from pipelines.prove import prove_document
from pipelines.read import read_document
from pipelines.settings import Settings
from pipelines.shape import shape_document


def document(*texts: str) -> Document:
    cells = tuple(Cell(row, 0, text, text, Place(line=row + 1)) for row, text in enumerate(texts))
    grid = Grid(0, GridKind.MARKUP, len(texts), 1, cells, Place(line=1))
    return Document("d" * 16, "d" * 64, "", Medium.HTML, "utf-8", "C", ReleaseFacts(), (grid,))


def fate(row: int, of: Fate = Fate.FACT) -> Disposition:
    table = f"{'d' * 16}-t000"
    return Disposition(id_of_cell(table, row, 0), table, "d" * 16, of, "")


def test_every_cell_with_a_digit_of_any_script_must_have_one_fate() -> None:
    read = document("Year", "2007", "１ ３５８", "٤٢", "-", "")
    assert coverage([read], [fate(1), fate(2), fate(3)]).holds
    result = coverage([read], [fate(1), fate(3)])
    assert (result.numeric, result.holds) == (3, False)
    assert result.lost == (fate(2).cell_id,)
    assert [(f.code, f.severity, f.cell_id) for f in result.findings] == [
        ("cell-absorbed", Severity.ERROR, fate(2).cell_id)
    ]


def test_a_cell_with_two_fates_and_a_fate_without_a_cell_are_found() -> None:
    result = coverage([document("1", "2")], [fate(0), fate(1), fate(1, Fate.QUARANTINE), fate(7)])
    assert (result.doubled, result.strays) == ((fate(1).cell_id,), (fate(7).cell_id,))
    assert [f.code for f in result.findings] == ["cell-counted-twice", "fate-without-cell"]


def test_an_absence_may_have_a_fate_too() -> None:
    result = coverage([document("1", "-")], [fate(0), fate(1, Fate.QUARANTINE)])
    assert result.holds
    assert dict(result.fates) == {Fate.FACT: 1, Fate.QUARANTINE: 1, Fate.UNCLAIMED: 0, Fate.IGNORED: 0}


def shaped() -> tuple[list[Document], list[Disposition]]:
    """The bundled documents, read, proven and shaped."""
    settings = Settings()
    cards = load(settings.series, settings.vocabulary, settings.corrections)
    captures, _ = walk(settings.raw / "facsimile")
    documents: list[Document] = []
    fates: list[Disposition] = []
    for capture in captures:
        data = load_bytes(settings.raw / "facsimile", capture)
        read = read_document(data, name=capture.original_name, source_url=capture.source_url).document
        assert read is not None, capture.path
        documents.append(read)
        fates += shape_document(read, prove_document(read, ()), cards).dispositions
    return documents, fates


def test_the_bundled_documents_are_covered_and_a_cell_dropped_in_shaping_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents, fates = shaped()
    whole = coverage(documents, fates)
    assert whole.holds
    assert whole.numeric > 200

    from pipelines.shape import fates as room

    real = room.numeric
    dropped = next(d.cell_id for d in fates if d.fate is Fate.FACT)

    def forgetful(cell: Cell, proof: object, *rest: object) -> bool:
        return id_of_cell(proof.table_id, cell.row, cell.col) != dropped and real(cell, proof, *rest)  # type: ignore

    monkeypatch.setattr(room, "numeric", forgetful)
    result = coverage(*shaped())
    assert result.lost == (dropped,)
    assert [f.code for f in result.findings] == ["cell-absorbed"]


def test_counting_does_not_ask_the_rooms_that_come_later() -> None:
    source = (Path(__file__).resolve().parents[2] / "pipelines/check/coverage.py").read_text()
    assert "pipelines.shape" not in source
    assert "pipelines.prove" not in source
