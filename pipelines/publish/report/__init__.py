"""The report: two self-contained pages, in English and Traditional Chinese, made from the published warehouse.

What belongs here: charts of figures that stand in the warehouse, with their tables, sources and verdicts.  What never:
a figure of its own, a request to anywhere, the time of day: unchanged data gives unchanged bytes.
"""

from __future__ import annotations

from pipelines.publish.report.building import Report, build_report

__all__ = ["Report", "build_report"]
