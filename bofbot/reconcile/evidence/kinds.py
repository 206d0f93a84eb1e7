"""The small vocabularies of evidence: how two amounts relate, how two names relate, and the unit of points."""

from __future__ import annotations

EXACT, ROUNDED, FEE, FEE_ROUNDED, TAXED, NEAR, DRIFT, FREE = range(8)
"""Amounts: equal · off by rounding · less a fee · both · less withholding tax · within a tolerance · within some per
cent · anything (a partial payment)."""

NONE, SAME, CUT, WORD, ALIKE, STEM, OTHER = range(7)
"""Names: one side has none · equal · one is the beginning of the other · a word is missing in one · alike by letters
(typing errors) · they begin alike · they differ."""

RELATIONS = (NONE, SAME, CUT, WORD, ALIKE, STEM, OTHER)

HUNDREDTHS = 100
"""Points are kept as whole hundredths, so that no sum depends on the order of its parts."""
