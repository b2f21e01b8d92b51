"""The published tables and the bundled documents: each table is held by a document, or is left out for a reason; and
the facts that the documents give are the published figures, cell by cell.

The ids are those of the research notes (`../shared/facts`).  The figures stand in `tests/support/published` too, so
that these tests are complete without the notes; where the notes are present the two are compared.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from pipelines.cards import load
from pipelines.model import Cell, Document, DocumentProof, Fate, ShapeResult, TableProof, Verdict
from pipelines.prove import prove_document
from pipelines.read import read_document
from pipelines.shape import shape_document
from tests.support.bundled import PUBLISHED, published
from tests.support.facsimile import everything
from tests.support.facsimile_opendata import ADDED

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT.parent / "shared" / "facts"

ASSEMBLED = "assembled from several releases and reports of the press: no source prints this table"
SENTENCES = "the source prints sentences, not a table: nothing but prose would stand in a document of it"
LEFT_OUT = {
    "RECON-2021-vs-2022": "derived by the notes from two tables that are bundled (S2, OD-QMAS-industrysector)",
    "QMAS-2012-origin-backcomputed": "secondary: counts that an author computed back from rounded shares",
    "ASMTP-processed": "secondary: an encyclopedia's table; the years 2014 to 2016 are in hk_20170301_asmtp_monthly",
    "TTPS-snapshots": ASSEMBLED,
    "CIES-snapshots": ASSEMBLED,
    "ASSG-snapshots": ASSEMBLED,
    "TALENT-all-snapshots": ASSEMBLED,
    "QMAS-tests": ASSEMBLED,
    "GEN-yearbook-chain": "assembled from three editions, and not of the talent admission schemes",
    "GEN-arrivals-2012": "a sentence on arrivals by control point, not of the talent admission schemes",
    "TTPS-renewal-2025-07": SENTENCES,
    "TTPS-renewal-2025-12": SENTENCES,
    "QMAS-2006-funnel": SENTENCES,
    "QMAS-2006-sex": SENTENCES,
    "QMAS-2006-apt": SENTENCES,
    "IANG-campus": SENTENCES,
}
#: Bundled, and yet without a fact: why.
WITHOUT_FACTS = {
    "hk_20140108_qmas_tests": "printed in a sentence; a sentence is no table and gives no fact",
    "hk_20150128_cies_by_nationality": "the reply as known to us dates the stock nowhere: its period stays open",
}
#: The notes' own additions to a table, which its source does not print, and so no fact is expected of them.
NOT_PRINTED = {
    # the workbook that the notes copied had turned blanks into nil: areas that were added in January 2020
    ("OD-TechTAS-industrysector", "0"): 12,
}


@dataclass(frozen=True)
class Shaped:
    document: Document
    proof: DocumentProof
    shape: ShapeResult


@cache
def shaped(name: str) -> Shaped:
    cards = load(ROOT / "pipelines/series", ROOT / "pipelines/vocabulary", ROOT / "pipelines/corrections")
    bundled = everything()[name]
    document = read_document(bundled.data, name=name, source_url=bundled.source_url).document
    assert document is not None
    proof = prove_document(document)
    return Shaped(document, proof, shape_document(document, proof, cards))


def holders() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, bundled in everything().items():
        for held in bundled.holds:
            found.setdefault(held, []).append(name)
    return found


def whole_figures(name: str) -> Counter[Decimal]:
    """The figures of a published table as numbers, without its head and labels; Chinese numerals are tried apart."""
    numbers: Counter[Decimal] = Counter()
    for row in published(name)[1:]:
        for cell in row[1:]:
            text = re.sub(r"[ ,\u00a0]", "", cell)
            if re.fullmatch(r"\d+(?:\.\d+)?", text):
                numbers[Decimal(text)] += 1
    return numbers


def facts(names: list[str]) -> Counter[Decimal]:
    found: Counter[Decimal] = Counter()
    for name in names:
        for o in shaped(name).shape.observations:
            if o.value is not None:
                found[o.value] += 1
    return found


def test_every_published_table_is_bundled_or_left_out_for_a_reason() -> None:
    bundled = set(holders())
    assert {p.stem for p in PUBLISHED.glob("*.csv")} == bundled
    assert not bundled & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_the_list_is_that_of_the_research_notes() -> None:
    if not NOTES.is_dir():
        pytest.skip("../shared is absent: the list of ids cannot be compared with the notes")
    tables = json.loads((NOTES / "published-tables.json").read_text(encoding="utf-8"))["tables"]
    complete = {t["id"] for t in tables if t["status"] == "complete"}
    transcribed = {p.stem for p in (NOTES / "talent-tables").glob("*.csv")}
    assert complete | transcribed == set(holders()) | set(LEFT_OUT)


def test_the_committed_cells_are_those_of_the_research_notes() -> None:
    if not NOTES.is_dir():
        pytest.skip("../shared is absent: the cells cannot be compared with the notes")
    tables = json.loads((NOTES / "published-tables.json").read_text(encoding="utf-8"))["tables"]
    for table in (t for t in tables if t["id"] in holders()):
        head, *rows = published(table["id"])
        assert list(head) == table["columns"]
        said = [[r["label"], *(c or "" for c in r["cells"])] for r in table["rows"]]
        assert [list(r) for r in rows[: len(said)]] == said
        assert all(r[0] in ("Total", "總數") for r in rows[len(said) :])
    for path in (NOTES / "talent-tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(tuple(row) for row in csv.reader(file)) == published(path.stem)


def test_the_files_in_the_raw_folder_are_those_that_are_built() -> None:
    for name, bundled in everything().items():
        here = ROOT / "raw" / "facsimile" / name
        record = json.loads(here.with_name(f"{name}.capture.json").read_text(encoding="utf-8"))
        assert record["note"].startswith("Facsimile") and record["source_url"] == bundled.source_url
        if not name.endswith(".pdf"):
            assert here.read_bytes() == bundled.data


@pytest.mark.parametrize("name", sorted(set(holders()) - set(WITHOUT_FACTS)))
def test_every_published_figure_is_a_fact(name: str) -> None:
    """Number by number, in every document that holds the table: none is lost, and none stands for another."""
    if name == "IANG-extension":  # printed in Chinese numerals
        wanted = Counter(map(Decimal, (4992, 3223, 4704, 3117, 3216, 3449)))
    else:
        wanted = whole_figures(name)
    assert wanted
    for (table, figure), times in NOT_PRINTED.items():
        if table == name:
            wanted[Decimal(figure)] -= times
    if name == "hk_20131009_qmas_cies_iang_by_region":
        wanted[Decimal(1414)] -= 1  # the figure of five regions together: of none of them alone
    split = name in ("OD25-received", "OD25-approved", "OD25-2025")  # one file a scheme
    documents = holders()[name]
    for group in [documents] if split else [[d] for d in documents]:
        missing = wanted - facts(group)
        assert not missing, f"{name}: {dict(missing)} of {group}"


@pytest.mark.parametrize("name", sorted(WITHOUT_FACTS))
def test_what_gives_no_fact_is_in_quarantine_or_in_prose(name: str) -> None:
    (document,) = holders()[name]
    numbers = set(whole_figures(name))
    loaded = {o.value for o in shaped(document).shape.observations if o.series != "scheme_flows"}
    assert not numbers & loaded
    held = [d.reason for d in shaped(document).shape.dispositions if d.fate is Fate.QUARANTINE]
    in_prose = any(str(n) in p.text.replace(" ", "") for n in numbers for p in shaped(document).document.paragraphs)
    assert held == ["the period is open"] * len(numbers) or in_prose


@pytest.mark.parametrize("name", sorted(everything()))
def test_each_fact_of_a_bundled_document_stands_where_its_labels_say(name: str) -> None:
    """The other way round: every fact is printed in its cell, and its label in the row or the column of that cell."""
    said = shaped(name)
    proofs = {t.table_id: t for t in said.proof.tables}
    for o in said.shape.observations:
        table = proofs[o.table_id]
        row, col = map(int, re.findall(r"r(\d+)c(\d+)$", o.cell_id)[0])
        (cell,) = (c for c in table.grid.cells if (c.row, c.col) == (row, col))
        assert o.value is None or any(r.value == abs(o.value) for r in _readings(table, cell))
        around = {fold(c.text) for c in table.grid.cells if c.row == row or c.col <= col < c.col + c.colspan}
        assert not o.label or o.inferred or any(fold(o.label) in text or text in fold(o.label) for text in around)


def fold(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _readings(table: TableProof, cell: Cell) -> list[object]:
    return [r for p in table.cells if (p.row, p.col) == (cell.row, cell.col) for r in p.readings]


@pytest.mark.parametrize("name", sorted(everything()))
def test_in_a_bundled_document_nothing_is_unclaimed_and_nothing_contradicted(name: str) -> None:
    said = shaped(name)
    left = {d.reason for d in said.shape.dispositions if d.fate is Fate.UNCLAIMED}
    held = {d.reason for d in said.shape.dispositions if d.fate is Fate.QUARANTINE}
    assert left == set()
    assert held <= {
        "the period is open",
        "the cell spans several rows or columns and belongs to none of them alone",
    }
    assert {t.verdict for t in said.proof.tables} <= {Verdict.PROVED, Verdict.CONSISTENT, Verdict.UNPROVED}


def expected_of_open_data(name: str) -> set[tuple[str, int, str, Decimal]]:
    """(measure, year, category or "", figure), read off the published table without the pipelines."""
    head, *rows = published(name)
    if name.endswith("-received"):
        second = "quotas_allotted" if "QMAS" in name else "applications_approved"
        columns = (("applications_received", 1), (second, 2))
        return {(m, int(row[0]), "", Decimal(row[at])) for row in rows for m, at in columns}
    measure = "quotas_allotted" if "QMAS" in name else "applications_approved"
    return {
        (measure, int(year), row[0], Decimal(row[at]))
        for row in rows
        for at, year in enumerate(head[1:], start=1)
        # areas that were added in January 2020: blank in the file, nil in the copy of the notes
        if not (name == "OD-TechTAS-industrysector" and int(year) < 2020 and row[0] in ADDED)
    }


@pytest.mark.parametrize("name", [n for n in sorted(holders()) if n.startswith("OD-")])
def test_open_data_give_each_figure_its_measure_year_category_and_scheme(name: str) -> None:
    (document,) = (d for d in holders()[name] if "to-2021" in d)
    found = set()
    for o in shaped(document).shape.observations:
        if o.value is None or o.is_total:
            continue
        assert o.period.start is not None and (o.period.start.month, o.period.end.month) == (1, 12)
        category = "" if name.endswith("-received") else o.label
        found.add((o.measure, o.period.start.year, category, o.value))
        scheme = dict(o.dimensions).get("scheme", "QMAS" if o.series.startswith("qmas_") else "")
        assert scheme == name.split("-")[1].upper()
    assert found == expected_of_open_data(name)


def test_the_months_give_each_figure_its_measure_month_and_scheme() -> None:
    wanted: set[tuple[str, str, int, int, Decimal]] = set()
    for scheme in ("gep", "asmtp", "qmas"):
        head, *months = published(f"hk_20170301_{scheme}_monthly")
        for label, *cells in months:
            for column, cell in zip(head[1:], cells, strict=True):
                year, measure = column.split("_")
                month = int(label) if label.isdigit() else 0
                wanted.add((scheme.upper(), f"applications_{measure}", int(year), month, Decimal(cell)))
    found = {
        (dict(o.dimensions)["scheme"], o.measure, o.period.end.year, 0 if o.is_total else o.period.end.month, o.value)
        for o in shaped("lcq-2017-03-01-admission-schemes.zh-Hant.html").shape.observations
        if o.series == "scheme_flows"
    }
    assert len(wanted) == 3 * 9 * 13 and found == wanted


def test_the_two_lines_of_heads_of_2013_give_each_figure_its_scheme_and_measure() -> None:
    head, *rows = published("hk_20131009_schemes_by_year")
    measures = {"applied": "applications_received", "approved": "applications_approved", "allotted": "quotas_allotted"}
    wanted = set()
    for label, *cells in rows:
        for column, cell in zip(head[1:], cells, strict=True):
            scheme, what = column.split("_")
            if cell not in ("", "-"):
                figure = Decimal(cell.replace(" ", ""))
                wanted.add((scheme.upper(), measures[what], int(label[:4]), 8 if "截至8月" in label else 12, figure))
    found = {
        (dict(o.dimensions)["scheme"], o.measure, o.period.end.year, o.period.end.month, o.value)
        for o in shaped("lcq-2013-10-09-admission-schemes.zh-Hant.html").shape.observations
        if o.series == "scheme_flows" and o.value is not None
    }
    assert found == wanted


def test_the_counts_of_the_schemes_are_kept_apart() -> None:
    """QMAS in 2016: 273 quotas, 156 approvals, 1 573 processed of 1 575 received, each under its own measure."""
    found = {
        (o.measure, o.value)
        for name in (
            "lcq-2017-03-01-admission-schemes.zh-Hant.html",
            "opendata-to-2025.Statistics_Received_Quota_Allotted_QMAS_EN.csv",
        )
        for o in shaped(name).shape.observations
        if (o.period.start, o.period.end) == (date(2016, 1, 1), date(2016, 12, 31))
        and o.series in ("qmas_by_year", "scheme_flows")
        and dict(o.dimensions).get("scheme", "QMAS") == "QMAS"
    }
    assert found == {
        ("applications_received", Decimal(1575)),
        ("applications_processed", Decimal(1573)),
        ("applications_approved", Decimal(156)),
        ("quotas_allotted", Decimal(273)),
    }


def test_visas_of_a_financial_year_are_not_quotas_of_a_calendar_year() -> None:
    report = shaped("immd-annual-report-2009-10-appendix-5.en.html").shape.observations
    visas = {(o.period.start, o.value) for o in report if dict(o.dimensions)["visa_type"] == "QMAS"}
    assert visas == {(date(y, 4, 1), Decimal(n)) for y, n in ((2007, 249), (2008, 660), (2009, 514))}
    assert {o.measure for o in report if dict(o.dimensions)["visa_type"] == "QMAS"} == {"visas_issued"}
    later = shaped("immd-annual-report-2020-appendix-5.zh-Hant.html").shape.observations
    quotas = {o.value for o in later if o.measure == "quotas_allotted"}
    assert quotas == {Decimal(555), Decimal(874), Decimal(1709)}
