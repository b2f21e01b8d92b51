"""The European half of ICDAR 2013 with rules taken away before reading, and with its pages scaled:
`python -m tests.benchmarks.pdf_stripped`.

What is left: all rules; rules across alone, no shading; header rules (the outermost and the partial ones) alone; none.
Scaled: every coordinate of a page times a factor, as another printer would have set it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from pipelines.read.pdf import reading
from pipelines.read.pdf.geometry import Box, Rule, Sheet, Word
from tests.benchmarks.adapters import pdf_tables
from tests.benchmarks.pdf_restyled import SHARED, scorer


def across_alone(sheet: Sheet) -> Sheet:
    return replace(sheet, down=[], fills=[])


def half(sheet: Sheet) -> Sheet:
    """Of the rules across that are equally long and stand close above one another, the first two and the last."""
    kept: list[Rule] = []
    groups: dict[tuple[int, int], list[Rule]] = {}
    for rule in sheet.across:
        groups.setdefault((round(rule.lo / 4), round(rule.hi / 4)), []).append(rule)
    for rules in groups.values():
        rules.sort(key=lambda r: r.at)
        kept += [*rules[:2], *rules[2:][-1:]]
    return replace(sheet, down=[], fills=[], across=kept)


def none(sheet: Sheet) -> Sheet:
    return replace(sheet, down=[], fills=[], across=[])


def scaled(by: float) -> Callable[[Sheet], Sheet]:
    def change(sheet: Sheet) -> Sheet:
        def box(b: Box) -> Box:
            return (b[0] * by, b[1] * by, b[2] * by, b[3] * by)

        def word(w: Word) -> Word:
            x0, top, x1, bottom = box(w.box)
            return replace(w, x0=x0, top=top, x1=x1, bottom=bottom, base=w.base * by, size=w.size * by)

        def rule(r: Rule) -> Rule:
            return replace(r, at=r.at * by, lo=r.lo * by, hi=r.hi * by, width=r.width * by)

        return replace(
            sheet,
            width=sheet.width * by,
            height=sheet.height * by,
            words=[word(w) for w in sheet.words],
            across=[rule(r) for r in sheet.across],
            down=[rule(r) for r in sheet.down],
            fills=[box(b) for b in sheet.fills],
            ink=[box(b) for b in sheet.ink],
        )

    return change


WAYS: dict[str, Callable[[Sheet], Sheet]] = {
    "as printed": lambda sheet: sheet,
    "rules across alone": across_alone,
    "first two and last rule": half,
    "no rules": none,
    "scaled by 0.7": scaled(0.7),
    "scaled by 1.4": scaled(1.4),
}


def main() -> None:
    icdar = scorer()
    root = SHARED / "corpus" / "icdar2013-eu"
    docs = json.loads((root / "truth.json").read_text())
    icdar.ROOT = str(root)
    plain = reading._sheet
    for name, change in WAYS.items():

        def changed(
            pdf: object, index: int, say: reading._Findings, change: Callable[[Sheet], Sheet] = change
        ) -> Sheet:
            return change(plain(pdf, index, say))

        reading._sheet = changed
        try:
            all_ = icdar.run_one(name, pdf_tables, docs, "page")["all"]
        finally:
            reading._sheet = plain
        print(f"{name:26} docF {all_['docF']:.3f} exactly right {all_['perfect']:.3f}", flush=True)


if __name__ == "__main__":
    main()
