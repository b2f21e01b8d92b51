"""Names of codes in one language, from the cards and vocabularies; the printed label where they know none.

What belongs here: looking names up.  What never: a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.cards import Cards
from pipelines.publish.report.words import Language

_UNITS: Mapping[str, str] = {"applications": "宗", "persons": "人", "cases": "宗"}
#: Dimensions whose vocabulary is written in their own order; bars of all others stand by size.
_ORDERED = ("age", "category", "experience", "income", "qualification", "remuneration")
_DIMENSIONS: Mapping[str, str] = {
    "industry": "行業",
    "place": "來源地",
    "qualification": "學歷",
    "remuneration": "月薪",
    "sex": "性別",
    "age": "年齡",
    "test": "計分制",
    "category": "類別",
    "experience": "工作經驗",
    "income": "收入",
    "visa_type": "簽證類別",
}


@dataclass(frozen=True, slots=True)
class Names:
    """`schemes` and `areas` (of the Talent List): code → name, in the order of their vocabularies.

    `began`: scheme → the day on which it began, where the vocabulary knows it.
    """

    cards: Cards
    language: Language
    schemes: Mapping[str, str]
    areas: Mapping[str, str]
    began: Mapping[str, date] = field(default_factory=dict)

    @classmethod
    def of(cls, cards: Cards, language: Language) -> Names:
        def terms(name: str) -> dict[str, str]:
            vocabulary = cards.vocabularies.get(name)
            found = vocabulary.terms if vocabulary is not None else ()
            return {t.code: (t.zh_hant if language.index else "") or t.en for t in found}

        schemes = cards.vocabularies.get("schemes")
        began = {t.code: t.valid_from for t in (schemes.terms if schemes is not None else ()) if t.valid_from}
        return cls(cards, language, terms("schemes"), terms("talent_list"), began)

    def scheme(self, code: str) -> str:
        return self.schemes.get(code, code)

    def area(self, code: str) -> str:
        return self.areas.get(code, code)

    def series(self, series: str) -> str:
        for card in self.cards.series:
            if card.series == series:
                return (card.title.zh_hant if self.language.index else "") or card.title.en
        return series

    def measure(self, series: str, measure: str) -> str:
        for card in self.cards.series:
            if card.series == series and measure in card.measures:
                name = card.measures[measure].name
                return (name.zh_hant if self.language.index else "") or name.en
        return measure.replace("_", " ")

    def inside(self, name: str) -> str:
        """The name of a measure as it stands within a sentence."""
        return name if self.language.index or name[1:2].isupper() else name[:1].lower() + name[1:]

    def note(self, series: str, measure: str) -> str:
        """What the card says of the measure, in English; empty where it says nothing."""
        for card in self.cards.series:
            if card.series == series and measure in card.measures:
                return card.measures[measure].note
        return ""

    def unit(self, unit: str) -> str:
        return _UNITS.get(unit, unit) if self.language.index else unit

    def dimension(self, dimension: str) -> str:
        return (
            _DIMENSIONS.get(dimension, dimension) if self.language.index else dimension.replace("_", " ").capitalize()
        )

    def ranks(self, series: str, dimension: str, listing: str) -> Mapping[str, int]:
        """Code → its place in the vocabulary, for lists that have an order of their own (ages, pay); else nothing."""
        for card in self.cards.series:
            if card.series == series and dimension in card.dimensions and dimension in _ORDERED:
                vocabulary = self.cards.vocabularies.get(card.dimensions[dimension].vocabulary)
                terms = vocabulary.terms if vocabulary is not None else ()
                codes = [t.code for t in terms if t.classification in ("", listing)]
                return {code: i for i, code in enumerate(codes)}
        return {}

    def of_code(self, series: str, dimension: str, listing: str, code: str, label: str) -> str:
        """The name of a code of a dimension of a series, as its vocabulary has it in this list."""
        for card in self.cards.series:
            if card.series == series and dimension in card.dimensions:
                vocabulary = self.cards.vocabularies.get(card.dimensions[dimension].vocabulary)
                for term in vocabulary.terms if vocabulary is not None else ():
                    if term.code == code and term.classification in ("", listing):
                        return (term.zh_hant if self.language.index else "") or term.en
        return label
