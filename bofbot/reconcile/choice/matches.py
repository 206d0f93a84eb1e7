"""Chosen candidates become matches: each with its margin, its grade, its difference and its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.choice.grading import AMBIGUOUS_BELOW, NONE, Doubts, grade_of
from bofbot.reconcile.choice.match_list import Matches, Plain
from bofbot.reconcile.choice.matching import Matching
from bofbot.reconcile.choice.solving import exclusion_margins
from bofbot.reconcile.evidence.kinds import ALIKE, HUNDREDTHS, OTHER, STEM
from bofbot.reconcile.evidence.numbering import SharedNumbers
from bofbot.reconcile.intake.sides import money
from bofbot.reconcile.model import Difference, Kind, Match
from bofbot.reconcile.outcome.differences import typed
from bofbot.reconcile.outcome.explaining import Explained

CHAINED = 2 * HUNDREDTHS
"""A margin that leans on what other rows need must be so much larger."""

SPEAKS = 1 * HUNDREDTHS
"""A name that is only alike speaks for a pair from here on (ミドリ工業 and 緑川工業 are two companies); below, a person looks."""


USUAL_DAYS = 10
"""Days from the usual lag within which nothing is unusual."""
SEEN, EXPERIENCE = 0.15, 30
"""A lag is usual when so many other matches have it, give or take three days: a share in a small file, in a large one a number."""


NEARBY = 6 * HUNDREDTHS
"""Other uses of the rows of a match within so many points are its alternatives."""


def matches_of(matching: Matching, decided: Sequence[Match] = ()) -> Matches:
    """Every match, those that people decided among them, in the order of its first left row."""
    chosen = _Chosen(matching)
    plain, others = chosen.parted()
    single = Plain(plain, matching.pairs.left[plain], matching.pairs.right[plain], chosen.plain)
    return Matches(single, [*decided, *others])


class _Chosen:
    """The candidates that were taken, column by column."""

    def __init__(self, matching: Matching) -> None:
        self._matching, self._ground = matching, matching.ground
        self._pairs, self._groups = matching.pairs, matching.groups
        self._edges = np.flatnonzero(matching.twins.taken)
        self._single = self._edges[self._edges < len(self._pairs)]
        self._weights = matching.edges.weights
        self._numbers = SharedNumbers(self._ground.left, self._ground.right)
        self._explained = Explained(matching)
        self._amounts: dict[int, Any] = {}
        self._typed: dict[tuple[int, int, int, int, bool], tuple[Difference, ...]] = {}
        self._adjusted = self._adjusted_margins()

    def parted(self) -> tuple[Ints, list[Match]]:
        """The candidates that make plain matches, and the other matches: single rows first, then groups."""
        at = self._single
        left, right = self._pairs.left[at], self._pairs.right[at]
        rule = self._pairs.rule[at]
        strange, elsewhere, far = self._strange(at), self._elsewhere(at), self._far(at)
        contradicted = self._contradicted(rule, left, right)
        sure = ~strange & ~elsewhere & (far == 0) & ~contradicted & self._sure(at)
        rest = np.flatnonzero(~sure)
        doubts = zip(
            *(column[rest].tolist() for column in (strange, contradicted, elsewhere, far)), strict=True
        )
        found = self._of_pairs(
            at[rest],
            [Doubts(stranger=s, contradicted=c, elsewhere=e, far=f) for s, c, e, f in doubts],
        )
        return at[sure], found + [self._of_group(edge) for edge in self._edges[len(at) :].tolist()]

    def plain(self, at: Ints) -> list[Match]:
        """The matches of candidates that are plain."""
        found = self._of_pairs(at, [NONE] * len(at))
        assert all(match.grade == "confirmed" and not match.difference for match in found), "no plain match"
        return found

    def _sure(self, at: Ints) -> Flags:
        """Pairs of equal amounts, far enough ahead of everything else, that no rule of the office holds back."""
        rules, decide, twins = self._ground.rules, self._ground.decide, self._matching.twins
        asked = max(decide.confirm_margin, AMBIGUOUS_BELOW) * HUNDREDTHS
        ahead = self._weights[at] - self._matching.rival[at] >= asked
        never = np.array([*(rule.rule.auto == "never" for rule in rules), False])
        sure: Flags = ahead & (self._pairs.delta[at] == 0) & ~never[self._pairs.rule[at]]
        doubtful = [*twins.interchangeable, *self._matching.torn]
        if doubtful:
            sure &= ~np.isin(at, doubtful)
        if decide.max_auto_amount is not None:
            most = int(decide.max_auto_amount.scaleb(self._ground.left.places))
            sure &= np.abs(self._ground.left.amounts[self._pairs.left[at]]) <= most
        return sure

    def _of_pairs(self, at: Ints, doubts: Sequence[Doubts]) -> list[Match]:
        pairs, left = self._pairs, self._ground.left
        columns = (
            at, pairs.left[at], pairs.right[at], left.amounts[pairs.left[at]], pairs.delta[at], pairs.rule[at], pairs.way[at],
            pairs.fee[at],
        )  # fmt: skip
        return [
            self._match(edge, ((row,), (other,)), (amount, delta), (rule, way, fee), doubt, points)
            for (edge, row, other, amount, delta, rule, way, fee), doubt, points in zip(
                zip(*(column.tolist() for column in columns), strict=True),
                doubts,
                self._explained.of_pairs(at),
                strict=True,
            )
        ]

    def _of_group(self, edge: int) -> Match:
        groups, group = self._groups, edge - len(self._pairs)
        rows, others = groups.members[group]
        amount = int(self._ground.left.amounts[list(rows)].sum())
        delta = amount - int(self._ground.right.amounts[list(others)].sum())
        how = (groups.rules[group], groups.ways[group], groups.fees[group])
        doubts = Doubts(
            sums=groups.sums[group],
            accidents=groups.accidents[group],
            contradicted=self._contradict(how[0], rows, others),
        )
        points = self._explained.of_group(group)
        return self._match(edge, (rows, others), (amount, delta), how, doubts, points)

    def _match(
        self,
        edge: int,
        members: tuple[tuple[int, ...], tuple[int, ...]],
        sums: tuple[int, int],
        how: tuple[int, int, int],
        doubts: Doubts,
        evidence: Any,
    ) -> Match:
        rule, way, fee = how
        amount, delta = sums
        wanted = self._ground.rules[rule]
        margin, rival = self._adjusted.get(edge) or self._margin(edge)
        doubts = doubts if edge not in self._matching.twins.interchangeable else doubts.among_equals()
        doubts = replace(doubts, torn=True) if edge in self._matching.torn else doubts
        grade, why = grade_of(
            margin / HUNDREDTHS,
            rival > 0,
            doubts,
            wanted.rule.auto,
            money(amount, self._ground.left.places),
            self._ground.decide,
        )
        parts = self._parts(rule, way, delta, fee, amount < 0) if delta else ()
        alert = wanted.amount.alert
        return Match(
            left=members[0],
            right=members[1],
            kind=_kind(*members),
            grade=grade,
            rule=wanted.name,
            points=self._points(edge) / HUNDREDTHS,
            margin=margin / HUNDREDTHS if rival > 0 else None,
            difference=self._money(delta),
            differences=parts,
            evidence=evidence,
            why=why,
            alternatives=self._alternatives(edge) if grade != "confirmed" else (),
            alerts=(alert,) if alert and any(p.kind == "fee" for p in parts) else (),
        )

    def _margin(self, edge: int) -> tuple[int, int]:
        """Points ahead of the best rival, and the rival's weight."""
        rival = int(self._matching.rival[edge])
        return int(self._weights[edge]) - rival, rival

    def _adjusted_margins(self) -> dict[int, tuple[int, int]]:
        """The same for candidates that are not far ahead, or between rows that are alike: what else could be done as a whole."""
        matching, edges = self._matching, self._edges
        asked = self._ground.decide.confirm_margin * HUNDREDTHS
        weights, rivals = self._weights[edges], matching.rival[edges]
        found: dict[int, tuple[int, int]] = {}
        twins = matching.twins
        doubtful = edges[weights - rivals < asked].tolist()
        without = exclusion_margins(matching.edges, [k for k in doubtful if k not in twins.interchangeable])
        for edge in {*doubtful, *twins.interchangeable}:
            weight = int(self._weights[edge])
            rival = twins.best_rival(edge, matching.rivals_of(edge), self._weights)
            found[edge] = max(weight - rival, without.get(edge, weight - rival) - CHAINED), rival
        return found

    def _points(self, edge: int) -> int:
        late = edge < len(self._pairs) and self._matching.last_resort[edge]
        return int(self._matching.scores.weight[edge] if late else self._weights[edge])

    def _strange(self, at: Ints) -> Flags:
        """Do the names of pairs differ, with neither a reference nor a rule that vouches for them?"""
        rules = self._ground.rules
        vouched = np.array([bool(rule.keys) or rule.rule.auto == "yes" for rule in rules] + [False])
        relation = self._pairs.relation[at]
        weak = ((relation == ALIKE) | (relation == STEM)) & (self._matching.scores.name[at] < SPEAKS)
        strange: Flags = (relation == OTHER) | weak
        strange &= ~vouched[self._pairs.rule[at]] & (self._pairs.referred[at] != 1)
        return strange

    def _elsewhere(self, at: Ints) -> Flags:
        """Does a reference speak for pairs whose left name is that of another party of the right side?"""
        names = self._ground.names
        known = set(names.right)
        parties = np.array([*(name in known for name in names.left), False])
        by_number = np.array([rule.by_reference and bool(rule.keys) for rule in self._ground.rules] + [False])
        found: Flags = by_number[self._pairs.rule[at]] & (self._pairs.relation[at] == OTHER)
        found &= parties[names.left_codes[self._pairs.left[at]]]
        return found

    def _far(self, at: Ints) -> Ints:
        """Days between the rows of pairs when hardly any other match lies so far apart; 0 when a reference speaks for it."""
        lags = self._pairs.lag[at]
        ordered = np.sort(lags)
        usual = int(ordered[len(ordered) // 2]) if len(ordered) else 0
        near = np.searchsorted(ordered, lags + 3, "right") - np.searchsorted(ordered, lags - 3, "left")
        seldom = near - 1 < min(max(3, SEEN * len(ordered)), EXPERIENCE)
        far = (np.abs(lags - usual) > USUAL_DAYS) & seldom & (self._pairs.referred[at] != 1)
        return np.where(far, lags, 0)

    def _contradicted(self, rules: Ints, rows: Ints, others: Ints) -> Flags:
        """Pairs that no key speaks for and whose numbers contradict each other."""
        found = np.zeros(len(rows), dtype=bool)
        if self._numbers.shared:
            keyed = np.array([bool(rule.keys) for rule in self._ground.rules])
            asked = np.flatnonzero(~keyed[rules])
            pairs = zip(rows[asked].tolist(), others[asked].tolist(), strict=True)
            found[asked] = [self._numbers.contradict(row, other) for row, other in pairs]
        return found

    def _contradict(self, rule: int, rows: Sequence[int], others: Sequence[int]) -> bool:
        if not self._numbers.shared or self._ground.rules[rule].keys:
            return False
        return any(self._numbers.contradict(a, b) for a in rows for b in others)

    def _money(self, units: int) -> Any:
        """An amount as a Decimal; the same number is the same object."""
        found = self._amounts.get(units)
        if found is None:
            found = self._amounts[units] = money(units, self._ground.left.places)
        return found

    def _parts(self, rule: int, way: int, delta: int, fee: int, outgoing: bool) -> tuple[Difference, ...]:
        key = (rule, way, delta, fee, outgoing)
        if key not in self._typed:
            post_as = self._ground.rules[rule].amount.post_as
            self._typed[key] = typed(way, self._money(delta), self._money(fee), post_as, outgoing=outgoing)
        return self._typed[key]

    def _alternatives(self, edge: int, most: int = 5) -> tuple[Any, ...]:
        """The best other uses of the rows of a match that come within a few points."""
        matching = self._matching
        close = self._weights[edge] - NEARBY
        found = [k for k in matching.rivals_of(edge) if self._weights[k] >= close]
        found.sort(key=lambda k: (-int(self._weights[k]), matching.members(k)))
        return tuple((*matching.members(k), int(self._weights[k]) / HUNDREDTHS) for k in found[:most])


def _kind(left: tuple[int, ...], right: tuple[int, ...]) -> Kind:
    if len(left) == 1:
        return "1:1" if len(right) == 1 else "1:N"
    return "N:1" if len(right) == 1 else "N:M"
