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
from ledger.domain.annual_rates.actuarial import (
    ODD_DAYS_OF,
    UnitPeriodFlow,
    actuarial_rate,
    unit_periods_between,
    unit_periods_in_year,
)
from ledger.domain.annual_rates.cash_flows import (
    DatedFlow,
    compounded,
    dated_internal_rate,
    internal_rate,
)
from ledger.kernel.frequencies import Frequency, Unit
from ledger.kernel.rates import format_rate
from ledger.policies.rate_ceiling import CeilingKind, ceiling_e8, is_within_ceiling


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
        rate = dated_internal_rate(flows)
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
    per_period, periods = internal_rate(amounts), values["periods_per_year"]
    return per_period * periods, {
        "irr_per_period": number(per_period),
        "irr_nominal": number(per_period * periods),
        "irr_effective": number(compounded(per_period, periods=Fraction(periods))),
        "percent": percent(per_period * periods),
        "how": f"rate of a period x {periods}; effective (1 + rate) ^ {periods} - 1",
    }


def _reg_z(values: Mapping[str, Any]) -> tuple[Decimal, dict[str, Any]]:
    unit = Frequency(Unit(values["unit"]), values["every"])
    if all(flow["on"] is not None for flow in values["flows"]):
        flows = _by_date(values, unit)
    else:
        days = ODD_DAYS_OF[unit.unit] * unit.every
        flows = [
            UnitPeriodFlow(flow["period"], Fraction(flow["odd_days"], days), flow["amount"])
            for flow in _placed(values, "period")
        ]
    rate = actuarial_rate(flows, unit_periods_in_year=unit_periods_in_year(unit))
    return rate, {
        "actuarial_rate": number(rate),
        "percent": percent(rate),
        "unit_periods": [f"{flow.whole} + {flow.fraction}" for flow in flows],
        "how": "sum of flow / ((1 + f i)(1 + i) ^ t) is zero;"
        f" i x {unit_periods_in_year(unit)} unit-periods in a year",
    }


def _by_date(values: Mapping[str, Any], unit: Frequency) -> list[UnitPeriodFlow]:
    start = min(flow["on"] for flow in values["flows"])
    placed = [
        (*unit_periods_between(start=start, end=flow["on"], unit=unit), flow["amount"])
        for flow in values["flows"]
    ]
    return [UnitPeriodFlow(*flow) for flow in placed]


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
    return {
        "ceiling": {
            "kind": kind.value,
            "signed_on": signed_on.isoformat(),
            "limit": format_rate(ceiling),
            "rate": number(rate),
            "kept": is_within_ceiling(rate, ceiling=ceiling),
        }
    }


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
