"""Thin adapters between the rooms and the scorers: each turns a room's own types into a scorer's form.

What must never stand here: a rule, a threshold, anything that changes an answer.
"""


def pdf_tables(path: str, regions: object = None) -> list[dict[str, object]]:
    """Tables of a PDF page by page (before stitching), as `bench/icdar.py` wants them; `regions` is not used."""
    from pathlib import Path

    from pipelines.read.pdf.reading import page_grids
    from pipelines.settings import ReadLimits

    grids, _ = page_grids(Path(path).read_bytes(), ReadLimits(), "bench")
    return [
        {
            "page": grid.place.page,
            "cells": [[c.row, c.row + c.rowspan - 1, c.col, c.col + c.colspan - 1, c.text] for c in grid.cells],
        }
        for grid in grids
    ]


def flattened(lines: list[str]) -> list[list[int] | None]:
    """Flattened rows, for ../shared/bench/flattened.py: the numbers of each line, or None where they cannot be told."""
    from pipelines.prove.flattened import rows

    return [None if numbers is None else list(numbers) for numbers in rows(lines)]
