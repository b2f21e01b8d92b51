"""What one sentence states: figures with scheme, measure and period, each with one reading, or nothing.

What belongs here: the tokens of a sentence to figures.  What does not: documents, and what a sentence takes over from
the one before (that is handed in).

The rule: a sentence is read clause by clause, from its start.  A clause with a word that is not understood ends the
reading; what stands before it remains.  In a clause figures and verbs take turns ("received 100 and approved 50",
"100 were received"), or stand in two lists with "respectively" after them; anything else is declined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pipelines.shape.statement_periods import StatementPeriod
from pipelines.shape.statement_tokens import StatedNumber, Token, TokenKind

#: Measure by verb and noun; a pair that is not here is no count that the warehouse knows.
MEASURES: dict[tuple[str, str], str] = {
    **{
        (verb, noun): measure
        for noun in ("applications", "persons")
        for verb, measure in (
            ("approved", "applications_approved"),
            ("approved_in_principle", "approvals_in_principle"),
            ("refused", "applications_rejected"),
            ("withdrawn", "applications_withdrawn"),
            ("pending", "applications_pending"),
            ("allotted", "quotas_allotted"),
        )
    },
    ("received", "applications"): "applications_received",
    ("arrived", "persons"): "arrivals",
    ("allotted", "quotas"): "quotas_allotted",
    ("issued", "visas"): "visas_issued",
    ("received", "dependants"): "dependants_applied",
    ("approved", "dependants"): "dependants_approved",
    ("arrived", "dependants"): "dependants_arrived",
    ("received", "extensions"): "extensions_applied",
    ("approved", "extensions"): "extensions_approved",
    ("refused", "extensions"): "extensions_rejected",
}
STOCKS = frozenset(("applications_pending",))
_WEIGHT = {"applications": 1, "persons": 1, "quotas": 2, "visas": 2, "dependants": 3, "extensions": 3}
#: A clause that is not read and takes something into the figure, or out of it, takes the figure away.
_WITHDRAWS = re.compile(r"(?:includ|exclud|compris|cover|but not|包括|包含|不包括|不計|扣除|連同|连同)")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clause speaks of, and what a clause after it ("of which") takes over."""

    scheme: str = ""
    period: StatementPeriod | None = None
    noun: str = ""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure of a sentence; [start, end) is its place in the plain sentence."""

    scheme: str
    measure: str
    period: StatementPeriod
    launch_named: tuple[date, date] | None
    number: StatedNumber
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """The figures of a sentence, the subject for "of these" in the next, and whether all of it was read."""

    figures: tuple[StatedFigure, ...]
    subject: Subject | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    number: Token
    verb: str
    noun: str
    scheme: Token | None = None
    period: Token | None = None


def read_sentence(
    text: str, tokens: Sequence[Token], before: Subject | None, scheme_of_anaphor: str
) -> SentenceReading:
    """The figures that the tokens of a plain sentence state.

    before             the subject of the sentence before, which "of these" takes over; None where nothing was read
    scheme_of_anaphor  what "the Scheme" is, and the scheme of a sentence that names none; "" where that is open
    """
    clauses = _split_clauses(tokens)
    schemes = {t.value for t in tokens if t.kind is TokenKind.SCHEME}
    launches = [t for t in tokens if t.kind is TokenKind.LAUNCH]
    follows = bool(tokens) and tokens[0].kind is TokenKind.SUBSET
    subject = before if follows and before is not None else Subject(noun="")
    if follows and before is None:
        return SentenceReading((), None, False)
    figures: list[StatedFigure] = []
    used_period = subject.period is not None
    trailing = _trailing_period(clauses)
    for index, clause in enumerate(clauses):
        numbers = [t for t in clause if t.kind is TokenKind.NUMBER]
        if any(t.kind is TokenKind.UNKNOWN for t in clause):
            if _WITHDRAWS.search(text[clause[0].start : clause[-1].end]):
                figures = []
            return SentenceReading(tuple(figures), None, False)
        own_schemes = [t for t in clause if t.kind is TokenKind.SCHEME]
        own_periods = [t for t in clause if t.kind is TokenKind.PERIOD]
        respectively = any(t.kind is TokenKind.RESPECTIVELY for t in clause)
        units = _pair(clause, respectively) if numbers else []
        if units is None:
            return SentenceReading(tuple(figures), None, False)
        is_subset = any(t.kind is TokenKind.SUBSET for t in clause)
        if is_subset and units and not figures and before is None and _is_part_first(clause, units):
            return SentenceReading((), None, False)  # "of them" of what was not read
        named = _one_scheme(clause, own_schemes, schemes, subject, scheme_of_anaphor)
        if len({t.value for t in own_schemes}) > 1 and not (units and all(u.scheme for u in units)):
            return SentenceReading(tuple(figures), None, False)
        if len(own_periods) > 1 and not (units and all(u.period for u in units)):
            return SentenceReading(tuple(figures), None, False)
        period = own_periods[0].value if len(own_periods) == 1 else None
        if own_periods and used_period and is_subset and period != subject.period:
            return SentenceReading(tuple(figures), None, False)  # a part of one period counted over another
        assert period is None or isinstance(period, StatementPeriod)
        period = period or subject.period or (trailing if not figures else None)
        subject = replace(subject, scheme=named or subject.scheme, period=period)
        for unit in units:
            figure = _figure(unit, subject, launches, is_subset)
            if figure is None:
                return SentenceReading(tuple(figures), None, False)
            figures.append(figure)
            subject = replace(subject, noun=_noun_of(unit, subject, is_subset))
        used_period = used_period or bool(own_periods)
        if units and not own_periods and index == 0 and not follows and trailing is None:
            return SentenceReading((), None, False)
    return SentenceReading(tuple(figures), subject if figures else None, True)


def _is_part_first(clause: Sequence[Token], units: Sequence[_Unit]) -> bool:
    """Whether "of them" belongs to the first figure of a clause; in "received 100 and approved 50 of them" not."""
    second = units[1].number.start if len(units) > 1 else clause[-1].end
    return any(t.kind is TokenKind.SUBSET and t.start < second for t in clause)


def _split_clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is TokenKind.BREAK:
            clauses.append([])
        else:
            clauses[-1].append(token)
    clauses = _join_introductions(clauses)
    return [c for c in clauses if any(t.kind is not TokenKind.FILLER for t in c)]


def _join_introductions(clauses: Sequence[Sequence[Token]]) -> list[list[Token]]:
    """A clause without a figure and a verb belongs to the next ("In 2022 and 2023, ..."), but for the last one."""
    joined: list[list[Token]] = []
    open_clause: list[Token] = []
    for clause in clauses:
        open_clause = [*open_clause, *clause]
        if any(t.kind in (TokenKind.NUMBER, TokenKind.VERB) for t in clause):
            joined.append(open_clause)
            open_clause = []
    return [*joined, open_clause]


def _trailing_period(clauses: Sequence[Sequence[Token]]) -> StatementPeriod | None:
    """The period at the end of a sentence that names one alone, after all its figures ("..., as at end-2023")."""
    periods = [(i, t) for i, c in enumerate(clauses) for t in c if t.kind is TokenKind.PERIOD]
    if len(periods) != 1 or not clauses:
        return None
    at, token = periods[0]
    bare = not any(t.kind in (TokenKind.NUMBER, TokenKind.VERB, TokenKind.UNKNOWN) for t in clauses[at])
    return token.value if bare and at == len(clauses) - 1 and isinstance(token.value, StatementPeriod) else None


def _one_scheme(
    clause: Sequence[Token], own: Sequence[Token], of_sentence: set[object], subject: Subject, anaphor: str
) -> str:
    """The scheme of a clause: its own, that of the clause before, the only one of the sentence, else of context."""
    if own:
        return str(own[0].value)
    if any(t.kind is TokenKind.ANAPHOR for t in clause) and not of_sentence:
        return anaphor if not subject.scheme or subject.scheme == anaphor else ""
    if subject.scheme:
        return subject.scheme
    if len(of_sentence) == 1:
        return str(next(iter(of_sentence)))
    return "" if of_sentence else anaphor


def _pair(clause: Sequence[Token], respectively: bool) -> list[_Unit] | None:
    """Figures with their verbs, in turns or in two lists; None where they do not pair."""
    numbers = [t for t in clause if t.kind is TokenKind.NUMBER]
    verbs = [t for t in clause if t.kind is TokenKind.VERB]
    if respectively:
        return _pair_lists(clause, numbers, verbs)
    turns = [t for t in clause if t.kind in (TokenKind.NUMBER, TokenKind.VERB)]
    if len(numbers) != len(verbs) or any(a.kind is b.kind for a, b in pairwise(turns)):
        return None
    units = []
    for i in range(0, len(turns), 2):
        low = turns[i].start if i else clause[0].start
        high = turns[i + 2].start if i + 2 < len(turns) else clause[-1].end
        number, verb = sorted(turns[i : i + 2], key=lambda t: t.kind is not TokenKind.NUMBER)
        units.append(_Unit(number, str(verb.value), _noun(clause, low, high, number)))
    return units


def _pair_lists(clause: Sequence[Token], numbers: list[Token], verbs: list[Token]) -> list[_Unit] | None:
    """ "The numbers received and approved were 100 and 50 respectively": one list as long as that of the figures."""
    schemes = [t for t in clause if t.kind is TokenKind.SCHEME]
    periods = [t for t in clause if t.kind is TokenKind.PERIOD]
    lists = [x for x in (verbs, schemes, periods) if len(x) > 1]
    noun = _noun(clause, clause[0].start, clause[-1].end, numbers[0])
    if len(numbers) < 2 or not verbs or len(lists) != 1 or len(lists[0]) != len(numbers):
        return None
    if len({str(t.value) for t in lists[0]}) != len(lists[0]):
        return None
    order = [t.kind is TokenKind.NUMBER for t in sorted((*numbers, *lists[0]), key=lambda t: t.start)]
    if sum(a != b for a, b in pairwise(order)) != 1:
        return None  # the lists run into each other
    return [
        _Unit(
            n,
            str((verbs[i] if lists[0] is verbs else verbs[0]).value),
            noun if not _classifier(n) or noun else _classifier(n),
            schemes[i] if lists[0] is schemes else None,
            periods[i] if lists[0] is periods else None,
        )
        for i, n in enumerate(numbers)
    ]


def _classifier(number: Token) -> str:
    assert isinstance(number.value, tuple)
    return str(number.value[1])


def _noun(clause: Sequence[Token], low: int, high: int, number: Token) -> str:
    """What is counted between two places: the most special noun, else what the measure word of the figure counts."""
    nouns = [str(t.value) for t in clause if t.kind is TokenKind.NOUN and low <= t.start < high]
    special = {n for n in nouns if _WEIGHT[n] > 1}
    if len(special) > 1 or (special and max(_WEIGHT[n] for n in special) == 2 and "applications" in nouns):
        return "?"  # visas and applications, dependants and extensions: two things
    if special:
        return next(iter(special))
    classifier = _classifier(number)
    if classifier and classifier in nouns:
        return classifier
    return nouns[0] if nouns else classifier


def _noun_of(unit: _Unit, subject: Subject, is_subset: bool) -> str:
    special = subject.noun in ("dependants", "extensions")
    if is_subset and special and unit.noun in ("", "applications", "persons"):
        return subject.noun
    return unit.noun or subject.noun


def _figure(unit: _Unit, subject: Subject, launches: Sequence[Token], is_subset: bool) -> StatedFigure | None:
    """The figure of a unit; None where its scheme, measure or period is open."""
    scheme = str(unit.scheme.value) if unit.scheme else subject.scheme
    period = unit.period.value if unit.period else subject.period
    noun = _noun_of(unit, subject, is_subset)
    if unit.verb == "allotted" and noun == "persons" and not unit.noun:
        noun = "applications"
    measure = MEASURES.get((unit.verb, noun))
    if not scheme or measure is None or not isinstance(period, StatementPeriod) or len(launches) > 1:
        return None
    if launches and period.start is not None:
        return None  # "since its launch" and "in 2023" are two periods
    named = launches[0].value if launches else None
    assert isinstance(unit.number.value, tuple)
    stated = unit.number.value[0]
    return StatedFigure(
        scheme, measure, period, named if isinstance(named, tuple) else None, stated, unit.number.start, unit.number.end
    )
