"""The first draft of a series card, from one judged table: what `talent series new` writes.

What belongs here: guessing an outline from headers and labels, to be edited by a person.  What must never stand here:
files (the caller writes them), and a guess that would load a figure unseen: the draft is a proposal.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass

from pipelines.cards import Cards, fold
from pipelines.cards.labels import unmark
from pipelines.cards.loader import COLUMNS
from pipelines.model import Document, TableProof
from pipelines.shape import periods, view
from pipelines.shape.context import Context
from pipelines.shape.fit import is_total


@dataclass(frozen=True, slots=True)
class Skeleton:
    """card: text of `pipelines/series/<series>.yaml`.  vocabularies: text of new files of `pipelines/vocabulary`."""

    card: str
    vocabularies: dict[str, str]


def skeleton(series: str, document: Document, table: TableProof, cards: Cards) -> Skeleton:
    """A card for tables like `table`, which loads as it stands.

    Rows that read as periods make a period axis; else columns that do.  The labels of the other axis become the
    measures; or, where the table counts by category, terms: of the vocabulary that knows most of them, else of a new
    one.  The scheme that the words around the table name is taken over.
    Raises ValueError where the table has no figures, or no labels to tell its figures apart.
    """
    seen = view.of(table)
    rows = [" ".join(unmark(r.own).split()) for r in seen.rows]
    columns = [" ".join(unmark(" ".join(seen.headed[c])).split()) for c in seen.columns]
    if not rows or not any(rows) or not any(columns):
        raise ValueError(f"the table {table.table_id} has no figures with labels and headers to draft a card from")
    title = document.release.title or table.grid.caption or series
    head = " ".join(seen.stub_head.split())
    if _periods(rows):
        layout, measures, dimension, terms = "{rows: period, columns: measure}", columns, "", []
        stub = head
    elif _periods(columns):
        layout = f"{{rows: category, columns: period, measure: {series}_value}}"
        measures, dimension, terms, stub = [f"{series} value"], "category", rows, ""
    else:
        layout = "{rows: category, columns: measure, period: title}"
        measures, dimension, terms, stub = columns, "category", rows, ""
    names = dict.fromkeys(m for m in measures if m and not is_total(m))
    known = _known(terms, cards)
    vocabulary, listed = known if known is not None else (f"{series}_categories", "")
    scheme = Context(document, cards).scheme(table.grid)
    recognised = (
        [f"  scheme: {next(iter(scheme))}"]
        if len(scheme) == 1
        # phrases of the title, the caption or the paragraphs before the table
        else ["  # name what only this family has", f"  context: [{_quoted(_context(title))}]"]
    )
    card = [
        f"series: {series}",
        "title:",
        f"  en: {_quoted(title)}",
        "description: >-",
        "  Say here what is counted, over what, and since when (one or two sentences).",
        "publisher: Say here who answers for the figures",
        "recognise:",
        *recognised,
        f"  rows: {max(1, min(3, len(rows) // 2))}",
        "layouts:",
        f"  - {layout}",
    ]
    if stub:
        card += ["periods:", f"  stub: [{_quoted(stub)}]"]
    if "period: title" in layout:
        card.append("# the period of the whole table is read from its title; where totals date it instead, see `scope`")
    if dimension:
        card += ["dimensions:", f"  {dimension}:", f"    vocabulary: {vocabulary}"]
        card += [f"    classifications: [{listed}]"] if listed else []
        card += [f"    stub: [{_quoted(head)}]"] if head else []
    card.append("measures:")
    for name in names:
        key = f"{series}_value" if dimension and "measure:" in layout else _slug(name)
        card += [
            f"  {key}:",
            f"    name: {{en: {_quoted(name)}}}",
            f"    labels: [{_quoted(name)}]",
            "    unit: number",
        ]
    keys = ["measure", *([dimension] if dimension else []), "period_start", "period_end", "period_kind"]
    card += ["expectations:", f"  key: [{', '.join(keys)}]", ""]
    vocabularies = {f"{vocabulary}.csv": _vocabulary(terms)} if dimension and known is None else {}
    return Skeleton("\n".join(card), vocabularies)


def _periods(labels: list[str]) -> bool:
    """Whether most of the labels that are no totals read as periods."""
    said = [label for label in labels if label and not is_total(label)]
    return bool(said) and sum(periods.read(label) is not None for label in said) * 2 > len(said)


def _context(title: str) -> str:
    """The title without its release number, its dates and years: what returns from release to release."""
    words = re.sub(r"^\s*LCQ\s*\d+\s*[:：]\s*", "", title)
    return " ".join(re.sub(r"\b(?:in|for)?\s*(?:19|20)\d\d(?:-\d\d)?\b", " ", words).split()) or title


def _known(labels: list[str], cards: Cards) -> tuple[str, str] | None:
    """(vocabulary, classification) that knows most of the labels, more than half of them; None where there is none."""
    said = [label for label in labels if label and not is_total(label)]
    found = [
        (sum(vocabulary.find(label, listed) is not None for label in said), name, listed)
        for name, vocabulary in cards.vocabularies.items()
        for listed in sorted({t.classification for t in vocabulary.terms})
    ]
    best = max(found, default=(0, "", ""))
    return best[1:] if best[0] * 2 > len(said) else None


def _vocabulary(labels: list[str]) -> str:
    said = io.StringIO()
    writer = csv.DictWriter(said, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    known: set[str] = set()
    codes: set[str] = set()
    for label in labels:
        if not label or is_total(label) or fold(label) in known:
            continue
        known.add(fold(label))
        code = _slug(label).upper() if label.isascii() else ""
        if not code or code in codes:
            code = f"T{len(known)}"
        codes.add(code)
        residual = "yes" if fold(label) in {"others", "other", "其他"} else ""
        chinese = "" if label.isascii() else label
        writer.writerow({"code": code, "en": label, "zh_hant": chinese, "residual": residual})
    return said.getvalue()


def _slug(text: str) -> str:
    said = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:40].strip("_")
    return said if said[:1].isalpha() else f"m_{said}" if said else "measure"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
