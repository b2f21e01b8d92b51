"""What of a page a person sees as current: hidden text, struck-out text and footnote marks that are no <sup>.

What belongs here: style attributes, the page's own style sheets, usual classes.  What must never happen here: moving
a cell to another column, or deciding what a number means.

Selectors are read as far as tags, classes, ids and descent go; a rule with any other selector is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipelines.read.bounds import Clock
from pipelines.read.marks import is_raised_mark

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PRINT_ONLY = re.compile(r"@(?:media[^{]*\bprint\b|font-face|page|keyframes)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
_MEDIA = re.compile(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}", re.IGNORECASE)
_NARROW = re.compile(r"@media[^{]*(?:max-|min-)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]*)\}")
_COMPOUND = re.compile(r"(?:[a-z][a-z0-9]*|\*)?(?:[.#][\w-]+)*", re.IGNORECASE)
_CLASSES = frozenset(
    (
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screenreader-text",
        "d-none",
        "hidden",
        "invisible",
        "element-invisible",
    )
)
_RESPONSIVE = re.compile(r"(?:^|[-:])(?:xs|sm|md|lg|xl|focusable)(?:$|[-:])")
_ZERO = re.compile(r"[-+]?0*(?:\.0+)?(?:px|pt|em|rem|%)?")
_OFF_SCREEN = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt)")
_CLIPPED = re.compile(r"rect\(\s*([01])(?:px)?[\s,]+([01])(?:px)?[\s,]+([01])(?:px)?[\s,]+([01])(?:px)?\s*\)|inset\(")
_STRUCK = frozenset(("del", "s", "strike"))
_REFERENCE = re.compile(r"(?:^|[\s_-])(?:fn|fnref|footnote|noteref|sup|superscript)", re.IGNORECASE)
_SMALL_SIZE = re.compile(r"smaller|x-small|xx-small|(?:0?\.[1-8]\d*(?:em|rem))|(?:[1-8]\d%)|[4-8](?:px|pt)")
_DIGIT = re.compile(r"\d")
_DIGITS_ONLY = re.compile(r"\d[\d,.]*")
_FIGURE_END = re.compile(r"\d[%％]?$")
_LIFT = re.compile(r"0*(?:[1-9]\d*(?:\.\d+)?|\.\d+|0\.\d+)(?:px|pt|em|rem|ex|%)")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(px|pt)")
_BLOCKS = frozenset(("td", "th", "tr", "table", "tbody", "thead", "p", "div", "li", "ul", "ol", "body", "html"))
_COLOURS = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000"}
_Declared = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Compound:
    """The part of a selector that speaks of one element; what is "" or empty is not asked for."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    @property
    def key(self) -> str:
        """What an element must have, in a form that `_keys_of` gives: the rarest that the selector names."""
        named = [*(f"#{name}" for name in self.ids), *(f".{name}" for name in self.classes), self.tag]
        return named[0]


@dataclass(frozen=True, slots=True)
class _StyleRule:
    """A rule of a style sheet for one selector; `parts` from the outermost ancestor to the element."""

    parts: tuple[_Compound, ...]
    weight: tuple[int, int, int]
    declared: _Declared


class _StyleSheets:
    """The rules of a page in the order in which they apply, found by what their last part asks for.

    Asking every rule of every element takes minutes for a page of many rules and many cells.
    """

    def __init__(self, rules: list[_StyleRule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.weight)
        self._by_key: dict[str, list[int]] = {}
        for i, rule in enumerate(self._rules):
            self._by_key.setdefault(rule.parts[-1].key, []).append(i)

    def style_of(self, node: etree._Element) -> _Declared:
        """What the sheets and its own attribute declare of an element, names and values in lower case."""
        style: _Declared = {}
        for i in sorted(i for key in _keys_of(node) for i in self._by_key.get(key, ())):
            if _matches(node, self._rules[i].parts):
                style.update(self._rules[i].declared)
        important = {k: v for k, v in style.items() if "!important" in v}
        style.update(_declarations(node.get("style") or ""))
        style.update(important)
        return {name: value.replace("!important", "").strip() for name, value in style.items()}


def _keys_of(node: etree._Element) -> set[str]:
    classes = (node.get("class") or "").split()
    return {"", str(node.tag), f"#{node.get('id')}", *(f".{name}" for name in classes)}


@dataclass(slots=True)
class Visibility:
    """Texts with digits that are hidden, struck out, or of a doubtful mark, in reading order."""

    hidden: list[str]
    struck: list[str]
    doubtful: list[str]


def mark_visibility(root: etree._Element, body: etree._Element, clock: Clock) -> Visibility:
    """Mark in the tree what is not read: `hidden` on what is hidden or struck out, `sup` for a clear footnote mark.

    A cell that keeps its place on the page (struck out, transparent) stays, without its text.  Node paths of cells
    stay as they are in the source.
    """
    sheets = _style_sheets(root)
    seen = Visibility([], [], [])
    skip: set[etree._Element] = set()
    for node in list(body.iter(etree.Element)):
        clock.check()
        parent = node.getparent()
        if node is body or (parent is not None and parent in skip):
            if node is not body:
                skip.add(node)
            continue
        style = sheets.style_of(node)
        why = _reason(node, style)
        if why == "invisible" and _shows_itself_again(node, style, sheets, clock):
            why = ""
        if why:
            skip.add(node)
            text = " ".join(str(t) for t in node.itertext()).strip()
            if _DIGIT.search(text) and node.tag not in ("script", "style"):
                (seen.struck if why == "struck" else seen.hidden).append(" ".join(text.split())[:80])
            _hide(node, stays=why != "none")
        else:
            _mark_reference(node, sheets, seen)
    return seen


def _shows_itself_again(node: etree._Element, style: _Declared, sheets: _StyleSheets, clock: Clock) -> bool:
    """Whether an element inside an invisible one declares of itself what made the outer one invisible."""
    names = {"visibility", "font-size", "color"}.intersection(style)
    if not names:
        return False
    for inner in node.iterdescendants(etree.Element):
        clock.check()
        if names.intersection(sheets.style_of(inner)):
            return True
    return False


def _style_sheets(root: etree._Element) -> _StyleSheets:
    rules: list[_StyleRule] = []
    for sheet in root.iter("style"):
        if (sheet.get("media") or "all").strip().lower() not in ("all", "screen"):
            continue
        css = _COMMENT.sub(" ", sheet.text or "")
        css = _MEDIA.sub(r"\1", _NARROW.sub(" ", _PRINT_ONLY.sub(" ", css)))
        for head, body in _RULE.findall(css)[:2000]:
            declared = _declarations(body)
            for selector in head.split(","):
                parts = tuple(selector.replace(">", " ").split())
                if declared and parts and all(_COMPOUND.fullmatch(p) for p in parts):
                    compounds = tuple(map(_parse_compound, parts))
                    rules.append(_StyleRule(compounds, _weight_of(selector), declared))
    return _StyleSheets(rules)


def _weight_of(selector: str) -> tuple[int, int, int]:
    tags = len(re.findall(r"(?:^|[\s>])[a-z]", selector, re.IGNORECASE))
    return selector.count("#"), selector.count("."), tags


def _declarations(body: str) -> _Declared:
    out: _Declared = {}
    for part in body.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            out[name.strip().lower()] = value.strip().lower()
    return out


def _matches(node: etree._Element, parts: tuple[_Compound, ...]) -> bool:
    if not _is_compound(node, parts[-1]):
        return False
    rest = list(parts[:-1])
    above = node.getparent()
    while rest and above is not None:
        if _is_compound(above, rest[-1]):
            rest.pop()
        above = above.getparent()
    return not rest


def _is_compound(node: etree._Element, compound: _Compound) -> bool:
    if compound.tag and compound.tag != node.tag:
        return False
    if compound.ids and compound.ids != {node.get("id")}:
        return False
    return compound.classes <= set((node.get("class") or "").split())


def _parse_compound(text: str) -> _Compound:
    tag = re.match(r"[a-z0-9]*", text, re.IGNORECASE)
    marks = re.findall(r"([.#])([\w-]+)", text)
    names = {kind: frozenset(name for k, name in marks if k == kind) for kind in ".#"}
    return _Compound(tag.group().lower() if tag else "", names["#"], names["."])


def _reason(node: etree._Element, style: _Declared) -> str:
    """ "none" (takes no place), "invisible" (keeps its place), "struck", or ""."""
    if style.get("display") == "none" or node.get("hidden") is not None:
        return "none"
    if node.tag in _STRUCK and style.get("text-decoration") != "none":
        return "struck"
    if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
        return "struck"
    if style.get("visibility") in ("hidden", "collapse"):
        return "invisible"
    if any(_ZERO.fullmatch(style.get(name, "1")) for name in ("opacity", "font-size")):
        return "invisible"
    if _CLIPPED.search(style.get("clip", "") + style.get("clip-path", "")):
        return "invisible"
    away = [style.get(name, "") for name in ("left", "top", "text-indent")]
    if any(_OFF_SCREEN.fullmatch(value) for value in away):
        return "invisible"
    if style.get("color") == "transparent" or re.match(r"0(?:px|pt|em|%)?[\s/]", style.get("font", "")):
        return "invisible"
    if style.get("overflow") == "hidden" and any(_ZERO.fullmatch(style.get(n, "1")) for n in ("width", "height")):
        return "invisible"
    if _has_colour_of_ground(node, style):
        return "invisible"
    classes = (node.get("class") or "").lower().split()
    if "display" not in style and _CLASSES.intersection(classes) and not any(_RESPONSIVE.search(c) for c in classes):
        return "invisible" if _CLASSES.intersection(classes) == {"invisible"} else "none"
    return ""


def _has_colour_of_ground(node: etree._Element, style: _Declared) -> bool:
    """Text in the very colour of what lies beneath, where the page's markup says both; the page itself is white."""
    colour = style.get("color") or (node.get("color") or "").lower()
    if not colour:
        return False
    above: etree._Element | None = node
    while above is not None:
        own = style if above is node else _declarations(above.get("style") or "")
        ground = own.get("background-color") or own.get("background") or (above.get("bgcolor") or "").lower()
        if ground and ground != "transparent":
            return _COLOURS.get(ground, ground) == _COLOURS.get(colour, colour)
        if above is not node and above.get("class") and colour in ("white", "#fff", "#ffffff"):
            return False  # a class of a sheet that is not here may darken the ground
        above = above.getparent()
    return _COLOURS.get(colour, colour) == "#ffffff"


def _hide(node: etree._Element, *, stays: bool) -> None:
    cells = [node] if node.tag in ("td", "th") else list(node.iter("td", "th"))
    if not stays or not cells:
        node.set("hidden", "")
        return
    _drop_style(node)
    for cell in cells:
        _drop_style(cell)
        for inner in cell:
            inner.tail = None
            inner.set("hidden", "")
        cell.text = None


def _drop_style(node: etree._Element) -> None:
    if node.get("style") is not None:
        del node.attrib["style"]


def _mark_reference(node: etree._Element, sheets: _StyleSheets, seen: Visibility) -> None:
    """Small or raised digits right behind a figure: a clear footnote mark becomes a <sup>, others get U+FFFD."""
    text = node.text or ""
    if node.tag in _BLOCKS or node.tag == "sup" or not text.strip():
        return
    before, holder, chain = _text_before(node)
    is_mark = is_raised_mark(text, before)
    if not _FIGURE_END.search(before) or not (is_mark or _DIGITS_ONLY.fullmatch(text.strip())):
        return
    styles = [sheets.style_of(inner) for inner in chain]
    clear = any(_is_raised(style) for style in styles) or any(
        (inner.tag == "a" and "#" in (inner.get("href") or "")) or _REFERENCE.search(inner.get("class") or "")
        for inner in chain
    )
    if clear and is_mark and not len(node):
        node.tag = "sup"
        return
    small = any(
        inner.tag in ("small", "sup") or inner.get("size") in ("1", "-1", "-2") or _is_smaller(style, holder, sheets)
        for inner, style in zip(chain, styles, strict=True)
    )
    if clear or small:
        node.text = "\ufffd" + text
        seen.doubtful.append(f"{before[-20:]}{text}")


def _is_raised(style: _Declared) -> bool:
    align = style.get("vertical-align", "")
    if align in ("super", "top", "text-top") or _LIFT.fullmatch(align):
        return True
    if style.get("position") != "relative":
        return False
    return bool(_LIFT.fullmatch(style.get("top", "").removeprefix("-")) and style["top"].startswith("-")) or bool(
        _LIFT.fullmatch(style.get("bottom", ""))
    )


def _is_smaller(style: _Declared, holder: etree._Element, sheets: _StyleSheets) -> bool:
    """Smaller than the text before it; 16 px where the page gives that text no size."""
    size = style.get("font-size", "")
    if _SMALL_SIZE.search(size):
        return True
    pixels = _pixels(size)
    above: etree._Element | None = holder
    while pixels and above is not None:
        around = _pixels(sheets.style_of(above).get("font-size", ""))
        if around:
            return pixels < around
        above = above.getparent()
    return 0 < pixels < 16


def _pixels(size: str) -> float:
    hit = _LENGTH.fullmatch(size)
    return float(hit[1]) * (4 / 3 if hit[2] == "pt" else 1) if hit else 0.0


def _text_before(node: etree._Element) -> tuple[str, etree._Element, list[etree._Element]]:
    """The text right before `node` in its block, the element that holds it, and `node` with what wraps it alone."""
    chain = [node]
    while True:
        inner = chain[-1]
        parent, earlier = inner.getparent(), inner.getprevious()
        if parent is None:
            return "", inner, chain
        if earlier is not None:
            if earlier.tail:
                return earlier.tail, parent, chain
            if not isinstance(earlier.tag, str) or earlier.tag == "br" or earlier.tag in _BLOCKS:
                return "", parent, chain
            return "".join(str(t) for t in earlier.itertext()), earlier, chain
        if parent.text:
            return parent.text, parent, chain
        if parent.tag in _BLOCKS:
            return "", parent, chain
        chain.append(parent)
