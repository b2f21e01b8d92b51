"""The open data files of the Immigration Department, as they were at two dates.

What belongs here: how such a file is set (one line a year, a column a category, a Total, Remarks).  The figures
stand in `tests/support/published`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from tests.support.bundled import NOTE, Bundled, published

ADDRESS = "https://www.immd.gov.hk/opendata/eng/law-and-security/visas/"
#: The day on which the workbook was saved that the files to 2021 were recovered from.
TO_2021 = date(2022, 9, 26)
#: The month in which the data set was made that the figures to 2025 were recovered from.
TO_2025 = date(2026, 7, 31)
RECOVERED = (
    " The file was recovered from a copy, not fetched; the date of capture is the day by which it was published. "
)
FILES = {
    "OD-QMAS-received": "Statistics_Received_Quota_Allotted_QMAS_EN.csv",
    "OD-GEP-received": "Statistics_Applications_Received_Approved_GEP_EN.csv",
    "OD-ASMTP-received": "Statistics_Applications_Received_Approved_ASMTP_EN.csv",
    "OD-TechTAS-received": "Statistics_Applications_Received_Approved_TechTAS_EN.csv",
    "OD-QMAS-region": "Statistics_Quota_Allotted_QMAS_region_EN.csv",
    "OD-GEP-region": "Statistics_Applications_Approved_GEP_region_EN.csv",
    "OD-TechTAS-region": "Statistics_Applications_Approved_TechTAS_region_EN.csv",
    "OD-QMAS-industrysector": "Statistics_Quota_Allotted_QMAS_Industry_Sector_EN.csv",
    "OD-GEP-industrysector": "statistics_applications_approved_GEP_industry_sector.csv",
    "OD-ASMTP-industrysector": "statistics_applications_approved_ASMTP_industry_sector.csv",
    "OD-TechTAS-industrysector": "Statistics_Applications_Approved_TechTAS_Industry_Sector_EN.csv",
    "OD-GEP-remuneration": "Statistics_Applications_Approved_GEP_remuneration_EN.csv",
    "OD-ASMTP-remuneration": "Statistics_Applications_Approved_ASMTP_remuneration_EN.csv",
    "OD-TechTAS-remuneration": "Statistics_Applications_Approved_TechTAS_remuneration_EN.csv",
    "OD-QMAS-academic": "Statistics_Quota_Allotted_QMAS_academic_qualification_EN.csv",
    "OD-GEP-academic": "Statistics_Applications_Approved_GEP_academic_qualification_EN.csv",
    "OD-ASMTP-academic": "Statistics_Applications_Approved_ASMTP_academic_qualification_EN.csv",
    "OD-TechTAS-academic": "Statistics_Applications_Approved_TechTAS_academic_qualification_EN.csv",
}
#: scheme → (file, its name in the heads); the last two print what is known of them alone.
TO_2025_FILES = {
    "GEP": ("Statistics_Applications_Received_Approved_GEP_EN.csv", "General Employment Policy"),
    "ASMTP": (
        "Statistics_Applications_Received_Approved_ASMTP_EN.csv",
        "Admission Scheme for Mainland Talents and Professionals",
    ),
    "IANG": (
        "Statistics_Applications_Received_Approved_IANG_EN.csv",
        "Immigration Arrangements for Non-local Graduates",
    ),
    "QMAS": ("Statistics_Received_Quota_Allotted_QMAS_EN.csv", "Quality Migrant Admission Scheme"),
    "TTPS": ("Statistics_Applications_Received_Approved_TTPS_EN.csv", "Top Talent Pass Scheme"),
    "TechTAS": ("Statistics_Applications_Received_Approved_TechTAS_EN.csv", "Technology Talent Admission Scheme"),
    "ASSG": (
        "Statistics_Applications_Received_Approved_ASSG_EN.csv",
        "Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents",
    ),
}
#: Areas of TechTAS that were added in January 2020: blank before, not nil.
ADDED = (
    "5G Communications", "Digital Entertainment", "Green Technology", "Integrated Circuit Design",
    "Internet-of-Things", "Microelectronics",
)  # fmt: skip
REMARKED = "Areas that were added to the scheme later are blank before"


def documents() -> dict[str, Bundled]:
    """File name → document: the 18 files to 2021, and those to 2025."""
    found = {f"opendata-to-2021.{FILES[name]}": _to_2021(name) for name in FILES}
    for scheme in TO_2025_FILES:
        found[f"opendata-to-2025.{TO_2025_FILES[scheme][0]}"] = _to_2025(scheme)
    return found


def _to_2021(name: str) -> Bundled:
    header, *rows = published(name)
    if name.endswith("-received"):
        # the quotes around the scheme's name were set in Big5 in one of these files
        texts = [_csv([[_head(cell) for cell in header], *rows])]
        data = texts[0].encode("big5")
    else:
        data = _csv(_turned(name, header, rows)).encode()
    return Bundled(data, NOTE + RECOVERED.rstrip(), ADDRESS + FILES[name], TO_2021, (name,))


def _head(text: str) -> str:
    """The head as printed, without the notes' remark on its bytes."""
    return text.split(" (bytes")[0]


def _turned(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The notes keep a category a line; the file has a year a line, and the year's total."""
    years = header[1:]
    remarks = "TechTAS" in name
    lines = [["Year", *(row[0] for row in rows), "Total", *(["Remarks"] if remarks else [])]]
    for at, year in enumerate(years, start=1):
        cells = [row[at] for row in rows]
        blank = name == "OD-TechTAS-industrysector" and int(year) < 2020
        printed = ["" if blank and row[0] in ADDED else row[at] for row in rows]
        remark = [REMARKED if blank else ""] if remarks else []
        lines.append([year, *printed, str(sum(map(int, cells))), *remark])
    return lines


def _to_2025(scheme: str) -> Bundled:
    file, called = TO_2025_FILES[scheme]
    quota = scheme == "QMAS"
    header = [
        "Year",
        f"Application{'' if quota else 's'} received under {called}",
        f"{'Quota allotted' if quota else 'Applications approved'} under {called}",
    ]
    if scheme in ("TechTAS", "ASSG"):
        (row,) = (r for r in published("OD25-2025") if r[0] == called)
        rows = [["2025", row[1], row[2]]]
        extract, holds = "Only the line of 2025 is known to us.", ("OD25-2025",)
    else:
        years = published("OD25-received")[0][1:]
        received = next(r for r in published("OD25-received") if r[0] == scheme)[1:]
        approved = next(r for r in published("OD25-approved") if r[0] == scheme)[1:]
        rows = [[y, r, a] for y, r, a in zip(years, received, approved, strict=True) if r]
        extract, holds = "", ("OD25-received", "OD25-approved", "OD25-2025")
    return Bundled(
        _csv([header, *rows]).encode(), (NOTE + RECOVERED + extract).rstrip(), ADDRESS + file, TO_2025, holds
    )


def _csv(rows: Sequence[Sequence[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\r\n").writerows(rows)
    return sink.getvalue()
