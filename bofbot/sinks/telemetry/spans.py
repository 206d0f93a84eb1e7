"""Events → spans (run, item, step, attempt) and metrics. Keys, values, receipts and messages stay at home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from bofbot.events import (
    EffectChanged,
    Event,
    Failure,
    ItemFinished,
    ItemStarted,
    RunFinished,
    RunStarted,
    StepEvent,
    StepFailed,
    StepFinished,
    StepRetried,
    StepSkipped,
    StepStarted,
)

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram
    from opentelemetry.trace import Span

    from bofbot.sinks.telemetry.exporting import Exporter

Value = str | int | float | bool
_Key = tuple[str, str, str]
"""(`item` or `step`, path of the step, key of the item): the key tells items apart here and is never sent."""
_WELL = ("done", "already", "skipped")


@dataclass(slots=True)
class _Open:
    span: Span
    attempt_began: datetime
    attempts: int = 1


class Telemetry:
    """The sink of one run. What stays open when a run dies is never sent: the journal knows how it ended."""

    def __init__(self, exporter: Exporter) -> None:
        self._tracer = exporter.tracer
        self._figures = _Figures(exporter) if exporter.meter else None
        self._robot = ""
        self._run: Span | None = None
        self._open: dict[_Key, _Open] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._begin(event)
            case RunFinished():
                self._end(event)
            case StepStarted():
                named = (
                    {}
                    if event.name in (event.sentence.en, event.sentence.ja)
                    else {"bofbot.step.name": event.name}
                )
                self._start(("step", event.step, event.item), event.verb, event, {**_of_step(event), **named})
            case ItemStarted():
                about = {**_of_step(event), "bofbot.item.index": event.index}
                self._start(("item", event.step, event.item), "item", event, about)
            case StepRetried():
                self._retry(event)
            case StepFinished() | StepFailed():
                self._finish_step(event)
            case StepSkipped():
                self._count("steps", {"bofbot.verb": event.verb, "bofbot.outcome": "skipped"})
            case ItemFinished():
                self._finish_item(event)
            case EffectChanged():
                if found := self._found(event):
                    found.span.add_event("effect", {"bofbot.effect.state": event.state}, _ns(event.at))
            case _:
                pass

    def close(self) -> None:
        """What is queued goes on being sent in the background."""

    def _begin(self, event: RunStarted) -> None:
        self._robot = event.robot
        if self._tracer is None:
            return
        about: dict[str, Value] = {
            "bofbot.run": event.run,
            "bofbot.robot": event.robot,
            "bofbot.robot.file": PurePath(event.robot_file).name,
            "bofbot.robot.sha256": event.robot_sha256,
            "bofbot.mode": event.mode,
            "bofbot.steps": event.steps,
        }
        if event.of_run:
            about["bofbot.of_run"] = event.of_run
        self._run = self._tracer.start_span(f"run {event.robot}", attributes=about, start_time=_ns(event.at))

    def _end(self, event: RunFinished) -> None:
        for key in reversed(self._open):
            self._open[key].span.end(_ns(event.at))
        self._open.clear()
        if self._run is not None:
            self._run.set_attributes({
                "bofbot.outcome": event.outcome, "bofbot.exit_code": event.exit_code,
                "bofbot.items.done": event.items_done, "bofbot.items.failed": event.items_failed,
                "bofbot.items.already": event.items_already, "bofbot.items.waiting": event.items_waiting,
            })  # fmt: skip
            _settle(self._run, event.outcome == "done", event.failure)
            self._run.end(_ns(event.at))
        if self._figures:
            self._figures.run(self._robot, event.outcome, event.seconds)

    def _start(self, key: _Key, name: str, event: StepEvent, about: Mapping[str, Value]) -> None:
        if self._tracer is None:
            return
        self._open[key] = _Open(self._child(self._parent_of(key), name, event.at, about), event.at)

    def _retry(self, event: StepRetried) -> None:
        self._count("retries", {"bofbot.verb": event.verb, "bofbot.failure.kind": event.failure.kind})
        found = self._found(event)
        if found:
            self._attempt(found, event.at, event.failure)
            found.attempts += 1
            found.attempt_began = event.at + timedelta(seconds=event.wait)

    def _attempt(self, found: _Open, ended: datetime, failure: Failure | None) -> None:
        span = self._child(found.span, "attempt", found.attempt_began, {"bofbot.attempt": found.attempts})
        _settle(span, failure is None, failure)
        span.end(_ns(max(ended, found.attempt_began)))

    def _finish_step(self, event: StepFinished | StepFailed) -> None:
        failure = event.failure if isinstance(event, StepFailed) else None
        outcome = "failed" if failure else "done"
        self._count("steps", {"bofbot.verb": event.verb, "bofbot.outcome": outcome})
        if self._figures:
            self._figures.step_seconds.record(event.seconds, {"bofbot.verb": event.verb})
        found = self._open.pop(("step", event.step, event.item), None)
        if found:
            if found.attempts > 1:
                self._attempt(found, event.at, failure)
            about: dict[str, Value] = {"bofbot.outcome": outcome, "bofbot.attempts": event.attempts}
            if isinstance(event, StepFailed):
                about["bofbot.tolerated"] = event.tolerated
            self._finish(found, event.at, about, failure is None, failure)

    def _finish_item(self, event: ItemFinished) -> None:
        self._count("items", {"bofbot.robot": self._robot, "bofbot.outcome": event.state})
        found = self._open.pop(("item", event.step, event.item), None)
        if found:
            well = event.state in _WELL
            self._finish(found, event.at, {"bofbot.outcome": event.state}, well, event.failure)

    @staticmethod
    def _finish(
        found: _Open, at: datetime, about: Mapping[str, Value], well: bool, failure: Failure | None
    ) -> None:
        found.span.set_attributes(dict(about))
        _settle(found.span, well, failure)
        found.span.end(_ns(at))

    def _child(self, parent: Span | None, name: str, at: datetime, about: Mapping[str, Value]) -> Span:
        from opentelemetry.trace import set_span_in_context

        assert self._tracer
        context = set_span_in_context(parent) if parent else None
        return self._tracer.start_span(name, context, attributes=dict(about), start_time=_ns(at))

    def _found(self, event: StepEvent) -> _Open | None:
        """The open step an event speaks of; else the item: items are tried again too."""
        return self._open.get(("step", event.step, event.item)) or self._open.get(
            ("item", event.step, event.item)
        )

    def _parent_of(self, key: _Key) -> Span | None:
        """The innermost open span around it: `3.1` stands inside the item of `3`, else inside the step `3`."""
        kind, path, item = key
        around = [path] if kind == "item" else []
        while "." in path:
            path = path.rpartition(".")[0]
            around.append(path)
        for one in around:
            for near in (("item", one, item), ("step", one, item)):
                if near in self._open and near != key:
                    return self._open[near].span
            for other in reversed(self._open):  # an inner loop: its items have keys of their own
                if other[1] == one and other != key and (other[0] == "step" or kind == "step"):
                    return self._open[other].span
        return self._run

    def _count(self, what: str, about: dict[str, Value]) -> None:
        if self._figures:
            self._figures.counters[what].add(1, about)


class _Figures:
    """The instruments; asking for one twice gives the same."""

    def __init__(self, exporter: Exporter) -> None:
        meter = exporter.meter
        assert meter
        self.counters: dict[str, Counter] = {
            name: meter.create_counter(f"bofbot.{name}", unit="1") for name in ("runs", "items", "steps", "retries")
        }  # fmt: skip
        self.run_seconds: Histogram = meter.create_histogram("bofbot.run.duration", unit="s")
        self.step_seconds: Histogram = meter.create_histogram("bofbot.step.duration", unit="s")

    def run(self, robot: str, outcome: str, seconds: float) -> None:
        about = {"bofbot.robot": robot, "bofbot.outcome": outcome}
        self.counters["runs"].add(1, about)
        self.run_seconds.record(seconds, about)


def _of_step(event: StepEvent) -> dict[str, Value]:
    """Where it stands. The sentence of a step is left out: it may quote what the robot types."""
    return {
        "bofbot.step": event.step,
        "bofbot.verb": event.verb,
        "code.filepath": PurePath(event.place.file).name,
        "code.lineno": event.place.line,
    }


def _settle(span: Span, well: bool, failure: Failure | None) -> None:
    """Of a failure only its kind: its sentences tell what was on the page."""
    from opentelemetry.trace import Status, StatusCode

    if well:
        span.set_status(Status(StatusCode.OK))
        return
    kind = failure.kind if failure else ""
    span.set_status(Status(StatusCode.ERROR, kind or None))
    if kind:
        span.set_attribute("error.type", kind)


def _ns(at: datetime) -> int:
    """Nanoseconds since 1970, exact to the microsecond."""
    whole, micro = divmod(round(at.timestamp() * 1_000_000), 1_000_000)
    return whole * 1_000_000_000 + micro * 1000
