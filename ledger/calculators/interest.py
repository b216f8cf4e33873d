"""The calculator ``interest``: simple interest on a balance that may change, by day count.

Owns: its input and the sentence for each piece.
Refuses to know: plans. Interest is summed exactly over all pieces and rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Day, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY, DAY_COUNT, RATE_FIELDS, ROUNDING
from ledger.calculators.plan_reading import rate_table
from ledger.calculators.quoted_rates import require_one_of
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import exact_money, money, number
from ledger.domain.plans.rate_table import RatePiece, RateTable
from ledger.kernel.day_count import DayCount, PeriodReversed, year_fraction
from ledger.kernel.rates import format_rate
from ledger.kernel.rounding import Rounding, divide_rounded

FIELDS: Final = {
    "currency": CURRENCY,
    "principal": Field(Amount(), "The balance on the first day."),
    **RATE_FIELDS,
    "start": Field(Day(), "The first day; it counts."),
    "end": Field(Day(), "The last day; it does not count, unless count_end_day says so.", default=None),
    "days": Field(Whole(0, 36_600), "How many days after the start the end is, instead of it.", default=None),
    "day_count": DAY_COUNT,
    "count_end_day": Field(Switch(), "The end day counts as well.", default=False, convention=True),
    "min_interest_days": Field(Whole(0, 366), "At least so many days.", default=0, convention=True),
    "changes": Field(
        Many(
            Shape(
                {
                    "on": Field(Day(), "The day; it counts with the new balance."),
                    "amount": Field(Amount(signed=True), "Added to the balance; negative when repaid."),
                }
            )
        ),
        "Changes of the balance between start and end.",
        default=[],
    ),
    "rounding": ROUNDING,
}


def compute_interest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interest of a period, and every piece of constant balance and rate in it."""
    currency, convention = values["currency"], DayCount(values["day_count"])
    table, ends_on = rate_table(values, day_count=convention), _end(values)
    pieces = []
    exact = Fraction(0)
    for balance, piece in _balances(values, table, ends_on):
        years = year_fraction(convention=convention, start=piece.starts_on, end=piece.ends_on)
        earned = balance * piece.rate * years
        exact += earned
        pieces.append(_piece(balance, piece, years, earned, currency))
    interest = divide_rounded(
        numerator=exact.numerator, denominator=exact.denominator, mode=Rounding(values["rounding"])
    )
    return {
        "interest": money(interest, currency),
        "exact": exact_money(exact, currency),
        "days": (ends_on - values["start"]).days,
        "pieces": pieces,
        "how": f"the pieces together are {exact_money(exact, currency)}, rounded once",
    }


def _end(values: Mapping[str, Any]) -> date:
    start: date = values["start"]
    require_one_of(values, "end", "days")
    end: date = values["end"] or start + timedelta(days=values["days"])
    if end < start:
        raise PeriodReversed("A period cannot end before it starts.", field="end")
    end += timedelta(days=1 if values["count_end_day"] else 0)
    return max(end, start + timedelta(days=values["min_interest_days"]))


def _balances(values: Mapping[str, Any], table: RateTable, ends_on: date) -> list[tuple[int, RatePiece]]:
    """Return each stretch of one balance and one rate."""
    changes = sorted(values["changes"], key=lambda change: change["on"])
    if any(not values["start"] < change["on"] < ends_on for change in changes):
        raise InputContradictory("Changes of the balance lie inside the period.", field="changes")
    balance = values["principal"]
    stretches = []
    steps = [(values["start"], 0), *((change["on"], change["amount"]) for change in changes), (ends_on, 0)]
    for (start, amount), (end, _) in pairwise(steps):
        balance += amount
        if balance < 0:
            raise InputContradictory("More is repaid than is outstanding.", field="changes")
        stretches += [(balance, piece) for piece in table.pieces(start=start, end=end)]
    return stretches


def _piece(
    balance: int, piece: RatePiece, years: Fraction, earned: Fraction, currency: str
) -> dict[str, Any]:
    return {
        "starts_on": piece.starts_on.isoformat(),
        "ends_on": piece.ends_on.isoformat(),
        "days": (piece.ends_on - piece.starts_on).days,
        "balance": money(balance, currency),
        "annual_rate": number(piece.rate),
        "year_fraction": str(years),
        "exact": exact_money(earned, currency),
        "how": f"{money(balance, currency)} x {number(piece.rate)} x {years}",
    }


INTEREST = register(
    Calculator(
        name="interest",
        title="Simple interest of a period",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "principal": "30000.00",
            "annual_rate": format_rate(15_000_000),
            "start": "2023-12-15",
            "end": "2024-03-15",
        },
        compute=compute_interest,
    )
)
