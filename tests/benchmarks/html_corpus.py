"""Counts over the real pages: documents, grids by kind, cells, findings, exceptions.

.venv/bin/python tests/benchmarks/html_corpus.py
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from pipelines.read import read_document

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDERS = ("corpus/fiscal", "corpus/gia-2019", "corpus/chp", "seeds")


def main() -> None:
    for folder in FOLDERS:
        paths = [p for p in sorted((SHARED / folder).glob("*")) if p.suffix in (".htm", ".html", ".txt", ".csv")]
        paths = [p for p in paths if p.name != "answers.csv"]
        kinds: Counter[str] = Counter()
        found: Counter[str] = Counter()
        cells = failed = 0
        start = time.process_time()
        for path in paths:
            result = read_document(path.read_bytes(), name=path.name)
            found.update(f.code for f in result.findings)
            if result.document is None:
                failed += 1
                continue
            kinds.update(str(g.kind) for g in result.document.grids)
            cells += sum(len(g.cells) for g in result.document.grids)
        took = time.process_time() - start
        print(
            f"{folder}: {len(paths)} documents, {failed} not read, grids {dict(kinds)}, {cells} cells, "
            f"findings {dict(found)}, {1000 * took / max(1, len(paths)):.1f} ms of CPU a document"
        )


if __name__ == "__main__":
    main()
