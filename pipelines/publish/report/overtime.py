"""Figures over time: columns by year or month, with what a reader must know of the periods.

What belongs here: the choice of periods and the words around the columns.  What never: SQL, markup, a figure of its
own.  Time runs evenly: a year without a figure keeps its place, and a column that covers less than its year is
drawn so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from pipelines.publish.report import svg
from pipelines.publish.report.data import Figure
from pipelines.publish.report.telling import Teller, trace, trend
from pipelines.publish.report.view import Exhibit, Item, Table, figure, number, text, verdicts
from pipelines.publish.report.words import MARKS, Language

_LINES = 3
_NOT_COUNTS = ("%", "$")
#: Early columns are drawn again on a scale of their own where the highest of them is this many times below the highest.
_FLAT = 8
_STAGES = ("received", "processed", "approved", "approvals", "allotted", "refused")
Span = tuple[date, date]  # (last day, first day): the order in which periods are sorted


def over_time(teller: Teller, figures: Sequence[Figure], shown: list[Figure], *, main: bool) -> list[Exhibit]:
    """Columns of the measures over the periods of one length; measures of money and shares stand apart.

    `main`: those of applications and what became of them, or else all others.  What other series drew already stands in
    `shown`, and what is drawn here comes to it.
    """
    plain = [
        f
        for f in figures
        if not f.dimensions and f.kind == "flow" and f.start is not None and (stage(f.measure) < len(_STAGES)) == main
    ]
    out = []
    together = [f for f in plain if not any(sign in f.unit for sign in _NOT_COUNTS)]
    alone = [f for f in plain if f not in together]
    for number_of, group in enumerate([together, *(list(g) for _, g in groupby(alone, lambda f: f.measure))]):
        for length, chosen in _lengths(group).items():
            for part, some in enumerate(_together(chosen, shown)):
                what = f"{number_of}-{part}" if main else f"more-{number_of}-{part}"
                ident = f"{figures[0].scheme}-{figures[0].series}-{length}-{what}".lower().replace("_", "-")
                drawn = [f for f in chosen if f.measure in some]
                if sum(f.value is not None for f in drawn) < 2:
                    continue
                shown += drawn
                out.append(_columns(teller, ident, length, drawn, some))
    return out


def _together(figures: Sequence[Figure], shown: Sequence[Figure]) -> list[list[str]]:
    """The measures by the charts that they stand in: those that cover about as many periods stand beside each other.

    A measure of which every figure is drawn already is in none.
    """
    own: dict[str, list[Figure]] = {}
    for f in figures:
        if f.value is not None:
            own.setdefault(f.measure, []).append(f)
    new = {m: of for m, of in own.items() if not all(any(_says(other, f) for other in shown) for f in of)}
    most = max((len(of) for of in new.values()), default=0)
    wide = sorted((m for m, of in new.items() if 2 * len(of) >= most), key=stage)
    narrow = sorted((m for m in new if m not in wide), key=stage)
    return [group[i : i + _LINES] for group in (wide, narrow) for i in range(0, len(group), _LINES)]


def stage(measure: str) -> int:
    """Received before processed before decided well; what is none of these comes last."""
    return next((i for i, word in enumerate(_STAGES) if word in measure and "extension" not in measure), len(_STAGES))


def _says(other: Figure, f: Figure) -> bool:
    """Whether the other figure is the same one, or that of the whole year where this one is of a part of it."""
    if other.measure != f.measure or other.start is None or f.start is None:
        return False
    if (other.start.year, other.end) == (f.start.year, f.end):  # "2006" and "2006 (June to December)"
        return other.value == f.value
    return other.start <= f.start and f.end <= other.end and other.value is not None


def _lengths(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """The figures of the years, and those of the months where no years are printed; two periods at least.

    Of a year that was printed in part first, the longest period stands for it.  The total of a year's months is its
    figure; where both are printed the surer one stands, and where they differ none does.
    """
    order = list(MARKS)
    years: dict[tuple[str, int], Figure] = {}
    months, disputed = [], set()
    for f in sorted(figures, key=lambda f: (order.index(f.verdict), f.is_total)):
        assert f.start is not None
        if f.start.year == f.end.year and (f.end - f.start).days > 100:
            known = years.get((f.measure, f.end.year))
            if known is None or (f.end, known.start) > (known.end, f.start):
                years[f.measure, f.end.year] = f
            elif (f.end, f.start) == (known.end, known.start) and f.value != known.value:
                disputed.add((f.measure, f.end.year))
        elif (f.end - f.start).days <= 31:
            months.append(f)
    kept = [f for key, f in years.items() if key not in disputed]
    if len({f.end.year for f in kept}) > 1:
        return {"year": kept}
    return {"month": months} if len({f.end for f in months}) > 1 else {}


def is_part(teller: Teller, f: Figure) -> bool:
    """Whether a figure of a year can only cover a part of it."""
    began = teller.names.began.get(f.scheme)
    return f.start is not None and (
        100 < (f.end - f.start).days < 364 or (began is not None and f.start < began <= f.end)
    )


def even(periods: Sequence[Span]) -> list[Span]:
    """The periods, with the years between them that have none."""
    there = {end.year for end, _ in periods}
    missing = [(date(y, 12, 31), date(y, 1, 1)) for y in range(min(there), max(there)) if y not in there]
    return sorted([*periods, *missing])


def flat(lines: Sequence[svg.Line]) -> int:
    """How many of the first columns are too low to be read beside the highest; 0 where they need no second drawing."""
    columns = zip(*(line.points for line in lines), strict=True)
    tops = [max((p.value for p in at if p.value is not None), default=None) for at in columns]
    most = max((t for t in tops if t is not None), default=None)
    if most is None:
        return 0
    low = next((i for i, t in enumerate(tops) if t is not None and t * _FLAT > most), 0)
    return low if sum(t is not None for t in tops[:low]) >= 4 else 0


def _columns(teller: Teller, ident: str, length: str, figures: Sequence[Figure], measures: Sequence[str]) -> Exhibit:
    language, names = teller.language, teller.names
    # two measures of one year may cover different parts of it; then each has a column of its own
    periods = sorted({(f.end, f.start or f.end) for f in figures})
    by = {(f.measure, f.end, f.start or f.end): f for f in figures}
    series = figures[0].series
    said = [names.measure(series, m) for m in measures]
    key = "by_year" if length == "year" else "by_period"
    title = language.say(key, measures=language.say("and").join([said[0], *map(names.inside, said[1:])]))
    rows, shown = [], []
    for end, start in periods:
        items: list[Item] = [text(language.period(start, end))]
        for measure in measures:
            f = by.get((measure, end, start))
            items.append(item(language, f))
            shown += [f.verdict] if f is not None and f.value is not None else []
        rows.append(tuple(items))
    table = Table(title, (language.say("period"), *said), tuple(rows))
    units = list(dict.fromkeys(names.unit(f.unit) for f in figures if f.unit))
    drawn = even(periods) if length == "year" else periods
    mixed = len(set(shown)) > 1
    lines = []
    for measure, name in zip(measures, said, strict=True):
        found = [by.get((measure, end, start)) for end, start in drawn]
        points = (replace(point(f, marked=mixed), part=f is not None and is_part(teller, f)) for f in found)
        lines.append(svg.Line(name, tuple(points)))
    # what is absent from all of the first or last periods (a scheme that was not there yet) is left to the table
    known = [i for i in range(len(drawn)) if any(line.points[i].value is not None for line in lines)]
    within = slice(known[0], known[-1] + 1) if known else slice(0, 0)
    drawn = drawn[within]
    lines = [replace(line, points=line.points[within]) for line in lines]
    chart = svg.Chart(
        ident,
        title,
        " ".join(f"{line.name}: {trend(language, line, drawn)}" for line in lines) + " " + verdicts(language, shown),
        tuple((language.short(start, end), language.period(start, end)) for end, start in drawn),
        tuple(lines),
        language.listed(units),
    )
    charts = [svg.columns(chart, svg.WIDE), svg.columns(chart, svg.NARROW)]
    early = flat(lines)
    if early:
        said_early = language.say("enlarged", first=drawn[0][0].year, last=drawn[early - 1][0].year)
        again = replace(
            chart, ident=f"{ident}-early", title=f"{title}: {said_early}", unit=said_early,
            categories=chart.categories[:early], lines=tuple(replace(x, points=x.points[:early]) for x in lines),
        )  # fmt: skip
        charts += [svg.columns(again, svg.WIDE), svg.columns(again, svg.NARROW)]
    printed_notes = [n for n in (names.note(series, m) for m in measures) if n and language.index == 0]
    unit_of = {f.measure: names.unit(f.unit) for f in figures}
    keys = [
        f"{name} ({unit_of[m]})" if len(units) > 1 and unit_of[m].lower() not in name.lower() else name
        for m, name in zip(measures, said, strict=True)
    ]
    return teller.exhibit(
        ident,
        title,
        table,
        [s for f in figures for s in f.sources],
        shown,
        charts=tuple(charts),
        legend=tuple((f"bar{i + 1}", name) for i, name in enumerate(keys)),
        series=series,
        notes=(*_gaps(language, drawn, lines), *period_notes(teller, figures), *printed_notes),
        trace=trace("marts.observations", f"series = '{series}' and period_end = '{periods[-1][0]}'"),
    )


def _gaps(language: Language, periods: Sequence[Span], lines: Sequence[svg.Line]) -> list[str]:
    years = [str(end.year) for i, (end, _) in enumerate(periods) if all(x.points[i].value is None for x in lines)]
    return [language.say("gap_years", years=language.listed(years))] if years else []


def period_notes(teller: Teller, figures: Sequence[Figure]) -> list[str]:
    """What a user must know of the periods."""
    language = teller.language
    flows = [f for f in figures if f.start and f.kind == "flow"]
    parts = sorted({(f.start or f.end, f.end) for f in flows if f.start and 100 < (f.end - f.start).days < 364})
    out = []
    if parts:
        periods = language.listed([language.period(start, end) for start, end in parts])
        out.append(language.say("period_note", periods=periods))
    began = {teller.names.began.get(f.scheme) for f in figures if f.start and f.kind == "flow" and is_part(teller, f)}
    for day in sorted(d for d in began if d is not None):
        if any(f.start and f.start < day <= f.end and (f.end - f.start).days >= 364 for f in figures):
            out.append(language.say("began", day=language.day(day), year=day.year))
    unread = sorted({(f.end, f.start) for f in figures if f.start and "inferred label" in f.status})
    if unread:
        periods = language.listed([language.period(start, end) for end, start in unread])
        out.append(language.say("inferred_label", periods=periods))
    said = sorted({f.status for f in figures} - {"", "inferred label"})
    if said:
        out.append(language.say("status", said=language.listed(said)))
    return out


def point(f: Figure | None, *, marked: bool = True) -> svg.Point:
    """A figure in a chart; it carries its sign where the figures beside it have other verdicts."""
    if f is None or f.value is None:
        return svg.Point(None, "–")
    return svg.Point(f.value, hedged(f), MARKS[f.verdict] if marked and f.verdict != "proved" else "")


def hedged(f: Figure) -> str:
    """The figure with its hedge and its sign of per cent, as printed."""
    return " ".join(filter(None, (f.approx, number(f.value)))) + ("%" if f.unit == "%" else "")


def item(language: Language, f: Figure | None) -> Item:
    """A figure in a table; what is absent says how."""
    if f is None:
        return text("")
    if f.value is None:
        return text(f.absence, lang="en")
    return figure(language, f.value, f.verdict, hedged(f))
