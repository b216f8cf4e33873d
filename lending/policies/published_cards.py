"""The scorecards that ship: one A, one B and one C card, as data.

Owns: weights, bins and bands. Refuses to know: how a card is scored.
The weights of the A card's groups and the bands 75 and 60 are the lender's rules; bins and the B and C cards
are assumptions, to be replaced by versions that are fitted to repayment data. A table reads: so many points
below the first bound, then so many from each bound on.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from lending.policies.binning import CategoryBins, Interval, NumericBins
from lending.policies.scorecard import Band, CardKind, Group, Indicator, Scorecard

FIRST_DAY: Final = date(2016, 1, 1)
NEUTRAL_POINTS: Final = Decimal(50)


def _table(name: str, below_all: int, *steps: tuple[str, int]) -> Indicator:
    """Return a numeric indicator: points below every bound, then bounds with the points from them on."""
    bounds = [None, *(Decimal(bound) for bound, _ in steps), None]
    worth = [below_all, *(points for _, points in steps)]
    intervals = tuple(
        Interval(low, high, Decimal(points))
        for low, high, points in zip(bounds, bounds[1:], worth, strict=False)
    )
    return Indicator(name, NumericBins(intervals, NEUTRAL_POINTS))


def _words(name: str, **points: int) -> Indicator:
    """Return an indicator of categories; a word that is not listed is refused."""
    listed = tuple((word, Decimal(worth)) for word, worth in points.items())
    return Indicator(name, CategoryBins(listed, NEUTRAL_POINTS))


def _bands(*bands: tuple[str, int, str]) -> tuple[Band, ...]:
    return tuple(Band(grade, Decimal(at_least), decision) for grade, at_least, decision in bands)


APPLICATION_CARD: Final = Scorecard(
    kind=CardKind.A,
    name="seller-application",
    version="A-1",
    effective_from=FIRST_DAY,
    groups=(
        Group(
            "operating",
            4_000,
            (
                _table("monthly_turnover", 20, ("10000", 50), ("50000", 70), ("200000", 90), ("500000", 100)),
                _table("turnover_volatility", 100, ("0.1", 90), ("0.3", 70), ("0.5", 30), ("1", 0)),
                _table("turnover_growth", 0, ("-0.3", 40), ("0", 70), ("0.2", 100)),
                _table("months_in_business", 0, ("6", 40), ("12", 60), ("24", 80), ("60", 100)),
                _table("top_5_share", 100, ("0.3", 80), ("0.5", 60), ("0.8", 20)),
            ),
        ),
        Group(
            "financial",
            2_500,
            (
                _table("tax_12_months", 20, ("1000", 50), ("10000", 70), ("40000", 90), ("100000", 100)),
                _table("invoices_12_months", 20, ("50000", 50), ("500000", 80), ("1500000", 100)),
                _table("cash_flow_ratio", 0, ("0.8", 40), ("1", 80), ("1.2", 100)),
            ),
        ),
        Group(
            "credit",
            2_000,
            (
                _table("bureau_score", 0, ("450", 40), ("550", 60), ("650", 80), ("750", 100)),
                _table("overdue_24_months", 100, ("1", 60), ("3", 30), ("6", 0)),
                _table("inquiries_3_months", 100, ("2", 80), ("4", 60), ("7", 0)),
                _table("debt_ratio", 100, ("0.3", 80), ("0.5", 50), ("0.7001", 0)),
            ),
        ),
        Group(
            "behaviour",
            1_000,
            (
                _table("key_changes_7_days", 100, ("1", 70), ("3", 0)),
                _table("applications_30_days", 100, ("2", 70), ("4", 20)),
                _words("device", known=100, new=60, shared=0),
                _words("linked_risk", none=100, distant=50, direct=0),
            ),
        ),
        Group(
            "other",
            500,
            (
                _words("industry", growing=100, stable=70, declining=30),
                _words("policy", supported=100, neutral=70, restricted=0),
            ),
        ),
    ),
    bands=_bands(("low_risk", 75, "auto"), ("medium_risk", 60, "manual"), ("high_risk", 0, "reject")),
)

BEHAVIOUR_CARD: Final = Scorecard(
    kind=CardKind.B,
    name="line-behaviour",
    version="B-1",
    effective_from=FIRST_DAY,
    groups=(
        Group(
            "repayment",
            5_000,
            (
                _table("on_time_share_6_months", 0, ("0.8", 40), ("0.95", 80), ("1", 100)),
                _table("worst_days_past_due_6_months", 100, ("1", 60), ("8", 20), ("31", 0)),
            ),
        ),
        Group("utilisation", 2_000, (_table("drawn_share", 100, ("0.5", 80), ("0.8", 60), ("1", 30)),)),
        Group("operating", 3_000, (_table("turnover_change", 0, ("-0.3", 40), ("0", 70), ("0.2", 100)),)),
    ),
    bands=_bands(("strong", 80, "raise"), ("steady", 50, "keep"), ("weak", 0, "cut")),
)

COLLECTION_CARD: Final = Scorecard(
    kind=CardKind.C,
    name="collection-strategy",
    version="C-1",
    effective_from=FIRST_DAY,
    groups=(
        Group(
            "arrears",
            5_000,
            (
                _table("days_past_due", 100, ("31", 60), ("61", 30), ("91", 0)),
                _table("times_overdue_12_months", 100, ("2", 60), ("4", 20)),
            ),
        ),
        Group("promises", 3_000, (_table("kept_share", 0, ("0.5", 50), ("0.8", 80), ("1", 100)),)),
        Group("contact", 2_000, (_words("reachable", always=100, sometimes=60, never=0),)),
    ),
    bands=_bands(("light", 600, "sms"), ("firm", 500, "call"), ("hard", 0, "legal")),
    multiplier=10,
)

CARDS: Final = (APPLICATION_CARD, BEHAVIOUR_CARD, COLLECTION_CARD)
