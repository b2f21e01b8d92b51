"""What every test shares: one fixed choice of generated examples, and one warehouse of the bundled documents.

A test run must say the same thing twice, so the examples that hypothesis draws are derived from each test's own source.
`HYPOTHESIS_PROFILE=random` draws new ones: that is how faults are looked for, apart from the test command.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines import settings as folders
from pipelines.settings import Settings

settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The bundled documents, refreshed once for all tests that only look; nobody may change what lies here."""
    from pipelines.orchestration.progress import Progress
    from pipelines.orchestration.runner import refresh

    folder: Path = tmp_path_factory.mktemp("bundled")
    made = folders.load({}, raw=folder / "raw", warehouse=folder / "warehouse")
    shutil.copytree(folders.PROJECT / "raw" / "facsimile", made.raw / "facsimile")
    outcome = refresh(made, Progress(quiet=True))
    assert outcome.published, outcome.text
    return made
