"""Sets a generated release in a medium: HTML with real tables, HTML with text tables, PDF, text as a mirror shows it.

What belongs here: layout, and nothing of what the figures are.  Each function gives bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape
from random import Random

from tests.support.generate import Release, Table
from tests.support.pages import NBSP, paragraph, table_c, template_c


def closing(release: Release) -> tuple[str, ...]:
    """The lines that end a release, in its language."""
    day = release.day
    if release.language == "en":
        return f"Ends/{day:%A, %B} {day.day}, {day.year}", "Issued at HKT 12:30"
    weekday = "一二三四五六日"[day.weekday()]
    return "完", f"{day.year}年{day.month}月{day.day}日（星期{weekday}）", "香港時間12時30分"


def html(release: Release) -> bytes:
    """Template C: real tables in overflow divs, the blank form in the question."""
    parts = [paragraph(text) for text in release.before]
    if release.form:
        header, *rows = release.form
        parts.append(table_c(header, rows))
    parts.append(paragraph(release.lead_in))
    for table in release.tables:
        rows = [(label, *map(release.number, values)) for label, values in table.rows]
        rows.append((table.total_label, *map(release.number, table.printed)))
        if release.captioned:
            parts.append(f"{escape(table.caption)}<br />\n&nbsp;\n")
        parts.append(table_c(table.header, rows))
        parts.append("&nbsp;<br />\n" + "".join(f"{escape(note)}<br />\n" for note in table.notes))
    parts += [paragraph(text) for text in release.after]
    return template_c(
        title=release.title, body="".join(parts), closing=closing(release), language=release.language
    ).encode()


def html_text_tables(release: Release) -> bytes:
    """Template B: tables as lines of no-break spaces and breaks, whose columns drift from row to row."""
    dice = Random(release.seed)
    lines = [line for text in release.before for line in (f"     {text}", "")]
    lines += [f"     {release.lead_in}", ""]
    for table in release.tables:
        # without a title nothing but blank lines would part two text tables, which no release does
        lines += [table.caption, "", *_text_table(release, table, dice), "", *table.notes, ""]
    lines += [line for text in release.after for line in (f"     {text}", "")]
    body = "<br />\r\n".join(_spaced(line) for line in lines)
    ends = "<br/>".join(closing(release))
    page = f"""



<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta http-equiv="Content-Type" content="text/html; charset=big5" /><title>{escape(release.title)}</title></head>
<body><div id="wrapper"><div id="content"><div id="header"></div>
<div id="pressrelease"><!--contents-->
  {escape(release.title)}<br /> ******************************<p>
{body}</p>
  <p> {ends}<br /><br /> NNNN<br /></p>
<!--contents--></div>
<div id="footer"></div></div></div></body></html>
"""
    return page.encode("big5hkscs").replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n")


def flattened(release: Release) -> bytes:
    """As a mirror shows it: the cells of a row joined by single spaces, the header over several lines."""
    dice = Random(release.seed)
    lines = [release.title, ""]
    lines += [line for text in release.before for line in (f"     {text}", "")]
    lines += [f"     {release.lead_in}", ""]
    for table in release.tables:
        lines += [table.caption] if release.captioned else []
        if len(table.header) > 2 and dice.random() < 0.5:
            lines += [" ".join(table.header[:2]), *table.header[2:]]
        else:
            lines.append(" ".join(table.header))
        for label, values in table.rows:
            *above, last = label.split("\n")
            lines += [*above, " ".join([last, *map(release.number, values)])]
        lines.append(" ".join([table.total_label, *map(release.number, table.printed)]))
        lines += ["", *table.notes, ""]
    lines += [line for text in release.after for line in (f"     {text}", "")]
    lines += [*closing(release), "NNNN"] if dice.random() < 0.5 else ["Leave a comment", "", "Name (required)"]
    return "\n".join(lines).encode()


def pdf_ruled(release: Release) -> bytes:
    return _pdf(release, ruled=True)


def pdf_unruled(release: Release) -> bytes:
    return _pdf(release, ruled=False)


MEDIA: dict[str, Callable[[Release], bytes]] = {
    "html": html,
    "html-text-tables": html_text_tables,
    "pdf-ruled": pdf_ruled,
    "pdf-unruled": pdf_unruled,
    "flattened": flattened,
}


def _text_table(release: Release, table: Table, dice: Random) -> list[str]:
    """Lines of a text table: label at the left, figures under their heads to within a few characters."""
    stub = max(_width(part) for label, _ in table.rows for part in label.split("\n")) + 6
    wide = max(_width(head) for head in table.header[1:]) + 5

    def line(label: str, cells: tuple[str, ...]) -> str:
        said = label + " " * (stub - _width(label) + dice.randint(0, 2))
        return said + "".join(" " * (wide - _width(cell) + dice.randint(-1, 1)) + cell for cell in cells)

    lines = [line(table.header[0], table.header[1:]), "-" * (stub + wide * len(table.header[1:]))]
    for label, values in table.rows:
        first, *below = label.split("\n")
        lines.append(line(first, tuple(map(release.number, values))))
        lines += [f"  {part}" for part in below]
    lines.append(line(table.total_label, tuple(map(release.number, table.printed))))
    return lines


def _width(text: str) -> int:
    """Columns that a text takes: a full-width character takes two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _spaced(line: str) -> str:
    """Layout spaces as this template writes them: `&nbsp; ` in alternation, else the browser would fold them."""
    said = escape(line, quote=False).replace(NBSP, "&nbsp;")
    return said.replace("  ", "&nbsp; ")


def _pdf(release: Release, *, ruled: bool) -> bytes:
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, TableStyle
    from reportlab.platypus import Table as Drawn

    if release.language != "en":
        raise ValueError("Only Latin text is set as PDF: the fonts at hand hold no other.")
    normal = getSampleStyleSheet()["Normal"]
    style = TableStyle([("FONTSIZE", (0, 0), (-1, -1), 10), ("ALIGN", (1, 0), (-1, -1), "RIGHT")])
    if ruled:
        style.add("GRID", (0, 0), (-1, -1), 0.5, colors.black)
    story: list[Flowable] = [Paragraph(release.title, getSampleStyleSheet()["Heading2"])]
    for text in (*release.before, release.lead_in):
        story += [Paragraph(escape(text), normal), Spacer(1, 6)]
    for table in release.tables:
        rows = [list(table.header)]
        rows += [[label, *map(release.number, values)] for label, values in table.rows]
        rows.append([table.total_label, *map(release.number, table.printed)])
        widths = [260 if len(table.header) == 2 else 150, *[130] * (len(table.header) - 1)]
        drawn = Drawn(rows, colWidths=widths, style=style, repeatRows=1)
        story += [Paragraph(escape(table.caption), normal), Spacer(1, 6)] if release.captioned else []
        # half of the documents let their tables run over pages, headers repeated
        story.append(drawn if release.seed % 2 else KeepTogether([drawn]))
        story.append(Spacer(1, 6))
        story += [Paragraph(escape(note), normal) for note in table.notes]
        story.append(Spacer(1, 14))
    story += [Paragraph(escape(text), normal) for text in (*release.after, *closing(release))]
    sink = io.BytesIO()
    SimpleDocTemplate(sink, pagesize=A4, invariant=1).build(story)
    return sink.getvalue()


def damaged(release: Release) -> dict[str, bytes]:
    """Documents that are not what they seem, by what is wrong with them."""
    page = html(release)
    places = release.tables[2].rows[0][0].encode()  # the first row of the table that is cut
    pdf = pdf_ruled(release)
    return {
        "empty.html": b"",
        "error-page.pdf": b"<!DOCTYPE html><html><head><title>404</title></head><body><h1>Not Found</h1></body></html>",
        "truncated.pdf": pdf[: len(pdf) // 2],
        "header-only.pdf": pdf[:20],
        "truncated.html": page[: page.index(release.tables[2].rows[-1][0].encode(), page.rindex(places))],
        "wrong-encoding.html": page.decode().encode("utf-16-le"),
        "mangled.html": page.decode().replace("8", "\ufffd").encode(),
        "binary.html": bytes(range(256)) * 40,
        "endless-spans.html": page.replace(b"<td>", b'<td colspan="999999999" rowspan="999999999">', 2),
        "deep.html": b"<html><body>" + b"<div>" * 20_000 + page,
    }
