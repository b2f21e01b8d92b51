"""`talent series new`: a draft that claims its table, and a golden folder that holds what it gives; no file is lost."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import cards
from pipelines.orchestration.drafting import DraftError, draft_series
from pipelines.orchestration.steps import find_table, prove, read, take_in
from pipelines.settings import PROJECT, Settings

PAGE = """<html><head><title>Licences by trade</title></head><body><h1>Licences by trade</h1>
<p>A sentence of somebody else that has no place in the project.</p>
<table border="1"><tr><th>Trade</th><th>2019</th><th>2020</th></tr>
<tr><td>Bakers</td><td>1 204</td><td>1 377</td></tr><tr><td>Coopers</td><td>311</td><td>298</td></tr>
<tr><td>Total</td><td>1 515</td><td>1 675</td></tr></table></body></html>"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project of its own, with one document that no card knows, read and proven."""
    rooms = tmp_path / "pipelines"
    shutil.copytree(PROJECT / "pipelines" / "vocabulary", rooms / "vocabulary")
    shutil.copytree(PROJECT / "pipelines" / "series", rooms / "series")
    (rooms / "corrections").mkdir()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "licences.html").write_text(PAGE, encoding="utf-8")
    made = replace(
        Settings(),
        raw=tmp_path / "raw",
        warehouse=tmp_path / "warehouse",
        series=rooms / "series",
        vocabulary=rooms / "vocabulary",
        corrections=rooms / "corrections",
    )
    take_in(made)
    read(made)
    prove(made)
    return made


def test_a_draft_loads_and_its_golden_folder_holds_what_it_gives(settings: Settings, tmp_path: Path) -> None:
    (table,) = find_table(settings, "")
    files, observations = draft_series(settings, table, "licences_by_trade")
    assert all(path.is_relative_to(tmp_path) and path.exists() for path in files)
    card = cards.load(settings.series, settings.vocabulary, settings.corrections).card("licences_by_trade")
    assert card.series == "licences_by_trade"
    golden = tmp_path / "tests" / "golden" / "licences_by_trade" / "first"
    with (golden / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == observations
    assert {row["value"] for row in rows} >= {"1204", "1377", "311", "298"}


def test_no_sentence_of_the_document_is_carried_over(settings: Settings, tmp_path: Path) -> None:
    (table,) = find_table(settings, "")
    files, _ = draft_series(settings, table, "licences_by_trade")
    page = (tmp_path / "tests" / "golden" / "licences_by_trade" / "first" / "document.html").read_text(encoding="utf-8")
    assert "<td>1 204</td>" in page
    assert not any("somebody else" in path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize(("name", "said"), [("qmas_by_year", "there already"), ("Licences!", "no name for a series")])
def test_a_name_that_cannot_be_taken_writes_nothing(settings: Settings, tmp_path: Path, name: str, said: str) -> None:
    (table,) = find_table(settings, "")
    before = sorted(tmp_path.rglob("*.yaml"))
    with pytest.raises(DraftError, match=said):
        draft_series(settings, table, name)
    assert sorted(tmp_path.rglob("*.yaml")) == before
    assert not (tmp_path / "tests").exists()
