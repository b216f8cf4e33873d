"""Sharing money out over the rows of a life, by the same rules as a single payment over given dues.

Owns: the walk over rows past due, due today and in advance; principal first after long arrears; and draws
on which interest is settled only for the principal repaid.
Refuses to know: where money comes from and what becomes of what is left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from typing import Final

from ledger.domain.allocation import PRINCIPAL as PRINCIPAL_BUCKET
from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import AdvanceOrder, Rule, Timing, default_rules
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing.claims import INTEREST, PRINCIPAL, Claim
from ledger.domain.servicing.life import Life, due_date
from ledger.domain.servicing.planning import balance_to_come, keep_interest_so_far
from ledger.domain.servicing.running_totals import UseOfMoney
from ledger.domain.servicing.terms import PaymentRules, Revolving

_NEXT: Final = PaymentRules(
    rules=(*default_rules(), *(Rule(Timing.IN_ADVANCE, bucket) for bucket in STANDARD_ORDER))
)
_LAST: Final = PaymentRules(
    rules=(*default_rules(), Rule(Timing.IN_ADVANCE, PRINCIPAL_BUCKET)), advance=AdvanceOrder.LAST
)
_PRINCIPAL_ONLY: Final = (PRINCIPAL,)


def share(life: Life, amount_minor: int, rules: PaymentRules, use: UseOfMoney) -> int:
    """Use an amount and return what is left of it. Arrears are those before the payment."""
    limit = life.terms.principal_first_after_dpd
    is_long = limit is not None and use.days_past_due > limit
    order = (rules.order_after_long_arrears if is_long else None) or rules.order
    if not use.order:
        use.order, use.principal_first = order.names, order is not rules.order
    left = amount_minor
    today = bisect_left(life.rows, use.on, lo=life.first, key=due_date)
    tomorrow = bisect_right(life.rows, use.on, lo=today, key=due_date)
    for timing, components in order.visits:
        for claim in _rows(life, timing, components, (today, tomorrow), rules.advance):
            if claim.settled_on is None:
                left = _pay_row(life, claim, components, left, use)
                if left == 0:
                    return 0
    return left


def in_advance(life: Life, amount_minor: int, *, from_the_end: bool, use: UseOfMoney) -> int:
    """Use an amount for rows to come as they are planned, and return what is left of it."""
    return share(life, amount_minor, _LAST if from_the_end else _NEXT, use)


def _rows(
    life: Life, timing: Timing, components: tuple[int, ...], due: tuple[int, int], advance: AdvanceOrder
) -> list[Claim]:
    """Return the rows of a time, settled ones among them: most payments are used up by the first few.

    ``due`` are the places of the first row that is due on the day and of the first that is to come.
    """
    rows, (today, tomorrow) = life.rows, due
    if timing is Timing.PAST_DUE:
        if components == _PRINCIPAL_ONLY:
            return life.rows_owing_principal(today)
        return rows[life.first : today]
    if timing is Timing.DUE:
        return rows[today:tomorrow]
    return rows[tomorrow:] if advance is AdvanceOrder.NEXT else rows[tomorrow:][::-1]


def _pay_row(life: Life, claim: Claim, components: tuple[int, ...], left: int, use: UseOfMoney) -> int:
    by_principal = _settles_by_principal(life, claim, use.on)
    owed = life.open(claim, use.on)
    most, before = sum(owed), left
    if claim.capitalised_minor or by_principal:
        owed[INTEREST] = 0
    for component in components:
        if component == PRINCIPAL and by_principal:
            left = _repay_with_its_interest(life, claim, left, use)
        elif owed[component] > 0:
            given = min(left, owed[component])
            if component == PRINCIPAL and claim.period is not None and claim.due_on > use.on:
                to_come = life.rows_to_come(use.on)
                keep_interest_so_far(life, to_come, balance_to_come(to_come), use.on)
            life.pay(claim, component, given, use)
            left -= given
        if left == 0:
            break
    # Exactly what was given is gone, except where paying ahead of time lowers the interest to come.
    is_exact = claim.daily is not None or claim.due_on <= use.on
    if not is_exact or before - left == most:
        life.close_if_settled(claim, use.on)
    return left


def _settles_by_principal(life: Life, claim: Claim, on: date) -> bool:
    contract = life.terms.contract
    by_principal = isinstance(contract, Revolving) and contract.settlement is Settlement.ON_REPAID_PRINCIPAL
    return by_principal and claim.daily is not None and claim.due_on > on


def _repay_with_its_interest(life: Life, claim: Claim, left: int, use: UseOfMoney) -> int:
    """Repay as much principal as the money covers together with the interest on just that principal."""
    *_, earned, outstanding = life.open(claim, use.on)
    if outstanding + earned <= left:
        principal, interest = outstanding, earned
    else:
        principal = min(outstanding, _largest_with_interest(life, claim, left, use.on))
        interest = min(earned, left - principal)
    for component, amount in ((INTEREST, interest), (PRINCIPAL, principal)):
        if amount > 0:
            life.pay(claim, component, amount, use)
    return left - interest - principal


def _largest_with_interest(life: Life, claim: Claim, left: int, on: date) -> int:
    """Return the most principal that leaves room for its interest since the draw: 15,000.00 and 72.00."""
    share_of_days = life.daily.between(claim.starts_on, on)
    unit = life.daily.denominator
    principal = left * unit // (unit + share_of_days) + 1
    while principal + (2 * principal * share_of_days + unit) // (2 * unit) > left:
        principal -= 1
    return principal
