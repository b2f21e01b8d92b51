"""Lines and tables → the blocks of a document, in reading order.

What belongs here: handing each line to the one that reads it: text tables, flattened tables, notes, paragraphs.
What must never happen here: losing a line or giving it twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipelines.model import Block, Finding, Grid, GridKind, Paragraph, Place, Severity
from pipelines.read.bounds import Clock, OverLimitError
from pipelines.read.columns import read_columns
from pipelines.read.flattened import find_flattened, flat_cells
from pipelines.read.flow import Item, Line, TableItem
from pipelines.read.lines import SPACES, folded, is_stars
from pipelines.read.markup import is_form, read_table
from pipelines.read.notes import as_notes, find_notes
from pipelines.read.textblocks import CLOSING, caption_above, find_tables, tightened
from pipelines.settings import ReadLimits

_WRAPPED = range(50, 101)  # length of the lines of hard-wrapped plain text
_HEADLINE_LINES = 5
_LONGEST_HEADLINE = 400


@dataclass(slots=True)
class Assembly:
    """Collects the blocks of one document.

    path   node path of the body, None in plain text
    plain  the lines are those of a plain-text document
    """

    document_id: str
    path: str | None
    plain: bool
    limits: ReadLimits
    clock: Clock
    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    grids: int = 0
    cells: int = 0
    title: str = ""
    _closed: bool = False

    # ------------------------------------------------------------------------------------------ items

    def add(self, items: list[Item]) -> None:
        """Take the lines and tables of a body, in reading order."""
        stretch: list[Line] = []
        stretch_start = True
        touching = False
        for item in items:
            if isinstance(item, Line):
                stretch.append(item)
                continue
            caption = caption_above(stretch, len(stretch))
            keep = stretch if caption is None else [*stretch[:caption], *stretch[caption + 1 :]]
            self._lines(keep, touching=touching, first=stretch_start)
            self._table(item, folded(stretch[caption].text) if caption is not None else "")
            stretch, stretch_start, touching = [], False, True
        self._lines(stretch, touching=touching, first=stretch_start)

    def _table(self, item: TableItem, caption: str) -> None:
        queue = [item.element]
        while queue:
            self.clock.look()
            element = queue.pop(0)
            path = element.getroottree().getpath(element)
            markup = read_table(element, path, self.limits, self.clock)
            if markup.cut:
                self.warn(
                    "over-limit",
                    f"A table goes over the limit {markup.cut} = {getattr(self.limits, markup.cut)}; it was cut there.",
                    path,
                )
            notes = as_notes(markup.grid) if markup.grid is not None and self.grids else ()
            if notes:
                self._attach(notes)
            elif markup.grid is not None:
                grid = replace(markup.grid, caption=markup.grid.caption or caption)
                caption = ""
                self._grid(grid)
            queue[:0] = markup.nested

    def _grid(self, grid: Grid) -> None:
        self.cells += len(grid.cells)
        if self.cells > self.limits.max_cells:
            raise OverLimitError("max_cells", f"The document holds more than {self.limits.max_cells} cells.")
        self.blocks.append(replace(grid, ordinal=self.grids))
        self.grids += 1

    # ------------------------------------------------------------------------------------------ lines

    def _lines(self, lines: list[Line], *, touching: bool, first: bool) -> None:
        at = self._headline(lines) if first else 0
        lines = tightened(lines[at:])
        at = 0
        for found in find_tables(lines, self.clock):
            layout = read_columns(lines[found.start : found.stop], self.path, self.clock)
            if layout is None:
                continue
            top = found.start if found.caption is None else found.caption
            self._rest(lines[at:top], touching=touching)
            where = Place(path=self.path, line=lines[found.start].number)
            if layout.doubtful:
                self.warn(
                    "column-not-told",
                    f"In {len(layout.doubtful)} lines of a text table the place of a figure does not tell its column; "
                    f"each was left whole (the first: line {layout.doubtful[0]}).",
                    str(where),
                )
            caption = folded(lines[top].text) if found.caption is not None else ""
            form = is_form(layout.cells, layout.n_rows, layout.n_cols)
            self._grid(
                Grid(
                    0, GridKind.TEXT, layout.n_rows, layout.n_cols, layout.cells, where, layout.header_rows, caption,
                    is_form=form, parts=(where,),
                )
            )  # fmt: skip
            touching, at = True, found.stop
        self._rest(lines[at:], touching=touching)

    def _headline(self, lines: list[Line]) -> int:
        """The lines above the row of asterisks are the headline; gives the index of the first line of the body."""
        filled = [i for i, line in enumerate(lines[:40]) if line.text][: _HEADLINE_LINES + 1]
        stars = next((i for i in filled if is_stars(lines[i].text)), None)
        if stars is None:
            return 0
        above = [lines[i] for i in filled if i < stars]
        if sum(len(line.text) for line in above) > _LONGEST_HEADLINE:
            return 0  # a row of asterisks between paragraphs
        if above:
            text = " ".join(folded(line.text) for line in above)
            self.title = self.title or text
            self.blocks.append(Paragraph(text, Place(path=self.path, line=above[0].number), "headline"))
        return stars + 1

    def _rest(self, lines: list[Line], *, touching: bool) -> None:
        """Lines outside text tables: flattened tables, notes and paragraphs."""
        self.clock.look()
        at = 0
        for flat in find_flattened(lines, self.clock):
            self._prose(lines[at : flat.start], touching=touching)
            cells = flat_cells(lines[flat.start : flat.stop], self.path)
            where = Place(path=self.path, line=lines[flat.start].number)
            self._grid(Grid(0, GridKind.FLATTENED, len(cells), 1, cells, where, parts=(where,)))
            touching, at = True, flat.stop
        self._prose(lines[at:], touching=touching)

    def _prose(self, lines: list[Line], *, touching: bool) -> None:
        at = 0
        while self.grids and (notes := find_notes(lines, at, touching=touching)) is not None:
            self._paragraphs(lines[at : notes.start])
            self._attach(notes.texts)
            at, touching = notes.stop, False
        self._paragraphs(lines[at:])

    def _attach(self, notes: tuple[str, ...]) -> None:
        """Give notes to the last grid above them."""
        for i in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[i]
            if isinstance(block, Grid):
                self.blocks[i] = replace(block, notes=block.notes + notes)
                return

    def _paragraphs(self, lines: list[Line]) -> None:
        said: list[str] = []
        first: Line | None = None
        previous: Line | None = None
        for line in lines:
            self.clock.check()
            if line.text and CLOSING.match(line.text):
                self._closed = True
            starts = previous is None or not line.text or not previous.text or self._is_new(line, previous)
            if starts or (line.text and CLOSING.match(line.text)):
                self._say(said, first)
                said, first = [], None
            if line.text:
                said.append((" " if line.pre or self.plain else "\n") + folded(line.text))
                first = first or line
            previous = line
        self._say(said, first)

    def _is_new(self, line: Line, previous: Line) -> bool:
        if not self.plain:
            return line.breaks
        wrapped = len(previous.text) in _WRAPPED and not previous.text.rstrip().endswith(
            (".", ":", "。", "：", ";", "；")
        )
        return not wrapped or line.text[:1] in SPACES

    def _say(self, said: list[str], first: Line | None) -> None:
        text = "".join(said).strip()
        if not text or first is None:
            return
        closing = bool(CLOSING.match(first.text)) or (self._closed and len(text) < 60)
        self.blocks.append(Paragraph(text, Place(path=self.path, line=first.number), "closing" if closing else ""))

    def warn(self, code: str, message: str, where: str = "", severity: Severity = Severity.WARNING) -> None:
        """Add a finding about this document."""
        self.findings.append(Finding("read", code, severity, message, "", self.document_id, where=where))
