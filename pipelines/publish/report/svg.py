"""Charts as static SVG: columns over time, and bars by size.

What belongs here: geometry.  What never: a figure of its own, a colour (they are CSS variables of the page), a word
that is not handed in.

Each chart is drawn twice, for a wide page and for a phone, since letters shrink with an SVG that is scaled; CSS shows
one of the two.  Coordinates are written with one decimal at most, so that equal data gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, floor, log10

WIDE, NARROW = 720, 328
_LETTER = 13
_HATCH = ("", "hatch", "dots")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a chart: `said` as written for people, `mark` the sign of a verdict that is to be seen, or "".

    `part`: the figure covers less than its column says; `rest`: all that is not listed by name.
    """

    value: Decimal | None
    said: str
    mark: str = ""
    part: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart of columns; as many points as the chart has categories."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn.  `categories` holds (short, long) names; `title` and `description` are read aloud."""

    ident: str
    title: str
    description: str
    categories: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    unit: str = ""


def columns(chart: Chart, width: int) -> str:
    """Columns side by side over the categories; gaps stay gaps."""
    wide = width >= WIDE
    height = 330 if wide else 260
    right, top, bottom = (8, 30, 30) if wide else (4, 26, 28)
    values = [p.value for line in chart.lines for p in line.points if p.value is not None]
    low, high, step = _axis(min([*values, Decimal(0)]), max([*values, Decimal(1)]), 5 if wide else 4)
    inner = height - top - bottom
    ticks = [low + tick * step for tick in range(floor((high - low) / step + 0.5) + 1)]
    left = ceil(max(_long(_number(value, step)) for value in ticks) * 1.05) + 10

    def y(value: float) -> float:
        return top + inner * (high - value) / (high - low)

    out = [*_open(chart, width, height)]
    for at in ticks:
        out.append(f'<line class="grid" x1="{left}" x2="{width - right}" y1="{_n(y(at))}" y2="{_n(y(at))}"/>')
        out.append(
            f'<text class="tick" x="{left - 6}" y="{_n(y(at) + 4)}" text-anchor="end">{_number(at, step)}</text>'
        )
    out.append(f'<text class="unit" x="0" y="12">{escape(chart.unit)}</text>')
    group = (width - left - right) / max(len(chart.categories), 1)
    bar = min(group * 0.8 / max(len(chart.lines), 1), 46)
    every = max(1, ceil(max((_long(short) for short, _ in chart.categories), default=0) * 1.4 / group))
    for index, (short, long) in enumerate(chart.categories):
        middle = left + group * (index + 0.5)
        if (len(chart.categories) - 1 - index) % every == 0:
            half = _long(short) / 2
            foot = f'x="{_n(min(max(middle, half), width - half))}" y="{height - 10}"'
            out.append(f'<text class="tick" {foot} text-anchor="middle">{escape(short)}</text>')
        for number, line in enumerate(chart.lines):
            point = line.points[index]
            if point.value is None:
                continue
            x = middle + (number - len(chart.lines) / 2) * bar
            head, base = sorted((y(float(point.value)), y(0)))
            said = escape(f"{line.name}, {long}: {point.said}")
            shape = f'x="{_n(x)}" y="{_n(head)}" width="{_n(bar - 1)}" height="{_n(max(base - head, 0.5))}"'
            kind = f"bar{number + 1}" + (" part" if point.part else "")
            out.append(f'<rect class="{kind}" {shape}><title>{said}</title></rect>')
            if _HATCH[number]:
                out.append(f'<rect class="over" fill="url(#{chart.ident}-{width}-{_HATCH[number]})" {shape}/>')
            if point.mark:
                over = f'x="{_n(x + bar / 2)}" y="{_n(head - 4)}"'
                out.append(f'<text class="mark" {over} text-anchor="middle">{point.mark}</text>')
    out.append(f'<line class="axis" x1="{left}" x2="{width - right}" y1="{_n(y(0))}" y2="{_n(y(0))}"/>')
    out += _peaks(chart, left, group, bar, y, width)
    out.append("</svg>")
    return "".join(out)


def bars(chart: Chart, width: int) -> str:
    """Horizontal bars in the order of the categories, of the first line; the figure stands at the end of each."""
    wide = width >= WIDE
    points = chart.lines[0].points
    column = 250 if wide else 0
    room = 12 + 1.15 * max([_long(p.said + p.mark) for p in points] + [0.0])
    most = max([float(p.value) for p in points if p.value is not None] + [1.0])
    rows: list[tuple[list[str], float]] = []
    height = 4.0
    for _, long in chart.categories:
        said = _wrapped(long, column - 14 if wide else width)
        tall = max(30.0, 16.0 * len(said) + 8) if wide else 16.0 * len(said) + 26
        rows.append((said, tall))
        height += tall
    out = [*_open(chart, width, ceil(height))]
    top = 2.0
    for (said, tall), point in zip(rows, points, strict=True):
        if wide:
            first = top + tall / 2 - 8 * (len(said) - 1) + 4.5
            out += [
                f'<text class="name" x="{column - 10}" y="{_n(first + 16 * i)}" text-anchor="end">{escape(line)}</text>'
                for i, line in enumerate(said)
            ]
            at, thick = top + tall / 2 - 9, 18.0
        else:
            out += [
                f'<text class="name" x="0" y="{_n(top + 13 + 16 * i)}">{escape(s)}</text>' for i, s in enumerate(said)
            ]
            at, thick = top + 16 * len(said) + 2, 14.0
        length = 0.0 if point.value is None else max(float(point.value), 0) / most * (width - column - room)
        length = max(length, 1.0) if point.value else 0.0
        shape = f'x="{column}" y="{_n(at)}" width="{_n(length)}" height="{_n(thick)}"'
        out.append(f'<rect class="{"rest" if point.rest else "bar1"}" {shape}/>')
        end = column + length + 6
        out.append(
            f'<text class="figure" x="{_n(end)}" y="{_n(at + thick / 2 + 4.5)}">{escape(point.said)}'
            + (f' <tspan class="mark">{point.mark}</tspan>' if point.mark else "")
            + "</text>"
        )
        top += tall
    out.append("</svg>")
    return "".join(out)


def _open(chart: Chart, width: int, height: int) -> Sequence[str]:
    """The head of a chart: its names for those who listen, and its hatchings."""
    ident = f"{chart.ident}-{width}"
    kind = "wide" if width >= WIDE else "narrow"
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(chart.title)}</title>'
        f'<desc id="{ident}-d">{escape(chart.description)}</desc>',
        f'<defs><pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="stripe" x1="0" x2="0" y1="0" y2="5"/></pattern>'
        f'<pattern id="{ident}-dots" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<circle class="dot" cx="2.5" cy="2.5" r="1.1"/></pattern></defs>',
    )


def _peaks(
    chart: Chart, left: float, group: float, bar: float, y: Callable[[float], float], width: int
) -> Sequence[str]:
    """The highest and the last figure of each line above their columns, where nothing stands in the way."""

    def middle(number: int, index: int) -> float:
        return left + group * (index + 0.5) + (number - len(chart.lines) / 2 + 0.5) * bar

    taken: list[tuple[float, float, float, float]] = []
    for number, line in enumerate(chart.lines):
        for index, point in enumerate(line.points):
            if point.value is not None:
                head, base = sorted((y(float(point.value)), y(0)))
                x = middle(number, index)
                taken.append((x - bar / 2, head - (16 if point.mark else 0), x + bar / 2, base))
    out = []
    for number, line in enumerate(chart.lines):
        known = [(p.value, i) for i, p in enumerate(line.points) if p.value is not None]
        for index in dict.fromkeys((known[-1][1], max(known, key=lambda k: (k[0], k[1]))[1])) if known else ():
            point = line.points[index]
            half = _long(point.said) * 0.55
            x = min(max(middle(number, index), half), width - half)
            at = y(float(point.value or 0)) - (18 if point.mark else 5)
            box = (x - half, at - 11, x + half, at)
            if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                continue
            taken.append(box)
            out.append(
                f'<text class="figure" x="{_n(x)}" y="{_n(at)}" text-anchor="middle">{escape(point.said)}</text>'
            )
    return out


def _axis(low: Decimal, high: Decimal, parts: int) -> tuple[float, float, float]:
    """(lowest, highest, step) of an axis that holds both, with steps of 1, 2, 2.5 or 5 times a power of ten."""
    rough = max(float(high - low), 1e-9) / parts
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    return floor(float(low) / step) * step, ceil(float(high) / step - 1e-9) * step, step


def _number(value: float, step: float) -> str:
    return f"{value:,.0f}" if step >= 1 and float(step).is_integer() else f"{value:,.1f}"


def _long(text: str) -> float:
    """The length of a text at the size of the charts, about, in units of the drawing."""
    return sum(_LETTER if ord(c) > 0x2E7F else _LETTER * 0.58 for c in text)


def _wrapped(text: str, room: float) -> list[str]:
    """The text in as many lines as it takes; broken at blanks, or anywhere in scripts that have none."""
    out = [""]
    for word in text.split(" "):
        pieces = [word] if _long(word) <= room else list(word)
        for number, piece in enumerate(pieces):
            blank = " " if number == 0 and out[-1] else ""
            if out[-1] and _long(out[-1] + blank + piece) > room:
                out.append(piece)
            else:
                out[-1] += blank + piece
    return out


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
