"""A robot that knew a page meets it changed, one change at a time, in a real Chromium; judged by what reached the server.

Every change in a nightly run (BOFBOT_NIGHTLY=1), one of each kind otherwise."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.cli.main import main
from bofbot.events import Drift, Event, Noted, RunFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.sinks.report import report_html

from .mutated_site import MEANT, PAGE, ROBOT, Site, served
from .mutations import MUTATIONS, Mutation

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OFTEN = {
    "label renamed", "the page translated, buttons too but 登録", "button renamed", "all ids and names changed",
    "decoy of the same label in another part", "two labels exchanged", "two buttons exchanged", "field replaced by another",
    "submit renamed, a decoy has its words",
}  # fmt: skip
"""One of each kind."""


@dataclass
class Desk:
    """A project folder with one robot, and the site it works on."""

    folder: Path
    site: Site

    def write(self, drift: str = "") -> Path:
        robot = self.folder / "robots" / "変わる画面.yaml"
        robot.parent.mkdir(exist_ok=True)
        robot.write_text(ROBOT.format(drift=f"\n  drift: {drift}" if drift else ""), "utf-8")
        return robot

    def play(self, html: str) -> tuple[RunFinished, list[Drift]]:
        self.site.html = html
        self.site.clear()
        robot = load_robot(self.folder / "robots" / "変わる画面.yaml", VerbTable())
        plan = make_plan(robot, {"site": self.site.url}, lambda: datetime.now().astimezone())
        events: list[Event] = []
        with Office.at(self.folder) as office:
            finished = asyncio.run(office.play(plan, (_Kept(events),)))
        return finished, [event.drift for event in events if isinstance(event, Noted) and event.drift]

    def again(self, name: str) -> Desk:
        """Another folder that knows what this one knows."""
        other = Desk(self.folder.parent / name, self.site)
        shutil.copytree(self.folder, other.folder, ignore=shutil.ignore_patterns("*.db*", "1", ".scratch"))
        return other


class _Kept:
    def __init__(self, events: list[Event]) -> None:
        self._events = events

    def __call__(self, event: Event) -> None:
        self._events.append(event)

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if not (shutil.which("chromium-headless-shell") or shutil.which("chromium")):
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("mutations") / "known"
    folder.mkdir()
    with served() as site:
        desk = Desk(folder, site)
        desk.write()
        for _ in range(2):
            finished, drifts = desk.play(PAGE)
            assert finished.outcome == "done", finished.failure
            assert not drifts
            assert right(site, Mutation("as it was", PAGE)) == ""
        yield desk


def right(site: Site, mutation: Mutation) -> str:
    """ "" when exactly what the robot means reached the server; else what did."""
    if len(site.posts) != 1 or site.posts[0][0] != "/claims/new":
        return f"sent {site.posts}"
    got = dict(site.posts[0][1])
    for meant, value in (MEANT | mutation.values).items():
        name = mutation.names.get(meant, meant)
        joint = "-" if "-" in name else "/"
        is_ = (
            joint.join(got.pop(part, "") for part in name.split(joint))
            if joint in name
            else got.pop(name, "")
        )
        if is_.replace("/", "").replace("-", "").lstrip("0") != value.replace("/", "").replace(
            "-", ""
        ) and not _same_day(is_, value):
            return f"{meant}: {is_!r}"
    if strangers := {name: value for name, value in got.items() if value}:
        return f"filled what nobody meant: {strangers}"
    return "" if site.presses == ["b=check"] else f"pressed {site.presses}"


def _same_day(left: str, right: str) -> bool:
    split = [
        [int(part) for part in text.replace("-", "/").split("/") if part.isdigit()] for text in (left, right)
    ]
    return len(split[0]) == 3 and split[0] == split[1]


def verdict(site: Site, mutation: Mutation, finished: RunFinished) -> str:
    """`goes on`, `stops`, or what went wrong."""
    if site.posts:
        return right(site, mutation) or (
            "goes on" if finished.outcome == "done" else f"ends {finished.outcome}"
        )
    wrong = set(site.presses) - {"b=check"}
    return f"pressed {wrong}" if wrong else "stops"


@pytest.mark.parametrize(
    "mutation",
    [one for one in MUTATIONS if one.name in OFTEN or os.environ.get("BOFBOT_NIGHTLY")],
    ids=lambda one: one.name,
)
def test_a_changed_page_is_never_filled_wrongly(desk: Desk, mutation: Mutation) -> None:
    other = desk.again(f"m{MUTATIONS.index(mutation)}")
    finished, drifts = other.play(mutation.html)
    why = finished.failure.message.en if finished.failure else ""
    said = verdict(desk.site, mutation, finished)
    if table := os.environ.get("BOFBOT_MUTATIONS"):
        with Path(table).open("a", encoding="utf-8") as lines:
            told = "; ".join(
                f"{one.state} {one.looked_for}→{one.found or one.shown} {one.score}/{one.margin}"
                for one in drifts
            )
            lines.write(f"{mutation.name} | {mutation.expected} | {said} | {told} | {why}\n")
    assert said == mutation.expected, why
    if mutation.expected == "stops":
        assert mutation.reason in why
    assert any(one.state == "crossed" for one in drifts) == mutation.crossed


BY_NAME = {one.name: one for one in MUTATIONS}


def test_what_is_kept_holds_nothing_that_was_typed(desk: Desk) -> None:
    [kept] = (desk.folder / "logs" / "pages").iterdir()
    text = kept.read_text("utf-8")
    labels = [row["label"] for row in json.loads(text)["fields"]]
    assert len(labels) == 13  # eight boxes, a list, radios, a tick, two buttons
    for typed in (*MEANT.values(), "振込先の", "旅費", "現金", site_port(desk.site)):
        assert typed in ("1", "3") or typed not in text
    assert kept.parent.stat().st_mode & 0o077 == 0


def site_port(site: Site) -> str:
    return site.url.rpartition(":")[2]


def test_where_drift_is_forbidden_it_is_the_reason_and_the_proposal(desk: Desk) -> None:
    other = desk.again("strict")
    other.write(drift="stop")
    finished, drifts = other.play(BY_NAME["label renamed"].html)
    assert (finished.outcome, desk.site.posts) == ("failed", [])
    assert finished.failure is not None
    assert "drift: stop" in finished.failure.message.ja
    assert finished.failure.fix is not None
    assert "bofbot heal" in finished.failure.fix.en
    [drift] = drifts
    assert (drift.state, drift.looked_for, drift.found) == ("proposed", "支払先", "お取引先名")
    assert drift.picture is not None
    assert (other.folder / "logs" / finished.run / drift.picture.path).is_file()


def test_a_healed_robot_plays_the_changed_page_as_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = desk.again("healed")
    changed = BY_NAME["two labels renamed at once"]
    before = other.write().read_text("utf-8")
    finished, drifts = other.play(changed.html)
    assert (finished.outcome, len(drifts)) == ("done", 2)
    monkeypatch.chdir(other.folder)
    report = report_of(other, finished.run)
    assert "画面が変わりました" in report
    assert "bofbot heal robots/変わる画面.yaml" in report
    assert main(["heal", "変わる画面"]) == 5
    assert (other.folder / "robots" / "変わる画面.yaml").read_text("utf-8") == before
    assert main(["heal", "変わる画面", "--write"]) == 0
    healed = (other.folder / "robots" / "変わる画面.yaml").read_text("utf-8")
    assert healed == before.replace('      金額: "1200"', '      お支払額: "1200"').replace(
        "      件数:", "      点数:"
    )
    finished, drifts = other.play(changed.html)
    assert (finished.outcome, drifts, right(desk.site, changed)) == ("done", [], "")


def report_of(desk: Desk, run: str) -> str:
    with Office.at(desk.folder) as office:
        return report_html(office.store.journal.events_of(run), "ja")
