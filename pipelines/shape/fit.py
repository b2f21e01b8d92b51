"""Whether a card knows a table, and what each of its rows and columns then says.

What belongs here: matching of headers and labels, exactly, after folding.  What does not: periods that need evidence
(`inference`, `scope`), signs and sums (`settling`), the fate of cells.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.cards import Cards, Layout, SeriesCard, Term, fold
from pipelines.cards.labels import fold_measure, strip_restatement, unmark
from pipelines.shape import periods
from pipelines.shape.governing import is_cut_off, speaks_of_time
from pipelines.shape.period_grammar import read_label
from pipelines.shape.view import RowView, View, is_caption

TOTAL = "TOTAL"
_TOTALS = frozenset(
    fold(word)
    for word in (
        "Total", "Totals", "Grand total", "Overall total", "Total number", "All", "Overall",
        "總計", "總數", "合計", "合共", "總和", "總額", "共計", "总计", "总数", "合计", "总和",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """What the header of a column, or the label of a row, says.  At most one of measure, code and said is set.

    label    as printed
    measure  name in the card
    code     code in the vocabulary (TOTAL for a total)
    said     what it says of the period
    called   how the period is called where the printed label alone does not say it
    total    a total over the axis
    ignored  name of the rule by which figures under it are no facts
    unknown  a label that neither card nor vocabulary knows
    status, inferred  what a user must know beside the figure
    """

    label: str
    measure: str = ""
    code: str = ""
    term: Term | None = None
    said: periods.Said | None = None
    called: str = ""
    total: bool = False
    ignored: str = ""
    unknown: bool = False
    status: str = ""
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A card that knows a table: which layout, and what rows and columns say.  `known` counts matched labels.

    over   what the upper lines of the header say, by column; empty where the layout has one axis of columns
    given  the dimension that the words around the table give: (name, code), or nothing
    """

    card: SeriesCard
    layout: Layout
    columns: dict[int, Axis]
    rows: dict[int, Axis]
    classification: str
    known: int
    over: dict[int, Axis] = field(default_factory=dict)
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What the words around a table say of schemes: those named nearest, and codes that stand for names ("(i)")."""

    schemes: frozenset[str] = frozenset()
    coded: dict[str, str] = field(default_factory=dict)


NOTHING_AROUND = Around()


def is_total(label: str) -> bool:
    return fold_measure(label) in _TOTALS or fold(label) in _TOTALS


class Lookup:
    """What labels say by the cards, remembered for the length of one document."""

    def __init__(self, cards: Cards) -> None:
        self.cards = cards
        self._said: dict[tuple[str, str, str], Axis] = {}
        schemes = cards.vocabularies.get("schemes")
        self._schemes = frozenset(fold(label) for t in schemes.terms for label in t.labels) if schemes else frozenset()

    def __call__(self, label: str, card: SeriesCard, axis: str, around: Around = NOTHING_AROUND) -> Axis:
        if around.coded and axis in card.dimensions and card.dimensions[axis].vocabulary == "schemes":
            named = around.coded.get(fold(label))
            if named is not None:
                return replace(self(named, card, axis), label=label)
        key = (label, card.series, axis)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._look(label, card, axis)
        return said

    def _look(self, label: str, card: SeriesCard, axis: str) -> Axis:
        said = _axis(label, card, axis, self.cards)
        if axis == "measure" and said.unknown and (plain := strip_restatement(label)) != label:
            said = replace(_axis(plain, card, axis, self.cards), label=label)
        if axis == "measure" and said.unknown:
            # "Applications received under the General Employment Policy": which scheme is not what is measured
            measure, under, scheme = fold(label).rpartition(" under ")
            if under and fold(scheme) in self._schemes:
                return replace(_axis(measure, card, axis, self.cards), label=label)
        return said


def _axis(label: str, card: SeriesCard, axis: str, cards: Cards) -> Axis:
    if axis == "measure":
        folded = fold_measure(label)
        name = card.measure_of.get(folded, "")
        if name:
            return Axis(label, measure=name)
        rule = card.rule(label)
        return Axis(label, ignored=rule) if rule else Axis(label, unknown=True)
    if is_total(label):
        return Axis(label, code=TOTAL, total=True)
    if axis == "period":
        said = periods.read(label, card.periods.year_start) or read_label(unmark(label))
        return Axis(label, said=said, unknown=said is None)
    rule = card.rule(label)
    if rule:
        return Axis(label, ignored=rule)
    dimension = card.dimensions[axis]
    vocabulary = cards.vocabularies[dimension.vocabulary]
    for listed in dimension.classifications or ("",):
        term = vocabulary.find(label, listed)
        if term is not None:
            return Axis(label, code=term.code, term=term)
    return Axis(label, unknown=True)


def fits(view: View, card: SeriesCard, look: Lookup, around: Around = NOTHING_AROUND) -> Fit | None:
    """The first layout of the card that the table has, or None."""
    if not view.rows or not view.columns:
        return None
    for layout in card.layouts:
        if layout.given and len(around.schemes) != 1:
            continue
        fit = _fit(view, card, layout, look, around)
        if fit is not None:
            given = ((layout.given, next(iter(around.schemes))),) if layout.given else ()
            fit = replace(fit, given=given)
            if _sound(fit):
                return fit
    return None


def _sound(fit: Fit) -> bool:
    """Whether every measure is one that its scheme counts, for measures that some schemes alone count."""
    given = {code for _, code in fit.given}
    for axes in (fit.columns, fit.rows):
        for i, axis in axes.items():
            only = fit.card.measures[axis.measure].schemes if axis.measure else ()
            over = fit.over.get(i) if axes is fit.columns else None
            schemes = {over.code} if over is not None and over.code else given
            if only and not schemes <= set(only):
                return False
    return True


def _fit(view: View, card: SeriesCard, layout: Layout, look: Lookup, around: Around) -> Fit | None:
    if layout.measure and _heads_another_measure(view, card, layout):
        return None
    over: dict[int, Axis] = {}
    if layout.over:
        over = {c: _of_texts(view.headed[c], card, layout.over, look, around) for c in view.columns}
        if any(a.unknown or a.ignored for a in over.values()):
            return None
    found = _columns(view, card, layout.columns, look, around, under=over) if layout.columns else _unheaded(view)
    if found is None:
        return None
    columns, spilt = found
    first, *others = view.rows
    # what stands in the header and heads nothing is the beginning of the first row's label
    first = replace(first, above=(*first.above, *reversed(spilt)))
    rows = {r.row: _row(view, r, card, layout.rows, look, around) for r in (first, *others)}
    known = sum(1 for a in rows.values() if not a.unknown and not a.total)
    named = _stub_says(view, card, layout.rows)
    if named is False or known < min(card.recognise.rows, len(rows)):
        return None
    body = sum(1 for a in rows.values() if not a.total)
    if not named and known * 2 < body:
        return None
    classification = ""
    # of two dimensions the one with lists of its own: which list it is, is what the classification tells
    axes = [a for a in (layout.rows, layout.columns) if a in card.dimensions]
    axis = next((a for a in axes if card.dimensions[a].classifications), axes[0] if axes else "")
    if axis:
        labels = rows if axis == layout.rows else columns
        classification, labels = _classify(card, axis, labels, look.cards)
        rows, columns = (labels, columns) if axis == layout.rows else (rows, labels)
    return Fit(card, layout, columns, rows, classification, known + len(columns), over)


def _heads_another_measure(view: View, card: SeriesCard, layout: Layout) -> bool:
    """Whether the header prints a measure, where the words around the table are to say it, that is not theirs."""
    lines = {line for texts in view.headed.values() for text in texts for line in (text, *text.split("\n"))}
    named = {card.measure_of.get(fold_measure(line), "") for line in lines} - {""}
    return "measure" not in (layout.rows, layout.columns, layout.over) and not named <= {
        layout.measure, *layout.measure_for.values(),
    }  # fmt: skip


def _stub_says(view: View, card: SeriesCard, axis: str) -> bool | None:
    """True: the head of the stub names the axis; False: it names another axis of the card's; None: it does not say."""
    head = fold_measure(view.stub_head)
    if not head:
        return None
    heads = {"period": card.periods.stub} | {name: d.stub for name, d in card.dimensions.items()}
    if head in {fold_measure(h) for h in heads.get(axis, ())}:
        return True
    others = {fold_measure(h) for name, said in heads.items() if name != axis for h in said}
    return False if head in others else None


# ----------------------------------------------------------------------------------------- columns


def _columns(
    view: View, card: SeriesCard, axis: str, look: Lookup, around: Around, under: dict[int, Axis]
) -> tuple[dict[int, Axis], tuple[str, ...]] | None:
    """What each column with figures says, and the texts of the header that head nothing; None where fewer than half
    are known, or none, or where two columns (under one upper head, where there are two lines of heads) say one
    measure: which is which could not be told."""
    found: dict[int, Axis] = {}
    for column in view.columns:
        texts = view.headed[column]
        found[column] = _of_texts(texts, card, axis, look, around)
    known = sum(1 for a in found.values() if not a.unknown)
    if not under and (
        known < len(found) or (axis == "measure" and len({a.measure for a in found.values()}) < len(found))
    ):
        tiled = _tiled(view, card, axis)
        if tiled is not None:
            return tiled
    if axis == "measure":
        said = [(a.measure, (u.said, u.code) if (u := under.get(c)) else None) for c, a in found.items() if a.measure]
        if len(set(said)) < len(said):
            return None
    totals = sum(1 for a in found.values() if a.total)
    return (found, ()) if known > totals and known * 2 >= len(found) else None


def _unheaded(view: View) -> tuple[dict[int, Axis], tuple[str, ...]] | None:
    """The one column of a list of key numbers, over which nothing is printed."""
    only = view.columns[0]
    return ({only: Axis("")}, ()) if len(view.columns) == 1 and not view.headed[only] else None


def _of_texts(texts: tuple[str, ...], card: SeriesCard, axis: str, look: Lookup, around: Around) -> Axis:
    """The header above one column: all of it, else the longest run of its lines that says something."""
    lines = [line.strip() for text in texts for line in text.split("\n") if line.strip()]
    label = " ".join(lines)
    whole = look(label, card, axis, around)
    if not whole.unknown:
        return whole
    for size in range(len(lines) - 1, 0, -1):
        said = [look(" ".join(lines[i : i + size]), card, axis, around) for i in range(len(lines) - size + 1)]
        good = [a for a in said if not a.unknown]
        if len({(a.measure, a.code, a.said) for a in good}) == 1:
            at = said.index(good[0])
            rest = " ".join((*lines[:at], *lines[at + size :]))
            # "2023" over "(as at mid-October)" is not the year
            return whole if axis == "period" and speaks_of_time(rest) else replace(good[0], label=label)
        if good:
            break
    return whole


def _tiled(view: View, card: SeriesCard, axis: str) -> tuple[dict[int, Axis], tuple[str, ...]] | None:
    """A header whose cells were lost ("Year Applications Received" / "Quotas Allotted"): its words, in order, are
    exactly the head of the stub and one label a column, or it says nothing.  Up to two texts at its end may belong to
    the first row ("2006" above "(June to December) 587 83")."""
    if axis != "measure":
        return None
    heads = {fold(h) for h in card.periods.stub} | {fold(h) for d in card.dimensions.values() for h in d.stub}
    texts = tuple(itertools.dropwhile(is_caption, view.header_texts))
    for spilt in range(min(3, len(texts))):
        words = fold(" ".join(texts[: len(texts) - spilt]).replace("\n", " "))
        tilings = _tile(words, tuple(sorted(heads)), tuple(sorted(card.measure_of)), len(view.columns))
        if len(tilings) == 1:
            named = zip(view.columns, tilings[0], strict=True)
            return {c: Axis(label, measure=card.measure_of[label]) for c, label in named}, texts[len(texts) - spilt :]
        if tilings:
            return None
    return None


@lru_cache(maxsize=1024)
def _tile(words: str, heads: tuple[str, ...], labels: tuple[str, ...], count: int) -> tuple[tuple[str, ...], ...]:
    """Every way to read `words` as an optional head and then `count` different labels."""

    def rest(text: str, left: int, used: frozenset[str]) -> list[tuple[str, ...]]:
        text = text.strip()
        if left == 0:
            return [()] if not text else []
        found = []
        for label in labels:
            if label not in used and text.startswith(label):
                after = text[len(label) :]
                if not after or after[0] == " " or not label[-1].isascii():
                    found += [(label, *more) for more in rest(after, left - 1, used | {label})]
        return found

    starts = {words} | {words[len(h) :].strip() for h in heads if h and words.startswith(h)}
    return tuple(sorted({tiling for start in starts for tiling in rest(start, count, frozenset())}))


# -------------------------------------------------------------------------------------------- rows


def _row(view: View, row: RowView, card: SeriesCard, axis: str, look: Lookup, around: Around) -> Axis:
    """What the label of a row says; a label that was wrapped over label-only rows is put together again.

    Of all runs of lines around the figures that say something the longest counts; a line that plainly continues
    (it begins in lower case) must be in it, or "Deficit" / "before Repayment" would pass for "Deficit".
    """

    if not row.above and not row.below and row.own:
        return look(row.own, card, axis, around)
    forced = 0
    for text in row.below:
        if not _continues(text):
            break
        forced += 1
    best: Axis | None = None
    above, below = row.above[:4], row.below[:4]
    for size in range(len(above) + len(below), -1, -1):
        good: list[Axis] = []
        for up in range(min(size, len(above)), -1, -1):
            down = size - up
            if down > len(below) or down < min(forced, len(below)):
                continue
            if up == 0 and row.own and _continues(row.own) and above:
                continue
            lines = [*reversed(above[:up]), row.own, *below[:down]]
            axis_said = look(" ".join(t for t in lines if t), card, axis, around)
            if not axis_said.unknown:
                good.append(axis_said)
        if good:
            best = good[0] if len({(a.measure, a.code, a.said) for a in good}) == 1 else None
            break
    if best is not None:
        return best
    if view.proof.frame.total_rows and row.row in view.proof.frame.total_rows and not row.own:
        return Axis(row.own, code=TOTAL, total=True)
    return Axis(row.own or (row.above[0] if row.above else ""), unknown=True)


def _continues(text: str) -> bool:
    first = text.lstrip("( ")[:1]
    return first.islower() or (not text.isascii() and is_cut_off(text))


def _classify(card: SeriesCard, name: str, labels: dict[int, Axis], cards: Cards) -> tuple[str, dict[int, Axis]]:
    """Which list the labels are of, and the labels read in that list.

    Several lists share labels and differ in what "Others" leaves over: the list is known where the printed labels are
    the whole of exactly one.  Else the list that fits best names the classes, and a residual class stays unknown.
    """
    dimension = card.dimensions[name]
    lists = dimension.classifications
    if not lists:
        return dimension.name or f"{dimension.vocabulary}-as-listed", labels
    vocabulary = cards.vocabularies[dimension.vocabulary]
    printed = {fold(a.label) for a in labels.values() if not a.total and not a.ignored}
    whole: list[str] = []
    ranked: list[tuple[float, str]] = []
    for listed in lists:
        found = {t.code for p in printed if (t := vocabulary.find(p, listed)) is not None}
        members = {t.code for t in vocabulary.members(listed)}
        missed = sum(1 for p in printed if vocabulary.find(p, listed) is None)
        if found == members and not missed:
            whole.append(listed)
        ranked.append((len(found) / (len(members) + missed), listed))
    listed = whole[0] if len(whole) == 1 else max(ranked)[1]
    return listed, {i: _in_list(a, listed, vocabulary.find, len(whole) == 1) for i, a in labels.items()}


def _in_list(axis: Axis, listed: str, find: Callable[[str, str], Term | None], whole: bool) -> Axis:
    if axis.total or axis.ignored:
        return axis
    term = find(axis.label, listed)
    if term is None or (term.residual and not whole):
        return Axis(axis.label, unknown=True)
    return replace(axis, code=term.code, term=term)
