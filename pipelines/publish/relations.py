"""The relations of the stage: every column's name, type and description, in this one place.

What belongs here: the shape of `stage/*.parquet`.  What does not: how rows are made (stage.py), what SQL makes of
them (sql/).  Descriptions given here travel with the column through the SQL models into the published file, so that
a column is described once.  This module holds values only, and touches no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

#: Type words of the columns below, in DuckDB's own spelling, with the Arrow type that the stage writes.
EXACT = "DECIMAL(38,10)"


@dataclass(frozen=True, slots=True)
class Column:
    """`type` in DuckDB's spelling; `description` for people, with the unit in square brackets where there is one."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One file of the stage, `stage/<name>.parquet`; the SQL models see it as `stage.<name>`."""

    name: str
    description: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_DOCUMENT = ("document_id", "VARCHAR", "the document: first 16 hex digits of the SHA-256 of its bytes")
_TABLE = ("table_id", "VARCHAR", "the table: its document and its place in reading order")
_CELL = ("cell_id", "VARCHAR", "the cell: its table and its row and column (of the resolved grid)")
_CELL_READ = ("cell_id", "VARCHAR", "the cell of the grid as read: its table, row and column")
_PLACE = (
    ("page", "INTEGER", "page of the PDF, from 1"),
    ("x0", "DOUBLE", "left edge of its box on the page [points]"),
    ("top", "DOUBLE", "top edge of its box, from the top of the page [points]"),
    ("x1", "DOUBLE", "right edge of its box [points]"),
    ("bottom", "DOUBLE", "bottom edge of its box, from the top of the page [points]"),
    ("node", "VARCHAR", "node path in the HTML"),
    ("line", "INTEGER", "line of the decoded source, from 1 [ordinal]"),
    ("char_start", "INTEGER", "first character within the line, from 0 [ordinal]"),
    ("char_end", "INTEGER", "character after the last within the line [ordinal]"),
)
_READING = (
    (
        "value",
        EXACT,
        "the number, exact, scale applied; null where absent or outside of 28 + 10 digits [in the column unit]",
    ),
    ("value_text", "VARCHAR", "the same number written out in full, never rounded"),
    ("quantum", EXACT, "value of one unit in the last place printed: the stated precision [in the column unit]"),
    ("unit", "VARCHAR", "unit as printed or as the series card says, or empty"),
    ("scale", "INTEGER", "power of ten that a word applied (billion = 9, 萬 = 4) [exponent]"),
    ("approx", "VARCHAR", "hedge printed with it: about, over, under, near; or empty"),
    ("absence", "VARCHAR", "kind of absence where no figure is printed (nil, not available, …)"),
)

CAPTURES = Relation(
    "captures",
    "Every capture: bytes as they were served or dropped, at a time.",
    _columns(
        _DOCUMENT,
        ("content_hash", "VARCHAR", "SHA-256 of the bytes, in hex"),
        ("path", "VARCHAR", "path below the raw folder"),
        ("size", "BIGINT", "size [bytes]"),
        ("media_type", "VARCHAR", "media type, sniffed from the bytes"),
        ("kind", "VARCHAR", "how it came: facsimile, dropped, fetched"),
        ("original_name", "VARCHAR", "name it had before"),
        ("captured_at", "TIMESTAMP", "when it was captured [UTC]; null where the record does not say"),
        ("source_url", "VARCHAR", "address that the capture record gives"),
        ("note", "VARCHAR", "note of the capture record"),
    ),
)

DOCUMENTS = Relation(
    "documents",
    "What was read from each distinct byte string; also those that could not be read.",
    _columns(
        _DOCUMENT,
        ("content_hash", "VARCHAR", "SHA-256 of the bytes, in hex"),
        ("body_hash", "VARCHAR", "hash of the normalised body; equal bodies in another wrapper are no new vintage"),
        ("readable", "BOOLEAN", "whether a document could be read from the bytes"),
        ("medium", "VARCHAR", "html, pdf, text, csv; null where unreadable"),
        ("media_type", "VARCHAR", "media type, sniffed from the bytes"),
        ("encoding", "VARCHAR", "character encoding found"),
        ("template", "VARCHAR", "page template recognised, or empty"),
        ("path", "VARCHAR", "path below the raw folder (of the first capture)"),
        ("kind", "VARCHAR", "how it came: facsimile, dropped, fetched"),
        ("source_url", "VARCHAR", "address that the capture record gives"),
        ("captured_at", "TIMESTAMP", "when it was first captured [UTC]"),
        ("stands_for_address", "VARCHAR", "of a facsimile: address of the release that it stands for, or empty"),
        ("stands_for_number", "VARCHAR", "of a facsimile: number of the release that it stands for, or empty"),
        ("stands_for_released", "DATE", "of a facsimile: release date of the release that it stands for"),
        ("title", "VARCHAR", "title of the release"),
        ("number", "VARCHAR", "number of the release (LCQ15), or empty"),
        ("language", "VARCHAR", "language, or empty where unknown"),
        ("released", "DATE", "release date, where the document or its address says it"),
        ("released_evidence", "VARCHAR", "the words or the address that the release date was read from"),
        ("release_month", "INTEGER", "month of the release, where its year is not printed"),
        ("release_day", "INTEGER", "day of the month of the release, where its year is not printed"),
        ("not_before", "DATE", "a date before which it cannot have been released"),
        ("not_before_evidence", "VARCHAR", "the words that this date was read from"),
        ("issued_at", "VARCHAR", "time of issue as printed"),
        ("twins", "STRUCT(language VARCHAR, url VARCHAR)[]", "addresses of the other language versions"),
        ("attachments", "STRUCT(url VARCHAR, text VARCHAR)[]", "attachments with their link texts"),
        ("n_paragraphs", "INTEGER", "paragraphs read"),
        ("n_tables", "INTEGER", "tables read [tables]"),
        ("n_cells", "INTEGER", "cells read, blank ones included [cells]"),
    ),
)

PARAGRAPHS = Relation(
    "paragraphs",
    "Running text, in reading order with the tables.",
    _columns(
        _DOCUMENT,
        ("block", "INTEGER", "place in reading order among paragraphs and tables, from 0"),
        ("role", "VARCHAR", "headline, closing, note, or empty"),
        ("text", "VARCHAR", "the text as printed"),
        *_PLACE,
    ),
)

TABLES = Relation(
    "tables",
    "Every table as read.",
    _columns(
        _TABLE,
        _DOCUMENT,
        ("ordinal", "INTEGER", "place among the tables of its document, from 0 [ordinal]"),
        ("block", "INTEGER", "place in reading order among paragraphs and tables, from 0"),
        ("layout", "VARCHAR", "how it was printed: markup, text, ruled, unruled, csv, flattened"),
        ("n_rows", "INTEGER", "rows [rows]"),
        ("n_cols", "INTEGER", "columns [columns]"),
        ("n_cells", "INTEGER", "cells, blank ones included"),
        ("header_rows", "INTEGER", "rows at the top that the layout sets apart; 0 = it does not tell"),
        ("caption", "VARCHAR", "title that belongs to the table by layout, or empty"),
        ("notes", "VARCHAR[]", "notes under the table, in order"),
        ("is_form", "BOOLEAN", "a blank form: headers and labels, no figure at all"),
        *_PLACE,
    ),
)

CELLS = Relation(
    "cells",
    "Every cell of every table as read, as printed, blank ones included.",
    _columns(
        _CELL_READ,
        _TABLE,
        _DOCUMENT,
        ("row", "INTEGER", "row, from 0"),
        ("col", "INTEGER", "column, from 0"),
        ("rowspan", "INTEGER", "rows spanned"),
        ("colspan", "INTEGER", "columns spanned"),
        ("text", "VARCHAR", "the characters as printed, footnote marks included"),
        ("bare", "VARCHAR", "the text without the marks that markup or glyphs set apart"),
        ("marks", "VARCHAR[]", "those marks, in order"),
        ("indent", "INTEGER", "leading indentation [characters]"),
        ("header", "BOOLEAN", "whether the markup itself says header"),
        *_PLACE,
    ),
)

TABLE_PROOFS = Relation(
    "table_proofs",
    "The judgement of every table.",
    _columns(
        _TABLE,
        _DOCUMENT,
        ("verdict", "VARCHAR", "verdict: that of the weakest cell"),
        ("proved_share", "DOUBLE", "share of the numeric cells that are proved [0..1]"),
        ("argument", "VARCHAR", "why the verdict is what it is"),
        ("readings_considered", "BIGINT", "combinations of readings that the grammar allowed [combinations]"),
        ("confined", "BOOLEAN", "false where an identity fails and the wrong cell could not be located"),
        ("frame_header_rows", "INTEGER", "header rows [rows]"),
        ("stub_cols", "INTEGER", "columns of row labels [columns]"),
        ("total_rows", "INTEGER[]", "rows that are totals of others"),
        ("total_cols", "INTEGER[]", "columns that are totals of others"),
        ("n_figures", "INTEGER", "numeric cells of the resolved grid [cells]"),
    ),
)

CELL_PROOFS = Relation(
    "cell_proofs",
    "The judgement of every numeric cell of the resolved grid.",
    _columns(
        _CELL,
        ("source_cell_id", "VARCHAR", "the cell of the grid as read that it came from"),
        _TABLE,
        _DOCUMENT,
        ("row", "INTEGER", "row of the resolved grid, from 0 [ordinal]"),
        ("col", "INTEGER", "column of the resolved grid, from 0 [ordinal]"),
        ("text", "VARCHAR", "the figure as printed"),
        ("row_label", "VARCHAR", "label of its row, from the stub columns"),
        ("column_label", "VARCHAR", "label of its column, from the header rows"),
        ("verdict", "VARCHAR", "proved, consistent, unproved, ambiguous, contradicted"),
        ("n_readings", "INTEGER", "readings that survive [readings]"),
        *_READING,
        ("argument", "VARCHAR", "why the verdict is what it is"),
        ("correction", "VARCHAR", "name of the correction that was applied, or empty"),
        ("identities", "INTEGER[]", "ordinals of the identities of its table that reach it"),
        *_PLACE,
    ),
)

READINGS = Relation(
    "readings",
    "Every reading that survives, of every numeric cell; more than one where it is ambiguous.",
    _columns(
        _CELL,
        _TABLE,
        _DOCUMENT,
        ("ordinal", "INTEGER", "which reading, from 0 [ordinal]"),
        *_READING,
        ("marks", "VARCHAR[]", "footnote marks, in order"),
    ),
)

IDENTITIES = Relation(
    "identities",
    "Every identity that was looked at: total = Σ ± parts.",
    _columns(
        _TABLE,
        _DOCUMENT,
        ("identity", "INTEGER", "ordinal of the identity within its table, from 0 [ordinal]"),
        ("kind", "VARCHAR", "sum, difference, average, ratio, change, equality"),
        ("basis", "VARCHAR", "what told that it should hold: label, arithmetic, prose, document, card"),
        ("holds", "BOOLEAN", "whether it holds within the stated precisions"),
        ("exact", "BOOLEAN", "whether it holds with no slack at all"),
        ("gap", EXACT, "total less the parts, as printed [as its figures]"),
        ("slack", EXACT, "largest gap that rounding of the printed figures would explain [as its figures]"),
        ("chance", "DOUBLE", "upper bound of the probability that it holds by luck [0..1]"),
        ("explained", "VARCHAR", "the note of the document that explains a gap, or empty"),
        ("statement", "VARCHAR", "the identity written out"),
    ),
)

IDENTITY_TERMS = Relation(
    "identity_terms",
    "The terms of every identity.",
    _columns(
        _TABLE,
        _DOCUMENT,
        ("identity", "INTEGER", "ordinal of the identity within its table, from 0 [ordinal]"),
        ("term", "INTEGER", "place of the term; 0 is the total"),
        ("sign", "INTEGER", "+1 or -1"),
        ("cell_id", "VARCHAR", "the cell of the resolved grid; null for a number in prose"),
        ("value", EXACT, "the figure"),
        ("quantum", EXACT, "its stated precision"),
        ("text", "VARCHAR", "the words, for a number in prose"),
    ),
)

OBSERVATIONS = Relation(
    "observations",
    "Figures with what they mean: one row for each figure of each document.",
    _columns(
        _CELL,
        _TABLE,
        _DOCUMENT,
        ("series", "VARCHAR", "series that claims the table"),
        ("measure", "VARCHAR", "what is measured"),
        ("dimensions", "STRUCT(dimension VARCHAR, code VARCHAR)[]", "dimensions and codes, sorted by dimension"),
        ("dimension_key", "VARCHAR", "the same in one text (industry=it;place=cn), empty where there is none"),
        ("classification", "VARCHAR", "classification that the codes belong to"),
        ("label", "VARCHAR", "label of the row as printed"),
        ("period_start", "DATE", "first day of the period; null for a stock"),
        ("period_end", "DATE", "last day of the period; the day itself for a stock"),
        ("period_kind", "VARCHAR", "flow, stock, cumulative"),
        ("period_label", "VARCHAR", "the period as printed"),
        ("value", EXACT, "the figure, exact; null where absent or outside of 28 + 10 digits"),
        ("value_text", "VARCHAR", "the same figure written out in full, never rounded"),
        ("quantum", EXACT, "value of one unit in the last place printed: the stated precision [in the column unit]"),
        ("unit", "VARCHAR", "unit"),
        ("absence", "VARCHAR", "kind of absence where no figure is printed (nil, not available, …)"),
        ("approx", "VARCHAR", "hedge printed with it: about, over, under, near; or empty"),
        ("status", "VARCHAR", "what a user must know beside the figure: provisional, revised, …"),
        ("inferred", "VARCHAR", "what was inferred rather than read, or empty"),
        ("verdict", "VARCHAR", "proved, consistent, unproved, ambiguous, contradicted"),
        ("is_total", "BOOLEAN", "whether it is a total over a dimension"),
        ("marks", "VARCHAR[]", "footnote marks, in order"),
        (
            "scope",
            "VARCHAR",
            "the part of the population that it covers, as the words around it say; 'listed' for the total of a "
            "list that need not be complete; empty for the whole",
        ),
    ),
)

STATEMENTS = Relation(
    "statements",
    "Figures that sentences state about a scheme: one row for each figure of each sentence.",
    _columns(
        ("statement_id", "VARCHAR", "the statement: its document and its place in it"),
        _DOCUMENT,
        ("block", "INTEGER", "the paragraph: place in reading order among paragraphs and tables, from 0 [ordinal]"),
        ("scheme", "VARCHAR", "code of the scheme in the vocabulary"),
        ("measure", "VARCHAR", "what is measured"),
        ("period_start", "DATE", "first day of the period; null for a stock"),
        ("period_end", "DATE", "last day of the period; the day itself for a stock"),
        ("period_kind", "VARCHAR", "flow, stock, cumulative"),
        ("value", EXACT, "the figure as stated; with a qualifier it is a bound or a rounded figure [as measured]"),
        ("precision_unit", EXACT, "value of one unit in the last place stated: 10 000 for 12萬 [as the value]"),
        ("qualifier", "VARCHAR", "hedge printed with it: about, over, near, under; empty for an exact figure"),
        ("text", "VARCHAR", "the figure with its hedge, in the form that is read (lower case, half width)"),
        ("sentence", "VARCHAR", "the sentence as printed"),
    ),
)

DISPOSITIONS = Relation(
    "dispositions",
    "The fate of every numeric cell as read.",
    _columns(
        _CELL_READ,
        _TABLE,
        _DOCUMENT,
        ("fate", "VARCHAR", "fact, quarantine, unclaimed, ignored"),
        ("reason", "VARCHAR", "reason of the quarantine, or name of the rule that ignores it"),
        ("release", "VARCHAR", "what would release it from quarantine"),
    ),
)

CLAIMS = Relation(
    "claims",
    "Which series claims which table.",
    _columns(_TABLE, _DOCUMENT, ("series", "VARCHAR", "series that claims the table")),
)

FINDINGS = Relation(
    "findings",
    "What a person should know, from every room.",
    _columns(
        ("room", "VARCHAR", "room that found it"),
        ("code", "VARCHAR", "kind of finding, in stable words"),
        ("severity", "VARCHAR", "info, warning, error (figures were kept out because of it)"),
        ("message", "VARCHAR", "what was found"),
        ("remedy", "VARCHAR", "what to do about it"),
        ("document_id", "VARCHAR", "the document, where there is one"),
        ("table_id", "VARCHAR", "the table, where there is one"),
        ("cell_id", "VARCHAR", "the cell, where there is one"),
        ("place", "VARCHAR", "where in the document"),
    ),
)

RELATIONS: tuple[Relation, ...] = (
    CAPTURES,
    DOCUMENTS,
    PARAGRAPHS,
    TABLES,
    CELLS,
    TABLE_PROOFS,
    CELL_PROOFS,
    READINGS,
    IDENTITIES,
    IDENTITY_TERMS,
    OBSERVATIONS,
    STATEMENTS,
    DISPOSITIONS,
    CLAIMS,
    FINDINGS,
)


def relation(name: str) -> Relation:
    """The relation of that name.  Raises KeyError naming those that exist."""
    for found in RELATIONS:
        if found.name == name:
            return found
    raise KeyError(f"The stage has no relation {name!r}; it has {', '.join(r.name for r in RELATIONS)}.")


@cache
def arrow_type(word: str) -> Any:
    """The Arrow type of a DuckDB type word as used above.  Raises KeyError for a word that is not used here."""
    import pyarrow as pa

    if word.endswith("[]"):
        return pa.list_(arrow_type(word[:-2]))
    if word.startswith("STRUCT("):
        fields = (part.strip().split(" ", 1) for part in word[7:-1].split(","))
        return pa.struct([pa.field(name, arrow_type(kind)) for name, kind in fields])
    return {
        "VARCHAR": pa.string(),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        EXACT: pa.decimal128(38, 10),
    }[word]


@cache
def arrow_schema(name: str) -> Any:
    """The Arrow schema of a relation, its descriptions in the metadata of schema and fields."""
    import pyarrow as pa

    found = relation(name)
    return pa.schema(
        [pa.field(c.name, arrow_type(c.type), metadata={"description": c.description}) for c in found.columns],
        metadata={"description": found.description},
    )
