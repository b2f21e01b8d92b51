"""Figures that load from injured pages: how many are wrong, by verdict.  Prints; asserts nothing.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/injuries.py [injuries a page] [seed] [folder ...]

Each page is injured in its layout or its text: a cell lost or doubled, neighbours exchanged, a span changed, a row
lost, a digit changed, a space lost or put amid a figure.  What loads from it is compared with what loads from the page
as it is: a figure under the same series, measure, dimensions and period that differs is *wrong*.  One that a changed
digit made differ where no sum reaches it is counted apart ("as printed"): no reader can know it.  Pages of
../shared/corpus and the bundled ones are the sources; give folders for others.

"naught": the page is first set anew, without its rows of totals and with its column of totals before the others, and is
then what the injured page is compared with; a cell that prints 0 or a dash is lost.  The sums along the rows then hold
as before, with figures that stand one column too far left.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from pipelines.model import Observation, Verdict  # noqa: E402
from pipelines.prove import prove_document  # noqa: E402
from pipelines.prove.labels import read as label  # noqa: E402
from pipelines.read import read_document  # noqa: E402
from pipelines.shape import shape_document  # noqa: E402
from tests.shape import making as make  # noqa: E402

SHARED = PROJECT.parent / "shared"
CELL = re.compile(r"<td\b[^>]*>.*?</td>", re.I | re.S)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.I | re.S)
FIGURE = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d.,])")
GAP = re.compile(r"(?<=[\d)A-Za-z])(?:&nbsp;|[ \xa0]){2,}(?=[\d(])")
DIGIT = "digit"
ANY_CELL = re.compile(r"<t([dh])\b[^>]*>.*?</t\1>", re.I | re.S)
NAUGHT = re.compile(r"(?:<[^>]*>|&nbsp;|\s)*(?:0|-+|[–—─])(?:<[^>]*>|&nbsp;|\s)*")
TAG = re.compile(r"<[^>]*>|&nbsp;")


def injured(page: str, rng: random.Random) -> tuple[str, str]:
    """(kind of the injury, the page with it); ("", page) where this page has nothing of the kind drawn."""
    kind = rng.choice(["lost", "doubled", "exchanged", "span", "row", DIGIT, "glued", "parted", "columns"])
    if kind in ("lost", "doubled", "exchanged", "span"):
        cells = [m for m in CELL.finditer(page) if FIGURE.search(m.group())]
        if len(cells) < 2:
            return "", page
        k = rng.randrange(len(cells) - 1)
        one, two = cells[k], cells[k + 1]
        if kind == "lost":
            return kind, page[: one.start()] + page[one.end() :]
        if kind == "doubled":
            return kind, page[: one.end()] + one.group() + page[one.end() :]
        if kind == "span":
            return kind, page[: one.start()] + re.sub(r"<td", '<td colspan="2"', one.group(), count=1) + page[
                one.end() :
            ]
        between = page[one.end() : two.start()]
        return kind, page[: one.start()] + two.group() + between + one.group() + page[two.end() :]
    if kind in ("row", "columns"):
        rows = [m for m in ROW.finditer(page) if FIGURE.search(m.group())]
        if len(rows) < 3:
            return "", page
        if kind == "row":
            row = rng.choice(rows)
            return kind, page[: row.start()] + page[row.end() :]
        row = rng.choice(rows)  # one row with its cells the other way round
        cells = CELL.findall(row.group())
        turned = "<tr>" + "".join([*cells[:1], *reversed(cells[1:])]) + "</tr>"
        return kind, page[: row.start()] + turned + page[row.end() :]
    body = page[page.find("<body") :] if "<body" in page else page
    offset = len(page) - len(body)
    if kind == "glued":
        gaps = list(GAP.finditer(body))
        if not gaps:
            return "", page
        gap = rng.choice(gaps)
        return kind, page[: offset + gap.start()] + page[offset + gap.end() :]
    figures = [m for m in FIGURE.finditer(body) if len(m.group()) > 2]
    if not figures:
        return "", page
    figure = rng.choice(figures)
    at = offset + figure.start() + rng.randrange(1, len(figure.group()))
    if kind == "parted":
        return kind, page[:at] + " " + page[at:]
    if not page[at].isdigit():
        return "", page
    return kind, page[:at] + str((int(page[at]) + rng.randint(1, 9)) % 10) + page[at + 1 :]


def words(cell: str) -> str:
    return TAG.sub(" ", cell).strip()


def totals_first(page: str) -> str:
    """The page without rows that a label calls a total, and the last column, where it is one of totals, set first."""

    def said(cells: list[str], at: int) -> bool:
        return bool(cells) and label(words(cells[at])).bare

    rows = [row.group() for row in ROW.finditer(page)]
    head = next((row for row in rows if said([c.group() for c in ANY_CELL.finditer(row)], -1)), "")
    if not head:
        return page

    def anew(row: re.Match[str]) -> str:
        cells = [c.group() for c in ANY_CELL.finditer(row.group())]
        if said(cells, 0):
            return ""
        if len(cells) < 3 or not (row.group() == head or FIGURE.search(words(cells[-1]))):
            return row.group()
        # behind the label: figures stand in "td", labels in "th" or, where a table has none, in its first cell
        stub = 1 if row.group() == head else max(1, sum(c.lower().startswith("<th") for c in cells))
        return "<tr>" + "".join([*cells[:stub], cells[-1], *cells[stub:-1]]) + "</tr>"

    return ROW.sub(anew, page)


def without_a_naught(page: str, rng: random.Random) -> str:
    """The page with one cell lost that prints 0 or a dash, in a row that prints other figures."""
    at: list[tuple[int, int]] = []
    for row in ROW.finditer(page):
        cells = list(CELL.finditer(row.group()))
        if sum(any(d in "123456789" for d in words(c.group())) for c in cells) > 1:
            at += [(row.start() + c.start(), row.start() + c.end()) for c in cells if NAUGHT.fullmatch(c.group())]
    if not at:
        return page
    start, end = rng.choice(at)
    return page[:start] + page[end:]


def key(o: Observation) -> tuple[object, ...]:
    return (o.series, o.measure, o.dimensions, o.period.start, o.period.end, o.period.kind)


def loaded(page: str, name: str, encoding: str) -> list[Observation]:
    document = read_document(page.encode(encoding, "replace"), name=name).document
    if document is None:
        return []
    shaped = shape_document(document, prove_document(document), make.cards())
    return [o for o in shaped.observations if o.measure and all(code for _, code in o.dimensions)]


def values(observations: list[Observation]) -> dict[tuple[object, ...], set[object]]:
    sound: dict[tuple[object, ...], set[object]] = {}
    for o in observations:
        sound.setdefault(key(o), set()).add(o.value)
    return sound


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng, of_naughts = random.Random(seed), random.Random(seed)
    folders = [Path(f) for f in sys.argv[3:] if not f.startswith("-")] or [
        SHARED / "corpus" / "fiscal", SHARED / "corpus" / "chp", PROJECT / "raw" / "facsimile",
    ]  # fmt: skip
    told: dict[str, Counter[str]] = {}

    def compare(kind: str, name: str, sound: dict[tuple[object, ...], set[object]], found: list[Observation]) -> None:
        count = told.setdefault(kind, Counter())
        count["pages"] += 1
        for o in found:
            known = sound.get(key(o))
            how = "new" if known is None else "right" if o.value in known else "wrong"
            count[how if how == "right" else f"{how} {o.verdict}"] += 1
            if how != "right" and (o.verdict is Verdict.PROVED or "-v" in sys.argv):
                said = f"{o.measure} {o.dimensions} {o.period.start} {o.period.end}"
                print(kind, name, how, said, known, "->", o.value, o.verdict, o.cell_id)

    for path in sorted(p for f in folders for p in f.glob("*.htm*") if p.suffix in (".htm", ".html")):
        encoding = "utf-8"
        try:
            page = path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
            page = path.read_bytes().decode(encoding)
        sound = values(loaded(page, path.name, encoding))
        if not sound:
            continue
        for _ in range(times):
            kind, hurt = injured(page, rng)
            if kind and hurt != page:
                compare(kind, path.name, sound, loaded(hurt, path.name, encoding))
        anew = totals_first(page)
        sound = values(loaded(anew, path.name, encoding)) if anew != page else {}
        for _ in range(times if sound else 0):
            hurt = without_a_naught(anew, of_naughts)
            if hurt != anew:
                compare("naught", path.name, sound, loaded(hurt, path.name, encoding))
    for kind, count in sorted(told.items()):
        print(kind, dict(count))


if __name__ == "__main__":
    main()
