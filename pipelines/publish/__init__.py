"""The room that turns staged results into the warehouse people read.

What belongs here: Arrow relations of the stage, SQL models and their checks, the private build, the audit, the swap,
exports, the dictionary, the trace.  What never: a write to a file that someone may be reading; a rule about what a
number means (that is `prove` and `shape`); anything of Dagster.
"""
