"""From the fields of ``schedule`` to the terms of the progressive and the classic engine.

Owns: which fields mean something to which engine, and the defaults that depend on others.
Refuses to know: bounds of single fields, and the arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.engine_fields import CLASSIC, ENGINE_FIELDS, PROGRESSIVE, STANDARD
from ledger.calculators.plan_fields import PLAN_FIELDS
from ledger.calculators.plan_reading import due_date_rule, row_count
from ledger.calculators.quoted_rates import annual_rate_e8, require_one_of
from ledger.calculators.refusals import InputContradictory
from ledger.domain.allocation_rules import AllocationMode, Rule
from ledger.domain.classic.terms import Amortisation, ClassicTerms
from ledger.domain.progressive.conventions import (
    Conventions,
    DaysInMonth,
    DaysInYear,
    InterestMethod,
    InterestPeriod,
    LeapRule,
    PreClose,
    Rest,
    YearSplit,
)
from ledger.domain.progressive.payment_rules import DEFAULT_KIND, FutureRule, PaymentRules
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Frequency

_SHARED: Final = frozenset(
    {
        "currency",
        "principal",
        "method",
        "annual_rate",
        "monthly_rate",
        "spread",
        "start",
        "count",
        "frequency",
        "unit",
        "every",
        "fixed_day",
        "first_period_days_min",
        "first_due_on",
        "due_dates",
        "end_of_month",
        "multiple",
        "rounding",
        "engine",
    }
)
MEANINGFUL: Final = {
    STANDARD: frozenset(PLAN_FIELDS) | {"engine"},
    PROGRESSIVE: _SHARED | {"down_payment_share", "progressive", "facts", "as_of"},
    CLASSIC: _SHARED | {"instalment", "classic"},
}
METHODS: Final = {
    PROGRESSIVE: ("equal_instalment", "flat"),
    CLASSIC: ("equal_instalment", "equal_principal", "flat"),
}
# Progressive and classic schedules round ties to the even neighbour; a field left at its default asks nothing.
_ROUNDING: Final = "half_even"


def require_meaningful(values: Mapping[str, Any]) -> None:
    """Refuse by name the first field that was given and means nothing to the engine."""
    engine = values["engine"]
    for name, field in {**PLAN_FIELDS, **ENGINE_FIELDS}.items():
        if name not in MEANINGFUL[engine] and values[name] != _read_default(name, field.default):
            raise InputContradictory(f"{name} means nothing to the {engine} engine.", field=name)
    if engine != STANDARD:
        _require_possible(values, engine)


def engine_conventions(values: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Return what the engine used; None for conventions that belong to other engines."""
    engine = values["engine"]
    unused = {name: None for name in PLAN_FIELDS if name not in MEANINGFUL[engine]}
    frequency = due_date_rule(values).frequency
    group = ENGINE_FIELDS[engine].kind.show(values[engine], currency=currency)
    settled = {"unit": frequency.unit.value, "every": frequency.every, "rounding": _ROUNDING}
    if engine == PROGRESSIVE:
        group["recalculation"] = _recalculates(values)
    return {**unused, **settled, engine: group}


def progressive_terms(values: Mapping[str, Any]) -> ProgressiveTerms:
    """Return the terms. Refuses InputContradictory, ProgressiveTermsImpossible, DueDateRuleImpossible."""
    group = values[PROGRESSIVE]
    conventions = Conventions(
        **_interest_conventions(values, group),
        partial_periods=group["partial_periods"],
        recalculates=_recalculates(values),
        rest=Rest(group["rest"]),
        pre_close=PreClose(group["pre_close"]),
        charges_overdue_principal=group["overdue_interest"],
        equalisation_rounds=group["equalisation_rounds"],
    )
    return ProgressiveTerms(
        **_schedule(values, fixed_length=group["fixed_length"]),
        conventions=conventions,
        down_payment_e8=values["down_payment_share"] or 0,
        rules=_rules(group["allocation"]),
    )


def classic_terms(values: Mapping[str, Any]) -> ClassicTerms:
    """Return the terms. Refuses InputContradictory, ClassicTermsImpossible, DueDateRuleImpossible."""
    group, is_principal = values[CLASSIC], values["method"] == "equal_principal"
    conventions = Conventions(**_interest_conventions(values, group), recalculates=False)
    return ClassicTerms(
        schedule=ProgressiveTerms(**_schedule(values, fixed_length=None), conventions=conventions),
        principal_minor=values["principal"],
        amortisation=Amortisation.EQUAL_PRINCIPAL if is_principal else Amortisation.EQUAL_INSTALMENT,
        instalment_minor=values["instalment"],
        grace_principal=group["grace_principal"],
        grace_interest=group["grace_interest"],
        interest_free=group["interest_free"],
    )


def _require_possible(values: Mapping[str, Any], engine: str) -> None:
    if values["method"] not in METHODS[engine]:
        raise InputContradictory(f"The {engine} engine has no such method.", field="method")
    if values["rounding"] not in (PLAN_FIELDS["rounding"].default, _ROUNDING):
        raise InputContradictory(f"The {engine} engine rounds {_ROUNDING}.", field="rounding")
    require_one_of(values, "annual_rate", "monthly_rate")


def _read_default(name: str, default: Any) -> Any:
    if default is None:
        return None
    return {**PLAN_FIELDS, **ENGINE_FIELDS}[name].kind.read(default, path=name, currency="CNY")


def _schedule(values: Mapping[str, Any], *, fixed_length: int | None) -> dict[str, Any]:
    rule = due_date_rule(values)
    dates = rule.dates(start=values["start"], count=row_count(values))
    if fixed_length is not None:
        last = Frequency(rule.frequency.unit, 1).after(values["start"], steps=fixed_length)
        dates = (*dates[:-1], last)
    return {
        "start": values["start"],
        "due_dates": dates,
        "frequency": rule.frequency,
        "rate_e8": annual_rate_e8(values, day_count=DayCount.ACT_360) + values["spread"],
        "multiple_minor": values["multiple"] or 1,
    }


def _interest_conventions(values: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    is_flat = values["method"] == "flat"
    return {
        "days_in_year": DaysInYear(group["days_in_year"]),
        "days_in_month": DaysInMonth(group["days_in_month"]),
        "leap_rule": LeapRule(group["leap_rule"]),
        "year_split": YearSplit(group["year_split"]),
        "interest_period": InterestPeriod(group["interest_period"]),
        "method": InterestMethod.FLAT if is_flat else InterestMethod.DECLINING,
    }


def _recalculates(values: Mapping[str, Any]) -> bool:
    given = values[PROGRESSIVE]["recalculation"]
    return values["method"] != "flat" if given is None else bool(given)


def _rules(given: list[Mapping[str, Any]]) -> dict[str, PaymentRules]:
    rules: dict[str, PaymentRules] = {}
    for entry in given:
        if entry["kind"] in rules:
            raise InputContradictory("Each kind of payment has rules once.", field="progressive.allocation")
        rules[entry["kind"]] = PaymentRules(
            rules=tuple(Rule.named(name) for name in entry["rules"]),
            future=FutureRule(entry["future"]),
            mode=AllocationMode(entry["mode"]),
        )
    return {DEFAULT_KIND: PaymentRules(), **rules}
