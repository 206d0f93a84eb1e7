"""Health in the text format of Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bofbot.cli.commands.health_look import Health

Samples = list[tuple[dict[str, str], float]]


def metrics_of(health: Health) -> str:
    """Every figure as `bofbot_…`; times in seconds since 1970, sizes in bytes."""
    lines = []
    for name, help, samples in _families(health):
        lines += [f"# HELP bofbot_{name} {help}", f"# TYPE bofbot_{name} gauge"]
        lines += [f"bofbot_{name}{_labels(labels)} {value:.17g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _families(health: Health) -> Iterator[tuple[str, str, Samples]]:
    wrong = sum(one.wrong for one in health.findings())
    alive = [beat for beat in health.beats if beat.alive]
    yield "up", "1 when nothing is wrong.", [({}, float(not wrong))]
    yield "wrong", "How many things are wrong.", [({}, wrong)]
    yield "checked_at_seconds", "When this was looked at.", _time(health.at)
    yield "serve_alive", "Processes of bofbot serve that live.", [({}, len(alive))]
    beat = max((one.at for one in alive), default=None)
    yield "serve_beat_at_seconds", "The last tick of a living bofbot serve.", _time(beat)
    hung = sum(one.is_hung(health.at) for one in health.workers)
    yield "workers_alive", "Workers that hold their lease.", [({}, sum(one.alive for one in health.workers))]
    yield "workers_hung", "Workers that live and stand still.", [({}, hung)]
    yield "queue_waiting", "Orders that wait.", [({}, health.queued)]
    yield "queue_playing", "Orders that are being played.", [({}, health.playing)]
    yield "runs_running", "Runs that play.", [({}, health.running)]
    yield "runs_lost", "Runs whose process died and that nobody resumed.", [({}, health.lost)]
    yield "items_waiting", "Items that wait for a person.", [({}, health.items_waiting)]
    yield "runs_waiting", "Runs that wait for a person.", [({}, health.runs_waiting)]
    yield "questions_open", "Questions and approvals that wait for a person.", [({}, len(health.questions))]
    yield "questions_late", "Of these: not answered until the first reminder.", [({}, health.questions_late)]
    oldest = min((row.asked_at for row in health.questions), default=None)
    yield "question_oldest_at_seconds", "When the oldest of them was asked.", _time(oldest)
    yield "slots_late", "Times of schedules past their deadline.", [({}, health.late)]
    overdue = [({"schedule": one.schedule.name}, float(one.key == "overdue")) for one in health.standings]
    yield "schedule_overdue", "1 when its time passed and nobody started it.", overdue
    next_at = [
        ({"schedule": one.schedule.name}, one.next.at.timestamp()) for one in health.standings if one.next
    ]
    yield "schedule_next_at_seconds", "When it plays next.", next_at
    done = [({"schedule": name}, at.timestamp()) for name, at in sorted(health.succeeded.items())]
    yield "schedule_success_at_seconds", "When it was last done.", done
    failed = [
        ({"robot": run.robot}, float(run.state != "done")) for run in health.latest if run.state != "running"
    ]
    yield "robot_failed", "1 when its last run did not end well.", failed
    started = [({"robot": run.robot}, run.started.timestamp()) for run in health.latest]
    yield "robot_started_at_seconds", "When its last run began.", started
    yield "evidence_uncopied", "Files of evidence still to be copied.", [({}, health.uncopied)]
    yield "disk_free_bytes", "Room on the disk of the logs.", [({}, health.free)]
    yield "disk_size_bytes", "Size of the disk of the logs.", [({}, health.size)]
    yield "journal_records", "Records in the journal.", [({}, health.records)]
    yield (
        "journal_head_ok",
        "1 when the end of the journal is as it was sealed.",
        [({}, float(health.head_ok))],
    )


def _time(at: datetime | None) -> Samples:
    return [({}, at.timestamp())] if at else []


def _labels(labels: dict[str, str]) -> str:
    def said(value: str) -> str:
        return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    return "{" + ",".join(f'{name}="{said(value)}"' for name, value in labels.items()) + "}" if labels else ""
