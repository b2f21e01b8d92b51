"""What a card, a vocabulary or a correction may not say, and how it is refused: file, line, remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.cards import CardError, Cards, fold, load
from pipelines.cards.labels import expand, fold_measure
from tests.shape import making as make


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A copy of the three folders, to be broken."""
    for name in ("series", "vocabulary", "corrections"):
        source = make.PIPELINES / name
        shutil.copytree(source, tmp_path / name) if source.exists() else (tmp_path / name).mkdir()
    return tmp_path


def load_from(folders: Path) -> Cards:
    return load(folders / "series", folders / "vocabulary", folders / "corrections")


def edit(path: Path, old: str, new: str) -> int:
    """Replaces `old`, which must stand there; gives the 1-based line where it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_cards_of_the_project_load(folders: Path) -> None:
    cards = load_from(folders)
    assert {c.series for c in cards.series} >= {"qmas_by_year", "qmas_by_industry", "qmas_by_place", "fiscal_monthly"}


def test_the_fingerprint_changes_with_any_file(folders: Path) -> None:
    before = load_from(folders).fingerprint
    edit(folders / "vocabulary" / "places.csv", "Canada", "Kanada")
    assert load_from(folders).fingerprint != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rows: 3", "rows: many", "recognise.rows"),
        ("unit: applications", "unitt: applications", "unitt"),
        (
            "{rows: period, columns: measure}",
            "{rows: planet, columns: measure, period: title}",
            "no dimension of the card",
        ),
        ("scheme: QMAS", "scheme: QMASS", "holds no 'QMASS'"),
        ("key: [measure,", "kee: [measure,", "expectations"),
        ("      - Quotas allotted\n", "      - Applications received\n", "belongs to"),
    ],
)
def test_a_mistake_in_a_card_is_refused_by_file_and_line(folders: Path, old: str, new: str, said: str) -> None:
    path = folders / "series" / "qmas_by_year.yaml"
    line = edit(path, old, new)
    with pytest.raises(CardError) as refused:
        load_from(folders)
    error = refused.value
    assert error.file == path and said in str(error) and error.remedy
    assert error.line == 1 or abs(error.line - line) <= 1


def test_a_misspelt_field_is_refused_on_its_own_line(folders: Path) -> None:
    path = folders / "series" / "qmas_by_year.yaml"
    line = edit(path, "publisher:", "publischer:")
    with pytest.raises(CardError) as refused:
        load_from(folders)
    assert refused.value.line in (1, line)


def test_broken_yaml_is_refused_with_its_line(folders: Path) -> None:
    path = folders / "series" / "qmas_by_year.yaml"
    line = edit(path, "  rows: 3", "  rows: [3")
    with pytest.raises(CardError) as refused:
        load_from(folders)
    assert refused.value.file == path and refused.value.line >= line


def test_two_cards_of_one_name_are_refused(folders: Path) -> None:
    shutil.copy(folders / "series" / "qmas_by_year.yaml", folders / "series" / "zz.yaml")
    with pytest.raises(CardError, match="has a card already"):
        load_from(folders)


def test_a_scope_that_names_no_card_is_refused(folders: Path) -> None:
    edit(folders / "series" / "qmas_by_place.yaml", "by: qmas_by_year", "by: qmas_by_era")
    with pytest.raises(CardError, match="qmas_by_era"):
        load_from(folders)


def test_a_label_that_stands_twice_in_a_vocabulary_is_refused_by_line(folders: Path) -> None:
    path = folders / "vocabulary" / "places.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "XX,Nowhere,,,the  U.S.A.,,,,,\n", encoding="utf-8")
    with pytest.raises(CardError) as refused:
        load_from(folders)
    assert refused.value.line == text.count("\n") + 1 and "'US'" in str(refused.value)


def test_a_code_that_stands_twice_in_a_vocabulary_is_refused(folders: Path) -> None:
    path = folders / "vocabulary" / "places.csv"
    path.write_text(path.read_text(encoding="utf-8") + "CA,Canada the second,,,,,,,,\n", encoding="utf-8")
    with pytest.raises(CardError, match="'CA' stands already"):
        load_from(folders)


def test_an_unquoted_comma_in_a_vocabulary_is_refused(folders: Path) -> None:
    path = folders / "vocabulary" / "industries.csv"
    path.write_text(path.read_text(encoding="utf-8") + "X,Arts, Crafts,,,,,,qmas-15-industries,,\n", encoding="utf-8")
    with pytest.raises(CardError, match="as many fields"):
        load_from(folders)


def test_a_correction_needs_reason_and_evidence(folders: Path) -> None:
    said = "name: one-cell\ncontent_hash: " + "a" * 64 + "\ntable: 0\nrow: 3\ncol: 1\nexpected_text: '1 300'\n"
    path = folders / "corrections" / "one-cell.yaml"
    path.write_text(said + "reading: 1358\nreason: the total says so\nevidence: the sum of the column\n")
    (correction,) = (c for c in load_from(folders).corrections if c.name == "one-cell")
    assert correction.reading == 1358 and correction.expected_text == "1 300"
    path.write_text(said + "reading: 1358\nreason: the total says so\n")
    with pytest.raises(CardError, match="evidence"):
        load_from(folders)


def test_every_place_is_of_iso_3166_or_named_an_exception() -> None:
    import pycountry

    known = {c.alpha_2 for c in pycountry.countries}
    others = {t.code for t in make.cards().vocabularies["places"].terms} - known
    regions = {"ASIA_PACIFIC", "NORTH_AMERICA", "EUROPE", "SOUTH_AMERICA", "AFRICA"}
    assert others == {"MAINLAND", "OTHERS", "CHINESE_PR_ABROAD", "OUTSIDE_MAINLAND", *regions}


def test_others_of_two_lists_are_two_terms() -> None:
    industries = make.cards().vocabularies["industries"]
    one, other = (industries.find("Others", c) for c in ("qmas-15-industries", "qmas-6-industries"))
    assert one is not None and other is not None and one != other
    assert len(industries.members("qmas-15-industries")) == 15 and len(industries.members("qmas-6-industries")) == 6


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("The  United States\nof America", "United States of America"),
        ("Arts & Culture", "Arts and Culture"),
        ("藝術／文化", "藝術/文化"),
        ("Banking Sector(Note 1)", "Banking Sector"),
        ("2020*", "2020"),
        ("行業 ：", "行業"),
        ("Legionnaires′ Disease", "Legionnaires' disease"),
        ("內 地", "內地"),
    ],
)
def test_labels_fold_together(printed: str, label: str) -> None:
    assert fold(printed) == fold(label)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Influenza A (H5)", "Influenza A (H7)"), ("Others", "Other places"), ("Korea", "North Korea"), ("2006", "2007")],
)
def test_labels_that_differ_by_a_word_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_measures_fold_their_counting_words() -> None:
    assert fold_measure("Number of quotas allotted") == fold_measure("Quotas Allotted")
    assert fold_measure("Add : Consolidated Deficit") == fold_measure("Consolidated deficit")


def test_braces_hold_alternatives() -> None:
    assert expand("{Net |}{a|b} c") == ("Net a c", "Net b c", "a c", "b c")
