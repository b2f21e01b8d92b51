"""Which card has a table: words around it, two cards at once, unknown headers; and the fate of every cell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cards import load
from pipelines.model import (
    Cell,
    CellProof,
    Disposition,
    Fate,
    Frame,
    Grid,
    GridKind,
    Place,
    Reading,
    TableProof,
    Verdict,
    table_id,
)
from pipelines.shape import shape_document
from pipelines.shape.skeleton import skeleton
from tests.shape import making as make

LEAD_IN = "The QMAS began in June 2006. As of end 2021, 36 689 applications were received and 9 131 quotas allotted."
YEARS = [["Year", "Applications Received", "Quotas Allotted"], ["2019", "5 896", "874"], ["2020", "3 966", "1 709"]]
YEARS += [["2021", "5 365", "2 004"]]
PLACES = [
    ["Region", "Quotas Allotted"],
    ["Canada", "160"],
    ["Australia", "157"],
    ["Others", "8 814"],
    ["Total", "9 131"],
]


def claims(*blocks: Grid | str, title: str = "A release") -> dict[str, str]:
    proofs = [make.proof(b) for b in blocks if isinstance(b, Grid)]
    result = shape_document(make.document(*blocks, title=title), make.judged(*proofs), make.cards())
    return {table[-4:]: series for table, series in result.claims}


@pytest.mark.parametrize(
    ("words", "title", "claimed"),
    [
        ("Figures of the QMAS:", "", True),
        ("優才計劃的數字如下：", "", True),
        ("Figures:", "LCQ15: Quality Migrant Admission Scheme", True),
        ("Figures:", "", False),
        ("Figures of the Top Talent Pass Scheme:", "LCQ15: Quality Migrant Admission Scheme", False),
        ("Figures of the TTPS and the QMAS:", "", False),
        ("Figures of the TTPS and the QMAS:", "LCQ15: Quality Migrant Admission Scheme", True),
        ("Figures of the QMASS:", "", False),
    ],
)
def test_the_nearest_words_that_name_a_scheme_decide(words: str, title: str, claimed: bool) -> None:
    assert bool(claims(words, make.grid(0, YEARS), title=title)) is claimed


def test_a_header_that_names_a_scheme_goes_before_all_other_words() -> None:
    asked = [["Year", "Application received under Quality Migrant Admission Scheme", "Refused under it"], *YEARS[1:]]
    other = [["Year", "Quotas allotted", "Applications approved under General Employment Policy"], *YEARS[1:]]
    assert claims("Open data:", make.grid(0, asked)) == {"t000": "qmas_by_year"}
    assert claims("The QMAS in figures:", make.grid(0, other)) == {}


def test_a_scheme_named_further_up_gives_way_to_one_named_nearer() -> None:
    found = claims(
        "The QMAS:", make.grid(0, YEARS), "The TTPS:", make.grid(1, YEARS), title="Quality Migrant Admission Scheme"
    )
    assert found == {"t000": "qmas_by_year"}


def test_a_new_scheme_whose_name_holds_an_older_ones_is_not_taken_for_it() -> None:
    names = make.cards().vocabularies["schemes"]
    old, new = names.find("Capital Investment Entrant Scheme"), names.find("New Capital Investment Entrant Scheme")
    assert old is not None and new is not None and old.code != new.code
    assert claims("The New Capital Investment Entrant Scheme and the QMAS:", make.grid(0, YEARS)) == {}


def test_two_cards_that_claim_one_table_make_a_finding_and_neither_loads(tmp_path: Path) -> None:
    for name in ("series", "vocabulary", "corrections"):
        source = make.PIPELINES / name
        shutil.copytree(source, tmp_path / name) if source.exists() else (tmp_path / name).mkdir()
    twin = (tmp_path / "series" / "qmas_by_year.yaml").read_text(encoding="utf-8")
    (tmp_path / "series" / "twin.yaml").write_text(twin.replace("series: qmas_by_year", "series: twin", 1), "utf-8")
    cards = load(tmp_path / "series", tmp_path / "vocabulary", tmp_path / "corrections")
    grid = make.grid(0, YEARS)
    result = shape_document(make.document(LEAD_IN, grid), make.judged(make.proof(grid)), cards)
    assert result.observations == () and result.claims == ()
    assert [f.code for f in result.findings] == ["two-cards-claim"]
    assert {d.reason for d in result.dispositions if d.fate is Fate.QUARANTINE} == {"two series cards claim the table"}
    assert sum(d.fate is Fate.QUARANTINE for d in result.dispositions) == 6


def test_headers_that_the_card_does_not_know_leave_the_table_unclaimed() -> None:
    rows = [["Year", "Refusals", "Withdrawals"], *YEARS[1:]]
    assert claims(LEAD_IN, make.grid(0, rows)) == {}


def test_one_unknown_column_is_kept_apart_and_the_known_ones_load() -> None:
    rows = [[*r, x] for r, x in zip(YEARS, ["Refusals", "1", "2", "3"], strict=True)]
    grid = make.grid(0, rows)
    result = shape_document(make.document(LEAD_IN, grid), make.judged(make.proof(grid)), make.cards())
    assert sorted(o.value for o in result.observations if o.status == "unknown label") == [1, 2, 3]
    assert {o.measure for o in result.observations if o.status == ""} == {"applications_received", "quotas_allotted"}
    assert [f.code for f in result.findings] == ["unknown-label"]


def test_a_blank_form_is_ignored_by_name_even_with_a_total_row() -> None:
    grid = make.grid(0, [["Profession on the List (2)", "(i)", "(ii)"], ["", "", ""], ["Total", "", ""]])
    form = Grid(0, GridKind.MARKUP, 3, 3, grid.cells, Place(), 1, is_form=True)
    result = shape_document(make.document(LEAD_IN, form), make.judged(make.proof(form)), make.cards())
    assert [(d.fate, d.reason) for d in result.dispositions] == [(Fate.IGNORED, "blank form")]
    assert result.observations == () and result.findings == ()


def flattened(lines: list[str], split: list[list[str]], bad: frozenset[int] = frozenset()) -> tuple[Grid, TableProof]:
    """A flattened grid as read, and its proof with the lines split into cells."""
    read = Grid(
        0, GridKind.FLATTENED, len(lines), 1,
        tuple(Cell(r, 0, t, t, Place(line=r + 1)) for r, t in enumerate(lines)), Place(),
    )  # fmt: skip
    resolved = make.grid(0, split)
    judged = tuple(
        CellProof(
            r, c, Verdict.CONTRADICTED if r in bad else Verdict.PROVED, (make.reading(split[r][c]),), (), "", (r, 0)
        )
        for r in range(1, len(split))
        for c in range(1, len(split[r]))
        if split[r][c]
    )  # fmt: skip
    return read, TableProof(table_id(make.DOCUMENT, 0), resolved, Frame(1, 1), judged, (), Verdict.PROVED, 1.0, "")


def test_a_flattened_line_has_one_fate_the_worst_of_its_parts() -> None:
    lines = ["Year Applications Received Quotas Allotted", "2019 5 896 874", "2020 3 966 1 709", "2021 5 365 2 004"]
    read, proof = flattened(lines, YEARS, frozenset({2}))
    result = shape_document(make.document(LEAD_IN, read), make.judged(proof), make.cards())
    assert [(d.cell_id[-8:], d.fate) for d in result.dispositions] == [
        ("r001c000", Fate.FACT), ("r002c000", Fate.QUARANTINE), ("r003c000", Fate.FACT)
    ]  # fmt: skip
    assert {o.cell_id[-8:] for o in result.observations} == {"r001c001", "r001c002", "r003c001", "r003c002"}


def test_a_flattened_table_that_the_proof_could_not_split_is_unclaimed_line_by_line() -> None:
    read = Grid(
        0, GridKind.FLATTENED, 2, 1, tuple(Cell(r, 0, t, t, Place()) for r, t in enumerate(["A 1 2", "B 3"])), Place()
    )
    proof = TableProof(table_id(make.DOCUMENT, 0), read, Frame(0, 0), (), (), Verdict.UNPROVED, 0.0, "")
    result = shape_document(make.document(LEAD_IN, read), make.judged(proof), make.cards())
    assert [d.fate for d in result.dispositions] == [Fate.UNCLAIMED, Fate.UNCLAIMED]


TEXTS = st.sampled_from(
    ["", "2019", "1 234", "Total", "-", "n.a.", "Canada", "Others", "12*", "甲", "７", "(3)", "Year", "Quotas Allotted"]
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=8),
    header=st.integers(0, 3),
    stub=st.integers(0, 2),
    kept=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 2))),
    verdict=st.sampled_from(list(Verdict)),
    confined=st.booleans(),
)
def test_every_numeric_cell_of_any_table_has_exactly_one_fate(
    rows: list[list[str]], header: int, stub: int, kept: set[tuple[int, int]], verdict: Verdict, confined: bool
) -> None:
    grid = make.grid(0, rows, header)
    judged = tuple(
        CellProof(c.row, c.col, verdict, (Reading(None),), (), "", (c.row, c.col))
        for c in grid.cells
        if (c.row, c.col) in kept and c.text
    )
    proof = TableProof(table_id(make.DOCUMENT, 0), grid, Frame(header, stub), judged, (), verdict, 0.0, "", 1, confined)
    result = shape_document(make.document(LEAD_IN, grid), make.judged(proof), make.cards())
    ids = [d.cell_id for d in result.dispositions]
    assert len(ids) == len(set(ids))
    with_digit = {f"{proof.table_id}-r{c.row:03d}c{c.col:03d}" for c in grid.cells if any(x.isdigit() for x in c.text)}
    assert with_digit <= set(ids)
    facts = {d.cell_id for d in result.dispositions if d.fate is Fate.FACT}
    assert {o.cell_id for o in result.observations} <= facts
    if not verdict.loads or not confined:
        assert result.observations == ()


def fates_of(result_dispositions: tuple[Disposition, ...]) -> set[Fate]:
    return {d.fate for d in result_dispositions}


@pytest.mark.parametrize(
    "rows", [YEARS, PLACES, [["Scheme", "2019", "2020"], ["GEP", "41 289", "14 617"], ["TechTAS", "75", "116"]]]
)
def test_the_draft_of_a_card_loads_and_claims_its_table(rows: list[list[str]], tmp_path: Path) -> None:
    grid = make.grid(0, rows)
    document = make.document("Figures of a new kind:", grid, title="Things counted in 2021")
    draft = skeleton("new_series", document, make.proof(grid), make.cards())
    shutil.copytree(make.PIPELINES / "vocabulary", tmp_path / "vocabulary")
    (tmp_path / "series").mkdir()
    (tmp_path / "corrections").mkdir()
    (tmp_path / "series" / "new_series.yaml").write_text(draft.card, encoding="utf-8")
    for name, text in draft.vocabularies.items():
        (tmp_path / "vocabulary" / name).write_text(text, encoding="utf-8")
    cards = load(tmp_path / "series", tmp_path / "vocabulary", tmp_path / "corrections")
    result = shape_document(document, make.judged(make.proof(grid)), cards)
    assert [series for _, series in result.claims] == ["new_series"]
    assert Fate.FACT in fates_of(result.dispositions)
    assert Fate.UNCLAIMED not in fates_of(result.dispositions)


def test_a_table_without_labels_has_no_draft() -> None:
    grid = make.grid(0, [["", ""], ["", "1 234"]])
    with pytest.raises(ValueError, match="labels and headers"):
        skeleton("nothing", make.document(grid), make.proof(grid), make.cards())
