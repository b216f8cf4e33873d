"""The fields by which ``schedule`` is computed by another engine, and the dated facts it then follows.

Owns: names, meanings, bounds and defaults of the progressive and the classic engine's conventions, and of
facts. Refuses to know: how they become terms (``engine_reading``).
"""

from __future__ import annotations

from typing import Any, Final

from ledger.calculators.fields import Amount, Choice, Day, Rate, Switch, Whole
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import AllocationMode, Timing
from ledger.domain.progressive.conventions import (
    DaysInMonth,
    DaysInYear,
    InterestPeriod,
    LeapRule,
    PreClose,
    Rest,
    YearSplit,
)
from ledger.domain.progressive.payment_rules import DEFAULT_KIND, FutureRule
from ledger.kernel.frequencies import COUNT_MAX

STANDARD, PROGRESSIVE, CLASSIC = "standard", "progressive", "classic"
PAYMENT_KINDS: Final = (
    "repayment",
    "down_payment",
    "goodwill_credit",
    "merchant_refund",
    "payout_refund",
    "interest_waiver",
    "charge_adjustment",
)
RULE_NAMES: Final = tuple(f"{timing}.{bucket}" for timing in Timing for bucket in STANDARD_ORDER)
CHARGES: Final = ("fee", "penalty", "compound")

_INTEREST_FIELDS: Final = {
    "days_in_year": Field(Choice.of(DaysInYear), "What the yearly rate is divided by.", default="360"),
    "days_in_month": Field(
        Choice.of(DaysInMonth), "Calendar days, or months of 30 days, weeks of 7 and days of 1.", default="30"
    ),
    "leap_rule": Field(
        Choice.of(LeapRule),
        "With an actual year: 366 for every day of a leap year, or only for a row that contains 29 Feb.",
        default="full_leap_year",
    ),
    "year_split": Field(
        Choice.of(YearSplit),
        "With an actual year: the day on which a row over the turn of the year is cut.",
        default="dec_31",
    ),
}

PROGRESSIVE_GROUP: Final = Shape(
    {
        **_INTEREST_FIELDS,
        "interest_period": Field(
            Choice.of(InterestPeriod),
            "Interest by days, or by rows: 1/12 for a month and 1/52 for a week.",
            default="daily",
        ),
        "partial_periods": Field(
            Switch(),
            "By rows: whether money lent within a row bears interest from its day, or from the row's start.",
            default=True,
        ),
        "recalculation": Field(
            Switch(),
            "Whether payments change interest; by default they do, except for flat interest.",
            default=None,
        ),
        "rest": Field(
            Choice.of(Rest), "Changes count from their day, or from the end of their row.", default="daily"
        ),
        "pre_close": Field(
            Choice.of(PreClose),
            "A loan repaid as a whole is charged to the day, or to the end of the row.",
            default="till_pre_close_date",
        ),
        "overdue_interest": Field(Switch(), "Overdue principal goes on bearing interest.", default=True),
        "equalisation_rounds": Field(
            Whole(0, 3), "Rounds that move the instalment towards an equal last row.", default=3
        ),
        "fixed_length": Field(
            Whole(1, COUNT_MAX),
            "The last row ends so many units after the start, whatever is planned.",
            default=None,
        ),
        "allocation": Field(
            Many(
                Shape(
                    {
                        "kind": Field(
                            Choice((DEFAULT_KIND, *PAYMENT_KINDS)),
                            "The kind of payment, or default for all others.",
                            default=DEFAULT_KIND,
                        ),
                        "rules": Field(
                            Many(Choice(RULE_NAMES), minimum=1, maximum=len(RULE_NAMES)),
                            "The order; by default past due, due, in advance: fee, penalty, compound,"
                            " interest, principal.",
                            default=list(RULE_NAMES),
                        ),
                        "future": Field(
                            Choice.of(FutureRule), "Which rows an amount in advance goes to.", default="next"
                        ),
                        "mode": Field(
                            Choice.of(AllocationMode),
                            "Row by row, or component by component.",
                            default="by_instalment",
                        ),
                    }
                ),
                maximum=1 + len(PAYMENT_KINDS),
            ),
            "How payments are shared out, by kind.",
            default=[],
        ),
    }
)

CLASSIC_GROUP: Final = Shape(
    {
        **_INTEREST_FIELDS,
        "interest_period": Field(
            Choice.of(InterestPeriod),
            "Interest by rows (1/12 for a month, 1/52 for a week), or by days.",
            default="same_as_repayment",
        ),
        "grace_principal": Field(Whole(0, COUNT_MAX - 1), "First rows without principal.", default=0),
        "grace_interest": Field(
            Whole(0, COUNT_MAX - 1),
            "First rows whose interest is due with the first row after them.",
            default=0,
        ),
        "interest_free": Field(Whole(0, COUNT_MAX - 1), "First rows that bear no interest.", default=0),
    }
)


def _facts(doc: str, maximum: int, **fields: Field) -> Field:
    return Field(Many(Shape(fields), maximum=maximum), doc, default=[])


FACTS: Final = Shape(
    {
        "disbursements": _facts(
            "Money lent, instead of the principal on the first day; not more than the principal in all.",
            60,
            on=Field(Day(), "The day."),
            amount=Field(Amount(), "How much."),
        ),
        "payments": _facts(
            "Money received.",
            200,
            on=Field(Day(), "The value date."),
            amount=Field(Amount(), "How much."),
            kind=Field(Choice(PAYMENT_KINDS), "Its kind.", default="repayment"),
        ),
        "rate_changes": Field(
            Many(
                Shape({"from": Field(Day(), "The first day."), "annual_rate": Field(Rate(), "The rate.")}),
                maximum=60,
            ),
            "Other annual rates, each with a new instalment; agreed, so they count before they begin.",
            default=[],
        ),
        "pauses": Field(
            Many(
                Shape({"from": Field(Day(), "The first day."), "to": Field(Day(), "The last day.")}),
                maximum=60,
            ),
            "Days without interest, both ends included; agreed, so they count before they begin.",
            default=[],
        ),
        "charges": _facts(
            "Fees, penalties and compound interest.",
            200,
            on=Field(Day(), "The day it was charged."),
            due_on=Field(Day(), "When it falls due; by default the same day.", default=None),
            component=Field(Choice(CHARGES), "What it is."),
            amount=Field(Amount(), "How much."),
        ),
        "re_amortisations": _facts(
            "Days on which what is unpaid is spread over the rows to come.",
            20,
            on=Field(Day(), "The day."),
        ),
    }
)

ENGINE_FIELDS: Final[dict[str, Any]] = {
    "engine": Field(
        Choice((STANDARD, PROGRESSIVE, CLASSIC)),
        "Which engine computes the rows; standard plans know no payments.",
        default=STANDARD,
        convention=True,
    ),
    "progressive": Field(PROGRESSIVE_GROUP, "Conventions of the progressive engine.", default={}),
    "classic": Field(CLASSIC_GROUP, "Conventions of the classic engine.", default={}),
    "facts": Field(FACTS, "What happened, for the progressive engine, in any order.", default={}),
    "as_of": Field(
        Day(),
        "The day a progressive schedule is seen on; by default that of the latest fact that happened.",
        default=None,
    ),
}
