"""Fuzz of the PDF reader: `python -m tests.benchmarks.pdf_fuzz [cases] [folder of PDFs]`.

Bytes of real and generated PDFs are changed, cut and doubled; every case must end in blocks or findings, in bounded
time.  Prints the count of cases, of exceptions and the slowest case.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from pipelines.read.pdf import read_pdf
from pipelines.settings import PROJECT, ReadLimits
from tests.read.pdf_making import pdf, ruled

LIMITS = ReadLimits(max_seconds=10.0, max_pages=3)


def mutated(data: bytes, random_: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(random_.randint(1, 20)):
        kind, at = random_.randrange(4), random_.randrange(len(out))
        if kind == 0:
            out[at] = random_.randrange(256)
        elif kind == 1:
            del out[at : at + random_.randint(1, 200)]
        elif kind == 2:
            out[at:at] = out[at : at + random_.randint(1, 200)]
        else:
            out[at : at + 8] = bytes(random_.choice(b"0123456789 /<>[]()R") for _ in range(8))
        if len(out) < 50:
            break
    return bytes(out[: random_.randint(len(out) // 2, len(out))] if random_.random() < 0.1 else out)


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else PROJECT.parent / "shared" / "corpus" / "icdar2013-eu"
    seeds = [p.read_bytes() for p in sorted(folder.glob("*.pdf")) if p.stat().st_size < 120_000]
    rows = [["Year", "Number"], *[[str(2000 + k), str(k * k)] for k in range(12)]]
    seeds += [pdf(lambda c: ruled(c, rows, widths=[80, 80]))] * 4
    random_ = random.Random(1)
    codes: Counter[str] = Counter()
    failed, slowest = 0, 0.0
    for n in range(cases):
        data = mutated(seeds[n % len(seeds)], random_)
        start = time.perf_counter()
        try:
            _, findings = read_pdf(data, LIMITS, "fuzz")
            codes.update(f.code for f in findings)
        except Exception as error:
            failed += 1
            print(f"case {n}: {type(error).__name__}: {error}")
        slowest = max(slowest, time.perf_counter() - start)
    print(f"{cases} cases, {failed} exceptions, slowest {slowest:.2f} s, findings {dict(codes)}")


if __name__ == "__main__":
    main()
