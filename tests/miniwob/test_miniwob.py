"""Form tasks of MiniWoB++ solved by robots that are nothing but YAML, each with five seeds.

The pages come with the package `miniwob`, which is no part of the project: install it anywhere (`pip install --no-deps
miniwob`, or `--target` a folder) and name the folder that holds it in BOFBOT_MINIWOB. A robot is handed the words of the
task, as a person reads them above the page, and finds its fields by their labels."""

from __future__ import annotations

import asyncio
import csv
import functools
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import async_playwright

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan

PAGES = Path(os.environ.get("BOFBOT_MINIWOB", "")) / "miniwob" / "html"
ROBOTS = Path(__file__).parent / "robots"
TASKS = sorted(path.stem for path in ROBOTS.glob("*.yaml"))
SEEDS = range(1, 6)
ENOUGH = 33 / 35
STARTED = b"""<script>addEventListener('load', () => {
  Math.seedrandom(new URLSearchParams(location.search).get('seed'));
  core.EPISODE_MAX_TIME = 120000;
  const end = core.endEpisode;
  core.endEpisode = (reward, ...rest) => { end(reward, ...rest); fetch(`/reward${location.search}&page=${location.pathname}&reward=${reward}`); };
});</script></body>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("BOFBOT_MINIWOB") or not PAGES.is_dir(),
        reason="BOFBOT_MINIWOB names no folder with the package miniwob: its tasks are not played",
    ),
]


class Site:
    """The package's pages as they are, seeded, with time enough; keeps the rewards that they give."""

    def __init__(self) -> None:
        self.rewards: dict[tuple[str, str], float] = {}
        site = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                body = b""
                if parts.path == "/reward":
                    site.rewards.setdefault((Path(asked["page"]).stem, asked["seed"]), float(asked["reward"]))
                elif parts.path.startswith("/miniwob/"):
                    page = PAGES / "miniwob" / Path(parts.path).name
                    body = page.read_bytes().replace(b"</body>", STARTED)
                else:
                    super().do_GET()
                    return
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        handler = functools.partial(Handler, directory=str(PAGES))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tasks(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV per robot: the seeds, and the words that stand above the page with each."""
    folder = tmp_path_factory.mktemp("tasks")
    for robot, words in asyncio.run(_words(site)).items():
        with (folder / f"{robot}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["seed", "task"], *words])
    return folder


async def _words(site: Site) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=machine.find_browser(), args=list(machine.QUIET), chromium_sandbox=False
        )
        page = await browser.new_page()
        for robot in TASKS:
            for seed in SEEDS:
                await page.goto(f"{site.url}/miniwob/{robot}.html?seed={seed}")
                await page.click("#sync-task-cover")
                text = await page.evaluate("document.getElementById('query').innerText")
                found.setdefault(robot, []).append((seed, " ".join(text.split())))
        await browser.close()
    return found


def _play(robot: str, site: Site, tasks: Path, folder: Path) -> Any:
    loaded = load_robot(ROBOTS / f"{robot}.yaml", VerbTable())
    given = {"site": site.url, "tasks": str(tasks / f"{robot}.csv")}
    plan = make_plan(loaded, given, lambda: datetime.now().astimezone())
    with Office.at(folder) as office:
        return asyncio.run(office.play(plan, ()))


def test_form_tasks_in_nothing_but_yaml(site: Site, tasks: Path, tmp_path: Path) -> None:
    site.rewards.clear()
    ends = {robot: _play(robot, site, tasks, tmp_path / robot) for robot in TASKS}
    solved = {robot: sum(site.rewards.get((robot, str(seed)), 0) == 1.0 for seed in SEEDS) for robot in TASKS}
    why = {robot: end.failure.message.en for robot, end in ends.items() if end.failure}
    assert sum(solved.values()) >= ENOUGH * len(TASKS) * len(SEEDS), (solved, why)
