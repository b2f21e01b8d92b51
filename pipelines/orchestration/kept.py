"""What people get besides the warehouse, made again only where it would come out differently.

Belongs here: remembering of what something was made, and that its files stand as they were left.  Must never: import
Dagster, or know what is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pipelines.orchestration import fingerprint, steps
from pipelines.publish.swap import published_hash
from pipelines.settings import Settings


class Made(Protocol):
    """What a maker of files gives back."""

    @property
    def files(self) -> tuple[Path, ...]: ...


AnyMade = TypeVar("AnyMade", bound=Made)


@dataclass(frozen=True, slots=True)
class _Kept:
    made_of: str
    value: object
    files: tuple[tuple[str, int, int], ...]


def unless_kept(
    settings: Settings, name: str, module: str, make: Callable[[], AnyMade], *more: object
) -> tuple[AnyMade, bool]:
    """(what `make` gives, whether it was asked): the last answer, where the published warehouse, the sources of
    `module`, the values in `more` and the files of the answer (by size and time) are as they were."""
    made_of = fingerprint.of_values(published_hash(settings.database), fingerprint.made_by(module), *more)
    try:
        last: object = steps.handed_over(settings, f"kept:{name}")
    except LookupError:
        last = None
    if isinstance(last, _Kept) and last.made_of == made_of and last.files == _state(Path(f) for f, _, _ in last.files):
        value: AnyMade = last.value  # type: ignore[assignment]
        return value, False
    made = make()
    # the warehouse may have been exchanged in between
    if made_of == fingerprint.of_values(published_hash(settings.database), fingerprint.made_by(module), *more):
        steps.hand_over(settings, f"kept:{name}", _Kept(made_of, made, _state(made.files)))
    return made, True


def _state(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files that are there."""
    return tuple((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files if p.exists())
