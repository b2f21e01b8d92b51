"""The frozen types that the rooms hand to each other, and nothing else.

What belongs here: values that cross a door between two rooms.  What does not: behaviour beyond small derived
properties, I/O, anything that one room alone uses.  This module imports nothing of the project.

Coordinates: rows and columns are 0-based and count grid positions (a spanned cell stands at its top-left
position only); pages and lines are 1-based; boxes are in points, (x0, top, x1, bottom), origin top-left.

What a table makes by the hundred (`Cell`, `Place`, `Term`, `Identity`, `CellProof`) are named tuples, the rest frozen
dataclasses: a named tuple is made in a third of the time (0.43 against 1.31 microseconds a cell with its place).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

# --------------------------------------------------------------------------------------------- findings


class Severity(StrEnum):
    """How loud a finding is.  ERROR: figures were kept out because of it."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: what was wrong, in which document and where, what to do.

    `code` is a stable kebab-case word for the kind of finding ("total-not-met"); `message` and `remedy` are sentences.
    """

    room: str
    code: str
    severity: Severity
    message: str
    remedy: str = ""
    document_id: str | None = None
    table_id: str | None = None
    cell_id: str | None = None
    where: str = ""


# --------------------------------------------------------------------------------------------- capture


class CaptureKind(StrEnum):
    """How a document came to us; also the sub-folder of `raw/` that it lies in (FETCHED: the host's name)."""

    FACSIMILE = "facsimile"
    DROPPED = "dropped"
    FETCHED = "fetched"


@dataclass(frozen=True, slots=True)
class StandsFor:
    """The release that a facsimile stands for, as far as its capture record names it; any field may be empty.

    `number` is that of the title ("LCQ15"), `released` the release date, `address` where the release itself stands.
    """

    address: str = ""
    number: str = ""
    released: date | None = None


NO_RELEASE = StandsFor()


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes as served at a time, with what the capture record says of them.

    `path` is posix-style and relative to the raw folder.  `content_hash` is the SHA-256 of the bytes, in hex.
    `media_type` is sniffed from the bytes, never from the name ("text/html", "application/pdf", "text/plain",
    "text/csv", "application/octet-stream").  `source_url` is the address that the record gives, if any; `stands_for`
    the release that a facsimile stands for.
    """

    content_hash: str
    path: str
    size: int
    media_type: str
    kind: CaptureKind
    original_name: str
    captured_at: datetime | None = None
    source_url: str | None = None
    note: str = ""
    stands_for: StandsFor = NO_RELEASE


# --------------------------------------------------------------------------------------------- read


class Medium(StrEnum):
    """What kind of document the bytes turned out to be."""

    HTML = "html"
    PDF = "pdf"
    TEXT = "text"
    CSV = "csv"


class Place(NamedTuple):
    """Where in its document something stands.  Only the fields that its medium knows are set.

    page, box: PDF.  path: node path of HTML.  line: 1-based line of the decoded source (text, CSV, text tables
    in HTML: the line within the node `path`).  chars: half-open character range within that line.
    """

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    path: str | None = None
    line: int | None = None
    chars: tuple[int, int] | None = None

    def __str__(self) -> str:
        said = []
        if self.page is not None:
            said.append(f"page {self.page}")
        if self.box is not None:
            said.append("box ({:.0f}, {:.0f}, {:.0f}, {:.0f})".format(*self.box))
        if self.path is not None:
            said.append(self.path)
        if self.line is not None:
            said.append(f"line {self.line}")
        if self.chars is not None:
            said.append(f"characters {self.chars[0]}–{self.chars[1]}")
        return ", ".join(said) or "place unknown"


class Cell(NamedTuple):
    """One cell of a grid, as printed.

    text    the characters as printed, footnote marks included; runs of layout white space folded to one space,
            U+00A0 kept, a line break inside the cell kept as "\\n"
    bare    `text` without the marks that markup or glyphs set apart (equal to `text` where there are none)
    marks   those marks, in order ("*", "(2)", "Note 1", "1")
    indent  depth of the leading indentation, in characters or their equivalent; 0 = none
    header  True only where the markup itself says so (th, thead) or a header was seen repeated
    """

    row: int
    col: int
    text: str
    bare: str
    place: Place
    rowspan: int = 1
    colspan: int = 1
    marks: tuple[str, ...] = ()
    indent: int = 0
    header: bool = False


class GridKind(StrEnum):
    """How the grid was printed.

    FLATTENED: the boundaries of its cells are lost.  Such a grid has one cell a line (column 0, the whole line
    as printed); splitting the lines into labels and numbers is left to the proof.
    """

    MARKUP = "markup"
    TEXT = "text"
    RULED = "ruled"
    UNRULED = "unruled"
    CSV = "csv"
    FLATTENED = "flattened"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows × columns of cells with spans, as read; `cells` in row-major order, blank cells included.

    ordinal      0-based among the grids of the document, in reading order
    header_rows  rows at the top that the layout itself sets apart (thead, a rule drawn below, a repeated
                 header); 0 = the layout does not tell
    caption      title that belongs to the table by layout (<caption>, the line right above it), or ""
    notes        texts of the notes that stand under the table, in order
    is_form      a blank form: headers and labels, and no figure at all
    parts        the pieces that it was stitched from, where it ran over pages (else one: its own place)
    """

    ordinal: int
    kind: GridKind
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    place: Place
    header_rows: int = 0
    caption: str = ""
    notes: tuple[str, ...] = ()
    is_form: bool = False
    parts: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, in reading order with the grids; `role` is "" or "headline", "closing", "note"."""

    text: str
    place: Place
    role: str = ""


Block: TypeAlias = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What a document says of itself as a release.  Nothing is guessed: what it does not say is None or "".

    released, ..._evidence   the release date, and the words or address it was read from
    month_day                (month, day) where the year is not printed ("today (January 19)")
    not_before, ..._evidence a date before which it cannot have been released ("As of end 2021" → 2021-12-31)
    number                   "LCQ15" or ""
    twins                    addresses of the other language versions, by language
    attachments              (address, link text)
    """

    title: str = ""
    number: str = ""
    language: str = ""
    released: date | None = None
    released_evidence: str = ""
    month_day: tuple[int, int] | None = None
    not_before: date | None = None
    not_before_evidence: str = ""
    issued_at: str = ""
    twins: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What was read from a capture: paragraphs and grids in reading order.

    id         first 16 hex digits of the content hash: survives a re-run
    body_hash  hash of the normalised body: equal bodies in another wrapper are no new vintage
    template   page template that was recognised ("A", "B", "C"), "mirror", "plain" or ""
    """

    id: str
    content_hash: str
    body_hash: str
    medium: Medium
    encoding: str
    template: str
    release: ReleaseFacts
    blocks: tuple[Block, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Grid))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Paragraph))


@dataclass(frozen=True, slots=True)
class ReadResult:
    """`document` is None where nothing could be read; then a finding of severity ERROR says why."""

    document: Document | None
    findings: tuple[Finding, ...] = ()


def table_id(document_id: str, ordinal: int) -> str:
    """Id of a grid: content hash and place, so that it survives a re-run."""
    return f"{document_id}-t{ordinal:03d}"


def cell_id(table: str, row: int, col: int) -> str:
    """Id of a cell of a grid: the table's id and the position in the (resolved) grid."""
    return f"{table}-r{row:03d}c{col:03d}"


# --------------------------------------------------------------------------------------------- prove


class Absence(StrEnum):
    """Kinds of a figure that is not there.  None of them is zero."""

    NIL = "nil"
    NOT_AVAILABLE = "not available"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not applicable"
    NOT_YET_PUBLISHED = "not yet published"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number that the text of a cell can stand for, or the kind of its absence (then `value` is None).

    value     exact, as a decimal, scale applied: "$36.6 billion" → 36600000000
    quantum   stated precision, scale applied: the value of one unit in the last place printed ("36.6 billion" →
              100000000; "1 358" → 1; "12.50" → 0.01)
    unit      "%", "HK$", "US$", "人", … or "" where the cell does not say
    scale     power of ten that a word applied (billion → 9, 萬 → 4); 0 = none
    approx    "", "about", "over", "under", "near": a hedge that was printed with it
    start,end half-open range of the cell's `bare` text that the reading came from
    """

    value: Decimal | None
    quantum: Decimal = Decimal(1)
    unit: str = ""
    scale: int = 0
    approx: str = ""
    absence: Absence | None = None
    marks: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


class Verdict(StrEnum):
    """What is known of a cell's figure.  Definitions: the docstring of `pipelines/prove/__init__.py`."""

    PROVED = "proved"
    CONSISTENT = "consistent"
    UNPROVED = "unproved"
    AMBIGUOUS = "ambiguous"
    CONTRADICTED = "contradicted"

    @property
    def rank(self) -> int:
        """0 = strongest; the verdict of a row or a table is that of its weakest cell (the largest rank)."""
        return list(Verdict).index(self)

    @property
    def loads(self) -> bool:
        """Whether a figure with this verdict may enter the facts."""
        return self in (Verdict.PROVED, Verdict.CONSISTENT, Verdict.UNPROVED)


_WEAKEST_FIRST = tuple(reversed(Verdict))


def weakest(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a row or table; UNPROVED for an empty list (nothing was shown)."""
    return next((v for v in _WEAKEST_FIRST if v in verdicts), Verdict.UNPROVED)


class Basis(StrEnum):
    """What told us that an identity should hold."""

    LABEL = "label"  # a printed label says total, sub-total, surplus, "at end of period", (A+B)
    ARITHMETIC = "arithmetic"  # position and arithmetic alone
    PROSE = "prose"  # a sentence of the document restates the total
    DOCUMENT = "document"  # another table of the same document prints the same grand total
    CARD = "card"  # declared by a series card; evaluated after the verdict, corroborates or withholds only


class Term(NamedTuple):
    """One part of an identity: sign × the figure of a cell, or of a number in prose.

    `table` is the ordinal of the grid; None for a number in prose (then `text` holds it, `value` its reading).
    """

    sign: int
    table: int | None
    row: int
    col: int
    value: Decimal
    quantum: Decimal
    text: str = ""


class Identity(NamedTuple):
    """total = Σ ± parts, found in the document.

    kind      "sum", "difference", "average", "ratio", "change", "equality"
    holds     within the intervals that the stated precisions allow (XBRL Calculations 1.1)
    exact     holds with no slack at all: every term is printed to the unit
    gap       total − Σ ± parts, as printed (0 where it holds exactly)
    slack     the largest |gap| that rounding of the printed figures would explain; 0 where exact
    chance    upper bound of the probability that it would hold by luck, given how it was found
    explained the note of the document that explains a gap, or ""
    statement the identity written out, for people
    proves    it holds to the last digit printed, and luck would not do as much: it proves every figure that it
              reaches (a quotient: its total alone)
    """

    kind: str
    basis: Basis
    total: Term
    parts: tuple[Term, ...]
    holds: bool
    exact: bool
    gap: Decimal
    slack: Decimal
    chance: float
    statement: str
    explained: str = ""
    proves: bool = False


class CellProof(NamedTuple):
    """The judgement of one numeric cell of the resolved grid.

    readings    every reading that survives; exactly one unless AMBIGUOUS
    identities  indexes into `TableProof.identities` of those that reach the cell
    source      (row, col) of the cell of the grid *as read* that it came from (differs only where a
                flattened line was split)
    argument    why the verdict is what it is, one sentence for a person
    """

    row: int
    col: int
    verdict: Verdict
    readings: tuple[Reading, ...]
    identities: tuple[int, ...]
    argument: str
    source: tuple[int, int]
    correction: str = ""

    @property
    def reading(self) -> Reading | None:
        """The one reading that is left, or None where none or several are."""
        return self.readings[0] if len(self.readings) == 1 else None


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of a grid is header, stub and body, and which rows and columns are totals of others."""

    header_rows: int
    stub_cols: int
    total_rows: tuple[int, ...] = ()
    total_cols: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableProof:
    """The judgement of one grid.

    grid     the *resolved* grid: equal to the grid as read, but for a flattened grid, whose lines are split into
             cells where the proof leaves one split (else as read)
    verdict  that of the weakest cell;  proved_share: share of the numeric cells that are proved, 0..1
    confined False where an identity fails and the wrong cell could not be located: the whole table goes to quarantine
    """

    table_id: str
    grid: Grid
    frame: Frame
    cells: tuple[CellProof, ...]
    identities: tuple[Identity, ...]
    verdict: Verdict
    proved_share: float
    argument: str
    readings_considered: int = 1
    confined: bool = True


@dataclass(frozen=True, slots=True)
class DocumentProof:
    """The judgement of every grid of a document, in order of their ordinals, with the findings."""

    document_id: str
    tables: tuple[TableProof, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A known error of a source.  Applied only while the cell still holds `expected_text`."""

    name: str
    content_hash: str
    table: int
    row: int
    col: int
    expected_text: str
    reading: Decimal
    reason: str
    evidence: str


# --------------------------------------------------------------------------------------------- shape


class PeriodKind(StrEnum):
    """A flow happens within the period, a stock stands at its end, a cumulative runs from a start to its end."""

    FLOW = "flow"
    STOCK = "stock"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True, slots=True)
class Period:
    """start is None only for a stock."""

    start: date | None
    end: date
    kind: PeriodKind
    label: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure from one cell, with what it means.

    dimensions  (dimension, code), sorted by dimension; a total over a dimension has the code "TOTAL"
    status      "", "provisional", "revised", "inferred label", … : what a user must know beside the figure
    value       None where the cell prints the absence of a figure (then `absence` says which)
    inferred    what was inferred rather than read ("the label '2006': …"), or ""
    scope       the part of the population that the words around the table name ("countries: asean"); "listed" for the
                total of a list that need not be complete; "" for the whole
    """

    series: str
    measure: str
    dimensions: tuple[tuple[str, str], ...]
    period: Period
    classification: str
    label: str
    value: Decimal | None
    quantum: Decimal
    unit: str
    absence: Absence | None
    approx: str
    status: str
    inferred: str
    verdict: Verdict
    document_id: str
    table_id: str
    cell_id: str
    is_total: bool = False
    marks: tuple[str, ...] = ()
    scope: str = ""


class Fate(StrEnum):
    """Where a numeric cell that was read ends: law 2, nothing is absorbed."""

    FACT = "fact"
    QUARANTINE = "quarantine"
    UNCLAIMED = "unclaimed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Disposition:
    """The fate of one numeric cell *as read*; `reason` is the quarantine's reason or the name of the rule.

    `cell_id` is built from the grid as read.  `release` says what would release it from quarantine.
    """

    cell_id: str
    table_id: str
    document_id: str
    fate: Fate
    reason: str
    release: str = ""


@dataclass(frozen=True, slots=True)
class ShapeResult:
    """What `shape` gives for one document."""

    document_id: str
    observations: tuple[Observation, ...]
    dispositions: tuple[Disposition, ...]
    claims: tuple[tuple[str, str], ...] = ()  # (table_id, series)
    findings: tuple[Finding, ...] = field(default=())
    statements: tuple[StatementObservation, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementObservation:
    """One figure that a sentence states, with what it means: one reading of subject, measure and period.

    scheme       code of the vocabulary `schemes`
    period       start is None for a stock; "as at" a day counts from the day on which the scheme began
    value        whole and exact as stated; with a qualifier it is a bound or a rounded figure
    quantum      the unit to which it is stated: 1 for "41 802", 10 000 for 12萬 [in the unit of the value]
    qualifier    "about", "over", "near", "under", or "" for an exact figure
    text         the figure as printed, with its hedge
    sentence     the sentence as printed: the cell of this figure
    block        the paragraph's place in reading order, from 0;  ordinal: the figure's place in the document, from 0
    """

    document_id: str
    ordinal: int
    block: int
    scheme: str
    measure: str
    period: Period
    value: Decimal
    quantum: Decimal
    qualifier: str
    text: str
    sentence: str
    place: Place

    @property
    def statement_id(self) -> str:
        return f"{self.document_id}-s{self.ordinal:04d}"
