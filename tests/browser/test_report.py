"""The report as a browser shows it: real Chromium, light and dark, wide and at 360 px, both languages.

Run by `make test-browser`.  A page is held to what only a browser can say: nothing on the console, nothing asked of any
server, nothing wider than the screen, every letter of the charts within its picture.  The pictures are left in the
folder that the output names (TALENT_PICTURES sets another), to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pipelines.publish.build import Build
from pipelines.publish.report import build_report
from pipelines.publish.swap import publish
from tests.publish import making
from tests.publish.test_report import releases

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
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
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
)
PAGES = ("index.html", "zh-Hant.html")
#: Loads the page into a frame of a given width and writes down what it sees.
PROBE = """<!doctype html><meta charset="utf-8"><iframe id="f" src="{page}" width="{width}" height="900"></iframe>
<pre id="seen"></pre><script>
document.getElementById("f").onload = (event) => {{
  const w = event.target.contentWindow, d = w.document, width = w.innerWidth;
  const name = (e) => e.tagName + "." + (e.getAttribute("class") || "") + " " + e.textContent.slice(0, 40);
  const scrolls = (e) => e.closest(".scroll") || e.closest(".hidden") || e.closest(".skip");
  const shown = [...d.querySelectorAll("svg.chart")].filter((s) => s.getBoundingClientRect().width > 0);
  const outside = [];
  for (const svg of shown) {{
    const box = svg.getBoundingClientRect();
    for (const t of svg.querySelectorAll("text")) {{
      const b = t.getBoundingClientRect();
      if (b.left < box.left - 8 || b.right > box.right + 8 || b.top < box.top - 4 || b.bottom > box.bottom + 4)
        outside.push(name(t));
    }}
  }}
  const wide = [...d.body.querySelectorAll("*")].filter(
    (e) => !scrolls(e) && !e.closest("defs") && e.getBoundingClientRect().right > width + 1);
  const small = [...d.querySelectorAll("summary, a.download, a.language")].filter((e) => {{
    const b = e.getBoundingClientRect(); return b.height > 0 && b.height < 24; }});
  document.getElementById("seen").textContent = JSON.stringify({{
    width, scroll: d.documentElement.scrollWidth, charts: shown.map((s) => s.getAttribute("class")),
    wide: wide.map(name), outside, small: small.map(name),
    ground: w.getComputedStyle(d.body).backgroundColor, ink: w.getComputedStyle(d.body).color,
    letters: Math.min(...shown.flatMap((s) => [...s.querySelectorAll("text.tick, text.name")].map(
      (t) => t.getBoundingClientRect().height)))
  }});
}};
</script>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if CHROMIUM is None:
        pytest.skip("Chromium is absent: install it (Debian: apt install chromium) to see the report tested")
    where = making.settings(tmp_path_factory.mktemp("warehouse"))
    making.stage(where, releases())
    with Build(where, making.all_models()) as build:
        build.run_all()
        database = publish(build).path
    target = Path(os.environ.get("TALENT_PICTURES", tmp_path_factory.mktemp("pictures"))) / "report"
    build_report(database, target)
    return target


@dataclass
class Site:
    """The folder served on this machine; `asked` holds the path of every request."""

    folder: Path
    address: str
    asked: list[str]


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, format: str, *arguments: Any) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_address[1]}", asked)
        server.shutdown()


def browse(site: Site, page: str, *more: str) -> subprocess.CompletedProcess[str]:
    profile = site.folder / "profile"
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", *more, f"{site.address}/{page}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    shutil.rmtree(profile, ignore_errors=True)
    return done


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def seen(site: Site, page: str, width: int, *more: str) -> tuple[dict[str, Any], list[str]]:
    """What the page looks like at a width, and what stood on the console."""
    probe = f"probe-{width}-{page}"
    (site.folder / probe).write_text(PROBE.format(page=escape(page), width=width), encoding="utf-8")
    done = browse(site, probe, "--dump-dom", f"--window-size={width + 60},1000", *more)
    found = re.search(r'<pre id="seen">(.+?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(unescape(found[1]))
    return said, complaints(done)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "kind"), [(360, "narrow"), (768, "wide"), (1280, "wide")])
def test_nothing_is_wider_than_the_screen_and_every_letter_of_a_chart_is_within_it(
    site: Site, page: str, width: int, kind: str
) -> None:
    said, console = seen(site, page, width)
    assert said["width"] == width and said["scroll"] <= width
    assert said["wide"] == [] and said["outside"] == [] and said["small"] == []
    assert len(said["charts"]) >= 6 and {c.split()[1] for c in said["charts"]} == {kind}
    assert said["letters"] >= 12
    assert console == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_asked_of_anybody(site: Site, page: str) -> None:
    seen(site, page, 1000)
    assert set(site.asked) <= {f"/probe-1000-{page}", f"/{page}", "/favicon.ico"}  # the last is for the probe
    assert f"/{page}" in site.asked


def test_the_page_is_dark_where_the_reader_likes_it_dark(site: Site) -> None:
    light, _ = seen(site, "index.html", 800)
    dark, _ = seen(site, "index.html", 800, "--blink-settings=preferredColorScheme=0")
    assert (light["ground"], light["ink"]) == ("rgb(255, 255, 255)", "rgb(27, 31, 35)")
    assert (dark["ground"], dark["ink"]) == ("rgb(20, 24, 28)", "rgb(232, 236, 240)")


def test_the_console_would_be_heard(site: Site) -> None:
    """The test of the test: a page that complains and asks is caught."""
    bad = '<!doctype html><title>x</title><link rel="stylesheet" href="bad.css"><p style="width:900px">wide'
    (site.folder / "bad.html").write_text(f'{bad}<script>console.error("no")</script>', encoding="utf-8")
    said, console = seen(site, "bad.html", 360)
    assert said["scroll"] > 360 and said["wide"]
    assert console and "/bad.css" in site.asked


@pytest.mark.parametrize("page", PAGES)
def test_it_can_be_printed(site: Site, page: str) -> None:
    target = site.folder / f"{page}.pdf"
    browse(site, page, f"--print-to-pdf={target}", "--no-pdf-header-footer")
    import pdfplumber

    with pdfplumber.open(target) as printed:
        text = "\n".join(p.extract_text() or "" for p in printed.pages)
        assert all(abs(p.width - 612) < 1 for p in printed.pages)
    # the table that is folded away on the screen is there
    assert "1,250" in text and "777" in text


@pytest.mark.parametrize(
    ("name", "page", "more"),
    [
        ("wide", "index.html", ("--window-size=1280,4000",)),
        ("dark", "index.html", ("--window-size=1280,4000", "--blink-settings=preferredColorScheme=0")),
        ("chinese", "zh-Hant.html", ("--window-size=1280,4000",)),
        ("phone", "probe-360-index.html", ("--window-size=420,1000",)),
    ],
)
def test_pictures_are_left_to_be_looked_at(site: Site, name: str, page: str, more: tuple[str, ...]) -> None:
    seen(site, "index.html", 360)  # makes the frame that the last of the pictures is of
    target = site.folder / f"{name}.png"
    browse(site, page, f"--screenshot={target}", *more)
    print(f"picture: {target}")
    assert target.stat().st_size > 20_000
