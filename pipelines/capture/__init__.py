"""Capture: bytes that came from somewhere → immutable captures in `raw/`, each with its capture record.

What belongs here: asking the site for releases, politely; copying bytes into the raw folder so that nothing is lost,
records of where and when they came from, walking what the raw folder holds, verifying it.  What it must never do: look
inside a table, decide what a document means, change or remove bytes that were captured, know a scheme or a series,
import another room.

The raw folder
    facsimile/…            bundled with the project
    dropped/<yyyy-mm>/…    imported by `import_files` or from the inbox, by the month of the import (UTC)
    <host>/<yyyy-mm>/…     fetched, by the month of the release's folder on the site
    <host>/index/          the capture log, and everything that the indexes of the site listed
    inbox/                 drop files here; `sweep_inbox` imports them
Beside each document stands its record, `<name>.capture.json`.
"""

from pipelines.capture.addresses import FIRST_MONTH, months
from pipelines.capture.failing import findings as fetch_failures
from pipelines.capture.fetching import FetchBusyError, fetch
from pipelines.capture.importing import Imported, ImportReport, Refused, import_files, sweep_inbox
from pipelines.capture.records import RECORD_SUFFIX, CaptureError, CaptureRecord
from pipelines.capture.reports import FetchReport, Plan
from pipelines.capture.sniff import sniff
from pipelines.capture.store import load_bytes, lost, standing, verify, walk
from pipelines.capture.visits import plan

__all__ = [
    "FIRST_MONTH",
    "RECORD_SUFFIX",
    "CaptureError",
    "CaptureRecord",
    "FetchBusyError",
    "FetchReport",
    "ImportReport",
    "Imported",
    "Plan",
    "Refused",
    "fetch",
    "fetch_failures",
    "import_files",
    "load_bytes",
    "lost",
    "months",
    "plan",
    "sniff",
    "standing",
    "sweep_inbox",
    "verify",
    "walk",
]
