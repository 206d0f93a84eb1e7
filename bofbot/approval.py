"""What a person's yes is bound to: the robot with its parts, its inputs, the settings, and the data it will read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from bofbot.errors import NeedsPerson
from bofbot.events import as_plain
from bofbot.files import sha256_of
from bofbot.plan import Plan, describe
from bofbot.questions import Asked, Question
from bofbot.robot import Robot
from bofbot.settings import Settings
from bofbot.store import Store
from bofbot.store.approvals import Approval
from bofbot.words import Sentence

_NOT_BOUND = {"language", "logs", "store", "reminders", "office_hours", "approval_by"}
"""Settings that change nothing about what a run does."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is approved, to the letter. Any change of it changes `fingerprint`."""

    robot: str
    fingerprint: str
    """sha256 of the canonical JSON of all below."""
    files: tuple[tuple[str, str], ...]
    """(path, sha256) of every file the robot reads that is known before it plays; "" when there is none yet."""


def subject_of(plan: Plan, settings: Settings, folder: Path) -> Subject:
    """What a yes to this plan means at this moment. Secrets among the inputs are taken by name only."""
    targets = dict.fromkeys(
        target for kind, target in describe(plan).touches if kind == "reads" and "${" not in target
    )
    files = tuple((target, _sha256(folder / Path(target).expanduser())) for target in targets)
    bound = {
        "robot": plan.robot.name,
        "text": plan.robot.sha256,
        "inputs": {name: str(value) for name, value in plan.inputs.items()},
        "settings": settings.model_dump(mode="json", exclude=_NOT_BOUND),
        "items": plan.items,
        "until": plan.until,
        "files": files,
    }
    canonical = json.dumps(as_plain(bound), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Subject(plan.robot.name, hashlib.sha256(canonical.encode()).hexdigest(), files)


def _sha256(path: Path) -> str:
    return sha256_of(path) if path.is_file() else ""


class NotApproved(NeedsPerson):
    """Nobody who may has said yes to this plan."""


def by_other(robot: Robot, settings: Settings) -> bool:
    """Whether the one who asked for a run may not approve it."""
    return (robot.approval_by or settings.approval_by) == "other"


def starter_of(store: Store, plan: Plan, started_by: str) -> str:
    """Who asked for this run when it was first begun; "" for a schedule. Whoever goes on with it is not its starter."""
    named = {"run": plan.of_run}
    row = store.database.row(_FIRST_EVENT, named) if plan.mode in ("resume", "help") else None
    return str(json.loads(row["body"]).get("by", "")) if row else started_by


def demand_approval(store: Store, settings: Settings, folder: Path, plan: Plan, started_by: str) -> Approval:
    """The yes that lets this plan be played. Raises NotApproved."""
    subject = subject_of(plan, settings, folder)
    barred = {started_by} - {""} if by_other(plan.robot, settings) else set()
    approval = store.approvals.find(subject.fingerprint, barred)
    if approval is not None:
        return approval
    own = store.approvals.find(subject.fingerprint) if barred else None
    raise _not_approved(plan, own)


def question_of(plan: Plan, settings: Settings, folder: Path, run: str, started_by: str) -> Asked:
    """The place among what waits of a run that lacks its yes. `choices` says `other` when its starter may not give it."""
    robot = plan.robot
    said = Sentence(en="may this be played as it stands?", ja="この内容で実行してよいですか")
    inputs = ", ".join(f"{name}={value}" for name, value in plan.shown_inputs().items())
    choices = ("other",) if by_other(robot, settings) else ()
    return Asked(
        question=Question(said + (f" ({inputs})" if inputs else ""), "approval", choices, robot.owner),
        run=run,
        story=plan.of_run if plan.mode == "resume" else run,
        robot=robot.name,
        robot_file=str(robot.file),
        robot_sha256=robot.sha256,
        owner=robot.owner,
        started_by=started_by,
        step="",
        item="",
        print=subject_of(plan, settings, folder).fingerprint,
        texts=robot.texts,
    )


_FIRST_EVENT = "SELECT body FROM events WHERE run = :run AND kind = 'RunStarted' ORDER BY seq LIMIT 1"


def _not_approved(plan: Plan, own: Approval | None) -> NotApproved:
    """Raised instead of playing; `own`: the starter's own yes, which does not count."""
    file = plan.robot.file
    if own is not None:
        return NotApproved(
            Sentence(
                en=f"{own.by} asked for this run and approved it too; somebody else must approve {plan.robot.name}",
                ja=f"実行を依頼した {own.by} 本人の承認は認められません。{plan.robot.name} はほかの人の承認が必要です",
            ),
            fix=Sentence(
                en=f"another person: bofbot approve {file}",
                ja=f"ほかの人が実行してください：bofbot approve {file}",
            ),
        )
    return NotApproved(
        Sentence(
            en=f"{plan.robot.name} plays only what a person has approved, and this was not: robot, inputs, settings or data differ",
            ja=f"{plan.robot.name} は承認された内容だけを実行します。この内容（ロボット・入力・設定・データ）は承認されていません",
        ),
        fix=Sentence(
            en=f"look at it with `bofbot run {file} --dry-run`, then `bofbot approve {file}` with the same inputs",
            ja=f"`bofbot run {file} --dry-run` で確認し、同じ入力で `bofbot approve {file}` を実行してください",
        ),
    )
