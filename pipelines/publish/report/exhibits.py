"""What is shown of each scheme: received and allotted, by origin and industry, ratios, concentration, revisions.

What belongs here: the choice of figures for a chart and the words around it.  What never: SQL, markup, a figure that is
computed here (a share or a ratio comes from its mart; what has none is not shown).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from pipelines.cards import Cards
from pipelines.publish.report import comparing, svg
from pipelines.publish.report.data import Figure, Held
from pipelines.publish.report.names import Names
from pipelines.publish.report.telling import Teller, trace, trend
from pipelines.publish.report.view import (
    Exhibit,
    Item,
    Section,
    Table,
    Tile,
    figure,
    number,
    text,
    verdicts,
)
from pipelines.publish.report.words import MARKS, Language

_LINES = 3
_NOT_COUNTS = ("%", "$")


def sections(held: Held, cards: Cards, language: Language) -> tuple[Section, ...]:
    """One section for each scheme that the warehouse has figures of, in the order of the vocabulary."""
    names = Names.of(cards, language)
    teller = Teller(language, names)
    there = {f.scheme for f in held.figures if f.scheme}
    order = [code for code in names.schemes if code in there] + sorted(there - set(names.schemes))
    return tuple(_scheme(teller, held, code) for code in order)


def _scheme(teller: Teller, held: Held, code: str) -> Section:
    own = [f for f in held.figures if f.scheme == code]
    # the series that covers most comes first; another is drawn again only where it says more
    order = sorted({f.series for f in own}, key=lambda s: (-_reach(own, s), s))
    exhibits: list[Exhibit] = []
    shown: list[Figure] = []
    for series in order:
        exhibits += _over_time(teller, [f for f in own if f.series == series], shown)
    exhibits += comparing.ratios(teller, [r for r in held.ratios if r.scheme == code], order)
    for series in order:
        exhibits += _by_dimension(teller, held, [f for f in own if f.series == series])
    exhibits += comparing.concentration(teller, held, set(order), code)
    exhibits += comparing.demand(teller, held) if code == "QMAS" else []
    exhibits.append(comparing.revisions(teller, held, own, code))
    return Section(
        code.lower(), teller.names.scheme(code), code, tiles=_tiles(teller, own, order),
        exhibits=tuple(_told_apart(teller, exhibits)),
    )  # fmt: skip


def _reach(figures: Sequence[Figure], series: str) -> int:
    """How many years a series has undivided figures of."""
    return len({f.end.year for f in figures if f.series == series and not f.dimensions and f.value is not None})


def _told_apart(teller: Teller, exhibits: Sequence[Exhibit]) -> Iterable[Exhibit]:
    """Exhibits of one title get the name of their series beside it."""
    titles = [e.title for e in exhibits]
    for one in exhibits:
        if titles.count(one.title) > 1 and one.series:
            yield replace(
                one, notes=(f"{teller.language.say('series_name')}: {teller.names.series(one.series)}", *one.notes)
            )
        else:
            yield one


# --------------------------------------------------------------------------------------------------- totals, time


def _tiles(teller: Teller, figures: Sequence[Figure], order: Sequence[str]) -> tuple[Tile, ...]:
    """The latest figure of each measure, of a year or longer; only those that are as recent as the most recent."""
    language = teller.language
    plain = [
        f
        for f in figures
        if not f.dimensions and f.value is not None and f.start is not None
        and (f.kind == "cumulative" or (f.end - f.start).days > 100)
    ]  # fmt: skip
    last = max((f.end for f in plain), default=None)
    found: dict[str, Figure] = {}
    for f in sorted(plain, key=lambda f: (order.index(f.series), f.kind == "cumulative", f.start or f.end)):
        if f.end == last:
            found.setdefault(f.measure, f)
    out = []
    for f in sorted(found.values(), key=lambda f: (_stage(f.measure), f.measure)):
        said = language.say(
            "key_total", measure=teller.names.measure(f.series, f.measure), period=language.period(f.start, f.end)
        )
        out.append(Tile(number(f.value), said, f.verdict, language.say(f.verdict)))
    return tuple(out[:4])


def _over_time(teller: Teller, figures: Sequence[Figure], shown: list[Figure]) -> list[Exhibit]:
    """Columns of the measures over the periods of one length; measures of money and shares stand apart.

    What other series drew already stands in `shown`, and what is drawn here comes to it.
    """
    plain = [f for f in figures if not f.dimensions and not f.is_total and f.kind == "flow" and f.start is not None]
    out = []
    together = [f for f in plain if not any(sign in f.unit for sign in _NOT_COUNTS)]
    alone = [f for f in plain if f not in together]
    for number_of, group in enumerate([together, *(list(g) for _, g in groupby(alone, lambda f: f.measure))]):
        for length, chosen in _lengths(group).items():
            measures = list(dict.fromkeys(f.measure for f in chosen))
            measures.sort(key=_stage)
            for part in range(0, len(measures), _LINES):
                some = measures[part : part + _LINES]
                ident = f"{figures[0].scheme}-{figures[0].series}-{length}-{number_of}-{part}".lower().replace("_", "-")
                drawn = [f for f in chosen if f.measure in some]
                if sum(f.value is not None for f in drawn) < 2:
                    continue
                if all(f.value is None or any(_says(other, f) for other in shown) for f in drawn):
                    continue
                shown += drawn
                out.append(_columns(teller, ident, length, drawn, some))
    return out


def _says(other: Figure, f: Figure) -> bool:
    """Whether the other figure is the same one, or that of the whole year where this one is of a part of it."""
    if other.measure != f.measure or other.start is None or f.start is None:
        return False
    if (other.start.year, other.end) == (f.start.year, f.end):  # "2006" and "2006 (June to December)"
        return other.value == f.value
    return other.start <= f.start and f.end <= other.end and other.value is not None


def _stage(measure: str) -> int:
    """Received before processed before decided well."""
    order = ("received", "processed", "approved", "approvals", "allotted", "refused")
    return next((i for i, word in enumerate(order) if word in measure), len(order))


def _lengths(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """The figures of the years, and those of the months where no years are printed; two periods at least.

    Of a year that was printed in part first, the longest period stands for it.
    """
    years: dict[tuple[str, int], Figure] = {}
    months = []
    for f in figures:
        assert f.start is not None
        if f.start.year == f.end.year and (f.end - f.start).days > 100:
            known = years.get((f.measure, f.end.year))
            if known is None or (f.end, known.start) > (known.end, f.start):
                years[f.measure, f.end.year] = f
        elif (f.end - f.start).days <= 31:
            months.append(f)
    if len({y for _, y in years}) > 1:
        return {"year": list(years.values())}
    return {"month": months} if len({f.end for f in months}) > 1 else {}


def _columns(teller: Teller, ident: str, length: str, figures: Sequence[Figure], measures: Sequence[str]) -> Exhibit:
    language, names = teller.language, teller.names
    # two measures of one year may cover different parts of it; then each has a column of its own
    periods = sorted({(f.end, f.start or f.end) for f in figures})
    by = {(f.measure, f.end, f.start or f.end): f for f in figures}
    series = figures[0].series
    said = [names.measure(series, m) for m in measures]
    key = "by_year" if length == "year" else "by_period"
    title = language.say(key, measures=language.say("and").join([said[0], *map(names.inside, said[1:])]))
    lines, rows, shown = [], [], []
    for measure, name in zip(measures, said, strict=True):
        found = [by.get((measure, end, start)) for end, start in periods]
        lines.append(svg.Line(name, tuple(_point(f) for f in found)))
    for end, start in periods:
        items: list[Item] = [text(language.period(start, end))]
        for measure in measures:
            f = by.get((measure, end, start))
            items.append(_item(language, f))
            shown += [f.verdict] if f is not None and f.value is not None else []
        rows.append(tuple(items))
    printed_notes = [n for n in (names.note(series, m) for m in measures) if n and language.index == 0]
    table = Table(title, (language.say("period"), *said), tuple(rows))
    units = language.listed(list(dict.fromkeys(names.unit(f.unit) for f in figures if f.unit)))
    # what is absent from all of the first or last periods (a scheme that was not there yet) is left to the table
    known = [i for i in range(len(periods)) if any(line.points[i].value is not None for line in lines)]
    drawn = slice(known[0], known[-1] + 1) if known else slice(0, 0)
    lines = [replace(line, points=line.points[drawn]) for line in lines]
    chart = svg.Chart(
        ident,
        title,
        " ".join(f"{line.name}: {trend(language, line, periods[drawn])}" for line in lines)
        + " "
        + verdicts(language, shown),
        tuple((language.short(start, end), language.period(start, end)) for end, start in periods[drawn]),
        tuple(lines),
        units,
    )
    return teller.exhibit(
        ident,
        title,
        table,
        [s for f in figures for s in f.sources],
        shown,
        charts=(svg.columns(chart, svg.WIDE), svg.columns(chart, svg.NARROW)),
        legend=tuple((f"bar{i + 1}", name) for i, name in enumerate(said)),
        series=series,
        notes=(*_period_notes(language, figures), *printed_notes),
        trace=trace("marts.observations", f"series = '{series}' and period_end = '{periods[-1][0]}'"),
    )


def _period_notes(language: Language, figures: Sequence[Figure]) -> list[str]:
    """What a user must know of the periods."""
    parts = sorted({(f.start, f.end) for f in figures if f.start and 100 < (f.end - f.start).days < 364})
    out = []
    if parts:
        periods = language.listed([language.period(start, end) for start, end in parts])
        out.append(language.say("period_note", periods=periods))
    unread = sorted({(f.end, f.start) for f in figures if f.start and "inferred label" in f.status})
    if unread:
        periods = language.listed([language.period(start, end) for end, start in unread])
        out.append(language.say("inferred_label", periods=periods))
    said = sorted({f.status for f in figures} - {"", "inferred label"})
    if said:
        out.append(language.say("status", said=language.listed(said)))
    return out


def _point(f: Figure | None) -> svg.Point:
    if f is None or f.value is None:
        return svg.Point(None, "–")
    return svg.Point(f.value, number(f.value), MARKS[f.verdict] if f.verdict != "proved" else "")


def _item(language: Language, f: Figure | None) -> Item:
    if f is None:
        return text("")
    if f.value is None:
        return text(f.absence, lang="en")
    return figure(language, f.value, f.verdict)


# ------------------------------------------------------------------------------------------------------ dimensions


def _by_dimension(teller: Teller, held: Held, figures: Sequence[Figure]) -> list[Exhibit]:
    """Bars of the latest list of each measure and dimension; the earlier ones stand in the table."""
    one = [f for f in figures if len(f.dimensions) == 1 and not f.is_total and f.dimensions[0][1] != "TOTAL"]
    out = []

    def key(f: Figure) -> tuple[str, str, str]:
        return (f.dimensions[0][0], f.measure, f.classification)

    for (dimension, measure, listing), group in groupby(sorted(one, key=key), key):
        lists: dict[tuple[date, date, str], list[Figure]] = {}
        for f in group:
            lists.setdefault((f.end, f.start or f.end, f.kind), []).append(f)
        # a cumulative list goes before that of its last year
        latest = max(lists, key=lambda k: (k[0], k[2] == "cumulative", -k[1].toordinal()))
        if len(lists[latest]) > 1:
            out.append(_bars(teller, held, dimension, measure, listing, latest, lists))
    return out


def _bars(
    teller: Teller,
    held: Held,
    dimension: str,
    measure: str,
    listing: str,
    latest: tuple[date, date, str],
    lists: dict[tuple[date, date, str], list[Figure]],
) -> Exhibit:
    language, names = teller.language, teller.names
    chosen = sorted(lists[latest], key=lambda f: (f.dimensions[0][1] == "OTHERS", -(f.value or 0), f.label))
    series, scheme = chosen[0].series, chosen[0].scheme
    end, start, kind = latest
    shares = {
        (r["code"], r["period_end"], r["period_start"]): r
        for r in held.rows("shares")
        if (r["dimension"], r["classification"], r["period_kind"]) == (dimension, listing, kind)
        and f"qmas_by_{dimension}" == series
    }
    key = f"by_{dimension}" if dimension in ("industry", "place") else "by_other"
    title = language.say(
        key, measure=names.measure(series, measure), period=language.period(start, end),
        dimension=names.inside(names.dimension(dimension)),
    )  # fmt: skip
    said = [names.of_code(series, dimension, listing, f.dimensions[0][1], f.label) for f in chosen]
    share_of = [shares.get((f.dimensions[0][1], f.end, f.start)) for f in chosen]
    points = []
    for f, share in zip(chosen, share_of, strict=True):
        plain = _point(f)
        of = f" ({share['share_percent']}%)" if share and share["share_percent"] is not None else ""
        points.append(replace(plain, said=plain.said + of))
    earlier = sorted((k for k in lists if k != latest), reverse=True)[:12]
    head = [names.dimension(dimension), language.period(start, end)]
    with_shares = any(s and s["share_percent"] is not None for s in share_of)
    head += [f"{language.say('share')} (%)", language.say("rank")] if with_shares else []
    head += [language.period(s, e) for e, s, _ in earlier]
    rows = []
    for f, name, share in zip(chosen, said, share_of, strict=True):
        row = [text(name), _item(language, f)]
        if with_shares:
            percent = share["share_percent"] if share else None
            rank = share["rank"] if share else None
            row += [Item(number(percent, 2), str(percent or ""), True), Item(number(rank), str(rank or ""), True)]
        code = f.dimensions[0][1]
        row += [_item(language, next((g for g in lists[k] if g.dimensions[0][1] == code), None)) for k in earlier]
        rows.append(tuple(row))
    ident = f"{scheme}-{series}-{dimension}-{measure}-{listing}".lower().replace("_", "-").replace(" ", "-")
    shown = [f.verdict for f in chosen if f.value is not None]
    order = language.listed([f"{name} {point.said}" for name, point in list(zip(said, points, strict=True))[:3]])
    chart = svg.Chart(
        ident,
        title,
        language.say("order", names=order) + " " + verdicts(language, shown),
        tuple((name, name) for name in said),
        (svg.Line(names.measure(series, measure), tuple(points)),),
    )
    mart = f"marts.{series}" if series in ("qmas_by_industry", "qmas_by_place") else "marts.observations"
    where = f"code = '{chosen[0].dimensions[0][1]}'" if mart != "marts.observations" else f"series = '{series}'"
    return teller.exhibit(
        ident,
        title,
        Table(title, tuple(head), tuple(rows)),
        [s for f in chosen for s in f.sources],
        shown,
        charts=(svg.bars(chart, svg.WIDE), svg.bars(chart, svg.NARROW)),
        notes=(language.say("list_note"), *_period_notes(language, chosen)),
        series=series,
        trace=trace(mart, where),
    )
