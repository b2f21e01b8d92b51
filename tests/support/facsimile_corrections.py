"""Bundled documents whose sources err in one figure: the text that a correction must find, and nothing made up.

    python -m tests.support.facsimile_corrections raw/facsimile

They are of no series: their tables are kept, judged and unclaimed, so they stand apart from `facsimile.everything`.

What belongs here: two pages with an error that was really printed, each with true figures around it.  What does not:
the corrections themselves (`pipelines/corrections`), which are tied to the bytes that this module makes.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import date
from pathlib import Path

from pipelines.capture.records import RECORD_SUFFIX, CaptureRecord
from pipelines.model import CaptureKind
from tests.support.bundled import NOTE, REMARK, Bundled
from tests.support.pages import paragraph, table_c
from tests.support.pages_more import report_page

SECTORS = "news-2006-11-07-first-selection-exercise.zh-Hant.html"
THRESHOLD = "press-2023-04-07-top-talent-pass-scheme.zh-Hant.html"


def documents() -> dict[str, Bundled]:
    """The two documents by file name."""
    return {
        SECTORS: Bundled(
            _sectors(),
            f"{NOTE} The page gives 20 of 73 as 28%; it is 27.4%.",
            "https://news.gov.hk/isd/ebulletin/tc/category/lawandorder/061107/print/061107tc08001.htm",
            date(2006, 11, 7),
        ),
        THRESHOLD: Bundled(
            _threshold(),
            f"{NOTE} The paper gives the yearly income of category A as 25萬元; the scheme asks for 250萬元.",
            "https://stnn.cc/c/2023-04-07/3807094.shtml",
            date(2023, 4, 7),
        ),
    }


def build(folder: Path) -> None:
    """Writes the documents and their records into `folder`."""
    for name, bundled in documents().items():
        record = CaptureRecord(
            content_hash=hashlib.sha256(bundled.data).hexdigest(),
            size=len(bundled.data),
            kind=CaptureKind.FACSIMILE,
            original_name=name,
            captured_at=bundled.captured_at,
            source_url=bundled.source_url,
            note=bundled.note,
        )
        (folder / name).write_bytes(bundled.data)
        (folder / (name + RECORD_SUFFIX)).write_bytes(record.dumps().encode())


def _sectors() -> bytes:
    """The three sectors that the page names, of 73 successful applicants, with the one share that it gives."""
    body = paragraph("優秀人才入境計劃首輪甄選完成，循綜合計分制成功申請的有73人，人數最多的三個界別如下：")
    body += table_c(
        ("界別", "成功申請者", "佔73人的百分比"),
        [("金融及會計服務業", "20", "28%"), ("商業和貿易", "11", ""), ("資訊科技和電訊業", "11", "")],
    )
    return report_page(
        title="優才計劃首輪甄選", heading="優才計劃首輪甄選", body=body, language="zh-Hant", remark=REMARK
    )


def _threshold() -> bytes:
    """Approvals by category up to end-February 2023, with the income that the paper gives for category A."""
    body = paragraph("入境事務處處長答覆財務委員會，截至2023年2月28日高端人才通行證計劃獲批的申請如下：")
    body += table_c(
        ("申請類別", "年收入要求", "批出宗數"),
        [("A類", "25萬元", "1186"), ("B類", "", "4382"), ("C類", "", "3229"), ("總計", "", "8797")],
    )
    return report_page(
        title="高才通計劃批出的申請", heading="高才通計劃批出的申請", body=body, language="zh-Hant", remark=REMARK
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]))
