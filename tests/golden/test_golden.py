"""Every folder `tests/golden/<series>/<case>/` is a test: its document must give exactly the observations of its
`expected.csv`, through the whole path from bytes to facts.  Drop a folder, and it is a test.

In a golden document nothing may be left over: each numeric cell of a table of the series is a fact or is ignored by a
named rule, unless the folder says otherwise in `left-over.txt` (one reason a line).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.cards import Cards, load
from pipelines.model import Fate
from pipelines.prove import prove_document
from pipelines.read import read_document
from pipelines.shape import shape_document
from pipelines.shape.golden import lines

HERE = Path(__file__).resolve().parent
PIPELINES = HERE.parent.parent / "pipelines"
CASES = sorted(p.parent for p in HERE.glob("*/*/expected.csv"))


@pytest.fixture(scope="module")
def cards() -> Cards:
    return load(PIPELINES / "series", PIPELINES / "vocabulary", PIPELINES / "corrections")


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_golden_document_gives_exactly_its_observations(case: Path, cards: Cards) -> None:
    (document,) = (p for p in case.iterdir() if p.stem == "document")
    read = read_document(document.read_bytes(), name=document.name).document
    assert read is not None
    result = shape_document(read, prove_document(read), cards)
    with (case / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    series = case.parent.name
    assert expected and all(row["series"] for row in expected)
    got = lines(o for o in result.observations if o.series == series)
    wanted = sorted((dict(row) for row in expected if row["series"] == series), key=lambda row: tuple(row.values()))
    assert got == wanted
    allowed_file = case / "left-over.txt"
    allowed = set(allowed_file.read_text(encoding="utf-8").splitlines()) if allowed_file.exists() else set()
    left = {d.reason for d in result.dispositions if d.fate in (Fate.QUARANTINE, Fate.UNCLAIMED)}
    assert left <= allowed


def test_every_card_has_a_golden_folder(cards: Cards) -> None:
    covered = {case.parent.name for case in CASES}
    assert {card.series for card in cards.series} <= covered
    assert covered <= {card.series for card in cards.series}
