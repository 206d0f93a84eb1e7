"""A question of a step as it stands for ever: the same row of the store, however often the run is played again."""

from __future__ import annotations

from dataclasses import replace

from bofbot.questions import Asked, Question, print_of
from bofbot.robot import Step
from bofbot.runner.earlier import name_of
from bofbot.runner.effect import columns_written, payload_of
from bofbot.runner.state import Run, Scope
from bofbot.words import Sentence


def asked_at(run: Run, step: Step, scope: Scope, question: Question) -> Asked:
    """Told apart by step and item, never by counting: a run that goes on may ask in another order, or less."""
    plan, robot, redact = run.plan, run.robot, run.around.redact
    said = Sentence(en=redact(question.said.en), ja=redact(question.said.ja))
    choices = tuple(redact(choice) for choice in question.choices)
    question = replace(question, said=said, choices=choices)
    written = columns_written(robot)
    rows = tuple(payload_of(item, written) for item in scope.items)
    return Asked(
        question=question,
        run=run.around.run_id,
        story=plan.of_run if plan.mode == "resume" and plan.of_run else run.around.run_id,
        robot=robot.name,
        robot_file=str(robot.file),
        robot_sha256=robot.sha256,
        owner=robot.owner,
        started_by=run.around.started_by,
        step=" ".join((*scope.uses, name_of(step.path, step.place.file, robot))),
        item=(scope.item.key or scope.lap.strip()) if scope.item else "",
        print=print_of(robot.sha256, plan.shown_inputs(), rows, question),
        texts=robot.texts,
    )
