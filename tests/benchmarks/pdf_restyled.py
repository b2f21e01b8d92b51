"""Scores the PDF reader on re-typeset tables: `python -m tests.benchmarks.pdf_restyled [documents a style]`.

Figures by style, by layout of the page and by source of the contents.
`--peers` adds pdfplumber with its defaults (and camelot where it is installed); `--show style` prints what differs;
`--layouts plain,columns,...`; `--source made,euses,icdar,worded`.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from pipelines.settings import PROJECT
from tests.benchmarks.adapters import pdf_tables
from tests.benchmarks.pdf_contents import Content, competition, made, sheets, worded
from tests.benchmarks.pdf_typeset import STYLES, Truth, document

SHARED = PROJECT.parent / "shared"
Reader = Callable[[str], list[dict[str, object]]]


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("icdar", SHARED / "bench" / "icdar.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def contents(source: str, seed: int) -> list[Content]:
    rng = random.Random(seed)
    if source == "made":
        return [made(rng) for _ in range(120)]
    if source == "worded":
        return [worded(rng) for _ in range(60)]
    if source == "euses":
        return sheets(SHARED / "corpus" / "aggregations" / "euses.jl.gz")
    return competition(SHARED / "corpus" / "icdar2013-eu" / "truth.json")


def grid(t: dict[str, object]) -> list[str]:
    cells = (
        t["cells"] if "cells" in t else [[r, r, c, c, x] for r, row in enumerate(t["rows"]) for c, x in enumerate(row)]
    )
    rows: dict[int, list[str]] = {}
    for r0, r1, c0, c1, text in sorted(cells, key=lambda c: c[:4]):  # type: ignore[call-overload]
        if text:
            span = f"{c0}" + (f"-{c1}" if c1 > c0 else "") + (f"v{r1}" if r1 > r0 else "")
            said = "/".join(str(text).split("\n"))
            said = said.replace("....", "")
            rows.setdefault(r0, []).append(f"{span}:{said}")
    return [f"{r:3d} " + " | ".join(v) for r, v in sorted(rows.items())]


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("count", nargs="?", type=int, default=6)
    ap.add_argument("--peers", action="store_true")
    ap.add_argument("--show", default="")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--most", type=int, default=3)
    ap.add_argument("--styles", default="")
    ap.add_argument("--layouts", default="plain,columns,landscape,several")
    ap.add_argument("--sources", default="made,euses,icdar,worded")
    ap.add_argument("--save", default="")
    a = ap.parse_args()
    icdar = scorer()
    readers: dict[str, Reader] = {"this project": pdf_tables}
    if a.peers:
        from tests.benchmarks.pdf_peers import PEERS

        readers = dict(PEERS)  # type: ignore[arg-type]
    held = {source: contents(source, a.seed) for source in a.sources.split(",")}
    shown = 0
    results: dict[tuple[str, str, str], list[tuple[float, float, int, int]]] = {}
    spent = dict.fromkeys(readers, 0.0)
    pages = 0
    for name in a.styles.split(";") if a.styles else STYLES:
        for k in range(a.count):
            layouts = a.layouts.split(",")
            sources = list(held)
            layout = layouts[k % len(layouts)]
            source = sources[(k // len(layouts) + k) % len(sources)]
            data, truth = document(a.seed * 1000 + k, name, held[source], layout=layout)
            if not truth:
                continue
            pages += 2
            with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
                file.write(data)
                file.flush()
                for reader, read in readers.items():
                    began = time.process_time()
                    found = read(file.name)
                    spent[reader] += time.process_time() - began
                    tp, np_, nt, perfect, n = icdar.score_doc(truth, found, icdar.n_strict, True)
                    f = icdar.f1(tp / np_ if np_ else 0.0, tp / nt)
                    for key in (
                        (reader, "style", name),
                        (reader, "layout", layout),
                        (reader, "source", source),
                        (reader, "all", ""),
                    ):
                        results.setdefault(key, []).append((tp / np_ if np_ else 0.0, tp / nt, perfect, n))
                    wrong = perfect < n or len(found) > n
                    if a.show and reader == "this project" and wrong and shown < a.most and a.show in ("all", name):
                        shown += 1
                        _show(name, layout, source, k, f, truth, found, icdar)
                        if a.save:
                            Path(a.save).mkdir(exist_ok=True)
                            (Path(a.save) / f"{shown}.pdf").write_bytes(data)
    for (reader, by, name), rows in results.items():
        precision, recall = (sum(x[i] for x in rows) / len(rows) for i in (0, 1))
        tables = sum(x[3] for x in rows)
        exact = f"docF {icdar.f1(precision, recall):.3f} exact {sum(x[2] for x in rows) / tables:.3f} of {tables}"
        speed = f", {pages / spent[reader]:.0f} pages a CPU second" if by == "all" else ""
        print(f"{reader:20} {by:7} {name:28} {exact}{speed}")


def _show(name: str, layout: str, source: str, k: int, f: float, truth: Truth, found: Truth, icdar: ModuleType) -> None:
    print(f"=== {name} / {layout} / {source} / {k}: F {f:.3f}, tables {len(truth)} found {len(found)}")
    left = list(found)
    for t in truth:
        near = max(
            (p for p in left if p["page"] == t["page"]),
            key=lambda p: sum(
                (icdar.relations(p["cells"], icdar.n_strict) & icdar.relations(t["cells"], icdar.n_strict)).values()
            ),
            default=None,
        )
        if near is not None:
            left.remove(near)
        a, b = grid(t), grid(near) if near else []
        if a != b:
            import difflib

            print(f"  -- page {t['page']}")
            for line in list(difflib.unified_diff(a, b, "truth", "read", lineterm="", n=0))[:16]:
                print("   ", line[:230])
    for p in left:
        print("  -- EXTRA on page", p["page"])
        for line in grid(p)[:6]:
            print("    ", line[:200])


if __name__ == "__main__":
    sys.exit(main())
