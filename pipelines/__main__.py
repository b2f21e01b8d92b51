"""`python -m pipelines` is `talent`."""

import sys

from pipelines.cli import main

sys.exit(main())
