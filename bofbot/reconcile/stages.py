"""The stages of a reconciliation, one after the other: each takes what the ones before left and leaves figures of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bofbot.reconcile.choice.decided import Decided, alias_table, apply_memory
from bofbot.reconcile.choice.match_list import Matches
from bofbot.reconcile.choice.matches import matches_of
from bofbot.reconcile.choice.matching import Ground, Matching
from bofbot.reconcile.choice.memory import Memory
from bofbot.reconcile.defaults import default_rules
from bofbot.reconcile.entries import Entries
from bofbot.reconcile.evidence.candidates import Pairs, find_pairs
from bofbot.reconcile.evidence.company_forms import Forms, forms_of
from bofbot.reconcile.evidence.name_columns import compare_names
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References
from bofbot.reconcile.evidence.scoring import Scores, score
from bofbot.reconcile.intake.currencies import one_currency, valued
from bofbot.reconcile.intake.sides import Side, take_in
from bofbot.reconcile.model import Break, Decide, Exchange, Result, Rule, Stage
from bofbot.reconcile.outcome.carry import OpenItem
from bofbot.reconcile.outcome.openings import breaks_of
from bofbot.reconcile.rules import Allowed, compile_rules
from bofbot.records import Table
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Ingested:
    """Both sides, typed and in their fixed order, and what was assumed about them."""

    left: Side
    right: Side
    said: list[Sentence]


def ingest(
    left: Table,
    right: Table,
    names: tuple[str, str],
    columns: tuple[Mapping[str, Any], Mapping[str, Any]],
    carried: tuple[Sequence[OpenItem], Sequence[OpenItem]],
    exchange: Exchange | None = None,
) -> Ingested:
    """Ingest and control checks; foreign rows are valued where a rule says how. Raises BusinessError for unusable input."""
    one, other, said = take_in(left, right, names=names, columns=columns, carried=carried)
    one, other = one_currency(*valued(one, other, exchange, said), said)
    return Ingested(one, other, said)


class Work:
    """What the stages have left so far."""

    def __init__(self, sides: Ingested, names: Names) -> None:
        self.left, self.right, self.said, self.names = sides.left, sides.right, sides.said, names
        self.stages = [_stage("control", "取込と検査", rows_left=len(self.left), rows_right=len(self.right))]
        self.decided: Decided
        self.rules: list[Allowed]
        self.links: References
        self.forms: Forms
        self.pairs: Pairs
        self.scores: Scores
        self.matching: Matching
        self.matches: Matches
        self.breaks: tuple[Break, ...]
        self.today: date | None

    @classmethod
    def normalised(cls, sides: Ingested, memory: Memory) -> Work:
        """Distinct names, references and company forms of both sides, folded so that they can be compared."""
        work = cls(sides, compare_names(sides.left, sides.right, alias_table(memory)))
        work.links = References(sides.left, sides.right)
        work.forms = forms_of(sides.left, sides.right)
        if work.names.sentence:
            work.said.append(work.names.sentence)
        if work.links.common:
            work.said.append(_crowded(work.links.common))
        return work

    def apply_decisions(self, memory: Memory) -> None:
        """What people decided already comes first and is not looked at again."""
        self.decided = apply_memory(self.left, self.right, memory)
        self._leave(
            "decisions", "人の判断の反映", matches=len(self.decided.matches), never=len(self.decided.never)
        )

    def take_rules(self, rules: Sequence[Rule]) -> None:
        """The rules given, else sensible ones, which are said. Raises BusinessError for one that can never match."""
        if not rules:
            rules, assumed = default_rules(self.left, self.right, self.names)
            self.said += assumed
        self.rules = compile_rules(rules, self.left, self.right)

    def find_candidates(self) -> None:
        """Exact keys and ordered rules: every pair of rows that one of them allows."""
        found = find_pairs(self.left, self.right, self.names, self.links, self.rules, self.said)
        self.pairs = self.decided.keep(found)

    def score(self) -> None:
        """Whole points for every candidate."""
        self.scores = score(self.left, self.right, self.names, self.pairs, self.forms)
        self._leave("candidates", "候補の抽出と採点", pairs=len(self.pairs))

    def choose(self, decide: Decide) -> None:
        """Groups inside a party, then the exact best choice, component by component."""
        ground = Ground(
            self.left, self.right, self.names, self.links, self.forms, self.rules, self.decided, decide
        )
        self.matching = Matching(ground, self.pairs, self.scores)
        self.stages += self.matching.stages

    def grade(self) -> None:
        """Confirmed, suggested or ambiguous, with typed differences."""
        self.matches = matches_of(self.matching, self.decided.matches)

    def find_breaks(self, as_of: date | None) -> None:
        """What stays open, with its age on the day asked for, else on the last day in the data."""
        self.today = as_of or _last_day(self.left, self.right)
        groups = self.matching.groups
        self.breaks = breaks_of(
            self.left, self.right, self.names, self.matches, groups.not_searched, groups.several, self.today
        )

    def result(self) -> Result:
        """Everything the stages found; totals and journal are still to be closed."""
        compared = [
            getattr(side, field) if field else ()
            for side, field in zip((self.left, self.right), self.names.fields, strict=True)
        ]
        return Result(
            left_name=self.left.name,
            right_name=self.right.name,
            left=Entries(self.left, compared[0]),
            right=Entries(self.right, compared[1]),
            matches=self.matches,
            breaks=self.breaks,
            totals=(),
            assumptions=tuple(self.said),
            stages=tuple(self.stages),
            as_of=self.today,
        )

    def _leave(self, name: str, ja: str, **figures: Any) -> None:
        self.stages.append(_stage(name, ja, **figures))


def _stage(name: str, ja: str, **figures: Any) -> Stage:
    return Stage(name, Sentence(en=name, ja=ja), figures)


def _crowded(numbers: int) -> Sentence:
    return Sentence(
        en=f"{numbers} references stand on so many rows that they name none of them; they were not used",
        ja=f"多数の行に共通する照合番号 {numbers} 件は、行を特定できないため使いませんでした",
    )


def _last_day(*sides: Side) -> date | None:
    latest = max(int(side.days.max(initial=0)) for side in sides)
    return date.fromordinal(latest) if latest > 0 else None
