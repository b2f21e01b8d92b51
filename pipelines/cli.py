"""`talent`: the commands of this house, and what they say to a person.

Belongs here: arguments, messages, exit codes.  Must never: work that a person without a terminal would need too;
that lies in the rooms and in `orchestration`.  Everything heavy is imported inside the command that needs it.

Exit codes: 0 done, 1 could not be done (the message says why and what to do), 2 wrong arguments, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import settings as settings_module
from pipelines.escaping import EscapingStream, escape_controls
from pipelines.faults import describe_fault
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.model import TableProof

_ABOUT = """\
Figures that the Hong Kong Government publishes about its talent admission schemes: read out of press releases,
proven against the releases' own totals, served as one DuckDB file.
"""

_MORE = """\
a first look:
  talent refresh                          read, prove and publish what raw/ holds (no network)
  talent sql "from marts.qmas_by_year"    ask the warehouse
  talent trace marts.qmas_by_year --where "year = 2020"    where a figure comes from
  talent ui                               the same in Dagster, at http://127.0.0.1:3000

folders (created if absent; the environment is used where no option is given):
  --raw DIR        TALENT_RAW        the documents; replaces the bundled raw folder entirely
  --warehouse DIR  TALENT_WAREHOUSE  holds talent.duckdb, the stage and DAGSTER_HOME; can be rebuilt from raw
  TALENT_WORKERS   processes that read documents at once (default 1)

exit codes: 0 done, 1 could not be done (the message says why), 2 wrong arguments, 130 stopped by Ctrl-C
"""


class _RefusedError(Exception):
    """Something a person can mend; its text is all that they are shown."""


def parser() -> argparse.ArgumentParser:
    """The arguments of `talent`; --raw and --warehouse are taken before or after the command."""
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument("--raw", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="folder of documents")
    folders.add_argument(
        "--warehouse", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="folder that holds talent.duckdb"
    )
    raw_text = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="talent", description=_ABOUT, epilog=_MORE, formatter_class=raw_text, parents=[folders]
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], about: str, more: str) -> _Sub:
        sub = commands.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}.\n\n{more}", formatter_class=raw_text,
            parents=[folders],
        )  # fmt: skip
        sub.set_defaults(run=run)
        return sub

    sub = command(
        "refresh", _refresh, "read, prove, check and publish what the raw folder holds",
        "Works without a network.  Files waiting in the inbox (raw/inbox) are taken in first.  What was read before\n"
        "is remembered; with nothing new the warehouse is left as it is.  Runs as a Dagster run, which `talent ui`\n"
        "shows.  Exits with 1 only if nothing could be published; the old warehouse then stays.",
    )  # fmt: skip
    sub.add_argument("--quiet", action="store_true", help="no progress, only the summary")

    sub = command(
        "fetch", _fetch, "ask the Government's site for new releases, politely",
        "Needs a network and a contact (TALENT_CONTACT, an e-mail or web address that stands in the User-Agent).\n"
        "Fetches what the indexes of the months list and the series cards wish for, with language versions and\n"
        "annexes, one request at a time with a pause between (TALENT_PAUSE, 5 seconds).  Settled months cost no\n"
        "request.  May be stopped at any time; the next run goes on from there.  Exits with 1 if it ended early.",
    )  # fmt: skip
    sub.add_argument("--from", dest="first", metavar="YYYY-MM", help="first month (from 1998-10); default: this month")
    sub.add_argument("--to", dest="last", metavar="YYYY-MM", help="last month; default: this month")
    sub.add_argument("--dry-run", action="store_true", help="say what would be asked for, and ask for nothing")
    sub.add_argument("--full", action="store_true", help="with --dry-run: list every address")

    sub = command(
        "verify", _verify, "hash every captured document again",
        "Compares the bytes in the raw folder with their capture records.  Exits with 1 if a document is not what was\n"
        "captured.",
    )  # fmt: skip

    sub = command(
        "import", _import, "copy documents into the raw folder",
        "Copies, never moves.  Equal names with different bytes are kept apart; equal bytes are kept once.\n"
        "Exits with 0 when files were accepted, even if some of their tables are quarantined later.",
    )  # fmt: skip
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE", help="documents, or folders of documents")

    sub = command(
        "sql", _sql, "ask the warehouse, read-only",
        "With a query (or several, with ; between them): prints their results.  Without one: a session, or the\n"
        "queries that stand in standard input.  Any DuckDB client can open the file too, while a refresh runs.\n"
        "No query reads or writes another file, nor loads an extension, unless --allow-files is given.",
    )  # fmt: skip
    sub.add_argument("query", nargs="?", help="a query, such as: from marts.qmas_by_year")
    sub.add_argument("--allow-files", action="store_true", help="let queries read and write other files")
    sub.add_argument("--csv", action="store_true", help="results as CSV instead of tables")
    sub.add_argument("--full", action="store_true", help="do not shorten long values in tables")

    sub = command(
        "explain", _explain, "why a table has the verdict that it has",
        "Prints its verdict, the sums that hold and fail with their figures, and what is wrong where something is.\n"
        "Ids stand in core.tables (table_id); the beginning of an id is enough where only one begins so.",
    )  # fmt: skip
    sub.add_argument("table_id", metavar="TABLE_ID")

    sub = command(
        "trace", _trace, "from a figure back to the cells that print it",
        "Prints the rows of a mart that meet a condition, the verdict of each figure with its sums written out, every\n"
        "source with address, capture hash, place, the text as printed and the line it stands in, and what earlier\n"
        "releases said.  With --out, also writes the picture of each PDF page with the cell boxed, and the excerpt of\n"
        "each page or text with the cell marked.  For example:\n\n"
        '  talent trace "marts.qmas_by_year" --where "year = 2020" --out trace\n\n'
        "In SQL, a row for each cell:  from trace('marts.qmas_by_year', 'year = 2020')",
    )  # fmt: skip
    sub.add_argument("relation", metavar="MART", help="such as marts.qmas_by_year")
    sub.add_argument("--where", default="true", metavar="CONDITION", help='over its columns, such as "year = 2020"')
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="rows at most (default 20)")
    sub.add_argument("--out", type=Path, metavar="FOLDER", help="folder for pictures and excerpts")

    sub = command(
        "export", _export, "every mart as Parquet and CSV, with a descriptor",
        "Writes MART.parquet, MART.csv (safe to open in a spreadsheet) and datapackage.json, a Frictionless Data\n"
        "Package that describes every column.  Each refresh writes the same into the folder exports of the warehouse;\n"
        "files that would not change are left alone.",
    )  # fmt: skip
    sub.add_argument("--out", type=Path, metavar="FOLDER", help="default: the folder exports of the warehouse")

    sub = command(
        "series", _series, "draft a series card from a table",
        "new TABLE_ID NAME writes a first card (pipelines/series/NAME.yaml), a vocabulary where none knows the\n"
        "labels, and a golden folder (tests/golden/NAME).  Nothing is written over.  The draft is to be edited:\n"
        "the five steps stand in pipelines/series/README.md.  Tables that no series knows:\n\n"
        "  talent sql \"select table_id, caption, verdict from core.tables where series = 'unclaimed'\"",
    )  # fmt: skip
    sub.add_argument("action", choices=["new"], help="new: write the draft")
    sub.add_argument("table_id", metavar="TABLE_ID", help="from core.tables; its beginning is enough")
    sub.add_argument("name", metavar="NAME", help="small letters, digits and underscores, such as gep_by_place")

    sub = command(
        "ui", _ui, "the Dagster UI with its schedule and the inbox sensor",
        "Starts dagster-webserver and dagster-daemon, says the address, and stops both on Ctrl-C.\n"
        "Answers only to this machine's own names and its own pages, and changes things only by POST of JSON.\n"
        "With TALENT_UI_PASSWORD set, asks for it (HTTP basic; any user name).",
    )  # fmt: skip
    sub.add_argument("--port", type=int, default=3000, help="default 3000")
    sub.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1; any other needs one of the next two")
    sub.add_argument(
        "--i-have-a-proxy", action="store_true", help="a proxy lets only the right people through to this server"
    )
    return top


_Sub = argparse.ArgumentParser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.command is None:
        top.print_help()
        return 0
    published: Path | None = None
    before: tuple[int, int] | None = None
    try:
        settings = settings_module.load(
            raw=getattr(arguments, "raw", None), warehouse=getattr(arguments, "warehouse", None)
        )
        published = settings.database
        before = _state(published)
        with contextlib.redirect_stdout(EscapingStream(sys.stdout)):
            code: int = arguments.run(arguments, settings)
    except KeyboardInterrupt:
        print(f"\n{_stopped_words(arguments.command, before, _state(published))}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; nobody is there to be told
        return 1
    except Exception as error:
        print(f"talent: {escape_controls(describe_fault(error))}{_kept_details(error, published)}", file=sys.stderr)
        return 1
    return code


_EXPECTED = (_RefusedError, ValueError, OSError, MemoryError)


def _kept_details(error: Exception, published: Path | None) -> str:
    """Where the traceback of a fault that nobody foresaw was written; "" for faults that explain themselves."""
    import traceback

    if isinstance(error, _EXPECTED) or type(error).__module__.startswith("pipelines") or published is None:
        return ""
    path = published.with_name("last-fault.txt")
    try:
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return ""
    return f"\nDetails for who mends it: {path}"


def _state(published: Path | None) -> tuple[int, int] | None:
    """Which published file stands."""
    try:
        state = published.stat() if published is not None else None
    except OSError:
        return None
    return None if state is None else (state.st_ino, state.st_mtime_ns)


def _stopped_words(command: str, before: tuple[int, int] | None, after: tuple[int, int] | None) -> str:
    """What Ctrl-C left behind."""
    if command == "refresh":
        if after != before:
            return "Stopped.  The new warehouse had been published already."
        return "Stopped.  Nothing was published; " + (
            "there is no warehouse yet." if after is None else "the old warehouse stays."
        )
    if command in ("fetch", "import"):
        return "Stopped.  What was captured until then stays; the same command goes on from there."
    return "Stopped."


def _refresh(arguments: argparse.Namespace, settings: Settings) -> int:
    import gc

    # a short run that mostly loads libraries and keeps what it makes: looking for garbage after every 700 objects is
    # a fifteenth of its processor time and frees nothing that matters (6 MiB more at the peak of 510)
    gc.set_threshold(100_000, 20, 20)
    from pipelines.orchestration.progress import Progress
    from pipelines.orchestration.runner import refresh

    outcome = refresh(settings, Progress(quiet=arguments.quiet))
    print(outcome.text)
    return 0 if outcome.published else 1


def _fetch(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.orchestration import fetch_runner
    from pipelines.orchestration.progress import Progress

    today = datetime.now(timezone(timedelta(hours=8))).date()  # the site's day
    wanted = fetch_runner.months_said(arguments.first, arguments.last, today)
    if arguments.dry_run:
        print(fetch_runner.dry_run(settings, wanted, full=arguments.full))
        return 0
    outcome = fetch_runner.run(settings, wanted, Progress())
    print(outcome.text)
    return 0 if outcome.done else 1


def _verify(_arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.capture import lost, walk
    from pipelines.model import Severity

    captures, found = walk(settings.raw)
    found = (*found, *lost(settings.raw, captures, found))
    asked = ("fetch-failed", "index-short", "over-cap")  # of the site, not of what is held
    findings = [f for f in found if f.code not in asked]
    wrong = sum(f.severity is Severity.ERROR for f in findings)
    for finding in findings:
        print(f"  {finding.severity.value:<8} {finding.message} {finding.remedy}".rstrip())
    print(f"{len(captures):,} documents hold the bytes that were captured; {wrong:,} do not")
    return 1 if wrong else 0


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.capture import import_files
    from pipelines.orchestration.progress import Progress

    paths: list[Path] = []
    for given in arguments.files:
        if not given.exists():
            raise _RefusedError(f"{given}: there is no such file.  Nothing was imported.")
        inside = (p for p in sorted(given.rglob("*")) if p.is_file() and not p.name.startswith("."))
        paths.extend(inside if given.is_dir() else [given])
    progress = Progress(quiet=len(paths) < 50)
    report = import_files(
        paths, settings.raw, now=datetime.now(UTC), progress=lambda done, total: progress("importing", done, total)
    )
    progress.close()
    accepted, known, refused = len(report.accepted), len(report.duplicates), len(report.refused)
    print(f"{accepted} accepted, {known} known already, {refused} refused, into {settings.raw}")
    for finding in report.findings:
        print(f"  {finding.where or '-'}: {finding.message} {finding.remedy}".rstrip())
    if accepted:
        print("Next: talent refresh")
    return 0 if accepted or known or not paths else 1


def _sql(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines import console

    if not settings.database.exists():
        raise _RefusedError(f"There is no warehouse at {settings.database} yet.  Run: talent refresh")
    return console.run(
        settings.database, arguments.query, as_csv=arguments.csv, full=arguments.full, allow_files=arguments.allow_files
    )


def _explain(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.prove import explain

    print(explain(_table(settings, arguments.table_id)))
    return 0


def _table(settings: Settings, beginning: str) -> TableProof:
    """The one table of the last refresh whose id begins so."""
    from pipelines.orchestration.steps import find_table

    tables = find_table(settings, beginning)
    if not tables:
        raise _RefusedError(
            f"No table {beginning} is known from the last refresh.  "
            'To list them: talent sql "select table_id, verdict from core.tables"'
        )
    if len(tables) > 1:
        listed = "\n  ".join(t.table_id for t in tables[:20])
        raise _RefusedError(f"{len(tables)} tables begin with {beginning}; which one?\n  {listed}")
    return tables[0]


def _trace(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.orchestration import showing
    from pipelines.publish.trace import trace

    rows = trace(settings.database, arguments.relation, arguments.where, limit=arguments.limit)
    if not rows:
        raise _RefusedError(f"No row of {arguments.relation} meets the condition {arguments.where!r}.")
    print("\n\n".join(row.text for row in rows))
    if arguments.out is None:
        print("\nTo see each cell in its document: add --out FOLDER")
        return 0
    shown = showing.of_cells(settings, [source.cell_id for row in rows for source in row.sources])
    print()
    for path in showing.write_trace(rows, shown, arguments.out):
        print(f"written     {path}")
    for seen in shown.values():
        if seen.missing:
            print(f"not shown   {seen.excerpt}")
    return 0


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.publish.exports import export_marts

    folder = arguments.out or settings.warehouse / "exports"
    done = export_marts(settings.database, folder)
    print(f"{len(done.files)} files, {len(done.changed)} of them new or changed, {done.rows:,} rows: {folder}")
    return 0


def _series(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.orchestration.drafting import draft_series

    files, observations = draft_series(settings, _table(settings, arguments.table_id), arguments.name)
    for path in files:
        print(f"written     {path}")
    print(f"The draft gives {observations} observations.  Now edit the card: pipelines/series/README.md, step 3")
    return 0


def _ui(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipelines.orchestration.ui import serve

    return serve(settings, host=arguments.host, port=arguments.port, has_proxy=arguments.i_have_a_proxy)
