"""The best choice among all candidates that uses no row twice, pairs and groups together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.choice.decided import Decided
from bofbot.reconcile.choice.solving import Chosen, Edges, best_rivals, solve
from bofbot.reconcile.choice.torn import torn_matches
from bofbot.reconcile.choice.twins import order_twins
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.company_forms import Forms
from bofbot.reconcile.evidence.kinds import DRIFT, FREE, HUNDREDTHS
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References
from bofbot.reconcile.evidence.scoring import Scores
from bofbot.reconcile.intake.sides import Side
from bofbot.reconcile.model import Decide, Stage
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.sums.found_groups import Groups, no_groups
from bofbot.reconcile.sums.groups import find_groups
from bofbot.words import Sentence

NOT_YET = -(10**5)
"""What a pair that only a number speaks for weighs until everything with a fitting amount has been chosen."""

LEFTOVER = 6 * HUNDREDTHS
"""Rows that nothing likely claims are offered their best partner down to this far below even odds; only as a suggestion."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a choice stands on: both sides and all that is known of them."""

    left: Side
    right: Side
    names: Names
    links: References
    forms: Forms
    rules: Sequence[Allowed]
    decided: Decided
    decide: Decide


class Matching:
    """The best choice among pairs and groups together."""

    def __init__(self, ground: Ground, pairs: Pairs, scores: Scores) -> None:
        self.ground, self.pairs, self.scores = ground, pairs, scores
        left, right, rules = ground.left, ground.right, ground.rules
        self._index: dict[int, list[int]] | None = None
        self.stages: list[Stage] = []
        free = [rule.amount.any and rule.rule.auto == "never" for rule in rules]
        self.last_resort = np.array([*free, False])[pairs.rule] & (pairs.way == FREE)
        self.groups = self._groups()
        edges = self._all_edges(self.groups)
        self.edges = replace(edges, weights=edges.weights + self._surer(edges, solve(edges)))
        chosen = solve(self.edges)
        self.rival, _ = best_rivals(self.edges)
        self._report(chosen)
        self._taken = chosen.taken
        self._late = self._leftovers()
        told = np.array([*(bool(rule.keys) for rule in rules), False])[pairs.rule] | (pairs.referred == 1)
        self.twins = order_twins(
            left, right, ground.names, ground.forms, pairs, self.edges, self._taken | self._late, told
        )
        self.torn = torn_matches(self.edges, pairs, self.twins.taken)

    def _surer(self, edges: Edges, first: Chosen) -> Ints:
        """How much likelier every candidate is, now that groups explain rows too and few known names are left open.

        Scoring had to reckon every row that no single row explains as possibly open."""
        owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
        known = np.zeros(edges.total, dtype=bool)
        known[: len(self.ground.left)] = self.ground.names.left_blocks >= 0
        used = np.zeros(edges.total, dtype=bool)
        used[edges.vertices[first.taken[owner]]] = True
        still_open = (float((known & ~used).sum()) + 2.0) / (float(known.sum()) + 4.0)
        reckoned = max(1.0 - float(self.scores.tables.matched[1]), 0.02)
        step = round(float(np.clip(np.log2(reckoned / still_open), 0.0, 4.0)) * HUNDREDTHS)
        return step * np.bincount(owner, known[edges.vertices], minlength=len(edges)).astype(np.int64)

    def _leftovers(self) -> Flags:
        """Among rows still open, the best choice of candidates a little less likely than not."""
        edges, owner = self.edges, np.repeat(np.arange(len(self.edges)), np.diff(self.edges.starts))
        used = np.zeros(edges.total, dtype=bool)
        used[edges.vertices[self._taken[owner]]] = True
        touched = np.zeros(len(edges), dtype=bool)
        touched[owner[used[edges.vertices]]] = True
        full = edges.weights.copy()
        full[: len(self.pairs)][self.last_resort] = self.scores.weight[self.last_resort]
        weights = np.where(touched, -1, full + LEFTOVER)
        return solve(replace(edges, weights=weights)).taken

    def _groups(self) -> Groups:
        """Groups are searched only among rows that no single match holds beyond doubt."""
        if not any(rule.group for rule in self.ground.rules):
            return no_groups()
        edges = self._all_edges(no_groups())
        chosen = solve(edges)
        rival, _ = best_rivals(edges)
        sure = chosen.taken & (edges.weights - rival >= self.ground.decide.confirm_margin * HUNDREDTHS)
        sure[: len(self.pairs)] &= ~self._names_several()
        settled = self.ground.decided.settled.copy()
        settled[edges.vertices[np.repeat(sure, np.diff(edges.starts))]] = True
        groups = find_groups(
            self.ground.left,
            self.ground.right,
            self.ground.names,
            self.ground.links,
            self.ground.rules,
            self.scores.tables,
            settled,
            self.ground.decide,
            self.scores.habits,
            self.ground.decided.allows,
            self.ground.forms,
        )
        self.stages.append(
            Stage(
                "groups",
                Sentence(en="sums of several rows", ja="合算・分割の探索"),
                {"found": len(groups.weights), "not_searched": len(groups.not_searched)},
            )
        )
        return groups

    def _names_several(self) -> Flags:
        """Pairs off in amount of which one row names several of the other side: it may be meant for them together."""
        one, other = self.ground.links.pairs()
        often = np.bincount(one, minlength=len(self.ground.left))[self.pairs.left] > 1
        often |= np.bincount(other, minlength=len(self.ground.right))[self.pairs.right] > 1
        found: Flags = often & np.isin(self.pairs.way, (DRIFT, FREE))
        return found

    def _all_edges(self, groups: Groups) -> Edges:
        n, pairs = len(self.ground.left), self.pairs
        vertices = (
            np.stack([pairs.left, pairs.right + n], 1).ravel() if len(pairs) else np.zeros(0, dtype=np.int64)
        )
        starts = np.arange(len(pairs) + 1, dtype=np.int64) * 2
        sizes = np.array([len(a) + len(b) for a, b in groups.members], dtype=np.int64)
        members = [row for a, b in groups.members for row in (*a, *(row + n for row in b))]
        return Edges(
            np.r_[starts, starts[-1] + np.cumsum(sizes)].astype(np.int64),
            np.r_[vertices, np.array(members, dtype=np.int64)],
            np.r_[
                np.where(self.last_resort, NOT_YET, self.scores.weight),
                np.array(groups.weights, dtype=np.int64),
            ],
            n + len(self.ground.right),
        )

    def _report(self, chosen: Chosen) -> None:
        self.stages.append(
            Stage(
                "choice",
                Sentence(en="the best choice as a whole", ja="全体で最良の組み合わせ"),
                {
                    "knots": chosen.knots,
                    "searched": chosen.searched,
                    "programmed": chosen.programmed,
                    "gap": chosen.gap / HUNDREDTHS,
                },
            )
        )

    def members(self, edge: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Left rows and right rows of a candidate."""
        if edge < len(self.pairs):
            return (int(self.pairs.left[edge]),), (int(self.pairs.right[edge]),)
        return self.groups.members[edge - len(self.pairs)]

    def rivals_of(self, edge: int) -> set[int]:
        """Every other likely candidate that uses a row of this one."""
        start, stop = self.edges.starts[edge], self.edges.starts[edge + 1]
        near: set[int] = set()
        for vertex in self.edges.vertices[start:stop].tolist():
            near.update(self._by_vertex().get(vertex, ()))
        near.discard(edge)
        return near

    def _by_vertex(self) -> dict[int, list[int]]:
        """The likely candidates of each row, as far as rows of matches that are not beyond doubt are concerned."""
        if self._index is None:
            self._index = {}
            owner = np.repeat(np.arange(len(self.edges)), np.diff(self.edges.starts))
            on = self.edges.weights[owner] > -LEFTOVER
            contested = np.bincount(self.edges.vertices[on], minlength=self.edges.total) > 1
            on &= contested[self.edges.vertices]
            for vertex, k in zip(self.edges.vertices[on].tolist(), owner[on].tolist(), strict=True):
                self._index.setdefault(vertex, []).append(k)
        return self._index
