"""hk-talent-warehouse: government press releases in, figures one can cite out.

The rooms, in the order in which data flows and against which imports must never run:
`capture`, `read`, `prove`, `shape`, `check`, `publish`, `orchestration`.  See `pipelines/README.md`.
"""
