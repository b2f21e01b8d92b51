"""Series cards, vocabularies and corrections: what is known of the published tables, as data.

What belongs here: loading, validating and looking up what `pipelines/series`, `pipelines/vocabulary` and
`pipelines/corrections` say.  What does not: reading a document, judging a number, shaping a table.  Nothing is read
at import; `load` is the only function with I/O.
"""

from pipelines.cards.labels import fold
from pipelines.cards.loader import CardError, load
from pipelines.cards.schema import Cards, Layout, Measure, SeriesCard
from pipelines.cards.vocabulary import Term, Vocabulary

__all__ = ["CardError", "Cards", "Layout", "Measure", "SeriesCard", "Term", "Vocabulary", "fold", "load"]
