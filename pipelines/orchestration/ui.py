# ruff: noqa: T201  (it talks to a terminal)
"""`talent ui`: dagster-webserver and dagster-daemon side by side, started and stopped together.

Belongs here: processes, their environment, and the address.  Must never import Dagster: the two programs do.
(`dagster dev` does the same in about three times the time.)
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from pipelines.orchestration import home
from pipelines.orchestration.guard import is_loopback
from pipelines.settings import Settings

_GRACE_SECONDS = 15.0
_START_SECONDS = 120.0


def serve(settings: Settings, *, host: str, port: int, has_proxy: bool = False) -> int:
    """Serves until Ctrl-C or SIGTERM (0), or until one of the two ends by itself (1).

    `has_proxy`: the user says that a proxy of their own lets the right people through.
    Raises OSError: port taken.  Raises ValueError: a host that others reach, with neither proxy nor password.
    """
    reach = "loopback" if is_loopback(host) and not has_proxy else "any"
    if not is_loopback(host) and not has_proxy and not settings.ui_password:
        raise ValueError(
            f"Others could reach {host}, run jobs and wipe assets.  Set a password (TALENT_UI_PASSWORD), say "
            "--i-have-a-proxy if a proxy lets only the right people through, or leave --host at 127.0.0.1."
        )
    _must_be_free(host, port)
    home.prepare(settings)
    environment = {**os.environ, **home.environment(settings)}
    commands = {
        "dagster-webserver": [
            sys.executable, "-m", "pipelines.orchestration.web_server", reach,
            "-h", host, "-p", str(port), "-m", "pipelines.definitions", "--log-level", "warning",
        ],
        "dagster-daemon": [_program("dagster-daemon"), "run", "-m", "pipelines.definitions", "--log-level", "warning"],
    }  # fmt: skip
    running: dict[str, subprocess.Popen[bytes]] = {}
    print(f"Starting Dagster on {settings.warehouse} ...", flush=True)
    with _terminable():
        try:
            for name, arguments in commands.items():
                running[name] = subprocess.Popen(
                    arguments,
                    env=environment,
                    cwd=settings.dagster_home,
                    start_new_session=True,  # Ctrl-C reaches us alone; we stop both in order
                )
                # one after the other: both would make the tables of a new DAGSTER_HOME at once, and one would fail
                if len(running) == 1 and _answers(host, port, running):
                    print(f"Dagster: http://{host}:{port}   (Ctrl-C stops it)", flush=True)
            while True:
                for name, process in running.items():
                    if process.poll() is not None:
                        print(f"talent: {name} ended by itself (code {process.returncode}).", file=sys.stderr)
                        return 1
                time.sleep(0.3)
        except KeyboardInterrupt:
            print("\nStopping ...", flush=True)
            return 0
        finally:
            _stop(list(running.values()))


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(
                f"Port {port} on {host} cannot be used ({error.strerror}).  Try another: talent ui --port {port + 1}"
            ) from None


def _program(name: str) -> str:
    """The program of this installation: the one beside our Python before any other on the path."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise OSError(f"{name} is not installed beside {sys.executable}.  Run: make run")
    return found


def _answers(host: str, port: int, running: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Waits until the webserver takes connections; False where a process ended or the wait was too long."""
    address = "127.0.0.1" if host in ("0.0.0.0", "") else host
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and all(p.poll() is None for p in running.values()):
        with suppress(OSError), socket.create_connection((address, port), timeout=1):
            return True
        time.sleep(0.2)
    return False


@contextmanager
def _terminable() -> Any:
    """SIGTERM ends us as Ctrl-C does, so that the children never outlive us."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks each group to end, then ends it: the code servers that Dagster starts are in the same group."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    end = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, end - time.monotonic()))
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
