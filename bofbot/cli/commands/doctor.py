"""`bofbot doctor`: what this machine lacks, and how to get it."""

from __future__ import annotations

import argparse
import sys

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.checkup import CHECKS
from bofbot.cli.commands.finding import Finding, Patient
from bofbot.cli.options import json_option, project_folder
from bofbot.cli.screen import columns, put, put_json
from bofbot.errors import BofbotError, NotReady, UsageError
from bofbot.settings import Settings
from bofbot.words import Language, Sentence

_MARKS = {"ok": "✔", "warn": "!", "missing": "✖"}


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--fix",
        action="store_true",
        help=Sentence(en="install what can be installed from here", ja="入れられるものを入れる"),
    )
    parser.option(
        "--only",
        metavar="NAME,…",
        help=Sentence(
            en=f"only these checks: {', '.join(CHECKS)}", ja=f"この項目だけ調べる：{', '.join(CHECKS)}"
        ),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    patient = _patient(options.fix)
    findings = [finding for name in _chosen(options.only) for finding in CHECKS[name](patient)]
    if options.json:
        put_json({"findings": [_as_json(finding, options.language) for finding in findings]})
    else:
        _show(findings, options.language)
    return NotReady.exit_code if any(finding.state == "missing" for finding in findings) else 0


def _chosen(only: str | None) -> list[str]:
    names = only.split(",") if only else list(CHECKS)
    for name in names:
        if name not in CHECKS:
            raise UsageError(
                Sentence(en=f'the doctor has no check "{name}"', ja=f"「{name}」という検査項目はありません"),
                fix=Sentence(en=f"one of: {', '.join(CHECKS)}", ja=f"項目：{', '.join(CHECKS)}"),
            )
    return names


def _patient(repair: bool) -> Patient:
    from bofbot.language.settings import load_settings

    folder = project_folder()
    file = folder / "configs" / "bofbot.yaml"
    wrong: BofbotError | None = None
    try:
        settings = load_settings(file if file.exists() else None)
    except BofbotError as error:
        settings, wrong = Settings(), error
    return Patient(folder, settings, wrong, repair, _say)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _as_json(finding: Finding, language: Language) -> dict[str, str]:
    said = {
        "subject": finding.subject.said_in(language),
        "state": finding.state,
        "detail": finding.detail.said_in(language),
    }
    return {**said, "fix": finding.fix.said_in(language)} if finding.fix else said


def _show(findings: list[Finding], language: Language) -> None:
    rows = [(_MARKS[f.state], f.subject.said_in(language), f.detail.said_in(language)) for f in findings]
    for finding, line in zip(findings, columns(rows), strict=True):
        put(line)
        if finding.fix is not None and finding.state != "ok":
            put("    → " + finding.fix.said_in(language))
    lacking = sum(finding.state == "missing" for finding in findings)
    end = (
        Sentence(en=f"{lacking} missing", ja=f"不足 {lacking} 件")
        if lacking
        else Sentence(en="bofbot is ready", ja="準備はできています")
    )
    put(end.said_in(language))
