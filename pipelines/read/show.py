"""What stands at a place of an HTML page or a text, for people.

What belongs here: finding a place again in the bytes it came from, and marking it.  What must never happen here:
reading anything in another way than the readers do: lines are counted by the same walk. The picture of a PDF cell
is made by the PDF reader.
"""

from __future__ import annotations

from lxml import etree

from pipelines.model import Place
from pipelines.read import page
from pipelines.read.bounds import Clock
from pipelines.read.charset import decode
from pipelines.read.flow import Line, flow
from pipelines.read.sniffing import HTML, sniff
from pipelines.settings import ReadLimits

_AROUND = 2  # lines shown above and below
_OPEN, _CLOSE = "«", "»"


def place_excerpt(data: bytes, place: Place, text: str = "") -> str:
    """The lines around a place, with the place itself between « and ».

    A cell of a marked-up table is shown in its row, cells parted by " | ", below the head of its table and between its
    neighbours; a line of a text table or of a text with two lines above and below.  Where the place is a whole line
    and `text` stands in it once, that alone is marked.  Raises LookupError where the bytes have no such place (they are
    another document's).
    """
    limits = ReadLimits()
    decoded = decode(data)
    if place.path is None:
        if place.line is None:
            raise LookupError(f"A {place} is not a place in a text.")
        lines = decoded.text.splitlines()
        return _around(dict(enumerate(lines, 1)), place, text)
    if sniff(data) != HTML:
        raise LookupError("The bytes are no HTML page.")
    root = page.parse(decoded.text, Clock(limits.max_seconds))
    if root is None:
        raise LookupError("The page holds no element.")
    if place.line is not None:
        region = page.find_region(root)
        if region.path != place.path:
            raise LookupError(f"The body of the page is at {region.path}, not at {place.path}.")
        read = flow(region, limits.max_depth, Clock(limits.max_seconds))
        return _around(
            {item.number: item.text for item in (*read.items, *read.after) if isinstance(item, Line)}, place, text
        )
    try:
        found = page.select(root, place.path)
    except etree.XPathError as error:
        raise LookupError(f"{place.path} is no path.") from error
    if not found:
        raise LookupError(f"The page has no node {place.path}.")
    return _in_row(found[0])


def _around(lines: dict[int, str], place: Place, figure: str) -> str:
    at = place.line or 0
    if at not in lines:
        raise LookupError(f"There is no line {at}.")
    text = lines[at]
    whole = (text.index(figure), text.index(figure) + len(figure)) if text.count(figure) == 1 else (0, len(text))
    start, end = place.chars if place.chars is not None else whole
    if end > len(text):
        raise LookupError(f"Line {at} has only {len(text)} characters.")
    shown = [lines[i] for i in range(at - _AROUND, at) if i in lines]
    shown.append(f"{text[:start]}{_OPEN}{text[start:end]}{_CLOSE}{text[end:]}")
    shown += [lines[i] for i in range(at + 1, at + _AROUND + 1) if i in lines]
    return "\n".join(shown)


def _in_row(element: etree._Element) -> str:
    row = element.getparent()
    if element.tag not in ("td", "th") or row is None:
        return f"{_OPEN}{_words(element)}{_CLOSE}"
    table = next(row.iterancestors("table"), row)
    rows = list(table.iter("tr")) or [row]
    at = rows.index(row)
    shown = sorted({0, at - 1, at, at + 1} & set(range(len(rows))))
    return "\n".join(_row(rows[i], element) for i in shown)


def _row(row: etree._Element, marked: etree._Element) -> str:
    said = []
    for cell in row:
        if cell.tag in ("td", "th"):
            words = _words(cell)
            said.append(f"{_OPEN}{words}{_CLOSE}" if cell is marked else words)
    return " | ".join(said)


def _words(element: etree._Element) -> str:
    return " ".join(page.text_of(element).split())
