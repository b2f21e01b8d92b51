"""The shaping room: proven grids and series cards become observations.

What belongs here: what a judged table means, by data (cards and vocabularies) alone.  What must never stand here:
bytes, the network, a rule for one document, a series by name.

`shape_document` takes one document; it is pure and linear.  Period, measure and dimension of a figure come from the
header of its column and the label of its row, matched whole after folding; what they do not say comes from evidence
(`inference`, `scope`) or stays open, and then the figure goes to quarantine.
"""

from pipelines.shape.shaping import shape_document

__all__ = ["shape_document"]
