"""Evidence in a place that all machines see: copied by hash after the run, later when it is away, brought back unchanged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bofbot.adapters import shelf
from bofbot.adapters.shelf import open_shelf, place_of
from bofbot.errors import ApplicationError, NotReady
from bofbot.events import RunFinished, RunStarted
from bofbot.settings import KeepSettings, Settings
from bofbot.shelving import Shelver, Shelving
from bofbot.store import Store, open_store
from bofbot.store.copies import Copies
from bofbot.store.retention import tidy
from bofbot.words import Sentence

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NOW = timedelta(0)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Machine:
    """One machine of an office: its own logs, a store and a place that it shares."""

    def __init__(self, folder: Path, store: Store, place: str) -> None:
        self.logs, self.store, self.place = folder / "logs", store, place
        self.logs.mkdir(parents=True, exist_ok=True)
        self.shelving = Shelving(store, self.logs, folder, place)

    def ran(self, run: str, **files: bytes) -> None:
        self.store.journal.append(RunStarted(run=run, at=AT, robot="r", robot_file="r.yaml", robot_sha256=""))
        for name, content in files.items():
            path = self.logs / run / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (self.logs / run).mkdir(exist_ok=True)
        self.store.journal.append(
            RunFinished(run=run, at=AT, robot="r", outcome="done", exit_code=0, seconds=5.0)
        )
        self.store.journal.flush()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bofbot.db") as opened:
        yield opened


@pytest.fixture(params=["folder", "file://", "memory://"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory://":
        pytest.importorskip("fsspec", reason="the extra `evidence` is not installed")
        return f"memory://evidence/{tmp_path.name}"
    (tmp_path / "share").mkdir()
    return f"{'file://' if request.param == 'file://' else ''}{tmp_path / 'share'}"


FILES = {"3-failed.png": b"picture", "film/0012-fill.jpg": b"frame", "report.html": "報告書".encode()}


def test_what_one_machine_made_another_one_shows(tmp_path: Path, store: Store, place: str) -> None:
    here, there = Machine(tmp_path / "a", store, place), Machine(tmp_path / "b", store, place)
    here.ran("1044", **FILES)
    assert here.shelving.after("1044").made == 3
    assert here.shelving.round(NOW).made == there.shelving.round(NOW).made == 0
    rows = Copies(store.database).of("1044")
    assert {one.path: (one.sha256, one.size) for one in rows} == {
        name: (sha(content), len(content)) for name, content in FILES.items()
    }
    assert {one.place for one in rows} == {place}
    assert there.shelving.fetch("1044") == 3
    for name, content in FILES.items():
        assert (there.logs / "1044" / name).read_bytes() == content
    assert there.shelving.fetch("1044") == 0
    told = tmp_path / "told.json"
    (open_shelf(place, tmp_path)).get(sha(b"frame"), told)
    assert told.read_bytes() == b"frame"


def test_the_list_of_a_run_tells_which_file_is_which(tmp_path: Path, store: Store) -> None:
    (tmp_path / "share").mkdir()
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **FILES)
    here.shelving.after("1044")
    told = json.loads((tmp_path / "share" / "runs" / "1044.json").read_text())
    assert [one["path"] for one in told["files"]] == sorted(FILES)
    for one in told["files"]:
        assert sha((tmp_path / "share" / place_of(one["sha256"])).read_bytes()) == one["sha256"]


def test_a_place_that_is_away_fails_nothing_and_is_caught_up(tmp_path: Path, store: Store) -> None:
    share = tmp_path / "share"
    here = Machine(tmp_path / "a", store, str(share))
    here.ran("1044", **FILES)
    away = here.shelving.after("1044")
    assert (away.made, away.left) == (0, 3)
    assert away.trouble is not None
    assert "cannot be used" in away.trouble.en
    here.ran("1045", **{"a.png": b"picture", "b.png": b"x"})
    share.mkdir()
    done = Shelving(store, here.logs, tmp_path, str(share)).round(NOW)  # another process, later
    assert (done.made, done.left, done.trouble) == (5, 0, None)
    kept = [path for path in share.glob("??/*") if path.is_file()]
    assert len(kept) == 4  # the same picture once


def test_a_place_that_goes_away_in_between_keeps_what_is_done(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **FILES)
    real, count = shelf.atomic_write, iter(range(99))

    def full(path: Path, write: object) -> None:
        if next(count) == 1:
            raise OSError(28, "No space left on device")
        real(path, write)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "atomic_write", full)
        first = here.shelving.after("1044")
    assert (first.made, first.left) == (1, 2)
    assert here.shelving.round(NOW).made == 2
    assert all(one.made for one in Copies(store.database).of("1044"))


def test_runs_of_a_process_that_died_before_it_noted_them_are_found(tmp_path: Path, store: Store) -> None:
    (tmp_path / "share").mkdir()
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **FILES)
    here.ran("1045")
    elsewhere = Machine(tmp_path / "b", store, str(tmp_path / "share"))
    assert elsewhere.shelving.round(NOW).made == 0  # its files are not here
    assert here.shelving.round(timedelta(days=36500)).made == 0  # not over for long enough
    assert here.shelving.round(NOW).made == 3
    assert Copies(store.database).runs_unknown(None, datetime.now(UTC)) == []


def test_what_is_not_copied_yet_is_not_tidied_away(tmp_path: Path, store: Store) -> None:
    share = tmp_path / "share"
    here = Machine(tmp_path / "a", store, str(share))
    here.ran("1044", **FILES)
    here.shelving.after("1044")
    later = datetime.now(UTC) + timedelta(days=400)
    assert tidy(store, here.logs, KeepSettings(evidence=30 * 86400.0), later).runs == ()
    share.mkdir()
    here.shelving.round(NOW)
    assert tidy(store, here.logs, KeepSettings(evidence=30 * 86400.0), later).runs == ("1044",)
    assert here.shelving.fetch("1044") == 3


def test_a_copy_that_was_changed_is_refused(tmp_path: Path, store: Store) -> None:
    share = tmp_path / "share"
    share.mkdir()
    here, there = Machine(tmp_path / "a", store, str(share)), Machine(tmp_path / "b", store, str(share))
    here.ran("1044", **{"a.png": b"picture"})
    here.shelving.after("1044")
    (share / place_of(sha(b"picture"))).write_bytes(b"forgery")
    with pytest.raises(ApplicationError, match="hash differs"):
        there.shelving.fetch("1044")
    assert [path for path in there.logs.rglob("*") if path.is_file()] == []


def test_a_report_that_was_written_anew_is_kept_as_it_stands(tmp_path: Path, store: Store) -> None:
    share = tmp_path / "share"
    here = Machine(tmp_path / "a", store, str(share))
    here.ran("1044", **FILES)
    here.shelving.after("1044")
    (here.logs / "1044" / "report.html").write_bytes(b"anew")
    (here.logs / "1044" / "3-failed.png").unlink()
    share.mkdir()
    assert here.shelving.round(NOW).made == 2
    assert {one.path: one.sha256 for one in Copies(store.database).of("1044")} == {
        "report.html": sha(b"anew"), "film/0012-fill.jpg": sha(b"frame"),
    }  # fmt: skip
    assert place_of(sha(b"anew")) in {path.relative_to(share).as_posix() for path in share.glob("??/*")}


def test_links_and_half_written_files_stay_at_home(tmp_path: Path, store: Store) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "secret.txt").write_text("elsewhere")
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **{"a.png": b"1", ".bofbot-1234.png": b"half"})
    (here.logs / "1044" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert here.shelving.after("1044").made == 1


def test_a_path_that_leads_out_is_never_written(tmp_path: Path, store: Store) -> None:
    (tmp_path / "share").mkdir()
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **{"a.png": b"1"})
    here.shelving.after("1044")
    store.database.rows("UPDATE copies SET path = '../../x.png'")
    assert here.shelving.fetch("1044") == 0


def test_going_round_tells_a_trouble_once_and_ends_with_a_last_round(tmp_path: Path, store: Store) -> None:
    share = tmp_path / "share"
    here = Machine(tmp_path / "a", store, str(share))
    here.ran("1044", **FILES)
    told: list[Sentence] = []
    heard = threading.Event()

    def hear(said: Sentence) -> None:
        told.append(said)
        heard.set()

    here.shelving.after("1044")
    shelver = Shelver(here.shelving, hear, every=0.01)
    shelver.start()
    assert heard.wait(20)
    share.mkdir()
    shelver.stop()
    assert len(told) == 1
    assert all(one.made for one in Copies(store.database).of("1044"))


def test_what_is_missing_is_named_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "fsspec", None)
        with pytest.raises(NotReady) as missing:
            open_shelf("s3://bucket/evidence", tmp_path)
        assert missing.value.fix is not None
        assert missing.value.fix.en == 'pip install "bofbot[evidence]"'
    pytest.importorskip("fsspec", reason="the extra `evidence` is not installed")
    with pytest.raises(NotReady, match="nobody knows"):
        open_shelf("nowhere://bucket", tmp_path)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "s3fs", None)
        with pytest.raises(NotReady) as missing:
            open_shelf("s3://bucket/evidence", tmp_path)
        assert missing.value.fix is not None
        assert missing.value.fix.en == 'pip install "bofbot[s3]"'
    with pytest.raises(ValidationError, match="out of the address"):
        Settings(evidence="s3://user:password@bucket")


def test_a_place_that_never_answers_is_waited_for_no_longer_than_told(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    here = Machine(tmp_path / "a", store, str(tmp_path / "share"))
    here.ran("1044", **FILES)
    answers, real = threading.Event(), shelf.atomic_write

    def hangs(path: Path, write: object) -> None:
        assert answers.wait(60)
        real(path, write)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "atomic_write", hangs)
        late = here.shelving.after("1044", seconds=0.2)
        assert late.trouble is not None
        assert not any(one.made for one in Copies(store.database).of("1044"))
        answers.set()
        limit = time.monotonic() + 30
        while not all(one.made for one in Copies(store.database).of("1044")):
            assert time.monotonic() < limit
            time.sleep(0.02)


ROBOT = """bofbot: 1
name: 集計
owner: 経理部
purpose: 足す
steps:
  - set: {a: "${1 + 1}"}
"""


def test_at_a_shell_a_run_ends_well_without_its_place_and_tidy_catches_up(tmp_path: Path) -> None:
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "r.yaml").write_text(ROBOT, encoding="utf-8")
    share, environ = tmp_path / "share", {**os.environ, "BOFBOT_EVIDENCE": "share", "BOFBOT_LANG": "en"}

    def says(*words: str) -> str:
        said = subprocess.run(
            [sys.executable, "-m", "bofbot.cli", *words], cwd=tmp_path, env=environ, capture_output=True, timeout=120, check=True
        )  # fmt: skip
        return said.stdout.decode() + said.stderr.decode()

    assert "copies are made later" in says("run", "r")
    share.mkdir()
    assert "1 files of evidence copied, 0 still to be copied" in says("tidy")
    (run,) = (path for path in (tmp_path / "logs").iterdir() if path.name.isdecimal())
    (run / "a.txt").write_text("not noted: comes back no more")
    shutil.rmtree(run)
    says("report", run.name)
    assert [path.name for path in run.iterdir()] == ["report.html"]


@pytest.mark.slow
def test_a_real_s3_protocol(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against moto's S3 server, where it is installed: two megabytes there and back, and a server that is away."""
    libraries = os.environ.get("BOFBOT_S3_LIBRARIES", "")
    monkeypatch.setattr(sys, "path", [*sys.path, libraries])
    for name in ("s3fs", "moto"):
        pytest.importorskip(name, reason=f"{name} is not installed (BOFBOT_S3_LIBRARIES, see .ci/run)")
    program = (
        f"import sys, time; sys.path.append({libraries!r})\n"
        "from moto.server import ThreadedMotoServer\n"
        "server = ThreadedMotoServer('127.0.0.1', 0); server.start()\n"
        "print(server.get_host_and_port()[1], flush=True); time.sleep(120)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            assert server.stdout
            address = (
                f"http://127.0.0.1:{next(int(line) for line in server.stdout if line.strip().isdigit())}"
            )
            for name, value in {
                "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_DEFAULT_REGION": "us-east-1",
            }.items():  # fmt: skip
                monkeypatch.setenv(name, value)
            urllib.request.urlopen(
                urllib.request.Request(f"{address}/bucket", method="PUT"), timeout=30
            ).close()
            here = Machine(tmp_path / "a", store, "s3://bucket/office")
            there = Machine(tmp_path / "b", store, "s3://bucket/office")
            here.ran("1044", **FILES, **{"large.bin": os.urandom(2_000_000)})
            assert here.shelving.after("1044").made == 4
            assert there.shelving.fetch("1044") == 4
            assert (there.logs / "1044" / "large.bin").read_bytes() == (
                here.logs / "1044" / "large.bin"
            ).read_bytes()
        finally:
            server.kill()
    here.ran("1045", **FILES)
    began = time.monotonic()
    away = here.shelving.after("1045")
    assert (away.made, away.left) == (0, 3)
    assert time.monotonic() - began < 120
