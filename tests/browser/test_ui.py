"""The Dagster UI as a person sees it, in headless Chromium, over a refreshed warehouse.

Run by `make test-browser`, apart from `make test`.  The pictures are left in the folder that the last line of each
test's output names (TALENT_PICTURES sets another), to be looked at.  A page is judged by its text; that a run was
launched, by what Dagster itself says of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.settings import Settings
from tests.support import crossing, generate, render

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=20000",
)
LOCATION = "locations/__repository__@pipelines.definitions"
DAY = 86_400.0


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._skip += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skip and data.strip():
            self.said.append(data.strip())


@dataclass
class Ui:
    """`talent ui` on folders of its own."""

    settings: Settings
    port: int
    pictures: Path
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "pipelines", "ui", "--port", str(self.port)]
        folders = ["--raw", str(self.settings.raw), "--warehouse", str(self.settings.warehouse)]
        self.process = subprocess.Popen(
            [*command, *folders],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=settings_module.PROJECT,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("Dagster: "):
                assert self.address in line
                break
        self.until(lambda: self.ask("{ repositoriesOrError { __typename } }"), "the UI to answer")

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)
        return self.process.returncode

    def ask(self, query: str) -> Any:
        body = json.dumps({"query": query}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["data"]

    def until(self, truth: Callable[[], Any], what: str, seconds: float = 240) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if found := truth():
                    return found
            except OSError:
                pass
            time.sleep(1)
        raise AssertionError(f"waited {seconds:.0f} s for {what}")

    def page(self, path: str, picture: str, *, size: str = "1600,1100") -> str:
        """The text of a page; its picture is kept."""
        target = self.pictures / f"{picture}.png"
        for output in ([f"--screenshot={target}"], ["--dump-dom"]):
            profile = self.pictures / "profile"
            command = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", f"--window-size={size}", *output]
            done = subprocess.run(
                [*command, f"{self.address}/{path}"], capture_output=True, text=True, timeout=120, check=True
            )
            shutil.rmtree(profile, ignore_errors=True)
        print(f"picture: {target}")
        assert target.stat().st_size > 20_000
        text = _Text()
        text.feed(done.stdout)
        return "\n".join(text.said)

    def launched_by(self, tag: str, name: str) -> dict[str, Any] | None:
        """The newest run that this schedule or sensor launched, once it has ended."""
        for run in self.ask("{ runsOrError { ... on Runs { results { runId status tags { key value } } } } }")[
            "runsOrError"
        ]["results"]:
            if {"key": tag, "value": name} in run["tags"] and run["status"] in ("SUCCESS", "FAILURE"):
                return run  # type: ignore[no-any-return]
        return None


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory, bundled: Settings) -> Iterator[Ui]:
    if CHROMIUM is None:
        pytest.skip("Chromium is absent: install it (Debian: apt install chromium) to see the UI tested")
    folder = tmp_path_factory.mktemp("ui")
    settings = settings_module.load({}, raw=folder / "raw", warehouse=folder / "warehouse")
    shutil.copytree(bundled.raw, settings.raw, dirs_exist_ok=True)
    shutil.copytree(bundled.warehouse, settings.warehouse, dirs_exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    pictures = Path(os.environ.get("TALENT_PICTURES", folder / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)
    made = Ui(settings, port, pictures)
    made.start()
    yield made
    made.stop()


def test_the_graph_shows_every_room(ui: Ui) -> None:
    said = ui.page("asset-groups", "graph", size="2400,1300")
    for room in ("capture", "read", "prove", "shape", "check", "staging", "core", "marts", "quality", "publish"):
        assert room in said.splitlines()


def test_an_asset_page_shows_description_columns_and_row_count(ui: Ui) -> None:
    said = ui.page("assets/marts/qmas_by_year", "asset", size="1700,1500").splitlines()
    for words in ("qmas_by_year", "Row count", "16", "quotas_allotted", "marts", "refresh"):
        assert words in said


def test_a_room_asset_shows_its_preview(ui: Ui) -> None:
    said = ui.page("assets/proofs", "proofs", size="1700,1500")
    assert "verdict" in said
    assert "tables" in said


def test_the_checks_of_an_asset_are_shown_with_their_results(ui: Ui) -> None:
    said = ui.page("assets/marts/qmas_by_year?view=checks", "checks")
    assert "the_key_is_unique" in said
    assert "Passed" in said or "Succeeded" in said


def test_the_published_warehouse_shows_its_audit(ui: Ui) -> None:
    said = ui.page("assets/published_warehouse?view=checks", "audit")
    assert "the_audit_passes" in said
    assert "blocking" in said


def test_the_fetching_asset_says_whom_it_asks_and_shows_its_months(ui: Ui) -> None:
    said = ui.page("assets/fetched_releases", "fetched", size="1600,1500")
    for words in ("www.info.gov.hk", "none is set (TALENT_CONTACT)", "TALENT_PAUSE", "fetch_and_refresh"):
        assert words in said
    months = ui.page("assets/fetched_releases?view=partitions", "months")
    assert "1998-10-01" in months
    assert "Missing" in months


def test_a_file_in_the_inbox_launches_a_run(ui: Ui) -> None:
    ui.settings.inbox.mkdir(exist_ok=True)
    (ui.settings.inbox / "dropped.html").write_bytes(render.html(generate.release(5, language="en")))
    (ui.settings.inbox / "wrong.pdf").write_bytes(crossing.pdf())
    run = ui.until(lambda: ui.launched_by("dagster/sensor_name", "inbox"), "the sensor to launch a run")
    assert run["status"] == "SUCCESS"
    assert not (ui.settings.inbox / "dropped.html").exists()
    assert list(ui.settings.raw.glob("dropped/*/dropped.html"))
    assert run["runId"][:8] in ui.page(f"{LOCATION}/sensors/inbox", "sensor")


def test_a_located_error_is_shown_with_the_picture_of_its_cell(ui: Ui) -> None:
    """After the file with an error was taken in."""
    said = ui.page("assets/proofs?view=checks", "located-error", size="1600,1500")
    for words in ("totals_are_met", "is wrong", "wrong_cells"):
        assert words in said
    with dg.DagsterInstance.from_config(str(ui.settings.dagster_home)) as instance:
        key = dg.AssetCheckKey(dg.AssetKey("proofs"), "totals_are_met")
        (record,) = instance.event_log_storage.get_latest_asset_check_execution_by_key([key]).values()
        evaluation = record.event.dagster_event.asset_check_evaluation_data  # type: ignore[union-attr]
    shown = evaluation.metadata["wrong_cells"].value
    assert crossing.WRONG in shown
    assert "](data:image/png;base64," in shown


def test_a_scheduled_tick_launches_a_run(ui: Ui) -> None:
    """The schedule is told that it last looked a day ago; so the tick of this morning is due."""
    with dg.DagsterInstance.from_config(str(ui.settings.dagster_home)) as instance:
        (state,) = ui.until(
            lambda: [s for s in instance.all_instigator_state() if s.instigator_name == "fetch_daily"],
            "the daemon to know the schedule",
        )
        ui.stop()
        data = state.instigator_data._replace(start_timestamp=time.time() - 1.01 * DAY, last_iteration_timestamp=None)
        instance.update_instigator_state(state.with_data(data))
    ui.start()
    run = ui.until(lambda: ui.launched_by("dagster/schedule_name", "fetch_daily"), "the schedule to launch a run")
    assert run["status"] == "SUCCESS"
    assert run["runId"][:8] in ui.page(f"{LOCATION}/schedules/fetch_daily", "schedule")
    followed = ui.until(lambda: ui.launched_by("dagster/sensor_name", "refresh_after_fetch"), "the refresh after it")
    assert followed["status"] == "SUCCESS"
    ui.page("runs", "runs")


def test_ctrl_c_ends_everything_that_was_started(ui: Ui) -> None:
    assert ui.stop() == 0
    with pytest.raises(OSError):
        ui.ask("{ version }")
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(ui.settings.dagster_home) not in left
    ui.start()
