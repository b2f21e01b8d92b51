"""The figures that the sentences of a document state about the schemes.

What belongs here: paragraphs to sentences, what "the Scheme" is in each, and the period from the day on which a scheme
began.  What does not: the grammar of a sentence (`statement_clauses`), tables, and whether another source agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pipelines.cards import Cards
from pipelines.model import Document, Finding, Paragraph, Period, PeriodKind, Severity, StatementObservation
from pipelines.shape.statement_clauses import STOCKS, SentenceReading, StatedFigure, Subject, read_sentence
from pipelines.shape.statement_tokens import TokenKind, plain_sentence, scheme_pattern, tokenize_sentence

#: A sentence without one of these words states no figure that is read here.
_SUBJECT = re.compile(r"appli|approv|quota|visa|depend|arriv|申|批|額|额|配|簽|签|抵|到港", re.IGNORECASE)
_FIGURE = re.compile(r"\d\d|\d[ ,]?\d{3}|[十百千萬万]|hundred|thousand|ty[ -]", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[。！？!?])|(?:(?<=[a-z0-9)\]”\"])|(?<=[A-Z]{2}))\.(?=\s+[(“\"]?[A-Z])|\n\s*\n")
_MARKER = re.compile(
    r"^\s*(?:[(（]?(?:\d{1,2}|[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})[)）.、]\s*)+", re.IGNORECASE
)
_OFFICIAL = (
    r"spokes(?:man|person|woman)|secretary|director|department|government|minister|bureau|chief executive|immd"
    r"|invest hong kong|investhk"
)
_REPORTED = re.compile(
    rf"^(?:[a-z' ]*?\b(?:{_OFFICIAL})\b[a-z' ]*?|(?:she|he|it) (?:also )?)\b(?:said|added|noted|stated|announced"
    r"|pointed out|replied|revealed)(?: (?:today|yesterday))?(?: \([a-z]+ \d{1,2}\))?(?: that\b|,)"
    r"|^(?:政府|入境處|入境事務處|保安局|勞工及福利局)?(?:發言人|局長|處長|副處長)?(?<=.)(?:今日|今天)?"
    r"(?:\(\d{1,2}月\d{1,2}日\))?(?:表示|說|指出|稱)[,:]?"
    r"|^(?:meanwhile|in addition|moreover|furthermore|besides|此外|同時|另外),"
    r"|^(?:according to|根據)(?: the)? ?(?:immigration department|immd|入境處|入境事務處)(?:'s| 's)?(?:的)? ?"
    r"(?:figures|statistics|records|information|統計|資料|數字|紀錄)+,"
)


#: What a sentence has that states a figure; one that has it and is not read whole is reported.
_STATES = {TokenKind.NUMBER, TokenKind.VERB, TokenKind.PERIOD}


@dataclass(frozen=True, slots=True)
class StatementResult:
    """The statements of a document, and the sentences that name scheme, figure and period and were not read whole."""

    statements: tuple[StatementObservation, ...]
    declined: tuple[str, ...]
    schemes: frozenset[str]


@dataclass(slots=True)
class _Reader:
    """One document on its way.  `named` are the schemes of the nearest words that name any."""

    document: Document
    cards: Cards
    statements: list[StatementObservation] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    named: frozenset[str] = frozenset()

    def read(self) -> StatementResult:
        vocabulary = self.cards.vocabularies.get("schemes")
        if vocabulary is None:
            return StatementResult((), (), frozenset())
        schemes = scheme_pattern(tuple((plain_sentence(label), t.code) for t in vocabulary.terms for label in t.labels))
        starts = {t.code: t.valid_from for t in vocabulary.terms}
        of_title = _names(plain_sentence(self.document.release.title), schemes)
        every = set(of_title)
        paragraphs = [(i, b) for i, b in enumerate(self.document.blocks) if isinstance(b, Paragraph)]
        plains = {i: plain_sentence(_joined(p.text)) for i, p in paragraphs if p.role != "closing"}
        for text in plains.values():
            every |= _names(text, schemes)
        if not every:
            return StatementResult((), (), frozenset())
        self.named = of_title
        for block, paragraph in paragraphs:
            if block in plains:
                self._read_paragraph(block, paragraph, schemes, starts, len(every) == 1)
        return StatementResult(_without_conflicts(self.statements), tuple(self.declined), frozenset(every))

    def _read_paragraph(
        self, block: int, paragraph: Paragraph, schemes: tuple[re.Pattern[str], dict[str, str]],
        starts: dict[str, date | None], is_only: bool,
    ) -> None:  # fmt: skip
        subject: Subject | None = None
        here: frozenset[str] = frozenset()
        for sentence in split_sentences(paragraph.text):
            text = name_years(_MARKER.sub("", plain_sentence(sentence)), self.document.release.released)
            reported = _REPORTED.match(text)
            text = text[reported.end() :].strip() if reported else text
            own = _names(text, schemes)
            if not (_SUBJECT.search(text) and _FIGURE.search(text)):
                subject = None
            else:
                near = here or self.named
                anaphor = next(iter(near)) if len(near) == 1 and not own else ""
                tokens = tokenize_sentence(text, schemes)
                if not own and not is_only and not any(t.kind == "anaphor" for t in tokens):
                    anaphor = ""
                reading = read_sentence(text, tokens, subject, anaphor)
                subject = self._file(block, paragraph, sentence, text, reading, starts)
                kinds = {t.kind for t in tokens}
                if not reading.is_whole and (own or anaphor) and kinds >= _STATES:
                    self.declined.append(" ".join(sentence.split()))
            here |= own
        self.named = here or self.named

    def _file(
        self, block: int, paragraph: Paragraph, sentence: str, text: str, reading: SentenceReading,
        starts: dict[str, date | None],
    ) -> Subject | None:  # fmt: skip
        """Files the figures of a sentence; the subject for the next one, None where any of them has no period."""
        whole = True
        for figure in reading.figures:
            period = _period_of(figure, starts, self.document.release.released)
            if period is None:
                whole = False
                break
            self.statements.append(
                StatementObservation(
                    self.document.id, len(self.statements), block, figure.scheme, figure.measure, period,
                    figure.number.value, figure.number.quantum, figure.number.qualifier,
                    text[figure.start : figure.end], " ".join(sentence.split()), paragraph.place,
                )
            )  # fmt: skip
        return reading.subject if whole else None


def _without_conflicts(statements: list[StatementObservation]) -> tuple[StatementObservation, ...]:
    """The statements but for exact figures that the document states differently elsewhere: one of them is a part."""
    values: dict[object, set[object]] = {}
    for s in statements:
        if not s.qualifier:
            values.setdefault((s.scheme, s.measure, s.period), set()).add(s.value)
    return tuple(s for s in statements if s.qualifier or len(values[s.scheme, s.measure, s.period]) == 1)


def extract_statements(document: Document, cards: Cards) -> StatementResult:
    """The figures that the sentences of a document state about the schemes; pure, linear in the document."""
    return _Reader(document, cards).read()


def find_unread_statements(document: Document, result: StatementResult, is_accounted_for: bool) -> tuple[Finding, ...]:
    """A finding where sentences that name scheme, figure and period were not read to their end; else one where a
    document that names a scheme gives no figure at all, unless figures or findings of its tables speak for it."""
    if result.declined:
        message = (
            f"{len(result.declined)} sentences that state a figure of a scheme were not read, or not to their end; the "
            f"first: “{result.declined[0][:200]}”"
        )
        remedy = "Where a sentence has one meaning, its words belong into pipelines/shape/statement_words.py."
        return (Finding("shape", "sentence-not-read", Severity.INFO, message, remedy, document.id),)
    if is_accounted_for or result.statements or not result.schemes:
        return ()
    message = (
        f"The document names {', '.join(sorted(result.schemes))} and gives no figure, neither in a table nor in a "
        "sentence that is read."
    )
    remedy = "Look into it: a table that no series definition knows, or a sentence whose words are not understood."
    return (Finding("shape", "no-figure-in-document", Severity.INFO, message, remedy, document.id),)


def name_years(text: str, released: date | None) -> str:
    """ "Last year" and "this year" as the years that they are on the day of the release; as they stand without one.

    >>> name_years("last year, 9 300 applications were approved", date(2015, 2, 13))
    'in 2014, 9 300 applications were approved'
    >>> name_years("截至去年底", date(2015, 2, 13))
    '截至2014年底'
    """
    if released is None:
        return text
    for words, characters, year in (("last", "去年", released.year - 1), ("this", "今年", released.year)):
        text = re.sub(rf"(?<=\b(?:in|of) ){words} year\b|(?<=\bduring ){words} year\b", str(year), text)
        text = re.sub(rf"(?<![a-z] ){words} year\b(?=,)", f"in {year}", text)
        text = re.sub(rf"(?<=[a-z)] ){words} year\b(?=[,.;]|$)", f"in {year}", text)
        text = re.sub(rf"{characters}(?![度0-9])", f"{year}年", text)
    return text


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph as printed, lines joined.

    >>> list(split_sentences("In 2023, 1 200 were received. Of these, 3 were approved."))
    ['In 2023, 1 200 were received.', 'Of these, 3 were approved.']
    """
    start = 0
    joined = _joined(text)
    for m in _SENTENCE.finditer(joined):
        if joined[start : m.end()].strip():
            yield joined[start : m.end()].strip()
        start = m.end()
    if joined[start:].strip():
        yield joined[start:].strip()


def _joined(text: str) -> str:
    return re.sub(r"[ \t\u00a0\u3000]*\n(?!\s*\n)[ \t\u00a0\u3000]*", " ", text)


def _names(text: str, schemes: tuple[re.Pattern[str], dict[str, str]]) -> frozenset[str]:
    return frozenset(schemes[1][m.group()] for m in schemes[0].finditer(text))


def _period_of(figure: StatedFigure, starts: dict[str, date | None], released: date | None) -> Period | None:
    """The period of a figure: "as at" a day runs from the day on which the scheme began, and is open where that is
    not known; None too where the scheme had not begun, or the document was there before the period's end."""
    began, said = starts.get(figure.scheme), figure.period
    if (released is not None and said.end > released) or (began is not None and said.end < began):
        return None
    named = figure.launch_named
    if named is not None and (began is None or not named[0] <= began <= named[1]):
        return None
    if figure.measure in STOCKS:
        return Period(None, said.end, PeriodKind.STOCK, f"{said.end}") if said.start is None else None
    if said.start is not None and (began is None or said.start > began or _is_calendar_span(said.start, said.end)):
        return Period(said.start, said.end, PeriodKind.FLOW, f"{said.start} to {said.end}")
    return Period(began, said.end, PeriodKind.CUMULATIVE, f"{began} to {said.end}") if began is not None else None


def _is_calendar_span(start: date, end: date) -> bool:
    """A year, a quarter or a month is filed as it is named, also where the scheme began within it."""
    return start.day == 1 and (end - start).days < 366 and start.month in (1, 4, 7, 10)
