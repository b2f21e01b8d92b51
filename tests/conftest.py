"""What every test shares: one fixed choice of generated examples.

A test run must say the same thing twice, so the examples that hypothesis draws are derived from each test's own source.
`HYPOTHESIS_PROFILE=random` draws new ones: that is how faults are looked for, apart from the test command.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
