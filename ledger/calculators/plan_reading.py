"""From the fields of an input to the terms of a plan.

Owns: which fields exclude or need each other, and the defaults that depend on the method.
Refuses to know: bounds of single fields, and the arithmetic. The conventions it settled on are returned,
so that the answer can say what was used where the input said nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.calculators.quoted_rates import QUOTED_FIELDS, annual_rate_e8, require_one_of
from ledger.calculators.refusals import InputContradictory, InputFieldMissing
from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Level, Method
from ledger.domain.plans.level_rule import default_level
from ledger.domain.plans.rate_table import RateStep, RateTable, RateWindow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.business_days import EVERY_DAY, Adjustment, BusinessCalendar
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding, divide_rounded
from ledger.policies.calendars import CALENDARS

_PERIODIC_BY_DEFAULT: Final = (Method.EQUAL_INSTALMENT, Method.FLAT)


def plan_terms(values: Mapping[str, Any]) -> PlanTerms:
    """Return the terms. Refuses InputContradictory, InputFieldMissing, PlanTermsImpossible."""
    method, rounding = Method(values["method"]), Rounding(values["rounding"])
    multiple_minor = values["multiple"] or 1
    return PlanTerms(
        method=method,
        principal_minor=values["principal"],
        rates=rate_table(values, day_count=DayCount(values["day_count"])),
        start=values["start"],
        count=row_count(values),
        due_dates=due_date_rule(values),
        basis=_basis(values, method),
        day_count=DayCount(values["day_count"]),
        year_days=int(values["year_days"]) if values["year_days"] else None,
        level=Level(values["level"]) if values["level"] else None,
        instalment_minor=values["instalment"],
        equalisation_rounds=values["equalisation_rounds"],
        relevels=values["rate_change"] == "relevel",
        rounding=rounding,
        round_each_piece=values["round_each"] == "rate_piece",
        multiple_minor=multiple_minor,
        first_absorbs=values["absorbs"] == "first",
        balloon_minor=values["balloon"] or 0,
        down_payment_minor=_down_payment(values, multiple_minor, rounding),
        grace=_grace(values["grace"]),
        batches=tuple(Batch(batch["on"], batch["principal"]) for batch in values["batches"] or ()),
        flat_total_once=values["flat_total"] == "rounded_once",
        min_interest_days=values["min_interest_days"],
        counts_last_day=values["count_last_day"],
        adjustment=Adjustment(values["holiday_rule"]),
        calendar=business_calendar(values["calendar"]),
    )


def nested_plan_terms(values: Mapping[str, Any]) -> PlanTerms:
    """Return the terms of the plan inside an input. Refuses InputContradictory for another currency."""
    if values["schedule"]["currency"] not in (None, values["currency"]):
        raise InputContradictory("The plan is in the currency of the input.", field="schedule.currency")
    return plan_terms(values["schedule"])


def settled_conventions(terms: PlanTerms) -> dict[str, Any]:
    """Return what was used where the input may have said nothing."""
    frequency = terms.due_dates.frequency
    settled = {"basis": terms.basis.value, "unit": frequency.unit.value, "every": frequency.every}
    if terms.method is Method.EQUAL_INSTALMENT:
        settled["level"] = (terms.level or default_level(terms.basis)).value
    return settled


def rate_table(values: Mapping[str, Any], *, day_count: DayCount) -> RateTable:
    """Return the rates, spread included. Refuses InputContradictory, RateTableInvalid."""
    require_one_of(values, "annual_rate", "rates", *QUOTED_FIELDS)
    steps = values["rates"] or [
        {"from": date.min, "annual_rate": annual_rate_e8(values, day_count=day_count)}
    ]
    spread = values["spread"]
    return RateTable(
        steps=tuple(RateStep(step["from"], step["annual_rate"] + spread) for step in steps),
        promotions=tuple(
            RateWindow(window["from"], window["until"], window["share"]) for window in values["promotions"]
        ),
        pauses=tuple(RateWindow(window["from"], window["until"]) for window in values["pauses"]),
    )


def due_date_rule(values: Mapping[str, Any]) -> DueDateRule:
    """Return the rule for due dates. Refuses InputContradictory, DueDateRuleImpossible, FrequencyUnknown."""
    by_unit = values["unit"] is not None or values["every"] is not None
    if by_unit and values["frequency"] is not None:
        raise InputContradictory("A step has a name or a unit and a number, not both.", field="frequency")
    frequency = (
        Frequency(Unit(values["unit"] or "month"), values["every"] or 1)
        if by_unit
        else Frequency.named(values["frequency"] or "monthly")
    )
    return DueDateRule(
        frequency=frequency,
        fixed_day=values["fixed_day"],
        first_period_days_min=values["first_period_days_min"],
        first_due_on=values["first_due_on"],
        end_of_month=values["end_of_month"],
        listed=tuple(values["due_dates"] or ()),
    )


def business_calendar(values: Mapping[str, Any] | str | None) -> BusinessCalendar:
    """Return the calendar, or one in which every day is a business day. Refuses CalendarContradictory."""
    if values is None:
        return EVERY_DAY
    if isinstance(values, str):
        return CALENDARS[values]
    return BusinessCalendar(
        holidays=frozenset(values["holidays"]),
        working_days=frozenset(values["working_days"]),
        weekend=frozenset(day - 1 for day in values["weekend"]),
        provisional_from=values["provisional_from"],
    )


def row_count(values: Mapping[str, Any]) -> int:
    """Return how many rows there are. Refuses InputFieldMissing, InputContradictory."""
    listed = values.get("batches") or values["due_dates"]
    if listed is not None and values["count"] is None:
        return len(listed)
    if values["count"] is None:
        raise InputFieldMissing("This field is needed.", field="count")
    count: int = values["count"]
    if values["due_dates"] is not None and count != len(values["due_dates"]):
        raise InputContradictory("The count is that of the due dates.", field="count")
    return count


def _basis(values: Mapping[str, Any], method: Method) -> Basis:
    if values["basis"] is not None:
        return Basis(values["basis"])
    if values["due_dates"] is not None:
        return Basis.EXACT
    return Basis.PERIODIC if method in _PERIODIC_BY_DEFAULT else Basis.EXACT


def _down_payment(values: Mapping[str, Any], multiple_minor: int, rounding: Rounding) -> int:
    share_e8, amount_minor = values["down_payment_share"], values["down_payment"]
    if share_e8 is not None and amount_minor is not None:
        raise InputContradictory("A down payment is an amount or a share.", field="down_payment_share")
    if share_e8 is None:
        return amount_minor or 0
    minor = divide_rounded(numerator=values["principal"] * share_e8, denominator=RATE_UNIT, mode=rounding)
    return divide_rounded(numerator=minor, denominator=multiple_minor, mode=rounding) * multiple_minor


def _grace(values: Mapping[str, Any] | None) -> Grace:
    if values is None:
        return Grace()
    return Grace(
        principal_rows=values["principal_rows"],
        interest_rows=values["interest_rows"],
        interest=GraceInterest(values["interest"]),
    )
