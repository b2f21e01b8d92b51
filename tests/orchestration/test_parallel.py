"""Documents side by side: every item comes back once, and a process that dies takes none but its own with it."""

from __future__ import annotations

import importlib
import os
import sys
from collections import Counter

from pipelines.orchestration.parallel import map_items


def square(item: int) -> int:
    return item * item


def die_on_seven(item: int) -> int:
    if item == 7:
        os._exit(1)
    return item * item


def lost(item: int, why: str) -> int:
    return -1


def knows_dagster(item: int) -> bool:
    importlib.import_module("pipelines.orchestration.steps")
    return "dagster" in sys.modules


def test_one_worker_works_in_order_in_this_process() -> None:
    assert list(map_items(square, [3, 1, 2], workers=1, lost=lost)) == [(3, 9), (1, 1), (2, 4)]


def test_several_workers_give_the_same_results() -> None:
    items = list(range(40))
    assert sorted(map_items(square, items, workers=2, lost=lost)) == [(n, n * n) for n in items]


def test_a_process_that_dies_loses_its_item_and_no_other() -> None:
    items = list(range(20))
    done = list(map_items(die_on_seven, items, workers=2, lost=lost))
    assert Counter(item for item, _ in done) == Counter(items)
    assert dict(done) == {n: -1 if n == 7 else n * n for n in items}


def test_what_a_worker_imports_does_not_bring_dagster() -> None:
    assert {said for _, said in map_items(knows_dagster, list(range(9)), workers=2, lost=lambda i, w: True)} == {False}
