"""Generated releases in every medium: how many figures are right, missing and wrong; for intact and shifted totals.

    python -m tests.benchmarks.generated 100

Prints one line a medium.  "wrong" must be 0.  "leaked" counts figures loaded from a column whose total was shifted.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.support.render import MEDIA
from tests.test_generated import made, run, truth


def main(seeds: int) -> None:
    for shift in (False, True):
        print("totals shifted" if shift else "intact")
        for medium, render in MEDIA.items():
            count: Counter[str] = Counter()
            for seed in range(seeds):
                said = made(medium, seed, shift=shift)
                got, wanted = run(render(said)).figures, truth(said)
                wrong = [key for key, values in got.items() if wanted.get(key) != values]
                count["figures"] += len(wanted)
                count["right"] += len(got) - len(wrong)
                count["wrong"] += len(wrong)
                if wrong:
                    print(f"  WRONG in {medium}, seed {seed}, shift {shift}: {wrong[:2]}")
                if said.shifted is not None:
                    number, column = said.shifted
                    table = said.tables[number]
                    count["leaked"] += sum(key[:2] == (table.series, table.measures[column]) for key in got)
                    count["other columns of the shifted table"] += sum(key[0] == table.series for key in got)
            print(f"  {medium}: {dict(count)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
