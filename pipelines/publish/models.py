"""The SQL models and their checks, loaded from `sql/`: order and lineage come from the SQL itself.

What belongs here: reading the files, their headers, their dependencies.  What never: a connection (build.py), a
model written in Python, a rule that one model needs (write it in its file).

A model is one SELECT in `sql/<schema>/<name>.sql`, with a header comment:

    -- What a row is, in a sentence or more.
    -- key: year
    -- columns:
    --   year INTEGER: calendar year
    --   quotas_allotted BIGINT: quotas allotted in the period [persons]

The columns that a model passes on unchanged need no line: they keep the description of where they come from.  A type
is a contract: the build is refused where the column comes out otherwise.

A check is one SELECT in `sql/checks/<schema>.<model>.<sentence>.sql` (or `<model>.<sentence>.sql`, where the name is
unique) that returns the rows that break it.  Its header may say `-- severity: warn`; without, it blocks publication.

A macro is one SELECT in `sql/macros/<schema>.<name>.sql`, a question with parameters (`-- parameters: day`, with a
default where one may be left out: `-- parameters: day, most := NULL`) that people ask the published file:
`FROM core.as_of(DATE '2021-06-30')`.  One of the schema `main` is asked without a schema: `FROM trace('marts.x')`.  Its
header may have `-- columns:` as well, of names (several, with a comma between) and what they say, without types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipelines.publish.relations import RELATIONS

#: Folders of `sql/` that hold no models.
NOT_MODELS = ("checks", "examples", "macros")
#: The schema under which the SQL sees the stage.
STAGE = "stage"
#: The schema for people: each of its models has a key and a column `sources`.
MARTS = "marts"

_COLUMN = re.compile(r"^(?P<name>\w+)(?P<type> [^:]+)?: (?P<said>.+)$")
_KEY = re.compile(r"^key: *(?P<columns>\w+(?:, *\w+)*)$")
_PARAMETERS = re.compile(r"^parameters: *(?P<names>\w+(?: *:= *[^,]+)?(?:, *\w+(?: *:= *[^,]+)?)*)$")
_MACRO_COLUMNS = re.compile(r"^(?P<names>\w+(?:, *\w+)*): (?P<said>.+)$")
_SEVERITY = re.compile(r"^severity: *(?P<word>\w+)$")


class ModelError(ValueError):
    """A file of `sql/` that cannot be used: the message names the file, the line, and what to write instead."""

    def __init__(self, path: Path, line: int, fault: str, remedy: str) -> None:
        super().__init__(f"{path}, line {line}: {fault} {remedy}")
        self.path, self.line = path, line


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """A column as the header says it; `type` in DuckDB's spelling, None where it is no contract."""

    name: str
    type: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Check:
    """`sql` returns the rows of `model` that break it.  `sentence` says what holds where it returns none.

    `reads` holds the full names of what it reads besides; `path` is None for a check that every keyed model has.
    """

    model: str
    sentence: str
    sql: str
    description: str
    blocking: bool = True
    reads: tuple[str, ...] = ()
    path: Path | None = None

    @property
    def name(self) -> str:
        """Unique within the model, in letters, digits and underscores."""
        return re.sub(r"\W+", "_", self.sentence).strip("_").lower()


@dataclass(frozen=True, slots=True)
class Model:
    """One table of the warehouse.

    `depends_on` holds full names ("stage.cells", "core.figures"), sorted: what its SELECT reads, and what its checks
    read, so that they can run as soon as it stands.
    """

    schema: str
    name: str
    sql: str
    description: str
    columns: tuple[ModelColumn, ...]
    key: tuple[str, ...]
    depends_on: tuple[str, ...]
    checks: tuple[Check, ...]
    path: Path

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Macro:
    """A table macro of the published file; `reads` holds the full names of the models that it needs.

    parameters  as they are declared, with their defaults ("day", "most := NULL")
    columns     (names, what they say) of what it gives, where its header tells
    """

    schema: str
    name: str
    parameters: tuple[str, ...]
    sql: str
    description: str
    reads: tuple[str, ...]
    path: Path
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


def load_macros(sql: Path) -> tuple[Macro, ...]:
    """Every macro below `sql`, by name.  Raises ModelError (file, line, remedy)."""
    return tuple(map(_macro, sorted((sql / "macros").glob("*.sql"))))


def _macro(path: Path) -> Macro:
    text = path.read_text(encoding="utf-8")
    schema, _, name = path.stem.partition(".")
    if not name:
        raise ModelError(path, 1, "The macro is of no schema.", "Name the file `<schema>.<macro>.sql`.")
    description: list[str] = []
    columns: list[tuple[str, str]] = []
    parameters = ""
    in_columns = False
    for number, said in _header(text):
        line = said.strip()
        if found := _PARAMETERS.match(line):
            parameters = found["names"]
        elif line == "columns:":
            in_columns = True
        elif in_columns and line:
            if not (match := _MACRO_COLUMNS.match(line)):
                remedy = "Write `name: description`, or `name, name: description`."
                raise ModelError(path, number, f"This line of the columns cannot be read: {line!r}.", remedy)
            columns.append((match["names"], match["said"]))
        elif not in_columns:
            description.append(line)
    said_of_it = " ".join(" ".join(description).split())
    if not said_of_it or not parameters:
        fault = "The macro has no description or no parameters."
        raise ModelError(path, 1, fault, "Open the file with `-- What it answers.` and `-- parameters: a, b`.")
    names = tuple(p.strip() for p in parameters.split(","))
    return Macro(schema, name, names, text, said_of_it, _depends_on(path, text), path, tuple(columns))


def load_models(sql: Path) -> tuple[Model, ...]:
    """Every model below `sql`, each after those that it needs.  Raises ModelError (file, line, remedy)."""
    folders = sorted(p for p in sql.iterdir() if p.is_dir() and p.name not in NOT_MODELS) if sql.is_dir() else []
    models = {m.full_name: m for folder in folders for m in map(_model, sorted(folder.glob("*.sql")))}
    for check in _checks(sql / "checks", models):
        models[check.model] = replace(models[check.model], checks=(*models[check.model].checks, check))
    known = {*models, *(f"{STAGE}.{r.name}" for r in RELATIONS)}
    for name, model in models.items():
        for path, reads in ((model.path, model.depends_on), *((c.path or model.path, c.reads) for c in model.checks)):
            for needed in reads:
                if needed not in known:
                    line = _line_of(path.read_text(encoding="utf-8"), needed)
                    remedy = f"Known are {', '.join(sorted(known))}."
                    raise ModelError(path, line, f"There is no model or stage relation {needed!r}.", remedy)
        needs = {*model.depends_on, *(needed for check in model.checks for needed in check.reads if needed != name)}
        models[name] = replace(model, depends_on=tuple(sorted(needs)))
    return tuple(models[name] for name in _ordered(models))


def _ordered(models: Mapping[str, Model]) -> Iterable[str]:
    graph = {name: [d for d in model.depends_on if d in models] for name, model in sorted(models.items())}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        ring: list[str] = error.args[1]
        fault = f"The models need each other in a ring: {' → '.join(ring)}."
        raise ModelError(models[ring[0]].path, 1, fault, "Take one of these references out.") from None


def _model(path: Path) -> Model:
    text = path.read_text(encoding="utf-8")
    schema, name = path.parent.name, path.stem
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ModelError(path, 1, f"{name!r} is no name for a table.", "Use small letters, digits and underscores.")
    description: list[str] = []
    columns: list[ModelColumn] = []
    key: tuple[str, ...] = ()
    in_columns = False
    for number, said in _header(text):
        line = said.strip()
        if found := _KEY.match(line):
            key = tuple(c.strip() for c in found["columns"].split(","))
        elif line == "columns:":
            in_columns = True
        elif in_columns and line:
            if not (match := _COLUMN.match(line)):
                remedy = "Write `name TYPE: description [unit]`, or `name: description`."
                raise ModelError(path, number, f"This line of the columns cannot be read: {line!r}.", remedy)
            columns.append(ModelColumn(match["name"], (match["type"] or "").strip() or None, match["said"]))
        elif not in_columns:
            description.append(line)
    said_of_it = " ".join(" ".join(description).split())
    if not said_of_it:
        raise ModelError(path, 1, "The model has no description.", "Open the file with `-- What a row is.`")
    if schema == MARTS and not key:
        raise ModelError(path, 1, "A mart has no key.", "Write `-- key: column, column` into its header.")
    return Model(
        schema=schema,
        name=name,
        sql=text,
        description=said_of_it,
        columns=tuple(columns),
        key=key,
        depends_on=_depends_on(path, text),
        checks=_own_checks(f"{schema}.{name}", key),
        path=path,
    )


def _own_checks(model: str, key: tuple[str, ...]) -> tuple[Check, ...]:
    """What every model with a key is held to: the key is unique and has no gap; of a mart, that each row has its
    source as well."""
    if not key:
        return ()
    columns = ", ".join(key)
    unique = f"SELECT {columns}, count(*) AS times FROM {model} GROUP BY ALL HAVING count(*) > 1"
    missing = f"SELECT {columns} FROM {model} WHERE {' OR '.join(f'{c} IS NULL' for c in key)}"
    own = (
        Check(model, "the key is unique", unique, f"No two rows share the key ({columns})."),
        Check(model, "the key has no gap", missing, f"No part of the key ({columns}) is null."),
    )
    if not model.startswith(f"{MARTS}."):
        return own
    sourceless = (
        f"SELECT {columns}, NULL AS cell_id FROM {model} WHERE coalesce(len(sources), 0) = 0 UNION ALL "
        f"SELECT * FROM (SELECT {columns}, unnest(sources).cell_id AS cell_id FROM {model}) "
        "WHERE cell_id IS NULL OR cell_id NOT IN (SELECT cell_id FROM core.sources)"
    )
    said = "Every row names at least one cell, and each of them stands in core.sources."
    return (*own, Check(model, "every row has its source", sourceless, said, reads=("core.sources",)))


def _checks(folder: Path, models: Mapping[str, Model]) -> Iterable[Check]:
    for path in sorted(folder.glob("*.sql")) if folder.is_dir() else ():
        *of, sentence = path.stem.split(".")
        named = [m for m in models if m == ".".join(of) or m.split(".")[1] == ".".join(of)]
        if len(named) != 1:
            fault = "No model has this name." if not named else f"Several models have this name: {', '.join(named)}."
            raise ModelError(path, 1, fault, "Name the file `<schema>.<model>.<sentence>.sql`.")
        text = path.read_text(encoding="utf-8")
        said: list[str] = []
        blocking = True
        for number, line in _header(text):
            if found := _SEVERITY.match(line.strip()):
                if found["word"] not in ("warn", "error"):
                    raise ModelError(path, number, f"{found['word']!r} is no severity.", "Write `warn` or `error`.")
                blocking = found["word"] == "error"
            else:
                said.append(line.strip())
        description = " ".join(" ".join(said).split())
        if not description:
            raise ModelError(path, 1, "The check has no description.", "Open the file with `-- What must hold.`")
        yield Check(named[0], sentence.replace("_", " "), text, description, blocking, _depends_on(path, text), path)


def _header(text: str) -> Iterable[tuple[int, str]]:
    """The comment lines that open the file: (line number from 1, text without the dashes)."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("--"):
            return
        yield number, line.removeprefix("--")


def _depends_on(path: Path, text: str) -> tuple[str, ...]:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        statements = [s for s in sqlglot.parse(text, dialect="duckdb") if s is not None]
    except SqlglotError as error:
        at = getattr(error, "errors", None) or [{}]
        raise ModelError(
            path, at[0].get("line", 1), f"The SQL cannot be parsed: {at[0].get('description', error)}.", "Mend it."
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        fault = f"The file holds {len(statements)} statements, or one that is no SELECT."
        raise ModelError(path, 1, fault, "Write one SELECT (or WITH … SELECT).")
    own = {cte.alias_or_name for cte in statements[0].find_all(exp.CTE)}
    needed: set[str] = set()
    for table in statements[0].find_all(exp.Table):
        if not table.db and (table.name in own or not table.name):
            continue
        if not table.db or table.catalog:
            fault = f"{table.sql()!r} does not say of which schema it is."
            raise ModelError(path, _line_of(text, table.name), fault, "Write `schema.table`.")
        needed.add(f"{table.db}.{table.name}")
    return tuple(sorted(needed))


def _line_of(text: str, needle: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), start=1) if needle in line), 1)
