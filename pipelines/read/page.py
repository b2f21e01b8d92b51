"""A page of HTML: its tree, its template, and where its body stands.

What belongs here: parsing, recognising the three templates of release pages and degrading to the main text of any
other page.  What must never happen here: reading the body itself (`flow`), tables (`markup`) or what the release says
of itself (`release`).

Templates (all of them read from real pages): A, to July 2005, has its body between two `contents` comments inside a
layout table; B, to June 2016, in `div#pressrelease`; C, since, in `span#pressrelease` with the headline outside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from pipelines.model import Paragraph, Place
from pipelines.read.bounds import Clock

_CONTENTS = re.compile(r"^[\s-]*contents[\s-]*$", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAIN = (
    "//*[@itemprop='articleBody']",
    "//article",
    "//main",
    "//*[@role='main']",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' entry-content ')]",
    "//*[@id='mainContent' or @id='main-content' or @id='content' or @id='main']",
)
_FEED = 1 << 18


@dataclass(frozen=True, slots=True)
class Region:
    """Where the body stands in a page.

    element   the body is inside this element
    template  "A", "B", "C" or "mirror"
    fenced    only what stands between the first and the last `contents` comment is body (template A)
    path      node path of `element`
    """

    element: etree._Element
    template: str
    fenced: bool
    path: str


def parse(text: str, clock: Clock) -> etree._Element | None:
    """The tree of a page, or None where the text holds no element at all.

    libxml2 recovers from unclosed and misplaced tags; without `huge_tree` it stops at 256 open elements, which pages
    with unclosed <font> reach.
    """
    parser = etree.HTMLParser(recover=True, huge_tree=True, encoding="utf-8", no_network=True)
    data = _CONTROLS.sub("", text).encode("utf-8", "replace")
    try:
        for start in range(0, len(data), _FEED):
            parser.feed(data[start : start + _FEED])
            clock.look()
        root = parser.close()
    except etree.LxmlError:
        return None
    return root if isinstance(root, etree._Element) else None


@lru_cache(maxsize=64)
def _compiled(query: str) -> etree.XPath:
    return etree.XPath(query)


def select(root: etree._Element, query: str) -> list[etree._Element]:
    """The elements that an XPath expression finds."""
    found = _compiled(query)(root)
    return [e for e in found if isinstance(e, etree._Element)] if isinstance(found, list) else []


def is_element(node: etree._Element) -> bool:
    """An element, not a comment, an entity or a processing instruction."""
    return isinstance(node.tag, str)


def text_of(element: etree._Element) -> str:
    """All text inside an element."""
    return "".join(str(t) for t in element.itertext())


def find_region(root: etree._Element) -> Region:
    """The body of a page; of a page that no template fits, its main text."""
    tree = root.getroottree()
    bodies = select(root, "//*[@id='pressrelease']")
    if bodies:
        body = bodies[0]
        template = "C" if body.tag == "span" or select(root, "//*[@id='PRHeadlineSpan']") else "B"
        return Region(body, template, False, tree.getpath(body))
    fences = [c for c in root.iter(etree.Comment) if _CONTENTS.match(c.text or "")]
    if len(fences) >= 2:
        holder = fences[0].getparent()
        inside = {id(e) for e in (holder.iter() if holder is not None else ())}
        if holder is None or id(fences[-1]) not in inside:
            holder = root
        return Region(holder, "A", True, tree.getpath(holder))
    for query in _MAIN:
        found = [e for e in select(root, query) if _weight(e) > 200]
        if found:
            best = max(found, key=_weight)
            return Region(best, "mirror", False, tree.getpath(best))
    bodies = select(root, "//body")
    body = bodies[0] if bodies else root
    return Region(body, "mirror", False, tree.getpath(body))


def headline(root: etree._Element, region: Region) -> Paragraph | None:
    """The headline that stands outside the body (template C; role "headline"), or the title of the page (role "")."""
    tree = root.getroottree()
    if region.template == "C":
        for span in select(root, "//*[@id='PRHeadlineSpan']"):
            return Paragraph(_title(span), Place(path=tree.getpath(span)), "headline")
    titles = select(root, "//title")
    if region.template == "mirror":
        # the site's own name is a heading too: the release's stands in its text, or in the page's title
        inside = set(region.element.iter("h1", "h2"))
        named = _title(titles[0]) if titles else ""
        headings = [h for h in select(root, "//h1 | //h2[contains(@class, 'title')]") if len(_title(h)) > 3]
        for heading in (*(h for h in headings if h in inside), *(h for h in headings if _title(h) in named)):
            return Paragraph(_title(heading), Place(path=tree.getpath(heading)), "headline")
    return Paragraph(_title(titles[0]), Place(path=tree.getpath(titles[0]))) if titles else None


def page_title(root: etree._Element) -> str:
    """What the page calls itself in its <title>, or ""."""
    titles = select(root, "//title")
    return _title(titles[0]) if titles else ""


def _title(element: etree._Element) -> str:
    return " ".join(text_of(element).split()).strip("\u200b")


def is_fence(comment: etree._Element) -> bool:
    """Whether a comment marks the start or the end of the body of template A."""
    return isinstance(comment, etree._Comment) and bool(_CONTENTS.match(comment.text or ""))


def _weight(element: etree._Element) -> int:
    return sum(len(str(t).strip()) for t in element.itertext())
