"""The parts of a page as values: exhibits with their chart, table, sources and data; sections of exhibits.

What belongs here: the shapes that the templates draw, and what every exhibit has in common.  What never: a query, or
the choice of what is shown (exhibits.py, quality.py).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, urlsplit

from pipelines.publish.report.data import Source
from pipelines.publish.report.words import MARKS, Language

#: What makes a spreadsheet read a text as a formula, in half and full width (OWASP, "CSV Injection").
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠\t\r\n]")


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of a table.  `raw` is what the CSV holds: a number as it stands, or a text.

    `lang`: the language of the text where it is not that of the page; `mark`: the sign of a verdict and its name.
    """

    text: str
    raw: str = ""
    number: bool = False
    verdict: str = ""
    said_verdict: str = ""
    lang: str = ""

    @property
    def mark(self) -> str:
        return MARKS.get(self.verdict, "")


@dataclass(frozen=True, slots=True)
class Table:
    """The first item of each row is its header.  `hidden`: rows that are not shown, of `of` (a table of SQL)."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Item, ...], ...]
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A source for people: one document, and how many of its cells the exhibit uses."""

    release: str
    url: str
    lang: str
    path: str
    cells: str
    place: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One chart (or none) with everything that stands below it."""

    ident: str
    title: str
    table: Table
    charts: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    verdicts: str = ""
    notes: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    file: str = ""
    data: str = ""
    trace: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number that stands large; `said` below it."""

    value: str
    said: str
    verdict: str = ""
    said_verdict: str = ""

    @property
    def mark(self) -> str:
        return MARKS.get(self.verdict, "")


@dataclass(frozen=True, slots=True)
class Section:
    """A scheme, or the part on quality."""

    ident: str
    title: str
    short: str
    lead: str = ""
    tiles: tuple[Tile, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """A number for people: thousands parted by commas, no more decimals than it has."""
    if value is None:
        return "–"
    if places is not None:
        return f"{value:,.{places}f}"
    exact = Decimal(value)
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


def raw(value: Decimal | int | None) -> str:
    """The same number for a machine."""
    return number(value).replace(",", "") if value is not None else ""


def figure(language: Language, value: Decimal | int | None, verdict: str, said: str = "") -> Item:
    """A figure with the sign of its verdict."""
    known = language.say(verdict) if verdict in MARKS else ""
    return Item(said or number(value), raw(value), True, verdict if value is not None else "", known)


def text(said: str, *, lang: str = "") -> Item:
    return Item(said, said, lang=lang)


def count(value: int) -> Item:
    return Item(number(value), raw(value), True)


def verdicts(language: Language, of: Iterable[str]) -> str:
    """How many of the figures have which verdict, in a sentence; empty where there are none."""
    counted = Counter(of)
    n = sum(counted.values())
    if not n:
        return ""
    if len(counted) == 1:
        (one,) = counted
        return f"{MARKS[one]} " + language.say("all_are", n=number(n), verdict=language.say(one))
    parts = [f"{MARKS[v]} {number(counted[v])} {language.say(v)}" for v in MARKS if v in counted]
    return language.say("some_are", n=number(n), parts=language.listed(parts))


def documents(language: Language, sources: Sequence[Source]) -> tuple[Document, ...]:
    """The documents of these cells, each once, in order of their first cell."""
    by_path: dict[str, list[Source]] = {}
    for source in {s.cell_id: s for s in sources}.values():
        by_path.setdefault(source.path, []).append(source)
    out = []
    for path, cells in by_path.items():
        one = cells[0]
        said = language.say("cell_of") if len(cells) == 1 else language.say("cells_of", n=number(len(cells)))
        url = one.url if urlsplit(one.url).scheme in ("http", "https") else ""
        out.append(Document(one.release, url, one.language, path, said, one.place))
    return tuple(out)


def data_uri(table: Table, head: Sequence[str] = ()) -> str:
    """The table as a CSV that a browser downloads without asking anybody; no text of it runs in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    marked = [any(row[i].verdict for row in table.rows) for i in range(len(table.head))]
    titles = []
    for name, has in zip(head or table.head, marked, strict=True):
        titles += [safe(name), safe(f"{name}: verdict")] if has else [safe(name)]
    writer.writerow(titles)
    for row in table.rows:
        line = []
        for item, has in zip(row, marked, strict=True):
            line.append(item.raw if item.number else safe(item.raw))
            if has:
                line.append(item.verdict)
        writer.writerow(line)
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + out.getvalue())


def safe(said: str) -> str:
    """The text as a CSV may hold it: what a spreadsheet would run stands behind an apostrophe."""
    return f"'{said}" if _FORMULA.match(said) else said
