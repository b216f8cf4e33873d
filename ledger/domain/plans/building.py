"""From terms to a whole plan.

Owns: the choice of the method, the down payment row, the instalment that leaves the rounding difference
in the first row, and equalisation, which moves the level while that brings the last row closer to it.
Refuses to know: what has been paid since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger.domain.plans.choices import Method
from ledger.domain.plans.flat import flat_plan
from ledger.domain.plans.level_rule import LevelRule
from ledger.domain.plans.methods import EqualPrincipalRule, batch_rule, nothing_until_the_end
from ledger.domain.plans.periods import plan_periods
from ledger.domain.plans.rows import DOWN_PAYMENT, Plan, PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import PrincipalRule, Step, walk
from ledger.kernel.rounding import divide_rounded


def build_plan(terms: PlanTerms) -> Plan:
    """Return the rows of a plan; the last one always ends at zero.

    Refuses InstalmentBelowInterest, DueDateRuleImpossible, RateTableInvalid, CalendarContradictory.
    """
    plan = plan_over(
        terms,
        periods=plan_periods(terms),
        balance_minor=terms.financed_minor,
        given_minor=terms.instalment_minor,
    )
    if terms.down_payment_minor == 0:
        return plan
    return replace(plan, rows=(_down_payment(terms), *plan.rows))


def plan_over(
    terms: PlanTerms, *, periods: Sequence[PlanPeriod], balance_minor: int, given_minor: int | None = None
) -> Plan:
    """Return the rows that repay a balance over given periods by the terms' method.

    ``given_minor`` keeps an instalment, or the principal of equal-principal rows.
    """
    match terms.method:
        case Method.EQUAL_INSTALMENT:
            return _equal_instalments(terms, periods, balance_minor, given_minor)
        case Method.FLAT:
            return flat_plan(terms, periods)
        case Method.EQUAL_PRINCIPAL:
            rule: PrincipalRule = EqualPrincipalRule(terms, count=len(periods), given_minor=given_minor)
        case Method.CUSTOM:
            rule = batch_rule(terms)
        case _:  # interest only, and bullets
            rule = nothing_until_the_end
    return Plan(walk(terms, periods=periods, balance_minor=balance_minor, principal_of=rule))


def _equal_instalments(
    terms: PlanTerms, periods: Sequence[PlanPeriod], balance_minor: int, given_minor: int | None
) -> Plan:
    rule = LevelRule(terms, periods, given_minor=given_minor)
    rows = walk(terms, periods=periods, balance_minor=balance_minor, principal_of=rule)
    plan = Plan(rows, tuple(rule.levels))
    if terms.first_absorbs:
        return replace(plan, rows=_first_row_absorbs(terms, periods, rows))
    count = len(periods)
    for _ in range(terms.equalisation_rounds):
        closer = _equalised(terms, periods, plan.rows)
        if abs(_difference(terms, closer, count)) >= abs(_difference(terms, plan.rows, count)):
            break
        plan = replace(plan, rows=closer)
    return plan


def _difference(terms: PlanTerms, rows: Sequence[PlanRow], count: int) -> int:
    """Return by how much the last row differs from the level; rows that are not needed count as missing."""
    level = rows[0].level_minor or 0
    return rows[-1].total_minor - terms.balloon_minor - level * (1 + count - len(rows))


def _equalised(
    terms: PlanTerms, periods: Sequence[PlanPeriod], rows: tuple[PlanRow, ...]
) -> tuple[PlanRow, ...]:
    """Move the level by its share of the difference, once that is more than half a unit a row."""
    difference = _difference(terms, rows, len(periods))
    if abs(difference) <= len(periods) // 2:
        return rows
    share = divide_rounded(numerator=difference, denominator=len(periods), mode=terms.rounding)
    multiples = divide_rounded(
        numerator=(rows[0].level_minor or 0) + share, denominator=terms.multiple_minor, mode=terms.rounding
    )
    rule = LevelRule(terms, periods, given_minor=multiples * terms.multiple_minor)
    return walk(terms, periods=periods, balance_minor=rows[0].opening_minor, principal_of=rule)


def _first_row_absorbs(
    terms: PlanTerms, periods: Sequence[PlanPeriod], rows: tuple[PlanRow, ...]
) -> tuple[PlanRow, ...]:
    """Return rows of which all but the first pay the level, as far as whole minor units allow.

    The last row grows with what the first one leaves, at least unit by unit, so halving finds the best.
    """
    count, left = len(periods), rows[0].closing_minor
    reach = abs(_difference(terms, rows, count))
    low, high = max(left - reach, 0), min(left + reach, rows[0].opening_minor)
    while low < high:
        middle = (low + high) // 2
        if _difference(terms, _with_first(terms, periods, rows, middle), count) < 0:
            low = middle + 1
        else:
            high = middle
    candidates = [_with_first(terms, periods, rows, tried) for tried in (max(low - 1, 0), low)]
    return min(candidates, key=lambda found: abs(_difference(terms, found, count)))


def _with_first(
    terms: PlanTerms, periods: Sequence[PlanPeriod], rows: tuple[PlanRow, ...], left_minor: int
) -> tuple[PlanRow, ...]:
    first_principal, level = rows[0].opening_minor - left_minor, rows[0].level_minor or 0

    def principal_of(step: Step) -> tuple[int, int | None]:
        wanted = first_principal if step.index == 0 else level - step.interest_minor
        return wanted, level

    return walk(terms, periods=periods, balance_minor=rows[0].opening_minor, principal_of=principal_of)


def _down_payment(terms: PlanTerms) -> PlanRow:
    pay_by = terms.calendar.next_business_day(terms.start)
    period = PlanPeriod(0, terms.start, terms.start, terms.start, pay_by, ())
    return PlanRow(
        kind=DOWN_PAYMENT,
        period=period,
        opening_minor=terms.principal_minor,
        principal_minor=terms.down_payment_minor,
        accrued_minor=0,
        interest_minor=0,
    )
