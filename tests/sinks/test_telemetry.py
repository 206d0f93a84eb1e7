"""OpenTelemetry: spans and metrics as a real collector decodes them; no value in them; a collector that is away costs nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.events import Event, Failure, StepFinished, StepRetried
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.sinks.telemetry import exporting, telemetry, wanted
from bofbot.sinks.telemetry.spans import Telemetry
from tests.sinks.collector import Collector, collecting, plain
from tests.sinks.tales import Teller, expenses, said

pytest.importorskip("opentelemetry.sdk", reason="the extra `otel` is not installed")

ROBOT = """bofbot: 1
name: 経費の集計
owner: 経理部
purpose: 足す
inputs: {氏名: {type: text, personal: true}, 金額: {type: integer}}
steps:
  - name: 行を読む
    set: {あいさつ: "${inputs.氏名} さん ${inputs.金額}"}
  - for_each: "${[1, 2, 3]}"
    as: n
    key: 伝票-${n}
    steps:
      - set: {倍: "${n * 2}"}
"""


@pytest.fixture(autouse=True)
def _no_exporter_stays() -> Iterator[None]:
    """An exporter that still tries a lost collector would draw lots for its next try while other tests play."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=60)
        assert not thread.is_alive(), thread.name


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{one.port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=keiri")
        yield one


def tell(events: list[Event], seconds: float = 10) -> bool:
    """One process that tells these events and ends."""
    exporter = exporting._made()
    sink = Telemetry(exporter)
    for event in events:
        sink(event)
    sink.close()
    return exporter.close(seconds)


def test_a_run_becomes_spans_of_items_and_steps(collector: Collector) -> None:
    events = expenses()
    assert tell(events)
    spans = {span.span_id: span for span in collector.spans}
    run = next(span for span in spans.values() if not span.parent_span_id)
    about = plain(run.attributes)
    ended = events[-1]
    assert (run.name, about["bofbot.run"]) == ("run 経費申請の登録", "1044")
    assert (about["bofbot.outcome"], about["bofbot.exit_code"]) == (ended.outcome, ended.exit_code)  # type: ignore[union-attr]
    assert run.start_time_unix_nano == int(events[0].at.timestamp()) * 1_000_000_000
    assert run.end_time_unix_nano == round(ended.at.timestamp() * 1000) * 1_000_000
    told = Counter(type(event).__name__ for event in events)
    kinds = Counter("item" if span.name == "item" else "step" for span in spans.values() if "bofbot.step" in plain(span.attributes))  # fmt: skip
    assert kinds == {"item": told["ItemStarted"], "step": told["StepStarted"]}
    assert {span.trace_id for span in spans.values()} == {run.trace_id}
    for span in spans.values():
        path = plain(span.attributes).get("bofbot.step", "")
        if "." in path and not path.startswith(("finally", "on_failure")):
            assert spans[span.parent_span_id].name == "item"
        elif span.name == "item":
            assert plain(spans[span.parent_span_id].attributes)["bofbot.step"] == path
    assert collector.resources[0]["service.name"] == "bofbot"
    assert set(collector.headers) == {"keiri"}


def test_metrics_are_counted_by_outcome(collector: Collector) -> None:
    events = expenses()
    assert tell(events)
    by_name = {metric.name: metric for metric in collector.metrics}
    assert {"bofbot.runs", "bofbot.items", "bofbot.steps", "bofbot.run.duration", "bofbot.step.duration"} <= set(by_name)  # fmt: skip
    items = {plain(point.attributes)["bofbot.outcome"]: point.as_int for point in by_name["bofbot.items"].sum.data_points}  # fmt: skip
    assert items == Counter(event.state for event in events if type(event).__name__ == "ItemFinished")  # type: ignore[union-attr]
    duration = by_name["bofbot.run.duration"].histogram.data_points[0]
    assert (duration.count, by_name["bofbot.run.duration"].unit) == (1, "s")


def test_attempts_are_spans_of_their_own(collector: Collector) -> None:
    teller = Teller()
    step = teller.step("1", "開く", "open")
    failure = Failure("application", said("no answer of 秘密の値", "秘密の値"))
    teller.start(step, said("open https://秘密の値.example", "秘密の値を開く"))
    teller.retry(step, failure, wait=0.5)
    teller.finish(step, attempts=2)
    assert [type(event) for event in teller.events[-2:]] == [StepRetried, StepFinished]
    assert tell(teller.end("done", 0))
    opened = next(span for span in collector.spans if span.name == "open")
    attempts = sorted(
        (plain(span.attributes)["bofbot.attempt"], span.status.code, span.status.message)
        for span in collector.spans
        if span.parent_span_id == opened.span_id
    )
    assert attempts == [(1, 2, "application"), (2, 1, "")]
    assert plain(opened.attributes)["bofbot.attempts"] == 2
    assert plain(opened.attributes)["bofbot.step.name"] == "開く"
    assert "秘密".encode() not in collector.raw


def test_a_real_run_tells_names_and_no_values(collector: Collector, tmp_path: Path) -> None:
    """A whole process, ended as it ends by itself."""
    (tmp_path / "r.yaml").write_text(ROBOT, encoding="utf-8")
    words = [
        sys.executable, "-m", "bofbot.cli", "run", "r.yaml", "--no-report", "-i", "氏名=小鳥遊ソラ子", "-i", "金額=987654",
    ]  # fmt: skip
    played = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert played.returncode == 0, played.stderr.decode()
    names = Counter(span.name for span in collector.spans)
    assert names == {"run 経費の集計": 1, "for_each": 1, "item": 3, "set": 4}
    assert {"bofbot.runs", "bofbot.items"} <= {metric.name for metric in collector.metrics}
    for value in ("小鳥遊", "987654", "伝票-", "あいさつ", str(tmp_path)):
        assert value.encode() not in collector.raw


@pytest.mark.parametrize("how", ["stalls", *(["refuses"] if os.environ.get("BOFBOT_NIGHTLY") else [])])
def test_a_collector_that_is_away_costs_two_seconds_at_the_end_at_most(
    collector: Collector, tmp_path: Path, how: str
) -> None:
    (tmp_path / "r.yaml").write_text(ROBOT, encoding="utf-8")
    collector.stall.set()
    environ = dict(os.environ)
    if how == "refuses":
        environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9"
    words = [
        sys.executable, "-m", "bofbot.cli", "run", "r.yaml", "--no-report", "--json", "-i", "氏名=a", "-i", "金額=1",
    ]  # fmt: skip
    played = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60, env=environ, check=False)
    assert played.returncode == 0, played.stderr.decode()
    assert b"Traceback" not in played.stderr
    assert b'"outcome": "done"' in played.stdout
    assert collector.asked.is_set() is (how == "stalls")


def test_a_full_queue_drops_and_never_waits(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.3")
    collector.stall.set()
    teller = Teller()
    for number in range(500):
        teller.done(teller.step("1", f"手順{number}", "set"))
    began = time.monotonic()
    assert not tell(teller.end("done", 0), seconds=0.2)
    assert time.monotonic() - began < 60  # the 500 steps waited for nobody: a request alone may take 10 s


def test_nothing_is_imported_unless_an_endpoint_is_named(tmp_path: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}
    assert not wanted({})
    assert telemetry({}) == ()
    assert not wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"})
    (tmp_path / "r.yaml").write_text(ROBOT, encoding="utf-8")
    program = (
        "import sys; from bofbot.cli.main import main\n"
        "code = main(['run', 'r.yaml', '--no-report', '-i', '氏名=a', '-i', '金額=1'])\n"
        "assert code == 0 and not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=clean, capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()


def test_without_the_extra_the_run_goes_on_and_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    exporting.of_this_process.cache_clear()
    (tmp_path / "r.yaml").write_text(ROBOT, encoding="utf-8")
    given: dict[str, Any] = {"氏名": "a", "金額": "1"}
    plan = make_plan(load_robot(tmp_path / "r.yaml", VerbTable()), given, lambda: datetime.now().astimezone())
    try:
        with Office.at(tmp_path) as office:
            assert asyncio.run(office.play(plan)).outcome == "done"
            assert asyncio.run(office.play(plan)).outcome == "done"
    finally:
        exporting.of_this_process.cache_clear()
    assert caplog.text.count('pip install "bofbot[otel]"') == 2  # once, in two languages
