"""A new series from a table that was seen: its card, its vocabulary, and its golden folder, as files to be edited.

Belongs here: finding the table of the last refresh, and writing what `pipelines.shape.skeleton` drafts.  Must never:
write over a file, import Dagster, or carry the sentences of a document into the project (figures and labels only).
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from pipelines import cards as cards_of
from pipelines.model import Document, Grid, TableProof
from pipelines.orchestration import cache, steps
from pipelines.settings import Settings


class DraftError(ValueError):
    """The series cannot be drafted; the message says why, and what can be done."""


def draft_series(settings: Settings, table: TableProof, name: str) -> tuple[list[Path], int]:
    """Writes card, vocabulary and golden folder of the series `name`; returns the files and how many observations the
    draft gives.

    The golden document holds the title and the table alone.  `expected.csv` holds what the draft gives for it: a
    person has to compare it with the release.  Raises DraftError where the name is taken or no name, or the table
    gives no draft; nothing is written then.
    """
    from pipelines.shape.skeleton import skeleton

    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise DraftError(
            f"{name!r} is no name for a series: small letters, digits and underscores, such as gep_by_place."
        )
    known = cards_of.load(settings.series, settings.vocabulary, settings.corrections)
    document = _document_of(settings, table)
    try:
        draft = skeleton(name, document, table, known)
    except ValueError as error:
        raise DraftError(f"{error}.") from None
    golden = settings.series.parent.parent / "tests" / "golden" / name / "first"
    files = {
        settings.series / f"{name}.yaml": draft.card,
        **{settings.vocabulary / file: text for file, text in draft.vocabularies.items()},
        golden / "document.html": _page(document, table.grid),
    }
    for path in files:
        if path.exists():
            raise DraftError(f"{path} is there already.  Take another name; nothing was written.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    expected, observations = _expected(settings, golden / "document.html", name)
    (golden / "expected.csv").write_text(expected, encoding="utf-8")
    return [*files, golden / "expected.csv"], observations


def _document_of(settings: Settings, table: TableProof) -> Document:
    made: steps.Made = steps.handed_over(settings, "read")
    keys = [key for content_hash, key in made.keys if table.table_id.startswith(content_hash[:16])]
    with cache.opened(settings.stage, "read") as remembered:
        for _, result in remembered.get(keys):
            if result.document is not None:
                document: Document = result.document
                return document
    raise DraftError(f"The document of {table.table_id} is no longer remembered.  Run: talent refresh")


def _expected(settings: Settings, page: Path, name: str) -> tuple[str, int]:
    """What the draft gives for the golden document, as the golden file has it."""
    from pipelines.prove import prove_document
    from pipelines.read import read_document
    from pipelines.shape import shape_document
    from pipelines.shape.golden import as_csv

    read = read_document(page.read_bytes(), name=page.name).document
    if read is None:
        return as_csv(()), 0
    cards = cards_of.load(settings.series, settings.vocabulary, settings.corrections)
    shaped = shape_document(read, prove_document(read), cards)
    found = [o for o in shaped.observations if o.series == name]
    return as_csv(found), len(found)


def _page(document: Document, grid: Grid) -> str:
    """The title and the table, as a page of its own."""
    title = html.escape(document.release.title or grid.caption or "")
    said = [
        "<!DOCTYPE html>",
        "<!-- For tests: title and table of a release, figures as published. -->",
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>',
        f"<h1>{title}</h1>",
        *([f"<p>{html.escape(grid.caption)}</p>"] if grid.caption and grid.caption != document.release.title else []),
        '<table border="1">',
    ]
    rows: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.col)):
        tag = "th" if cell.header else "td"
        spans = "".join(
            f' {kind}span="{span}"' for kind, span in (("row", cell.rowspan), ("col", cell.colspan)) if span > 1
        )
        marks = "".join(f"<sup>{html.escape(mark)}</sup>" for mark in cell.marks)
        text = html.escape(cell.bare).replace("\n", "<br>")
        rows.setdefault(cell.row, []).append(f"<{tag}{spans}>{text}{marks}</{tag}>")
    said += [f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items())]
    return "\n".join([*said, "</table>", "</body></html>", ""])
