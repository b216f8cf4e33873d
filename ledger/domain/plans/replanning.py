"""The plan that follows a prepayment.

Owns: what of an amount repays principal once everything due, broken interest and the fee are taken, and
the two ways to plan what is left: a shorter term with the same instalment, or a smaller instalment.
Refuses to know: penalties, accounts and what is due; the payoff of the day says that.

| 23,631.09 left of 50,000.00 at 10.8% after row 2 | rows to come                        |
| ------------------------------------------------ | ----------------------------------- |
| shorten_term                                     | 8,597.79, 8,597.79, 6,846.47        |
| reduce_instalment                                | 4 rows of 6,041.29 (last 6,041.30)  |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from ledger.domain.plans.building import plan_over
from ledger.domain.plans.choices import Grace, Method
from ledger.domain.plans.early import Payoff, payoff_on
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rebates import Rebate, RebateImpossible, unearned_by_78
from ledger.domain.plans.reducing import rebated_flat_rows, reduced_batches, reduced_flat_rows
from ledger.domain.plans.rows import INSTALMENT, Plan, PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded


class EarlyAmountTooSmall(Refusal):
    """After everything due, broken interest and the fee, nothing is left to repay principal."""

    code = "LEDGER_EARLY_AMOUNT_TOO_SMALL"
    kind = RefusalKind.INVALID


class ReplanImpossible(Refusal):
    """The method has no plan that follows a prepayment in this way."""

    code = "LEDGER_REPLAN_IMPOSSIBLE"
    kind = RefusalKind.INVALID


_SHORTENED: Final = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.FLAT, Method.CUSTOM)


class Replan(StrEnum):
    """What a prepayment does to the rows to come."""

    SHORTEN_TERM = "shorten_term"
    REDUCE_INSTALMENT = "reduce_instalment"


@dataclass(frozen=True)
class Prepayment:
    """How a prepayment was used, and the plan that follows it."""

    payoff: Payoff
    principal_minor: int
    fee_minor: int
    rows: tuple[PlanRow, ...]


def prepay(
    terms: PlanTerms,
    plan: Plan,
    *,
    rows_paid: int,
    on: date,
    amount_minor: int,
    replan: Replan,
    fee_e8: int = 0,
    rebate: Rebate = Rebate.TO_DATE,
) -> Prepayment:
    """Use an amount for everything due, broken interest, then principal with its fee, and plan the rest.

    Refuses NothingToRepayEarly, EarlyAmountTooSmall, ReplanImpossible, RebateImpossible.
    """
    _require_rebate(rebate, replan)
    payoff = payoff_on(terms, plan, rows_paid=rows_paid, on=on, fee_e8=fee_e8, goes_on=True)
    if rebate is Rebate.RULE_OF_78:  # the running row keeps its interest, and none is broken off
        payoff = replace(payoff, broken_interest_minor=0)
    early = amount_minor - payoff.before_principal_minor
    to_come = [row for row in plan.rows if row.period.number > rows_paid and row.period.due_on > on]
    principal = divide_rounded(
        numerator=max(early, 0) * RATE_UNIT, denominator=RATE_UNIT + fee_e8, mode=terms.rounding
    )
    if principal < 1 or principal >= payoff.principal_to_come_minor:
        raise EarlyAmountTooSmall(
            "A prepayment repays part of the principal to come: more than what is due, less than the payoff.",
            field="amount",
            due_minor=payoff.before_principal_minor,
            payoff_minor=payoff.total_minor,
        )
    left = payoff.principal_to_come_minor - principal
    if rebate is Rebate.TO_DATE:
        rows = replanned(terms, to_come, left_minor=left, on=on, replan=replan)
    else:
        unearned = unearned_by_78(terms, _instalments(plan), on=on)
        rows = rebated_flat_rows(terms, to_come, left_minor=left, unearned_minor=unearned)
    return Prepayment(payoff, principal, early - principal, rows)


def _require_rebate(rebate: Rebate, replan: Replan) -> None:
    if rebate is Rebate.FULL_TERM:
        raise RebateImpossible("A loan that goes on bears the interest of its rows.", field="rebate")
    if rebate is Rebate.RULE_OF_78 and replan is Replan.SHORTEN_TERM:
        raise ReplanImpossible("By the rule of 78 the rows stay and get smaller.", field="mode")


def _instalments(plan: Plan) -> tuple[PlanRow, ...]:
    return tuple(row for row in plan.rows if row.kind == INSTALMENT)


def replanned(
    terms: PlanTerms, to_come: Sequence[PlanRow], *, left_minor: int, on: date, replan: Replan
) -> tuple[PlanRow, ...]:
    """Return the rows that repay what is left after a prepayment on a day. Refuses ReplanImpossible."""
    shortens = replan is Replan.SHORTEN_TERM
    if shortens and terms.method not in _SHORTENED:
        raise ReplanImpossible("Without instalments of principal no term gets shorter.", field="mode")
    later = _later_terms(terms, to_come, left_minor)
    periods = (_restarted(later, to_come[0].period, on), *(row.period for row in to_come[1:]))
    if terms.method is Method.FLAT:
        return reduced_flat_rows(later, to_come, periods, left_minor=left_minor, shortens=shortens)
    if terms.method is Method.CUSTOM:
        later = reduced_batches(later, to_come, left_minor=left_minor, shortens=shortens)
        periods = periods[: later.count]
    given = _kept(terms, to_come) if shortens else None
    return plan_over(later, periods=periods, balance_minor=left_minor, given_minor=given).rows


def _later_terms(terms: PlanTerms, to_come: Sequence[PlanRow], left_minor: int) -> PlanTerms:
    """Return the terms for what is left: grace rows that are over count no more."""
    passed, grace = to_come[0].period.number - 1, terms.grace
    left = replace(
        grace,
        principal_rows=max(0, grace.principal_rows - passed),
        interest_rows=max(0, grace.interest_rows - passed),
    )
    return replace(
        terms,
        first_absorbs=False,
        equalisation_rounds=0,
        balloon_minor=min(terms.balloon_minor, left_minor - 1),
        instalment_minor=None,
        grace=left if max(left.principal_rows, left.interest_rows) else Grace(),
    )


def _kept(terms: PlanTerms, to_come: Sequence[PlanRow]) -> int | None:
    """Return what the rows go on repaying: the instalment, or the principal of equal-principal rows."""
    if terms.method is Method.EQUAL_PRINCIPAL:
        return next(row.principal_minor for row in to_come if row.principal_minor)
    return next((row.level_minor for row in to_come if row.level_minor is not None), None)


def _restarted(terms: PlanTerms, period: PlanPeriod, on: date) -> PlanPeriod:
    """Return the running period from the day of the prepayment, by its remaining days."""
    if on <= period.starts_on:
        return period
    return replace(period, starts_on=on, pieces=counted_pieces(terms, start=on, end=period.due_on))
