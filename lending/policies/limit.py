"""The limit formula: base x factors, rounded down (D-154 .. D-158).

Owns: the arithmetic, in exact fractions, and an account of every figure on the way.
Refuses to know: whether the applicant may borrow at all (``veto``), and which parameters are in force.
Worked example: 500,000.00 average x 20% = 100,000.00; two years 1.2, clean record 1.2, industry 1.0,
debt 50% 0.85, together 1.224; the limit is 122,400.00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ledger.kernel.currencies import scale_of
from ledger.kernel.periods import months_after
from lending.policies.limit_policy import BPS, LimitPolicy
from lending.policies.turnover import TurnoverWindow, six_months_before


@dataclass(frozen=True, slots=True)
class Base:
    """One way to a base amount: a source, the multiplier, and the product of both."""

    kind: str
    source: Fraction
    multiplier: Fraction

    @property
    def amount(self) -> Fraction:
        """Return the base amount in minor units, unrounded."""
        return self.source * self.multiplier


@dataclass(frozen=True, slots=True)
class LimitAssessment:
    """Every figure between the inputs and the limit; ``limit_minor`` is 0 below the product minimum."""

    window: TurnoverWindow
    bases: tuple[Base, ...]
    combination: str
    base: Fraction
    factors: tuple[tuple[str, Fraction], ...]
    factor: Fraction
    unrounded: Fraction
    limit_minor: int

    def figures(self) -> tuple[tuple[str, str], ...]:
        """Return the figures as names and exact values, in the order in which they arise."""
        rows = [("average_turnover_minor", self.window.average)]
        for base in self.bases:
            rows.append((f"base.{base.kind}.multiplier", base.multiplier))
            rows.append((f"base.{base.kind}.amount_minor", base.amount))
        rows.append((f"base.{self.combination}_minor", self.base))
        rows += [(f"factor.{name}", value) for name, value in self.factors]
        rows += [("factor.product", self.factor), ("unrounded_limit_minor", self.unrounded)]
        return (*((name, str(value)) for name, value in rows), ("limit_minor", str(self.limit_minor)))


def assess_limit(
    *,
    applied_on: date,
    currency: str,
    turnover_minor: Mapping[str, int],
    tax_12_months_minor: int | None = None,
    invoices_12_months_minor: int | None = None,
    trading_since: date,
    clean_record: bool,
    industry_code: str,
    debt_ratio_bps: int,
    policy: LimitPolicy,
) -> LimitAssessment:
    """Return the limit and how it came about. Refusals: CurrencyUnknown."""
    window = six_months_before(applied_on=applied_on, turnover_minor=turnover_minor)
    bases = _bases(window.average, tax_12_months_minor, invoices_12_months_minor, policy)
    base = combine(amounts=[held.amount for held in bases], how=policy.combination)
    factors = (
        ("stability", stability_factor(trading_since=trading_since, applied_on=applied_on, policy=policy)),
        ("clean_record", Fraction(policy.clean_record_bps, BPS) if clean_record else Fraction(1)),
        ("industry", Fraction(dict(policy.industry_factors).get(industry_code, BPS), BPS)),
        ("debt", debt_factor(debt_ratio_bps=debt_ratio_bps, points=policy.debt_points)),
    )
    factor = Fraction(1)
    for _, value in factors:
        factor *= value
    limit_minor = bounded_limit(unrounded=base * factor, currency=currency, policy=policy)
    return LimitAssessment(
        window, bases, policy.combination, base, factors, factor, base * factor, limit_minor
    )


def _bases(
    average: Fraction, tax_minor: int | None, invoices_minor: int | None, policy: LimitPolicy
) -> tuple[Base, ...]:
    # The forecast lowers or raises what turnover is taken to be; 1 leaves it as it was.
    foreseen = average * Fraction(policy.potential_bps, BPS)
    offered = (
        ("turnover", foreseen if average else None, policy.turnover_share_bps),
        ("tax", tax_minor, policy.tax_multiple_bps),
        ("invoices", invoices_minor, policy.invoice_share_bps),
    )
    return tuple(
        Base(kind, Fraction(source), Fraction(bps, BPS))
        for kind, source, bps in offered
        if source is not None
    )


def combine(*, amounts: list[Fraction], how: str) -> Fraction:
    """Combine the bases that exist (Q-03); without any the base is 0."""
    if not amounts:
        return Fraction(0)
    return {"max": max(amounts), "min": min(amounts), "sum": sum(amounts, Fraction(0))}[how]


def completed_years(*, since: date, on: date) -> int:
    """Return full years; 29 February comes round on 28 February in a year without it."""
    years = max(0, on.year - since.year)
    return years - 1 if years and months_after(since, months=12 * years) > on else years


def stability_factor(*, trading_since: date, applied_on: date, policy: LimitPolicy) -> Fraction:
    """Return 1.0 and 0.1 for each completed year, up to the cap (D-155, Q-08)."""
    years = completed_years(since=trading_since, on=applied_on)
    return Fraction(min(BPS + policy.stability_step_bps * years, policy.stability_cap_bps), BPS)


def debt_factor(*, debt_ratio_bps: int, points: tuple[tuple[int, int], ...]) -> Fraction:
    """Return the factor on the line through the control points, flat outside them (Q-05)."""
    if debt_ratio_bps <= points[0][0]:
        return Fraction(points[0][1], BPS)
    for (low, high_factor), (high, low_factor) in pairwise(points):
        if debt_ratio_bps <= high:
            share = Fraction(debt_ratio_bps - low, high - low)
            return (high_factor + (low_factor - high_factor) * share) / BPS
    return Fraction(points[-1][1], BPS)


def bounded_limit(*, unrounded: Fraction, currency: str, policy: LimitPolicy) -> int:
    """Round down to the step, cap at the maximum, and grant nothing below the minimum (D-158)."""
    unit_minor: int = 10 ** scale_of(currency)
    step_minor = policy.rounding_units * unit_minor
    limit_minor = min(unrounded, Fraction(policy.limit_max_units * unit_minor)) // step_minor * step_minor
    return limit_minor if limit_minor >= policy.limit_min_units * unit_minor else 0
