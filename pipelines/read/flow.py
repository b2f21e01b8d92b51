"""The body of a page as lines of text and tables, in reading order.

What belongs here: which elements break a line, what is hidden or furniture, what a table for layout is.  What must
never happen here: telling what a line is (a row, a header, a sentence) or reading a table's cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from pipelines.read.bounds import Clock
from pipelines.read.page import Region, is_element, is_fence

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
        "listing",
    ]
)
SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "select",
        "option",
        "textarea",
        "button",
        "input",
        "object",
        "embed",
        "iframe",
        "svg",
        "math",
        "audio",
        "video",
        "canvas",
        "map",
        "area",
        "noframes",
        "colgroup",
        "col",
    ]
)
_FURNITURE_TAGS = frozenset(["nav", "aside", "footer", "form", "header"])
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:comments?|respond|sidebar|widget|share|sharing|sharedaddy|breadcrumbs?|menu|navigation|nav|related|"
    r"cookie|banner|footer|navbar|masthead)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PREFORMATTED = frozenset(("pre", "xmp", "listing"))
_DEEPEST = 24  # tables nested deeper than this are read as text


@dataclass(frozen=True, slots=True)
class Line:
    """One line as laid out; spaces, tabs and U+00A0 as in the source, "" = a blank line.

    number  1-based within the body
    breaks  a paragraph, not just a line, begins here
    pre     inside <pre>: laid out by the author's spaces
    """

    text: str
    number: int
    breaks: bool = False
    pre: bool = False


@dataclass(frozen=True, slots=True)
class TableItem:
    """A table of data, not read yet."""

    element: etree._Element


Item: TypeAlias = Line | TableItem


def is_hidden(element: etree._Element) -> bool:
    """Hidden by the markup itself; style sheets are not looked at."""
    style = element.get("style")
    if style is not None:
        lower = style.lower()
        if ("none" in lower or "hidden" in lower) and _HIDDEN.search(lower):
            return True
    return element.get("hidden") is not None


def superscript(text: str) -> str:
    """The characters as printed: digits that stand raised are written raised, so that they never join a number."""
    return text.translate(_SUPERSCRIPT)


class _Writer:
    """Collects lines.  State: the open line, whether a paragraph begins."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.count = 0
        self._open: list[str] = []
        self._breaks = True

    def text(self, text: str, *, pre: bool) -> None:
        if pre:
            parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            for part in parts[:-1]:
                self._open.append(part)
                self.line(pre=True)
            if parts[-1]:
                self._open.append(parts[-1])
            return
        if not self._open:
            cut = max(text.rfind("\n", 0, _leading(text)), text.rfind("\r", 0, _leading(text)))
            text = text[cut + 1 :]
            if not text.strip(" \t\r\n"):
                # white space between elements is no text, but typed indentation before an inline element is
                text = "" if "\n" in text else text
        if text:
            self._open.append(_BREAKS.sub(" ", text) if "\n" in text or "\r" in text else text)

    def line(self, *, pre: bool = False) -> None:
        """End the open line, blank or not."""
        text = "".join(self._open).rstrip(" \t")
        self._open.clear()
        self.count += 1
        text = text if text.strip() else ""
        self.items.append(Line(text, self.count, self._breaks, pre))
        self._breaks = False

    def block(self, *, pre: bool = False) -> None:
        """A block begins or ends: end the open line if it holds anything."""
        if any(part.strip() for part in self._open):
            self.line(pre=pre)
        self._open.clear()
        self._breaks = True

    def table(self, element: etree._Element) -> None:
        self.block()
        self.items.append(TableItem(element))


@dataclass(frozen=True, slots=True)
class Flow:
    """The lines and tables of a body.

    after    lines behind the body's end, within its element: some pages have their closing line there
    deepest  how deep the elements are nested
    """

    items: list[Item]
    after: list[Line]
    deepest: int


def flow(region: Region, max_depth: int, clock: Clock) -> Flow:
    """The body as lines and tables.  Runs in time and memory linear in the page, however deep it is nested.

    Tables nested deeper than `max_depth` elements are read as text.
    """
    walk = _Walk(region, max_depth, clock)
    items = walk.run()
    end = len(items) if walk.end is None else walk.end
    return Flow(items[:end], [item for item in items[end:] if isinstance(item, Line)], walk.deepest)


class _Walk:
    """One walk over a body, by a stack of its own: 100,000 nested tags must not exhaust Python's."""

    def __init__(self, region: Region, max_depth: int, clock: Clock) -> None:
        self.max_depth = max_depth
        self.clock = clock
        self.deepest = 0
        self.region = region
        self.writer = _Writer()
        self.pre = 0
        self.raised = 0
        self.tables = 0
        self.fences = sum(1 for c in region.element.iter(etree.Comment) if is_fence(c)) if region.fenced else 0
        self.seen = 0
        self.end: int | None = None
        self.active = not region.fenced

    def run(self) -> list[Item]:
        root = self.region.element
        self.enter(root)
        stack = [(root, iter(root), 0)]
        while stack:
            node, children, count = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self.leave(node, count)
                if stack:
                    self.say(node.tail)
            elif not is_element(child):
                self.aside(child)
                self.say(child.tail)
            elif self.enter(child):
                self.clock.check()
                self.deepest = max(self.deepest, len(stack))
                stack.append((child, iter(child), self.writer.count))
            else:
                self.say(child.tail)
        self.writer.block()
        return self.writer.items

    def say(self, text: str | None) -> None:
        if text and self.active:
            self.writer.text(superscript(text) if self.raised else text, pre=self.pre > 0)

    def aside(self, comment: etree._Element) -> None:
        if self.region.fenced and is_fence(comment):
            self.seen += 1
            self.writer.block()
            self.active = True
            if self.seen == self.fences:
                self.end = len(self.writer.items)

    def enter(self, node: etree._Element) -> bool:
        """Begin an element; False where nothing in it is to be read here."""
        tag = str(node.tag)
        if tag in SILENT or is_hidden(node) or (self.region.template == "mirror" and self.is_furniture(node, tag)):
            return False
        if tag == "br":
            if self.active:
                self.writer.line(pre=self.pre > 0)
            return False
        if tag == "table":
            if self.active and self.tables < _DEEPEST and self.deepest <= self.max_depth and not is_layout(node):
                self.writer.table(node)
                return False
            self.tables += 1
        if tag in BLOCKS:
            self.writer.block(pre=self.pre > 0)
            self.pre += tag in PREFORMATTED
        self.raised += tag == "sup"
        self.say(node.text)
        return True

    def leave(self, node: etree._Element, count: int) -> None:
        tag = str(node.tag)
        self.raised -= tag == "sup"
        self.tables -= tag == "table"
        if tag not in BLOCKS:
            return
        self.writer.block(pre=self.pre > 0)
        self.pre -= tag in PREFORMATTED
        if tag == "p" and self.active and self.writer.count == count:
            self.writer.line()

    def is_furniture(self, node: etree._Element, tag: str) -> bool:
        if node is self.region.element:
            return False
        if tag in _FURNITURE_TAGS:
            return True
        return any(_FURNITURE.search(node.get(name) or "") for name in ("id", "class"))


def is_layout(table: etree._Element) -> bool:
    """Whether a table only lays out text: at most one of its columns holds anything, or most of it is another table."""
    if table.get("role") in ("presentation", "none"):
        return True
    nesting = table.find(".//table") is not None
    columns: set[int] = set()
    nested = total = 0
    for part in table.iterchildren("tr", "tbody", "thead", "tfoot"):
        for tr in (part,) if part.tag == "tr" else part.iterchildren("tr"):
            for i, cell in enumerate(tr.iterchildren("td", "th")):
                weight = _weight(cell)
                if weight:
                    columns.add(i)
                if nesting:
                    total += weight
                    nested += _nested_weight(cell)
                elif len(columns) > 1:
                    return False
    return len(columns) < 2 or nested * 2 > total


def _nested_weight(cell: etree._Element) -> int:
    """Characters that stand in tables inside a cell; walks past each outermost table."""
    weight = 0
    stack = [cell]
    while stack:
        for child in stack.pop():
            if child.tag == "table":
                weight += _weight(child)
            elif is_element(child):
                stack.append(child)
    return weight


def _weight(element: etree._Element) -> int:
    return sum(len(str(t).strip()) for t in element.itertext())


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\r\n"))
