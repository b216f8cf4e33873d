"""The fields of the calculator ``scorecard``: figures, scores of groups, and a card in full.

Owns: names, meanings and bounds. Refuses to know: what a card needs to be sound (policies).
"""

from __future__ import annotations

from typing import Final

from ledger.calculators.fields import Choice, Day, Name, Switch, Whole
from ledger.calculators.shapes import Field, Many, Shape
from ledger.kernel.rounding import Rounding
from lending.calculators.exact_fields import ByName, Exact, Figure
from lending.calculators.seller_fields import BasisPoints
from lending.policies.collection_move import BUCKETS
from lending.policies.limit_policy import BPS
from lending.policies.scorecard import DECISIONS, CardKind

_INTERVAL: Final = Shape(
    {
        "at_least": Field(Exact(), "The lower bound, which is inside; left out in the lowest.", default=None),
        "below": Field(Exact(), "The upper bound, which is outside; left out in the highest.", default=None),
        "points": Field(Exact(), "What it is worth, 0 to 100."),
    }
)
_CATEGORY: Final = Shape(
    {"value": Field(Name(), "The word."), "points": Field(Exact(), "What it is worth, 0 to 100.")}
)
_INDICATOR: Final = Shape(
    {
        "name": Field(Name(), "What is measured."),
        "weight": Field(
            BasisPoints(0, BPS), "Its part of the group; all the same if left out.", default=None
        ),
        "bins": Field(Many(_INTERVAL, maximum=50), "Half-open intervals, for numbers.", default=None),
        "categories": Field(Many(_CATEGORY, maximum=100), "Words instead.", default=None),
        "other": Field(Exact(), "What a word is worth that is not listed; refused without.", default=None),
        "neutral": Field(Exact(), "What a missing value is worth.", default=None),
    }
)
_GROUP: Final = Shape(
    {
        "name": Field(Name(), "The group."),
        "weight": Field(BasisPoints(0, BPS), "Its part of the total."),
        "indicators": Field(Many(_INDICATOR, maximum=60), "What it is made of.", default=[]),
    }
)
_BAND: Final = Shape(
    {
        "grade": Field(Name(), "The grade."),
        "at_least": Field(Exact(), "The lowest total of the band."),
        "decision": Field(
            Choice(tuple(word for words in DECISIONS.values() for word in words)), "What follows."
        ),
    }
)
CARD: Final = Shape(
    {
        "name": Field(Name(), "The card."),
        "version": Field(Name(), "Its version."),
        "effective_from": Field(Day(), "Its first day.", default="2016-01-01"),
        "groups": Field(Many(_GROUP, minimum=1, maximum=20), "Groups whose weights are exactly 1."),
        "bands": Field(Many(_BAND, minimum=1, maximum=20), "Bands from 0 upwards."),
        "multiplier": Field(Whole(1, 10), "A total is the weighted score times this.", default=1),
        "decimals": Field(Whole(0, 4), "Decimals of the total.", default=2),
        "rounding": Field(Choice.of(Rounding), "How the total is rounded, once.", default="half_up"),
    }
)
FIELDS: Final = {
    "kind": Field(
        Choice.of(CardKind),
        "A decides on applications, B on limits, C on collection.",
        default="A",
        convention=True,
    ),
    "on": Field(Day(), "The card in force on this day; the newest without.", default=None, convention=True),
    "card": Field(CARD, "A card in full instead of one that ships.", default=None),
    "sub_scores": Field(
        ByName(Exact(0, 100)), "Scores of groups, instead of those from indicators.", default={}
    ),
    "indicators": Field(ByName(Figure()), "What was measured, by indicator.", default={}),
    "vetoes": Field(Many(Name(), maximum=50), "Lists that were hit; each one rejects.", default=[]),
    "flags": Field(Many(Name(), maximum=50), "Suspicions; each one asks for a person.", default=[]),
    "bucket": Field(Choice(BUCKETS), "How long a loan is overdue; a C card needs it.", default=None),
    "white_listed": Field(Switch(), "On the white list: skips the manual band, no more.", default=False),
}
