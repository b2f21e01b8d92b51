"""A resolved table as shaping looks at it: what its columns are headed, what its rows are called, which cells count.

What belongs here: position and words.  What does not: cards, periods, vocabularies, meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.model import Cell, CellProof, TableProof

_RULE = re.compile(r"[-_=─━]{4,}")


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the body that prints figures.

    own     its stub as printed, cells joined by a space
    above   stubs of the label-only rows directly above it that no other row owns, nearest first
    below   the same below it, nearest first
    proofs  its numeric cells in column order
    """

    row: int
    own: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    proofs: tuple[CellProof, ...]


@dataclass(frozen=True, slots=True)
class View:
    """One table.  `columns` are those that hold figures, with what stands above each in the header, top down;
    `label_of` holds the stub of every row that has one."""

    proof: TableProof
    header: int
    columns: tuple[int, ...]
    headed: dict[int, tuple[str, ...]]
    stub_head: str
    header_texts: tuple[str, ...]
    rows: tuple[RowView, ...]
    cells: dict[tuple[int, int], Cell]
    section: dict[int, str]
    label_of: dict[int, str]


_DIGIT = re.compile(r"\d")
_CAPTION = re.compile(
    r"(?:table|annex|appendix|schedule)\s+[\divxa-z]{1,4}\s*[.:)–-]|[表附][件表錄录]?\s*[\d一二三四五六七八九十]+\s*[：:．.]",
    re.I,
)


def is_caption(text: str) -> bool:
    """Whether a line is the title of a table by its own words: "TABLE 2. ...", "表一：……"."""
    return _CAPTION.match(text.strip()) is not None


def drawn(cell: Cell | None) -> bool:
    """Whether a cell holds a rule drawn with characters ("----------"), which is no figure and no absence of one."""
    return cell is not None and _RULE.fullmatch(cell.text.strip()) is not None


def has_digit(text: str) -> bool:
    """Whether a text holds a digit of any script."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(c.isdigit() for c in text))


def headers(proof: TableProof) -> Iterator[int]:
    """How many rows may be the header: as the proof says, then fewer, while the last of them prints nothing beyond its
    first column (it may be the label of the first row that lost its figures: "(June to December)" / "587 83")."""
    grid = proof.grid
    first = min((p.row for p in proof.cells), default=grid.n_rows)
    header = proof.frame.header_rows or first
    yield header
    wide = {c.row for c in grid.cells if c.row < header and c.text.strip() and (c.col > 0 or c.colspan > 1)}
    while header > 1 and header - 1 not in wide:
        header -= 1
        yield header


def of(proof: TableProof, tail: str = "", header: int | None = None) -> View:
    """The view of one judged table.  Linear in its cells and what their spans cover in header and stub.

    tail    words right below the table that may be the end of its last label (see `Context.tail`)
    header  how many rows are its header; None = as the proof says (see `headers`)
    """
    grid, frame = proof.grid, proof.frame
    cells = {(c.row, c.col): c for c in grid.cells}
    by_row: dict[int, list[CellProof]] = {}
    for judged in proof.cells:
        if not drawn(cells.get((judged.row, judged.col))):
            by_row.setdefault(judged.row, []).append(judged)
    header = next(headers(proof)) if header is None else header
    columns = tuple(sorted({p.col for r, several in by_row.items() if r >= header for p in several}))
    stub = min(frame.stub_cols, columns[0] if columns else frame.stub_cols)
    over: dict[int, list[str]] = {c: [] for c in columns}
    head: list[str] = []
    everything: list[str] = []
    stubs: dict[int, list[str]] = {}
    other: set[int] = set()
    for cell in grid.cells:
        text = cell.text.strip()
        if not text:
            continue
        if cell.row < header:
            everything.append(text)
            # a text that begins over the stub and runs over the figures heads no column by itself
            span = range(cell.col, cell.col + cell.colspan) if cell.col >= stub else range(0)
            for column in columns:
                if column in span:
                    over[column].append(text)
            if cell.col < max(stub, 1) and cell.colspan <= max(stub, 1):
                head.append(text)
        elif cell.col < stub:
            for row in range(cell.row, cell.row + cell.rowspan):
                stubs.setdefault(row, []).append(text)
        elif cell.row not in by_row and not drawn(cell):
            other.add(cell.row)
    names = {row: " ".join(said) for row, said in stubs.items()}
    rows, section = _rows(by_row, names, other, header, grid.n_rows)
    if tail and rows and not rows[-1].below:
        rows[-1] = replace(rows[-1], below=(tail,))
    return View(
        proof, header, columns, {c: tuple(t) for c, t in over.items()}, "\n".join(head), tuple(everything),
        tuple(rows), cells, section, names,
    )  # fmt: skip


def _rows(
    by_row: dict[int, list[CellProof]], names: dict[int, str], other: set[int], header: int, n_rows: int
) -> tuple[list[RowView], dict[int, str]]:
    """Rows with figures, each with the label-only rows around it; and the last label-only row before each."""
    body = sorted(r for r in by_row if r >= header)
    rows: list[RowView] = []
    section: dict[int, str] = {}
    for i, r in enumerate(body):
        above = tuple(_labels(range(r - 1, (body[i - 1] if i else header - 1), -1), names, other))
        below = tuple(_labels(range(r + 1, body[i + 1] if i + 1 < len(body) else n_rows), names, other))
        proofs = tuple(sorted(by_row[r], key=lambda p: p.col))
        rows.append(RowView(r, names.get(r, ""), above, below, proofs))
        section[r] = above[0] if above else section.get(body[i - 1], "") if i else ""
    return rows, section


def _labels(span: range, names: dict[int, str], other: set[int]) -> Iterator[str]:
    """Label-only rows in the order of `span`, until a row that is blank or prints something beyond its stub."""
    for r in span:
        if r in other:
            return
        if names.get(r):
            yield names[r]
