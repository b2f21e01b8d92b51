"""Vocabularies: the codes behind printed labels.

What belongs here: one vocabulary, its terms, and the look-up by label within a classification.  What does not:
files (the loader's), and what to do about an unknown label (shape's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.cards.labels import fold


@dataclass(frozen=True, slots=True)
class Term:
    """One code with its names.

    classification  the list that the code belongs to ("" = the vocabulary is one open list): "Others" of a list of
                    15 is not "Others" of a list of 6
    residual        stands for "everything not listed": its meaning depends on the list beside it
    """

    code: str
    en: str
    zh_hant: str
    zh_hans: str
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    classification: str
    residual: bool
    note: str
    line: int = field(compare=False, default=0)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that it is printed under."""
        return tuple(t for t in (self.en, self.zh_hant, self.zh_hans, *self.aliases) if t)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One CSV file.  `index` maps classification → folded label → term; built by `Vocabulary.of`."""

    name: str
    terms: tuple[Term, ...]
    index: Mapping[str, Mapping[str, Term]]

    @classmethod
    def of(cls, name: str, terms: tuple[Term, ...]) -> Vocabulary:
        """Raises ValueError where a code or a label stands twice in one classification, naming both lines."""
        index: dict[str, dict[str, Term]] = {}
        codes: dict[tuple[str, str], Term] = {}
        for term in terms:
            twin = codes.setdefault((term.classification, term.code), term)
            if twin is not term:
                raise ValueError(f"line {term.line}: the code {term.code!r} stands already on line {twin.line}")
            of_list = index.setdefault(term.classification, {})
            for label in term.labels:
                other = of_list.setdefault(fold(label), term)
                if other is not term:
                    raise ValueError(
                        f"line {term.line}: the label {label!r} of {term.code!r} belongs already to {other.code!r} "
                        f"on line {other.line}"
                    )
        return cls(name, terms, index)

    def find(self, label: str, classification: str = "") -> Term | None:
        """The term that is printed as `label`, or None."""
        return self.index.get(classification, {}).get(fold(label))

    def members(self, classification: str) -> tuple[Term, ...]:
        return tuple(t for t in self.terms if t.classification == classification)
