"""Two language versions of one release that never was, from a seed: the same figures, or all but one.

What belongs here: content and truth of the pair, set in the page of 2016 and after.  It knows nothing of the pipelines.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.support.pages import paragraph, table_c, template_c

_PAGES = "https://www.info.gov.hk/gia/general/202303/15/"


@dataclass(frozen=True, slots=True)
class Page:
    """One language version: its bytes, its address, and the quotas that it prints, by year."""

    language: str
    data: bytes
    url: str
    quotas: dict[int, int]


@dataclass(frozen=True, slots=True)
class Twins:
    """`year` is the one whose quotas the Chinese version prints differently, or None."""

    english: Page
    chinese: Page
    year: int | None


def twins(seed: int, *, differ: bool, total: bool = False) -> Twins:
    """The pair of a seed; the same at each call.

    differ  the Chinese version prints one figure otherwise (and with `total` the total of its column too, so that
            each version is sound in itself)
    """
    dice = Random(seed)
    years = list(range(2017, 2023))
    received = {y: dice.randint(900, 9_000) for y in years}
    allotted = {y: dice.randint(100, 3_000) for y in years}
    year = dice.choice(years) if differ else None
    others = dict(allotted)
    if year is not None:
        others[year] += dice.choice([-90, -9, -1, 1, 9, 90])
    numbers = dice.sample(range(100, 999), 2)
    addresses = [f"{_PAGES}P2023031500{n}.htm" for n in numbers]
    english = _english(received, allotted, total, addresses[1])
    chinese = _chinese(received, others, total, addresses[0])
    return Twins(
        Page("en", english.encode(), addresses[0], allotted),
        Page("zh-Hant", chinese.encode(), addresses[1], others),
        year,
    )


def _rows(received: dict[int, int], allotted: dict[int, int], total: str) -> list[tuple[str, str, str]]:
    rows = [(str(y), f"{received[y]:,}", f"{allotted[y]:,}") for y in received]
    if total:
        rows.append((total, f"{sum(received.values()):,}", f"{sum(allotted.values()):,}"))
    return rows


def _english(received: dict[int, int], allotted: dict[int, int], total: bool, twin: str) -> str:
    body = paragraph(
        "The Secretary for Security gave this reply to a question in the Legislative Council today (March 15):"
    )
    body += paragraph("The applications received under the Quality Migrant Admission Scheme are set out below:")
    head = ("Year", "Applications Received", "Quotas Allotted")
    body += table_c(head, _rows(received, allotted, "Total" if total else ""))
    closing = ("Ends/Wednesday, March 15, 2023", "Issued at HKT 12:30")
    return template_c(title="LCQ7: Quality Migrant Admission Scheme", body=body, closing=closing, twin=twin)


def _chinese(received: dict[int, int], allotted: dict[int, int], total: bool, twin: str) -> str:
    body = paragraph("以下為今日（三月十五日）在立法會會議上議員的提問和保安局局長的答覆：")
    body += paragraph("優秀人才入境計劃接獲的申請數目和所分配的名額表列如下：")
    body += table_c(("年份", "接獲的申請數目", "所分配的名額"), _rows(received, allotted, "總計" if total else ""))
    closing = ("完", "2023年3月15日（星期三）", "香港時間12時30分")
    return template_c(title="立法會七題：優秀人才入境計劃", body=body, closing=closing, language="zh-Hant", twin=twin)
