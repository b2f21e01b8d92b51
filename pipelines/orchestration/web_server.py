"""dagster-webserver behind our guard: `python -m pipelines.orchestration.web_server loopback|any ARGUMENTS`.

Belongs here: putting the guard around the application that Dagster makes.  Must never: judge a request (`guard` does).
"""

from __future__ import annotations

import sys
from typing import Any

from pipelines import settings as settings_module
from pipelines.orchestration.guard import Guard

HOSTS = ("loopback", "any")
_MAKE = "create_app_from_workspace_process_context"


def main(arguments: list[str]) -> None:
    """Serves until it is stopped.  The first of `arguments` says which names are answered to; Dagster gets the rest."""
    from dagster_webserver import cli

    reach, *rest = arguments
    if reach not in HOSTS:
        raise ValueError(f"The first argument must be one of {', '.join(HOSTS)}, not {reach!r}.")
    password = settings_module.load().ui_password
    make: Any = vars(cli)[_MAKE]

    def guarded(*given: Any, **named: Any) -> Any:
        return Guard(make(*given, **named), any_host=reach == "any", password=password)

    setattr(cli, _MAKE, guarded)  # Dagster offers no place for a middleware of ours
    sys.argv = ["dagster-webserver", *rest]
    serve: Any = cli.main
    serve()


if __name__ == "__main__":
    main(sys.argv[1:])
