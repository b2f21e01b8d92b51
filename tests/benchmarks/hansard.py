"""Written replies of the Official Record whose tables were flattened into runs of figures (../shared/corpus/hansard).

    .venv/bin/python tests/benchmarks/hansard.py

No cell truth exists for them: a row is called wrong where its own printed shares or its table's totals refute what was
read.  Every line of a reply is handed to the resolver within its block of consecutive short lines, and the blocks whose
rows are all in one line are cut before each label in Chinese.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.prove.flattened import RowStatus, resolve

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "hansard" / "talent-scheme-replies.json"
LABEL = re.compile(r"\s+(?=[\u4e00-\u9fff(][^\d]*\s\d)|\s{2,}")


def lines_of(content: str) -> list[list[str]]:
    """Blocks of lines, each a table in a line or a run of lines that hold figures."""
    blocks = []
    for paragraph in content.split("\n"):
        if len(re.findall(r"(?<!\S)\d{1,3}(?!\S)", paragraph)) >= 4:
            blocks.append([piece for piece in LABEL.split(paragraph.strip()) if piece.strip()])
    return blocks


def main() -> None:
    replies = json.loads(CORPUS.read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    for reply in replies:
        for lines in lines_of(reply["content"]):
            cells = tuple(Cell(i, 0, t, t, Place(line=i + 1)) for i, t in enumerate(lines))
            found = resolve(Grid(0, GridKind.FLATTENED, len(lines), 1, cells, Place()))
            counts["tables"] += 1
            counts["tables resolved whole"] += found.unique
            for status, line in zip(found.statuses, lines, strict=True):
                if re.search(r"\d\s*$", line):
                    counts["rows"] += 1
                    counts["rows read" if status is RowStatus.READ else "rows declined"] += 1
    print(dict(counts))


if __name__ == "__main__":
    main()
