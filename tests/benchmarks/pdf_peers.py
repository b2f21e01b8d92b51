"""Peers of the PDF reader, for `../shared/bench/icdar.py --peers-module tests.benchmarks.pdf_peers`.

A peer that is not installed is left out.  camelot is installed by hand where wanted; it is no dependency.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from tests.benchmarks.adapters import pdf_tables

Tables = list[dict[str, object]]


def plumber(path: str, regions: object = None) -> Tables:
    """pdfplumber with its defaults."""
    import pdfplumber

    out: Tables = []
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            out += [{"page": number, "rows": rows} for rows in page.extract_tables()]
            page.close()
    return out


def camelot_of(flavor: str) -> Callable[..., Tables]:
    def read(path: str, regions: object = None) -> Tables:
        import camelot

        found = camelot.read_pdf(path, pages="all", flavor=flavor, suppress_stdout=True)
        return [{"page": t.page, "rows": t.df.values.tolist()} for t in found]

    return read


PEERS: dict[str, Callable[..., Tables]] = {"this project": pdf_tables, "pdfplumber default": plumber}
if importlib.util.find_spec("camelot"):
    PEERS["camelot lattice"] = camelot_of("lattice")
    PEERS["camelot hybrid"] = camelot_of("hybrid")
