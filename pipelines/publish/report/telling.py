"""What all exhibits share: names and words of one language, sources, verdicts, the trend in words.

What belongs here: putting an exhibit together.  What never: the choice of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipelines.publish.report import svg
from pipelines.publish.report.data import Source
from pipelines.publish.report.names import Names
from pipelines.publish.report.view import Exhibit, Table, data_uri, documents, verdicts
from pipelines.publish.report.words import Language


@dataclass(frozen=True, slots=True)
class Teller:
    """One language, with the names of codes in it."""

    language: Language
    names: Names

    def exhibit(
        self, ident: str, title: str, table: Table, found: Sequence[Source], shown: Iterable[str], **more: object
    ) -> Exhibit:
        """An exhibit with its sources, its verdicts in words and its data."""
        return replace(
            Exhibit(
                ident=ident,
                title=title,
                table=table,
                verdicts=verdicts(self.language, shown),
                documents=documents(self.language, found),
                file=f"{ident}.csv",
                data=data_uri(table),
            ),
            **more,  # type: ignore[arg-type]
        )


def trend(language: Language, line: svg.Line, periods: Sequence[tuple[date, date]]) -> str:
    known = [(p, i) for i, p in enumerate(line.points) if p.value is not None]
    if not known:
        return ""
    most = max(known, key=lambda k: (k[0].value or Decimal(0), k[1]))

    def when(index: int) -> str:
        return language.period(periods[index][1], periods[index][0])

    return language.say(
        "trend", first=known[0][0].said, first_period=when(known[0][1]), last=known[-1][0].said,
        last_period=when(known[-1][1]), most=most[0].said, most_period=when(most[1]),
    )  # fmt: skip


def trace(mart: str, where: str) -> str:
    return f'talent trace "{mart}" --where "{where}"'
