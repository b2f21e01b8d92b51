"""Releases that never were, from a seed: tables whose truth is known, in the wordings and orders of such releases.

What belongs here: content and truth.  `tests/support/render.py` turns it into bytes.  It must know nothing of the
pipelines: what a document says is decided here, what is read out of it is theirs.

Varied: language, wording, number of years, row order, column order, scope of the breakdowns (since launch, or the last
year), number style, decoys (blank form, unrelated figures in prose and notes), and at wish one total, shifted by k.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from tests.support.facsimile import INDUSTRIES, PLACES

LAUNCH = date(2006, 6, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that a document truly states.  label: as printed, or the year of a row by year."""

    series: str
    measure: str
    label: str
    starts: date
    ends: date
    value: int


@dataclass(frozen=True, slots=True)
class Table:
    """rows: (label, figures); totals: as they are; printed: as the document prints them.

    series  "" for a table of another scheme, which must not be taken for one of ours
    """

    series: str
    caption: str
    header: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    total_label: str
    totals: tuple[int, ...]
    printed: tuple[int, ...]
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]

    @property
    def matrix(self) -> list[tuple[int, ...]]:
        """The figures row by row, the total as printed last."""
        return [values for _, values in self.rows] + [self.printed]


@dataclass(frozen=True, slots=True)
class Release:
    """A release in words and numbers, before it is set in a medium.

    form       a blank form that the question prints, or ()
    captioned  whether titles stand over the tables
    open_scope the breakdowns cover the years of the table by year, which does not begin with the scheme: nothing in
               the document says since when they count, so declining them is right too
    shifted    (table, column) whose total is printed wrong, or None
    """

    seed: int
    language: str
    title: str
    day: date
    before: tuple[str, ...]
    form: tuple[tuple[str, ...], ...]
    lead_in: str
    tables: tuple[Table, ...]
    after: tuple[str, ...]
    captioned: bool
    open_scope: bool
    separator: str
    shifted: tuple[int, int] | None

    def number(self, value: int) -> str:
        """A figure in the number style of this release."""
        return f"{value:,}".replace(",", self.separator)


# the separators of thousands that this publisher uses, and none at all
SEPARATORS = {"space": " ", "nbsp": "\u00a0", "comma": ",", "none": ""}

_WORDS = {
    "en": {
        "title": "LCQ{n}: Quality Migrant Admission Scheme",
        "openings": (
            "Following is a question by the Hon Member and a reply by the Secretary for Security in the Legislative "
            "Council today ({day}):",
            "The Secretary for Security gave this reply to a question in the Legislative Council today ({day}):",
        ),
        "questions": (
            "Will the Government say how many persons were admitted under the Quality Migrant Admission Scheme (QMAS) "
            "last year, by industry and by place?",
            "How many applications came in under the Quality Migrant Admission Scheme (QMAS) in each year?",
        ),
        "decoys": (
            "Under section 11 of Cap. 115, 37 inspections were made at 214 places in the 18 districts.",
            "A hotline (2824 6111) took some 5 300 calls, 12.5 per cent more than before.",
            "The fee of $1,330 has stood since November 2021.",
        ),
        "states": (
            "As of end {year}, {received} applications had come in, and {allotted} applicants were allotted a quota."
        ),
        "states_span": "From {first} to {year}, {received} applications came in, and {allotted} quotas were allotted.",
        "lead_ins": (
            "The applications received under QMAS and the quotas allotted are set out below:",
            "Breakdowns by year, by industry and by place are as follows:",
        ),
        "year": ("Year",),
        "received": ("Applications Received", "Applications received"),
        "allotted": ("Quotas Allotted", "Quotas allotted"),
        "industry": ("Industry",),
        "place": ("Country/Region",),
        "total": ("Total",),
        "part": "{year}\n(June to December)",
        "notes": (
            "Note: Figures are as at the end of each year.",
            "* The annual quota was changed from 1 000 to 2 000.",
        ),
        "form": ("Industry", "Persons", "Total"),
        "captions": {
            "year": "TABLE {n}. Applications and quotas under QMAS, by year",
            "industry": "TABLE {n}. Quotas under QMAS, by industry",
            "place": "TABLE {n}. Quotas under QMAS, by place",
            "other": "TABLE {n}. Employment visas under the General Employment Policy (GEP), by industry",
        },
        "issued": "Visas issued",
    },
    "zh-Hant": {
        "title": "立法會{n}題：優秀人才入境計劃",
        "openings": ("以下為今日（{day}）在立法會會議上議員的提問和保安局局長的答覆：",),
        "questions": ("去年循優秀人才入境計劃（優才計劃）獲批的人數，按行業及地方劃分為何？",),
        "decoys": ("入境處在18區的214個地點進行了37次巡查。", "收費自2021年11月起為1,330元。"),
        "states": "截至{year}年年底，優才計劃共接獲{received}宗申請，{allotted}名申請人獲分配名額。",
        "states_span": "在{first}年至{year}年，優才計劃共接獲{received}宗申請，{allotted}名申請人獲分配名額。",
        "lead_ins": ("優才計劃接獲的申請數目和所分配的名額表列如下：",),
        "year": ("年份",),
        "received": ("接獲的申請數目",),
        "allotted": ("所分配的名額",),
        "industry": ("行業",),
        "place": ("國家／地區",),
        "total": ("總計",),
        "part": "{year}\n（六月至十二月）",
        "notes": ("註：數字截至每年年底。", "* 全年名額由1 000個改為2 000個。"),
        "form": ("行業", "人數", "總計"),
        "captions": {
            "year": "表{n}：優才計劃的申請及名額（按年份）",
            "industry": "表{n}：優才計劃的名額（按行業）",
            "place": "表{n}：優才計劃的名額（按地方）",
            "other": "表{n}：一般就業政策簽發的簽證（按行業）",
        },
        "issued": "簽發的簽證",
    },
}


def release(seed: int, *, language: str | None = None, style: str | None = None, shift: bool = False) -> Release:
    """The release of a seed; the same at each call.  `shift` prints one total of one table wrong."""
    dice = Random(seed)
    language = language or dice.choice(["en", "en", "en", "zh-Hant"])
    words = _WORDS[language]
    style = style or dice.choice(sorted(SEPARATORS))
    first = 2006 if dice.random() < 0.6 else dice.randint(2007, 2011)
    last = dice.randint(first + 4, 2024)
    years = list(range(first, last + 1))
    yearly = [(year, dice.randint(300, 6_900), dice.randint(40, 2_900)) for year in years]
    received, allotted = sum(y[1] for y in yearly), sum(y[2] for y in yearly)
    cumulative = dice.random() < 0.7
    scope = allotted if cumulative else yearly[-1][2]
    began = LAUNCH if first == LAUNCH.year else date(first, 1, 1)
    span = (began if cumulative else date(last, 1, 1), date(last, 12, 31))
    tables = [
        _by_year(dice, words, yearly),
        _breakdown(dice, words, "industry", _labels(INDUSTRIES, language), scope, span),
        _breakdown(dice, words, "place", _labels(_some_places(dice), language), scope, span),
    ]
    shifted: tuple[int, int] | None = None
    if shift:
        which = dice.randrange(3)
        shifted = (which, dice.randrange(len(tables[which].totals)))
        tables[which] = _shift(tables[which], shifted[1], dice.choice([-10, -9, -2, -1, 1, 2, 9, 10, 100, 1000]))
    if dice.random() < 0.3:
        other = _breakdown(dice, words, "industry", _labels(INDUSTRIES, language), dice.randint(100, 90_000), span)
        header = (other.header[0], str(words["issued"]))
        caption = words["captions"]["other"]
        tables.append(replace(other, series="", caption=caption, header=header, measures=("",), figures=()))
    tables = [replace(table, caption=table.caption.format(n=n)) for n, table in enumerate(tables, start=1)]
    separator = SEPARATORS[style]
    day = date(last + 1, dice.randint(1, 3), dice.randint(1, 28))
    said = {
        "n": str(dice.randint(1, 22)) if language == "en" else dice.choice("一二三四五六七八九"),
        "day": f"{day:%B} {day.day}" if language == "en" else f"{day.month}月{day.day}日",
        "first": str(first),
        "year": str(last),
        "received": f"{received:,}".replace(",", separator),
        "allotted": f"{allotted:,}".replace(",", separator),
    }
    decoys = list(words["decoys"])
    dice.shuffle(decoys)
    stated = words["states" if first == LAUNCH.year else "states_span"]
    states = [str(stated).format(**said)] if dice.random() < 0.8 else []
    with_form = dice.random() < 0.4
    category, persons, total = words["form"]
    form = ((category, persons), ("A", ""), ("B", ""), (total, "")) if with_form else ()
    return Release(
        seed=seed,
        language=language,
        title=str(words["title"]).format(**said),
        day=day,
        before=(dice.choice(words["openings"]).format(**said), dice.choice(words["questions"]), *decoys[:1], *states),
        form=form,
        lead_in=dice.choice(words["lead_ins"]),
        tables=tuple(tables),
        after=tuple(decoys[1:]),
        captioned=dice.random() < 0.5 or len(tables) > 3,
        open_scope=cumulative and first != LAUNCH.year,
        separator=separator,
        shifted=shifted,
    )


def _by_year(dice: Random, words: dict, yearly: list[tuple[int, int, int]]) -> Table:
    columns = [("applications_received", dice.choice(words["received"]), 1)]
    columns.append(("quotas_allotted", dice.choice(words["allotted"]), 2))
    if dice.random() < 0.4:
        columns.reverse()
    marked = dice.random() < 0.5
    rows = []
    for place, row in enumerate(yearly):
        label = words["part"].format(year=row[0]) if row[0] == LAUNCH.year else str(row[0])
        if marked and place == len(yearly) - 2:
            label += "*"
        rows.append((label, tuple(row[at] for *_, at in columns)))
    if dice.random() < 0.3:
        rows.reverse()
    totals = tuple(sum(row[at] for row in yearly) for *_, at in columns)
    figures = tuple(
        Figure("qmas_by_year", measure, str(row[0]), max(LAUNCH, date(row[0], 1, 1)), date(row[0], 12, 31), row[at])
        for row in yearly
        for measure, _, at in columns
    )
    return Table(
        series="qmas_by_year",
        caption=words["captions"]["year"],
        header=(dice.choice(words["year"]), *(name for _, name, _ in columns)),
        measures=tuple(measure for measure, *_ in columns),
        rows=tuple(rows),
        total_label=dice.choice(words["total"]),
        totals=totals,
        printed=totals,
        notes=words["notes"] if marked else words["notes"][:1],
        figures=figures,
    )


def _breakdown(dice: Random, words: dict, kind: str, labels: list[str], total: int, span: tuple[date, date]) -> Table:
    values = _parts(dice, total, len(labels))
    rows = list(zip(labels, values, strict=True))
    if dice.random() < 0.5:  # the residual row stays last, as such tables have it
        *named, residual = rows
        dice.shuffle(named)
        rows = [*named, residual]
    series = f"qmas_by_{kind}"
    return Table(
        series=series,
        caption=words["captions"][kind],
        header=(dice.choice(words[kind]), dice.choice(words["allotted"])),
        measures=("quotas_allotted",),
        rows=tuple((label, (value,)) for label, value in rows),
        total_label=dice.choice(words["total"]),
        totals=(total,),
        printed=(total,),
        notes=(),
        figures=tuple(Figure(series, "quotas_allotted", label, *span, value) for label, value in rows),
    )


def _parts(dice: Random, total: int, count: int) -> list[int]:
    """`count` positive whole numbers that add to `total`."""
    cuts = sorted(dice.sample(range(1, total), count - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def _labels(rows: tuple[tuple[str, str, int], ...], language: str) -> list[str]:
    return [row[0 if language == "en" else 1] for row in rows if row[0] != "Total"]


def _some_places(dice: Random) -> tuple[tuple[str, str, int], ...]:
    """The places in any number, the mainland and the residual always among them."""
    mainland, *named, others, total = PLACES
    return mainland, *dice.sample(named, dice.randint(4, len(named))), others, total


def _shift(table: Table, column: int, by: int) -> Table:
    printed = tuple(total + by if at == column else total for at, total in enumerate(table.totals))
    if min(printed) < 0:
        printed = tuple(total - by if at == column else total for at, total in enumerate(table.totals))
    return replace(table, printed=printed)
