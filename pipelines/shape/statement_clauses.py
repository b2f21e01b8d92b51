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
            ("net_assets", "net_asset_requirement_fulfilled"),
            ("investments", "investment_requirements_fulfilled"),
        )
    },
    ("received", "applications"): "applications_received",
    ("arrived", "persons"): "arrivals",
    ("allotted", "quotas"): "quotas_allotted",
    ("approved", "quotas"): "quotas_allotted",
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
    follows = bool(tokens) and tokens[0].kind is TokenKind.SUBSET
    if follows and before is None:
        return SentenceReading((), None, False)
    walk = _Walk(text, tokens, _split_clauses(tokens), before if follows else None, scheme_of_anaphor)
    is_whole = all(walk.take(clause) for clause in walk.clauses)
    figures = () if walk.is_void or _has_conflict(walk.figures) else tuple(walk.figures)
    return SentenceReading(figures, walk.subject if figures and is_whole else None, is_whole)


class _Walk:
    """A sentence on its way, clause by clause.  `is_void` once a later clause takes away what was read."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        clauses: list[list[Token]],
        before: Subject | None,
        scheme_of_anaphor: str,
    ) -> None:
        self.text, self.clauses, self.figures = text, clauses, list[StatedFigure]()
        self.before, self.subject = before, before or Subject()
        self.is_void = False
        self._anaphor = scheme_of_anaphor
        self._of_sentence = {t.value for t in tokens if t.kind is TokenKind.SCHEME}
        self._launches = _launches(tokens)
        self._trailing = _trailing_period(clauses)
        self._of_tail = _trailing_scheme(clauses)

    def take(self, clause: Sequence[Token]) -> bool:
        """Reads one clause; False where the reading ends with it."""
        if self._is_withdrawn_by(clause):
            self.is_void = True
            return False
        if any(t.kind is TokenKind.UNKNOWN for t in clause):
            return False
        kinds = {t.kind for t in clause}
        units = _pair(clause) if TokenKind.NUMBER in kinds else []
        if units is None or (not units and TokenKind.VERB in kinds):
            return False
        is_subset = TokenKind.SUBSET in kinds
        if not self.figures and self.before is None and units and _is_part(clause, units):
            return False  # "of them", "a further 100": a part of what was not read
        if not self._set_subject(clause, units, is_subset):
            return False
        for unit in units:
            figure = _figure(unit, self.subject, self._launches, is_subset)
            if figure is None:
                return False
            self.figures.append(figure)
            self.subject = replace(self.subject, noun=_noun_of(unit, self.subject, is_subset))
        return True

    def _is_withdrawn_by(self, clause: Sequence[Token]) -> bool:
        """Whether a clause adds to the figures before it, takes from them, or names another scheme for them."""
        if not self.figures:
            return False
        words = self.text[clause[0].start : clause[-1].end]
        others = any(t.kind is TokenKind.SCHEME and t.value != self.subject.scheme for t in clause)
        has_number = any(t.kind is TokenKind.NUMBER for t in clause)
        is_unknown = any(t.kind is TokenKind.UNKNOWN for t in clause)
        return (others and not has_number) or (is_unknown and _WITHDRAWS.search(words) is not None)

    def _set_subject(self, clause: Sequence[Token], units: Sequence[_Unit], is_subset: bool) -> bool:
        """What the clause speaks of; False where it names several schemes or periods that do not pair with figures."""
        schemes = [t for t in clause if t.kind is TokenKind.SCHEME]
        periods = [t for t in clause if t.kind is TokenKind.PERIOD]
        if len({t.value for t in schemes}) > 1 and not (units and all(u.scheme for u in units)):
            return False
        if len(periods) > 1 and not (units and all(u.period for u in units)):
            return False
        period = periods[0].value if len(periods) == 1 else None
        assert period is None or isinstance(period, StatementPeriod)
        known = self.subject.period
        if is_subset and period is not None and known is not None and period != known:
            return False  # a part counted over another period than the whole
        named = _one_scheme(clause, schemes, self._of_sentence, self.subject, self._anaphor, self._of_tail)
        period = period or known or (None if self.figures else self._trailing)
        self.subject = replace(self.subject, scheme=named or self.subject.scheme, period=period)
        return True


def _has_conflict(figures: Sequence[StatedFigure]) -> bool:
    """Whether a sentence gives one count twice ("300 were approved and a further 200 were approved")."""
    keys = [(f.scheme, f.measure, f.period) for f in figures]
    return len(set(keys)) < len(keys)


_MORE = ("further", "another", "另有", "另", "還有")


def _is_part(clause: Sequence[Token], units: Sequence[_Unit]) -> bool:
    """Whether the first figure of a clause is a part of another: "of them" or "a further" stands with it.

    In "received 100 and approved 50 of them" the words belong to the second figure."""
    second = units[1].number.start if len(units) > 1 else clause[-1].end
    parts = (t for t in clause if t.kind is TokenKind.SUBSET or (t.kind is TokenKind.FILLER and t.value in _MORE))
    return any(t.start < second for t in parts)


def _split_clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    """The clauses of a sentence; one whole clause where it is lists that "respectively" pairs over their commas."""
    whole = [t for t in tokens if t.kind is not TokenKind.BREAK]
    kinds = {t.kind for t in whole}
    if TokenKind.RESPECTIVELY in kinds and TokenKind.UNKNOWN not in kinds and _pair_lists(whole) is not None:
        return [whole]
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


def _trailing_scheme(clauses: Sequence[Sequence[Token]]) -> str:
    """The scheme that a sentence names alone in its last clause, which has no figure; else ""."""
    named = [(i, t) for i, c in enumerate(clauses) for t in c if t.kind is TokenKind.SCHEME]
    if len(named) != 1 or named[0][0] != len(clauses) - 1:
        return ""
    return "" if any(t.kind in (TokenKind.NUMBER, TokenKind.UNKNOWN) for t in clauses[-1]) else str(named[0][1].value)


def _launches(tokens: Sequence[Token]) -> list[Token]:
    """The launch that a sentence names, with its date where that stands apart from it."""
    launches = [t for t in tokens if t.kind is TokenKind.LAUNCH]
    return launches[1:] if len(launches) == 2 and launches[0].value is None else launches


def _one_scheme(
    clause: Sequence[Token],
    own: Sequence[Token],
    of_sentence: set[object],
    subject: Subject,
    anaphor: str,
    of_tail: str,
) -> str:
    """The scheme of a clause: its own, that of the clause before, one that is named after all figures, else of context.

    One that is named beside a later figure is not taken: "100 were received, of which 60 under the one scheme"."""
    if own:
        return str(own[0].value)
    if any(t.kind is TokenKind.ANAPHOR for t in clause) and not of_sentence:
        return anaphor if not subject.scheme or subject.scheme == anaphor else ""
    if subject.scheme:
        return subject.scheme
    return of_tail if of_sentence else anaphor


def _pair(clause: Sequence[Token]) -> list[_Unit] | None:
    """Figures with their verbs, in turns or in two lists; None where they do not pair."""
    numbers = [t for t in clause if t.kind is TokenKind.NUMBER]
    verbs = [t for t in clause if t.kind is TokenKind.VERB]
    if any(t.kind is TokenKind.RESPECTIVELY for t in clause) and (lists := _pair_lists(clause)) is not None:
        return lists
    if len(numbers) == 2 and len(verbs) == 1:
        return _pair_nouns(clause, numbers, verbs[0])
    if len(numbers) == 1 and not verbs and _is_number_of_applications(clause):
        return [_Unit(numbers[0], "received", "applications")]
    turns = [t for t in clause if t.kind in (TokenKind.NUMBER, TokenKind.VERB)]
    if len(numbers) != len(verbs) or any(a.kind is b.kind for a, b in pairwise(turns)):
        return None
    units = []
    for i in range(0, len(turns), 2):
        low = turns[i].start if i else clause[0].start
        high = turns[i + 2].start if i + 2 < len(turns) else clause[-1].end
        number, verb = sorted(turns[i : i + 2], key=lambda t: t.kind is not TokenKind.NUMBER)
        units.append(_Unit(number, str(verb.value), _noun(clause, low, high, number)))
    for i, unit in reversed(list(enumerate(units[:-1]))):
        if not unit.noun:  # "received 100 and approved 50 applications"
            units[i] = replace(unit, noun=units[i + 1].noun)
    return units


def _is_number_of_applications(clause: Sequence[Token]) -> bool:
    """ "The number of applications was 100": applications that nothing else is said of are those received."""
    nouns = {t.value for t in clause if t.kind is TokenKind.NOUN}
    return nouns == {"applications"} and any(
        t.kind is TokenKind.FILLER and t.value in ("number", "numbers", "數目", "總數", "宗數", "數字") for t in clause
    )


def _pair_nouns(clause: Sequence[Token], numbers: list[Token], verb: Token) -> list[_Unit] | None:
    """ "5 000 talents and 4 000 dependants had arrived": two figures of one verb, where each has a noun of its own."""
    first, second = numbers
    if first.start < verb.start < second.start:
        return None
    between = [t for t in clause if first.end <= t.start < second.start]
    if any(t.kind not in (TokenKind.NOUN, TokenKind.FILLER) for t in between):
        return None
    nouns = (
        _noun(clause, first.start, second.start, first),
        _noun(clause, second.start, clause[-1].end, second),
    )
    if "dependants" not in nouns or nouns[0] == nouns[1] or not all(nouns) or "?" in nouns:
        return None
    return [_Unit(n, str(verb.value), noun) for n, noun in zip(numbers, nouns, strict=True)]


def _pair_lists(clause: Sequence[Token]) -> list[_Unit] | None:
    """ "The numbers received and approved were 100 and 50 respectively": one list as long as that of the figures."""
    numbers = [t for t in clause if t.kind is TokenKind.NUMBER]
    verbs = [t for t in clause if t.kind is TokenKind.VERB]
    schemes = [t for t in clause if t.kind is TokenKind.SCHEME]
    periods = [t for t in clause if t.kind is TokenKind.PERIOD]
    if len(numbers) < 2:
        return None
    lists = [x for x in (verbs, schemes, periods) if len(x) > 1]
    noun = _noun(clause, clause[0].start, clause[-1].end, numbers[0])
    if not verbs or len(lists) != 1 or len(lists[0]) != len(numbers):
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
        # "300 applicants' dependants": the figure counts the applicants
        return "?" if "dependants" in special and "persons" in nouns else next(iter(special))
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
