"""The part on quality: what is proved, what was kept out and why, what is missing, and the argument of each verdict.

What belongs here: the choice and the words.  What never: a judgement; all of it stands in the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipelines.publish.report import svg
from pipelines.publish.report.data import Held
from pipelines.publish.report.names import Names
from pipelines.publish.report.view import Exhibit, Item, Section, Table, count, data_uri, number, text
from pipelines.publish.report.words import MARKS, Language

_ROWS = 300
_SUMS = 6


@dataclass(frozen=True, slots=True)
class Argued:
    """The argument of one table's verdict, with sums written out."""

    title: str
    place: str
    verdict: str
    mark: str
    said_verdict: str
    argument: str
    holds: tuple[str, ...]
    more: str
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """One table of the data dictionary: columns as (name, type, meaning)."""

    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]


def section(held: Held, names: Names, language: Language) -> Section:
    """The part on quality with its exhibits."""
    exhibits = [_verdicts(held, language), _fates(held, language), _kept_out(held, language), _findings(held, language)]
    exhibits += [
        _missing(held, names, language),
        _compared(held, language),
        _series(held, names, language),
        _documents(held, language),
    ]
    return Section(
        "quality", language.say("quality"), language.say("quality"), language.say("quality_lead"),
        exhibits=tuple(e for e in exhibits if e is not None),
    )  # fmt: skip


def arguments(held: Held, names: Names, language: Language) -> tuple[tuple[tuple[str, tuple[Argued, ...]], ...], str]:
    """The tables with their arguments by verdict, those in doubt first; and what says how many more there are."""
    order = list(MARKS)
    rows = sorted(
        (r for r in held.rows("judged") if r["verdict"]), key=lambda r: (-order.index(r["verdict"]), r["table_id"])
    )
    made = []
    for row in rows[:_ROWS]:
        holds, fails = row["holds"] or [], row["fails"] or []
        more = language.say("more_sums", n=number(len(holds) - _SUMS)) if len(holds) > _SUMS else ""
        title = row["caption"] or row["title"] or row["path"] or row["table_id"]
        if row["series"]:
            title += f" · {names.series(row['series'])}"
        made.append(
            Argued(
                title, f"{row['path']}, {row['place']} ({row['table_id']})", row["verdict"], MARKS[row["verdict"]],
                language.say(row["verdict"]), row["argument"], tuple(holds[:_SUMS]), more, tuple(fails[:_SUMS]),
            )
        )  # fmt: skip
    groups = []
    for verdict, group in groupby(made, lambda a: a.verdict):
        one = tuple(group)
        said = language.say("tables_of", verdict=language.say(verdict), n=number(len(one)))
        groups.append((f"{MARKS[verdict]} {said}", one))
    return tuple(groups), _more(language, rows, "core.tables")


def dictionary(held: Held, language: Language) -> tuple[tuple[str, tuple[Described, ...]], ...]:
    """Every table of the warehouse with its columns, as described in the file itself, schema by schema."""
    out: dict[str, list[Mapping[str, Any]]] = {}
    for row in held.rows("columns"):
        out.setdefault(row["name"], []).append(row)
    made = [
        Described(
            name,
            rows[0]["description"],
            tuple((r["column_name"], _kind(r["data_type"]), r["said"]) for r in rows),
        )
        for name, rows in out.items()
    ]
    groups = []
    for schema, group in groupby(made, lambda d: d.name.partition(".")[0]):
        one = tuple(group)
        groups.append((language.say("models_of", schema=schema, n=number(len(one))), one))
    return tuple(groups)


def _kind(kind: str) -> str:
    if kind.startswith("STRUCT"):
        return "list of structs" if kind.endswith("[]") else "struct"
    return kind


def _exhibit(ident: str, title: str, table: Table, *notes: str, charts: tuple[str, ...] = ()) -> Exhibit:
    file = f"{ident}.csv" if table.rows else ""
    data = data_uri(table) if table.rows else ""
    return Exhibit(ident, title, table, charts=charts, notes=notes, file=file, data=data)


def _verdicts(held: Held, language: Language) -> Exhibit:
    found = {r["verdict"]: int(r["n"]) for r in held.rows("cells")}
    title = language.say("verdict_cells")
    rows = tuple((text(f"{MARKS[v]} {language.say(v)}"), count(found.get(v, 0)), text(language.say(f"means_{v}")))
                 for v in MARKS)  # fmt: skip
    chart = svg.Chart(
        "q-verdicts",
        title,
        language.listed([f"{language.say(v)} {number(found.get(v, 0))}" for v in MARKS]),
        tuple((language.say(v),) * 2 for v in MARKS),
        (
            svg.Line(
                title, tuple(svg.Point(Decimal(found.get(v, 0)), number(found.get(v, 0)), MARKS[v]) for v in MARKS)
            ),
        ),
    )
    head = (language.say("verdict"), language.say("cells"), language.say("meaning"))
    drawn = (svg.bars(chart, svg.WIDE), svg.bars(chart, svg.NARROW))
    return _exhibit("q-verdicts", title, Table(title, head, rows), charts=drawn)


def _fates(held: Held, language: Language) -> Exhibit | None:
    found = held.rows("coverage")
    if not found or found[0]["read"] is None:
        return None
    sums = {name: int(value or 0) for name, value in found[0].items()}
    said = language.say("nothing_lost_said", **{name: number(value) for name, value in sums.items()})
    rows = [(text(language.say(fate)), count(sums[fate])) for fate in ("fact", "quarantine", "unclaimed", "ignored")]
    rows += [(text(language.say("ignored_by", rule=r["reason"])), count(int(r["n"]))) for r in held.rows("ignored")]
    rows.append((text(language.say("unaccounted")), count(sums["unaccounted"])))
    title = language.say("nothing_lost")
    return _exhibit("q-fates", title, Table(title, (language.say("fate"), language.say("cells")), tuple(rows)), said)


def _kept_out(held: Held, language: Language) -> Exhibit:
    rows = held.rows("quarantine")
    title = language.say("kept_out")
    head = tuple(map(language.say, ("where", "how_many", "why", "would_release")))
    table = Table(
        title,
        head,
        tuple(
            (
                text(" · ".join(filter(None, (r["path"], str(r["text"] or "")[:60])))),
                count(int(r["n"])),
                text(r["reason"] or "", lang="en"),
                text(r["release"] or "", lang="en"),
            )
            for r in rows[:_ROWS]
        ),
        _more(language, rows, "quality.quarantine"),
    )
    return _exhibit("q-kept-out", title, table, *(() if rows else (language.say("none_kept_out"),)))


def _findings(held: Held, language: Language) -> Exhibit:
    rows = held.rows("findings")
    title = language.say("found")
    head = tuple(map(language.say, ("where", "severity", "found", "to_do")))
    table = Table(
        title,
        head,
        tuple(
            (
                text(r["path"] or r["code"]),
                text(r["severity"], lang="en"),
                text(r["message"], lang="en"),
                text(r["remedy"], lang="en"),
            )
            for r in rows[:_ROWS]
        ),
        _more(language, rows, "quality.findings"),
    )
    return _exhibit("q-findings", title, table, *(() if rows else (language.say("no_findings"),)))


def _missing(held: Held, names: Names, language: Language) -> Exhibit:
    there = {f.scheme for f in held.figures}
    lacking = [name for code, name in names.schemes.items() if code not in there]
    absent = sum(f.value is None for f in held.figures)
    unread = sum(not r["readable"] for r in held.rows("documents"))
    notes = [
        language.say("missing_schemes", schemes=language.listed(lacking)) if lacking else language.say("no_missing"),
        language.say("absent", n=number(absent)),
        language.say("unreadable", n=number(unread)),
    ]
    title = language.say("missing")
    return _exhibit("q-missing", title, Table(title, (), ()), *notes)


def _compared(held: Held, language: Language) -> Exhibit | None:
    rows = held.rows("compared")
    if not rows:
        return None
    title = language.say("compared")
    head = tuple(map(language.say, ("sentence", "corroborated", "differs", "kind", "open")))
    made = tuple(
        (
            text(r["sentence"], lang="en"),
            count(int(r["corroborated"])),
            count(int(r["differs"])),
            text(r["classes"], lang="en"),
            count(int(r["open"])),
        )
        for r in rows
    )
    return _exhibit("q-compared", title, Table(title, head, made), language.say("compared_note"))


def _series(held: Held, names: Names, language: Language) -> Exhibit:
    title = language.say("series")
    head = tuple(map(language.say, ("series_name", "figures", "proved", "first", "last")))
    rows = tuple(
        (
            text(names.series(r["series"])),
            count(int(r["figures"])),
            count(int(r["proved"])),
            text(language.day(r["first"])),
            text(language.day(r["last"])),
        )
        for r in held.rows("series")
    )
    return _exhibit("q-series", title, Table(title, head, rows))


def _documents(held: Held, language: Language) -> Exhibit:
    title = language.say("documents")
    rows = held.rows("documents")
    head = (language.say("document"), language.say("tables"), "SHA-256")
    table = Table(
        title,
        head,
        tuple(
            (
                text(r["release"], lang=r["language"] or "en"),
                count(int(r["n_tables"] or 0)),
                Item(r["content_hash"][:16], r["content_hash"]),
            )
            for r in rows[:_ROWS]
        ),
        _more(language, rows, "core.documents"),
    )
    return _exhibit("q-documents", title, table)


def _more(language: Language, rows: Sequence[object], table: str) -> str:
    return language.say("more_rows", n=number(len(rows) - _ROWS), table=table) if len(rows) > _ROWS else ""
