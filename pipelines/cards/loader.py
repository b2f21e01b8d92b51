"""Reads series cards, vocabularies and corrections from their folders, and refuses what is wrong by file and line.

What belongs here: files, lines, and the checks that need several files at once.  What does not: the meaning of a
field (the schema's).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.cards.schema import Cards, SeriesCard
from pipelines.cards.vocabulary import Term, Vocabulary
from pipelines.model import Correction

COLUMNS = (
    "code", "en", "zh_hant", "zh_hans", "aliases", "valid_from", "valid_to", "classification", "residual", "note",
)  # fmt: skip


class CardError(ValueError):
    """A card, a vocabulary or a correction cannot be used.  Says the file, the line, what is wrong and what to do."""

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}:{line}: {problem}  {remedy}")
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy


class _CorrectionSaid(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    content_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    table: int = Field(ge=0)
    row: int = Field(ge=0)
    col: int = Field(ge=0)
    expected_text: str
    reading: Decimal
    reason: str = Field(min_length=10)
    evidence: str = Field(min_length=10)


def load(series: Path, vocabulary: Path, corrections: Path) -> Cards:
    """Everything the three folders hold, validated; an absent `corrections` folder holds none.

    Raises CardError naming file, line and remedy.
    """
    digest = hashlib.sha256()
    vocabularies = {p.stem: _vocabulary(p, _bytes(p, digest)) for p in sorted(vocabulary.glob("*.csv"))}
    cards: list[SeriesCard] = []
    files: dict[str, Path] = {}
    for path in sorted(series.glob("*.yaml")):
        card, where = _card(path, _bytes(path, digest))
        if card.series in files:
            raise CardError(
                path, 1, f"the series {card.series!r} has a card already, {files[card.series].name}.", "Rename one."
            )
        files[card.series] = path
        _agrees_with_vocabularies(path, where, card, vocabularies)
        cards.append(card)
    for card in cards:
        if card.scope is not None and card.scope.by not in files:
            raise CardError(
                files[card.series], 1, f"the scope compares with {card.scope.by!r}, which has no card.",
                f"Name one of {', '.join(sorted(files))}.",
            )  # fmt: skip
    said = [_correction(p, _bytes(p, digest)) for p in sorted(corrections.glob("*.yaml"))]
    return Cards(tuple(cards), vocabularies, tuple(said), digest.hexdigest()[:16])


def _bytes(path: Path, digest: Any) -> bytes:
    raw = path.read_bytes()
    digest.update(path.name.encode() + b"\0" + raw + b"\0")
    return raw


def _yaml(path: Path, raw: bytes) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        said = YAML(typ="rt").load(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CardError(path, raw[: error.start].count(b"\n") + 1, "not UTF-8.", "Save it as UTF-8.") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise CardError(
            path, line, f"not readable as YAML: {error.problem}.", "Mend the indentation or quotes."
        ) from error
    if not isinstance(said, dict):
        raise CardError(path, 1, "a card is a mapping of fields.", "Begin it with 'series: name'.")
    return said


def _plain(said: Any) -> Any:
    """The YAML tree as plain dicts, lists and strings; numbers and dates stay what YAML made of them."""
    if isinstance(said, dict):
        return {str(k): _plain(v) for k, v in said.items()}
    if isinstance(said, list):
        return [_plain(v) for v in said]
    if isinstance(said, str):
        return str(said)
    if isinstance(said, float):
        return Decimal(repr(float(said)))
    return said


def _line(said: Any, path: Sequence[int | str]) -> int:
    """1-based line of the deepest part of `path` that exists."""
    line = 1
    for step in path:
        position = getattr(said, "lc", None)
        if position is None:
            break
        try:
            line = (position.key(step) if isinstance(said, dict) else position.item(step))[0] + 1
            said = said[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def _card(path: Path, raw: bytes) -> tuple[SeriesCard, Any]:
    tree = _yaml(path, raw)
    try:
        return SeriesCard.model_validate(_plain(tree)), tree
    except ValidationError as error:
        raise _refusal(path, tree, error) from error


def _correction(path: Path, raw: bytes) -> Correction:
    tree = _yaml(path, raw)
    try:
        said = _CorrectionSaid.model_validate(_plain(tree))
    except ValidationError as error:
        raise _refusal(path, tree, error) from error
    return Correction(**said.model_dump())


def _refusal(path: Path, tree: Any, error: ValidationError) -> CardError:
    # a misspelt field is also a missing one: the spelling is what helps
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    steps = [step for step in first["loc"] if not (isinstance(step, str) and step.startswith("function-"))]
    field = ".".join(str(s) for s in steps) or "the card"
    remedy = {
        "missing": "Add the field.",
        "extra_forbidden": "Remove the field, or mend its spelling.",
        "literal_error": "Use one of the words that are listed.",
    }.get(first["type"], "Mend it.")
    more = f"  ({len(error.errors()) - 1} more after it.)" if len(error.errors()) > 1 else ""
    return CardError(path, _line(tree, steps), f"{field}: {first['msg']}.", remedy + more)


def _agrees_with_vocabularies(path: Path, tree: Any, card: SeriesCard, known: dict[str, Vocabulary]) -> None:
    for name, dimension in card.dimensions.items():
        vocabulary = known.get(dimension.vocabulary)
        if vocabulary is None:
            raise CardError(
                path, _line(tree, ("dimensions", name, "vocabulary")),
                f"dimensions.{name}: there is no vocabulary {dimension.vocabulary!r}.",
                f"Add {dimension.vocabulary}.csv, or name one of {', '.join(sorted(known)) or 'none yet'}.",
            )  # fmt: skip
        for listed in dimension.classifications or ("",):
            if not vocabulary.members(listed):
                raise CardError(
                    path, _line(tree, ("dimensions", name)),
                    f"dimensions.{name}: {dimension.vocabulary}.csv has no term of the classification {listed!r}.",
                    "Name a classification that the vocabulary holds.",
                )  # fmt: skip
    schemes = known.get("schemes")
    listed_schemes = {t.code for t in schemes.terms} if schemes else set()
    for name, measure in card.measures.items():
        for code in sorted(set(measure.schemes) - listed_schemes):
            raise CardError(
                path, _line(tree, ("measures", name, "schemes")),
                f"measures.{name}.schemes: the vocabulary of schemes holds no {code!r}.", "Name one that stands there.",
            )  # fmt: skip
    codes = {t.code for d in card.dimensions.values() for t in known[d.vocabulary].terms}
    for i, layout in enumerate(card.layouts):
        for code in sorted(set(layout.measure_for) - codes):
            raise CardError(
                path, _line(tree, ("layouts", i)), f"measure_for: no vocabulary of the dimensions holds {code!r}.",
                "Name a code that one of them holds.",
            )  # fmt: skip
    if card.recognise.scheme not in ("", "any"):
        schemes = known.get("schemes")
        if schemes is None or all(t.code != card.recognise.scheme for t in schemes.terms):
            raise CardError(
                path, _line(tree, ("recognise", "scheme")),
                f"recognise.scheme: the vocabulary of schemes holds no {card.recognise.scheme!r}.",
                "Add it to schemes.csv, or name one that stands there.",
            )  # fmt: skip


def _vocabulary(path: Path, raw: bytes) -> Vocabulary:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CardError(path, raw[: error.start].count(b"\n") + 1, "not UTF-8.", "Save it as UTF-8.") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise CardError(path, 1, f"the columns are {rows.fieldnames}.", f"They must be {','.join(COLUMNS)}.")
    terms = tuple(_terms(path, rows))
    try:
        return Vocabulary.of(path.stem, terms)
    except ValueError as error:
        said = str(error)
        line = int(said.split(":")[0].removeprefix("line "))
        raise CardError(path, line, f"{said.split(': ', 1)[1]}.", "Keep one of the two.") from error


def _terms(path: Path, rows: csv.DictReader[str]) -> Iterable[Term]:
    for row in rows:
        line = rows.line_num
        if None in row or None in row.values():
            raise CardError(path, line, "the row has not as many fields as the head.", "Quote labels with commas.")
        if not row["code"] or not row["en"]:
            raise CardError(path, line, "a term needs a code and an English name.", "Fill them in.")
        if row["residual"] not in ("", "yes"):
            raise CardError(path, line, f"residual is {row['residual']!r}.", 'Write "yes" or nothing.')
        try:
            since, until = (date.fromisoformat(row[k]) if row[k] else None for k in ("valid_from", "valid_to"))
        except ValueError as error:
            raise CardError(path, line, f"{error}.", "Write dates as 2006-06-28.") from error
        yield Term(
            code=row["code"].strip(), en=row["en"].strip(), zh_hant=row["zh_hant"].strip(),
            zh_hans=row["zh_hans"].strip(), aliases=tuple(a.strip() for a in row["aliases"].split("|") if a.strip()),
            valid_from=since, valid_to=until, classification=row["classification"].strip(),
            residual=row["residual"] == "yes", note=row["note"].strip(), line=line,
        )  # fmt: skip
