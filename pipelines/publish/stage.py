"""Writers of the stage: the values that rooms hand on, as Parquet files that the SQL models read.

What belongs here: model types → rows of `relations.py`, written to a temporary name and then moved into place.
What never: a decision about a figure; a float for a figure (decimals go as DECIMAL(38,10), and beside it written out
in full, so that one that does not fit is seen, not rounded); reading the stage back (build.py does).

Every writer replaces its files whole and returns the rows written, by relation.  A document that is handed in twice
(the same bytes captured twice) is written once; every capture of it is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.model import (
    Capture,
    Document,
    DocumentProof,
    Finding,
    Grid,
    Identity,
    Observation,
    Place,
    Reading,
    ReadResult,
    ShapeResult,
    StatementObservation,
    TableProof,
    Term,
    cell_id,
    table_id,
)
from pipelines.publish.relations import arrow_schema, relation

_BATCH = 65_536
_INTEGER_DIGITS, _DECIMALS = 28, 10


def write_captures(stage: Path, captures: Iterable[Capture]) -> Mapping[str, int]:
    """Writes captures.parquet, one row per capture, in the order given."""
    with _writing(stage, "captures") as out:
        for c in captures:
            out["captures"].add(
                (
                    document_id(c),
                    c.content_hash,
                    c.path,
                    c.size,
                    c.media_type,
                    str(c.kind),
                    c.original_name,
                    _utc(c.captured_at),
                    c.source_url,
                    c.note,
                )
            )
    return _counts(out)


def write_documents(stage: Path, items: Iterable[tuple[Capture, ReadResult]]) -> Mapping[str, int]:
    """Writes documents, paragraphs, tables and cells, of every capture that was read or could not be."""
    seen: set[str] = set()
    with _writing(stage, "documents", "paragraphs", "tables", "cells") as out:
        for capture, result in items:
            if document_id(capture) in seen:
                continue
            seen.add(document_id(capture))
            out["documents"].add(_document_row(capture, result.document))
            if result.document is None:
                continue
            for block, content in enumerate(result.document.blocks):
                if isinstance(content, Grid):
                    _add_grid(out, result.document.id, block, content)
                else:
                    out["paragraphs"].add(
                        (result.document.id, block, content.role, content.text, *_place(content.place))
                    )
    return _counts(out)


def write_proofs(stage: Path, proofs: Iterable[DocumentProof]) -> Mapping[str, int]:
    """Writes table_proofs, cell_proofs, readings, identities and identity_terms.

    One row of cell_proofs per numeric cell of the resolved grid, with its printed text and the labels of its row
    and column; one row of readings per surviving reading.
    """
    seen: set[str] = set()
    with _writing(stage, "table_proofs", "cell_proofs", "readings", "identities", "identity_terms") as out:
        for proof in proofs:
            if proof.document_id in seen:
                continue
            seen.add(proof.document_id)
            for table in proof.tables:
                _add_proof(out, proof.document_id, table)
    return _counts(out)


def write_observations(stage: Path, results: Iterable[ShapeResult]) -> Mapping[str, int]:
    """Writes observations, statements, dispositions and claims."""
    seen: dict[str, ShapeResult] = {}
    with _writing(stage, "observations", "statements", "dispositions", "claims") as out:
        for result in results:
            if seen.get(result.document_id) == result:
                continue
            seen[result.document_id] = result
            out["observations"].extend(_observation_row(o) for o in result.observations)
            out["dispositions"].extend(
                (d.cell_id, d.table_id, d.document_id, str(d.fate), d.reason, d.release) for d in result.dispositions
            )
            out["statements"].extend(_statement_row(s) for s in result.statements)
            out["claims"].extend((table, result.document_id, series) for table, series in result.claims)
    return _counts(out)


def write_findings(stage: Path, findings: Iterable[Finding]) -> Mapping[str, int]:
    """Writes findings.parquet: those of every room together; equal ones once, sorted by room, document and place."""
    rows = {
        (
            f.room,
            f.code,
            str(f.severity),
            f.message,
            f.remedy,
            f.document_id,
            f.table_id,
            f.cell_id,
            f.where,
        )
        for f in findings
    }
    with _writing(stage, "findings") as out:
        out["findings"].extend(sorted(rows, key=lambda row: tuple(value or "" for value in row)))
    return _counts(out)


def document_id(capture: Capture) -> str:
    """The id that a document read from this capture has: the first 16 hex digits of its content hash."""
    return capture.content_hash[:16]


def exact(value: Decimal | None) -> Decimal | None:
    """The value where DECIMAL(38,10) holds it exactly; None where it is absent, not finite, or would be rounded."""
    if value is None:
        return None
    if value.is_finite() and value.adjusted() < _INTEGER_DIGITS and value == (whole := value.to_integral_value()):
        return whole  # nearly all: a third of the cost of taking the digits apart
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return None  # NaN, Infinity
    if exponent < -_DECIMALS:
        surplus = -_DECIMALS - exponent
        if any(digits[-surplus:]):
            return None
        digits, exponent = digits[:-surplus] or (0,), -_DECIMALS
        value = Decimal((sign, digits, exponent))
    return value if len(digits) + exponent <= _INTEGER_DIGITS or not value else None


# ------------------------------------------------------------------------------------------------- rows


def _document_row(capture: Capture, document: Document | None) -> tuple[Any, ...]:
    facts = document.release if document else None
    month, day = (facts.month_day if facts and facts.month_day else None) or (None, None)
    return (
        document_id(capture),
        capture.content_hash,
        document.body_hash if document else None,
        document is not None,
        str(document.medium) if document else None,
        capture.media_type,
        document.encoding if document else None,
        document.template if document else None,
        capture.path,
        str(capture.kind),
        capture.source_url,
        _utc(capture.captured_at),
        capture.stands_for.address,
        capture.stands_for.number,
        capture.stands_for.released,
        facts.title if facts else None,
        facts.number if facts else None,
        facts.language if facts else None,
        facts.released if facts else None,
        facts.released_evidence if facts else None,
        month,
        day,
        facts.not_before if facts else None,
        facts.not_before_evidence if facts else None,
        facts.issued_at if facts else None,
        [{"language": language, "url": url} for language, url in facts.twins] if facts else [],
        [{"url": url, "text": text} for url, text in facts.attachments] if facts else [],
        len(document.paragraphs) if document else 0,
        len(document.grids) if document else 0,
        sum(len(g.cells) for g in document.grids) if document else 0,
    )


def _add_grid(out: Mapping[str, _Rows], document: str, block: int, grid: Grid) -> None:
    table = table_id(document, grid.ordinal)
    out["tables"].add(
        (
            table,
            document,
            grid.ordinal,
            block,
            str(grid.kind),
            grid.n_rows,
            grid.n_cols,
            len(grid.cells),
            grid.header_rows,
            grid.caption,
            list(grid.notes),
            grid.is_form,
            *_place(grid.place),
        )
    )
    out["cells"].extend(
        (
            cell_id(table, c.row, c.col),
            table,
            document,
            c.row,
            c.col,
            c.rowspan,
            c.colspan,
            c.text,
            c.bare,
            c.marks,
            c.indent,
            c.header,
            *_place(c.place),
        )
        for c in grid.cells
    )


def _add_proof(out: Mapping[str, _Rows], document: str, proof: TableProof) -> None:
    table, frame = proof.table_id, proof.frame
    out["table_proofs"].add(
        (
            table,
            document,
            str(proof.verdict),
            proof.proved_share,
            proof.argument,
            min(proof.readings_considered, 2**63 - 1),
            proof.confined,
            frame.header_rows,
            frame.stub_cols,
            frame.total_rows,
            frame.total_cols,
            len(proof.cells),
        )
    )
    cells = {(c.row, c.col): c for c in proof.grid.cells}
    row_labels, column_labels = _labels(proof)
    for judged in proof.cells:
        ident = cell_id(table, judged.row, judged.col)
        printed = cells.get((judged.row, judged.col))
        readings = [_reading(reading) for reading in judged.readings]
        out["cell_proofs"].add(
            (
                ident,
                ident if judged.source == (judged.row, judged.col) else cell_id(table, *judged.source),
                table,
                document,
                judged.row,
                judged.col,
                printed.text if printed else None,
                row_labels.get(judged.row, ""),
                column_labels.get(judged.col, ""),
                str(judged.verdict),
                len(judged.readings),
                *(readings[0] if len(readings) == 1 else _NO_READING),
                judged.argument,
                judged.correction,
                judged.identities,
                *(_place(printed.place) if printed else _NOWHERE),
            )
        )
        out["readings"].extend(
            (ident, table, document, ordinal, *read, reading.marks)
            for ordinal, (read, reading) in enumerate(zip(readings, judged.readings, strict=True))
        )
    for ordinal, identity in enumerate(proof.identities):
        _add_identity(out, document, table, ordinal, identity)


def _add_identity(out: Mapping[str, _Rows], document: str, table: str, ordinal: int, identity: Identity) -> None:
    out["identities"].add(
        (
            table,
            document,
            ordinal,
            identity.kind,
            str(identity.basis),
            identity.holds,
            identity.exact,
            exact(identity.gap),
            exact(identity.slack),
            identity.chance,
            identity.explained,
            identity.statement,
        )
    )

    def cell_of(term: Term) -> str | None:
        return None if term.table is None else cell_id(table_id(document, term.table), term.row, term.col)

    out["identity_terms"].extend(
        (table, document, ordinal, place, t.sign, cell_of(t), exact(t.value), exact(t.quantum), t.text)
        for place, t in enumerate((identity.total, *identity.parts))
    )


def _labels(proof: TableProof) -> tuple[dict[int, str], dict[int, str]]:
    """Labels of rows (stub columns) and of columns (header rows) of the resolved grid, spans carried along."""
    rows: dict[int, list[str]] = {}
    columns: dict[int, list[str]] = {}
    frame, grid = proof.frame, proof.grid
    for c in grid.cells:
        text = " ".join(c.bare.split())
        if not text:
            continue
        if c.row < frame.header_rows:
            for col in range(c.col, min(c.col + c.colspan, grid.n_cols)):
                columns.setdefault(col, []).append(text)
        elif c.col < frame.stub_cols:
            for row in range(c.row, min(c.row + c.rowspan, grid.n_rows)):
                rows.setdefault(row, []).append(text)
    return (
        {row: " / ".join(texts) for row, texts in rows.items()},
        {col: " / ".join(dict.fromkeys(texts)) for col, texts in columns.items()},
    )


def _observation_row(o: Observation) -> tuple[Any, ...]:
    return (
        o.cell_id,
        o.table_id,
        o.document_id,
        o.series,
        o.measure,
        [{"dimension": dimension, "code": code} for dimension, code in sorted(o.dimensions)],
        ";".join(f"{dimension}={code}" for dimension, code in sorted(o.dimensions)),
        o.classification,
        o.label,
        o.period.start,
        o.period.end,
        str(o.period.kind),
        o.period.label,
        exact(o.value),
        _written(o.value),
        exact(o.quantum),
        o.unit,
        str(o.absence) if o.absence else None,
        o.approx,
        o.status,
        o.inferred,
        str(o.verdict),
        o.is_total,
        o.marks,
        o.scope,
    )


def _statement_row(s: StatementObservation) -> tuple[Any, ...]:
    return (
        s.statement_id,
        s.document_id,
        s.block,
        s.scheme,
        s.measure,
        s.period.start,
        s.period.end,
        str(s.period.kind),
        exact(s.value),
        exact(s.quantum),
        s.qualifier,
        s.text,
        s.sentence,
    )


_NO_READING: tuple[Any, ...] = (None,) * 7


def _reading(reading: Reading) -> tuple[Any, ...]:
    return (
        exact(reading.value),
        _written(reading.value),
        exact(reading.quantum),
        reading.unit,
        reading.scale,
        reading.approx,
        str(reading.absence) if reading.absence else None,
    )


def _written(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


_NOWHERE: tuple[Any, ...] = (None,) * 9


def _place(place: Place) -> tuple[Any, ...]:
    return (
        place.page,
        *(place.box or (None, None, None, None)),
        place.path,
        place.line,
        *(place.chars or (None, None)),
    )


def _utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC without a zone, as the stage keeps it; a naive one is taken to be UTC already."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)


# ------------------------------------------------------------------------------------------------- files


class _Rows:
    """Rows of one relation on their way into a Parquet file, written in batches so that memory stays bounded."""

    def __init__(self, name: str, target: Path) -> None:
        import pyarrow.parquet as pq

        self.count = 0
        self._schema = arrow_schema(name)
        self._width = len(relation(name).columns)
        self._pending: list[tuple[Any, ...]] = []
        self._writer = pq.ParquetWriter(target, self._schema, compression="zstd", compression_level=1)

    def add(self, row: tuple[Any, ...]) -> None:
        self._pending.append(row)
        if len(self._pending) >= _BATCH:
            self._flush()

    def extend(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._pending.extend(rows)
        if len(self._pending) >= _BATCH:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._pending:
            return
        columns: Sequence[Sequence[Any]] = list(zip(*self._pending, strict=True))
        if len(columns) != self._width:
            raise ValueError(f"A row of {len(columns)} values for a relation of {self._width} columns.")
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self.count += len(self._pending)
        self._pending.clear()


@contextmanager
def _writing(stage: Path, *names: str) -> Iterator[dict[str, _Rows]]:
    """Files of these relations: all moved into place at the end, or none where something was raised."""
    stage.mkdir(parents=True, exist_ok=True)
    unfinished = {name: stage / f".{name}.{os.getpid()}.unfinished" for name in names}
    out = {name: _Rows(name, path) for name, path in unfinished.items()}
    try:
        yield out
        for rows in out.values():
            rows.close()
        for name, path in unfinished.items():
            path.replace(stage / f"{name}.parquet")
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)


def _counts(out: Mapping[str, _Rows]) -> Mapping[str, int]:
    return {name: rows.count for name, rows in out.items()}
