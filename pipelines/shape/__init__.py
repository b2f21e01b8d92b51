"""The shaping room: proven grids and series cards become observations.

What belongs here: what a judged table means, by data (cards and vocabularies) alone.  What must never stand here:
bytes, the network, a rule for one document, a series by name.

`shape_document` takes one document; it is pure and linear.  Period, measure and dimension of a figure come from the
header of its column and the label of its row, matched whole after folding; what they do not say comes from evidence
(`inference`, `scope`) or stays open, and then the figure goes to quarantine.

The period that words around a table say: `governing` (which clause, names, events, a date carried on), `period_grammar`
(shapes of phrases), `date_words` (words of time, English and Chinese).
"""

from pipelines.shape.shaping import shape_document

__all__ = ["shape_document"]
