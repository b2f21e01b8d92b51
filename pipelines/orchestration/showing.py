"""What stands at the place of a cell, for people who doubt a figure: a picture of a PDF, an excerpt of a page or text.

Belongs here: from a cell of the published warehouse to the captured bytes, and from these to what a person can look
at.  Must never: import Dagster, show bytes that are not those captured, or judge what is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.model import CellProof, Place, TableProof, Verdict
from pipelines.orchestration import steps
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.publish.trace import Traced

_NAMED_WRONG = "The wrong figure:"  # how the proof opens the argument of a cell that it has located
_SCALE = 2.0
_AROUND = 60.0  # points of the page above and below the cell in a small picture


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands at a place: a picture (PNG) of the page with the cell boxed, or the lines around the cell, it marked.

    `excerpt` says in words why nothing can be shown, where `missing`.
    """

    picture: bytes = b""
    excerpt: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Doubted:
    """A cell of a table whose sums fail, located by the proof, and what stands there."""

    table_id: str
    place: str
    text: str
    argument: str
    shown: Shown


def doubted(settings: Settings, table_ids: Iterable[str], *, most: int) -> list[Doubted]:
    """The first `most` cells that the proof holds wrong, of these tables of the last refresh; of PDF cells a small
    picture.  A table whose wrong cell could not be located has none here.
    """
    found: list[Doubted] = []
    captures = {c.content_hash[:16]: c for c in steps.taken_in(settings).captures}
    for table_id in table_ids:
        for table in steps.find_table(settings, table_id):
            capture = captures.get(table.table_id[:16])
            for cell in _wrong(table) if capture is not None else ():
                place, text = next(
                    (c.place, c.text) for c in table.grid.cells if (c.row, c.col) == (cell.row, cell.col)
                )
                assert capture is not None
                if len(found) == most:
                    return found
                seen = _of_bytes(settings.raw / capture.path, capture.content_hash, place, small=True)
                found.append(Doubted(table.table_id, str(place), text, cell.argument, seen))
    return found


def _wrong(table: TableProof) -> list[CellProof]:
    """The cells that the proof names as wrong; where it names none, those that a failed sum reaches."""
    if not table.confined:
        return []
    reached = [c for c in table.cells if c.verdict is Verdict.CONTRADICTED]
    return [c for c in reached if c.argument.startswith(_NAMED_WRONG)] or reached


def of_place(data: bytes, place: Place, text: str = "", *, scale: float = _SCALE) -> Shown:
    """What stands at the place of these bytes; never raises for a place that they do not have.

    `text`: the figure as printed, marked alone where the place is a whole line.
    """
    from pipelines.read import place_excerpt
    from pipelines.read.pdf import picture

    try:
        if place.page is not None:
            return Shown(picture=picture(data, place, scale=scale))
        return Shown(excerpt=place_excerpt(data, place, text))
    except (LookupError, ValueError) as error:
        return Shown(excerpt=f"It cannot be shown: {error}", missing=True)


def of_cells(settings: Settings, cells: Sequence[str]) -> dict[str, Shown]:
    """What the documents show at these cells of the published warehouse (`cell_id` of core.sources), by cell.

    Raises FileNotFoundError where there is no warehouse.
    """
    import duckdb

    if not settings.database.exists():
        raise FileNotFoundError(f"There is no warehouse at {settings.database}.  Make it with `talent refresh`.")
    query = """
        SELECT s.cell_id, s.path, s.content_hash, s.text, c.page, c.x0, c.top, c.x1, c.bottom, c.node,
            coalesce(k.line, c.line), coalesce(k.char_start, c.char_start), coalesce(k.char_end, c.char_end)
        FROM core.sources AS s INNER JOIN staging.cells AS c ON c.cell_id = s.source_cell_id
        -- of a line that was split, the characters of this very figure
        INNER JOIN core.cells AS k ON k.cell_id = s.cell_id
        WHERE list_contains(?::VARCHAR[], s.cell_id) ORDER BY s.cell_id
    """
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        found = connection.execute(query, [list(cells)]).fetchall()
    return {row[0]: _of_row(settings.raw, *row[1:]) for row in found}


def _of_row(raw: Path, path: str, content_hash: str, text: str, *where: Any) -> Shown:
    page, x0, top, x1, bottom, node, line, start, end = where
    place = Place(
        page=page,
        box=None if x0 is None else (x0, top, x1, bottom),
        path=node,
        line=line,
        chars=None if start is None else (start, end),
    )
    return _of_bytes(raw / path, content_hash, place, text)


def _of_bytes(path: Path, content_hash: str, place: Place, text: str = "", *, small: bool = False) -> Shown:
    try:
        data = path.read_bytes()
    except OSError as error:
        return Shown(excerpt=f"{path} cannot be read: {error.strerror or error}.", missing=True)
    if hashlib.sha256(data).hexdigest() != content_hash:
        return Shown(excerpt=f"{path} no longer holds the bytes that the figure was read from.", missing=True)
    seen = of_place(data, place, text)
    return Shown(picture=_cut(seen.picture, place)) if small and seen.picture else seen


def _cut(picture: bytes, place: Place) -> bytes:
    """The band of the page around the box, as wide as the page; small enough to stand in Dagster's event log."""
    import io

    from PIL import Image

    if place.box is None:
        return picture
    with Image.open(io.BytesIO(picture)) as page:
        top = max(0, round((place.box[1] - _AROUND) * _SCALE))
        bottom = min(page.height, round((place.box[3] + _AROUND) * _SCALE))
        band = page.crop((0, top, page.width, max(bottom, top + 1))).quantize(32)
        out = io.BytesIO()
        band.save(out, format="PNG", optimize=True)
    return out.getvalue()


def write_trace(traced: Iterable[Traced], shown: Mapping[str, Shown], folder: Path) -> list[Path]:
    """Writes trace.txt, and for each source a picture (.png) or an excerpt (.txt) named by measure and cell.

    Returns the files in the order of the trace, trace.txt first; a source that cannot be shown has none.
    """
    rows = list(traced)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "trace.txt"]
    files[0].write_text("\n\n".join(row.text for row in rows) + "\n", encoding="utf-8")
    for source in (source for row in rows for source in row.sources):
        seen = shown.get(source.cell_id, Shown(missing=True))
        if seen.missing:
            continue
        path = folder / f"{source.measure}-{source.cell_id}{'.png' if seen.picture else '.txt'}"
        head = f"{source.release}\n{source.source_url or source.path}\n{source.place}\n\n"
        path.write_bytes(seen.picture or f"{head}{seen.excerpt}\n".encode())
        files.append(path)
    return files
