"""What a run of date words means, read whole or not at all.

What belongs here: the shapes of phrases ("from U to U", "as at U", "since the launch until U") and the days that they
give.  What must never stand here: a year taken from a part of a phrase, a default, words of other kinds.

The tokens of a run make a word of one letter each (`date_words.Token.kind`); the word must match one shape whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pipelines.model import PeriodKind
from pipelines.shape.date_words import Token, Unit, normal, tokens
from pipelines.shape.periods import Said, month_end, months_back

Stretch = tuple[date, date]


def read_run(run: Sequence[Token], released: date | None) -> Said | None:
    """The period of a run of tokens without its glue; None where no shape holds it whole, or a day cannot be."""
    word = "".join(t.kind for t in run)
    for shape, reader in _SHAPES:
        if shape.fullmatch(word) is not None:
            try:
                said = reader([t for t in run if t.unit is not None or t.months], released)
            except ValueError:  # February 30
                return None
            if said is not None and said.end is not None and (said.start is None or said.start <= said.end):
                return said
    return None


def read_label(label: str) -> Said | None:
    """A label of a row or a column that is one phrase and nothing else: "2024 (first ten months)"; None for others,
    and for what needs a release or a launch.

    >>> read_label("First half of 2025").end
    datetime.date(2025, 6, 30)
    """
    listed = tokens(normal(label))
    run = [t for t in listed if t.kind != "g"]
    if any(t.kind in "w!;L" for t in run) or any(t.unit is not None and t.unit.relative is not None for t in run):
        return None
    said = read_run(run, None)
    return said if said is not None and said.start is not None else None


# ------------------------------------------------------------------------------------------ single stretches


def _units(run: Sequence[Token], released: date | None) -> list[Unit] | None:
    """The units of a run with the years of relative ones; None where the release that they count from has no date."""
    found = []
    for token in run:
        if token.unit is None:
            continue
        unit = token.unit
        if unit.relative is not None:
            if released is None:
                return None
            unit = replace(unit, year=released.year + unit.relative)
        found.append(unit)
    return found


def _stretch(unit: Unit) -> Stretch | None:
    """First and last day of a unit whose year is known; a day is a stretch of one.  An edge other than an end has
    none: nothing says which day it is."""
    if unit.year is None or (unit.edge and unit.edge not in ("end", "begin", "bare")):
        return None
    year = unit.year
    if unit.day is not None and unit.month is not None:
        return None if unit.edge else (date(year, unit.month, unit.day),) * 2
    if unit.month is not None:
        whole = date(year, unit.month, 1), month_end(year, unit.month)
    elif unit.part is not None:
        parts, first, last = unit.part
        length = 12 // parts
        whole = _months(year, (first - 1) * length, last * length, unit.financial)
    else:
        whole = _months(year, 0, 12, unit.financial)
    if unit.edge == "end":
        return whole[1], whole[1]
    return (whole[0], whole[0]) if unit.edge == "begin" else whole


def _months(year: int, first: int, last: int, financial: bool) -> Stretch:
    """Months `first` (from nil) to `last` of a calendar year, or of the financial year that begins in April."""
    at = year * 12 + first + (3 if financial else 0)
    end = year * 12 + last - 1 + (3 if financial else 0)
    return date(at // 12, at % 12 + 1, 1), month_end(end // 12, end % 12 + 1)


def _is_day(unit: Unit) -> bool:
    return unit.day is not None or unit.edge in ("end", "begin")


def _last_before(unit: Unit, limit: date) -> Unit:
    """A unit without a year, in the last year in which its stretch ends no later than `limit`."""
    for year in (limit.year, limit.year - 1):
        whole = _stretch(replace(unit, year=year))
        if whole is not None and whole[1] <= limit:
            return replace(unit, year=year)
    return unit


def _whole(unit: Unit) -> Stretch | None:
    """A unit as a period of its own: neither a day nor an edge, nor a bare "2024-25", which may be many things."""
    return None if _is_day(unit) or unit.edge else _stretch(unit)


def _flow(whole: Stretch | None, inferred: str = "") -> Said | None:
    if whole is None:
        return None
    start, end = whole
    years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    return Said(start, end, None, "year" if years else "part", inferred=inferred)


# --------------------------------------------------------------------------------------------- shapes


def _one(run: Sequence[Token], released: date | None) -> Said | None:
    units = _units(run, released)
    if not units:
        return None
    said = _flow(_whole(units[0]))
    # the year of the release itself is not over
    return None if said is None or (released is not None and said.end is not None and said.end > released) else said


def _ends(units: list[Unit], released: date | None) -> tuple[Unit, Unit, str] | None:
    """Both ends of a span with their years: of the other end where one is printed once, else of the last such days
    before the release, which is inferred."""
    first, last = units
    inferred = ""
    if first.year is None and last.year is None:
        if released is None or not (_is_day(first) and _is_day(last)):
            return None
        last = _last_before(last, released)
        inferred = f"the year {last.year}: the last such day before the release of {released}"
    if last.year is None:
        if (first.month is None and (first.part is None or last.part is None)) or first.financial:
            return None
        last = replace(last, year=first.year)
    elif first.year is None:
        if first.month is None and first.part is None:
            return None
        if last.financial or (last.part is not None and last.month is None and first.part is None):
            return None
        same = replace(first, year=last.year)
        a, b = _stretch(same), _stretch(last)
        if a is None or b is None:
            return None
        first = same if a[0] <= b[1] else replace(first, year=last.year - 1) if last.year else first
    return first, last, inferred


def _span(run: Sequence[Token], released: date | None) -> Said | None:
    units = _units(run, released)
    ends = _ends(units, released) if units and len(units) == 2 else None
    if ends is None:
        return None
    first, last, inferred = ends
    if first.edge == "bare" and first.financial and last.financial:
        first = replace(first, edge="")  # 2022-23至2024-25年度: the word for the last is that of the first
    a, b = _stretch(first), _stretch(last)
    if a is None or b is None or "bare" in (first.edge, last.edge) or a[0] >= b[1]:
        return None
    if first.financial != last.financial and not (_is_day(first) or _is_day(last)):
        return None
    if first.edge == "end":
        # "from end-2022": all since the launch, where the launch lies in that month; else no first day is said
        return Said(None, b[1], PeriodKind.STOCK, "stock", launch=(a[1].replace(day=1), a[1]), inferred=inferred)
    if first.month is not None and last.month is None and last.part is None and last.edge != "end":
        return None  # "from March 2023 to 2024": to when?
    return _flow((a[0], b[1]), inferred)


def _two(run: Sequence[Token], released: date | None) -> Said | None:
    """Two stretches that follow each other: "2023 and 2024"."""
    units = _units(run, released)
    if not units or len(units) != 2 or any(_is_day(u) or u.edge for u in units):
        return None
    first, last = units
    if first.year is None and last.year is not None and not last.financial:
        first = replace(first, year=last.year)
    elif last.year is None and first.year is not None and not first.financial:
        last = replace(last, year=first.year)
    a, b = _whole(first), _whole(last)
    if a is None or b is None or (b[0] - a[1]).days != 1 or _size(first) != _size(last):
        return None
    return _flow((a[0], b[1]))


def _size(unit: Unit) -> object:
    return "month" if unit.month else unit.part[0] if unit.part else "year"


def _as_at(run: Sequence[Token], released: date | None) -> Said | None:
    units = _units(run, released)
    if not units:
        return None
    unit, inferred = units[-1], ""
    if unit.year is None:
        if released is None or not _is_day(unit):
            return None
        unit = _last_before(unit, released)
        inferred = f"the year {unit.year}: the last such day before the release of {released}"
    if unit.edge in ("bare", "begin") or (unit.month is None and unit.part is None and unit.edge != "end"):
        return None  # "as at 2024" is no day
    whole = _stretch(unit)
    return None if whole is None else Said(None, whole[1], PeriodKind.STOCK, "stock", inferred=inferred)


def _within(run: Sequence[Token], released: date | None) -> Said | None:
    """A year, and how far it goes: "2024 (January to October)", "2024 (as at end-October)"."""
    units = _units(run, released)
    if not units or len(units) not in (2, 3):
        return None
    year = units[0]
    bare = replace(year, edge="" if year.edge == "bare" else year.edge)
    if year.month is not None or year.part is not None or bare.edge or year.year is None:
        return None
    whole = _stretch(bare)
    assert whole is not None
    inner = [_in_year(u, bare) for u in units[1:]]
    stretches = [_stretch(u) for u in inner if u is not None]
    found = [s for s in stretches if s is not None]
    if len(found) != len(units) - 1 or any("bare" in u.edge for u in units[1:]):
        return None
    first = found[0] if len(found) == 2 else (whole[0], found[0][1])
    start, end = first[0], found[-1][1]
    return _flow((start, end)) if whole[0] <= start < end <= whole[1] else None


def _in_year(unit: Unit, year: Unit) -> Unit | None:
    """A unit that prints no year, in a year; one that prints another year as it is."""
    if unit.year is not None or year.year is None:
        return unit
    if unit.month is None:
        return replace(unit, year=year.year, financial=year.financial)
    return replace(unit, year=year.year + (1 if year.financial and unit.month < 4 else 0))


def _part_within(run: Sequence[Token], released: date | None) -> Said | None:
    """A year and one part of it: "2024 (first ten months)"."""
    units = _units(run, released)
    if not units or len(units) != 2 or units[1].part is None:
        return None
    unit = _in_year(units[1], units[0])
    return None if unit is None or units[0].part or units[0].month else _flow(_whole(unit))


def _ended(run: Sequence[Token], released: date | None) -> Said | None:
    """ "12 months ending June 2025", "the year ended March 31, 2024": the stretch of so many months to that day."""
    units, months = _units(run, released), sum(t.months for t in run)
    if not units or not 1 <= months <= 60:
        return None
    as_at = _as_at([t for t in run if t.unit is not None], released)
    if as_at is None or as_at.end is None:
        return None
    end = as_at.end
    if end == month_end(end.year, end.month):
        return _flow((months_back(end, months), end), as_at.inferred)
    began = months_back(end, months + 1)
    day = min(end.day, month_end(began.year, began.month).day)
    return _flow((began.replace(day=day) + timedelta(days=1), end), as_at.inferred)


def _ended_year(run: Sequence[Token], released: date | None) -> Said | None:
    """截至2024年3月31日止年度."""
    return _ended([*run, Token("E", 0, 0, months=12)], released)


def _past(run: Sequence[Token], released: date | None) -> Said | None:
    """ "The past three years (2022 to 2024)", where the span has that many months."""
    units = [t for t in run if t.unit is not None]
    said = _span(units, released) or _two(units, released)
    if said is None or said.start is None or said.end is None:
        return None
    months = (said.end.year - said.start.year) * 12 + said.end.month - said.start.month + 1
    return said if months == sum(t.months for t in run) and said.start.day == 1 else None


def _launch(run: Sequence[Token], released: date | None) -> Said | None:
    """Since the launch, up to a day; the day of the launch, where it is printed, must be that of the scheme."""
    units = _units(run, released)
    if not units:
        return None
    at = _as_at(run, released)
    if at is None or len(units) > 2:
        return None
    if len(units) == 1:
        return replace(at, launch=(date.min, date.max))
    begun = units[0]
    if begun.year is None or begun.part is not None or begun.edge not in ("", "end"):
        return None
    whole = _stretch(replace(begun, edge=""))
    if whole is None:
        return None
    if begun.edge == "end":
        whole = whole[1].replace(day=1), whole[1]
    return replace(at, launch=whole)


def _launch_last(run: Sequence[Token], released: date | None) -> Said | None:
    """ "As at U since the launch (in U)": the day comes first."""
    units = [t for t in run if t.unit is not None]
    return _launch([*units[1:], units[0]], released)


def _since(run: Sequence[Token], released: date | None) -> Said | None:
    """From a day on, up to another."""
    units = _units(run, released)
    if not units or not (units[0].day is not None or units[0].month is not None):
        return None
    return _span(run, released)


_TO = "(?:N?[TX]|TX)"  # up to a day, of a stretch that has a beginning
_AT = "(?:N?[TXA]|TX|XA)"  # up to a day, or as at one
_Reader = Callable[[Sequence[Token], date | None], Said | None]
_SHAPES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(shape), reader)
    for shape, reader in (
        (r"I*U", _one),
        (rf"I*FU{_TO}U|I*FUB{_AT}U|I*UTU|I*UB{_AT}U|I*FUNU", _span),
        (r"I*UNU", _two),
        (r"[AX]I?U", _as_at),
        (rf"I*U\([AXT]?U\)|I*U\(F?U{_TO}U\)|I*U[AXT]U", _within),
        (r"I*U\(U\)", _part_within),
        (r"I*EU", _ended),
        (r"AUZ", _ended_year),
        (r"AUE", _ended),
        (rf"I*P\(?F?U{_TO}U\)?|I*P\(?UNU\)?", _past),
        (rf"(?:I*P)?[SF]L(?:I?U)?{_AT}U|(?:I*P)?F?I*UL[SB]*{_AT}U|(?:I*P)?F?L[SB]+{_AT}U", _launch),
        (r"[AX]USL(?:I?U)?", _launch_last),
        (rf"SUB?{_AT}U|F?US{_AT}U", _since),
    )
)
