"""Candidates become matches: the best choice that uses no row twice, its margins, its grades and its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.candidates import Pairs
from bofbot.reconcile.company_forms import Forms
from bofbot.reconcile.decided import Decided
from bofbot.reconcile.differences import typed
from bofbot.reconcile.explaining import points_of
from bofbot.reconcile.found_groups import Groups, no_groups
from bofbot.reconcile.grading import grade_of
from bofbot.reconcile.groups import find_groups
from bofbot.reconcile.intake import Side, money
from bofbot.reconcile.kinds import ALIKE, FREE, HUNDREDTHS, OTHER, STEM
from bofbot.reconcile.model import Decide, Kind, Match, Stage
from bofbot.reconcile.names import Names
from bofbot.reconcile.numbering import SharedNumbers
from bofbot.reconcile.references import References
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.scoring import Scores
from bofbot.reconcile.solving import Chosen, Edges, best_rivals, exclusion_margins, solve
from bofbot.reconcile.twins import order_twins
from bofbot.words import Sentence

NOT_YET = -(10**5)
"""What a pair that only a number speaks for weighs until everything with a fitting amount has been chosen."""

LEFTOVER = 6 * HUNDREDTHS
"""Rows that nothing likely claims are offered their best partner down to this far below even odds; only as a suggestion."""


CHAINED = 2 * HUNDREDTHS
"""A margin that leans on what other rows need must be so much larger."""

SPEAKS = 1 * HUNDREDTHS
"""A name that is only alike speaks for a pair from here on (ミドリ工業 and 緑川工業 are two companies); below, a person looks."""


USUAL_DAYS = 10
"""Days from the usual lag within which nothing is unusual."""
SEEN, EXPERIENCE = 0.15, 30
"""A lag is usual when so many other matches have it, give or take three days: a share in a small file, in a large one a number."""


class Matching:
    """One solving of pairs and groups together."""

    def __init__(
        self,
        left: Side,
        right: Side,
        names: Names,
        links: References,
        rules: Sequence[Allowed],
        pairs: Pairs,
        scores: Scores,
        decide: Decide,
        decided: Decided,
        forms: Forms,
    ) -> None:
        self._left, self._right, self._names = left, right, names
        self._rules, self.pairs, self.scores, self._decide = rules, pairs, scores, decide
        self._decided, self._forms, self._links = decided, forms, links
        self._numbers = SharedNumbers(left, right)
        self.stages: list[Stage] = []
        free = [rule.amount.any and rule.rule.auto == "never" for rule in rules]
        self._last_resort = np.array([*free, False])[pairs.rule] & (pairs.way == FREE)
        self.groups = self._groups()
        edges = self._all_edges(self.groups)
        self._edges = replace(edges, weights=edges.weights + self._surer(edges, solve(edges)))
        chosen = solve(self._edges)
        self._rival, _ = best_rivals(self._edges)
        self._report(chosen)
        self._taken = chosen.taken
        self._late = self._leftovers()
        told = np.array([*(bool(rule.keys) for rule in rules), False])[pairs.rule] | (pairs.referred == 1)
        self._twins = order_twins(
            left, right, names, forms, pairs, self._edges, self._taken | self._late, told
        )

    def _surer(self, edges: Edges, first: Chosen) -> Ints:
        """How much likelier every candidate is, now that groups explain rows too and few known names are left open.

        Scoring had to reckon every row that no single row explains as possibly open."""
        owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
        known = np.zeros(edges.total, dtype=bool)
        known[: len(self._left)] = self._names.left_blocks >= 0
        used = np.zeros(edges.total, dtype=bool)
        used[edges.vertices[first.taken[owner]]] = True
        still_open = (float((known & ~used).sum()) + 2.0) / (float(known.sum()) + 4.0)
        reckoned = max(1.0 - float(self.scores.tables.matched[1]), 0.02)
        step = round(float(np.clip(np.log2(reckoned / still_open), 0.0, 4.0)) * HUNDREDTHS)
        return step * np.bincount(owner, known[edges.vertices], minlength=len(edges)).astype(np.int64)

    def _leftovers(self) -> Flags:
        """Among rows still open, the best choice of candidates a little less likely than not."""
        edges, owner = self._edges, np.repeat(np.arange(len(self._edges)), np.diff(self._edges.starts))
        used = np.zeros(edges.total, dtype=bool)
        used[edges.vertices[self._taken[owner]]] = True
        touched = np.zeros(len(edges), dtype=bool)
        touched[owner[used[edges.vertices]]] = True
        full = edges.weights.copy()
        full[: len(self.pairs)][self._last_resort] = self.scores.weight[self._last_resort]
        weights = np.where(touched, -1, full + LEFTOVER)
        return solve(replace(edges, weights=weights)).taken

    def matches(self) -> tuple[Match, ...]:
        """Every match, in the order of its first left row."""
        taken = np.flatnonzero(self._twins.taken)
        self._lags = np.sort(self.pairs.lag[taken[taken < len(self.pairs)]])
        self._usual_lag = int(self._lags[len(self._lags) // 2]) if len(self._lags) else 0
        lead = (self._edges.weights - self._rival)[taken]
        doubtful = taken[lead < self._decide.confirm_margin * HUNDREDTHS].tolist()
        self._without = exclusion_margins(
            self._edges, [k for k in doubtful if k not in self._twins.interchangeable]
        )
        self.parts = self.scores.parts(taken[taken < len(self.pairs)])
        found = [self._match(int(k)) for k in taken]
        return tuple(sorted(found, key=lambda match: (match.left, match.right)))

    def _groups(self) -> Groups:
        """Groups are searched only among rows that no single match holds beyond doubt."""
        if not any(rule.group for rule in self._rules):
            return no_groups()
        edges = self._all_edges(no_groups())
        chosen = solve(edges)
        rival, _ = best_rivals(edges)
        sure = chosen.taken & (edges.weights - rival >= self._decide.confirm_margin * HUNDREDTHS)
        settled = self._decided.settled.copy()
        settled[edges.vertices[np.repeat(sure, np.diff(edges.starts))]] = True
        groups = find_groups(
            self._left,
            self._right,
            self._names,
            self._links,
            self._rules,
            self.scores.tables,
            settled,
            self._decide,
            self.scores.habits,
            self._decided.allows,
            self._forms,
        )
        self.stages.append(
            Stage(
                "groups",
                Sentence(en="sums of several rows", ja="合算・分割の探索"),
                {"found": len(groups.weights), "not_searched": len(groups.not_searched)},
            )
        )
        return groups

    def _all_edges(self, groups: Groups) -> Edges:
        n, pairs = len(self._left), self.pairs
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
                np.where(self._last_resort, NOT_YET, self.scores.weight),
                np.array(groups.weights, dtype=np.int64),
            ],
            n + len(self._right),
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

    def _members(self, edge: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if edge < len(self.pairs):
            return (int(self.pairs.left[edge]),), (int(self.pairs.right[edge]),)
        return self.groups.members[edge - len(self.pairs)]

    def _match(self, edge: int) -> Match:
        left, right = self._members(edge)
        weight, rival = int(self._edges.weights[edge]), int(self._rival[edge])
        twins = edge in self._twins.interchangeable
        if twins or weight - rival < self._decide.confirm_margin * HUNDREDTHS:
            rival = self._twins.best_rival(edge, self._rivals_of(edge), self._edges.weights)
        margin = max(weight - rival, self._without.get(edge, weight - rival) - CHAINED) / HUNDREDTHS
        group = edge - len(self.pairs)
        single = group < 0
        rule = self._rules[int(self.pairs.rule[edge]) if single else self.groups.rules[group]]
        way = int(self.pairs.way[edge]) if single else self.groups.ways[group]
        fee = int(self.pairs.fee[edge]) if single else self.groups.fees[group]
        difference = self._sum(self._left, left) - self._sum(self._right, right)
        received = self._sum(self._left, left)
        sums = 1 if single else self.groups.sums[group]
        grade, why = grade_of(
            margin=margin,
            rivalled=rival > 0,
            interchangeable=twins,
            stranger=single and self._stranger(edge, rule),
            auto=rule.rule.auto,
            amount=received,
            decide=self._decide,
            sums=sums,
            contradicted=not rule.keys and any(self._numbers.contradict(a, b) for a in left for b in right),
            far=self._far(edge) if single else 0,
        )
        parts = typed(way, difference, money(fee, self._left.places), rule.amount.post_as)
        return Match(
            left=left,
            right=right,
            kind=_kind(left, right),
            grade=grade,
            rule=rule.name,
            points=(int(self.scores.weight[edge]) if single and self._last_resort[edge] else weight)
            / HUNDREDTHS,
            margin=margin if rival > 0 else None,
            difference=difference,
            differences=parts,
            evidence=points_of(self, edge),
            why=why,
            alternatives=self._alternatives(edge) if grade != "confirmed" else (),
            alerts=(rule.amount.alert,) if rule.amount.alert and any(p.kind == "fee" for p in parts) else (),
        )

    def _stranger(self, edge: int, rule: Allowed) -> bool:
        """Do the names of a pair differ, with neither a reference nor a rule that vouches for it?"""
        vouched = bool(rule.keys) or rule.rule.auto == "yes" or int(self.pairs.referred[edge]) == 1
        if vouched:
            return False
        relation = int(self.pairs.relation[edge])
        return relation == OTHER or (relation in (ALIKE, STEM) and int(self.scores.name[edge]) < SPEAKS)

    def _far(self, edge: int) -> int:
        """Days between the rows of a pair when hardly any other match lies so far apart; 0 when a reference speaks for it."""
        lag = int(self.pairs.lag[edge])
        if int(self.pairs.referred[edge]) == 1 or abs(lag - self._usual_lag) <= USUAL_DAYS:
            return 0
        near = int(
            np.searchsorted(self._lags, lag + 3, "right") - np.searchsorted(self._lags, lag - 3, "left")
        )
        return lag if near - 1 < min(max(3, SEEN * len(self._lags)), EXPERIENCE) else 0

    def _sum(self, side: Side, rows: Sequence[int]) -> Decimal:
        return money(int(side.amounts[list(rows)].sum()), side.places)

    def _alternatives(self, edge: int, most: int = 5) -> tuple[Any, ...]:
        """The best other uses of the rows of a match that come within a few points."""
        near = self._rivals_of(edge)
        close = self._edges.weights[edge] - 6 * HUNDREDTHS
        found = [k for k in near if self._edges.weights[k] >= close]
        found.sort(key=lambda k: (-int(self._edges.weights[k]), self._members(k)))
        return tuple((*self._members(k), int(self._edges.weights[k]) / HUNDREDTHS) for k in found[:most])

    def _rivals_of(self, edge: int) -> set[int]:
        """Every other likely candidate that uses a row of this one."""
        start, stop = self._edges.starts[edge], self._edges.starts[edge + 1]
        near: set[int] = set()
        for vertex in self._edges.vertices[start:stop].tolist():
            near.update(self._by_vertex().get(vertex, ()))
        near.discard(edge)
        return near

    def _by_vertex(self) -> dict[int, list[int]]:
        if not hasattr(self, "_index"):
            self._index: dict[int, list[int]] = {}
            owner = np.repeat(np.arange(len(self._edges)), np.diff(self._edges.starts))
            on = self._edges.weights[owner] > -LEFTOVER
            for vertex, k in zip(self._edges.vertices[on].tolist(), owner[on].tolist(), strict=True):
                self._index.setdefault(vertex, []).append(k)
        return self._index


def _kind(left: tuple[int, ...], right: tuple[int, ...]) -> Kind:
    if len(left) == 1:
        return "1:1" if len(right) == 1 else "1:N"
    return "N:1" if len(right) == 1 else "N:M"
