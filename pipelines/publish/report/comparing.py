"""What compares: ratios, concentration, the Talent List beside the industries, revisions.

What belongs here: the words around what the marts give.  What never: SQL, markup, a ratio or share computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from pipelines.publish.report import svg
from pipelines.publish.report.data import Figure, Held, Ratio, Source, sources
from pipelines.publish.report.overtime import even
from pipelines.publish.report.telling import Teller, trace, trend
from pipelines.publish.report.view import Exhibit, Item, Table, figure, number, text, verdicts
from pipelines.publish.report.words import MARKS

_ROWS = 400


def ratios(teller: Teller, ratios: Sequence[Ratio], order: Sequence[str]) -> list[Exhibit]:
    """Columns of the ratios of a pair of measures over the years; a pair is drawn of the series that covers most."""
    language, names = teller.language, teller.names
    out = []
    drawn: set[tuple[str, str]] = set()
    ratios = [r for r in ratios if r.series in order]

    def key(r: Ratio) -> tuple[int, str, str]:
        return (order.index(r.series), r.numerator_is, r.denominator_is)

    for (place, above, below), found in groupby(sorted(ratios, key=lambda r: (*key(r), r.end, r.start)), key):
        group, series = list(found), order[place]
        flows = _of_years(group)
        if len(flows) < 2 or (above, below) in drawn:
            continue
        drawn.add((above, below))
        named = {"numerator": names.measure(series, above), "denominator": names.measure(series, below)}
        title = language.say(
            "per_hundred", numerator=named["numerator"], denominator=names.inside(named["denominator"])
        )
        notes = [language.say("ratio_note_processed" if below.endswith("processed") else "ratio_note_received")]
        running = [r for r in group if (r.end - r.start).days > 400]
        if running:
            best = max(running, key=lambda r: (r.end, -r.start.toordinal()))
            notes.insert(
                0,
                language.say(
                    "to_date",
                    period=language.period(best.start, best.end),
                    numerator=number(best.numerator),
                    denominator=number(best.denominator),
                    ratio=number(best.per_hundred, 2),
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
        shown = [r.verdict for r in flows]
        mixed = len(set(shown)) > 1
        at = {(r.end, r.start): r for r in flows}
        periods = even(list(at))
        points = []
        for period in periods:
            r = at.get(period)
            mark = MARKS[r.verdict] if r is not None and mixed and r.verdict != "proved" else ""
            points.append(
                svg.Point(r.per_hundred, number(r.per_hundred, 1), mark, part=_covers_less(teller, r))
                if r is not None else svg.Point(None, "–")
            )  # fmt: skip
        line = svg.Line(title, tuple(points))
        parts = [language.period(r.start, r.end) for r in flows if (r.end - r.start).days < 364]
        notes += [language.say("period_note", periods=language.listed(parts))] if parts else []
        for r in flows:
            if (r.end - r.start).days >= 364 and _covers_less(teller, r):
                day = teller.names.began[r.scheme]
                notes.append(language.say("began", day=language.day(day), year=day.year))
        chart = svg.Chart(
            ident,
            title,
            trend(language, line, periods) + " " + verdicts(language, shown),
            tuple((language.short(start, end), language.period(start, end)) for end, start in periods),
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
                trace=trace("marts.approval_ratios", f"series = '{series}' and period_end = '{flows[-1].end}'"),
            )
        )
    return out


def _of_years(group: Sequence[Ratio]) -> list[Ratio]:
    """The ratios of years or the larger parts of them; of a year that is printed twice the surer one."""
    best: dict[tuple[date, date], Ratio] = {}
    for r in sorted(group, key=lambda r: (list(MARKS).index(r.verdict), r.is_total)):
        if r.kind == "flow" and r.start.year == r.end.year and (r.end - r.start).days > 100:
            best.setdefault((r.end, r.start), r)
    return [best[key] for key in sorted(best)]


def _covers_less(teller: Teller, r: Ratio) -> bool:
    began = teller.names.began.get(r.scheme)
    return (r.end - r.start).days < 364 or (began is not None and r.start < began <= r.end)


def concentration(teller: Teller, held: Held, series: set[str], scheme: str) -> list[Exhibit]:
    """The latest of origin_diversity and industry_mix, list by list, as a table; each says what it does not prove."""
    language = teller.language
    rows: list[tuple[Item, ...]] = []
    found: list[Source] = []
    shown: list[str] = []

    def own(name: str) -> list[Mapping[str, Any]]:
        return [r for r in held.rows(name) if r["series"] in series and r.get("scheme", "") in ("", scheme)]

    def add(row: Mapping[str, Any], key: str, said: str, raw_value: object) -> None:
        period = text(language.period(row["period_start"], row["period_end"]))
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
            before = language.day(row["previous_period_end"])
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
            trace=trace("marts.origin_diversity", "true"),
        )
    ]  # fmt: skip


def demand(teller: Teller, held: Held) -> list[Exhibit]:
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
            (svg.Line(title, tuple(svg.Point(r["share_percent"], f"{r['share_percent']:.1f}%", "◆" if a else "",
                                             rest=r["code"] == "OTHERS") for r, _, a in known)),),
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
            notes=tuple(notes), trace=trace("marts.talent_demand", f"code = '{rows[0]['code']}'"),
        )
    ]  # fmt: skip


def revisions(teller: Teller, held: Held, own: Sequence[Figure], scheme: str) -> Exhibit:
    """Each change of a figure; where none changed, that is said."""
    language, names = teller.language, teller.names
    title = language.say("revisions")
    of = {(f.series, f.measure, f.dimensions, f.start, f.end, f.kind) for f in own}

    def is_own(row: Mapping[str, Any]) -> bool:
        dimensions = {d["dimension"]: d["code"] for d in row["dimensions"] or ()}
        said = dimensions.pop("scheme", scheme)
        key = (row["series"], row["measure"], tuple(sorted(dimensions.items())), row["period_start"],
               row["period_end"], row["period_kind"])  # fmt: skip
        return said == scheme and key in of

    rows = [r for r in held.rows("revisions") if is_own(r)]
    head = tuple(map(language.say, ("figure", "period", "before", "after", "known_from", "kind")))
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
