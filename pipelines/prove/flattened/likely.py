"""Rows that no sum decides, read where the widths of the table's figures leave one reading at long odds.

What belongs here: weighing the numbers of columns against each other, what the rows teach about the columns, and the
odds at which a reading is accepted.  What must never stand here: the model itself (`widths`), sums, labels.

The odds, stated beforehand: a reading is accepted where all others together have less than 1 / `ODDS` of the
likelihood of the row, over all numbers of columns.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.ratios import Borne
from pipelines.prove.flattened.widths import Chain, Counts, Graph, Model, chain, spelled

ODDS = 500.0
WIDEST_TABLE = 40  # columns
SETTLED = 6  # rows that must show one number of columns: without them a wrong one teaches itself its wrong readings
FEW = 3  # rows that must show another for it to be weighed against that one
WITNESSES = 16  # rows by which they are weighed, of those known and of the others
ROUNDS = 2


class _Borne(NamedTuple):
    """A reading that something else than widths makes `times` likelier, and the readings that it makes so as well."""

    one: Chain
    times: float
    rivals: list[Graph]


def likely(
    rows: Sequence[Row],
    known: dict[int, Numbers],
    columns: int | None = None,
    borne: dict[int, Borne] | None = None,
) -> dict[int, tuple[Numbers, float]]:
    """For each row that is not known its best reading, and its share of the likelihood.  Deterministic.

    columns  the number of columns if it is settled
    borne    of some rows a reading that a quotient makes likelier, and its rivals
    """
    distinct: dict[tuple[str, ...], int] = {}
    for r, row in enumerate(rows):
        distinct.setdefault(row.groups, r)
    first = sorted(distinct.values())
    open_rows = [r for r in first if r not in known and rows[r].counts]
    if not open_rows:
        return {}
    graphs = {r: Graph.of(rows[r]) for r in open_rows}
    sure = {r: chain(rows[r], known[r]) for r in first if r in known}
    shares: dict[int, dict[Numbers, float]] = {r: {} for r in open_rows}
    held = {r: b for r, b in (borne or {}).items() if r in graphs}
    borne_out = {
        r: _Borne(chain(rows[r], b.reading), b.times, [graphs[r].through(s) for s in b.rivals]) for r, b in held.items()
    }
    for k, weight in _columns(sure, graphs, columns).items():
        for r, (share, best) in _read(k, sure, graphs, {r: rows[r].counts for r in graphs}, borne_out).items():
            if best:
                reading = spelled(rows[r], best)
                shares[r][reading] = shares[r].get(reading, 0.0) + weight * share
    out = {}
    for r, row in enumerate(rows):
        said = shares.get(distinct[row.groups])
        if said and r not in known:
            reading = max(said, key=lambda x: said[x])
            out[r] = reading, said[reading]
    return out


def _columns(sure: dict[int, Chain], graphs: dict[int, Graph], columns: int | None) -> dict[int, float]:
    """The likelihood of each number of columns, of all together: each row's after what the rows before it taught.

    columns  the number of columns if column sums have settled it
    """
    seen = Counter(len(one) for one in sure.values())
    if columns is not None:
        return {columns: 1.0}
    if max(seen.values(), default=0) < SETTLED:
        return {}
    logs: dict[int, float] = {}
    chosen = {**_some({r: Graph(one[-1][1], one) for r, one in sure.items()}), **_some(graphs)}
    for k in sorted(k for k, n in seen.items() if n >= FEW and k <= WIDEST_TABLE):
        counts, log = Counts(k), 0.0
        for r, graph in chosen.items():
            model = Model(counts)
            said, share, best = model.best(graph)
            log += math.log(max(said, 1e-300))
            if best:
                counts.add(best, model.columns(best, graph.end), 1.0 if r in sure else share)
        logs[k] = log
    most = max(logs.values(), default=0.0)
    weights = {k: math.exp(log - most) for k, log in logs.items()}
    return {k: w / sum(weights.values()) for k, w in weights.items() if w > 1e-6}


def _some(graphs: dict[int, Graph]) -> dict[int, Graph]:
    """At most `WITNESSES` of the rows, spread evenly over the table."""
    step = max(1, math.ceil(len(graphs) / WITNESSES))
    return dict(list(graphs.items())[::step])


def _read(
    k: int,
    sure: dict[int, Chain],
    graphs: dict[int, Graph],
    counts: dict[int, Counter[int]],
    borne: dict[int, _Borne],
) -> dict[int, tuple[float, Chain]]:
    """The best reading of each open row with k columns, and its share, each judged by the other rows."""
    base = Counts(k)
    for one in sure.values():
        base.add(one, Model(base).columns(one, one[-1][1]), 1.0)
    # what kind of row the grammar alone says that it is, whatever its reading
    few = {r for r in graphs if max(counts[r]) < k}
    many = {r for r in graphs if min(counts[r]) > k}
    base.gaps += len(few)
    base.odd += len(many)
    taught: dict[int, tuple[float, Chain, list[int] | None]] = {}
    for _ in range(ROUNDS):
        now = {}
        model = Model(base)
        for r, graph in graphs.items():
            if taught:
                seen = base.copy()
                for other, (share, best, columns) in taught.items():
                    if other != r and share > 0.5:
                        seen.add(best, columns, share, kind=other not in few and other not in many)
                model = Model(seen)
            said, share, best = model.best(graph)
            if r in borne and said > 0:
                one, times, rivals = borne[r]
                mine = model.likelihood(Graph(graph.end, one)) * times
                rest = max(0.0, said - mine / times) + times * sum(model.likelihood(rival) for rival in rivals)
                if 2 * mine > mine + rest:
                    share, best = mine / (mine + rest), one
            now[r] = share, best, model.columns(best, graph.end)
        taught = now
    return {r: (share, best) for r, (share, best, _) in taught.items()}
