"""The words around a table: which scheme they name, which phrases they hold.

What belongs here: title, captions and lead-ins of one document.  What does not: what stands inside a table.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from pipelines.cards import Cards, SeriesCard, fold
from pipelines.model import Document, Grid, GridKind, Paragraph
from pipelines.shape.view import is_caption

ANY = "any"
LEAD_IN = _LEAD_IN = 3  # paragraphs before a table that may introduce it
_NOTES = 8  # paragraphs below a table that may be its notes
_NOTE = re.compile(
    r"\s*(?:[*#@^†‡※]|[\[(（【]?\s*(?:(?:notes?|remarks?)(?![a-z])|註|注(?![意冊册資资])|備註|备注))", re.IGNORECASE
)
_RULES = re.compile(r"[-_=]{3,}")
_CODE = re.compile(r"[(（]\s*([ivx]{1,5}|[a-h])\s*[)）]\s*[「“\"']?(?:the\s+)?$")
_CODES = 2  # names with a code before them that make a list


# an underscore joins the words of a file's name, which is the title of open data
_SAME = str.maketrans({"／": "/", "╱": "/", "_": " "})


def _plain(text: str) -> str:
    """The form in which names of schemes are looked for."""
    return text.casefold().translate(_SAME)


@lru_cache(maxsize=16)
def _names(labels: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all names of schemes, the longest first, so that a name within a name is not seen."""
    codes = {_plain(label): code for label, code in labels}
    ordered = sorted(codes, key=len, reverse=True)
    parts = [rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in ordered]
    return re.compile("|".join(parts) or r"(?!)"), codes


def caption_of(grid: Grid) -> str:
    """The caption of a table; of a flattened one, whose title may have been read as its first line, that line."""
    if not grid.caption and grid.kind is GridKind.FLATTENED and grid.cells and is_caption(grid.cells[0].text):
        return grid.cells[0].text
    return grid.caption


def is_note(text: str) -> bool:
    """Whether a paragraph is marked as a note of the table above it, and so introduces none below it."""
    return _NOTE.match(text) is not None


class Context:
    """The words of one document.  Linear in the document, however many tables it has."""

    def __init__(self, document: Document, cards: Cards) -> None:
        self._document = document
        schemes = cards.vocabularies.get("schemes")
        labels = tuple((label, t.code) for t in schemes.terms for label in t.labels) if schemes else ()
        self._pattern, self._codes = _names(labels)
        self._title = document.release.title or next((p.text for p in document.paragraphs if p.role == "headline"), "")
        self._of_title = self._named(self._title)
        self._title_folded = fold(self._title)
        self._at: dict[int, int] = {}
        self._near: dict[int, frozenset[str]] = {}
        self._far: dict[int, int] = {}
        self._before: dict[int, tuple[Grid | None, tuple[str, ...]]] = {}
        self._lead: dict[int, tuple[str, ...]] = {}
        self._folded: dict[str, str] = {}
        named: frozenset[str] = frozenset()
        lead: tuple[str, ...] = ()
        far = 0
        last: Grid | None = None
        since: tuple[str, ...] = ()
        for i, block in enumerate(document.blocks):
            if isinstance(block, Paragraph):
                here = self._named(block.text)
                named, far = (here, 1) if here else (named, far + 1)
                lead = (block.text, *lead[: _LEAD_IN - 1])
                since = (*since[-_LEAD_IN:], block.text)
            else:
                self._before[block.ordinal] = last, since
                last, since = block, ()
                self._at[block.ordinal], self._near[block.ordinal], self._lead[block.ordinal] = i, named, lead
                self._far[block.ordinal] = far

    @property
    def title(self) -> str:
        return self._title

    def _named(self, text: str) -> frozenset[str]:
        return frozenset(self._codes[m.group()] for m in self._pattern.finditer(_plain(text)))

    def coded(self, grid: Grid) -> dict[str, str]:
        """The schemes that the lead-in gives codes to ("(i) the Quality Migrant Admission Scheme, (ii) ..."), by the
        code as a header prints it, folded; from the nearest paragraph with such a list."""
        for text in self._lead.get(grid.ordinal, ()):
            said = _plain(text)
            found: dict[str, str] = {}
            for m in self._pattern.finditer(said):
                before = _CODE.search(said[: m.start()])
                if before is not None and found.setdefault(fold(f"({before[1]})"), m.group()) != m.group():
                    return {}
            if len(found) >= _CODES:
                return found
        return {}

    def lead(self, grid: Grid) -> str:
        """The paragraph right before a table."""
        return next(iter(self._lead.get(grid.ordinal, ())), "")

    def leads(self, grid: Grid) -> tuple[str, ...]:
        """The paragraphs right before a table, nearest first."""
        return self._lead.get(grid.ordinal, ())

    def before(self, grid: Grid) -> tuple[Grid | None, tuple[str, ...]]:
        """The table before a table, and the last paragraphs between the two (one more than may introduce a table where
        there are more)."""
        return self._before.get(grid.ordinal, (None, ()))

    def notes(self, grid: Grid) -> tuple[str, ...]:
        """The paragraphs right below a table that are marked as notes."""
        below = self._document.blocks[self._at.get(grid.ordinal, len(self._document.blocks)) + 1 :][:_NOTES]
        texts = (b.text if isinstance(b, Paragraph) else "" for b in below)
        return tuple(itertools.takewhile(is_note, texts))

    def tail(self, grid: Grid) -> str:
        """The words right below a table where they can only be the end of its last label, else "".

        In text tables a label may end in the line of the closing rule ("at end of period ----------"), which then is
        read as a paragraph: a few words without a figure, in lower case.
        """
        at = self._at.get(grid.ordinal, -1) + 1
        blocks = self._document.blocks
        if grid.kind is not GridKind.TEXT or not 0 < at < len(blocks):
            return ""
        block = blocks[at]
        said = _RULES.sub(" ", block.text).strip() if isinstance(block, Paragraph) else ""
        return said if said[:1].islower() and len(said) <= 40 and not any(c.isdigit() for c in said) else ""

    def scheme(self, grid: Grid) -> frozenset[str]:
        """The schemes named nearest to the figures: in the table's header, else in its caption, else in the nearest
        paragraph before it that names one, else in the title.  Where that paragraph names several, those of the title
        among them."""
        head = itertools.takewhile(lambda c: c.row < max(1, grid.header_rows), grid.cells)
        by_header = self._named("\n".join(c.text for c in head)) if grid.kind is not GridKind.FLATTENED else None
        if by_header:
            return by_header
        near = self._named(caption_of(grid)) or self._near.get(grid.ordinal, frozenset())
        if not near:
            return self._of_title
        return near & self._of_title if len(near) > 1 and near & self._of_title else near

    def only(self, grid: Grid) -> frozenset[str]:
        """The one scheme that a table can be given whose own words name none: nothing where the words that decide
        name several, or stand further off than a lead-in does and the title does not name the same."""
        named = self.scheme(grid)
        caption = self._named(caption_of(grid))
        if len(named) != 1 or named <= caption or grid.ordinal not in self._near:
            return named if len(named) == 1 and len(caption) <= 1 else frozenset()
        near = self._near[grid.ordinal]
        if near == named and self._far[grid.ordinal] > _LEAD_IN and named != self._of_title:
            return frozenset()
        return named if len(near) <= 1 else frozenset()

    def holds(self, card: SeriesCard, grid: Grid) -> bool:
        """Whether the words around the table allow the card."""
        said = card.recognise
        if said.scheme and not self._allows(said.scheme, grid):
            return False
        if not card.context and not card.without:
            return True
        own = (self._title_folded, self._fold(caption_of(grid)))
        leads = tuple(self._fold(text) for text in self._lead.get(grid.ordinal, ()))
        if any(phrase in text for phrase in card.without for text in (*own, *leads[:1])):
            return False
        return not card.context or any(phrase in text for phrase in card.context for text in (*own, *leads))

    def _allows(self, wanted: str, grid: Grid) -> bool:
        named = self.scheme(grid)
        return bool(named) if wanted == ANY else named == {wanted}

    def _fold(self, text: str) -> str:
        if text not in self._folded:
            self._folded[text] = fold(text)
        return self._folded[text]
