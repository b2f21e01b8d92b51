"""Memory of reading 300 pages in one file: `python -m tests.benchmarks.pdf_memory [folder of PDFs]`.

The file is made of the pages of the PDFs of the folder, over and over.  Prints the peak of the process, in MiB.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from pathlib import Path

import pypdfium2

from pipelines.read.pdf import read_pdf
from pipelines.settings import PROJECT, ReadLimits

PAGES = 300


def long_pdf(folder: Path) -> bytes:
    out = pypdfium2.PdfDocument.new()
    sources = [pypdfium2.PdfDocument(path) for path in sorted(folder.glob("*.pdf"))]
    while len(out) < PAGES:
        for source in sources:
            out.import_pages(source)
    held = io.BytesIO()
    out.save(held)
    return held.getvalue()


def main() -> None:
    if sys.argv[1:2] == ["--read"]:
        data = Path(sys.argv[2]).read_bytes()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        start = time.perf_counter()
        blocks, _ = read_pdf(data, ReadLimits(max_pages=PAGES), "bench")
        took = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{PAGES} pages, {len(blocks)} blocks: {took:.1f} s, {PAGES / took:.0f} pages/s, {before} -> {peak} MiB")
        return
    import subprocess
    import tempfile

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT.parent / "shared" / "corpus" / "icdar2013-eu"
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(long_pdf(folder))
        file.flush()
        subprocess.run([sys.executable, "-m", "tests.benchmarks.pdf_memory", "--read", file.name], check=True)


if __name__ == "__main__":
    main()
