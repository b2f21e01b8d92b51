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
from pipelines.shape.figures import Figure

_Key = tuple[object, ...]


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
    return out, findings


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
            _hold(out, at[name], "printed twice in the document, with different figures", findings, document_id,
                  "figure-printed-twice", f"{name} of {_said(out[at[name][0]].base)}")  # fmt: skip
            continue
        free[name] = (several[0],) if name not in balances or several[0] == 0 else (abs(several[0]), -abs(several[0]))
    if not card.identities:
        return
    slack = max((out[i].reading.quantum for i in indexes), default=Decimal(1))
    open_names = sorted(n for n in free if len(free[n]) > 1)
    fitting = []
    for signs in product(*(free[n] for n in open_names)):
        chosen = {n: free[n][0] for n in free} | dict(zip(open_names, signs, strict=True))
        tested = [_holds(identity, chosen, slack) for identity in card.identities]
        if False not in tested:
            fitting.append((chosen, tested))
    evaluable = any(t is not None for _, tested in fitting for t in tested) or not fitting
    if not fitting:
        names = sorted({n for i in card.identities for n in (i.total, *i.parts, *i.optional)} & set(at))
        _hold(out, [i for n in names for i in at[n]], "an identity of the series card fails", findings, document_id,
              "card-identity-fails", f"{', '.join(names)} of {_said(out[indexes[0]].base)}")  # fmt: skip
        return
    for name in balances:
        if name not in free:
            continue
        reached = evaluable and any(
            t is not None and name in (identity.total, *identity.parts, *identity.optional)
            for identity, t in zip(card.identities, fitting[0][1], strict=True)
        )
        signs_left = {chosen[name] for chosen, _ in fitting}
        for i in at[name]:
            out[i] = _signed(out[i], signs_left if reached else None)


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
