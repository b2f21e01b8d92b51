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
from pipelines.publish.report.overtime import hedged, item, over_time, period_notes, point, stage
from pipelines.publish.report.telling import Teller, trace
from pipelines.publish.report.view import (
    Exhibit,
    Item,
    Section,
    Table,
    Tile,
    number,
    text,
    verdicts,
)
from pipelines.publish.report.words import Language

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
        exhibits += over_time(teller, [f for f in own if f.series == series], shown, main=True)
    exhibits += comparing.ratios(teller, [r for r in held.ratios if r.scheme == code], order)
    for series in order:
        exhibits += _by_dimension(teller, held, [f for f in own if f.series == series])
    for series in order:
        exhibits += over_time(teller, [f for f in own if f.series == series], shown, main=False)
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
    """The latest figure of each measure, of a year or longer; only those that are as recent as the most recent.

    Where the scheme has figures of applications, these alone.
    """
    language = teller.language
    plain = [
        f
        for f in figures
        if not f.dimensions and f.value is not None and f.start is not None
        and (f.kind == "cumulative" or (f.end - f.start).days > 100)
    ]  # fmt: skip
    last_stage = stage("")
    plain = [f for f in plain if stage(f.measure) < last_stage] or plain
    last = max((f.end for f in plain), default=None)
    found: dict[str, Figure] = {}
    for f in sorted(plain, key=lambda f: (order.index(f.series), f.kind == "cumulative", f.start or f.end)):
        if f.end == last:
            found.setdefault(f.measure, f)
    out = []
    for f in sorted(found.values(), key=lambda f: (stage(f.measure), f.measure)):
        said = language.say(
            "key_total", measure=teller.names.measure(f.series, f.measure), period=language.period(f.start, f.end)
        )
        out.append(Tile(hedged(f), said, f.verdict, language.say(f.verdict)))
    return tuple(out[:4])


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
    series, scheme = lists[latest][0].series, lists[latest][0].scheme
    ranks = names.ranks(series, dimension, listing)

    def place_of(f: Figure) -> tuple[object, ...]:
        code = f.dimensions[0][1]
        return (code == "OTHERS", ranks.get(code, len(ranks)), -(f.value or 0), f.label)

    chosen = sorted(lists[latest], key=place_of)
    end, start, kind = latest
    shares = {
        (r["code"], r["period_end"], r["period_start"]): r
        for r in held.rows("shares")
        if (r["dimension"], r["classification"], r["period_kind"]) == (dimension, listing, kind)
        and (series == f"qmas_by_{dimension}" or (series, dimension) == ("qmas_profile", "test"))
    }
    key = f"by_{dimension}" if dimension in ("industry", "place") else "by_other"
    title = language.say(
        key, measure=names.measure(series, measure), period=language.period(start, end),
        dimension=names.inside(names.dimension(dimension)),
    )  # fmt: skip
    said = [names.of_code(series, dimension, listing, f.dimensions[0][1], f.label) for f in chosen]
    share_of = [shares.get((f.dimensions[0][1], f.end, f.start)) for f in chosen]
    shown = [f.verdict for f in chosen if f.value is not None]
    points = []
    for f, share in zip(chosen, share_of, strict=True):
        plain = point(f, marked=len(set(shown)) > 1)
        of = f" ({share['share_percent']:.1f}%)" if share and share["share_percent"] is not None else ""
        points.append(replace(plain, said=plain.said + of, rest=f.dimensions[0][1] == "OTHERS"))
    earlier = sorted((k for k in lists if k != latest), reverse=True)[:12]
    head = [names.dimension(dimension), language.period(start, end)]
    with_shares = any(s and s["share_percent"] is not None for s in share_of)
    head += [f"{language.say('share')} (%)", language.say("rank")] if with_shares else []
    head += [language.period(s, e) for e, s, _ in earlier]
    rows = []
    for f, name, share in zip(chosen, said, share_of, strict=True):
        row = [text(name), item(language, f)]
        if with_shares:
            percent = share["share_percent"] if share else None
            rank = share["rank"] if share else None
            row += [Item(number(percent, 2), str(percent or ""), True), Item(number(rank), str(rank or ""), True)]
        code = f.dimensions[0][1]
        row += [item(language, next((g for g in lists[k] if g.dimensions[0][1] == code), None)) for k in earlier]
        rows.append(tuple(row))
    ident = f"{scheme}-{series}-{dimension}-{measure}-{listing}".lower().replace("_", "-").replace(" ", "-")
    order = language.listed([f"{name} {point.said}" for name, point in list(zip(said, points, strict=True))[:3]])
    chart = svg.Chart(
        ident,
        title,
        language.say("order", names=order) + " " + verdicts(language, shown),
        tuple((name, name) for name in said),
        (svg.Line(names.measure(series, measure), tuple(points)),),
    )
    notes = [language.say("list_note")] if any(f.dimensions[0][1] == "OTHERS" for f in chosen) else []
    for gap in held.rows("incomplete"):
        same = (gap["series"], gap["measure"], gap["dimension"], gap["period_end"]) == (series, measure, dimension, end)
        if same and gap["scheme"] in ("", scheme):
            notes.append(language.say("incomplete", n=number(gap["kept_out"])))
    mart = f"marts.{series}" if series in ("qmas_by_industry", "qmas_by_place") else "marts.observations"
    where = f"code = '{chosen[0].dimensions[0][1]}'" if mart != "marts.observations" else f"series = '{series}'"
    return teller.exhibit(
        ident,
        title,
        Table(title, tuple(head), tuple(rows)),
        [s for f in chosen for s in f.sources],
        shown,
        charts=(svg.bars(chart, svg.WIDE), svg.bars(chart, svg.NARROW)),
        notes=(*notes, *period_notes(teller, chosen)),
        series=series,
        trace=trace(mart, where),
    )
