"""Pages put together and written, whole or not at all.

What belongs here: templates filled, files moved into place.  What never: a query, a choice of what is shown.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publish.report import data, exhibits, palette, quality
from pipelines.publish.report.names import Names
from pipelines.publish.report.overview import overview
from pipelines.publish.report.words import LANGUAGES, MARKS, Language
from pipelines.settings import Settings

if TYPE_CHECKING:
    import jinja2

    from pipelines.cards import Cards

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Report:
    """`files`: the pages, English first; `charts`: how many charts a page has; `changed`: pages whose bytes changed."""

    files: tuple[Path, ...]
    charts: int
    seconds: float
    changed: tuple[Path, ...] = ()

    @property
    def size(self) -> int:
        """Size of all pages [bytes]."""
        return sum(path.stat().st_size for path in self.files)


def build_report(database: Path, folder: Path, cards: Cards | None = None) -> Report:
    """Writes `index.html` and `zh-Hant.html` into `folder`.  Deterministic; a page is replaced only where it changed.

    `cards`: names of schemes, measures and codes; those of the project where none are given.  Raises
    FileNotFoundError where there is no warehouse, CardError where a card cannot be used.
    """
    began = time.perf_counter()
    known = cards if cards is not None else _cards()
    scheme_of = {card.series: card.recognise.scheme for card in known.series if card.recognise.scheme != "any"}
    held = data.ask(database, scheme_of)
    folder.mkdir(parents=True, exist_ok=True)
    files, changed, charts = [], [], 0
    template = _template()
    for language in LANGUAGES:
        page, charts = _page(template, held, known, language)
        path = folder / language.file
        files.append(path)
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            fresh.write_text(page, encoding="utf-8")
            fresh.replace(path)
            changed.append(path)
    return Report(tuple(files), charts, time.perf_counter() - began, tuple(changed))


def _cards() -> Cards:
    from pipelines.cards import load

    settings = Settings()
    return load(settings.series, settings.vocabulary, settings.corrections)


def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html")


def _page(template: jinja2.Template, held: data.Held, cards: Cards, language: Language) -> tuple[str, int]:
    """The page of one language, and how many charts it has."""
    names = Names.of(cards, language)
    schemes = exhibits.sections(held, cards, language)
    about = quality.section(held, names, language)
    argued, more = quality.arguments(held, names, language)
    first = overview(held, names, language)
    charts = sum(bool(e.charts) for s in (*schemes, about) for e in s.exhibits) + (first is not None)
    page = template.render(
        language=language, say=language.say, schemes=schemes, quality=about, argued=argued, more_argued=more,
        overview=first, dictionary=quality.dictionary(held, language), marks=MARKS, content_hash=held.content_hash,
        light=palette.variables(palette.LIGHT), dark=palette.variables(palette.DARK),
        style=(TEMPLATES / "style.css").read_text(encoding="utf-8"),
        script=(TEMPLATES / "script.js").read_text(encoding="utf-8"),
    )  # fmt: skip
    return page, charts
