"""What is shown of each scheme: received and allotted, by origin and industry, ratios, concentration, revisions.

What belongs here: the choice of figures for a chart and the words around it.  What never: SQL, markup, a figure that is
computed here (a share or a ratio comes from its mart; what has none is not shown).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from pipelines.cards import Cards
from pipelines.publish.report import svg
from pipelines.publish.report.data import Figure, Held, Ratio, Source, sources
from pipelines.publish.report.names import Names
from pipelines.publish.report.view import (
    Exhibit,
    Item,
    Section,
    Table,
    Tile,
    data_uri,
    documents,
    figure,
    number,
    text,
    verdicts,
)
from pipelines.publish.report.words import MARKS, Language

_LINES = 3
_ROWS = 400
_NOT_COUNTS = ("%", "$")


@dataclass(frozen=True, slots=True)
class Teller:
    """One language, with the names of codes in it."""

    language: Language
    names: Names

    def exhibit(
        self, ident: str, title: str, table: Table, found: Sequence[Source], shown: Iterable[str], **more: object
    ) -> Exhibit:
        """An exhibit with its sources, its verdicts in words and its data."""
        return replace(
            Exhibit(
                ident=ident,
                title=title,
                table=table,
                verdicts=verdicts(self.language, shown),
                documents=documents(self.language, found),
                file=f"{ident}.csv",
                data=data_uri(table),
            ),
            **more,  # type: ignore[arg-type]
        )


def sections(held: Held, cards: Cards, language: Language) -> tuple[Section, ...]:
    """One section for each scheme that the warehouse has figures of, in the order of the vocabulary."""
    names = Names.of(cards, language)
    teller = Teller(language, names)
    there = {f.scheme for f in held.figures if f.scheme}
    order = [code for code in names.schemes if code in there] + sorted(there - set(names.schemes))
    return tuple(_scheme(teller, held, code) for code in order)


def _scheme(teller: Teller, held: Held, code: str) -> Section:
    own = [f for f in held.figures if f.scheme == code]
    series_of = {f.series for f in own}
    exhibits: list[Exhibit] = []
    tiles: list[Tile] = []
    for series in sorted(series_of, key=lambda s: (-sum(f.series == s and not f.dimensions for f in own), s)):
        figures = [f for f in own if f.series == series]
        tiles += _tiles(teller, figures)
        exhibits += _over_time(teller, figures)
    exhibits += _ratios(teller, [r for r in held.ratios if r.scheme == code])
    for series in sorted(series_of):
        exhibits += _by_dimension(teller, held, [f for f in own if f.series == series])
    exhibits += _concentration(teller, held, series_of, code)
    exhibits += _demand(teller, held) if code == "QMAS" else []
    exhibits.append(_revisions(teller, held, own, code))
    tiles_once = tuple({tile.said: tile for tile in reversed(tiles)}.values())[::-1]
    return Section(code.lower(), teller.names.scheme(code), code, tiles=tiles_once[:4], exhibits=tuple(exhibits))


# --------------------------------------------------------------------------------------------------- totals, time


def _tiles(teller: Teller, figures: Sequence[Figure]) -> list[Tile]:
    """The latest cumulative figure of each measure; where there is none, the latest of a period."""
    language, out = teller.language, []
    for measure in dict.fromkeys(f.measure for f in figures):
        plain = [f for f in figures if f.measure == measure and not f.dimensions and f.value is not None]
        chosen = [f for f in plain if f.kind == "cumulative"] or plain
        if chosen:
            best = max(chosen, key=lambda f: (f.end, -(f.start or f.end).toordinal()))
            said = language.say(
                "key_total",
                measure=teller.names.measure(best.series, measure),
                period=language.period(best.start, best.end),
            )
            out.append(Tile(number(best.value), said, best.verdict, language.say(best.verdict)))
    return out


def _over_time(teller: Teller, figures: Sequence[Figure]) -> list[Exhibit]:
    """Columns of the measures over the periods of one length; measures of money and shares stand apart."""
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
                out.append(_columns(teller, ident, length, [f for f in chosen if f.measure in some], some))
    return out


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
    title = language.say(key, measures=language.say("and").join(said))
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
    chart = svg.Chart(
        ident,
        title,
        " ".join(f"{line.name}: {_trend(language, line, periods)}" for line in lines) + " " + verdicts(language, shown),
        tuple((language.short(start, end), language.period(start, end)) for end, start in periods),
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
        notes=(*_period_notes(language, figures), *printed_notes),
        trace=_trace("marts.observations", f"series = '{series}' and period_end = '{periods[-1][0]}'"),
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


def _trend(language: Language, line: svg.Line, periods: Sequence[tuple[date, date]]) -> str:
    known = [(p, i) for i, p in enumerate(line.points) if p.value is not None]
    if not known:
        return ""
    most = max(known, key=lambda k: (k[0].value or Decimal(0), k[1]))

    def when(index: int) -> str:
        return language.period(periods[index][1], periods[index][0])

    return language.say(
        "trend", first=known[0][0].said, first_period=when(known[0][1]), last=known[-1][0].said,
        last_period=when(known[-1][1]), most=most[0].said, most_period=when(most[1]),
    )  # fmt: skip


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


def _trace(mart: str, where: str) -> str:
    return f'talent trace "{mart}" --where "{where}"'


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
        dimension=names.dimension(dimension),
    )  # fmt: skip
    said = [names.of_code(series, dimension, listing, f.dimensions[0][1], f.label) for f in chosen]
    share_of = [shares.get((f.dimensions[0][1], f.end, f.start)) for f in chosen]
    points = []
    for f, share in zip(chosen, share_of, strict=True):
        plain = _point(f)
        of = f" ({share['share_percent']:.1f}%)" if share and share["share_percent"] is not None else ""
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
        trace=_trace(mart, where),
    )


# ---------------------------------------------------------------------------------------------------- what compares


def _ratios(teller: Teller, ratios: Sequence[Ratio]) -> list[Exhibit]:
    language, names = teller.language, teller.names
    out = []

    def key(r: Ratio) -> tuple[str, str, str]:
        return (r.series, r.numerator_is, r.denominator_is)

    for (series, above, below), found in groupby(sorted(ratios, key=lambda r: (*key(r), r.end, r.start)), key):
        group = list(found)
        flows = [r for r in group if r.kind == "flow" and not r.is_total and (r.end - r.start).days > 100]
        if len(flows) < 2:
            continue
        named = {"numerator": names.measure(series, above), "denominator": names.measure(series, below)}
        title = language.say("per_hundred", **named)
        notes = [language.say("ratio_note_processed" if below.endswith("processed") else "ratio_note_received")]
        running = [r for r in group if r.kind == "cumulative" or r.is_total]
        if running:
            best = max(running, key=lambda r: (r.end, -r.start.toordinal()))
            notes.insert(
                0,
                language.say(
                    "to_date",
                    period=language.period(best.start, best.end),
                    numerator=number(best.numerator),
                    denominator=number(best.denominator),
                    ratio=number(best.per_hundred, 1),
                ),
            )
        ident = f"{group[0].scheme}-{series}-{above}-{below}".lower().replace("_", "-")
        table = Table(
            title,
            (language.say("period"), *named.values(), language.say("ratio")),
            tuple(
                (
                    text(language.period(r.start, r.end)),
                    Item(number(r.numerator), str(number(r.numerator)).replace(",", ""), True),
                    Item(number(r.denominator), str(number(r.denominator)).replace(",", ""), True),
                    figure(language, r.per_hundred, r.verdict, number(r.per_hundred, 2)),
                )
                for r in flows
            ),
        )
        points = tuple(
            svg.Point(r.per_hundred, number(r.per_hundred, 1), MARKS[r.verdict] if r.verdict != "proved" else "")
            for r in flows
        )
        line = svg.Line(title, points)
        shown = [r.verdict for r in flows]
        chart = svg.Chart(
            ident,
            title,
            _trend(language, line, [(r.end, r.start) for r in flows]) + " " + verdicts(language, shown),
            tuple((language.short(r.start, r.end), language.period(r.start, r.end)) for r in flows),
            (line,),
            language.say("ratio"),
        )
        out.append(
            teller.exhibit(
                ident,
                title,
                table,
                [s for r in flows for s in r.sources],
                shown,
                charts=(svg.columns(chart, svg.WIDE), svg.columns(chart, svg.NARROW)),
                notes=tuple(notes),
                trace=_trace("marts.approval_ratios", f"series = '{series}' and period_end = '{flows[-1].end}'"),
            )
        )
    return out


def _concentration(teller: Teller, held: Held, series: set[str], scheme: str) -> list[Exhibit]:
    """The latest of origin_diversity and industry_mix, list by list, as a table; each says what it does not prove."""
    language, names = teller.language, teller.names
    rows: list[tuple[Item, ...]] = []
    found: list[Source] = []
    shown: list[str] = []

    def own(name: str) -> list[dict[str, object]]:
        return [dict(r) for r in held.rows(name) if r["series"] in series and r.get("scheme", "") in ("", scheme)]

    def add(row: dict[str, object], key: str, said: str, raw_value: object) -> None:
        period = text(language.period(row["period_start"], row["period_end"]))  # type: ignore[arg-type]
        verdict = str(row["verdict"])
        known = raw_value is not None
        rows.append(
            (
                text(language.say(key)),
                period,
                Item(said if known else language.say("not_added_up"), str(raw_value) if known else "", known,
                     verdict if known else "", language.say(verdict)),
            )
        )  # fmt: skip
        if known:
            shown.append(verdict)
        found.extend(sources(row))

    for row in own("diversity"):
        low, high = row["effective_origins_least"], row["effective_origins_most"]
        said = str(low) if low == high or high is None else language.say("between", low=low, high=high)
        add(row, "origins", said, low)
        if row["mainland_percent"] is not None:
            add(row, "mainland", f"{row['mainland_percent']}%", row["mainland_percent"])
    for row in own("mix"):
        said = f"{row['technology_percent']}%"
        if row["technology_change"] is not None:
            change = f"{row['technology_change']:+}"
            before = language.day(row["previous_period_end"])  # type: ignore[arg-type]
            said += f" ({language.say('change', change=change, period=before)})"
        if row["technology_percent"] is not None or row["concentration_most"] is None:
            add(row, "technology", said, row["technology_percent"])
        low, high = row["concentration_least"], row["concentration_most"]
        if high is not None:
            add(row, "hhi", str(low) if low == high else language.say("between", low=low, high=high), low)
    if not rows:
        return []
    title = language.say("concentration")
    head = (language.say("indicator"), language.say("period"), language.say("value"))
    ident = f"{scheme}-concentration".lower()
    return [
        teller.exhibit(
            ident, title, Table(title, head, tuple(rows[:_ROWS])), found, shown,
            notes=(language.say("origins_note"), language.say("list_note")),
            trace=_trace("marts.origin_diversity", "true"),
        )
    ]  # fmt: skip


def _demand(teller: Teller, held: Held) -> list[Exhibit]:
    language, names = teller.language, teller.names
    rows = held.rows("demand")
    if not rows:
        return []
    listing = rows[0]["classification"]
    rows = tuple(r for r in rows if r["classification"] == listing and r["period_start"] == rows[0]["period_start"])
    said = [names.of_code("qmas_by_industry", "industry", listing, r["code"], r["label"]) for r in rows]
    areas = [[names.area(code) for code in r["areas"]] for r in rows]
    title = language.say("demand")
    table = Table(
        title,
        (language.say("industry"), f"{language.say('share')} (%)", language.say("area")),
        tuple(
            (
                text(name),
                figure(language, r["share_percent"], r["verdict"], number(r["share_percent"], 2)),
                text(language.listed(beside) or language.say("no_area")),
            )
            for r, name, beside in zip(rows, said, areas, strict=True)
        ),
    )
    known = [(r, n, a) for r, n, a in zip(rows, said, areas, strict=True) if r["share_percent"] is not None]
    shown = [r["verdict"] for r, _, _ in known]
    charts: tuple[str, ...] = ()
    if known:
        beside = [f"{n}: {language.listed(a)}" for _, n, a in known if a][:4]
        chart = svg.Chart(
            "qmas-demand",
            title,
            language.listed(beside) + ". " + verdicts(language, shown),
            tuple((n, n) for _, n, _ in known),
            (svg.Line(title, tuple(svg.Point(r["share_percent"], f"{r['share_percent']:.1f}%", "◆" if a else "")
                                   for r, _, a in known)),),
        )  # fmt: skip
        charts = (svg.bars(chart, svg.WIDE), svg.bars(chart, svg.NARROW))
    placed = {code for r in rows for code in r["areas"]}
    alone = [names.area(code) for code in names.areas if code not in placed]
    notes = [
        language.say("beside_area"),
        language.say("demand_note", day=language.day(rows[0]["talent_list_from"])),
        *([language.say("areas_alone", areas=language.listed(alone))] if alone else []),
    ]
    return [
        teller.exhibit(
            "qmas-demand", title, table, [s for r in rows for s in sources(r)], shown, charts=charts,
            notes=tuple(notes), trace=_trace("marts.talent_demand", f"code = '{rows[0]['code']}'"),
        )
    ]  # fmt: skip


def _revisions(teller: Teller, held: Held, own: Sequence[Figure], scheme: str) -> Exhibit:
    """Each change of a figure; where none changed, that is said."""
    language, names = teller.language, teller.names
    title = language.say("revisions")
    of = {(f.series, f.measure, f.dimensions, f.start, f.end, f.kind) for f in own}

    def is_own(row: object) -> bool:
        assert isinstance(row, dict)
        dimensions = {d["dimension"]: d["code"] for d in row["dimensions"] or ()}
        said = dimensions.pop("scheme", scheme)
        key = (row["series"], row["measure"], tuple(sorted(dimensions.items())), row["period_start"],
               row["period_end"], row["period_kind"])  # fmt: skip
        return said == scheme and key in of

    rows = [r for r in held.rows("revisions") if is_own(r)]
    head = tuple(
        map(language.say, ("figure", "period", "before", "after", "known_from", "kind"))
    )
    table = Table(
        title,
        head,
        tuple(
            (
                text(
                    " ".join(
                        filter(
                            None,
                            (
                                names.measure(r["series"], r["measure"]),
                                ", ".join(d["code"] for d in r["dimensions"] or ()),
                            ),
                        )
                    )
                ),
                text(language.period(r["period_start"], r["period_end"])),
                Item(number(r["value_before"]), str(r["value_before"] or ""), True),
                Item(number(r["value"]), str(r["value"] or ""), True),
                text(language.day(r["known_from"])),
                text(r["class"], lang="en"),
            )
            for r in rows[:_ROWS]
        ),
        language.say("more_rows", n=number(len(rows) - _ROWS), table="marts.revisions") if len(rows) > _ROWS else "",
    )
    ident = f"{scheme}-revisions".lower()
    if rows:
        return teller.exhibit(ident, title, table, [s for r in rows for s in sources(r)], ())
    paths = {s.path for f in own for s in f.sources}
    said = language.say("no_revisions", n=number(len(own)), releases=number(len(paths)))
    return Exhibit(ident, title, replace(table, rows=()), notes=(said,))

