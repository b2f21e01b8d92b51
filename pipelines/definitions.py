"""What Dagster loads: the definitions of this house on the folders that the environment names."""

from pipelines import settings
from pipelines.orchestration.build import build_defs

defs = build_defs(settings.load())
