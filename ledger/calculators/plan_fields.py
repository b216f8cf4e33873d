"""The fields that describe a repayment plan, shared by every calculator that needs one.

Owns: names, meanings, bounds and defaults. Refuses to know: how they become terms (``plan_reading``).
"""

from __future__ import annotations

from typing import Final

from ledger.calculators.fields import Amount, Choice, CurrencyCode, Day, Rate, Switch, Whole
from ledger.calculators.named import NamedOr
from ledger.calculators.quoted_rates import QUOTED_FIELDS
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.plans.choices import Basis, GraceInterest, Level, Method
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import COUNT_MAX, EVERY_MAX, FIRST_PERIOD_DAYS_MIN, NAMED, Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding
from ledger.policies.calendars import CALENDARS

CURRENCY: Final = Field(CurrencyCode(), "The currency of every amount.")
ROUNDING: Final = Field(
    Choice.of(Rounding), "How a tie or remainder is rounded.", default="half_up", convention=True
)
DAY_COUNT: Final = Field(
    Choice.of(DayCount), "How days become part of a year.", default="ACT/360", convention=True
)

CALENDAR: Final = Shape(
    {
        "holidays": Field(Many(Day(), maximum=2000), "Days on which banks do not work.", default=[]),
        "working_days": Field(Many(Day(), maximum=500), "Weekend days that are worked.", default=[]),
        "weekend": Field(Many(Whole(1, 7), maximum=6), "ISO weekdays of the weekend.", default=[6, 7]),
        "provisional_from": Field(Day(), "The first day that is not officially published.", default=None),
    }
)

RATE_FIELDS: Final = {
    "annual_rate": Field(Rate(), "One annual rate for the whole life.", default=None, convention=True),
    **QUOTED_FIELDS,
    "rates": Field(
        Many(
            Shape({"from": Field(Day(), "First day."), "annual_rate": Field(Rate(), "The rate.")}),
            minimum=1,
            maximum=60,
        ),
        "Dated annual rates instead of one; a change takes effect at the start of its day.",
        default=None,
        convention=True,
    ),
    "spread": Field(Rate(), "Added to every rate, as over a prime rate.", default="0", convention=True),
    "promotions": Field(
        Many(
            Shape(
                {
                    "from": Field(Day(), "First day."),
                    "until": Field(Day(), "First day without it."),
                    "share": Field(Rate(RATE_UNIT), "Part of the rate that is charged."),
                }
            ),
            maximum=20,
        ),
        "Days on which only a share of the rate is charged.",
        default=[],
        convention=True,
    ),
    "pauses": Field(
        Many(
            Shape({"from": Field(Day(), "First day."), "until": Field(Day(), "First day without it.")}),
            maximum=20,
        ),
        "Days on which no interest is charged.",
        default=[],
        convention=True,
    ),
}

DATE_FIELDS: Final = {
    "start": Field(Day(), "The day the money is paid out; it counts, the due date does not."),
    "count": Field(
        Whole(1, COUNT_MAX),
        "How many rows; taken from batches or due_dates if those are given.",
        default=None,
    ),
    "frequency": Field(
        Choice(tuple(NAMED)), "A step by name; monthly by default.", default=None, convention=True
    ),
    "unit": Field(Choice.of(Unit), "A step by unit and number instead.", default=None, convention=True),
    "every": Field(
        Whole(1, max(EVERY_MAX.values())), "How many units a step has.", default=None, convention=True
    ),
    "fixed_day": Field(
        Whole(1, 31),
        "Due on this day of the month (the last day of a shorter one), the first time within one step.",
        default=None,
        convention=True,
    ),
    "first_period_days_min": Field(
        Whole(0, 62),
        "With a fixed day: a shorter first period moves the first due date by a month.",
        default=FIRST_PERIOD_DAYS_MIN,
        convention=True,
    ),
    "first_due_on": Field(
        Day(),
        "The first due date; later ones follow it, on the fixed day or the end of the month if that is given.",
        default=None,
        convention=True,
    ),
    "due_dates": Field(
        Many(Day(), minimum=1, maximum=COUNT_MAX),
        "Every due date, instead of a rule for them; rows are then charged by exact days unless basis says"
        " otherwise. Holidays still move them.",
        default=None,
    ),
    "end_of_month": Field(
        Switch(), "From the last day of a month, always the last day.", default=False, convention=True
    ),
    "holiday_rule": Field(
        Choice.of(Adjustment),
        "Where a due date moves that is no business day.",
        default="unadjusted",
        convention=True,
    ),
    "calendar": Field(
        NamedOr(tuple(CALENDARS), CALENDAR),
        "Business days, by name or in full; without it every day is one.",
        default=None,
        convention=True,
    ),
}

GRACE: Final = Shape(
    {
        "principal_rows": Field(Whole(0, COUNT_MAX - 1), "First rows without principal.", default=0),
        "interest_rows": Field(Whole(0, COUNT_MAX - 1), "First rows without interest.", default=0),
        "interest": Field(Choice.of(GraceInterest), "What becomes of that interest.", default="deferred"),
    }
)

METHOD_FIELDS: Final = {
    "method": Field(Choice.of(Method), "How principal and interest are spread.", convention=True),
    "basis": Field(
        Choice.of(Basis),
        "Interest by whole steps (rate / 12) or by days; periodic for equal instalments and flat loans.",
        default=None,
        convention=True,
    ),
    "day_count": DAY_COUNT,
    "year_days": Field(
        Choice(("360", "364", "365")),
        "Whole steps of 30, 7 or 1 days over this many, instead of 1/12 and 1/52.",
        default=None,
        convention=True,
    ),
    "level": Field(
        Choice.of(Level),
        "How the equal instalment is set; by exact days where rows are.",
        default=None,
        convention=True,
    ),
    "rate_change": Field(
        Choice(("relevel", "one_level")),
        "A new instalment at each dated rate, or one over all of them.",
        default="relevel",
        convention=True,
    ),
    "equalisation_rounds": Field(
        Whole(0, 3), "Rounds that move the instalment towards an equal last row.", default=0, convention=True
    ),
    "instalment": Field(Amount(), "A given equal instalment; the last row takes the rest.", default=None),
    "rounding": ROUNDING,
    "round_each": Field(
        Choice(("row", "rate_piece")), "Where interest is rounded.", default="row", convention=True
    ),
    "multiple": Field(Amount(), "Instalments are multiples of this.", default=None, convention=True),
    "absorbs": Field(
        Choice(("last", "first")), "The row that takes the difference.", default="last", convention=True
    ),
    "balloon": Field(Amount(), "Principal left for the last row.", default=None, convention=True),
    "down_payment": Field(Amount(), "Principal repaid on the first day.", default=None, convention=True),
    "down_payment_share": Field(Rate(RATE_UNIT), "The same as a share.", default=None, convention=True),
    "grace": Field(GRACE, "First rows without principal or interest.", default=None, convention=True),
    "batches": Field(
        Many(
            Shape({"on": Field(Day(), "Due date."), "principal": Field(Amount(zero=True), "Principal.")}),
            minimum=1,
        ),
        "The agreed dates of the custom method.",
        default=None,
    ),
    "flat_total": Field(
        Choice(("sum_of_rows", "rounded_once")),
        "Flat loans: each row rounded, or the total rounded once with the difference in the last row.",
        default="sum_of_rows",
        convention=True,
    ),
    "min_interest_days": Field(Whole(0, 366), "Bullets: at least so many days.", default=0, convention=True),
    "count_last_day": Field(
        Switch(), "The last day counts as well as the first.", default=False, convention=True
    ),
}

PLAN_FIELDS: Final = {
    "currency": CURRENCY,
    "principal": Field(Amount(), "What is lent."),
    **METHOD_FIELDS,
    **RATE_FIELDS,
    **DATE_FIELDS,
}

# Inside another input the currency stands beside the plan; a plan that repeats it must agree.
NESTED_PLAN: Final = Shape(
    {**PLAN_FIELDS, "currency": Field(CurrencyCode(), "If given, the same as outside.", default=None)}
)
