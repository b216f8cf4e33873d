"""A product checked as a whole: what its parameters lead to at the edges of what it offers.

Owns: that every offered term and amount gives a plan whose balance never grows, and that what a loan costs a
year keeps the ceiling, fees included, at the dearest term.
Refuses to know: single fields, which ``product_terms`` judges alone, and any loan.

Method: margins are tested where they are smallest. Level and interest grow with the principal while rounding
does not, so the smallest amount with two multiples to spare in each row speaks for all amounts; the longest
first period of a year, and one start in each month at the longest term, speak for all dates. The cost is the
internal rate per step times the steps of a year, held to the term, and again paid off half-way with the fee.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ledger.domain.annual_rates.cash_flows import DatedFlow, dated_internal_rate, internal_rate
from ledger.domain.contract.plan_of_loan import due_date_rule_of, plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.interest import interest_for_days
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Batch
from ledger.domain.plans.early import payoff_on
from ledger.domain.plans.rows import Plan
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.frequencies import Unit
from ledger.kernel.money import split_minor_units
from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal
from ledger.policies.product_terms import AMOUNT_MAX, ProductTerms, ProductTermsInvalid
from ledger.policies.rate_ceiling import is_within_ceiling

YEAR_DAYS: Final = 366
MONTHS: Final = 12
# Rates are held in this unit; what is beyond it comes from rounding amounts.
SHOWN: Final = Decimal("1e-8")
# An instalment that repays this many of the units it is rounded to still repays one after any rounding.
UNITS_TO_SPARE: Final = 2
_LEVELLED: Final = (ContractMethod.EQUAL_INSTALMENT, ContractMethod.FLAT)
_STEPS_OF_YEAR: Final = {Unit.MONTH: 12, Unit.WEEK: 52, Unit.DAY: 365}


@dataclass(frozen=True)
class DearestLoan:
    """What the dearest loan of a product costs a year, and for which term."""

    annual_rate: Decimal
    term: int


def check_product(product: ProductTerms) -> DearestLoan:
    """Return what the product costs at most. Refuses ProductTermsInvalid, naming the field."""
    if not product.repayment.is_revolving:
        _require_room_for_the_first_row(product)
        for term, start in _edges(product):
            _require_falling_balance(product, term=term, start=start)
    costs = [DearestLoan(_cost(product, term), term) for term in product.offer.terms]
    dearest = max(costs, key=lambda loan: loan.annual_rate)
    ceiling = product.pricing.ceiling_on(product.effective_from)
    _require(
        product,
        is_kept=is_within_ceiling(dearest.annual_rate, ceiling=ceiling),
        field="pricing.own_ceiling",
        message=f"A loan for the term {dearest.term} costs more a year than the ceiling.",
    )
    _require(
        product,
        is_kept=is_within_ceiling(_cost_halfway(product), ceiling=ceiling),
        field="early.fee",
        message="A loan paid off half-way costs more a year than the ceiling, its fee included.",
    )
    return dearest


def _edges(product: ProductTerms) -> Iterator[tuple[int, date]]:
    """Yield the terms and starts at which a plan has the least room."""
    longest_first = _start_of_longest_first_period(product)
    for term in product.offer.terms:
        yield term, longest_first
    for month in range(MONTHS):
        yield product.offer.terms[-1], months_after(product.effective_from.replace(day=1), months=month)


def _start_of_longest_first_period(product: ProductTerms) -> date:
    rule = due_date_rule_of(product.repayment)
    starts = [product.effective_from + timedelta(days=days) for days in range(YEAR_DAYS)]
    return max(starts, key=lambda start: rule.dates(start=start, count=1)[0] - start)


def _require_falling_balance(product: ProductTerms, *, term: int, start: date) -> None:
    least = product.offer.amount_minor_min
    try:
        plan = build_plan(_plan_terms(product, term=term, start=start))
    except ProductTermsInvalid:
        raise
    except Refusal as refusal:
        raise ProductTermsInvalid(
            f"The term {term} has no plan: {refusal.message}", field="offer.terms", product=product.code
        ) from refusal
    if product.repayment.method not in _LEVELLED:
        return
    spare = UNITS_TO_SPARE * product.repayment.multiple_minor
    grace = product.repayment.grace_principal_rows
    in_between = [row for row in plan.rows[:-1] if row.period.number > grace]
    _require(
        product,
        is_kept=all(row.principal_minor >= spare for row in in_between),
        field="offer.amount_min",
        message=f"With {least} minor units over the term {term} an instalment may not cover its interest.",
    )


def _require_room_for_the_first_row(product: ProductTerms) -> None:
    repayment, longest = product.repayment, product.offer.terms[-1]
    if not repayment.first_absorbs:
        return
    spread = _plan_terms(product, term=longest, start=product.effective_from)
    part = (spread.financed_minor - spread.balloon_minor) // longest
    _require(
        product,
        is_kept=part >= longest * repayment.multiple_minor,
        field="repayment.first_absorbs",
        message="The first row cannot absorb what the others leave; round to a smaller multiple.",
    )


def _cost(product: ProductTerms, term: int) -> Decimal:
    """Return the yearly cost of a loan held to its term, at an amount that rounding does not distort."""
    return _exact_cost(product, term).quantize(SHOWN)


def _exact_cost(product: ProductTerms, term: int) -> Decimal:
    start, amount = product.effective_from, AMOUNT_MAX
    rate = product.pricing.rate_on(start)
    if rate == 0:
        return Decimal(0)
    repayment = product.repayment
    if repayment.is_revolving:
        interest = interest_for_days(
            principal_minor=amount, annual_rate_e8=rate, days=term, day_base=repayment.day_base
        )
        due = start + timedelta(days=term)
        return _monthly_times_twelve([DatedFlow(start, amount), DatedFlow(due, -amount - interest)])
    plan = build_plan(_plan_terms(product, term=term, start=start, amount_minor=amount))
    if repayment.fixed_day or repayment.calendar or repayment.method is ContractMethod.CUSTOM:
        return _monthly_times_twelve(_flows(plan, start=start, amount_minor=amount))
    flows = [amount] + [0] * term
    for row in plan.rows:
        step = term if repayment.method is ContractMethod.BULLET else row.period.number
        flows[step] -= row.total_minor
    return internal_rate(flows) * _STEPS_OF_YEAR[repayment.unit] / repayment.every


def _cost_halfway(product: ProductTerms) -> Decimal:
    """Return the yearly cost of the shortest loan paid off in the middle, early fee included."""
    start, amount = product.effective_from, AMOUNT_MAX
    fee_e8 = product.early.fee_e8
    if fee_e8 == 0 or product.pricing.rate_on(start) == 0:
        return Decimal(0)
    terms = _plan_terms(product, term=product.offer.terms[0], start=start, amount_minor=amount)
    plan = build_plan(terms)
    middle = start + (plan.rows[-1].period.due_on - start) / 2
    paid = [row for row in plan.rows if row.period.due_on <= middle]
    rows_paid = max((row.period.number for row in paid), default=0)
    payoff = payoff_on(terms, plan, rows_paid=rows_paid, on=middle, fee_e8=fee_e8)
    flows = [flow for flow in _flows(plan, start=start, amount_minor=amount) if flow.on <= middle]
    return _monthly_times_twelve([*flows, DatedFlow(middle, -payoff.total_minor)])


def _flows(plan: Plan, *, start: date, amount_minor: int) -> list[DatedFlow]:
    paid = [DatedFlow(row.period.due_on, -row.total_minor) for row in plan.rows]
    return [DatedFlow(start, amount_minor), *paid]


def _monthly_times_twelve(flows: list[DatedFlow]) -> Decimal:
    yearly = dated_internal_rate(flows)
    return ((1 + yearly) ** (Decimal(1) / MONTHS) - 1) * MONTHS


def _plan_terms(
    product: ProductTerms, *, term: int, start: date, amount_minor: int | None = None
) -> PlanTerms:
    amount = product.offer.amount_minor_min if amount_minor is None else amount_minor
    return plan_terms_of(
        product.repayment,
        principal_minor=amount,
        annual_rate_e8=product.pricing.rate_on(product.effective_from),
        start=start,
        term=term,
        batches=_even_batches(product, term=term, start=start, amount_minor=amount),
    )


def _even_batches(product: ProductTerms, *, term: int, start: date, amount_minor: int) -> tuple[Batch, ...]:
    """Return batches as far apart as the product allows; the cost of a year hardly depends on it."""
    repayment = product.repayment
    if repayment.method is not ContractMethod.CUSTOM:
        return ()
    days = max(repayment.batch_gap_days_min, repayment.batch_span_days_max // term)
    _require(
        product,
        is_kept=days * term <= repayment.batch_span_days_max and amount_minor >= term,
        field="repayment.batch_span_days_max",
        message=f"There is no room for {term} batches.",
    )
    parts = split_minor_units(amount_minor, ratios=(1,) * term)
    return tuple(Batch(start + timedelta(days=days * number), part) for number, part in enumerate(parts, 1))


def _require(product: ProductTerms, *, is_kept: bool, field: str, message: str) -> None:
    if not is_kept:
        raise ProductTermsInvalid(message, field=field, product=product.code)
