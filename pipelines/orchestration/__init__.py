"""Runs the rooms: caching, mapping over documents, the Dagster assets, job, schedule and sensor.

What belongs here: in what order the rooms run, on what, with what remembered from the last time, and how Dagster
shows it.  What must never: logic that is not about running (what a number means, what a table is, what loads).

Importing this package, or its modules `cache`, `fingerprint`, `parallel`, `home`, `lock` and `steps`, does not
import Dagster; only `assets`, `models`, `jobs`, `resources`, `build` and `runner` do.
"""
