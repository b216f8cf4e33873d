"""The calculator ``annual-rate``: what a loan costs a year, by every method.

Owns: its answer, and which fields each method needs. Refuses to know: how the rates are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledger.calculators.annual_rate_fields import DISCLOSURE, FIELDS, IRR, XIRR
from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.disclosure import disclose
from ledger.calculators.refusals import InputContradictory, InputFieldMissing
from ledger.calculators.schedule import SCHEDULE_EXAMPLE
from ledger.calculators.shapes import Shape
from ledger.calculators.wording import number, percent
from ledger.domain.annual_rates.actuarial import UnitPeriodFlow, actuarial_rate
from ledger.domain.annual_rates.cash_flows import (
    DatedFlow,
    compounded,
    dated_internal_rate,
    internal_rate,
)
from ledger.domain.annual_rates.common_period import common_period
from ledger.domain.annual_rates.unit_periods import Interval, UnitPeriod
from ledger.kernel.rates import RATE_UNIT, format_rate
from ledger.policies.rate_ceiling import (
    LPR_CONFIRMED_UNTIL,
    CeilingKind,
    ceiling_e8,
    is_provisional,
    is_within_ceiling,
)


def compute_annual_rate(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annual rates of a plan, or one rate of given flows, and whether a ceiling is kept."""
    needed, other = ("schedule", "flows") if values["method"] == DISCLOSURE else ("flows", "schedule")
    if values[needed] is None:
        raise InputFieldMissing("The method needs this field.", field=needed)
    if values[other] is not None or (other == "schedule" and (values["fees"] or values["fee_each_row"])):
        raise InputContradictory("The method has no use for this field.", field=other)
    if values["method"] == DISCLOSURE:
        rate, answer = disclose(values)
        signed_on = values["signed_on"] or values["schedule"]["start"]
    else:
        rate, answer = _of_flows(values)
        signed_on = values["signed_on"]
    return {**answer, **_against_ceiling(values, rate, signed_on)}


def _of_flows(values: Mapping[str, Any]) -> tuple[Decimal, dict[str, Any]]:
    if values["method"] == IRR:
        return _irr(values)
    if values["method"] == XIRR:
        flows = [DatedFlow(flow["on"], flow["amount"]) for flow in _placed(values, "on")]
        rate = dated_internal_rate(flows, near=_near(values))
        return rate, {
            "xirr": number(rate),
            "percent": percent(rate),
            "how": "sum of flow / (1 + rate) ^ (days / 365) is zero",
        }
    return _reg_z(values)


def _irr(values: Mapping[str, Any]) -> tuple[Decimal, dict[str, Any]]:
    amounts = [0] * (1 + max(flow["period"] for flow in _placed(values, "period")))
    for flow in values["flows"]:
        amounts[flow["period"]] += flow["amount"]
    periods, near = values["periods_per_year"], _near(values)
    per_period = internal_rate(amounts, near=None if near is None else near / periods)
    return per_period * periods, {
        "irr_per_period": number(per_period),
        "irr_nominal": number(per_period * periods),
        "irr_effective": number(compounded(per_period, periods=Fraction(periods))),
        "percent": percent(per_period * periods),
        "how": f"rate of a period x {periods}; effective (1 + rate) ^ {periods} - 1",
    }


def _reg_z(values: Mapping[str, Any]) -> tuple[Decimal, dict[str, Any]]:
    unit = _unit_period(values)
    if _is_dated(values):
        flows = _by_date(values, unit)
    else:
        flows = [
            UnitPeriodFlow(flow["period"], unit.odd_part(flow["odd_days"]), flow["amount"])
            for flow in _placed(values, "period")
        ]
    rate = actuarial_rate(flows, unit_periods_in_year=unit.in_year, near=_near(values) or Decimal(0))
    return rate, {
        "actuarial_rate": number(rate),
        "percent": percent(rate),
        "conventions": {"unit": unit.interval.value, "every": unit.every},
        "unit_periods": [f"{flow.whole} + {flow.fraction}" for flow in flows],
        "how": f"sum of flow / ((1 + f i)(1 + i) ^ t) is zero; i x {unit.in_year} unit-periods in a year",
    }


def _unit_period(values: Mapping[str, Any]) -> UnitPeriod:
    """Return the unit-period that is stated, or that the dates have; without dates it is a month."""
    if values["unit"] is None and values["every"] is None and _is_dated(values):
        return common_period(flow["on"] for flow in values["flows"])
    return UnitPeriod(Interval(values["unit"] or Interval.MONTH), values["every"] or 1)


def _is_dated(values: Mapping[str, Any]) -> bool:
    return all(flow["on"] is not None for flow in values["flows"])


def _by_date(values: Mapping[str, Any], unit: UnitPeriod) -> list[UnitPeriodFlow]:
    start = min(flow["on"] for flow in values["flows"])
    placed = [(*unit.between(start=start, end=flow["on"]), flow["amount"]) for flow in values["flows"]]
    return [UnitPeriodFlow(*flow) for flow in placed]


def _near(values: Mapping[str, Any]) -> Decimal | None:
    """Return the annual rate that is meant where several fit."""
    return None if values["near"] is None else Decimal(values["near"]) / RATE_UNIT


def _placed(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the flows, each of which must say when it happens in the way the method needs."""
    flows: list[Mapping[str, Any]] = values["flows"]
    for at, flow in enumerate(flows):
        if flow[name] is None:
            raise InputFieldMissing("The method needs this field in every flow.", field=f"flows[{at}].{name}")
    return flows


def _against_ceiling(values: Mapping[str, Any], rate: Decimal, signed_on: Any) -> dict[str, Any]:
    if values["ceiling"] is None:
        return {}
    kind = CeilingKind(values["ceiling"])
    if signed_on is None:
        raise InputFieldMissing("A ceiling depends on the day of signing.", field="signed_on")
    ceiling = ceiling_e8(kind, signed_on=signed_on)
    compared = {
        "kind": kind.value,
        "signed_on": signed_on.isoformat(),
        "limit": format_rate(ceiling),
        "rate": number(rate),
        "kept": is_within_ceiling(rate, ceiling=ceiling),
    }
    if is_provisional(kind, signed_on=signed_on):
        compared |= {"provisional": True, "prime_rate_confirmed_until": LPR_CONFIRMED_UNTIL.isoformat()}
    return {"ceiling": compared}


ANNUAL_RATE = register(
    Calculator(
        name="annual-rate",
        title="Annual rates of a loan: IRR, XIRR, simple and actuarial",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "schedule": {
                **SCHEDULE_EXAMPLE,
                "method": "flat",
                "principal": "24000.00",
                "annual_rate": "0.12",
                "start": "2024-01-15",
                "count": 12,
            },
            "fees": [{"row": 0, "amount": "360.00"}],
            "ceiling": "licensed",
        },
        compute=compute_annual_rate,
    )
)
