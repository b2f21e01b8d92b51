"""Arithmetic that is no sum, between three figures of a table: an average, a share, a change in per cent, a difference.

What belongs here: when three figures stand in such a relation, as printed, and what it says that they do.  What must
never stand here: which figures of a table are compared (`rowratios`, `lineratios`).

A printed quotient is rounded to a whole number, so that it meets a / b where both differ by half at most.  How chance
is reckoned: given a and b, some other figure t in the order of the quotient equals it with a chance of about 1 / t; in
units of the power of ten that t is a multiple of, since round figures are frequent.  A quotient of 0, or one that only
repeats a figure (a = b, b = 1, b = 100 of a share) is met with chance 1: it says nothing.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.groups import Numbers

Floats = NDArray[np.float64]
Span = tuple[int, int]

CERTAIN = 2000.0  # odds that what is no sum must reach: a misprint changes a sum, and leaves many a quotient as it was


class Borne(NamedTuple):
    """A reading of a row that a quotient makes likelier.

    times   how many times
    rivals  the spans (from group, to group) of three figures, one triple each, that meet the quotient as well: so many
            times likelier are all readings that hold them
    """

    reading: Numbers
    times: float
    rivals: frozenset[tuple[Span, Span, Span]] = frozenset()


class Kind(StrEnum):
    """What t is of a and b."""

    AVERAGE = "t = a / b"
    SHARE = "t = 100 a / b"
    CHANGE = "t = 100 (a - b) / b"
    DIFFERENCE = "t = a - b"

    @property
    def scale(self) -> int:
        return 1 if self in (Kind.AVERAGE, Kind.DIFFERENCE) else 100


def meets(kind: Kind, a: int, b: int, t: int) -> bool:
    """Whether t is, as rounded, what its kind says of a and b."""
    if kind is Kind.DIFFERENCE:
        return a - b == t
    over = a - b if kind is Kind.CHANGE else a
    return b > 0 and over >= 0 and 2 * abs(kind.scale * over - t * b) <= b


def chance(kind: Kind, a: int, b: int, t: int) -> float:
    """The chance that t is met by luck, where it is met."""
    if t == 0 or a == b or t in (a, b) or a == 0:
        return 1.0
    if kind is Kind.DIFFERENCE:
        unit = math.gcd(a, b, t)
        return min(1.0, max(unit / a, unit / (unit + min(b, t))))
    unit = 1
    while t % (10 * unit) == 0:
        unit *= 10
    return unit / t


def expected(kind: Kind, a: Floats, b: Floats) -> Floats:
    """What t should be, before it is rounded; nan where b is 0."""
    if kind is Kind.DIFFERENCE:
        return a - b
    with np.errstate(divide="ignore", invalid="ignore"):
        whole: Floats = np.where(b > 0, a / b, np.nan)
    return whole if kind is Kind.AVERAGE else 100 * whole if kind is Kind.SHARE else 100 * whole - 100
