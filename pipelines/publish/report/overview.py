"""All schemes beside each other: the latest year of each, as the marts give it.

What belongs here: the choice of the year and the words.  What never: SQL, markup, a sum over schemes (quotas are no
approvals).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.publish.report import svg
from pipelines.publish.report.data import Held, sources
from pipelines.publish.report.names import Names
from pipelines.publish.report.telling import Teller, trace
from pipelines.publish.report.view import Exhibit, Item, Table, figure, number, text, verdicts
from pipelines.publish.report.words import MARKS, Language

Row = Mapping[str, Any]


def overview(held: Held, names: Names, language: Language) -> Exhibit | None:
    """The admitted of the latest year of every scheme; None where the warehouse knows fewer than two schemes."""
    teller = Teller(language, names)
    # a quota decides in a scheme that has quotas: its approvals are a step before
    by: dict[str, dict[int, dict[str, Row]]] = {}
    for row in held.rows("flows"):
        by.setdefault(row["scheme"], {}).setdefault(row["period_end"].year, {})[row["measure"]] = row
    latest = {scheme: year for scheme, years in by.items() if (year := _last(years)) is not None}
    if len(latest) < 2:
        return None
    year = max(latest.values())
    order = [s for s in (*names.schemes, *sorted(by)) if s in latest]
    order = list(dict.fromkeys(order))
    rows, drawn, found, shown = [], [], [], []
    for scheme in order:
        own = by[scheme][latest[scheme]]
        admitted, received = _admitted(own), own.get("applications_received")
        before = _admitted(by[scheme].get(latest[scheme] - 1, {}))
        if admitted is None:
            continue
        quotas = admitted["measure"] == "quotas_allotted"
        said = names.scheme(scheme)
        said = language.say("overview_quotas", scheme=said) if quotas else said
        same = before if before is not None and before["measure"] == admitted["measure"] else None
        rows.append((text(said), text(str(latest[scheme])), *(_cell(language, r) for r in (received, admitted, same))))
        shown += [r["verdict"] for r in (received, admitted, same) if r is not None]
        found += [s for r in (received, admitted, same) if r is not None for s in sources(r)]
        if latest[scheme] == year:
            drawn.append((said, admitted))
    drawn.sort(key=lambda d: -d[1]["value"])
    mixed = len({r["verdict"] for _, r in drawn}) > 1
    title = language.say("overview_title", year=year)
    head = tuple(map(language.say, ("scheme", "latest_year", "received", "admitted", "year_before")))
    points = (
        svg.Point(r["value"], number(r["value"]), MARKS[r["verdict"]] if mixed and r["verdict"] != "proved" else "")
        for _, r in drawn
    )
    chart = svg.Chart(
        "overview",
        title,
        language.listed([f"{said} {number(r['value'])}" for said, r in drawn]) + ". " + verdicts(language, shown),
        tuple((said, said) for said, _ in drawn),
        (svg.Line(title, tuple(points)),),
    )
    return teller.exhibit(
        "overview-schemes", title, Table(title, head, tuple(rows)), found, shown,
        charts=(svg.bars(chart, svg.WIDE), svg.bars(chart, svg.NARROW)),
        notes=(language.say("overview_note", year=year),),
        trace=trace("marts.scheme_flows", f"period_length = 'year' and year(period_end) = {year}"),
    )  # fmt: skip


def _admitted(own: Mapping[str, Row]) -> Row | None:
    return own.get("quotas_allotted") or own.get("applications_approved")


def _last(years: Mapping[int, Mapping[str, Row]]) -> int | None:
    return max((y for y, own in years.items() if _admitted(own) is not None), default=None)


def _cell(language: Language, row: Row | None) -> Item:
    return text("") if row is None else figure(language, row["value"], row["verdict"])
