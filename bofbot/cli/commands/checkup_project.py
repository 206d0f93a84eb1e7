"""What the robots of a project folder need: settings that hold, a store that opens, secrets that are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bofbot.adapters.credentials.vault import Vault
from bofbot.cli.commands.finding import Finding, Patient
from bofbot.errors import BofbotError, InvalidRobot
from bofbot.office import store_of
from bofbot.words import Sentence


def settings(patient: Patient) -> Iterator[Finding]:
    subject = Sentence(en="settings", ja="設定")
    wrong = patient.wrong_settings
    if wrong is not None:
        where = f"{wrong.place}: " if wrong.place else ""
        yield Finding(subject, "missing", Sentence.same(where) + wrong.message, wrong.fix)
        return
    file = patient.folder / "configs" / "bofbot.yaml"
    yield Finding(
        subject,
        "ok",
        Sentence.same("configs/bofbot.yaml")
        if file.exists()
        else Sentence(en="none; the usual ones hold", ja="既定値を使います"),
    )


def store(patient: Patient) -> Iterator[Finding]:
    subject = Sentence(en="store", ja="記録")
    try:
        with store_of(patient.folder, patient.settings) as opened:
            where = opened.where
    except BofbotError as closed:
        yield Finding(subject, "missing", closed.message, closed.fix)
        return
    yield Finding(subject, "ok", Sentence(en=f"opens: {where}", ja=f"開けました：{where}"))


def secrets(patient: Patient) -> Iterator[Finding]:
    """Whether the secrets that the robots of the folder name can be found here."""
    safe = Vault.at(patient.folder, patient.settings)
    for name, robot in sorted(_secrets_of_robots(patient.folder).items()):
        subject = Sentence(en=f"secret 「{name}」", ja=f"秘密情報「{name}」")
        try:
            safe.get(name)
        except BofbotError as absent:
            yield Finding(
                subject,
                "missing",
                absent.message + Sentence(en=f" (for {robot})", ja=f"（{robot} が使用）"),
                absent.fix,
            )
        else:
            yield Finding(subject, "ok", Sentence(en=f"is there, for {robot}", ja=f"あり（{robot} が使用）"))


def _secrets_of_robots(folder: Path) -> dict[str, str]:
    from bofbot.action import Action
    from bofbot.actions import VerbTable
    from bofbot.language.loader import load_robot

    needed: dict[str, str] = {}
    verbs = VerbTable()
    for file in sorted((folder / "robots").glob("*.yaml")):
        try:
            robot = load_robot(file, verbs)
        except InvalidRobot:
            continue  # `bofbot validate` tells about it
        by_verbs = (
            name
            for step in robot.walk()
            if isinstance(step.verb, Action)
            for name in step.verb.secrets_needed()
        )
        for name in (*robot.secrets, *by_verbs):
            needed.setdefault(name, file.name)
    return needed
