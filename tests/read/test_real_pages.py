"""The real pages of ../shared/corpus: nothing lost, nothing doubled, every published figure where it can be read.

What a page holds is counted here by a walk of our own, not by the reader's.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from pipelines.model import Cell, Document, Grid, GridKind, Paragraph
from pipelines.read import place_excerpt, read_document

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
INLINE = frozenset(("b", "i", "u", "strong", "em", "font", "span", "a", "sup", "sub"))
FENCE = re.compile(r"^[\s-]*contents[\s-]*$", re.IGNORECASE)
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def corpus(folder: str, pattern: str = "*.htm*") -> list[Path]:
    path = SHARED / "corpus" / folder
    if not path.is_dir():
        pytest.skip(f"../shared is absent: {folder} of the corpus is not checked")
    return sorted(path.glob(pattern))


def read(path: Path) -> Document:
    result = read_document(path.read_bytes(), name=path.name)
    assert result.document is not None, result.findings
    return result.document


def numbers_read(document: Document) -> Counter[str]:
    """Every numeric string of paragraphs, cells, titles and notes; the headline only where it is in the body."""
    said: Counter[str] = Counter()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if not (block.role == "headline" and block.place.line is None):
                said.update(NUMBER.findall(block.text))
            continue
        for text in (block.caption, *(c.text for c in block.cells), *block.notes):
            said.update(NUMBER.findall(text))
    return said


def numbers_printed(data: bytes, path: str) -> Counter[str]:
    """Every numeric string of a body, by a plain walk: all text under the node `path`, between the fences if there are any."""  # noqa: E501
    text = data.decode("utf-8", "replace") if b"utf-8" in data[:2000].lower() else data.decode("big5hkscs", "replace")
    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    body = root.xpath(path)[0]
    fences = [c for c in body.iter(etree.Comment) if FENCE.match(c.text or "")]
    fenced = body.get("id") != "pressrelease" and len(fences) > 1
    out: list[str] = []
    inside = not fenced

    def walk(node: etree._Element) -> None:
        nonlocal inside
        if node in fences and fenced:
            inside = node is not fences[-1]
        elif isinstance(node.tag, str) and node.tag not in ("script", "style"):
            if "display:none" in (node.get("style") or "").replace(" ", ""):
                return
            gap = "" if node.tag in INLINE else "\n"
            said = node.text or ""
            out.append(gap)
            if inside:
                out.append(said.translate(RAISED) if node.tag == "sup" else said)
            for child in node:
                walk(child)
                if child.tail and inside:
                    out.append(child.tail)
            out.append(gap)

    walk(body)
    return Counter(NUMBER.findall("".join(out)))


def body_path(document: Document) -> str:
    return next(p.place.path for p in document.paragraphs if p.place.line is not None and p.place.path is not None)


@pytest.mark.parametrize("folder", ["fiscal", "gia-2019", "chp"])
def test_every_number_of_a_page_is_read_exactly_once(folder: str) -> None:
    checked = 0
    for path in corpus(folder):
        document = read(path)
        want = numbers_printed(path.read_bytes(), body_path(document))
        got = numbers_read(document)
        behind = Counter(
            n
            for p in document.paragraphs
            if p.role == "closing" and document.template == "A"
            for n in NUMBER.findall(p.text)
        )
        lost = want - got
        assert not lost, (path.name, lost)
        # a closing line may stand behind the fence of template A; nothing else may be read that is not in the body
        assert not (got - want) - behind, (path.name, got - want)
        checked += sum(want.values())
    assert checked > 1000 or folder == "gia-2019"


def figure(text: str) -> Decimal | None:
    if not re.fullmatch(r"\(?-?[\d,]+\.\d+\)?", text):
        return None
    value = Decimal(re.sub(r"[(),-]", "", text))
    return -value if text[0] in "(-" else value


def month_column(grid: Grid) -> int:
    """The column whose header says "month ended"."""
    heads = [c for c in grid.cells if re.match(r"month\s+ended", c.text, re.IGNORECASE)]
    assert len(heads) == 1, grid.caption
    return heads[0].col


def labels(grid: Grid) -> dict[str, dict[int, Cell]]:
    by_row: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, {})[cell.col] = cell
    return {" ".join(row[0].bare.lower().split()): row for row in by_row.values() if 0 in row and row[0].bare.strip()}


WANTED = {
    "revenue": r"revenue",
    "expenditure": r"expenditure",
    "fiscal_reserve_start": r"fiscal reserves? .*\bstart of period",
    "fiscal_reserve_end": r"fiscal reserves? .*\bend of period",
}


def test_every_published_figure_stands_under_its_label_and_its_header() -> None:
    corpus("fiscal")
    answers = SHARED / "corpus" / "fiscal" / "answers.csv"
    checked = 0
    for answer in csv.DictReader(answers.open(encoding="utf-8")):
        document = read(SHARED / "corpus" / "fiscal" / answer["file_name"])
        column: int | None = None
        for measure, label in WANTED.items():
            found = []
            for grid in document.grids:
                heads = [c for c in grid.cells if re.match(r"month\s+ended", c.text, re.IGNORECASE)]
                column = heads[0].col if heads else column
                for text, row in labels(grid).items():
                    if re.fullmatch(label, text) and column in row:
                        found.append(figure(row[column].bare))
            assert Decimal(answer[measure]) in found, (answer["file_name"], measure, found)
            assert len(set(found)) == 1, (answer["file_name"], measure, found)
            checked += 1
    assert checked == 4 * 83


def test_release_facts_of_real_pages() -> None:
    for path in corpus("fiscal"):
        facts = read(path).release
        assert facts.title, path.name
        assert facts.released is not None, path.name
        assert facts.language == "en"
        if document_has_links := re.match(r"P\d{12,}", path.name):
            assert {language for language, _ in facts.twins} == {"zh-Hant", "zh-Hans"}, (path.name, document_has_links)


def test_no_text_table_of_the_corpus_has_a_doubtful_column() -> None:
    for path in corpus("fiscal"):
        assert read_document(path.read_bytes()).findings == (), path.name


def test_every_place_of_a_real_page_can_be_shown() -> None:
    for path in corpus("fiscal")[::9]:
        data = path.read_bytes()
        for grid in read(path).grids:
            for cell in grid.cells[:: max(1, len(grid.cells) // 4)]:
                shown = place_excerpt(data, cell.place)
                marked = shown[shown.index("«") + 1 : shown.index("»")]
                first = " ".join(cell.text.split("\n")[0].split())[:12].translate(RAISED)
                assert first in " ".join(marked.split()).translate(RAISED), (path.name, cell)


def body_rows(document: Document) -> list[tuple[tuple[int, str], ...]]:
    """The rows below the header of every text table, without line breaks."""
    out = []
    for grid in document.grids:
        for r in range(grid.header_rows, grid.n_rows if grid.kind is GridKind.TEXT else 0):
            out.append(tuple((c.col, " ".join(c.text.split())) for c in grid.cells if c.row == r))
    return out


@pytest.mark.parametrize("way", ["drifted", "one space before the first value"])
def test_typing_that_drifts_moves_no_figure(way: str) -> None:
    rng = random.Random(20_261_122)

    def drifted(gap: re.Match[str]) -> str:
        spaces = re.findall(r"&nbsp;|\s", gap.group())
        return "".join(spaces[: max(2, len(spaces) - rng.randrange(4))]) + " " * rng.randrange(4)

    def closed(gap: re.Match[str]) -> str:
        return " " if rng.random() < 0.5 else gap.group()

    moved = checked = 0
    for path in corpus("fiscal", "*.htm")[::6]:
        page = path.read_bytes().decode("latin-1")
        if way == "drifted":
            changed = re.sub(r"(?:&nbsp;| ){3,}(?=[\d(])", drifted, page)
        else:
            changed = re.sub(r"(?<=[A-Za-z)])(?:&nbsp;| ){2,}(?=[\d(][\d,]*\.\d)", closed, page)
        before = read(path)
        after = read_document(changed.encode("latin-1")).document
        assert after is not None
        for row, other in zip(body_rows(before), body_rows(after), strict=True):
            checked += 1
            # a lone "NIL" may be left whole in its line; a figure may not move
            moved += row != other and not any("NIL" in text for _, text in row)
    assert checked > 100
    assert moved == 0


def test_the_first_seed_gives_three_flattened_tables_and_its_facts() -> None:
    path = SHARED / "seeds" / "lcq15-quality-migrant-admission-scheme.txt"
    if not path.is_file():
        pytest.skip("../shared is absent: the seeds are not checked")
    document = read(path)
    assert [g.kind for g in document.grids] == [GridKind.FLATTENED] * 3
    last = [g.cells[-1].text.replace("\u00a0", " ") for g in document.grids]
    assert last == ["Total 36 689 9 131", "Total 9 131", "Total 9 131"]
    assert [len(g.cells) for g in document.grids] == [20, 17, 13]
    assert [c.text for c in document.grids[0].cells[:4]] == [
        "Year Applications Received",
        "Quotas Allotted",
        "(June to December)",
        "587 83",
    ]
    assert len(document.grids[0].notes) == 3
    facts = document.release
    assert (facts.number, facts.month_day, facts.released) == ("LCQ15", (1, 19), None)
    assert (str(facts.not_before), facts.not_before_evidence) == ("2021-12-31", "As of end 2021")
    assert not any("Reply" in c.text for g in document.grids for c in g.cells)
    printed = Counter(NUMBER.findall(path.read_text(encoding="utf-8")))
    assert numbers_read(document) == printed


def test_the_second_seed_has_no_table_and_no_number() -> None:
    path = SHARED / "seeds" / "qmas-positive-contributions.txt"
    if not path.is_file():
        pytest.skip("../shared is absent: the seeds are not checked")
    document = read(path)
    assert document.grids == ()
    assert document.release.number == ""
    assert len(document.paragraphs) > 5


def test_replies_of_the_official_record_keep_every_number_and_give_their_tables() -> None:
    path = SHARED / "corpus" / "hansard" / "talent-scheme-replies.json"
    if not path.is_file():
        pytest.skip("../shared is absent: the replies are not checked")
    with_tables = 0
    for reply in json.loads(path.read_text(encoding="utf-8")):
        result = read_document(reply["content"].encode(), name=f"reply {reply['seq']}")
        assert result.document is not None, result.findings
        assert numbers_read(result.document) == Counter(NUMBER.findall(reply["content"])), reply["seq"]
        if reply["n_numbers"] > 200:
            with_tables += 1
            assert any(g.kind is GridKind.FLATTENED for g in result.document.grids), reply["seq"]
    assert with_tables >= 3
