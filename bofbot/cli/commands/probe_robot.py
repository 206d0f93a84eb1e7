"""A robot made harmless: it logs in and looks at its pages, but downloads, books, writes and tells nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from bofbot.action import Action, Computed, Verb
from bofbot.actions.documents.download import Download
from bofbot.actions.documents.fetch_statements import FetchStatements
from bofbot.actions.documents.look import Look
from bofbot.actions.pages.submit import Submit
from bofbot.robot import ForEach, Robot, Step, Use

_HARMLESS = frozenset(
    [
        "open",
        "login",
        "click",
        "press",
        "expect",
        "within",
        "read",
        "fill",
        "select",
        "check_box",
        "choose",
        "set",
        "wait",
    ]
)
"""Verbs that are played as they are: they look, or fill a form that nobody sends."""


def as_probe(robot: Robot) -> Robot:
    """The robot as `bofbot probe` plays it: harmless steps, and a look wherever it would download or submit."""
    unknown: set[str] = set()
    return replace(
        robot, name=f"{robot.name}（probe）", steps=_harmless(robot.steps, unknown), on_failure=(), finally_=(),
        outputs={},
    )  # fmt: skip


def _harmless(steps: tuple[Step, ...], unknown: set[str]) -> tuple[Step, ...]:
    """`unknown` gathers names that nothing makes known any more; steps that need one are left out as well."""
    kept: list[Step] = []
    for step in steps:
        verb = _instead(step.verb)
        if verb is None or _uses(verb, unknown) or _uses_name(step.condition, unknown):
            if step.save_as:
                unknown.add(step.save_as)
            if isinstance(step.verb, Action):
                unknown.update(step.verb.names_made())
            continue
        looks = isinstance(verb, Look)
        if looks and step.save_as:
            unknown.add(step.save_as)
        if isinstance(verb, Use) and verb.part is not None:
            verb = verb.model_copy(
                update={"part": replace(verb.part, steps=_harmless(verb.part.steps, set()))}
            )
        kept.append(replace(step, verb=verb, save_as="" if looks else step.save_as))
        if isinstance(step.verb, Submit):
            break  # what follows stands on pages that only the submit leads to
    return tuple(kept)


def _instead(verb: Verb) -> Verb | None:
    """What is played in place of a verb; None when it is left out."""
    if isinstance(verb, Download):
        return Look(look=verb.download) if verb.download else None
    if isinstance(verb, FetchStatements):
        button = "" if verb.show else verb.statements
        fields = (verb.first, verb.last, *(verb.fill if isinstance(verb.fill, dict) else ()))
        return Look(look=verb.show or button, page=verb.page, fields=fields, account=verb.account)
    if isinstance(verb, Submit):
        return Look(look=verb.submit)
    if isinstance(verb, ForEach):
        return None
    return verb if isinstance(verb, Use) or verb.verb in _HARMLESS else None


def _uses(verb: Verb, unknown: set[str]) -> bool:
    return any(_uses_name(getattr(verb, name), unknown) for name in type(verb).model_fields if name != "part")


def _uses_name(value: object, unknown: set[str]) -> bool:
    if isinstance(value, dict):
        return any(_uses_name(one, unknown) for one in value.values())
    if isinstance(value, list | tuple):
        return any(_uses_name(one, unknown) for one in value)
    return isinstance(value, Computed) and any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", value.source) for name in unknown
    )
