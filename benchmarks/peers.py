"""Peers: the offline challenge of forms.py, filled by bofbot and by others, each as its users would run it, in one run.

    python benchmarks/peers.py [repeats] [--robot PYTHON] [--rpa PYTHON]

PYTHON is that of a throw-away environment with `robotframework-browser[bb]`, `robotframework-pabot` and `selenium`
(`--robot`), or with `rpaframework` (`--rpa`); whoever is missing is named and left out. Each way is a process of its own:
"whole" is from its start to its end, "form" the filling alone, from the opened page to the last button, as the way itself
measures it. A page that did not get every value right stops everything. The order changes with every repeat; ratios are
medians of paired runs. CPU seconds count the process and all that it started, to the last (Linux only). All have their
byte code at hand, as after any `pip install`, and played once before."""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from forms import LABELS, PAGE, ROUNDS, rows

_ADOPT = 36
"""PR_SET_CHILD_SUBREAPER."""

CHROMIUM, DRIVER = shutil.which("chromium") or "", shutil.which("chromedriver") or ""
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
TOLD = "; go.addEventListener('click', () => { if (taken.length === %d) fetch('/taken?' + encodeURIComponent(JSON.stringify(taken))); }); draw();</script>"

RAW = """
import json, sys, time
from playwright.sync_api import sync_playwright
url, executable, switches, rows = json.loads(sys.argv[1])
with sync_playwright() as driver:
    browser = driver.chromium.launch(executable_path=executable, args=switches, chromium_sandbox=False)
    page = browser.new_page()
    page.goto(url)
    began = time.perf_counter()
    for row in rows:
        for label, value in row.items():
            page.locator(f'[data-field="{label}"]').fill(value)
        page.locator("#go").click()
    print("form", time.perf_counter() - began)
    page.locator("text=round 10").wait_for()
    browser.close()
"""
SELENIUM = """
import json, sys, time
from selenium import webdriver
from selenium.webdriver.common.by import By
url, executable, switches, rows, service = json.loads(sys.argv[1])
options = webdriver.ChromeOptions()
options.binary_location = executable
for switch in [*switches, "--headless=new"]:
    options.add_argument(switch)
driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
driver.get(url)
began = time.perf_counter()
for row in rows:
    for label, value in row.items():
        box = driver.find_element(By.CSS_SELECTOR, f'[data-field="{label}"]')
        box.clear()
        box.send_keys(value)
    driver.find_element(By.ID, "go").click()
print("form", time.perf_counter() - began)
time.sleep(0.05)
driver.quit()
"""
RPA = """
import json, sys, time
from RPA.Browser.Selenium import Selenium
url, executable, switches, rows, service = json.loads(sys.argv[1])
library = Selenium()
told = [f"binary_location='{executable}'"] + [f"add_argument('{switch}')" for switch in [*switches, "--headless=new"]]
library.open_browser(url, "chrome", options=";".join(told), service=f"executable_path='{service}'")
began = time.perf_counter()
for row in rows:
    for label, value in row.items():
        library.input_text(f'css:[data-field="{label}"]', value)
    library.click_button("go")
print("form", time.perf_counter() - began)
time.sleep(0.05)
library.close_all_browsers()
"""
OURS = """
import asyncio, json, sys, time
from playwright.async_api import async_playwright
from bofbot.forms import click_button, fill
url, executable, switches, rows = json.loads(sys.argv[1])
async def main():
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable, args=switches, chromium_sandbox=False)
        page = await browser.new_page()
        await page.goto(url)
        began = time.perf_counter()
        for row in rows:
            await fill(page, row)
            await click_button(page, "Submit")
        print("form", time.perf_counter() - began)
        await page.locator("text=round 10").wait_for()
        await browser.close()
asyncio.run(main())
"""
SUITE = """*** Settings ***
Library    Browser
Library    Collections
Library    DateTime

*** Test Cases ***
Challenge {n}
    New Browser    chromium    headless=True    executablePath={executable}    chromiumSandbox=False    args={switches}
    New Page    {url}
    ${{began}}=    Get Time    epoch
    ${{rows}}=    Evaluate    json.load(open(r'{rows}', encoding='utf-8'))    modules=json
    ${{t0}}=    Evaluate    time.perf_counter()    modules=time
    FOR    ${{row}}    IN    @{{rows}}
        FOR    ${{label}}    ${{value}}    IN    &{{row}}
            Fill Text    [data-field="${{label}}"]    ${{value}}
        END
        Click    id=go
    END
    ${{t1}}=    Evaluate    time.perf_counter() - ${{t0}}    modules=time
    Log To Console    form ${{t1}}
    Get Text    id=state    ==    round 10
"""
ROBOT = """bofbot: 1
name: challenge
purpose: fill the challenge
owner: benchmark
by_hand: 1m
inputs: {{site: {{type: text, default: "{url}"}}}}
defaults: {{at: "${{inputs.site}}"}}
steps:
  - read_table: data/rows.csv
    save_as: rows
  - open: /
  - for_each: ${{rows}}
    as: row
    key: ${{run.id}}-${{index}}
    steps:
      - fill: {{{fields}}}
      - click: Submit
  - expect: round 10
"""


class Site:
    """The challenge page; `right` counts the fills that came whole."""

    def __init__(self) -> None:
        self.right = 0
        site, wanted = self, rows()
        before, _, after = PAGE.rpartition("draw();</script>")
        page = ((before % list(LABELS)) + TOLD.lstrip("; ") % ROUNDS + after).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/taken?") and json.loads(unquote(self.path[7:])) == wanted:
                    site.right += 1
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                with suppress(BrokenPipeError):  # the browser has closed
                    self.wfile.write(page)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Took:
    whole: float
    form: float
    cpu: float


@dataclass
class Way:
    """One tool: how it is started, and how many forms of ten rounds it fills."""

    name: str
    command: list[str]
    folder: Path
    times: int = 1
    took: list[Took] = field(default_factory=list)


def play(way: Way, site: Site) -> Took:
    right = site.right
    path = f"{Path(way.command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    began = time.perf_counter()
    with counted_cpu() as cpu:
        done = subprocess.run(
            way.command,
            cwd=way.folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        whole = time.perf_counter() - began
    if done.returncode or site.right - right != way.times:
        raise SystemExit(f"{way.name}: {done.returncode}, {site.right - right} right\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")  # fmt: skip
    told = [line.split("form ")[1] for line in done.stdout.splitlines() if "form " in line]
    return Took(whole, float(told[0]) if told else 0.0, cpu())


@contextmanager
def counted_cpu() -> Iterator[Callable[[], float]]:
    """CPU seconds of all that is started inside, browsers that outlive their parents too: this process takes them over."""
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    before = _used()

    def used() -> float:
        until = time.monotonic() + 10
        with suppress(ChildProcessError):  # all have ended
            while time.monotonic() < until:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    time.sleep(0.01)
        return _used() - before

    yield used


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def ways(site: Site, folder: Path, robot: str, rpa: str) -> list[Way]:
    (folder / "rows.json").write_text(json.dumps(rows()), encoding="utf-8")
    basic = [site.url, CHROMIUM, SWITCHES, rows()]
    shell = shutil.which("chromium-headless-shell") or CHROMIUM
    found = [
        Way("Playwright, naive", [sys.executable, "-c", RAW, json.dumps(basic)], folder),
        Way("bofbot.forms, Chromium", [sys.executable, "-c", OURS, json.dumps(basic)], folder),
        Way(
            "bofbot.forms, its own browser",
            [sys.executable, "-c", OURS, json.dumps([site.url, shell, SWITCHES, rows()])],
            folder,
        ),
        Way(
            "bofbot run",
            [str(Path(sys.executable).parent / "bofbot"), "run", "challenge"],
            office(folder, site),
        ),
    ]
    if robot:
        suites = folder / "suites"
        suites.mkdir()
        for n in range(4):
            suite = SUITE.format(
                n=n, executable=CHROMIUM, url=site.url, rows=folder / "rows.json", switches=json.dumps(list(SWITCHES)).replace('"', "'"),
            )  # fmt: skip
            (suites / f"challenge{n}.robot").write_text(suite, encoding="utf-8")
        one = [robot, "-m", "robot", "--outputdir", str(folder / "out"), str(suites / "challenge0.robot")]
        found.append(Way("Robot Framework Browser", one, folder))
        pabot = [
            str(Path(robot).parent / "pabot"),
            "--processes",
            "2",
            "--outputdir",
            str(folder / "pabot"),
            str(suites),
        ]
        found.append(Way("Robot Framework + pabot, 2 × 2", pabot, folder, times=4))
        if DRIVER:
            found.append(Way("Selenium", [robot, "-c", SELENIUM, json.dumps([*basic, DRIVER])], folder))
    if rpa and DRIVER:
        found.append(Way("rpaframework", [rpa, "-c", RPA, json.dumps([*basic, DRIVER])], folder))
    return found


def office(folder: Path, site: Site) -> Path:
    """A folder with the robot and its rows, as a user has it."""
    home = folder / "office"
    (home / "robots").mkdir(parents=True)
    (home / "data").mkdir()
    lines = [",".join(LABELS), *(",".join(row.values()) for row in rows())]
    (home / "data" / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fields = ", ".join(f"{label}: \"${{row['{label}']}}\"" for label in LABELS)
    (home / "robots" / "challenge.yaml").write_text(ROBOT.format(url=site.url, fields=fields), "utf-8")
    return home


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("repeats", nargs="?", type=int, default=3)
    options.add_argument("--robot", default="")
    options.add_argument("--rpa", default="")
    asked = options.parse_args()
    if not CHROMIUM:
        raise SystemExit("chromium is not installed")
    for name, there in (
        ("Robot Framework Browser, pabot, Selenium", asked.robot),
        ("rpaframework", asked.rpa),
    ):
        if not there:
            print(f"left out, no environment was named: {name}")
    site = Site()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "byte-code")
        all_ways = ways(site, Path(folder), asked.robot, asked.rpa)
        for way in all_ways:
            play(way, site)  # once, to warm the disk's cache
        for repeat in range(asked.repeats):
            for way in all_ways[repeat % len(all_ways) :] + all_ways[: repeat % len(all_ways)]:
                way.took.append(play(way, site))
    site.close()
    tell(all_ways)


def tell(all_ways: list[Way]) -> None:
    base = all_ways[0]
    print(f"{ROUNDS} rounds of {len(LABELS)} fields, {len(base.took)} paired runs, every field right")
    print(
        f"{'':32}{'form s':>8}{'/ naive':>9}{'whole s':>9}{'/ naive':>9}{'CPU s':>8}{'/ naive':>9}{'forms/s':>9}"
    )
    for way in all_ways:
        cells = []
        for part in ("form", "whole", "cpu"):
            mine, theirs = ([getattr(took, part) for took in one.took] for one in (way, base))
            ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
            cells += (
                [f"{statistics.median(mine):8.2f}", f"{ratio:9.2f}"]
                if statistics.median(mine)
                else ["        ", "         "]
            )
        rate = way.times * ROUNDS / statistics.median(took.whole for took in way.took)
        print(f"{way.name:32}{cells[0]}{cells[1]} {cells[2]}{cells[3]}{cells[4]}{cells[5]}{rate:9.1f}")


if __name__ == "__main__":
    main()
