"""What Dagster loads: the definitions of this house on the folders that the environment names."""

import warnings

from pipelines import settings

# "beta" of a parameter is nothing that the reader of a log could act on
warnings.filterwarnings("ignore", module="dagster")

from pipelines.orchestration.build import build_defs  # noqa: E402

defs = build_defs(settings.load())
