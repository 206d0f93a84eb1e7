"""The flight recorder: what is remembered, what is kept, what it may cost, and what a full disk does to it."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self

import pytest

from bofbot.action import Action, Context, Glimpse, Resource, Result, Scalar, Seen
from bofbot.errors import ApplicationError, BusinessError, Sighting
from bofbot.events import Evidence, Failure, Filmed, Frame, ItemFinished, Noted, StepFailed, StepFinished
from bofbot.runner import flight
from bofbot.runner.flight import FRAMES, SHARE, Recorder
from bofbot.settings import Settings
from bofbot.words import Sentence

from .conftest import Stage, TrialVerbs, World


@dataclass
class Shown:
    """What the camera sees."""

    picture: bytes = b"\xff\xd8 a picture"
    looks: int = 0


SHOWN = Shown()


class Camera(Resource):
    """Something that can be looked at."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls()

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        SHOWN.looks += 1
        if picture:
            return Glimpse("題", SHOWN.picture + str(SHOWN.looks).encode())
        return Glimpse("題", entries=(("金額", "1200"),))

    async def evidence(self, stem: Path) -> Seen:
        stem.with_suffix(".png").write_bytes(b"png")
        return Seen(Sighting(title="題"), (Evidence("picture", stem.with_suffix(".png").name),))

    async def close(self) -> None:
        pass


class Touch(Action):
    """Touches what can be seen.
    画面に触れる。"""

    verb: ClassVar[str] = "touch"
    touch: Scalar
    """What; `bad` fails, `bad row` is the data's fault.
    対象。"""

    async def run(self, context: Context) -> Result:
        await context.resource(Camera)
        if self.touch == "bad":
            raise ApplicationError(Sentence.same("it does not answer"))
        if self.touch == "bad row":
            raise BusinessError(Sentence.same("refused"))
        return Result()


@pytest.fixture(autouse=True)
def _verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TrialVerbs.own, "touch", Touch)
    SHOWN.__init__()  # type: ignore[misc]


def steps(*words: str) -> str:
    return "steps:\n" + "".join(f"  - touch: {word}\n" for word in words)


def frames(stage: Stage) -> list[Frame]:
    return [frame for event in stage.of(Filmed) for frame in event.frames]


async def test_when_all_goes_well_nothing_is_kept(stage: Stage) -> None:
    await stage.play(stage.robot(steps(*"abc")))
    assert stage.of(Filmed) == []
    assert [path.name for path in stage.folder.rglob("*.jpg")] == []


async def test_a_failure_keeps_the_last_steps_and_the_failed_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "SHARE", {True: 1e9, False: 1e9})
    many = [f"s{number}" for number in range(20)]
    finished = await stage.play(stage.robot(steps(*many, "bad")))
    [film] = stage.of(Filmed)
    assert len(film.frames) == FRAMES
    *before, last = film.frames
    assert {frame.step for frame in film.frames} >= {"13", "20", "21"}
    assert last.failed
    assert last.path.endswith(".png")
    assert (last.step, last.title) == ("21", "題")
    folder = stage.folder / finished.run
    for frame in before:
        if not frame.failed:
            assert hashlib.sha256((folder / frame.path).read_bytes()).hexdigest() == frame.sha256
    written = stage.events.index(film)
    failed = next(i for i, event in enumerate(stage.events) if isinstance(event, StepFailed))
    assert written < failed, "told while the step is still open"


async def test_a_step_that_may_fail_leaves_no_film(stage: Stage) -> None:
    await stage.play(stage.robot("steps:\n  - touch: a\n  - {touch: bad row, optional: true}\n"))
    assert stage.of(StepFailed)
    assert stage.of(Filmed) == []


async def test_every_step_is_kept_when_asked_to(stage: Stage) -> None:
    stage.settings = Settings(record="always")
    finished = await stage.play(stage.robot(steps("a", "b", "bad row")))
    kept = frames(stage)
    assert [(frame.step, frame.failed) for frame in kept] == [("1", False), ("2", False), ("3", True)]
    assert [path.name for path in sorted((stage.folder / finished.run / "film").iterdir())] == [
        "0001-touch.jpg",
        "0002-touch.jpg",
    ]
    assert all(len(event.frames) == 1 for event in stage.of(Filmed))


async def test_never_means_never(stage: Stage) -> None:
    stage.settings = Settings(record="never")
    await stage.play(stage.robot(steps("a", "bad row")))
    assert SHOWN.looks == 0
    assert stage.of(Filmed) == []


LOOP = """steps:
  - for_each: [K-1, K-2]
    as: one
    key: ${one}
    steps:
      - touch: a
      - send: ${one}
"""


async def test_a_submit_has_a_picture_before_and_after(stage: Stage, world: World) -> None:
    finished = await stage.play(stage.robot(LOOP))
    pairs = [event.evidence for event in stage.of(StepFinished) if event.verb == "send"]
    assert [[one.label for one in pair] for pair in pairs] == [["before", "after"]] * 2
    folder = stage.folder / finished.run
    assert sorted(path.name for path in folder.glob("*.jpg")) == [
        "1-2-K-1-after.jpg", "1-2-K-1-before.jpg", "1-2-K-2-after.jpg", "1-2-K-2-before.jpg",
    ]  # fmt: skip
    for one in (one for pair in pairs for one in pair):
        assert hashlib.sha256((folder / one.path).read_bytes()).hexdigest() == one.sha256


async def test_a_submit_that_fails_shows_how_it_looked_before(stage: Stage, world: World) -> None:
    world.after["K-2"] = [ApplicationError(Sentence.same("no answer"))]
    await stage.play(stage.robot(LOOP))
    [failed] = [event for event in stage.of(ItemFinished) if event.failure]
    assert failed.state == "waiting"
    assert [one.label for one in failed.failure.evidence] == ["before"]
    [film] = stage.of(Filmed)
    assert film.frames[-1].path == failed.failure.evidence[0].path
    assert film.frames[-2].path == failed.failure.evidence[0].path, "the step before is shown by it too"


async def test_a_full_disk_costs_the_pictures_only(
    stage: Stage, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.suffix == ".jpg":
            real(self, data[:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    stage.settings = Settings(record="always")
    finished = await stage.play(stage.robot(LOOP))
    assert (finished.outcome, finished.items_done) == ("done", 2)
    assert world.booked == ["K-1", "K-2"]
    assert [path.name for path in stage.folder.rglob("*.jpg")] == [], "no half pictures"
    warned = [note.sentence.en for note in stage.of(Noted) if note.level == "warning"]
    assert warned == ["pictures cannot be kept: No space left on device; the run goes on without"]


async def test_a_run_keeps_no_more_than_its_room(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    SHOWN.picture = b"x" * 1000
    monkeypatch.setattr(flight, "ROOM", 3500)
    stage.settings = Settings(record="always")
    finished = await stage.play(stage.robot(steps(*"abcdef")))
    assert len([*(stage.folder / finished.run / "film").iterdir()]) == 3
    assert [bool(frame.path) for frame in frames(stage)] == [True] * 3 + [False] * 3
    assert len([note for note in stage.of(Noted) if note.level == "warning"]) == 1


async def test_two_recorders_of_one_folder_never_write_over_each_other(tmp_path: Path) -> None:
    lanes = [Recorder("always", tmp_path), Recorder("always", tmp_path)]
    told = [frame.path for _ in range(3) for lane in lanes for frame in await lane.look(FRAME, [Camera()])]
    assert len(set(told)) == 6
    assert all((tmp_path / path).is_file() for path in told)


class Clock:
    """A watch that looking makes go on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Dear(Resource):
    """Looking at it takes so long."""

    def __init__(self, clock: Clock, picture: float, words: float) -> None:
        self.clock, self.costs, self.taken = clock, {True: picture, False: words}, {True: 0, False: 0}

    @classmethod
    async def open(cls, context: Context) -> Self:
        raise NotImplementedError

    async def close(self) -> None:
        pass

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        self.clock.now += self.costs[picture]
        self.taken[picture] += 1
        return Glimpse("題", b"jpeg" if picture else b"", () if picture else (("a", "b"),))


FRAME = Frame(datetime(2026, 11, 22).astimezone(), "1", "", "fill")


@pytest.mark.parametrize(
    ("step", "pictures"), [(0.01, (0, 40)), (0.1, (200, 280)), (1.0, (990, 1000)), (0.0005, (0, 40))]
)
@pytest.mark.parametrize("picture", [0.03, 0.3])
async def test_looking_never_takes_more_than_its_share(
    tmp_path: Path, step: float, pictures: tuple[int, int], picture: float
) -> None:
    clock = Clock()
    recorder = Recorder("failures", tmp_path, watch=clock)
    clock.now = 0.5  # a browser was started
    dear = Dear(clock, picture, 0.002)
    for _ in range(1000):
        clock.now += step
        await recorder.look(FRAME, [dear])
    assert recorder.spent[True] <= SHARE[True] * clock.now + picture, "one dearer than the last is possible"
    assert recorder.spent[False] <= SHARE[False] * clock.now + 0.002
    if picture == 0.03:
        assert pictures[0] <= dear.taken[True] <= pictures[1]


async def test_a_failure_without_anything_seen_leaves_no_film(tmp_path: Path) -> None:
    recorder = Recorder("failures", tmp_path)
    recorder.failed(FRAME, Failure("business", Sentence.same("no such sheet")))
    assert recorder.develop() == ()
