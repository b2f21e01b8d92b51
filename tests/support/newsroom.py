"""Fills the local site: pages of the three templates with their twins and annexes, from generated releases.

What belongs here: which pages stand where.  `tests/support/site.py` serves them.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.support import generate, render
from tests.support.pages import template_c
from tests.support.site import Page, Site

TITLE = {"en": "LCQ{n}: Quality Migrant Admission Scheme", "zh-Hant": "立法會{n}題：優秀人才入境計劃"}


def page(
    day: date, number: int, *, language: str = "en", title: str = "", twin: str = "", annex: str = "", text: str = "x"
) -> Page:
    """A small release in the template of its day; `twin` and `annex` are addresses that it links to."""
    title = title or TITLE[language].format(n=number)
    ident = f"{day:%m%d}{number:04d}" if day < date(2005, 8, 1) else f"P{day:%Y%m%d}{number:05d}"
    links = f'<a href="{annex}">Annex</a>' if annex else ""
    other = "English" if language == "zh-Hant" else "繁體"
    if day < date(2005, 8, 1):
        twinned = f'<A HREF="{twin}">{"English Version" if language == "zh-Hant" else "中文版"}</A>' if twin else ""
        mark = "<!------------------------contents------------------------------->"
        body = (
            f'<HTML><TITLE>{title}</TITLE><TABLE WIDTH="600"><TD WIDTH="450">{twinned}\r\n'
            f"{mark}\r\n{title}<p>\n****<p>\n"
            f"{text}<p>{links}\nEnd/{day:%A, %B} {day.day}, {day.year}<p>\nNNNN<p>\n{mark}</TABLE></HTML>"
        ).encode("big5hkscs")
    elif day < date(2016, 7, 1):
        twinned = f'<a href="{twin}" id="lang1Link">{other}</a>' if twin else ""
        simplified = '<a href="http://sc.isd.gov.hk/gb/www.info.gov.hk/gia/general/x.htm" id="lang2Link">简体</a>'
        body = (
            '\r\n\r\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5" />'
            f'<title>{title}</title></head><body><div id="langbar">{twinned}{simplified if twin else ""}</div>'
            f'<div id="pressrelease"><!--contents-->{title}<br /> ****<p>{text}</p>{links}'
            f"<p>Ends/{day:%A, %B} {day.day}, {day.year}<br/>NNNN</p><!--contents--></div></body></html>"
        ).encode("big5hkscs", errors="xmlcharrefreplace")
    else:
        closing = (f"Ends/{day:%A, %B} {day.day}, {day.year}", "Issued at HKT 12:30")
        body = template_c(
            title=title, body=f"{text}<br />{links}", closing=closing, language=language, twin=twin
        ).encode()
    return Page(day, ident, title, body, language)


def pair(site: Site, day: date, number: int, *, annex: bytes = b"", text: str = "x") -> tuple[Page, Page]:
    """An English release and its Chinese twin, which link to each other, on the site; ids have nothing in common."""
    address = site.annex(f"/general/{day:%Y%m}/{day:%d}/A{number}_1_2.pdf", annex) if annex else ""
    first = page(day, number)
    second = page(day, number + 700, language="zh-Hant", twin=site.source + first.path, text=text)
    first = page(day, number, twin=site.source + second.path, annex=address, text=text)
    site.add(first, second)
    return first, second


def fill(site: Site, first: date, months: int, releases: int, *, annex_every: int = 0, bodies: int = 40) -> int:
    """Spreads `releases` English releases with real tables over the days of `months` months, and one title of
    another kind on each day; gives how many annexes were put beside them."""
    made = [render.html(generate.release(seed, language="en")) for seed in range(bodies)]
    annexes = 0
    end = first
    for _ in range(months):
        end = (end.replace(day=1) + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    for number in range(releases):
        day = days[number * len(days) // releases]
        body = made[number % bodies].replace(b"NNNN", f"NNNN <!-- {number} -->".encode())
        if annex_every and number % annex_every == 0:
            address = site.annex(f"/general/{day:%Y%m}/{day:%d}/{number}_1_2.pdf", b"%%PDF-1.4 %d\n%%%%EOF\n" % number)
            body = body.replace(b"NNNN", f'<a href="{address}">Annex</a> NNNN'.encode())
            annexes += 1
        site.add(
            Page(day, f"P{day:%Y%m%d}{number:05d}", f"LCQ{number % 22 + 1}: Quality Migrant Admission Scheme", body)
        )
    for day in days:
        site.add(page(day, 99_990, title="Weather report", text="fine"))
    return annexes
