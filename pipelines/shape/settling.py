"""What the identities of a card say of the figures of one document: signs settled, failures withheld.

What belongs here: arithmetic that a card declares, after the verdict.  It corroborates or withholds and settles the
sign that a card leaves to it; it never promotes a verdict, never chooses a reading, never mends a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from pipelines.cards import SeriesCard
from pipelines.cards.schema import Identity
from pipelines.model import Finding, Period, Severity
from pipelines.shape.figures import UNKNOWN_LABEL, Figure, period_of

_Key = tuple[object, ...]
TWICE = "printed twice in the document, with different figures"


def settle(figures: Sequence[Figure], card: SeriesCard, document_id: str) -> tuple[list[Figure], list[Finding]]:
    """The figures of one series in one document, signed, and held where an identity of the card fails.

    Figures are compared within one base period and one combination of dimensions.
    """
    findings: list[Finding] = []
    groups: dict[_Key, list[int]] = {}
    out = list(figures)
    for i, figure in enumerate(out):
        out[i] = _negative(figure, card)
        groups.setdefault((figure.base.start, figure.base.end, figure.dimensions), []).append(i)
    for indexes in groups.values():
        _group(out, indexes, card, document_id, findings)
    _twins(out, card, document_id, findings)
    return out, findings


def _twins(out: list[Figure], card: SeriesCard, document_id: str, findings: list[Finding]) -> None:
    """One figure that the document prints in two places (the reserves at the end of the month and of the year to
    date) is one value, or none of them loads."""
    printed: dict[_Key, list[int]] = {}
    for i, figure in enumerate(out):
        if figure.measure and figure.value is not None and figure.status != UNKNOWN_LABEL:
            period = period_of(figure, card)
            key = (figure.measure, figure.dimensions, figure.classification, period.start, period.end, period.kind)
            printed.setdefault(key, []).append(i)
    for indexes in printed.values():
        if len({out[i].value for i in indexes}) > 1 and not all(out[i].held for i in indexes):
            _hold(out, indexes, TWICE, findings, document_id, "figure-printed-twice",
                  f"{out[indexes[0]].measure} of {_said(out[indexes[0]].base)}")  # fmt: skip


def _negative(figure: Figure, card: SeriesCard) -> Figure:
    """An outgo is below zero however it is printed."""
    measure = card.measures.get(figure.measure)
    if measure is None or measure.sign != "negative" or figure.value is None or figure.value <= 0:
        return figure
    return replace(figure, value=-figure.value)


def _group(out: list[Figure], indexes: list[int], card: SeriesCard, document_id: str, findings: list[Finding]) -> None:
    at: dict[str, list[int]] = {}
    for i in indexes:
        if out[i].measure and out[i].value is not None and not out[i].held:
            at.setdefault(out[i].measure, []).append(i)
    values = {m: sorted({v for i in several if (v := out[i].value) is not None}) for m, several in at.items()}
    balances = [m for m in values if card.measures[m].sign == "balance"]
    free: dict[str, tuple[Decimal, ...]] = {}
    for name, several in values.items():
        magnitudes = {abs(v) for v in several}
        if len(magnitudes) > 1 or (name not in balances and len(several) > 1):
            _hold(out, at[name], TWICE, findings, document_id, "figure-printed-twice",
                  f"{name} of {_said(out[at[name][0]].base)}")  # fmt: skip
            continue
        free[name] = (several[0],) if name not in balances or several[0] == 0 else (abs(several[0]), -abs(several[0]))
    if not card.identities:
        return
    slack = max((out[i].reading.quantum for i in indexes), default=Decimal(1))
    # a row that the card does not know may be a part of what it stands among: what fails there cannot be told
    unknown = {out[i].table_id for i in indexes if not out[i].measure and out[i].value}
    moot = {
        identity.total
        for identity in card.identities
        if unknown & {out[i].table_id for i in at.get(identity.total, ())}
    }
    best = _best(card.identities, free, slack, moot)
    failing = [i for k, i in enumerate(card.identities) if any(tested[k] is False for _, tested in best)]
    holding = [i for k, i in enumerate(card.identities) if all(tested[k] is True for _, tested in best)]
    sound = {name for identity in holding for name in _members(identity)}
    reached = {name for identity in failing for name in _members(identity)} & set(at)
    names = sorted(reached - sound) or sorted(reached)
    if names:
        _hold(out, [i for n in names for i in at[n]], "an identity of the series card fails", findings, document_id,
              "card-identity-fails", f"{', '.join(names)} of {_said(out[indexes[0]].base)}")  # fmt: skip
    for name in balances:
        signs_left = {chosen[name] for chosen, _ in best if name in chosen} if name in sound else None
        for i in at[name]:
            if name in free and not out[i].held:
                out[i] = _signed(out[i], signs_left)


def _members(identity: Identity) -> tuple[str, ...]:
    return (identity.total, *identity.parts, *identity.optional)


_Tested = tuple[dict[str, Decimal], list[bool | None]]


def _best(
    identities: Sequence[Identity], free: dict[str, tuple[Decimal, ...]], slack: Decimal, moot: set[str]
) -> list[_Tested]:
    """The choices of signs under which the fewest identities fail, each with what became of every identity."""
    open_names = sorted(n for n in free if len(free[n]) > 1)
    ranked: list[tuple[int, _Tested]] = []
    for signs in product(*(free[n] for n in open_names)):
        chosen = {n: free[n][0] for n in free} | dict(zip(open_names, signs, strict=True))
        tested = [_holds(identity, chosen, slack) for identity in identities]
        tested = [None if t is False and i.total in moot else t for i, t in zip(identities, tested, strict=True)]
        ranked.append((tested.count(False), (chosen, tested)))
    fewest = min(count for count, _ in ranked)
    return [said for count, said in ranked if count == fewest]


def _signed(figure: Figure, left: set[Decimal] | None) -> Figure:
    """A balance with the sign that the identities leave; where none reaches it, with the sign that is printed, unless
    the label contradicts it."""
    value = figure.value
    assert value is not None
    if left is not None and len(left) == 1:
        signed = left.copy().pop()
        if signed == value:
            return figure
        return replace(figure, value=signed, inferred=figure.inferred or "the sign: by the identities of the table")
    words = figure.label.casefold()
    deficit, surplus = "deficit" in words or "赤字" in words, "surplus" in words or "盈餘" in words
    if deficit and not surplus and value > 0:
        return figure.hold(
            "its sign is open: labelled a deficit, printed without a sign, and no identity reaches it",
            "a release that prints the parts of the balance",
        )
    return figure


def _holds(identity: Identity, values: dict[str, Decimal], quantum: Decimal) -> bool | None:
    """Whether total = sum of parts (and of what optional parts are printed); None where it cannot be evaluated.

    Slack: half a unit in the last place for each term (the interval rule of XBRL Calculations 1.1).
    """
    if identity.total not in values or any(p not in values for p in identity.parts):
        return None
    if any(u in values for u in identity.unless):
        return None
    parts = [*identity.parts, *(p for p in identity.optional if p in values)]
    gap = values[identity.total] - sum((values[p] for p in parts), Decimal(0))
    return abs(gap) <= quantum * (1 + len(parts)) / 2


def _hold(
    out: list[Figure], indexes: list[int], reason: str, findings: list[Finding], document_id: str, code: str, what: str
) -> None:
    for i in indexes:
        out[i] = out[i].hold(reason, "a correction of the document, or a later release that prints the figures anew")
    findings.append(
        Finding(
            "shape", code, Severity.ERROR, f"{what}: {reason}.",
            "Compare with the document; record a correction if the source is wrong.", document_id,
            out[indexes[0]].table_id,
        )
    )  # fmt: skip


def _said(period: Period) -> str:
    return period.label.replace("\n", " ") or f"{period.start} to {period.end}"
