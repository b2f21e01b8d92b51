"""Further page skeletons for the bundled documents: template B, an annual report's page, tables with spans.

What belongs here: structure and mark-up habits.  It must hold no figure and no sentence of any release.

Template B (2005 to mid-2016): XHTML after blank lines, the headline inside `#pressrelease`, declared and encoded as
Big5, tables as lines of no-break spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.support.pages import NBSP

#: A cell: its text, or (text, colspan, rowspan).
Spanned = str | tuple[str, int, int]


def template_b(*, title: str, body: str, closing: Sequence[str], remark: str = "") -> bytes:
    """A page of template B in Chinese, as bytes in Big5.  `body` is mark-up."""
    page = f"""



<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
{f"<!-- {remark} -->" if remark else ""}
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta http-equiv="Content-Type" content="text/html; charset=big5" /><title>{escape(title)}</title></head>
<body><div id="wrapper"><div id="content"><div id="header"></div>
<div id="pressrelease"><!--contents-->
  {escape(title)}<br /> ******************************<p>
{body}</p>
  <p> {"<br/>".join(closing)}<br /><br /> NNNN<br /></p>
<!--contents--></div>
<div id="footer"></div></div></div></body></html>
"""
    return page.replace("\n", "\r\n").encode("big5hkscs")


def report_page(*, title: str, heading: str, body: str, language: str, remark: str) -> bytes:
    """A page of an annual report: no press release template, a heading and a table."""
    page = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<!-- {remark} -->
<html xmlns="http://www.w3.org/1999/xhtml" lang="{language}">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{escape(title)}</title></head>
<body>
<div id="content">
<h1>{escape(heading)}</h1>
{body}</div>
</body></html>
"""
    return page.encode()


def indented(text: str) -> str:
    """A paragraph of template B."""
    return f"　　{escape(text)}<br /><br />\n"


def spanned(rows: Sequence[Sequence[Spanned]], *, wrapped: bool = True) -> str:
    """A table whose cells may span: (text, colspan, rowspan).  A line break in a cell is a `<br />`."""

    def cell(said: Spanned) -> str:
        text, cols, deep = said if isinstance(said, tuple) else (said, 1, 1)
        spans = (f' colspan="{cols}"' if cols > 1 else "") + (f' rowspan="{deep}"' if deep > 1 else "")
        inner = escape(text).replace(NBSP, "&nbsp;").replace("\n", "<br />\n") or "&nbsp;"
        return f"<td{spans}>{inner}</td>"

    lines = "\n".join("<tr>\n" + "\n".join(map(cell, row)) + "\n</tr>" for row in rows)
    table = f'<table border="1">\n<tbody>\n{lines}\n</tbody>\n</table>\n'
    return f'<div style="overflow-x:auto;">\n{table}</div>\n' if wrapped else table


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as template B writes it: lines of no-break spaces and breaks, labels left, figures right."""
    stub = max(_width(row[0]) for row in (header, *rows)) + 6
    wide = max(_width(text) for row in (header, *rows) for text in row[1:]) + 5

    def line(row: Sequence[str]) -> str:
        first, *others = row
        said = first + " " * (stub - _width(first)) + "".join(" " * (wide - _width(t)) + t for t in others)
        return escape(said, quote=False).replace("  ", "&nbsp; ")

    drawn = "-" * (stub + wide * (len(header) - 1))
    return "<br />\n".join([line(header), drawn, *map(line, rows)]) + "<br /><br />\n"


def _width(text: str) -> int:
    """Columns that a text takes: a full-width character takes two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
