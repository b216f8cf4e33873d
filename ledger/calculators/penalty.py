"""The calculator ``penalty``: what overdue instalments cost by a day.

Owns: its input and answer. Refuses to know: how charges are computed, and who pays them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Rate, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY, DAY_COUNT, ROUNDING
from ledger.calculators.quoted_rates import of_days, require_one_of
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import money
from ledger.domain.overdue_charges import (
    CompoundMode,
    GraceMode,
    OverdueCharges,
    OverdueTerms,
    overdue_charges,
)
from ledger.kernel.day_count import DayCount
from ledger.kernel.rates import RATE_UNIT, format_rate
from ledger.kernel.rounding import Rounding

UPLIFT_E8: Final = {False: RATE_UNIT // 2, True: RATE_UNIT}

ITEM: Final = Shape(
    {
        "due_on": Field(Day(), "The due date."),
        "pay_by": Field(
            Day(), "The last punctual day, where a holiday makes it later than the due date.", default=None
        ),
        "principal": Field(Amount(zero=True), "Unpaid principal.", default="0"),
        "interest": Field(Amount(zero=True), "Unpaid interest.", default="0"),
        "fee": Field(Amount(zero=True), "Late fees; above the cap they are not charged.", default="0"),
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "contract_rate": Field(
        Rate(), "The annual rate of the contract, which an uplift raises.", default=None, convention=True
    ),
    "penalty_rate": Field(
        Rate(), "The annual penalty rate itself, instead of an uplift.", default=None, convention=True
    ),
    "daily_penalty_rate": Field(
        Rate(RATE_UNIT // 100),
        "The same a day: x the days of a year in the day count, 360 or 365.",
        default=None,
        convention=True,
    ),
    "misuse": Field(
        Switch(), "The money was misused: the uplift is 100% unless given.", default=False, convention=True
    ),
    "uplift": Field(
        Rate(RATE_UNIT),
        "What is added to the contract rate as a share of it; 0.5 unless misused.",
        default=None,
    ),
    "ceiling": Field(Rate(), "The most a year may cost.", default="0.24", convention=True),
    "grace_days": Field(Whole(0, 60), "Days after the due date without charges.", default=3, convention=True),
    "grace_mode": Field(
        Choice.of(GraceMode),
        "Whether charges after the grace days count from the due date.",
        default="retroactive",
        convention=True,
    ),
    "compound": Field(
        Choice.of(CompoundMode), "Interest on unpaid interest.", default="penalty_rate", convention=True
    ),
    "matures_on": Field(Day(), "For contract_until_maturity.", default=None, convention=True),
    "day_count": DAY_COUNT,
    "rounding": ROUNDING,
    "items": Field(Many(ITEM, minimum=1), "The overdue instalments."),
    "on": Field(Day(), "The day of the answer; it does not count itself unless count_end_day says so."),
    "count_end_day": Field(
        Switch(), "Once charges run, the day of the answer counts as well.", default=False, convention=True
    ),
}


def compute_penalty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return penalty, compound interest and capped fees of each instalment."""
    currency, agreed_e8 = values["currency"], _agreed(values)
    uplift_e8 = UPLIFT_E8[values["misuse"]] if values["uplift"] is None else values["uplift"]
    terms = OverdueTerms(
        contract_rate_e8=values["contract_rate"] or 0,
        uplift_e8=uplift_e8,
        agreed_penalty_rate_e8=agreed_e8,
        counts_last_day=values["count_end_day"],
        ceiling_e8=values["ceiling"],
        grace_days=values["grace_days"],
        grace_mode=GraceMode(values["grace_mode"]),
        compound=CompoundMode(values["compound"]),
        matures_on=values["matures_on"],
        day_count=DayCount(values["day_count"]),
        rounding=Rounding(values["rounding"]),
    )
    charged = [(item, _charges(terms, item, values)) for item in values["items"]]
    return {
        "penalty_rate": format_rate(terms.penalty_rate_e8),
        "items": [_item(item, charges, terms, currency) for item, charges in charged],
        "total": money(sum(charges.total_minor for _, charges in charged), currency),
        "how": f"{_raised(terms)}, at most {format_rate(terms.ceiling_e8)}",
        "conventions": {"uplift": format_rate(uplift_e8)} if agreed_e8 is None else {},
    }


def _agreed(values: Mapping[str, Any]) -> int | None:
    """Return the penalty rate that is given itself. Refuses InputContradictory, InputFieldMissing."""
    names = [name for name in ("penalty_rate", "daily_penalty_rate") if values[name] is not None]
    if not names:
        require_one_of(values, "contract_rate")
        return None
    require_one_of(values, *names)
    if values["uplift"] is not None or values["misuse"]:
        raise InputContradictory("A penalty rate that is given is not raised.", field=names[0])
    if values["compound"] == CompoundMode.CONTRACT_UNTIL_MATURITY:
        require_one_of(values, "contract_rate")
    if values["penalty_rate"] is not None:
        given: int = values["penalty_rate"]
        return given
    return of_days(values["daily_penalty_rate"], DayCount(values["day_count"]), field="daily_penalty_rate")


def _raised(terms: OverdueTerms) -> str:
    if terms.agreed_penalty_rate_e8 is not None:
        return f"{format_rate(terms.agreed_penalty_rate_e8)} as given"
    return f"{format_rate(terms.contract_rate_e8)} x (1 + {format_rate(terms.uplift_e8)})"


def _charges(terms: OverdueTerms, item: Mapping[str, Any], values: Mapping[str, Any]) -> OverdueCharges:
    return overdue_charges(
        terms,
        due_on=item["due_on"],
        on=values["on"],
        principal_minor=item["principal"],
        interest_minor=item["interest"],
        fee_minor=item["fee"],
        pay_by=item["pay_by"],
    )


def _item(
    item: Mapping[str, Any], charges: OverdueCharges, terms: OverdueTerms, currency: str
) -> dict[str, Any]:
    if charges.charged_from is None:
        punctual = f" and up to {item['pay_by']}" if item["pay_by"] else ""
        how = f"within {terms.grace_days} days of grace{punctual} nothing is charged"
    else:
        rate = format_rate(terms.penalty_rate_e8)
        how = (
            f"{charges.days_charged} days from {charges.charged_from} by {terms.day_count}:"
            f" {money(item['principal'], currency)} x {rate}; compound on {money(item['interest'], currency)};"
            f" all charges at most {money(charges.cap_minor, currency)}"
        )
    return {
        "due_on": item["due_on"].isoformat(),
        "days_past_due": charges.days_past_due,
        "days_charged": charges.days_charged,
        "penalty": money(charges.penalty_minor, currency),
        "compound": money(charges.compound_minor, currency),
        "fee": money(charges.fee_minor, currency),
        "fee_not_charged": money(item["fee"] - charges.fee_minor, currency),
        "total": money(charges.total_minor, currency),
        "how": how,
    }


PENALTY = register(
    Calculator(
        name="penalty",
        title="Penalty and compound interest of overdue instalments",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "contract_rate": "0.144",
            "items": [{"due_on": "2024-04-04", "principal": "8000.00", "interest": "96.00"}],
            "on": "2024-04-29",
        },
        compute=compute_penalty,
    )
)
