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
from bofbot.settings import Settings
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


def not_approved(plan: Plan) -> NeedsPerson:
    """Raised instead of playing."""
    file = plan.robot.file
    return NeedsPerson(
        Sentence(
            en=f"{plan.robot.name} plays only what a person has approved, and this was not: robot, inputs, settings or data differ",
            ja=f"{plan.robot.name} は承認された内容だけを実行します。この内容（ロボット・入力・設定・データ）は承認されていません",
        ),
        fix=Sentence(
            en=f"look at it with `bofbot run {file} --dry-run`, then `bofbot approve {file}` with the same inputs",
            ja=f"`bofbot run {file} --dry-run` で確認し、同じ入力で `bofbot approve {file}` を実行してください",
        ),
    )
