"""What a page links to: releases on an index, language versions and annexes on a release.

What belongs here: links and titles, and the marks by which a page of the site is known from an error page.  It must
never look inside a table, nor decide what a release means.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from pipelines.capture.addresses import Site

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-z0-9_-]+)", re.IGNORECASE)
_RELEASE_MARKS = re.compile(rb"id\s*=\s*[\"']?pressrelease\b|<!-+\s*contents\s*-+>|\bNNNN\b", re.IGNORECASE)
_CONTENTS = re.compile(r"^-*\s*contents\s*-*$", re.IGNORECASE)
_END_LINE = re.compile(r"^\W*(?:ends?\s*/|(?:full\s+stop\s*)?完\W*$)", re.IGNORECASE | re.MULTILINE)
_CLOSED = re.compile(rb"</html\s*>", re.IGNORECASE)
_ERROR_HEAD = re.compile(
    r"^\W*(?:(?:http\s*)?(?:error\W*)?[45]\d\d\b(?!\s+[a-z]*\s*(?:new|people|persons|cases|applications))|error\b|"
    r"(?:the\s+)?(?:page|file|document|object|resource)\s+(?:is\s+|was\s+|can\s?not\s+be\s+)?(?:not\s+)?found|"
    r"not\s+found|(?:the\s+)?(?:service|server|site|page)\s+(?:is\s+)?(?:temporarily\s+|currently\s+)?"
    r"(?:unavailable|busy|not\s+available|under\s+maintenance)|bad\s+(?:gateway|request)|gateway\s+time|forbidden\b|"
    r"access\s+denied|internal\s+server\s+error|too\s+many\s+requests|sorry\b|系統繁忙|找不到|服務暫停)",
    re.IGNORECASE,
)
_PDF_END_BYTES = 2_048
_LANGUAGE_ID = re.compile(r"^(?:lang\d?link|hdr\w*lnk)$", re.IGNORECASE)
_LANGUAGE_WORD = re.compile(r"\b(?:english|chinese)\b|繁|中文|英文|\blang_(?:en|tc)\b", re.IGNORECASE)
_SIMPLIFIED = re.compile(r"simplified|简|簡體|\blang_sc\b|^hdrsclnk$", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000)))
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 2_000
_LONGEST_TAG = 100_000
"""Bytes between two ends of tags; the site's pages have no more than some thousand."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A release as an index lists it."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Links:
    """What belongs to a release: its other language versions, and its annexes (PDF)."""

    title: str = ""
    twins: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """Words of which a title must hold one; an empty list wishes for nothing.

    Words of Latin letters match whole ("IANG" is no part of "Liang"), in either case; full-width forms, invisible
    characters and runs of white space make no difference.
    """

    words: tuple[str, ...]

    def want(self, title: str) -> bool:
        return self._pattern.search(plain(title)) is not None

    @property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.words)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    parts = []
    for word in sorted({plain(w) for w in words} - {""}):
        before = r"(?<![a-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
        after = r"(?![a-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
        parts.append(before + re.escape(word) + after)
    return re.compile("|".join(parts) or r"(?!)")  # `re` remembers compiled patterns


def plain(title: str) -> str:
    """A title for comparing: no invisible characters, compatibility forms and case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", title.translate(_INVISIBLE)).casefold().split())


def is_release(data: bytes) -> bool:
    """Whether a page has one of the marks of a release in its own place, and does not call itself an error.

    The mark must be the element, the comment or the line that the templates have: an error page may quote any of them.
    """
    if _RELEASE_MARKS.search(data) is None:
        return False
    root = _root(data)
    if root is None or any(_ERROR_HEAD.match(_words(head)) for head in root.iter("title", "h1")):
        return False
    for node in root.iter():
        if isinstance(node, etree._Comment):
            if _CONTENTS.match((node.text or "").strip()):
                return True
        elif str(node.get("id")).lower() == "pressrelease" or _has_line(node, "NNNN"):
            return True
    return False


def _has_line(node: etree._Element, line: str) -> bool:
    """Whether a line of the text in or right after an element is this and nothing else."""
    return any(
        text is not None and line in text and any(part.strip() == line for part in text.splitlines())
        for text in (node.text, node.tail)
    )


def lacks_end(data: bytes) -> bool:
    """Whether a release page has none of its end marks: the closing tag of the page, the line "Ends/", the line 完."""
    if _CLOSED.search(data):
        return False
    root = _root(data)
    if root is None:
        return True
    lines = (str(text) for text in root.itertext())
    return not any(_END_LINE.search(text.strip()) for text in lines)


def lacks_pdf_end(data: bytes) -> bool:
    """Whether a PDF does not close as every PDF does (ISO 32000-1, 7.5.5)."""
    return b"%%EOF" not in data.rstrip(b"\x00 \r\n\t")[-_PDF_END_BYTES:]


def listed(data: bytes, address: str, site: Site) -> tuple[Listed, ...]:
    """The releases that an index links to, in its order, each once with the longest text that links to it."""
    root = _root(data)
    titles: dict[str, str] = {}
    for link in () if root is None else root.iter("a"):
        target = site.join(address, link.get("href") or "")
        if target is None or site.day_of(target) is None:
            continue
        said = _words(link)
        if len(said) >= len(titles.get(target, "")):
            titles[target] = said[:_LONGEST]
    return tuple(Listed(target, title) for target, title in titles.items())


def links(data: bytes, address: str, site: Site) -> Links:
    """The title, language versions and annexes of a release page."""
    root = _root(data)
    if root is None:
        return Links()
    twins: dict[str, None] = {}
    attachments: dict[str, None] = {}
    for link in root.iter("a"):
        target = site.join(address, link.get("href") or "")
        if target is None or target == address:
            continue
        if urlsplit(target).path.lower().endswith(".pdf"):
            attachments.setdefault(target)
        elif site.day_of(target) is not None and _names_a_language(link):
            twins.setdefault(target)
    title = root.find(".//title")
    return Links("" if title is None else _words(title)[:_LONGEST], tuple(twins), tuple(attachments))


def _names_a_language(link: etree._Element) -> bool:
    said = [_words(link), link.get("title") or ""]
    ids = [link.get("id") or ""]
    for image in link.iter("img"):
        said += [image.get("alt") or "", image.get("title") or "", image.get("src") or ""]
        ids.append(image.get("id") or "")
    if any(_SIMPLIFIED.search(text) for text in (*said, *ids)):
        return False
    return any(map(_LANGUAGE_ID.match, ids)) or any(map(_LANGUAGE_WORD.search, said))


def _words(element: etree._Element) -> str:
    said = "".join(map(str, element.itertext()))
    return " ".join((said if said.isascii() else said.translate(_INVISIBLE)).split())


def _root(data: bytes) -> etree._Element | None:
    if len(data) > _LONGEST_TAG and max(map(len, data.split(b">"))) > _LONGEST_TAG:
        return None  # libxml2 compares each attribute of a tag with all before it: minutes for a hundred thousand
    try:
        return etree.HTML(_as_utf8(data), parser=etree.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError):
        return None


def _as_utf8(data: bytes) -> bytes:
    """The page in UTF-8 without control characters; as it is where it is so already, as nearly all are."""
    if _CONTROL_BYTE.search(data) is None and not data.startswith(codecs.BOM_UTF8):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return data or b"<html></html>"
    return _decoded(data).encode()


def _decoded(data: bytes) -> str:
    """The page as text: UTF-8 where it is, else Big5 where that is declared or needed.

    English pages of 2005 to 2016 declare Big5 and are ASCII; Chinese ones of the first years declare iso-8859-1 or
    Big5 and are Big5 with the Hong Kong supplement.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        utf8 = declared is not None and declared[1].lower().replace(b"-", b"") == b"utf8"
        text = data.decode("utf-8" if utf8 else "big5hkscs", errors="replace")
    return text.translate(_CONTROLS) or "<html></html>"
