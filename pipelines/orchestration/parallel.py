"""The one seam behind which documents are worked on side by side: `map_items(function, items)`.

Serial or a process pool, by the number of workers; another way of spreading work (a cluster) would go here and
nowhere else.  The function must be importable from the installed package without Dagster, and must not raise for a
document's sake.  Processes are spawned, not forked: pypdfium2 is not safe in a forked or threaded process.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW = 8
"""Up to so many items starting processes (about a second each) costs more than it saves."""


def map_items(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    workers: int,
    lost: Callable[[Item, str], Result],
) -> Iterator[tuple[Item, Result]]:
    """(item, result) for each item, in the order in which they are done.

    `lost(item, why)` gives the result of an item whose process died under it (out of memory, a fault in a native
    library): the other items go on.  It is asked only after the item has failed alone, in a process of its own.
    """
    if workers <= 1 or len(items) <= _FEW:
        for item in items:
            yield item, function(item)
        return
    context = multiprocessing.get_context("spawn")
    left = list(items)
    while left:
        suspects: list[Item] = []
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield from _until_it_breaks(pool, function, left, suspects, at_once=workers * 2)
        for item in suspects:
            with ProcessPoolExecutor(1, mp_context=context) as alone:
                try:
                    result = alone.submit(function, item).result()
                except BrokenProcessPool:
                    result = lost(item, "the process that worked on it died (out of memory, or a fault in a library)")
            yield item, result


def _until_it_breaks(
    pool: ProcessPoolExecutor,
    function: Callable[[Item], Result],
    left: list[Item],
    suspects: list[Item],
    *,
    at_once: int,
) -> Iterator[tuple[Item, Result]]:
    """Takes items from `left` until it is empty or a process dies; those then under way go to `suspects`."""
    waiting: dict[Future[Result], Item] = {}
    broken = False
    while waiting or (left and not broken):
        while left and not broken and len(waiting) < at_once:
            item = left.pop(0)
            try:
                waiting[pool.submit(function, item)] = item
            except BrokenProcessPool:
                left.insert(0, item)
                broken = True
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            item = waiting.pop(future)
            try:
                result = future.result()
            except BrokenProcessPool:
                broken = True
                suspects.append(item)
            else:
                yield item, result
