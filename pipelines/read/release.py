"""What a document says of itself as a release: title, number, dates, language, twins, attachments.

What belongs here: words and addresses that name these facts.  What must never happen here: guessing. A year that is
not printed stays open; the digits of a page's id are the day it was created, not released (they differ in one page
of ten), so the id tells nothing, while the folder /gia/general/yyyymm/dd/ does.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urljoin

from lxml import etree

from pipelines.model import Paragraph, ReleaseFacts
from pipelines.read.page import text_of

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_CLOSING = re.compile(
    rf"""\bEnds?\s*[/／]\s*(?:[A-Za-z]+day\s*,?)?\s*
        (?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})\s*,?\s*(?P<year>\d{{4}})""",
    re.IGNORECASE | re.VERBOSE,
)
_ZH_YEAR = r"(?P<year>(?:19|20)\d{2}|[一二][○〇零一二三四五六七八九]{3})"
_ZH_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_CLOSING_CHINESE = re.compile(rf"完[\s/／]*{_ZH_YEAR}\s*年\s*(?P<month>{_ZH_SMALL})\s*月\s*(?P<day>{_ZH_SMALL})\s*日")
_ISSUED = re.compile(r"Issued\s+at\s+HKT\s*(\d{1,2})[:：.]?(\d{2})", re.IGNORECASE)
_ISSUED_CHINESE = re.compile(r"香港時間\s*(\d{1,2})時(\d{2})分")
_FOLDER = re.compile(r"/gia/general/(\d{4})(\d{2})/(\d{2})/")
_TODAY = re.compile(
    rf"""\b(?:today|this\s+(?:morning|afternoon|evening))\s*[(（]\s*(?:[A-Za-z]+day\s*,?\s*)?
        (?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})\s*[)）]""",
    re.IGNORECASE | re.VERBOSE,
)
_TODAY_CHINESE = re.compile(
    r"""今[日天](?:[早晚上下午]{1,2})?\s*[(（]
        (?P<month>[0-9一二三四五六七八九十]{1,3})月(?P<day>[0-9一二三四五六七八九十]{1,3})日[)）]""",
    re.VERBOSE,
)
_LCQ = re.compile(r"^[\s\u200b]*LCQ\s*(\d{1,3})\b", re.IGNORECASE)
_LCQ_CHINESE = re.compile(r"^[\s\u200b]*(?:立法會|立法会)(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})[題题]\s*[：:]")
_AS_OF = re.compile(
    rf"""\b[Aa]s\s+(?:of|at)\s+(?:the\s+)?
        (?:end(?:\s+of|-)?\s*(?:(?P<month>{_MONTH})\s+)?        # as of end 2021, as at end-March 2021
         |(?P<month2>{_MONTH})\s+(?P<day>\d{{1,2}})\s*,\s*      # as at March 31, 2015
         |(?P<day2>\d{{1,2}})\s+(?P<month3>{_MONTH})\s+          # as at 10 September 2019
        )(?P<year>(?:19|20)\d{{2}})\b""",
    re.VERBOSE,
)
_AS_OF_CHINESE = re.compile(rf"截至{_ZH_YEAR}年(?:(?P<month>{_ZH_SMALL})月(?:(?P<day>{_ZH_SMALL})日|底)|年?底)")
_AHEAD = re.compile(
    r"\b(?:will|would|shall|expect\w*|estimat\w*|forecast\w*|project(?:ed|ion)\w*|target\w*|plan(?:s|ned)?|by then)\b"
    r"|預計|預期|預測|估計|將會|目標"
)
_LANGUAGES = (
    ("zh-Hans", re.compile(r"simplified|简|簡體|簡体|\bsc\b", re.IGNORECASE)),
    ("zh-Hant", re.compile(r"traditional|繁|中文版", re.IGNORECASE)),
    ("en", re.compile(r"english|英文", re.IGNORECASE)),
)
_SIMPLIFIED = frozenset("们这来说时为国个会对发经过业务学实现关开应动产权计划处组织该项书长问题资质东车边")
_TRADITIONAL = frozenset("們這來說時為國個會對發經過業務學實現關開應動產權計劃處組織該項書長問題資質東車邊")
_ATTACHED = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|odt|ods|zip)(?:[?#]|$)", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_SITE = "https://www.info.gov.hk/"
_CHINESE_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses found in the page around the body."""

    twins: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    own: str = ""


def release_facts(
    title: str, paragraphs: Iterable[Paragraph], source_url: str | None, links: Links, *, official: bool
) -> tuple[ReleaseFacts, tuple[tuple[str, str], ...]]:
    """The facts, and what is odd about them as (code, message).

    official  the page has a template of the source itself; only then is the address inside the page its own
    """
    texts = [_half_width(p.text) for p in paragraphs]
    odd: list[tuple[str, str]] = []
    released, evidence = _closing(texts)
    issued = _issued(texts)
    by_folder, folder = None, ""
    for address in (source_url or "", links.own if official else ""):
        if by_folder is None and (hit := _FOLDER.search(unquote(address))):
            by_folder = _date(hit.group(1), hit.group(2), hit.group(3))
            folder = f"the folder in the address {unquote(address)}" if by_folder else ""
    if released is None:
        released, evidence = by_folder, folder
    elif by_folder is not None and by_folder != released:
        odd.append(("release-date-differs", f"The closing line says {released}, the address says {by_folder}."))
    month_day = _month_day(texts)
    if released is not None:
        if month_day is not None and month_day != (released.month, released.day):
            odd.append(
                (
                    "release-day-differs",
                    f"The text says month {month_day[0]} day {month_day[1]}, the release date is {released}.",
                )
            )
        month_day = None
    not_before, words = _not_before(texts)
    if not_before is not None and released is not None and not_before > released:
        odd.append(("as-of-after-release", f"The text says {words!r}, but it was released on {released}."))
        not_before, words = None, ""
    return (
        ReleaseFacts(
            title=title,
            number=number_of(title),
            language=language_of([title, *texts]),
            released=released,
            released_evidence=evidence,
            month_day=month_day,
            not_before=not_before,
            not_before_evidence=words,
            issued_at=issued,
            twins=links.twins,
            attachments=links.attachments,
        ),
        tuple(odd),
    )


def number_of(title: str) -> str:
    """ "LCQ15" from "LCQ15: ..." or from 立法會十五題：...; "" where the title has none."""
    text = _half_width(title)
    if hit := _LCQ.match(text):
        return f"LCQ{int(hit.group(1))}"
    if hit := _LCQ_CHINESE.match(title):
        number = _chinese_number(hit.group("n"))
        return f"LCQ{number}" if number else ""
    return ""


def language_of(texts: list[str]) -> str:
    """ "en", "zh-Hant", "zh-Hans" or "" (no letters), by the characters."""
    sample = " ".join(texts[:200])[:8_000]
    if sample.isascii():
        return "en" if _LATIN.search(sample) else ""
    latin = len(_LATIN.findall(sample))
    chinese = len(_IDEOGRAPH.findall(sample))
    if not chinese and not latin:
        return ""
    if chinese * 4 < latin:
        return "en"
    simplified = sum(c in _SIMPLIFIED and c not in _TRADITIONAL for c in sample)
    traditional = sum(c in _TRADITIONAL and c not in _SIMPLIFIED for c in sample)
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def find_links(root: etree._Element, source_url: str | None, *, official: bool) -> Links:
    """Language twins, attachments and the page's own address, from its links."""
    base = source_url or (_SITE if official else "")
    twins: dict[str, str] = {}
    attachments: dict[str, str] = {}
    own = ""
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        if not href or len(href) > 2000:
            continue
        said = " ".join(text_of(link).split())
        if href.lower().startswith("mailto:"):
            own = own or (href if _FOLDER.search(unquote(href)) else "")
            continue
        address = _join(base, href)
        if _ATTACHED.search(address):
            attachments.setdefault(address, said)
        elif official and _FOLDER.search(address):
            names = [said, link.get("title") or "", link.get("id") or ""]
            for image in link.iter("img"):
                names += [image.get("alt") or "", image.get("title") or ""]
            language = _language_named(" ".join(names), address)
            if language:
                twins.setdefault(language, address)
    return Links(tuple(sorted(twins.items())), tuple(attachments.items()), own)


def _language_named(said: str, address: str) -> str:
    for language, words in _LANGUAGES:
        if words.search(said):
            return language
    return "zh-Hans" if re.match(r"https?://sc\.", address) else ""


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href) if base else href
    except ValueError:
        return href


def _closing(texts: list[str]) -> tuple[date | None, str]:
    for i in range(len(texts) - 1, -1, -1):
        hit = _CLOSING.search(texts[i]) if "/" in texts[i] or "／" in texts[i] else None
        if hit and (said := _named(hit.group("year"), hit.group("month"), hit.group("day"))):
            return said, " ".join(hit.group(0).split())
        # the Chinese closing runs over lines: 完 / 2017年7月1日（星期六） / 香港時間20時16分
        if texts[i].isascii():
            continue
        joined = " ".join(texts[i : i + 3])
        hit = _CLOSING_CHINESE.search(joined) if texts[i].lstrip().startswith("完") or "\n完" in texts[i] else None
        if hit and (said := _date_in_chinese(hit.group("year"), hit.group("month"), hit.group("day"))):
            return said, " ".join(hit.group(0).split())
    return None, ""


def _issued(texts: list[str]) -> str:
    for text in reversed(texts):
        if "HKT" not in text and "香港" not in text and "hkt" not in text.lower():
            continue
        hit = _ISSUED.search(text) or _ISSUED_CHINESE.search(text)
        if hit and int(hit.group(1)) < 24 and int(hit.group(2)) < 60:
            return f"{int(hit.group(1)):02d}:{hit.group(2)}"
    return ""


def _month_day(texts: list[str]) -> tuple[int, int] | None:
    """The day that the text calls today; None where it names none, or more than one."""
    found: set[tuple[int, int]] = set()
    for text in texts:
        for hit in _TODAY.finditer(text) if "(" in text or "（" in text else ():
            found.add((_month(hit.group("month")), int(hit.group("day"))))
        for hit in _TODAY_CHINESE.finditer(text):
            month, day = _chinese_number(hit.group("month")), _chinese_number(hit.group("day"))
            if month and day:
                found.add((month, day))
    valid = [md for md in found if 1 <= md[0] <= 12 and 1 <= md[1] <= 31]
    return valid[0] if len(valid) == 1 else None


def _not_before(texts: list[str]) -> tuple[date | None, str]:
    """The latest date that the text speaks of as past ("As of end 2021, a total of ... had been received")."""
    best: date | None = None
    words = ""
    for text in texts:
        if not any(word in text for word in ("s of", "s at", "s\u00a0of", "s\u00a0at", "截至")):
            continue
        for hit in (*_AS_OF.finditer(text), *_AS_OF_CHINESE.finditer(text)):
            if _AHEAD.search(_sentence(text, hit.start())):
                continue
            said = _as_of(hit)
            if said is not None and (best is None or said > best):
                best, words = said, " ".join(hit.group(0).split())
    return best, words


def _as_of(hit: re.Match[str]) -> date | None:
    groups = hit.groupdict()
    if hit.re is _AS_OF_CHINESE and groups.get("day"):
        return _date_in_chinese(groups["year"], groups["month"] or "", groups["day"] or "")
    year = _chinese_year(groups["year"])
    name = groups.get("month3") or groups.get("month2") or groups.get("month") or ""
    month = (_month(name) if name.isascii() and name.isalpha() else _chinese_number(name)) if name else 12
    if not 1 <= month <= 12:
        return None
    day = groups.get("day") or groups.get("day2")
    return _date(str(year), str(month), day) if day else date(year, month, monthrange(year, month)[1])


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in (". ", "。", "\n", "; "))
    stops = [i for mark in (". ", "。", "\n", "; ") if (i := text.find(mark, at)) >= 0]
    return text[max(0, start) : min(stops, default=len(text))]


def _month(name: str) -> int:
    short = name.lower()[:3]
    return next((i for i, m in enumerate(_MONTHS, 1) if m.startswith(short)), 0)


def _named(year: str, month: str, day: str) -> date | None:
    return _date(year, str(_month(month)), day)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        said = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return said if 1990 <= said.year <= 2100 else None


def _date_in_chinese(year: str, month: str, day: str) -> date | None:
    """A date in digits or in Chinese numerals (二○二六年三月八日)."""
    return _date(str(_chinese_year(year)), str(_chinese_number(month)), str(_chinese_number(day)))


def _chinese_year(text: str) -> int:
    return int("".join(str(_CHINESE_DIGITS.get(c, c)) for c in text))


def _chinese_number(text: str) -> int:
    text = _half_width(text)
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE_DIGITS.get(text, 0)
    return (_CHINESE_DIGITS.get(tens, 0) if tens else 1) * 10 + (_CHINESE_DIGITS.get(ones, 0) if ones else 0)


_WIDE = {0xFF10 + i: str(i) for i in range(10)}


def _half_width(text: str) -> str:
    return text if text.isascii() else text.translate(_WIDE)
