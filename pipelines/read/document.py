"""The assembly: bytes → `ReadResult`, by what the bytes are.

What belongs here: choosing the reader, bounds, findings about the document as a whole.  What must never happen here:
markup, glyphs or the layout of a table, each of which has its own module.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from pipelines.model import (
    Block,
    Document,
    Finding,
    Grid,
    Medium,
    Paragraph,
    ReadResult,
    ReleaseFacts,
    Severity,
)
from pipelines.read import page, separated
from pipelines.read.blocks import Assembly
from pipelines.read.bounds import Clock, OverLimitError
from pipelines.read.charset import Decoded, decode
from pipelines.read.flow import Item, Line, flow
from pipelines.read.lines import folded
from pipelines.read.release import Links, find_links, number_of, release_facts
from pipelines.read.sniffing import CSV, HTML, OTHER, PDF, TEXT, sniff
from pipelines.read.textblocks import CLOSING
from pipelines.read.visibility import Visibility, mark_visibility
from pipelines.settings import ReadLimits

_DEFAULT = ReadLimits()
_TAGS_PER_CELL = 8
_TEXT_COSTS = 4  # a tree of markup takes some thirty times the bytes of its page
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—]{1,60}$")
_OFFICIAL = ("A", "B", "C")
_COUNTER = re.compile(r"visit(?:or|s)|page views?|views\b|hits\b|瀏覽|浏览|人次|last (?:updated|review)", re.IGNORECASE)
_SUFFIXES = {
    "pdf": PDF,
    "htm": HTML,
    "html": HTML,
    "csv": CSV,
    "txt": TEXT,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """What one of the readers gives."""

    medium: Medium
    blocks: tuple[Block, ...]
    encoding: str = ""
    template: str = ""
    title: str = ""
    links: Links = field(default_factory=Links)
    findings: tuple[Finding, ...] = ()


def read_document(
    data: bytes, *, name: str = "", source_url: str | None = None, limits: ReadLimits = _DEFAULT
) -> ReadResult:
    """Read a document of any kind.  Bad input gives findings, and `ReadResult(None, ...)` where nothing could be read.

    name        how the document is called in findings; never tells what it is
    source_url  the address it was served from, if known: evidence of the release date
    Never raises on bad input; time and memory stay within `limits`.
    """
    content_hash = hashlib.sha256(data).hexdigest()
    document_id = content_hash[:16]
    called = name or f"document {document_id}"
    try:
        if len(data) > limits.max_bytes:
            raise OverLimitError("max_bytes", f"It has {len(data)} bytes, more than {limits.max_bytes}.")
        kind = sniff(data)
        if kind == OTHER:
            what = "is empty" if not data.strip() else "is neither HTML, PDF, CSV nor text"
            return _nothing(
                document_id,
                "not-a-document",
                f"{called} {what}; nothing was read.",
                "Fetch or export it again; if the source itself is like this, leave it out.",
            )
        read = _by_kind(kind, data, document_id, source_url, limits)
    except OverLimitError as over:
        return _nothing(
            document_id,
            "over-limit",
            f"{called} goes over the limit {over.limit}: {over.message} It was not read.",
            f"Raise {over.limit} in the settings if the document is wanted.",
        )
    except RecursionError:
        return _nothing(
            document_id,
            "over-limit",
            f"{called} goes over the limit max_depth; it was not read.",
            "Raise max_depth in the settings if the document is wanted.",
        )
    except Exception as error:  # the last resort: a document must never stop the others
        said = f"{type(error).__name__}: {error}"[:300]
        return _nothing(document_id, "reader-failed", f"{called} could not be read ({said}).", "Report the document.")
    return _assembled(read, content_hash, called, kind, source_url)


def _by_kind(kind: str, data: bytes, document_id: str, source_url: str | None, limits: ReadLimits) -> _Read:
    if kind == PDF:
        from pipelines.read.pdf import read_pdf

        blocks, findings = read_pdf(data, limits, document_id)
        return _Read(Medium.PDF, tuple(blocks), findings=tuple(findings))
    if len(data) * _TEXT_COSTS > limits.max_bytes:
        raise OverLimitError(
            "max_bytes",
            f"It has {len(data)} bytes of text, more than a quarter of {limits.max_bytes} (text takes more memory).",
        )
    decoded = decode(data)
    clock = Clock(limits.max_seconds)
    if kind == HTML:
        read = _html(decoded, document_id, source_url, limits, clock)
    elif kind == CSV:
        read = _csv(decoded, document_id, limits, clock)
    else:
        read = _text(decoded, document_id, limits, clock)
    return replace(read, encoding=decoded.encoding, findings=(*_about_encoding(decoded, document_id), *read.findings))


def _html(decoded: Decoded, document_id: str, source_url: str | None, limits: ReadLimits, clock: Clock) -> _Read:
    tags = decoded.text.count("<")
    if tags > _TAGS_PER_CELL * limits.max_cells:
        raise OverLimitError(
            "max_cells", f"It has {tags} tags, more than {_TAGS_PER_CELL} for each of {limits.max_cells} cells."
        )
    root = page.parse(decoded.text, clock)
    if root is None:
        return _text(decoded, document_id, limits, clock)
    region = page.find_region(root)
    assembly = Assembly(document_id, region.path, False, limits, clock)
    _warn_of_unseen(assembly, mark_visibility(root, region.element, clock), region.path)
    headline = page.headline(root, region)
    if headline is not None and region.template == "C" and headline.role:
        assembly.title = headline.text
        assembly.blocks.append(headline)
    items = flow(region, limits.max_depth, clock)
    closing = [line for line in items.after if CLOSING.match(line.text)]
    if items.deepest > limits.max_depth:
        assembly.warn(
            "over-limit",
            f"Its elements are nested more than max_depth = {limits.max_depth} deep; what is deeper may be missing.",
            severity=Severity.ERROR,
        )
    assembly.add([*items.items, *closing])
    title = assembly.title or (headline.text if headline is not None else "")
    if region.template == "mirror":
        title = _mirror_title(title, page.page_title(root), assembly.blocks)
    if title and region.template == "mirror":
        assembly.blocks = [
            replace(b, role="headline") if isinstance(b, Paragraph) and b.text == title and not b.role else b
            for b in assembly.blocks
        ]
    links = find_links(root, source_url, official=region.template in _OFFICIAL)
    return _Read(Medium.HTML, tuple(assembly.blocks), "", region.template, title, links, tuple(assembly.findings))


def _warn_of_unseen(assembly: Assembly, unseen: Visibility, path: str) -> None:
    for code, texts, what in (
        ("text-hidden", unseen.hidden, "hidden on the page; it was not read"),
        ("text-struck-out", unseen.struck, "struck out; it was not read as current"),
        ("mark-doubtful", unseen.doubtful, "a figure with a small digit that may be a footnote mark; it was not read"),
    ):
        if texts:
            assembly.warn(code, f"Text with digits is {what} ({len(texts)} times, first: {texts[0]}).", path)


def _mirror_title(heading: str, page_title: str, blocks: list[Block]) -> str:
    """The title of a release on a mirror: a heading may be the site's name, so one with a number goes before it."""
    first = [b.text for b in blocks[:3] if isinstance(b, Paragraph) and len(b.text) <= 200]
    for said in (heading, *first, _SITE_NAME.sub("", page_title)):
        if number_of(said):
            return said
    return heading or page_title


def _text(decoded: Decoded, document_id: str, limits: ReadLimits, clock: Clock) -> _Read:
    lines: list[Item] = [
        Line(line.rstrip() if line.strip() else "", i) for i, line in enumerate(decoded.text.splitlines(), 1)
    ]
    assembly = Assembly(document_id, None, True, limits, clock)
    filled = [line for line in lines if isinstance(line, Line) and line.text][:2]
    title = ""
    if filled and len(filled[0].text) <= 200 and (len(filled) < 2 or filled[1].number > filled[0].number + 1):
        title = folded(filled[0].text)
    assembly.add(lines)
    blocks = assembly.blocks
    if title and blocks and isinstance(blocks[0], Paragraph) and blocks[0].text == title:
        blocks[0] = replace(blocks[0], role="headline")
    return _Read(Medium.TEXT, tuple(blocks), "", "plain", title or assembly.title, findings=tuple(assembly.findings))


def _csv(decoded: Decoded, document_id: str, limits: ReadLimits, clock: Clock) -> _Read:
    grid = separated.read_csv(decoded.text, limits, clock)
    if grid is None:
        return _text(decoded, document_id, limits, clock)
    return _Read(Medium.CSV, (grid,), "", "plain")


# -------------------------------------------------------------------------------------------- the whole


def _assembled(read: _Read, content_hash: str, called: str, kind: str, source_url: str | None) -> ReadResult:
    document_id = content_hash[:16]
    findings = list(read.findings)
    ordinal = 0
    blocks: list[Block] = []
    for block in read.blocks:
        if isinstance(block, Grid):
            blocks.append(block if block.ordinal == ordinal else replace(block, ordinal=ordinal))
            ordinal += 1
        else:
            blocks.append(block)
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    title = read.title or next((p.text for p in paragraphs if p.role == "headline"), "")
    if not title and read.medium is Medium.PDF and paragraphs:
        title = paragraphs[0].text.split("\n")[0][:200]
    if not title and read.medium is Medium.CSV:
        title = _file_title(source_url or (called if "." in called else ""))
    official = read.template in _OFFICIAL
    facts, odd = release_facts(title, paragraphs, source_url, read.links, official=official)
    findings += [Finding("read", code, Severity.WARNING, f"{called}: {said}", "", document_id) for code, said in odd]
    suffix = called.rsplit(".", 1)[-1].lower() if "." in called else ""
    if _SUFFIXES.get(suffix, kind) != kind and {kind, _SUFFIXES[suffix]} != {CSV, TEXT}:
        findings.append(
            Finding(
                "read", "name-belies-bytes", Severity.WARNING,
                f"{called} is {kind} by its bytes, not what its name says.",
                "Look at it: a server may have sent an error page.", document_id,
            )
        )  # fmt: skip
    if not blocks and any(f.severity is Severity.ERROR for f in findings):
        return ReadResult(None, tuple(findings))  # its own fault is told already: it is no document without a text
    if not blocks:
        findings.append(
            Finding("read", "nothing-in-it", Severity.WARNING, f"{called} holds no text at all.", "", document_id)
        )
    document = Document(
        document_id,
        content_hash,
        body_hash(facts, tuple(blocks)),
        read.medium,
        read.encoding,
        read.template,
        facts,
        tuple(blocks),
    )
    return ReadResult(document, tuple(findings))


def _file_title(address: str) -> str:
    """A file of separated values has no other title than its own name: "Statistics_..._GEP_region_EN"."""
    return re.sub(r"\.(?:csv|txt)$", "", unquote(urlsplit(address).path).rsplit("/", 1)[-1], flags=re.IGNORECASE)[:200]


def body_hash(facts: ReleaseFacts, blocks: tuple[Block, ...]) -> str:
    """SHA-256 of the normalised body: its words and cells in reading order, one space between them.

    Markup, white space, a wrapper, visitor counters and scripts do not alter it.
    """
    said = [facts.title]
    for block in blocks:
        if isinstance(block, Grid):
            said.append(block.caption)
            said.extend([cell.text for cell in block.cells])
            said.extend(block.notes)
        elif block.role != "headline" and not (len(block.text) < 80 and _COUNTER.search(block.text)):
            said.append(block.text)
    return hashlib.sha256(" ".join(" ".join(said).split()).encode("utf-8", "replace")).hexdigest()


def _about_encoding(decoded: Decoded, document_id: str) -> list[Finding]:
    if decoded.undecodable:
        return [
            Finding(
                "read", "encoding-undecodable", Severity.ERROR,
                f"{decoded.lost} of {decoded.foreign} characters beyond ASCII cannot be decoded; it declares "
                f"{decoded.declared or 'no encoding'}, {decoded.encoding} fits best.",
                "Get the document again in its own encoding.", document_id,
            )
        ]  # fmt: skip
    if decoded.doubled:
        return [
            Finding(
                "read", "encoding-doubled", Severity.ERROR,
                "The text was encoded twice: its letters beyond ASCII are not what was written.",
                "Get the document again in its own encoding.", document_id,
            )
        ]  # fmt: skip
    return []


def _nothing(document_id: str, code: str, message: str, remedy: str = "") -> ReadResult:
    return ReadResult(None, (Finding("read", code, Severity.ERROR, message, remedy, document_id),))
